"""What was read from each source and how far: a batch of records and the cursor behind them enter together or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from types import EllipsisType

from sqlalchemy import Connection, case, func, select

from churnwatch.core.contracts import SourceError
from churnwatch.core.errors import StoreError
from churnwatch.core.types import Event, Party, Reading
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.events import add_events
from churnwatch.store.people import put_parties
from churnwatch.store.upsert import add, in_parts, insert, put

_errors, _skipped, _unknown = schema.source_errors, schema.skipped_records, schema.unknown_correspondents
_cursors, _health = schema.cursors, schema.source_health
_LONGEST_PROBLEM = 500  # characters; keeps the index on problems small


class ReadByAnotherError(StoreError):
    """The source's cursor is no longer where this reading left it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one source yielded between two checkpoints; `cursor` None leaves the stored cursor as it is.

    Errors are kept once. `skipped` and `unknown` add up over batches: what is read anew goes into `reread`, whose errors and
    tallies of earlier batches are forgotten first.
    """

    source: str
    cursor: str | None
    parties: Sequence[Party] = ()
    events: Sequence[Event] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)  # by event id
    errors: Sequence[SourceError] = ()
    skipped: Mapping[tuple[str, str], int] = field(default_factory=dict)  # by part and why
    # by part and address: messages, first, last
    unknown: Mapping[tuple[str, str], tuple[int, datetime, datetime]] = field(default_factory=dict)
    reread: Sequence[str] = ()  # parts
    after: str | EllipsisType | None = ...  # the cursor that this goes on from; … = any
    whole: bool = False  # all that the source tells: what it told earlier of parties, errors and tallies is void
    now: datetime | None = None  # since when payments of older invoices are known, see `add_events`


@dataclass(frozen=True, slots=True)
class Added:
    """What a batch changed."""

    events_new: int
    events_known: int
    parties_changed: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Someone outside the firm whom no client claims, over all sources."""

    address: str
    domain: str  # "" for a phone or a handle
    messages: int
    first: datetime
    last: datetime
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """When a source was last read to its end, and since when every attempt has failed."""

    source: str
    kind: str  # as configured: mbox, ics, …
    read_at: datetime
    failing_since: datetime | None  # None = the last attempt went well


class Ingest:
    """The sources' progress and what they could not use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cursor(self, source: str) -> str | None:
        """Where to read on; None = from the start."""
        with self._database.read() as connection:
            return _stands(connection, source)[0]

    def reset(self, source: str) -> None:
        """Forget the source's cursor, errors and tallies; its events stay, and reading them again adds nothing.

        What is read from now on is a new reading, in which an event may have other clients and contacts (`add_events`).
        """
        with self._database.write() as connection:
            _, reading = _stands(connection, source)
            put(connection, _cursors, [{"source": source, "cursor": None, "reading": reading + 1}])
            _forget_all(connection, source)

    def commit(self, batch: Batch) -> Added:
        """Store the batch and its cursor in one transaction; `ReadByAnotherError`, and nothing, if the cursor moved."""
        with self._database.write() as connection:
            cursor, reading = _stands(connection, batch.source)
            if batch.after is not ... and batch.after != cursor:
                raise ReadByAnotherError(
                    f"Another run is reading the source {batch.source!r}.", remedy="Wait for it to end, then run again."
                )
            if batch.whole:
                _forget_all(connection, batch.source)
            _forget(connection, batch.source, batch.reread)
            parties_changed = put_parties(connection, batch.parties, batch.source, whole=batch.whole)
            counts = add_events(connection, batch.events, batch.readings, batch.source, reading, batch.now)
            _add_errors(connection, batch.errors)
            _add_tallies(connection, batch)
            if batch.cursor is not None:
                put(connection, _cursors, [{"source": batch.source, "cursor": batch.cursor, "reading": reading}])
        return Added(counts.new, counts.known, parties_changed)

    def read_well(self, source: str, kind: str, at: datetime) -> None:
        """Note that the source was read to its end."""
        row = {"source": source, "kind": kind, "read_at": at, "failing_since": None}
        with self._database.write() as connection:
            put(connection, _health, [row])

    def failed(self, source: str, at: datetime) -> None:
        """Note that the source could not be read; the first of several failures counts."""
        first = (_health.c.source == source) & _health.c.failing_since.is_(None)
        with self._database.write() as connection:
            connection.execute(_health.update().where(first).values(failing_since=at))

    def health(self) -> list[SourceHealth]:
        """Every source that was read once, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(_health).order_by(_health.c.source)).mappings()
            return [SourceHealth(**row) for row in rows]

    def problems(self, source: str | None = None, limit: int = 100) -> list[SourceError]:
        """Records that could not be read, the latest first."""
        what = (_errors.c.source, _errors.c.place, _errors.c.problem)
        query = select(*what).group_by(*what).order_by(func.max(_errors.c.number).desc())
        if source is not None:
            query = query.where(_errors.c.source == source)
        with self._database.read() as connection:
            return [SourceError(**row) for row in connection.execute(query.limit(limit)).mappings()]

    def unknown(self, limit: int = 100) -> list[Unknown]:
        """Correspondents whom no client claims, those with the most messages first."""
        messages = func.sum(_unknown.c.messages)
        query = (
            select(
                _unknown.c.address,
                messages,
                func.min(_unknown.c.first_at),
                func.max(_unknown.c.last_at),
                func.aggregate_strings(_unknown.c.source, "\n"),
            )
            .group_by(_unknown.c.address)
            .order_by(messages.desc(), _unknown.c.address)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [
                Unknown(
                    address,
                    address.rpartition("@")[2] if "@" in address[1:] else "",
                    int(total),
                    first,
                    last,
                    tuple(sorted(set(sources.split("\n")))),
                )
                for address, total, first, last, sources in connection.execute(query)
            ]

    def skipped(self) -> dict[tuple[str, str], int]:
        """How many good records were not ours to keep, by (source, why)."""
        what = (_skipped.c.source, _skipped.c.why)
        query = select(*what, func.sum(_skipped.c.records)).group_by(*what)
        with self._database.read() as connection:
            return {(source, why): int(records) for source, why, records in connection.execute(query)}


def _stands(connection: Connection, source: str) -> tuple[str | None, int]:
    """The source's cursor, and the number of its reading."""
    query = select(_cursors.c.cursor, _cursors.c.reading).where(_cursors.c.source == source)
    found = connection.execute(query).one_or_none()
    return (None, 0) if found is None else (found.cursor, found.reading)


def _forget_all(connection: Connection, source: str) -> None:
    for table in (_errors, _skipped, _unknown):
        connection.execute(table.delete().where(table.c.source == source))


def _forget(connection: Connection, source: str, parts: Sequence[str]) -> None:
    for some in in_parts(parts):
        for table in (_errors, _skipped, _unknown):
            connection.execute(table.delete().where(table.c.source == source, table.c.part.in_(some)))


def _add_errors(connection: Connection, errors: Sequence[SourceError]) -> None:
    rows = [asdict(error) | {"problem": error.problem[:_LONGEST_PROBLEM]} for error in errors]
    add(connection, _errors, rows)


def _add_tallies(connection: Connection, batch: Batch) -> None:
    if batch.skipped:
        statement = insert(connection, _skipped)
        more = {"records": _skipped.c.records + statement.excluded.records}
        rows = [
            {"source": batch.source, "part": part, "why": why, "records": count}
            for (part, why), count in batch.skipped.items()
        ]
        connection.execute(statement.on_conflict_do_update(index_elements=["source", "part", "why"], set_=more), rows)
    if batch.unknown:
        statement = insert(connection, _unknown)
        told = statement.excluded
        more = {
            "messages": _unknown.c.messages + told.messages,
            "first_at": case((told.first_at < _unknown.c.first_at, told.first_at), else_=_unknown.c.first_at),
            "last_at": case((told.last_at > _unknown.c.last_at, told.last_at), else_=_unknown.c.last_at),
        }
        rows = [
            {
                "source": batch.source,
                "part": part,
                "address": address,
                "messages": count,
                "first_at": first,
                "last_at": last,
            }
            for (part, address), (count, first, last) in batch.unknown.items()
        ]
        key = ["source", "part", "address"]
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=more), rows)
