"""The interchange format: a table with one row per event, in Parquet, CSV or JSON lines, or as rows of an HTTP body.

Needed: event_id, client_id, kind (message, meeting, call, invoice), direction (in, out), at. A meeting also needs starts_at and
status, a call duration_s or answered = no, an invoice due_on and amount. Times are UTC: ISO texts, datetimes or seconds since 1970.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import SourceError, SourceItem
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.interchange import REQUIRED_COLUMNS
from churnwatch.core.table import BoolArray
from churnwatch.core.types import Cue, Direction, Event, Kind, MeetingStatus
from churnwatch.sources.event_rows import events_in, items_in
from churnwatch.sources.table_columns import AnySeries, Parsed, days, flags, id_lists, instants, numbers, texts, words
from churnwatch.sources.table_files import RawTable, read_table, table_of_mappings
from churnwatch.sources.whole_files import read_files

_KEY_WORDS: Final = {
    "kind": [kind.word for kind in Kind],
    "direction": [direction.word for direction in Direction],
    "status": [status.word for status in MeetingStatus],
}
_PARSERS: Final = {
    **dict.fromkeys(("event_id", "client_id", "contact_id", "channel", "thread_id", "reply_to"), words),
    **dict.fromkeys(("kind", "direction", "status"), words),
    **dict.fromkeys(("subject", "text"), texts),
    **dict.fromkeys(("at", "known_at", "starts_at", "paid_known_at"), instants),
    **dict.fromkeys(("due_on", "paid_on", "away_since", "away_until", "promise_due"), days),
    **dict.fromkeys(("duration_s", "amount", "attachments", "words", "irritation", "warmth", "cues"), numbers),
    **dict.fromkeys(("answered", "automatic", "question", "expects_reply", "delivers"), flags),
    "people": id_lists,
}
_KNOWN: Final = tuple(_PARSERS)
_EXPECTED: Final = {
    words: "is not a text",
    texts: "is not a text",
    id_lists: "is not a list of ids with ; between them",
    instants: "is not a time between 1971 and 2100 (seconds since 1970, or ISO)",
    days: "is not a date between 1971 and 2100",
    numbers: "is not a finite number",
    flags: "is neither yes nor no",
}
_NEEDED_BY: Final = {"meeting": ("starts_at", "status"), "call": ("duration_s",), "invoice": ("due_on", "amount")}
_MOST: Final = 2**31 - 1  # what every database keeps as a count
_ALLOWED: Final = {
    "duration_s": (np.inf, "is not a finite number from 0"),
    "irritation": (1, "is not a number from 0 to 1"),
    "warmth": (1, "is not a number from 0 to 1"),
    "words": (_MOST, "is not a whole number from 0"),
    "attachments": (_MOST, "is not a whole number from 0"),
    "cues": (int(~Cue(0)), f"is not a whole number from 0 to {int(~Cue(0))}"),
}  # the largest value, and what is said of others
_WHOLE: Final = ("words", "attachments", "cues")
_CHANNELS: Final = {"message": "email", "meeting": "calendar", "call": "phone", "invoice": "invoice"}
_ERRORS_LISTED = 1000  # of one file; the others are counted


@dataclass(frozen=True, slots=True)
class EventsSource:
    """Tables of events as a source of `Event` objects."""

    name: str
    paths: tuple[Path, ...]
    settings: SourceSettings

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield what is wrong with each new or changed file, then its events."""
        knowledge = f"{sorted(self.settings.columns.items())} {self.settings.encoding}"
        return read_files(self.name, self.paths, knowledge, cursor, self._items)

    def _items(self, path: Path) -> Iterator[SourceItem]:
        raw = read_table(path, _KNOWN, columns=self.settings.columns, encoding=self.settings.encoding)
        frame, errors = _validated(raw, self.name)
        yield from errors
        yield from items_in(frame)


def read_frame(path: Path, source: str = "events") -> tuple[pd.DataFrame, list[SourceError]]:
    """A file of events as the columns that `EventTable.from_frame` takes, with subject and text, and what was left out."""
    return _validated(read_table(path, _KNOWN), source)


def events_of_rows(rows: Iterable[Mapping[str, object]], source: str = "api") -> tuple[list[Event], list[SourceError]]:
    """Rows of the format as events, and what is wrong with the others: their place is `event N`, from 1."""
    raw = table_of_mappings(rows, _KNOWN, "", "event")
    if not len(raw.frame):
        return [], [SourceError(source, f"event {number}", problem) for number, problem in raw.problems]
    for name in REQUIRED_COLUMNS:
        if name not in raw.frame:
            raw.frame[name] = pd.Series([None] * len(raw.frame), dtype=object)
    frame, errors = _validated(raw, source)
    return list(events_in(frame)), errors


def _validated(raw: RawTable, source: str) -> tuple[pd.DataFrame, list[SourceError]]:
    """The one gate for all three ways in: good rows with clean columns, and every problem."""
    if missing := [name for name in REQUIRED_COLUMNS if name not in raw.frame]:
        raise SourceUnavailableError(
            f"{raw.file} has no column {missing[0]!r}; it has: {', '.join([*raw.frame.columns, *raw.unknown]) or 'none'}.",
            remedy=f"A table of events needs {', '.join(REQUIRED_COLUMNS)}.",
        )
    columns, problems = _parsed(raw.frame)
    frame = pd.DataFrame(columns, index=raw.frame.index)
    _complete(frame, problems)
    good = frame[problems == ""]
    twice = good.duplicated(["event_id", "client_id"])
    errors = _errors(raw, source, problems)
    if repeated := int(twice.sum()):
        what = f"{repeated} rows repeat an event_id of the same client; the first of each is kept"
        errors.append(SourceError(source, raw.file, what))
    return good[~twice].reset_index(drop=True), errors


def _parsed(raw: pd.DataFrame) -> tuple[dict[str, AnySeries], "np.ndarray[Any, np.dtype[np.object_]]"]:
    problems = np.full(len(raw), "", dtype=object)
    columns: dict[str, AnySeries] = {}
    for name in raw.columns:
        parser = _PARSERS[name]
        values, bad = parser(raw[name])
        if name in _KEY_WORDS:
            values, bad = _key_words(values, bad, _KEY_WORDS[name])
            _flag(problems, bad, f"{name} is none of {', '.join(_KEY_WORDS[name])}")
        elif name in _ALLOWED:
            most, expected = _ALLOWED[name]
            _flag(problems, bad | _outside(values, most, whole=name in _WHOLE), f"{name} {expected}")
        else:
            _flag(problems, bad, f"{name} {_EXPECTED[parser]}")
        columns[name] = values
    for name in REQUIRED_COLUMNS:
        _flag(problems, columns[name].isna().to_numpy(dtype=bool), f"{name} is missing")
    return columns, problems


def _complete(frame: pd.DataFrame, problems: "np.ndarray[Any, np.dtype[np.object_]]") -> None:
    """Check what each kind needs, and fill in what follows from the rest."""
    kind = frame["kind"]
    if "answered" in frame and (kind == "call").any():
        missed = (kind == "call") & ~frame["answered"].fillna(True).astype(bool)
        spent = frame["duration_s"] if "duration_s" in frame else pd.Series(np.nan, index=frame.index)
        frame["duration_s"] = spent.mask(missed & spent.isna(), 0.0)
    for word, needed in _NEEDED_BY.items():
        rows = (kind == word).fillna(False).to_numpy(dtype=bool)
        for name in needed if rows.any() else ():
            lacking = frame[name].isna().to_numpy(dtype=bool) if name in frame else np.ones(len(frame), dtype=bool)
            _flag(problems, rows & lacking, f"{'an' if word == 'invoice' else 'a'} {word} needs {name}")
    if (kind == "call").any() and "duration_s" in frame:
        talked = (frame["duration_s"] > 0).astype("boolean").where(kind == "call")
        frame["answered"] = frame["answered"].fillna(talked) if "answered" in frame else talked
    known_at = frame["known_at"].fillna(frame["at"]) if "known_at" in frame else frame["at"]
    # Only of a meeting can we know before the moment that it is booked on.
    frame["known_at"] = known_at.mask((known_at < frame["at"]) & (kind != "meeting"), frame["at"])
    _complete_absences(frame, problems)
    usual = kind.map(_CHANNELS)
    frame["channel"] = frame["channel"].fillna(usual) if "channel" in frame else usual
    if (kind == "meeting").any():
        thread = frame["thread_id"] if "thread_id" in frame else pd.Series(None, index=frame.index, dtype="str")
        frame["thread_id"] = thread.mask(thread.isna() & (kind == "meeting"), frame["event_id"])


def _complete_absences(frame: pd.DataFrame, problems: "np.ndarray[Any, np.dtype[np.object_]]") -> None:
    """An absence begins when it is told, if nothing else is said, and no conversation tells of one."""
    if "away_until" in frame:
        told = frame["at"].dt.floor("D").where(frame["away_until"].notna())
        frame["away_since"] = frame["away_since"].fillna(told) if "away_since" in frame else told
        ends_first = (frame["away_until"] <= frame["away_since"]).to_numpy(dtype=bool)
        _flag(problems, ends_first, "away_until is not after away_since")
    if "away_since" in frame:
        away = frame["away_since"].notna().astype("boolean")
        frame["automatic"] = frame["automatic"].fillna(away) if "automatic" in frame else away


def _outside(values: AnySeries, most: float, *, whole: bool) -> BoolArray:
    given = values.to_numpy(dtype=np.float64, na_value=np.nan)
    outside: BoolArray = (given < 0) | (given > most) | (whole & (given != np.floor(given)) & ~np.isnan(given))
    return outside


def _key_words(values: AnySeries, bad: BoolArray, allowed: list[str]) -> Parsed:
    # A table has few different words, so that each is looked at once.
    codes, found = pd.factorize(values)
    meant = [word.lower() if word.lower() in allowed else None for word in found]
    known = np.array([*meant, None], dtype=object)[codes]
    strange = np.array([*(word is None for word in meant), False], dtype=bool)[codes]
    return Parsed(pd.Series(known, index=values.index, dtype="str"), bad | strange)


def _flag(problems: "np.ndarray[Any, np.dtype[np.object_]]", rows: BoolArray, problem: str) -> None:
    problems[rows & (problems == "")] = problem


def _errors(raw: RawTable, source: str, problems: "np.ndarray[Any, np.dtype[np.object_]]") -> list[SourceError]:
    bad = np.flatnonzero(problems != "")
    found = [(number, f"{raw.file} {raw.unit} {number}".strip(), problem) for number, problem in raw.problems]
    found += [(int(raw.numbers[row]), raw.place(row), problems[row]) for row in bad[:_ERRORS_LISTED]]
    errors = [SourceError(source, place, problem) for _, place, problem in sorted(found)[:_ERRORS_LISTED]]
    if unlisted := len(raw.problems) + len(bad) - len(errors):
        errors.append(SourceError(source, raw.file, f"{unlisted} more rows could not be read"))
    if raw.unknown:
        names = ", ".join(raw.unknown[:10])
        errors.append(SourceError(source, raw.file, f"{len(raw.unknown)} unknown columns were ignored: {names}"))
    return errors
