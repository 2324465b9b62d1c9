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
    """Some snapshots, sorted by lane and as-of, and the event rows of the lanes, sorted by time.

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
        if last - first + 1 == len(self.rows) and (np.diff(self.client) > 0).all():  # whole clients, the usual case
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
    """The snapshots as panels of whole lanes, each small enough to hold in memory; `apart` gives each a lane of its own.

    A panel has at most `max_rows` rows, copies counted, and `max_snapshots` snapshots, but always one lane at least. Lanes know
    nothing of each other, so that one client's may lie in several panels.
    """
    order = np.lexsort((index.as_of, index.client))
    client, as_of = index.client[order], index.as_of[order]
    firsts = np.flatnonzero(np.append(True, client[1:] != client[:-1])) if len(client) else np.empty(0, np.intp)
    ends = np.append(firsts[1:], len(client)).astype(np.intp)
    # Clients by the piece, because the copies are not known before their snapshots have been looked at.
    for piece in _within(_row_counts(table, client[firsts]), ends - firsts, max_rows, max_snapshots):
        part = slice(firsts[piece][0], ends[piece][-1])
        lanes = _in_lanes(table, client[part], as_of[part], order[part], apart=apart)
        rows = _row_counts(table, lanes.client)
        for some in _within(rows, np.diff(lanes.start), max_rows, max_snapshots):
            yield _panel(table, lanes, some)


@dataclass(frozen=True, slots=True)
class _Lanes:
    """Snapshots sorted by lane and as-of: lane l has `[start[l]:start[l + 1]]` and is of `client[l]`."""

    place: Rows
    as_of: IntArray
    client: NDArray[np.int32]
    start: Rows


def _in_lanes(table: EventTable, client: NDArray[np.int32], as_of: IntArray, place: Rows, *, apart: bool) -> _Lanes:
    own = np.ones(len(client), dtype=np.bool_) if apart else _missing_something(table, client, as_of) | (client < 0)
    # The shared lane of a client comes first, those of single snapshots after it.
    order = np.lexsort((as_of, own, client))
    client, own = client[order], own[order]
    start = np.flatnonzero(np.append(True, (client[1:] != client[:-1]) | own[1:]))
    return _Lanes(place[order], as_of[order], client[start], np.append(start, len(client)))


def _panel(table: EventTable, lanes: _Lanes, some: slice) -> Panel:
    of = lanes.client[some]
    first, ends = lanes.start[some.start], lanes.start[1:][some]
    snapshots = slice(first, ends[-1])
    lane = np.repeat(np.arange(len(of)), np.diff(ends, prepend=first))
    counts = _row_counts(table, of)
    row_lane = np.repeat(np.arange(len(of)), counts)
    rows = np.arange(counts.sum()) + np.repeat(
        np.searchsorted(table.client, of, "left") - np.cumsum(counts) + counts, counts
    )
    known = table.known_at[rows] < lanes.as_of[ends - 1][row_lane]
    rows, row_lane = rows[known], row_lane[known]
    start = np.searchsorted(row_lane, np.arange(len(of) + 1))
    return Panel(table, lanes.place[snapshots], lane, lanes.as_of[snapshots], of, start, rows)


def _row_counts(table: EventTable, client: NDArray[np.int32]) -> Rows:
    """How many rows each of these clients has."""
    return np.searchsorted(table.client, client, "right") - np.searchsorted(table.client, client, "left")


def _within(rows: Rows, snapshots: Rows, max_rows: int, max_snapshots: int) -> Iterator[slice]:
    """Runs of neighbours with no more rows and snapshots together than that; one that is too large alone stands alone."""
    sums = [(np.append(0, np.cumsum(sizes)), most) for sizes, most in ((rows, max_rows), (snapshots, max_snapshots))]
    begun = 0
    while begun < len(rows):
        fits = min(int(np.searchsorted(total, total[begun] + most, "right")) - 1 for total, most in sums)
        stop = max(fits, begun + 1)
        yield slice(begun, stop)
        begun = stop


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
