"""What teaching the tone reader came to: for people in both languages, or as JSON for scripts."""

import math
from pathlib import Path

from churnwatch.cli import console
from churnwatch.cli.console import Language
from churnwatch.cli.glossary import Said
from churnwatch.tone_training import Calibrated

_LABELS = Said("Labels: {irritated} irritated, {other} not.", "Метки: раздражённых {irritated}, остальных {other}.")
_WITHOUT_TEXT = Said(
    "Left out, as their text is not kept: {count}.", "Не учтены, потому что текст не сохранён: {count}."
)
_LOSS = Said(
    "Log-loss on labels held out in turn: {before:.3f} as shipped, {after:.3f} with the firm's own calibration.",
    "Log-loss на метках, отложенных по очереди: {before:.3f} как в поставке, {after:.3f} с собственной калибровкой.",
)
_HELPS = Said(
    "In service: slope {slope:.2f}, shift {shift:+.2f}. What read as {low} and {high} % irritated now reads as {lower:.0f} and "
    "{higher:.0f} %.",
    "Действует: наклон {slope:.2f}, сдвиг {shift:+.2f}. Что читалось как раздражение на {low} и {high} %, теперь читается на "
    "{lower:.0f} и {higher:.0f} %.",
)
_NO_HELP = Said(
    "It would not help: the calibration that ships is in service.",
    "Это не помогло бы: действует калибровка из поставки.",
)
_RESET = Said(
    "The firm's own calibration is taken away: the one that ships is in service.",
    "Собственная калибровка убрана: действует калибровка из поставки.",
)
_NOTHING_TO_RESET = Said(
    "Nothing to take away: the calibration that ships is in service.",
    "Убирать нечего: действует калибровка из поставки.",
)
_NEXT = Said(
    "Next: churnwatch retone, which reads the stored messages again.",
    "Дальше: churnwatch retone — прочесть сохранённые сообщения заново.",
)
_LOW, _HIGH = 50, 90  # per cent irritated, to show what a correction does


def print_calibrated(done: Calibrated, language: Language, *, as_json: bool) -> None:
    """What the labels taught."""
    learned, serving = done.learned, done.in_service
    if as_json:
        console.print_json(
            {
                "labels": learned.labels,
                "irritated": learned.irritated,
                "without_text": done.without_text,
                "log_loss_before": learned.loss_before,
                "log_loss_after": learned.loss_after,
                "helps": learned.helps,
                "slope": serving.slope,
                "shift": serving.shift,
                "model_id": done.model_id,
            }
        )
        return
    told = [_LABELS.said_in(language).format(irritated=learned.irritated, other=learned.labels - learned.irritated)]
    if done.without_text:
        told.append(_WITHOUT_TEXT.said_in(language).format(count=done.without_text))
    told.append(_LOSS.said_in(language).format(before=learned.loss_before, after=learned.loss_after))
    if learned.helps:
        lower, higher = (_corrected(share, serving.slope, serving.shift) for share in (_LOW, _HIGH))
        told.append(
            _HELPS.said_in(language).format(
                slope=serving.slope, shift=serving.shift, low=_LOW, high=_HIGH, lower=lower, higher=higher
            )
        )
    else:
        told.append(_NO_HELP.said_in(language))
    console.out.print("\n".join([*told, _NEXT.said_in(language)]))


def print_reset(language: Language, *, taken: bool, as_json: bool) -> None:
    """Whether a calibration was taken away."""
    if as_json:
        console.print_json({"reset": taken})
    elif taken:
        console.out.print("\n".join(one.said_in(language) for one in (_RESET, _NEXT)))
    else:
        console.out.print(_NOTHING_TO_RESET.said_in(language))


def print_weights(file: Path, digest: str, *, as_json: bool) -> None:
    """Where the weights are, and what they are known by."""
    if as_json:
        console.print_json({"file": str(file), "sha256": digest})
    else:
        console.out.print(f"{digest}  {file}", soft_wrap=True)


def _corrected(percent: int, slope: float, shift: float) -> float:
    log_odds = slope * math.log(percent / (100 - percent)) + shift
    return 100 / (1 + math.exp(-log_odds))
