"""What passed between us: kept once per event and client, given back as columns to measure or as messages to quote."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, column, func, select, values

from churnwatch.core.types import Event, Kind, Meeting, Message, Reading
from churnwatch.store import schema
from churnwatch.store.columns import Words
from churnwatch.store.engine import Database
from churnwatch.store.event_rows import LATER, WHO, lacking, message_of, row_of
from churnwatch.store.frames import read_frame
from churnwatch.store.upsert import Row, in_parts, put

_events, _texts = schema.events, schema.texts

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
    now: datetime | None = None,
) -> EventCounts:
    """Add what is not there. A known event stays as it is, but for a payment or a reading that it lacked.

    Such a payment is known from `now` on, as no earlier as-of may see it; None = from the end of its day, as it is of an
    invoice that comes with its payment.

    A source is read anew, under a higher number of the reading, when other people are known: then what it tells again
    takes the people as known now, and leaves the clients whom it no longer concerns.
    """
    rows, texts, given = _rows(events, readings, {"source": source, "reading": reading})
    stored = _stored(connection, list(rows))
    anew = {key for key, known in stored.items() if known["source"] == source and known["reading"] < reading}
    _tell_anew(connection, anew, reading)
    gone = _leave(connection, {event_id for _, event_id in rows}, source, reading) if reading else []
    altered: dict[Key, Row] = {}
    for key, known in stored.items():
        told_anew = {name: rows[key][name] for name in WHO if rows[key][name] != known[name]} if key in anew else {}
        if differing := lacking(known, rows[key], now) | told_anew:
            altered[key] = differing
    new = {key: row for key, row in rows.items() if key not in stored}
    if new or altered or gone:
        number = next_write(connection)
        _insert(connection, [row | {"changed": number} for row in new.values()], [texts[k] for k in new if k in texts])
        for key, differing in altered.items():
            connection.execute(_events.update().where(_is(key)).values(differing | {"changed": number}))
        moved = {event_id for _, event_id in gone}
        came = [client_id for client_id, event_id in new if event_id in moved]
        clients = {*came, *(client_id for client_id, _ in (*altered, *gone))}
        put(
            connection, schema.rewritten, [{"client_id": client_id, "changed": number} for client_id in sorted(clients)]
        )
    return EventCounts(new=len(new), known=given - len(new))


def next_write(connection: Connection) -> int:
    """The number of the write that begins."""
    # Writers exclude each other, so numbers become visible in their order.
    writes = schema.event_writes
    number: int = connection.execute(
        writes.update().values(number=writes.c.number + 1).returning(writes.c.number)
    ).scalar_one()
    return number


def select_messages() -> Select[tuple[object, ...]]:
    """All messages with their texts, each a row for `message_of`."""
    own = [_events.c[field.name] for field in fields(Message) if field.name in _events.c]
    return (
        select(*own, _texts.c.subject, _texts.c.text)
        .join_from(_events, _texts, isouter=True)
        .where(_events.c.kind == int(Kind.MESSAGE))
    )


class Events:
    """The events of all clients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, events: Sequence[Event], readings: Mapping[str, Reading], now: datetime | None = None) -> EventCounts:
        """Add events that come one by one, outside any source, in one transaction; for `now` see `add_events`."""
        with self._database.write() as connection:
            return add_events(connection, events, readings, now=now)

    def frame(
        self,
        client_ids: Sequence[str] | None = None,
        known_before: datetime | None = None,
        changed_after: int | None = None,
    ) -> pd.DataFrame:
        """Interchange and reading columns without any text, ready for `EventTable.from_frame`.

        Kinds, directions and statuses are codes, -1 where there is none; times and days are UTC instants. `changed_after`
        leaves out what no later write than this one added or changed: see `changes_after`.
        """
        with self._database.read() as connection:
            return read_frame(connection, client_ids, known_before, changed_after)

    def changes_after(self, number: int) -> tuple[int, list[str]]:
        """The number of the newest write, and the clients whose older events a write after `number` changed or took away.

        Numbers start at 1, so after 0 there is everything. Ask before reading a frame: what is written between the two
        comes with the frame, and once more the next time. What `known_before` keeps out of a frame has its number all the
        same, and does not come back under a later one.
        """
        newest = select(schema.event_writes.c.number)
        clients = select(schema.rewritten.c.client_id).where(schema.rewritten.c.changed > number)
        with self._database.read() as connection:
            return connection.execute(newest).scalar_one(), sorted(connection.execute(clients).scalars())

    def messages(self, client_id: str, limit: int = 50, before: datetime | None = None) -> list[Message]:
        """A client's messages, newest first, with their texts."""
        query = select_messages().where(_events.c.client_id == client_id)
        if before is not None:
            query = query.where(_events.c.at < before)
        query = query.order_by(_events.c.at.desc(), _events.c.event_id.desc()).limit(limit)
        with self._database.read() as connection:
            return [message_of(dict(row)) for row in connection.execute(query).mappings()]

    def texts(self, keys: Sequence[tuple[str, str]]) -> dict[str, Message]:
        """The messages with these (event id, client id), by event id; what is not there is left out."""
        wanted = [(client_id, event_id) for event_id, client_id in keys]
        found: dict[str, Message] = {}
        with self._database.read() as connection:
            for part in in_parts(wanted):
                for row in connection.execute(_only(select_messages(), part)).mappings():
                    found[row["event_id"]] = message_of(dict(row))
        return found

    def clients_told_by(self, source: str, since: datetime) -> set[str]:
        """The clients of whom the source told something that happened at or after the instant."""
        query = select(_events.c.client_id).where(_events.c.source == source, _events.c.at >= since).distinct()
        with self._database.read() as connection:
            return set(connection.execute(query).scalars())

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


def _rows(
    events: Iterable[Event], readings: Mapping[str, Reading], told: Row
) -> tuple[dict[Key, Row], dict[Key, Row], int]:
    """The rows of the events and of their texts, each key once, and how many events there were."""
    rows: dict[Key, Row] = {}
    texts: dict[Key, Row] = {}
    given = 0
    for event in events:
        given += 1
        key = event.client_id, event.event_id
        row = row_of(event, readings.get(event.event_id)) | told
        if key in rows:
            rows[key] |= lacking(rows[key], row, None)
            continue
        rows[key] = row
        if isinstance(event, Message | Meeting) and (event.subject or getattr(event, "text", None) is not None):
            texts[key] = {
                "client_id": event.client_id,
                "event_id": event.event_id,
                "subject": event.subject,
                "text": event.text if isinstance(event, Message) else None,
            }
    return rows, texts, given


def _stored(connection: Connection, keys: Sequence[Key]) -> dict[Key, Row]:
    columns = [_events.c[name] for name in dict.fromkeys(("client_id", "event_id", "source", "reading", *LATER, *WHO))]
    found: dict[Key, Row] = {}
    for part in in_parts(keys):
        for row in connection.execute(_only(select(*columns), part)).mappings():
            found[row["client_id"], row["event_id"]] = dict(row)
    return found


def _tell_anew(connection: Connection, keys: Collection[Key], reading: int) -> None:
    for key in keys:
        connection.execute(_events.update().where(_is(key)).values(reading=reading))


def _leave(connection: Connection, event_ids: Collection[str], source: str, reading: int) -> list[Key]:
    """Take these events from the clients to whom this reading, unlike an earlier one, does not give them."""
    left: list[Key] = []
    for part in in_parts(sorted(event_ids)):
        gone = _events.c.event_id.in_(part) & (_events.c.source == source) & (_events.c.reading < reading)
        statement = _events.delete().where(gone).returning(_events.c.client_id, _events.c.event_id)
        left += [(row.client_id, row.event_id) for row in connection.execute(statement)]
    return left


def _insert(connection: Connection, rows: list[Row], texts: list[Row]) -> None:
    for table, new in ((_events, rows), (_texts, texts)):
        if new:
            connection.execute(table.insert(), new)


def _is(key: Key) -> ColumnElement[bool]:
    return (_events.c.client_id == key[0]) & (_events.c.event_id == key[1])


def _only(query: Select[Any], keys: Sequence[Key]) -> Select[Any]:
    # A join, because SQLite reads the whole table for (client_id, event_id) IN (…).
    names = [column(name, Words) for name in ("client_id", "event_id")]
    wanted = values(*names, name="wanted").data(list(keys)).cte()
    return query.join(wanted, (_events.c.client_id == wanted.c.client_id) & (_events.c.event_id == wanted.c.event_id))
