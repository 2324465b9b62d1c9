"""The ledger as a whole: volumes by the hash of their clients' ids, brought up to date from the store, measured as one firm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add, or_

import numpy as np
import pandas as pd
import pyarrow as pa

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.roster import Roster
from churnwatch.core.table import NO_TIME, IntArray, hash_ids
from churnwatch.features import NAMES, Snapshots, Survey, surveyed
from churnwatch.features.ledger.book import Book, joined, without, written
from churnwatch.features.ledger.shelf import Shelf, UnusableLedgerError
from churnwatch.features.ledger.volume import Source, Told, Volume, opened, settled, updated
from churnwatch.features.side_by_side import side_by_side
from churnwatch.features.survey import FirmCounts, arrivals, before_all, count, pool_clients, pool_dates

_VOLUME_EVENTS = 2_000_000  # of a volume when it is opened, all told: a volume is measured as one


@dataclass(frozen=True, slots=True)
class Ledger:
    """The books as of a midnight with the whole firm's counts, and the volumes to keep, until they are kept."""

    volumes: tuple[Volume, ...]
    books: tuple[Book, ...]
    as_of: int
    counts: FirmCounts

    @property
    def events(self) -> int:
        """How many rows the books hold."""
        return sum(len(book.table) for book in self.books)


def night(
    kept: Shelf, source: Source, roster: Roster, as_of: int, calendar: BusinessCalendar
) -> tuple[Ledger, tuple[str, ...]]:
    """The ledger as of a midnight, kept for the next; and why it had to be begun anew, where it did not serve.

    A midnight before that of the last folding gets a ledger of its own, which is not kept.
    """
    volumes: Sequence[Volume] = ()
    problems: tuple[str, ...] = ()
    try:
        volumes = kept.read()
    except UnusableLedgerError as error:
        problems = (f"{error} The ledger is begun anew from the store.",)
    if not all(volume.serves(as_of) for volume in volumes):
        return begun(source, roster, as_of, calendar), ()
    found = tonight(volumes, source, roster, as_of, calendar) if volumes else None
    if found is None:
        found, volumes = begun(source, roster, as_of, calendar), []
    kept.write(found.volumes, volumes)
    return replace(found, volumes=()), problems  # the books are enough to measure


def begun(source: Source, roster: Roster, as_of: int, calendar: BusinessCalendar) -> Ledger:
    """The ledger made from all that the source holds."""
    number, _ = source.changes_after(0)
    events = source.events()
    size = max(1, round(len(events) / _VOLUME_EVENTS))
    books = [written(part, roster) for part in _by_volume(events, size)]
    counts = _counted(books, as_of, calendar)
    volumes = [opened(book, number, as_of, calendar, counts.answering) for book in books]
    return Ledger(tuple(volumes), tuple(volume.base for volume in volumes), as_of, counts)


def tonight(
    volumes: Sequence[Volume], source: Source, roster: Roster, as_of: int, calendar: BusinessCalendar
) -> Ledger | None:
    """The ledger with all that the source was told since, as of a midnight that the volumes serve.

    None where a channel has turned out to name what it answers, or not to, since before the last folding: then threads were
    another's than was believed, and only a new ledger is right.
    """
    known = min(volume.number for volume in volumes)
    number, rewritten = source.changes_after(known)
    events = _by_volume(source.events(changed_after=known), len(volumes))
    place = volume_of(rewritten, len(volumes))
    told = [
        Told(part, [one for one, at in zip(rewritten, place, strict=True) if at == nth], number)
        for nth, part in enumerate(events)
    ]

    def one(given: tuple[Volume, Told]) -> tuple[Volume, Book]:
        volume = updated(given[0], given[0].book, given[1], source, roster, calendar)
        return volume, volume.book

    pairs = list(side_by_side(one, zip(volumes, told, strict=True)))
    counts = _counted([book for _, book in pairs], as_of, calendar)
    if any(_foreign(volume, counts.answering) for volume, _ in pairs):
        return None
    volumes = [settled(volume, book, as_of, calendar, counts.answering) for volume, book in pairs]
    books = tuple(book for _, book in pairs)
    return Ledger(tuple(volumes), books, as_of, counts)


def _foreign(volume: Volume, answering: Mapping[str, int]) -> bool:
    """Whether threads were put away in the belief that a channel names what it answers, or does not, and it is otherwise."""
    early = [
        {channel: at for channel, at in told.items() if at < volume.folded_at} for told in (volume.answering, answering)
    ]
    return early[0] != early[1]


def measured(
    ledger: Ledger, client_ids: Sequence[str], calendar: BusinessCalendar, names: Sequence[str] = NAMES
) -> Snapshots:
    """The signals of some clients as of the ledger's midnight, as `features.measure` finds them on all events."""
    as_of = np.array([ledger.as_of])
    firm = surveyed(_pool(ledger, calendar).table, as_of, calendar, names, ledger.counts)
    parts = [np.full((len(client_ids), len(names)), np.nan) for _ in range(3)]
    place = volume_of(client_ids, len(ledger.books))
    unconnected = set(names)

    for nth, book in enumerate(ledger.books):
        rows = np.flatnonzero(place == nth)
        told = _of_book(book, [client_ids[row] for row in rows.tolist()], ledger.as_of, calendar, names, firm)
        for part, frame in zip(parts, (told.values, told.now, told.before), strict=True):
            part[rows] = frame.to_numpy()
        unconnected &= told.unconnected
    values, now, before = (pd.DataFrame(part, columns=list(names)) for part in parts)
    return Snapshots(values, now, before, (None,) * len(client_ids), frozenset(unconnected))


def _of_book(
    book: Book, client_ids: Sequence[str], as_of: int, calendar: BusinessCalendar, names: Sequence[str], firm: Survey
) -> Snapshots:
    code = {client: place for place, client in enumerate(book.table.clients)}
    client = np.array([code.get(one, -1) for one in client_ids], dtype=np.int32)
    index = SnapshotIndex(client, np.full(len(client), as_of))
    return features.measure(book.table, index, calendar, names=names, firm=firm, past=book.past)


def _pool(ledger: Ledger, calendar: BusinessCalendar) -> Book:
    """The clients of the pool alone."""
    since = before_all(pool_dates(np.array([ledger.as_of]), calendar))
    clients = [_known(book, ledger.as_of, since) for book in ledger.books]
    pool = set(pool_clients(reduce(or_, clients)))
    chosen = [
        without(book, {one for one in book.table.clients if one not in pool})
        for book, part in zip(ledger.books, clients, strict=True)
        if not pool.isdisjoint(part)
    ]
    return reduce(joined, chosen) if chosen else ledger.books[0]


def _known(book: Book, as_of: int, since: int) -> dict[str, int]:
    """The clients of whom something was known, and since when as far as is still told."""
    told = arrivals(book.table, since)
    of_old = book.past.since > NO_TIME
    return {
        client: since if of_old[code] else told[client]
        for code, client in enumerate(book.table.clients)
        if of_old[code] or told[client] < as_of
    }


def _counted(books: Sequence[Book], as_of: int, calendar: BusinessCalendar) -> FirmCounts:
    counts = reduce(add, (count(book.table, np.array([as_of]), calendar) for book in books))
    known = {channel: at for channel, at in counts.answering.items() if at < as_of}
    return FirmCounts(counts.edges, counts.inbound, known)


def volume_of(client_ids: Sequence[str], volumes: int) -> IntArray:
    """Which volume each client is in: they stand in the order of hashes, so that the pool is in the first."""
    hashed = hash_ids(pa.array(list(client_ids), pa.large_string()))
    return np.asarray((hashed >> 32) * volumes >> 31)


def _by_volume(events: pa.Table, volumes: int) -> list[pa.Table]:
    if volumes == 1:
        return [events]
    client = events.column("client_id").combine_chunks()
    client = client if pa.types.is_dictionary(client.type) else client.dictionary_encode()
    place = volume_of(client.dictionary.to_pylist(), volumes)[client.indices.to_numpy(zero_copy_only=False)]
    return [events.filter(pa.array(place == nth)) for nth in range(volumes)]
