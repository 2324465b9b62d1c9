"""The only gate against look-ahead: which events stand before which as-of midnight.

A snapshot is one (client, as-of) pair. Snapshots of one client whose pasts differ only by what came after share a *lane*: the
client's events in order, of which each snapshot sees those before its own as-of. A late arrival breaks that rule: a snapshot
that would find an event missing (it happened before the as-of and was known only after) gets a lane of its own, which
physically holds what was known and nothing else. So every fact is booked when it was known, at the price of a copy where
knowledge came late, and no signal can see the future.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.table import US_PER_DAY, BoolArray, Column, EventTable, FloatArray, IntArray

_MAX_ROWS = 400_000  # event rows held at once
_MAX_SNAPSHOTS = 50_000
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class SnapshotIndex:
    """Which snapshots are asked for: a client's code in the event table, and the as-of instant (UTC microseconds)."""

    client: NDArray[np.int32]  # -1 = a client without any event
    as_of: IntArray

    def __len__(self) -> int:
        return len(self.client)

    def only(self, rows: Rows) -> "SnapshotIndex":
        """Some of the snapshots, in that order."""
        return SnapshotIndex(self.client[rows], self.as_of[rows])


@dataclass(frozen=True, slots=True)
class Panel:
    """Some clients' snapshots, sorted by lane and as-of, and the event rows of the lanes, sorted by time.

    `place[i]` is where snapshot i stood in the index asked for. Lane l holds `rows[start[l]:start[l + 1]]`.
    """

    table: EventTable
    place: Rows
    lane: Rows
    as_of: IntArray
    client: NDArray[np.int32]  # of each lane
    start: Rows
    rows: Rows

    def __len__(self) -> int:
        return len(self.as_of)

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return len(self.client)

    def column(self, name: str) -> Column:
        """An event column over the panel's rows."""
        column: Column = getattr(self.table, name)
        if column.strides == (0,):  # a column that the table lacks
            return np.broadcast_to(column[:1] if len(column) else column, len(self.rows)) if len(column) else column
        first, last = (int(self.rows[0]), int(self.rows[-1])) if len(self.rows) else (0, -1)
        if last - first + 1 == len(self.rows):  # whole clients side by side, the usual case
            return column[first : last + 1]
        return column[self.rows]

    @property
    def age_days(self) -> FloatArray:
        """Days from each event to the as-of of its lane's last snapshot: of panels cut `apart`, whose lanes have just one."""
        as_of = np.zeros(self.lanes, dtype=np.int64)
        as_of[self.lane] = self.as_of
        lane = np.repeat(np.arange(self.lanes), np.diff(self.start))
        return np.asarray((as_of[lane] - self.column("at")) / US_PER_DAY)


def panels(
    table: EventTable,
    index: SnapshotIndex,
    *,
    apart: bool = False,
    max_rows: int = _MAX_ROWS,
    max_snapshots: int = _MAX_SNAPSHOTS,
) -> Iterator[Panel]:
    """The snapshots as panels of whole clients, each small enough to hold in memory; `apart` gives each a lane of its own."""
    order = np.lexsort((index.as_of, index.client))
    client, as_of = index.client[order], index.as_of[order]
    firsts = np.flatnonzero(np.append(True, client[1:] != client[:-1])) if len(client) else np.empty(0, np.intp)
    ends = np.append(firsts[1:], len(client)).astype(np.intp)
    sizes = np.searchsorted(table.client, client[firsts], "right") - np.searchsorted(
        table.client, client[firsts], "left"
    )
    begun = 0
    while begun < len(firsts):
        stop, rows = begun + 1, int(sizes[begun])
        while stop < len(firsts) and rows + sizes[stop] <= max_rows and ends[stop] - firsts[begun] <= max_snapshots:
            rows += int(sizes[stop])
            stop += 1
        part = slice(firsts[begun], ends[stop - 1])
        yield _panel(table, client[part], as_of[part], order[part], apart=apart)
        begun = stop


def _panel(table: EventTable, client: NDArray[np.int32], as_of: IntArray, place: Rows, *, apart: bool) -> Panel:
    own = np.ones(len(client), dtype=np.bool_) if apart else _missing_something(table, client, as_of) | (client < 0)
    fresh = np.append(True, client[1:] != client[:-1])
    # The shared lane of a client comes first, those of single snapshots after it.
    order = np.lexsort((as_of, own, client))
    client, as_of, place, own = client[order], as_of[order], place[order], own[order]
    fresh = np.append(True, (client[1:] != client[:-1]) | own[1:])
    lane = np.cumsum(fresh) - 1
    last = np.flatnonzero(np.append(fresh[1:], True))
    cut, of = as_of[last], client[last]
    first_row = np.searchsorted(table.client, of, "left")
    counts = np.searchsorted(table.client, of, "right") - first_row
    row_lane = np.repeat(np.arange(len(of)), counts)
    rows = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first_row, counts)
    known = table.known_at[rows] < cut[row_lane]
    rows, row_lane = rows[known], row_lane[known]
    start = np.searchsorted(row_lane, np.arange(len(of) + 1))
    return Panel(table, place, lane, as_of, of, start, rows)


def _missing_something(table: EventTable, client: NDArray[np.int32], as_of: IntArray) -> BoolArray:
    """Which snapshots (sorted by client and as-of) have an event that happened before their as-of and was not yet known."""
    first = np.searchsorted(table.client, client[:1], "left")[0] if len(client) else 0
    last = np.searchsorted(table.client, client[-1:], "right")[0] if len(client) else 0
    late = first + np.flatnonzero(table.known_at[first:last] > table.at[first:last])
    missing = np.zeros(len(client) + 1, dtype=np.int64)
    # A snapshot's place among its client's: few rows are late, so each is looked up on its own key.
    keys = np.empty(len(client), dtype=[("client", np.int64), ("as_of", np.int64)])
    keys["client"], keys["as_of"] = client, as_of
    asked = np.empty(len(late), dtype=keys.dtype)
    asked["client"] = table.client[late]
    asked["as_of"] = table.at[late]
    opens = np.searchsorted(keys, asked, "right")
    asked["as_of"] = table.known_at[late]
    closes = np.searchsorted(keys, asked, "right")
    np.add.at(missing, opens, 1)
    np.add.at(missing, closes, -1)
    return np.asarray(np.cumsum(missing[:-1]) > 0)
