"""The interchange format: a table with one row per event, in Parquet, CSV or JSON lines, or as rows of an HTTP body.

Needed: event_id, client_id, kind (message, meeting, call, invoice), direction (in, out), at. A meeting also needs starts_at and
status, a call duration_s or answered = no, an invoice due_on and amount. Times are UTC: ISO texts, datetimes or seconds since 1970.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import SourceError, SourceItem
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.table import INTERCHANGE_COLUMNS, READING_COLUMNS, REQUIRED_COLUMNS, BoolArray
from churnwatch.core.types import Call, Direction, Event, Invoice, Kind, Meeting, MeetingStatus, Message
from churnwatch.sources.table_columns import AnySeries, Parsed, days, flags, instants, numbers, texts, words
from churnwatch.sources.table_files import RawTable, read_table, table_of_mappings
from churnwatch.sources.whole_files import read_files

_KNOWN: Final = (*INTERCHANGE_COLUMNS, *READING_COLUMNS)
_KEY_WORDS: Final = {
    "kind": [kind.word for kind in Kind],
    "direction": [direction.word for direction in Direction],
    "status": [status.word for status in MeetingStatus],
}
_PARSERS: Final = {
    **dict.fromkeys(("event_id", "client_id", "contact_id", "channel", "thread_id", "reply_to"), words),
    **dict.fromkeys(("kind", "direction", "status"), words),
    **dict.fromkeys(("subject", "text"), texts),
    **dict.fromkeys(("at", "known_at", "starts_at"), instants),
    **dict.fromkeys(("due_on", "paid_on"), days),
    **dict.fromkeys(("duration_s", "amount", "words", "irritation", "cues"), numbers),
    **dict.fromkeys(("answered", "automatic", "question", "expects_reply"), flags),
}
_EXPECTED: Final = {
    words: "is not a text",
    texts: "is not a text",
    instants: "is not a time between 1971 and 2100 (seconds since 1970, or ISO)",
    days: "is not a date between 1971 and 2100",
    numbers: "is not a finite number",
    flags: "is neither yes nor no",
}
_NEEDED_BY: Final = {"meeting": ("starts_at", "status"), "call": ("duration_s",), "invoice": ("due_on", "amount")}
_NOT_NEGATIVE: Final = ("duration_s", "words")
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
        yield from _events(frame)


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
    return list(_events(frame)), errors


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
        elif name in _NOT_NEGATIVE:
            bad = bad | (values < 0).fillna(False).to_numpy(dtype=bool)
            _flag(problems, bad, f"{name} {_EXPECTED[parser]} from 0")
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
    usual = kind.map(_CHANNELS)
    frame["channel"] = frame["channel"].fillna(usual) if "channel" in frame else usual
    if (kind == "meeting").any():
        thread = frame["thread_id"] if "thread_id" in frame else pd.Series(None, index=frame.index, dtype="str")
        frame["thread_id"] = thread.mask(thread.isna() & (kind == "meeting"), frame["event_id"])


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


def _events(frame: pd.DataFrame) -> Iterator[Event]:
    """Event objects, in the order of the rows."""
    columns = {name: _objects(frame[name]) for name in frame.columns}
    nothing = [None] * len(frame)
    for name in (*INTERCHANGE_COLUMNS, "automatic"):
        columns.setdefault(name, nothing)
    for values in zip(*columns.values(), strict=True):
        yield _event(dict(zip(columns, values, strict=True)))


def _event(row: dict[str, Any]) -> Event:
    kind = row["kind"]
    shared = {
        "event_id": row["event_id"],
        "client_id": row["client_id"],
        "direction": Direction[row["direction"].upper()],
        "at": row["at"],
        "known_at": row["known_at"],
        "contact_id": row["contact_id"],
        "channel": row["channel"],
    }
    subject = row["subject"] or ""
    match kind:
        case "message":
            return Message(
                **shared,
                thread_id=row["thread_id"],
                reply_to=row["reply_to"],
                subject=subject,
                text=row["text"],
                automatic=bool(row["automatic"]),
            )
        case "meeting":
            status = MeetingStatus[row["status"].upper()]
            return Meeting(
                **shared, meeting_id=row["thread_id"], starts_at=row["starts_at"], status=status, subject=subject
            )
        case "call":
            return Call(**shared, duration_s=row["duration_s"], answered=bool(row["answered"]))
        case _:
            return Invoice(
                **shared,
                due_on=_day(row["due_on"]),
                amount=row["amount"],
                paid_on=row["paid_on"] and _day(row["paid_on"]),
            )


def _objects(column: AnySeries) -> list[Any]:
    """Plain Python values, None for missing; times as aware datetimes."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        naive: list[Any] = column.dt.tz_localize(None).to_numpy(dtype="datetime64[us]").tolist()
        return [None if value is None else value.replace(tzinfo=UTC) for value in naive]
    found: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return found


def _day(instant: datetime) -> date:
    return instant.date()
