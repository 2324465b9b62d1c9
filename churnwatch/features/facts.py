"""What several signals need of a panel, derived once: turns of the conversation, waits, gaps between signs of life.

A *turn* is a run of messages of one side in one thread; a *wait* is the time from a turn's start to the other side's next turn.
Where an event table has neither threads nor parents, the messages of a channel are one thread.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import Panel
from churnwatch.core.table import NO_TIME, US_PER_DAY, BoolArray, FloatArray, IntArray
from churnwatch.core.types import Direction, Kind
from churnwatch.features import segments

_MAX_CHAIN = 24  # doublings when following parents to a thread's root


@dataclass(frozen=True, slots=True)
class Turns:
    """One row per turn, sorted by (snapshot, thread, time). Waits are in business hours, NaN while open."""

    snap: NDArray[np.intp]
    direction: IntArray
    started_at: IntArray
    ended_at: IntArray
    messages: FloatArray
    expects_reply: BoolArray  # a question or request, or unknown
    opens_thread: BoolArray
    answered_at: IntArray  # start of the other side's next turn in the thread, NO_TIME while open
    wait_hours: FloatArray
    open_hours: FloatArray  # from the start to the as-of, NaN when answered
    age_days: FloatArray  # from the answer, or else the start, to the as-of
    first_row: NDArray[np.intp]  # panel row of the first message


class Facts:
    """A panel with its derived facts; every array is in panel-row order unless it is a `Turns` or a gap."""

    def __init__(self, panel: Panel, calendar: BusinessCalendar) -> None:
        self.panel = panel
        self.calendar = calendar
        self.size = panel.size
        self.snap = panel.snap
        self.age_days = panel.age_days
        self.as_of = panel.index.as_of

    def ints(self, name: str) -> IntArray:
        """A panel column of codes, flags or instants."""
        return self.panel.columns[name].astype(np.int64)

    def floats(self, name: str) -> FloatArray:
        """A panel column of measured numbers."""
        return self.panel.columns[name].astype(np.float64)

    def is_kind(self, kind: Kind) -> BoolArray:
        """Which rows are of one kind."""
        return np.asarray(np.equal(self.ints("kind"), int(kind)))

    def is_from(self, direction: Direction) -> BoolArray:
        """Which rows come from one side."""
        return np.asarray(np.equal(self.ints("direction"), int(direction)))

    @cached_property
    def talk(self) -> BoolArray:
        """Messages that are conversation: automatic ones are not."""
        return np.asarray(self.is_kind(Kind.MESSAGE) & np.equal(self.ints("automatic"), 0))

    @cached_property
    def inbound(self) -> BoolArray:
        """Conversation from the client."""
        return self.talk & self.is_from(Direction.IN)

    @cached_property
    def outbound(self) -> BoolArray:
        """Conversation from us."""
        return self.talk & self.is_from(Direction.OUT)

    @cached_property
    def alive(self) -> BoolArray:
        """Signs of life of the client: its messages and the calls it took or made."""
        answered: BoolArray = np.equal(self.ints("answered"), 1)
        return np.asarray(self.inbound | (self.is_kind(Kind.CALL) & (answered | self.is_from(Direction.IN))))

    @cached_property
    def recency_days(self) -> FloatArray:
        """Days since the last sign of life, NaN when there was none."""
        return segments.smallest(self.age_days[self.alive], self.snap[self.alive], self.size)

    @cached_property
    def tenure_days(self) -> FloatArray:
        """Days since the first sign of life, NaN when there was none."""
        return segments.largest(self.age_days[self.alive], self.snap[self.alive], self.size)

    @cached_property
    def life_gaps(self) -> tuple[FloatArray, NDArray[np.intp], FloatArray]:
        """Whole days between days with a sign of life: (gap, snapshot, age in days of the gap's older end)."""
        return segments.gaps(np.floor(self.age_days[self.alive]), self.snap[self.alive])

    @cached_property
    def long_gap_days(self) -> FloatArray:
        """The client's own gap that nine in ten do not exceed, NaN without a gap."""
        gap, snap, _ = self.life_gaps
        return segments.quantile(gap, snap, self.size, 0.9)

    def inbound_count(self, from_days: float, to_days: float = 0.0) -> FloatArray:
        """Client messages per snapshot with an age in (to_days, from_days]; 0 is inclusive."""
        chosen = self.inbound & (self.age_days <= from_days)
        if to_days > 0:
            chosen &= self.age_days > to_days
        return segments.count(self.snap, self.size, chosen)

    @cached_property
    def thread(self) -> IntArray:
        """A thread number per row: the given thread, else the root of the chain of replies, else the channel's stream."""
        given = self.ints("thread")
        rows = len(self.snap)
        parent = self._parent_rows()
        root = np.where(parent >= 0, parent, np.arange(rows))
        for _ in range(_MAX_CHAIN):
            further = root[root]
            if np.array_equal(further, root):
                break
            root = further
        chained = parent >= 0
        has_child = np.zeros(rows, dtype=np.bool_)
        has_child[parent[chained]] = True
        stream = -2 - self.ints("channel")
        top = int(given.max(initial=0)) + 1
        return np.where(given >= 0, given, np.where(chained | has_child, top + root, stream))

    def _parent_rows(self) -> NDArray[np.intp]:
        """The row of each message's parent within its snapshot, -1 where it is not there or not earlier."""
        rows = len(self.snap)
        key, reply_key = self.ints("key"), self.ints("reply_key")
        order = np.lexsort((key, self.snap))
        mixed = np.empty(rows, dtype=[("snap", np.int64), ("key", np.int64)])
        mixed["snap"], mixed["key"] = self.snap[order], key[order]
        wanted = np.empty(rows, dtype=mixed.dtype)
        wanted["snap"], wanted["key"] = self.snap, reply_key
        parent = np.full(rows, -1, dtype=np.intp)
        asks = np.flatnonzero((reply_key != 0) & (self.ints("thread") < 0))
        if not len(asks):
            return parent
        place = np.searchsorted(mixed, wanted[asks])
        place = np.minimum(place, rows - 1)
        found = (mixed["snap"][place] == self.snap[asks]) & (mixed["key"][place] == reply_key[asks])
        candidate = order[place]
        found &= candidate < asks
        parent[asks[found]] = candidate[found]
        return parent

    @cached_property
    def turns(self) -> Turns:
        """The conversation as turns."""
        rows = np.flatnonzero(self.talk)
        thread = self.thread[rows]
        order = np.lexsort((rows, thread, self.snap[rows]))
        rows, thread = rows[order], thread[order]
        snap, direction = self.snap[rows], self.ints("direction")[rows]
        at = self.ints("at")[rows]
        fresh = segments.first_of_run(snap, thread, direction)
        starts = np.flatnonzero(fresh)
        ends = np.append(starts[1:], len(rows)) - 1 if len(starts) else starts
        turn = np.cumsum(fresh) - 1
        expects = segments.largest((self.ints("expects_reply")[rows] != 0).astype(np.float64), turn, len(starts)) > 0
        opens = segments.first_of_run(snap[starts], thread[starts])
        answered = np.full(len(starts), NO_TIME, dtype=np.int64)
        if len(starts) > 1:
            answered[:-1] = np.where(opens[1:], NO_TIME, at[starts][1:])
        as_of = self.as_of[snap[starts]]
        started = at[starts]
        is_open = answered == NO_TIME
        reference = np.where(is_open, started, answered)
        return Turns(
            snap=snap[starts],
            direction=direction[starts],
            started_at=started,
            ended_at=at[ends],
            messages=(ends - starts + 1).astype(np.float64),
            expects_reply=np.asarray(expects, dtype=np.bool_),
            opens_thread=opens,
            answered_at=answered,
            wait_hours=self.calendar.hours_between(started, answered),
            open_hours=np.where(is_open, self.calendar.hours_between(started, as_of), np.nan),
            age_days=np.maximum((as_of - reference) / US_PER_DAY, 0.0),
            first_row=rows[starts],
        )
