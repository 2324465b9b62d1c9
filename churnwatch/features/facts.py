"""What signals need of a panel, booked once: messages, days with a sign of life, turns and their waits, by client and by contact.

Each fact carries the moment it became known: a wait is booked when the answer comes, a settled meeting when its fate is known.
"""

from collections.abc import Callable
from functools import cached_property
from types import ModuleType
from typing import TypeVar, cast

import numpy as np

from churnwatch.core.calendar import BusinessCalendar, Clocks
from churnwatch.core.panel import Panel
from churnwatch.core.table import US_PER_DAY, US_PER_HOUR, BoolArray, Column, FloatArray, IntArray
from churnwatch.core.types import Direction, Kind
from churnwatch.features import segments
from churnwatch.features.absences import Absences
from churnwatch.features.kernel import plain
from churnwatch.features.kernel.plain import Places, Runs
from churnwatch.features.parties import Parties
from churnwatch.features.past import Past, laid
from churnwatch.features.stream import Back, Stream, View
from churnwatch.features.survey import Survey

Product = TypeVar("Product")

PAUSE_DAYS = 90.0  # after so long a quiet a thread begins anew: nobody waits for an answer any more
_BREAK_HOURS_IN_THREAD = 72.0  # quiet after which the next message opens a conversation
_BREAK_HOURS_IN_STREAM = 4.0  # where a channel has no threads


class Facts:
    """A panel with its booked facts. Row arrays are in panel order; streams by lane ask from snapshots, by party from seats.

    With a `past` (of the table's clients) the facts that it holds come before those of the rows; their row is -1.
    """

    def __init__(
        self,
        panel: Panel,
        calendar: BusinessCalendar,
        survey: Survey | None = None,
        kernel: ModuleType = plain,
        past: Past | None = None,
    ) -> None:
        self.panel = panel
        self.calendar = calendar
        self.survey = survey or Survey()
        self.kernel = kernel
        self.past = past.of(panel.client.astype(np.int64)) if past is not None else Past.nothing(panel.lanes)
        self.size = len(panel)
        self.as_of = panel.as_of
        self.snapshot_lane = panel.lane
        self.day = calendar.local_day(panel.as_of).astype(np.int64)
        self._shared: dict[object, object] = {}

    # --- rows

    def column(self, name: str) -> Column:
        """An event column over the panel's rows."""
        return self.panel.column(name)

    @cached_property
    def lane(self) -> Places:
        """The lane of each row."""
        return np.repeat(np.arange(self.panel.lanes), np.diff(self.panel.start))

    @cached_property
    def as_of_lane(self) -> IntArray:
        """The as-of of each lane's last snapshot."""
        found = np.zeros(self.panel.lanes, dtype=np.int64)
        found[self.snapshot_lane] = self.as_of
        return found

    @cached_property
    def at(self) -> IntArray:
        """When each event happened."""
        return self.column("at")

    def is_kind(self, kind: Kind | int) -> BoolArray:
        """Which rows are of one kind."""
        return np.asarray(self.column("kind") == int(kind))

    def is_from(self, direction: Direction) -> BoolArray:
        """Which rows come from one side."""
        return np.asarray(self.column("direction") == int(direction))

    @cached_property
    def talk(self) -> BoolArray:
        """Messages that are conversation: automatic ones are not."""
        return np.asarray(self.is_kind(Kind.MESSAGE) & ~self.column("automatic"))

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
        called = self.is_kind(Kind.CALL) & ((self.column("answered") == 1) | self.is_from(Direction.IN))
        return np.asarray(self.inbound | called)

    @cached_property
    def new(self) -> BoolArray:
        """Rows whose facts the past does not hold already."""
        return np.asarray(self.at >= self.past.since[self.lane])

    # --- streams and views

    @cached_property
    def back(self) -> Back:
        """The firm's midnights so many days before each snapshot's as-of."""
        return Back(self.calendar, self.as_of)

    def by_lane(self, rows: BoolArray) -> Stream:
        """Some rows as facts booked when they happened, by lane."""
        chosen = np.flatnonzero(rows)
        return Stream(self.at[chosen], np.searchsorted(chosen, self.panel.start), chosen)

    def stream(self, lane: Places, booked: IntArray, row: Places, order: Places | None = None) -> Stream:
        """Facts as a stream by lane; `order` sorts them by lane and booking where they do not stand so."""
        if order is not None:
            lane, booked, row = lane[order], booked[order], row[order]
        return Stream(booked, np.searchsorted(lane, np.arange(self.panel.lanes + 1)), row)

    def stream_of(self, key: Places, row: Places, keys: int) -> Stream:
        """Rows as facts by a key of one's own, in which they are sorted."""
        return Stream(self.at[row], np.searchsorted(key, np.arange(keys + 1)), row)

    def once(self, name: object, work_out: Callable[[], Product]) -> Product:
        """What several signals share, worked out once for this panel."""
        if name not in self._shared:
            self._shared[name] = work_out()
        return cast("Product", self._shared[name])

    def ask(self, stream: Stream) -> View:
        """A stream by lane as the snapshots see it."""
        return View(stream, self.snapshot_lane, self.as_of, np.arange(self.size), self.kernel, back=self.back)

    def seats(self, stream: Stream) -> View:
        """A stream by party as the snapshots see it: one query per snapshot and party that was heard of lately."""
        parties = self.parties
        instant, snapshot = self.as_of[parties.snapshot], parties.snapshot
        return View(stream, parties.seat, instant, snapshot, self.kernel, by_party=True, back=self.back)

    def by_party(self, stream: Stream, party: Places) -> tuple[Stream, Places]:
        """The facts of a stream by party instead of lane, and each one's place in the stream given."""
        order, start = self.kernel.grouped(party, len(self.parties))
        return Stream(stream.booked[order], start, stream.row[order]), order

    def over_seats(self, values: FloatArray, snapshot: Places) -> FloatArray:
        """Totals over the seats of each snapshot."""
        return segments.total(values, snapshot, self.size)

    @cached_property
    def received(self) -> View:
        """The client's messages."""
        past, own = self.past, self.by_lane(self.inbound & self.new)
        if not len(past.received):
            return self.ask(own)
        earlier, later, start = laid(past.received_start, own.start)
        booked, row = np.empty(start[-1], dtype=np.int64), np.full(start[-1], -1, dtype=np.int64)
        booked[earlier], booked[later], row[later] = past.received, own.booked, own.row
        return self.ask(Stream(booked, start, row))

    @cached_property
    def sent(self) -> View:
        """Our messages."""
        return self.ask(self.by_lane(self.outbound))

    @cached_property
    def parties(self) -> Parties:
        """Who at the client talks with us through which channel."""
        return Parties.of(self)

    @cached_property
    def theirs(self) -> View:
        """The client's messages, by party."""
        written = self.by_lane(self.inbound)
        stream, _ = self.by_party(written, self.parties.of_row[written.row])
        return self.seats(stream)

    # --- days with a sign of life

    @cached_property
    def days(self) -> "Days":
        """Days with a sign of life of the client."""
        return Days(self)

    @cached_property
    def recency_days(self) -> FloatArray:
        """Days since the last sign of life, NaN when there was none."""
        return self.days.view.age_days(self.days.last_at)

    @cached_property
    def tenure_days(self) -> FloatArray:
        """Days since the first sign of life, NaN when there was none."""
        return self.days.view.age_days(self.days.view.stream.booked, oldest=True)

    @cached_property
    def silent_hours(self) -> FloatArray:
        """Business hours since the last sign of life, NaN without one."""
        view = self.days.view
        some = np.flatnonzero(view.before() > view.stream.start[view.key])
        place = view.before()[some] - 1
        found = np.full(self.size, np.nan)
        found[some] = self.hours(self.days.last_at[place], self.as_of[some], view.key[some], self.days.person[place])
        return found

    # --- business time

    @cached_property
    def absences(self) -> Absences:
        """Declared absences, during which the clocks stand still."""
        return Absences.of(self)

    @cached_property
    def _clocks(self) -> tuple[Clocks, Places]:
        countries = self.panel.table.countries
        distinct = tuple(dict.fromkeys(country for country in countries if country))
        place = {country: code for code, country in enumerate(distinct, start=1)}
        of_client = np.array([*(place.get(country or "", 0) for country in countries), 0], dtype=np.int64)
        return Clocks(self.calendar, (None, *distinct)), of_client[self.panel.client]

    def elapsed(self, instants: IntArray, lane: Places) -> IntArray:
        """The business clock of the lane's client at some instants, in microseconds: both offices must be open."""
        clocks, code = self._clocks
        return clocks.elapsed(instants, code[lane])

    def later(self, instants: IntArray, hours: FloatArray, lane: Places) -> IntArray:
        """The instants at which so many business hours more have passed for the lane's client."""
        clocks, code = self._clocks
        return clocks.later(instants, np.round(hours * US_PER_HOUR).astype(np.int64), code[lane])

    def hours(self, start: IntArray, end: IntArray, lane: Places, party: Places | None = None) -> FloatArray:
        """Business hours between instants; with `party` (-1 = nobody), without those in which that contact was away."""
        spent = self.elapsed(end, lane) - self.elapsed(start, lane)
        if party is not None and len(self.absences):
            spent = spent - (self.absences.elapsed(self, end, party) - self.absences.elapsed(self, start, party))
        return spent / US_PER_HOUR

    # --- turns

    @cached_property
    def _talk_rows(self) -> Places:
        return np.flatnonzero(self.talk)

    @cached_property
    def _runs(self) -> tuple[Runs, IntArray]:
        rows = self._talk_rows
        expects = self.column("expects_reply")[rows] != 0
        runs, quiet = self.kernel.turns(
            self.lane[rows],
            self.threads[rows],
            self.inbound[rows],
            expects,
            self.at[rows],
            round(PAUSE_DAYS * US_PER_DAY),
        )
        return runs, quiet

    @cached_property
    def turns(self) -> "Turns":
        """The conversation as turns."""
        return Turns(self, self._runs[0], self._talk_rows)

    @cached_property
    def openings(self) -> View:
        """Messages that open a conversation: the first of a thread, or after a break."""
        quiet = self._runs[1]
        streamed = self.threads[self._talk_rows] < 0
        limit = np.where(streamed, _BREAK_HOURS_IN_STREAM, _BREAK_HOURS_IN_THREAD) * US_PER_HOUR
        opens = np.zeros(len(self.lane), dtype=np.bool_)
        opens[self._talk_rows[(quiet < 0) | (quiet > limit)]] = True
        return self.ask(self.by_lane(opens))

    @cached_property
    def threads(self) -> IntArray:
        """A thread number per row: the given thread, else the root of the chain of answers, else (below 0) the channel's stream.

        A message without either starts a thread of its own once its channel has shown that it knows answers.
        """
        given = self.column("thread").astype(np.int64)
        if not self.panel.table.answers.any():
            return np.where(given >= 0, given, -2 - self.column("channel").astype(np.int64))
        rows = np.arange(len(given))
        parent = self._parent_rows()
        root = np.where(parent >= 0, parent, rows)
        while not np.array_equal(further := root[root], root):
            root = further
        answering = self.survey.answering_since(self.panel.table.channels, self.column("channel"))
        chained = (parent >= 0) | self.column("answers") | (self.at >= answering)
        top = int(given.max(initial=0)) + 1
        return np.where(given >= 0, given, np.where(chained, top + root, -2 - self.column("channel").astype(np.int64)))

    def _parent_rows(self) -> Places:
        """The panel row of each message's parent, -1 where it is not in the lane."""
        parent = self.column("parent")
        rows = self.panel.rows
        asks = np.flatnonzero(parent >= 0)
        low, high = self.panel.start[self.lane[asks]], self.panel.start[self.lane[asks] + 1]
        found = np.full(len(rows), -1, dtype=np.int64)
        place = self.kernel.bounds(rows, self.panel.start, self.lane[asks], parent[asks])
        there = (place < high) & (place >= low)
        there[there] = rows[place[there]] == parent[asks][there]
        found[asks[there]] = place[there]
        return found


class Days:
    """Days of the firm's calendar on which the client showed life; a day is booked with its first sign."""

    def __init__(self, facts: Facts) -> None:
        rows = np.flatnonzero(facts.alive & facts.new)
        lane, day = facts.lane[rows], facts.calendar.local_day(facts.at[rows]).astype(np.int64)
        fresh = np.append(True, (lane[1:] != lane[:-1]) | (day[1:] != day[:-1]))[: len(rows)]
        begins = np.flatnonzero(fresh)
        ends = np.append(begins[1:], len(rows))[: len(begins)] - 1
        own = np.searchsorted(lane[begins], np.arange(facts.panel.lanes + 1))
        earlier, later, start = laid(facts.past.days_start, own)

        def both(past: IntArray, now: IntArray) -> IntArray:
            joined = np.empty(start[-1], dtype=np.int64)
            joined[earlier], joined[later] = past, now
            return joined

        nobody = np.full(len(earlier), -1)
        stream = Stream(both(facts.past.day_first, facts.at[rows[begins]]), start, both(nobody, rows[begins]))
        self.view = facts.ask(stream)
        self.day = facts.calendar.local_day(stream.booked).astype(np.int64)
        self.last_at = both(facts.past.day_last, facts.at[rows[ends]])
        # The clock of silence stands still while the person whom we heard from last is away.
        told = facts.parties.person_of_row[rows[ends]] if len(facts.absences) else np.full(len(begins), -1)
        self.person = both(nobody, told)
        # A lane's first day ends no gap: gaps are a stream of their own.
        key = stream.key
        gap_ends = np.flatnonzero(np.append(False, key[1:] == key[:-1])[: len(key)])
        gaps = np.searchsorted(key[gap_ends], np.arange(facts.panel.lanes + 1))
        self.gaps = facts.ask(Stream(stream.booked[gap_ends], gaps, stream.row[gap_ends]))
        self.gap_days = (self.day[gap_ends] - self.day[gap_ends - 1]).astype(np.float64)
        self.quiet = np.full(len(stream), np.nan)  # business hours until the next day, NaN after the last
        self.quiet[earlier] = facts.past.day_quiet
        since = gap_ends[np.isnan(self.quiet[gap_ends - 1])] - 1
        self.quiet[since] = facts.hours(self.last_at[since], stream.booked[since + 1], key[since], self.person[since])
        self.gap_hours = self.quiet[gap_ends - 1]

    @cached_property
    def long_gap(self) -> FloatArray:
        """The client's own gap in days that nine in ten do not exceed, NaN without a gap."""
        return self.gaps.quantile(self.gap_days, self.gaps.window(), 0.9)


class Turns:
    """One row per turn in the order of their first messages: runs of messages of one side in one thread."""

    def __init__(self, facts: Facts, runs: Runs, talk_rows: Places) -> None:
        self.first = talk_rows[runs.first]
        self.asked = np.where(runs.asked >= 0, talk_rows[runs.asked], -1) if len(talk_rows) else runs.asked
        self.answered = np.where(runs.answered >= 0, talk_rows[runs.answered], -1) if len(talk_rows) else runs.answered
        self.messages = runs.messages
        self.theirs = facts.inbound[self.first]
        self.lane = facts.lane[self.first]
        self.started_at = facts.at[self.first]
