"""A volume: one book as it was last put away, with what has come since; and how a night brings it up to date."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pyarrow as pa

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.interchange import REQUIRED_COLUMNS
from churnwatch.core.roster import Roster
from churnwatch.core.table import HANDED_OVER, UNKNOWN, US_PER_DAY
from churnwatch.features.ledger.book import Book, answers_gone, joined, without, written
from churnwatch.features.ledger.fold import folded
from churnwatch.features.survey import FirmCounts

_FOLD_DAYS = 30  # between two foldings
_MOST_NEW = 0.25  # of the base's rows: with more the new ones become part of it


class Source(Protocol):
    """Where events are kept for good."""

    def changes_after(self, number: int) -> tuple[int, list[str]]:
        """The number of the newest write, and the clients whose older events a write after `number` changed or took away."""
        ...

    def events(self, client_ids: Sequence[str] | None = None, changed_after: int | None = None) -> pa.Table:
        """Interchange and reading columns: of some clients, or written after a write."""
        ...


@dataclass(frozen=True, slots=True)
class Volume:
    """`base` less the clients that are `void`, and then `more`. It knows all writes up to `number`.

    `answering` is what the firm's channels were known for when it was folded at the midnight `folded_at`.
    """

    base: Book
    void: frozenset[str]
    more: Book
    number: int
    folded_at: int
    answering: Mapping[str, int]

    @property
    def book(self) -> Book:
        """All that the volume holds."""
        return joined(without(self.base, self.void), self.more)

    def serves(self, as_of: int) -> bool:
        """Whether the volume can be measured as of this midnight."""
        return as_of >= self.folded_at


@dataclass(frozen=True, slots=True)
class Told:
    """What a volume is told in a night: new events of its clients, and whose older ones have changed, up to a write."""

    events: pa.Table
    rewritten: Collection[str]
    number: int


def opened(book: Book, number: int, as_of: int, calendar: BusinessCalendar, answering: Mapping[str, int]) -> Volume:
    """A book of all rows as a new volume."""
    base = folded(book, as_of, calendar, _counts(answering))
    return Volume(base, frozenset(), nothing(), number, as_of, answering)


def nothing() -> Book:
    """A book about nobody."""
    return written(pa.table({name: pa.array([], pa.string()) for name in REQUIRED_COLUMNS}), Roster())


def updated(
    volume: Volume, book: Book, told: Told, source: Source, roster: Roster, calendar: BusinessCalendar
) -> Volume:
    """The volume with what is new; `book` is all that it holds so far.

    Rows that follow on a client's last one are added. Whoever was rewritten, is told of late, answers what was put away or has
    another country or manager than before is read anew from the source.
    """
    fresh = written(told.events, replace(roster, manager_changes={}))
    anew = _anew(book, fresh, told.rewritten, roster)
    more = without(volume.more, anew)
    if anew:
        whole = written(source.events(client_ids=sorted(anew)), roster)
        more = joined(more, folded(whole, volume.folded_at, calendar, _counts(volume.answering)))
    more = joined(more, without(fresh, anew))
    return replace(volume, void=volume.void | anew, more=more, number=told.number)


def settled(volume: Volume, book: Book, as_of: int, calendar: BusinessCalendar, answering: Mapping[str, int]) -> Volume:
    """The volume folded again where it is time, or with the new rows as part of its base where they have become many."""
    if as_of >= volume.folded_at + _FOLD_DAYS * US_PER_DAY:
        return opened(book, volume.number, as_of, calendar, answering)
    if len(volume.more.table) > _MOST_NEW * len(volume.base.table):
        return replace(volume, base=book, void=frozenset(), more=nothing())
    return volume


def _anew(book: Book, fresh: Book, rewritten: Iterable[str], roster: Roster) -> frozenset[str]:
    code = {client: place for place, client in enumerate(book.table.clients)}
    place = np.array([*(code.get(client, UNKNOWN) for client in fresh.table.clients), UNKNOWN], dtype=np.int64)
    of_row = place[fresh.table.client]
    last = book.table.at[book.begins[1:] - 1] if code else np.empty(0, np.int64)
    late = fresh.table.at <= np.append(last, np.iinfo(np.int64).max)[of_row]  # of a client not known yet too
    late |= answers_gone(book, fresh, of_row)
    told = [fresh.table.clients[client] for client in np.unique(fresh.table.client[late])]
    return frozenset([*rewritten, *told, *_otherwise(book, roster)])


def _otherwise(book: Book, roster: Roster) -> list[str]:
    """The clients with another country or manager than the book knows."""
    table = book.table
    rows = np.flatnonzero(table.kind == HANDED_OVER)
    handed: dict[str, list[int]] = {}
    for client, at in zip(table.client[rows].tolist(), table.at[rows].tolist(), strict=True):
        handed.setdefault(table.clients[client], []).append(at)
    return [
        client
        for client, country in zip(table.clients, table.countries, strict=True)
        if country != roster.countries.get(client)
        or handed.get(client, []) != sorted(roster.manager_changes.get(client, ()))
    ]


def _counts(answering: Mapping[str, int]) -> FirmCounts:
    return FirmCounts(np.empty(0, np.int64), np.empty(0, np.int64), answering)
