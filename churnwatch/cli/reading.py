"""The reading of one client: what its signals say and which events stand behind them, on a terminal and for scripts."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from churnwatch.alerts.wording import day
from churnwatch.cli import console
from churnwatch.cli.catalogue import definition, least
from churnwatch.cli.console import Language
from churnwatch.cli.events import event_as_dict, event_line
from churnwatch.cli.glossary import FAMILIES, Said
from churnwatch.core.config import Firm
from churnwatch.core.types import Client, Contact, Event, Manager, Quote
from churnwatch.explaining import Explanation, Finding
from churnwatch.features import Family, wording

_MOST_LINES = 4  # of a family, unless all are asked for
_WORDS = {
    "manager": Said("Account manager: {manager}.", "Менеджер клиента: {manager}."),
    "no_manager": Said("Nobody is set down as this client's account manager.", "У этого клиента не указан менеджер."),
    "as_of": Said("As of the morning of {day}.", "По состоянию на утро {day}"),
    "last_life": Said("Last sign of life: {day}.", "Последний признак жизни: {day}."),
    "no_life": Said("No sign of life so far.", "Признаков жизни пока не было."),
    "summary": Said(
        "{notable} of {measured} signals clearly point to leaving; for {missing} there is not enough evidence.",
        "На уход явно указывают {notable} из {measured} сигналов; ещё для {missing} мало данных.",
    ),
    "legend": Said(
        "▲ clearly on the risky side. On the right: the signal and its number; `churnwatch signals` says what they mean.",
        "▲ явно на рискованной стороне. Справа сигнал и его число; что они значат, расскажет `churnwatch signals`.",
    ),
    "more": Said("+{count} more: --all", "ещё {count}: --all"),
    "quiet": Said("Nothing notable: {families}.", "Ничего заметного: {families}."),
    "was": Said("own past: {before}", "раньше: {before}"),
    "per_month": Said("in 30 days", "за 30 дней"),
    "missing": Said("Not enough evidence", "Мало данных"),
    "needs": Said("needs {least}", "нужно: {least}"),
    "spans": Said("W: the last 28 days; B: the 180 days before them.", "W: последние 28 дней; B: 180 дней до них."),
    "no_texts": Said(
        "No text is kept of these events, so there is nothing to quote.",
        "Тексты этих событий не хранятся, цитировать нечего.",
    ),
}
_FROZEN = {
    "ended": Said("The relation is over; no risk is claimed.", "Отношения завершены; риск не оценивается."),
    "source_down": Said(
        "A source cannot be read at present: silence may be ours, not the client's.",
        "Один из источников сейчас не читается: молчание может быть нашим, а не клиента.",
    ),
    "not_connected": Said(
        "A channel is not connected: what passes through it is not seen.",
        "Один из каналов не подключён: что идёт через него, не видно.",
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One client's explanation with the people and quotes that belong to it. `frozen` says why the clock stands still."""

    explanation: Explanation
    client: Client
    manager: Manager | None
    contacts: Mapping[str, Contact]
    quotes: Mapping[str, Quote] | None  # by event id; None = not asked for
    frozen: str | None = None


def print_reading(reading: Reading, firm: Firm, language: Language, *, everything: bool) -> None:
    """The whole page: who and when, the families with the strongest signals first, and what could not be told."""
    _print_header(reading, firm, language)
    told = [finding for finding in reading.explanation.findings if not finding.missing]
    families = sorted(_by_family(told), key=lambda pair: -max(one.push for one in pair[1]))
    quiet = []
    for family, findings in families:
        shown = findings if everything else [one for one in findings if one.notable]
        if shown:
            console.out.print()
            console.out.print(FAMILIES[family][0].said_in(language), style="bold")
            console.out.print(_family_table(reading, shown, firm, language, everything=everything))
        else:
            quiet.append(FAMILIES[family][0].said_in(language).lower())
    console.out.print()
    if quiet:
        console.out.print(_say("quiet", language, families=", ".join(quiet)))
    if reading.quotes is not None and reading.explanation.events and not reading.quotes:
        console.out.print(_say("no_texts", language))
    console.out.print(_say("legend", language), style="dim")
    _print_missing(reading.explanation, language)


def reading_as_dict(reading: Reading) -> dict[str, object]:
    """The same for scripts."""
    explanation = reading.explanation
    return {
        "client_id": reading.client.client_id,
        "name": reading.client.name,
        "manager_id": reading.client.manager_id,
        "as_of": explanation.as_of,
        "last_sign_of_life": explanation.last_sign_of_life,
        "frozen": reading.frozen,
        "signals": [_finding_as_dict(finding) for finding in explanation.findings],
        "events": [_exhibit_as_dict(event, reading.quotes) for event in explanation.events.values()],
    }


def frozen_note(frozen: str | None, language: Language) -> str:
    """Why the clock of this client stands still; empty where it runs."""
    if frozen is None:
        return ""
    return _FROZEN[frozen].said_in(language) if frozen in _FROZEN else frozen


# --- the page ---------------------------------------------------------------------------------------------------------


def _print_header(reading: Reading, firm: Firm, language: Language) -> None:
    explanation = reading.explanation
    console.out.print(Text(reading.client.name, style="bold") + Text(f"  {reading.client.client_id}", style="dim"))
    if firm.synthetic:
        console.out.print(console.say("synthetic", language), style="yellow")
    owner = reading.manager.name if reading.manager else None
    console.out.print(_say("manager", language, manager=owner) if owner else _say("no_manager", language))
    as_of = _say("as_of", language, day=day(explanation.as_of, language, year=True))
    console.out.print(f"{as_of} {_last_life(explanation, language)}")
    if note := frozen_note(reading.frozen, language):
        console.out.print(note, style="yellow")
    measured = [finding for finding in explanation.findings if not finding.missing]
    notable, missing = sum(one.notable for one in measured), len(explanation.findings) - len(measured)
    console.out.print(_say("summary", language, notable=notable, measured=len(measured), missing=missing))


def _last_life(explanation: Explanation, language: Language) -> str:
    last = explanation.last_sign_of_life
    if last is None:
        return _say("no_life", language)
    return _say("last_life", language, day=day(last, language, year=last.year != explanation.as_of.year))


def _family_table(
    reading: Reading, findings: Sequence[Finding], firm: Firm, language: Language, *, everything: bool
) -> Table:
    """Lines of a mark, a sentence and the signals that say it; below them the events of the family, each once."""
    lines: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: (not one.notable, not one.speaks, -one.push)):
        lines.setdefault(_sentence(finding, firm, language), []).append(finding)
    shown = list(lines.items())[: None if everything else _MOST_LINES]
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=1)
    table.add_column(ratio=1)
    table.add_column(justify="right", style="dim")
    for sentence, saying in shown:
        mark = Text("▲", style="red") if saying[0].notable else Text("·", style="dim")
        table.add_row(mark, Text(sentence), "\n".join(_number(one, language) for one in saying))
    if len(shown) < len(lines):
        table.add_row("", Text(_say("more", language, count=len(lines) - len(shown)), style="dim"), "")
    quotes, as_of = reading.quotes or {}, reading.explanation.as_of
    witnessed = [one for _, saying in shown for one in saying if one.event_ids]
    for event_id, event in reading.explanation.events.items():
        names = [one.signal.name for one in witnessed if event_id in one.event_ids]
        if names:
            line = event_line(event, as_of, reading.contacts, quotes.get(event_id), firm, language)
            table.add_row("–", line, "\n".join(names) if len(names) < len(witnessed) else "")
    return table


def _print_missing(explanation: Explanation, language: Language) -> None:
    missing: dict[str, list[str]] = {}
    for finding in explanation.findings:
        if finding.missing:
            needed = least(finding.signal).said_in(language)
            missing.setdefault(needed, []).append(definition(finding.signal, language))
    if not missing:
        return
    console.out.print()
    console.out.print(_say("missing", language), style="bold")
    table = Table.grid(padding=(0, 2))
    table.add_column(ratio=1)
    table.add_column(ratio=2, style="dim")
    for needed, definitions in missing.items():
        table.add_row(_say("needs", language, least=needed), "; ".join(definitions))
    console.out.print(table)
    console.out.print(_say("spans", language), style="dim")


def _sentence(finding: Finding, firm: Firm, language: Language) -> str:
    """The reason's own words where they hold, else the definition with the numbers."""
    told = _told(finding, firm, language)
    return told[:1].upper() + told[1:]


def _told(finding: Finding, firm: Firm, language: Language) -> str:
    signal, unit = finding.signal, finding.signal.shown_in
    told = definition(signal, language)
    if finding.notable and finding.speaks:
        told = wording.sentence(signal, finding.now, finding.before, language)
        if told != wording.sentence(signal, math.nan, math.nan, language):
            return told  # it has the numbers in it
    if unit is None or math.isnan(finding.now):
        return told
    money = f" {firm.currency} {_say('per_month', language)}" if unit == "amount" else ""
    told += f": {wording.quantity(finding.now, unit, language)}{money}"
    if math.isnan(finding.before):
        return told
    return f"{told}; {_say('was', language, before=wording.quantity(finding.before, unit, language) + money)}"


def _number(finding: Finding, language: Language) -> str:
    value = f"{finding.value:.2f}".replace("-", "−")
    return f"{finding.signal.name} {value.replace('.', ',') if language == 'ru' else value:>5}"


# --- for scripts ------------------------------------------------------------------------------------------------------


def _finding_as_dict(finding: Finding) -> dict[str, object]:
    signal = finding.signal
    return {
        "signal": signal.name,
        "family": str(signal.family),
        "value": finding.value,
        "unit": signal.unit,
        "now": finding.now,
        "before": finding.before,
        "shown_in": signal.shown_in,
        "risky": signal.risky,
        "push": finding.push,
        "notable": finding.notable,
        "needs": signal.least if finding.missing else None,
        "event_ids": list(finding.event_ids),
    }


def _exhibit_as_dict(event: Event, quotes: Mapping[str, Quote] | None) -> dict[str, object]:
    told = event_as_dict(event)
    if quotes is not None:
        quote = quotes.get(event.event_id)
        told["quote"] = quote.text if quote else None
    return told


def _by_family(findings: Sequence[Finding]) -> Iterator[tuple[Family, list[Finding]]]:
    for family in dict.fromkeys(one.signal.family for one in findings):
        yield family, [one for one in findings if one.signal.family is family]


def _say(words: str, language: Language, **filled: object) -> str:
    return _WORDS[words].said_in(language).format(**filled)
