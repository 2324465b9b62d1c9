"""From what a firm's people say of single messages to its own calibration of tone; and from labelled sets to the weights that ship."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from churnwatch import scoring
from churnwatch.core.config import Config
from churnwatch.core.errors import ChurnwatchError, NotEnoughDataError
from churnwatch.model.tone import Correction, Reader, correction, fit, sets
from churnwatch.model.tone.correction import Learned
from churnwatch.store import Store, ToneLabel

_LEAST_LABELS = 5
_LEAST_OF_EACH = 2  # irritated, and not: without both nothing tells one from the other


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What the labels taught."""

    learned: Learned
    without_text: int  # labels of messages whose text is not kept: they cannot teach
    model_id: str  # of the reader from now on

    @property
    def in_service(self) -> Correction:
        """The correction by which the firm's messages are read from now on."""
        return self.learned.correction if self.learned.helps else Correction()


def calibrate(config: Config, store: Store, now: datetime) -> Calibrated:
    """Learn the firm's correction from its labels and put it into service; where it does not help, what ships serves.

    `NotEnoughDataError` under five labels, or where nearly all say the same: nothing is changed then.
    """
    judged = store.labels.judged()
    known = [(one.label is ToneLabel.IRRITATED, one.text) for one in judged if one.text is not None]
    irritated = np.array([label for label, _ in known], dtype=np.bool_)
    _refuse_few(irritated, len(judged) - len(known))
    log_odds, added = _told(scoring.reader_of(config, corrected=False), [text for _, text in known])
    learned = correction.learn(log_odds, irritated, added)
    if learned.helps:
        correction.keep(config.path(config.tone.path), learned, now)
    else:
        reset(config)
    return Calibrated(learned, len(judged) - len(known), scoring.reader_of(config).model_id)


def reset(config: Config) -> bool:
    """Go back to the calibration that ships; False where nothing else was in service."""
    try:
        config.path(config.tone.path).unlink()
    except FileNotFoundError:
        return False
    return True


def train(open_sets: Path, own: Path, out: Path, tell: Callable[[str], None]) -> str:
    """Train the weights that ship on labelled sets, without what is held back to measure on; the SHA-256 of the file."""
    try:
        learned_from = [split.learn for split in sets.open_sets(open_sets)] + sets.own_sets(own)
    except FileNotFoundError as error:
        raise ChurnwatchError(
            f"A labelled set is missing: {error.filename or error}.",
            remedy="models/tone.md says where each is published.",
        ) from error
    for one in learned_from:
        tell(f"{one.name}: {len(one.label):,} messages")
    written = fit.fit(learned_from, tell).save()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(written)
    return hashlib.sha256(written).hexdigest()


def _refuse_few(irritated: NDArray[np.bool_], without_text: int) -> None:
    lost = f" ({without_text} more have no text any more)" if without_text else ""
    if len(irritated) < _LEAST_LABELS:
        raise NotEnoughDataError(
            f"There are {len(irritated)} labels of messages{lost}; {_LEAST_LABELS} are needed.",
            remedy="Say of quotes on the clients' pages whether they are irritated, or POST /v1/tone/labels.",
        )
    of_each = int(irritated.sum()), int((~irritated).sum())
    if min(of_each) < _LEAST_OF_EACH:
        raise NotEnoughDataError(
            f"Of {len(irritated)} labels{lost} {of_each[0]} say irritated and {of_each[1]} not; "
            f"{_LEAST_OF_EACH} of each are needed.",
            remedy="Say it of quotes that are right, too: wrong ones alone would silence the reader for good.",
        )


def _told(reader: Reader, texts: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The log-odds of irritation by the model alone, and what the firm's own phrases add to them."""
    alone, whole = (_log_odds(one.scores(texts).irritated) for one in (replace(reader, added=()), reader))
    return alone, whole - alone


def _log_odds(share: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(share, 1e-9, 1 - 1e-9)
    return np.log(inside / (1 - inside))
