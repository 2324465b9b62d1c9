"""The only gate against look-ahead: a panel holds, for each snapshot, the events known strictly before its as-of midnight.

A snapshot is one (client, as-of) pair. A panel physically contains nothing later, so no signal can see it. Late arrivals are
placed where they happened, but only in snapshots that come after they became known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.table import NO_TIME, US_PER_DAY, EventTable, FloatArray, IntArray
from churnwatch.core.types import Direction, Kind

_MAX_ROWS = 1_500_000  # event rows held at once; about 0.25 GB


@dataclass(frozen=True, slots=True)
class SnapshotIndex:
    """Which snapshots are asked for: a client's code in the event table, and the as-of instant (UTC microseconds)."""

    client: NDArray[np.int32]  # -1 = a client without any event
    as_of: IntArray

    def __len__(self) -> int:
        return len(self.client)

    def part(self, start: int, stop: int) -> "SnapshotIndex":
        """The snapshots `start:stop`."""
        return SnapshotIndex(self.client[start:stop], self.as_of[start:stop])


class Panel:
    """Event columns gathered per snapshot, sorted by (snapshot, at, event id); `snap[i]` is row i's snapshot.

    `age_days[i]` is how long before its as-of an event happened. `paid_on` is hidden until the day has passed (in UTC, so
    that east of it a payment may show a day late, and nowhere a day early).
    """

    def __init__(self, table: EventTable, index: SnapshotIndex, rows: NDArray[np.intp], snap: NDArray[np.intp]) -> None:
        self.index = index
        self.snap = snap
        self.size = len(index)
        self.columns = table.take(rows)
        later_payment = self.columns["paid_on"].astype(np.int64) > index.as_of[snap] - US_PER_DAY
        self.columns["paid_on"] = np.where(later_payment, NO_TIME, self.columns["paid_on"])
        self._firm_known = _firm_inbound(table)

    def __len__(self) -> int:
        return len(self.snap)

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        return self.columns[name]

    @cached_property
    def age_days(self) -> FloatArray:
        """Days from each event to its snapshot's as-of (a meeting or message dated later than it was known: 0)."""
        age = (self.index.as_of[self.snap] - self.columns["at"].astype(np.int64)) / US_PER_DAY
        return np.maximum(age, 0.0)

    def firm_inbound(self, from_days: float, to_days: float) -> FloatArray:
        """How many client messages the whole firm received between `from_days` and `to_days` before each as-of."""
        newest = np.searchsorted(self._firm_known, self.index.as_of - int(to_days * US_PER_DAY))
        oldest = np.searchsorted(self._firm_known, self.index.as_of - int(from_days * US_PER_DAY))
        return (newest - oldest).astype(np.float64)


def panels(table: EventTable, index: SnapshotIndex, max_rows: int = _MAX_ROWS) -> Iterator[tuple[int, Panel]]:
    """Yield `(offset, panel)` over consecutive parts of `index`, each small enough to hold in memory."""
    first = np.searchsorted(table.client, index.client, side="left")
    last = np.searchsorted(table.client, index.client, side="right")
    sizes = last - first
    start = 0
    while start < len(index):
        stop = start + 1
        rows = int(sizes[start])
        while stop < len(index) and rows + sizes[stop] <= max_rows:
            rows += int(sizes[stop])
            stop += 1
        part = index.part(start, stop)
        snap = np.repeat(np.arange(stop - start), sizes[start:stop])
        within = np.arange(rows) - np.repeat(np.cumsum(sizes[start:stop]) - sizes[start:stop], sizes[start:stop])
        event_rows = first[start:stop][snap] + within
        known = table.known_at[event_rows] < part.as_of[snap]
        yield start, Panel(table, part, event_rows[known], snap[known])
        start = stop


def _firm_inbound(table: EventTable) -> IntArray:
    inbound = (table.kind == Kind.MESSAGE) & (table.direction == Direction.IN) & ~table.automatic
    return np.sort(table.known_at[inbound])
