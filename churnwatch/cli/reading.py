"""The reading of one client: what its signals say and which events stand behind them, on a terminal and for scripts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rich.table import Table
from rich.text import Text

from churnwatch.alerts.wording import day, one_line
from churnwatch.cli import console
from churnwatch.cli.catalogue import definition, least
from churnwatch.cli.console import Language
from churnwatch.cli.events import event_as_dict, event_line
from churnwatch.cli.findings import finding_as_dict, number, sentence
from churnwatch.cli.glossary import FAMILIES, Said
from churnwatch.core.config import Firm
from churnwatch.core.types import Client, Contact, Event, Manager, Quote
from churnwatch.explaining import Explanation, Finding
from churnwatch.features import Family, connection
from churnwatch.features.connection import Channel

_MOST_LINES = 4  # of a family, unless all are asked for
_WORDS = {
    "manager": Said("Account manager: {manager}.", "Менеджер клиента: {manager}."),
    "no_manager": Said("Nobody is set down as this client's account manager.", "У этого клиента не указан менеджер."),
    "as_of": Said("As of the morning of {day}.", "По состоянию на утро {day}"),
    "last_life": Said("Last sign of life: {day}.", "Последний признак жизни: {day}."),
    "no_life": Said("No sign of life so far.", "Признаков жизни пока не было."),
    "summary": Said(
        "Signals: {notable} of {measured} point clearly to leaving; for {missing} more there is not enough evidence.",
        "Сигналы: на уход явно указывают {notable} из {measured}; ещё для {missing} мало данных.",
    ),
    "legend": Said(
        "▲ clearly on the risky side. On the right: the signal and its number; `churnwatch signals` says what they mean.",
        "▲ явно на рискованной стороне. Справа сигнал и его число; что они значат, расскажет `churnwatch signals`.",
    ),
    "more": Said("+{count} more: --all", "ещё {count}: --all"),
    "as_above": Said("the events above", "события выше"),
    "quiet": Said("Nothing notable: {families}.", "Ничего заметного: {families}."),
    "missing": Said("Not enough evidence", "Мало данных"),
    "unconnected": Said("Not connected", "Не подключено"),
    "stopped": Said("Its signals stand still as of {day}.", "Сигналы остановлены на утро {day}"),
    "needs": Said("needs {least}", "нужно: {least}"),
    "spans": Said("W: the last 28 days; B: the 180 days before them.", "W: последние 28 дней; B: 180 дней до них."),
    "no_texts": Said(
        "No text is kept of these events, so there is nothing to quote.",
        "Тексты этих событий не хранятся, цитировать нечего.",
    ),
}
_FROZEN: Mapping[str, Said] = {
    "ended": Said("The relation is over; no risk is claimed.", "Отношения завершены; риск не оценивается."),
    "source_down": Said(
        "A source cannot be read at present: silence may be ours, not the client's.",
        "Один из источников сейчас не читается: молчание может быть нашим, а не клиента.",
    ),
}
_CHANNELS: Mapping[Channel, Said] = {
    "messages": Said("no messages so far", "сообщений пока нет"),
    "texts": Said("no message was read: texts are not kept", "сообщения не прочитаны: текстов нет"),
    "meetings": Said("no calendar", "нет календаря"),
    "calls": Said("no calls", "нет звонков"),
    "invoices": Said("no invoices", "нет счетов"),
    "ranks": Said("no job titles of contacts", "нет должностей контактов"),
    "deciders": Said("nobody is set down as the one who decides", "не указано, кто принимает решения"),
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


@dataclass(frozen=True, slots=True)
class _Line:
    sentence: str
    findings: tuple[Finding, ...]  # those that say it, the strongest first


def print_reading(reading: Reading, firm: Firm, language: Language, *, everything: bool) -> None:
    """The whole page: who and when, the families with the strongest signals first, and what could not be told."""
    _print_header(reading, firm, language)
    told = [finding for finding in reading.explanation.findings if not finding.missing]
    families = sorted(_by_family(told), key=lambda pair: -max(one.push for one in pair[1]))
    quiet, seen = [], set[str]()
    for family, findings in families:
        title = FAMILIES[family][0].said_in(language)
        shown = findings if everything else [one for one in findings if one.notable]
        if not shown:
            quiet.append(title.lower())
            continue
        lines = _lines(shown, firm, language)
        kept = lines if everything else ([line for line in lines if line.findings[0].speaks] or lines)[:_MOST_LINES]
        console.out.print()
        console.out.print(title, style="bold")
        console.out.print(_family_table(reading, kept, len(lines) - len(kept), seen, firm, language))
        seen |= {event_id for line in kept for one in line.findings for event_id in one.event_ids}
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
        "frozen_since": explanation.frozen.since if explanation.frozen else None,
        "signals": [finding_as_dict(finding) for finding in explanation.findings],
        "events": [_exhibit_as_dict(event, reading.quotes) for event in explanation.events.values()],
    }


def frozen_note(frozen: str | None, since: date | None, language: Language) -> str:
    """Why nothing moves for this client, and since when its signals have stood still; empty where its clock runs."""
    why = _FROZEN[frozen].said_in(language) if frozen else ""
    return f"{why} {_say('stopped', language, day=day(since, language, year=True))}" if since else why


# --- the page ---------------------------------------------------------------------------------------------------------


def _print_header(reading: Reading, firm: Firm, language: Language) -> None:
    explanation = reading.explanation
    console.out.print(
        Text(one_line(reading.client.name), style="bold") + Text(f"  {reading.client.client_id}", style="dim")
    )
    if firm.synthetic:
        console.out.print(console.say("synthetic", language), style="yellow")
    owner = one_line(reading.manager.name) if reading.manager else None
    console.out.print(_say("manager", language, manager=owner) if owner else _say("no_manager", language))
    as_of = _say("as_of", language, day=day(explanation.as_of, language, year=True))
    console.out.print(f"{as_of} {_last_life(explanation, language)}")
    since = explanation.frozen.since if explanation.frozen else None
    if note := frozen_note(reading.frozen, since, language):
        console.out.print(note, style="yellow")
    measured = [finding for finding in explanation.findings if not finding.missing]
    notable = sum(one.notable for one in measured)
    missing = sum(one.missing and one.connected for one in explanation.findings)
    console.out.print(_say("summary", language, notable=notable, measured=len(measured), missing=missing))


def _last_life(explanation: Explanation, language: Language) -> str:
    last = explanation.last_sign_of_life
    if last is None:
        return _say("no_life", language)
    return _say("last_life", language, day=day(last, language, year=last.year != explanation.as_of.year))


def _lines(findings: Sequence[Finding], firm: Firm, language: Language) -> list[_Line]:
    """What the findings say, the notable and well-worded first; those that say the same share a line."""
    said: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: (not one.notable, not one.speaks, -one.push)):
        said.setdefault(sentence(finding, firm.currency, language), []).append(finding)
    return [_Line(sentence, tuple(saying)) for sentence, saying in said.items()]


def _family_table(
    reading: Reading, lines: Sequence[_Line], more: int, seen: Collection[str], firm: Firm, language: Language
) -> Table:
    """A mark, a sentence, and the signals that say it with their numbers; below them the events, each quoted once a page."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=1)
    table.add_column(ratio=1)
    table.add_column(justify="right", style="dim")
    for line in lines:
        mark = Text("▲", style="red") if line.findings[0].notable else Text("·", style="dim")
        table.add_row(mark, Text(line.sentence), "\n".join(number(one, language) for one in line.findings))
    if more:
        table.add_row("", Text(_say("more", language, count=more), style="dim"), "")
    pointing = [one for line in lines for one in line.findings if one.event_ids]
    if pointing and all(event_id in seen for one in pointing for event_id in one.event_ids):
        table.add_row("–", _say("as_above", language), "")
        return table
    for event_id, event in reading.explanation.events.items():
        if names := [one.signal.name for one in pointing if event_id in one.event_ids]:
            quote = None if event_id in seen else (reading.quotes or {}).get(event_id)
            told = event_line(event, reading.explanation.as_of, reading.contacts, quote, firm, language)
            table.add_row("–", told, "\n".join(names) if len(names) < len(pointing) else "")
    return table


def _print_missing(explanation: Explanation, language: Language) -> None:
    """What could not be told: first for want of a channel, then for want of evidence."""
    unconnected: dict[str, list[str]] = {}
    missing: dict[str, list[str]] = {}
    for finding in explanation.findings:
        told = definition(finding.signal, language)
        if finding.missing and not finding.connected:
            channels = (_CHANNELS[one].said_in(language) for one in sorted(connection.needs(finding.signal)))
            unconnected.setdefault(", ".join(channels), []).append(told)
        elif finding.missing:
            needed = _say("needs", language, least=least(finding.signal).said_in(language))
            missing.setdefault(needed, []).append(told)
    for title, definitions in (("unconnected", unconnected), ("missing", missing)):
        if definitions:
            console.out.print()
            console.out.print(_say(title, language), style="bold")
            console.out.print(_listed(definitions))
    if missing:
        console.out.print(_say("spans", language), style="dim")


def _listed(definitions: Mapping[str, Sequence[str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(ratio=1)
    table.add_column(ratio=2, style="dim")
    for why, listed in definitions.items():
        table.add_row(why, "; ".join(listed))
    return table


# --- for scripts ------------------------------------------------------------------------------------------------------


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
