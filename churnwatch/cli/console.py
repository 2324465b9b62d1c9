"""What commands print: the risk list with bars, tables of figures, progress; plain text where there is no terminal."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Literal, Protocol

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from churnwatch.core.types import Band, Case, Client, Risk

Language = Literal["en", "ru"]
out = Console(highlight=False, markup=False)
err = Console(stderr=True, highlight=False, markup=False)

_BAR_CELLS = 12
_COLOURS = {Band.CALM: "green", Band.WARMING: "yellow", Band.SIMMERING: "dark_orange", Band.BOILING: "bold red"}
_WORDS: dict[str, tuple[str, str]] = {
    "calm": ("calm", "спокойно"),
    "warming": ("warming", "теплеет"),
    "simmering": ("simmering", "закипает"),
    "boiling": ("boiling", "кипит"),
    "client": ("Client", "Клиент"),
    "manager": ("Manager", "Менеджер"),
    "risk": ("Risk", "Риск"),
    "heat": ("Heat", "Накал"),
    "loss": ("At stake / month", "Под угрозой / мес."),
    "why": ("Why", "Почему"),
    "synthetic": (
        "Synthetic data: none of these clients exists.",
        "Синтетические данные: этих клиентов не существует.",
    ),
    "no_data": ("not enough data", "мало данных"),
    "few_events": ("few messages", "мало сообщений"),
    "new_client": ("new client", "новый клиент"),
    "ended": ("ended", "завершён"),
    "source_down": (
        "a source cannot be read: signals as of {day}, no new case is opened",
        "источник не читается: сигналы на {day}, новые случаи не открываются",
    ),
}


def say(words: str, language: Language) -> str:
    """A word of the product in the reader's language."""
    english, russian = _WORDS[words]
    return russian if language == "ru" else english


def preferred_language(chosen: str | None) -> Language:
    """The language asked for, else the terminal's."""
    wanted = chosen or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "ru" if wanted.lower().startswith("ru") else "en"


def complain(message: str, remedy: str = "") -> None:
    """An error with its remedy, on standard error."""
    err.print(Text("✗ ", style="red") + Text(message) + (Text(f"\n  {remedy}", style="dim") if remedy else Text("")))


def print_json(value: object) -> None:
    """For scripts: one JSON document on standard output."""
    print(json.dumps(_finite(value), ensure_ascii=False, indent=2, default=_plain))  # noqa: T201 - the one place for scripts


def print_json_lines(values: Iterable[object]) -> None:
    """For scripts that read as we go: one JSON document a line on standard output."""
    lines = (json.dumps(value, ensure_ascii=False, allow_nan=False) for value in values)
    print("\n".join(lines), flush=True)  # noqa: T201 - the other place for scripts


def _finite(value: object) -> object:
    """NaN and infinity are not JSON: they become null."""
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - NaN test
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value


def _plain(value: Any) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"cannot print {type(value).__name__}")


class Tell(Protocol):
    """Shows what long work is at: a stage, and either a share done or a word on it."""

    def __call__(self, stage: str, at: float | str = "") -> None:
        """Show it."""
        ...


@contextmanager
def progress(*, quiet: bool) -> Iterator[Tell]:
    """A progress display on standard error; a line per stage where that is no terminal; nothing when quiet."""
    if quiet:
        yield lambda _stage, _at="": None
        return
    if not err.is_terminal:
        yield _line_per_stage()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task: TaskID = bar.add_task("", total=None)

        def tell(stage: str, at: float | str = "") -> None:
            share = at if isinstance(at, float) else None
            text = stage if isinstance(at, float) or not at else f"{stage} · {at}"
            bar.update(
                task, description=f"{text:<44.44}", total=1.0 if share is not None else None, completed=share or 0.0
            )

        yield tell


def _line_per_stage() -> Tell:
    told: list[str] = []

    def tell(stage: str, at: float | str = "") -> None:  # noqa: ARG001
        if not told or told[-1] != stage:
            told.append(stage)
            err.print(f"  {stage} …")

    return tell


def print_risk_list(
    risks: Sequence[Risk], clients: Mapping[str, Client], managers: Mapping[str, str], currency: str, language: Language
) -> None:
    """The risk list, two lines a client, so that it fits a narrow terminal: the figures, and below them why."""
    loss_title = say("loss", language)
    out.print(
        Text(fit("", _BAR_CELLS + 15) + fit(say("heat", language), 11) + fit(say("client", language), 25), style="dim")
        + Text(fit(say("manager", language), 17) + loss_title, style="dim"),
        soft_wrap=True,
    )
    for risk in risks:
        client = clients.get(risk.client_id)
        lost = expected_loss(risk, client)
        stake = "" if lost is None else f"{lost:,.0f} {currency}".replace(",", "\u202f")
        manager = managers.get((client.manager_id if client else None) or "", "—")
        line = (
            _bar(risk) + _heat(risk, language) + Text(fit(client.name if client else risk.client_id, 25), style="bold")
        )
        out.print(line + Text(fit(manager, 17)) + Text(stake), soft_wrap=True)
        if risk.reasons:
            why = "; ".join(reason.words[language] for reason in risk.reasons[:3])
            out.print(Padding(Text(why, style="dim"), (0, 0, 0, 5)))
        if risk.frozen:
            since = f"{risk.frozen.since:%d.%m.%Y}" if language == "ru" else risk.frozen.since.isoformat()
            out.print(Padding(Text(say(risk.frozen.why, language).format(day=since), style="yellow"), (0, 0, 0, 5)))


def fit(text: str, cells: int) -> str:
    """A text cut or filled to a number of terminal cells, one blank at the end."""
    shown = text if cell_len(text) < cells else set_cell_size(text, cells - 2).rstrip() + "…"
    return shown + " " * max(0, cells - cell_len(shown))


def expected_loss(risk: Risk, client: Client | None) -> float | None:
    """Probability times monthly value; None where either is unknown."""
    if risk.probability is None or client is None or client.monthly_value is None:
        return None
    return risk.probability * client.monthly_value


def _bar(risk: Risk) -> Text:
    style = _COLOURS[risk.band] if risk.band else "dim"
    if risk.probability is None:
        filled = 0 if risk.band is None else (risk.band.rank + 1) * _BAR_CELLS // 4
        figures = Text(" " * 15)
    else:
        filled = max(1, round(risk.probability * _BAR_CELLS))
        figures = Text(f" {100 * risk.probability:3.0f} % ", style="bold") + Text(fit(_interval(risk), 8), style="dim")
    return Text("█" * filled, style=style) + Text("░" * (_BAR_CELLS - filled), style="dim") + figures


def _interval(risk: Risk) -> str:
    return "" if risk.low is None or risk.high is None else f"{100 * risk.low:.0f}–{100 * risk.high:.0f}"


def _heat(risk: Risk, language: Language) -> Text:
    if risk.band is None:
        return Text(fit(say(risk.insufficient or "no_data", language), 11), style="dim")
    return Text(fit(say(str(risk.band), language), 11), style=_COLOURS[risk.band])


def print_cases(
    cases: Sequence[Case], clients: Mapping[str, Client], managers: Mapping[str, str], language: Language
) -> None:
    """Cases, two lines each: whose, and below them what to do and why."""
    for case in cases:
        client = clients.get(case.client_id)
        heat = Text(fit(say(str(case.band), language), 11), style=_COLOURS[case.band])
        name = Text(fit(client.name if client else case.client_id, 25), style="bold")
        manager = fit(managers.get(case.manager_id or "", "—"), 17)
        out.print(
            heat + name + Text(f"{manager}{case.opened_on}  {case.state}  ") + Text(case.case_id, style="dim"),
            soft_wrap=True,
        )
        why = "; ".join(reason.words[language] for reason in case.reasons[:2])
        out.print(Padding(Text(f"{case.play}: {why}", style="dim"), (0, 0, 0, 5)))


def plain_table(titles: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()) -> Table:
    """A table of strings and numbers; the columns numbered in `right` are right-aligned."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return table


def print_listing(title: str, rows: Sequence[tuple[object, str]]) -> None:
    """A titled list of pairs; nothing where it is empty."""
    if rows:
        out.print(f"\n{title}", style="bold")
        for first, second in rows:
            out.print(f"  {first!s:>8}  {second}")
