"""What passed between us: kept once per event and client, given back as columns to measure or as messages to quote."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Select, column, func, select, values

from churnwatch.core.types import Call, Direction, Event, Invoice, Kind, Meeting, Message, Reading
from churnwatch.store import schema
from churnwatch.store.columns import Words
from churnwatch.store.engine import Database
from churnwatch.store.frames import read_frame
from churnwatch.store.upsert import Row, in_parts

_events, _texts = schema.events, schema.texts
_READ = ("words", "question", "expects_reply", "irritation", "cues")
_LATER = ("paid_on", *_READ)  # may become known after the event itself
_WHO = ("contact_id", "direction", "automatic")  # depends on who is known to be who

Key = tuple[str, str]  # client id, event id


class EventCounts(NamedTuple):
    """How many events were new, and how many were there already."""

    new: int
    known: int


def add_events(
    connection: Connection,
    events: Iterable[Event],
    readings: Mapping[str, Reading],
    source: str = schema.API,
    reading: int = 0,
) -> EventCounts:
    """Add what is not there. A known event stays as it is, but for a payment or a reading that it lacked.

    A source is read anew, under a higher number of the reading, when other people are known: then what it tells again
    takes the contact as known now, and leaves the clients whom it no longer concerns.
    """
    rows: dict[Key, Row] = {}
    texts: dict[Key, Row] = {}
    given = 0
    for event in events:
        given += 1
        key = event.client_id, event.event_id
        row = _row(event, readings.get(event.event_id)) | {"source": source, "reading": reading}
        if key in rows:
            rows[key] |= _lacking(rows[key], row)
            continue
        rows[key] = row
        if isinstance(event, Message | Meeting) and (event.subject or getattr(event, "text", None) is not None):
            texts[key] = {
                "client_id": event.client_id,
                "event_id": event.event_id,
                "subject": event.subject,
                "text": event.text if isinstance(event, Message) else None,
            }
    stored = _stored(connection, list(rows))
    if new := [row for key, row in rows.items() if key not in stored]:
        connection.execute(_events.insert(), new)
    if new_texts := [row for key, row in texts.items() if key not in stored]:
        connection.execute(_texts.insert(), new_texts)
    for key, known in stored.items():
        lacking = _lacking(known, rows[key])
        if known["source"] == source and known["reading"] < reading:
            lacking |= {name: rows[key][name] for name in (*_WHO, "reading")}
        if lacking:
            connection.execute(
                _events.update().where(_events.c.client_id == key[0], _events.c.event_id == key[1]).values(lacking)
            )
    if reading:
        _leave(connection, {event_id for _, event_id in rows}, source, reading)
    return EventCounts(new=len(new), known=given - len(new))


class Events:
    """The events of all clients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, events: Sequence[Event], readings: Mapping[str, Reading]) -> EventCounts:
        """Add events that come one by one, outside any source, in one transaction."""
        with self._database.write() as connection:
            return add_events(connection, events, readings)

    def frame(self, client_ids: Sequence[str] | None = None, known_before: datetime | None = None) -> pd.DataFrame:
        """Interchange and reading columns without any text, ready for `EventTable.from_frame`.

        Kinds, directions and statuses are codes, -1 where there is none; times and days are UTC instants.
        """
        with self._database.read() as connection:
            return read_frame(connection, client_ids, known_before)

    def messages(self, client_id: str, limit: int = 50, before: datetime | None = None) -> list[Message]:
        """A client's messages, newest first, with their texts."""
        query = _messages().where(_events.c.client_id == client_id)
        if before is not None:
            query = query.where(_events.c.at < before)
        query = query.order_by(_events.c.at.desc(), _events.c.event_id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_message(dict(row)) for row in connection.execute(query).mappings()]

    def texts(self, keys: Sequence[tuple[str, str]]) -> dict[str, Message]:
        """The messages with these (event id, client id), by event id; what is not there is left out."""
        wanted = [(client_id, event_id) for event_id, client_id in keys]
        found: dict[str, Message] = {}
        with self._database.read() as connection:
            for part in in_parts(wanted):
                for row in connection.execute(_only(_messages(), part)).mappings():
                    found[row["event_id"]] = _message(dict(row))
        return found

    def count(self) -> int:
        """How many events there are."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(_events)).scalar_one()

    def span(self) -> tuple[datetime, datetime] | None:
        """When the oldest and the newest event happened."""
        with self._database.read() as connection:
            oldest, newest = connection.execute(select(func.min(_events.c.at), func.max(_events.c.at))).one()
        return None if oldest is None else (oldest, newest)

    def newest_by_client(self) -> dict[str, datetime]:
        """When each client's newest event happened."""
        query = select(_events.c.client_id, func.max(_events.c.at)).group_by(_events.c.client_id)
        with self._database.read() as connection:
            return {client_id: at for client_id, at in connection.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def _leave(connection: Connection, event_ids: Collection[str], source: str, reading: int) -> None:
    """Take these events from the clients to whom this reading, unlike an earlier one, does not give them."""
    for part in in_parts(sorted(event_ids)):
        gone = _events.c.event_id.in_(part) & (_events.c.source == source) & (_events.c.reading < reading)
        connection.execute(_events.delete().where(gone))


def _stored(connection: Connection, keys: Sequence[Key]) -> dict[Key, Row]:
    columns = [_events.c[name] for name in ("client_id", "event_id", "source", "reading", *_LATER)]
    found: dict[Key, Row] = {}
    for part in in_parts(keys):
        for row in connection.execute(_only(select(*columns), part)).mappings():
            found[row["client_id"], row["event_id"]] = dict(row)
    return found


def _only(query: Select[Any], keys: Sequence[Key]) -> Select[Any]:
    # A join, because SQLite reads the whole table for (client_id, event_id) IN (…).
    names = [column(name, Words) for name in ("client_id", "event_id")]
    wanted = values(*names, name="wanted").data(list(keys)).cte()
    return query.join(wanted, (_events.c.client_id == wanted.c.client_id) & (_events.c.event_id == wanted.c.event_id))


def _lacking(stored: Row, told: Row) -> Row:
    lacking = {}
    if stored["paid_on"] is None and told["paid_on"] is not None:
        lacking["paid_on"] = told["paid_on"]
    if stored["words"] is None and told["words"] is not None:
        lacking |= {name: told[name] for name in _READ}
    return lacking


def _row(event: Event, reading: Reading | None) -> Row:
    row: Row = dict.fromkeys(_events.c.keys())
    row |= {
        "client_id": event.client_id,
        "event_id": event.event_id,
        "contact_id": event.contact_id,
        "direction": int(event.direction),
        "at": event.at,
        "known_at": event.known_at,
        "channel": event.channel,
        "automatic": False,
    }
    match event:
        case Message():
            row |= {"kind": int(Kind.MESSAGE), "thread_id": event.thread_id, "reply_to": event.reply_to}
            row["automatic"] = event.automatic
        case Meeting():
            row |= {"kind": int(Kind.MEETING), "thread_id": event.meeting_id}
            row |= {"starts_at": event.starts_at, "status": int(event.status)}
        case Call():
            row |= {"kind": int(Kind.CALL), "duration_s": event.duration_s, "answered": event.answered}
        case Invoice():
            row |= {"kind": int(Kind.INVOICE), "due_on": event.due_on, "paid_on": event.paid_on}
            row["amount"] = event.amount
    if reading is not None and isinstance(event, Message):
        # Plain, because they may come from arrays.
        row |= {"words": int(reading.words), "question": bool(reading.question), "cues": int(reading.cues)}
        row |= {"expects_reply": bool(reading.expects_reply), "irritation": reading.irritation}
    return row


def _messages() -> Select[tuple[object, ...]]:
    columns = ("event_id", "client_id", "direction", "at", "known_at", "contact_id", "channel", "thread_id", "reply_to")
    return (
        select(*(_events.c[name] for name in columns), _events.c.automatic, _texts.c.subject, _texts.c.text)
        .join_from(_events, _texts, isouter=True)
        .where(_events.c.kind == int(Kind.MESSAGE))
    )


def _message(row: Row) -> Message:
    return Message(**row | {"direction": Direction(row["direction"]), "subject": row["subject"] or ""})
