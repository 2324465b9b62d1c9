"""What is learned of the whole firm before any client is measured: its pools of habits, its ebb and flow, its channels' manners.

Everything is as of a date, from facts known before it. Pools are of the Monday (of the firm) on or before the as-of, and are
learned on at most `POOL_CLIENTS` clients, chosen by the hash of their id; counts of messages are of all clients and add up, so
that a firm can be surveyed in parts.
"""

from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import Panel, SnapshotIndex, panels
from churnwatch.core.table import US_PER_DAY, BoolArray, EventTable, FloatArray, IntArray, hash_ids
from churnwatch.core.types import Direction, Kind
from churnwatch.features.habit import Habit, Level, known
from churnwatch.features.kernel.plain import MAD_TO_SD, Places

if TYPE_CHECKING:
    from churnwatch.features.facts import Facts

POOL_CLIENTS = 400
FIRM_WINDOWS_DAYS = (0, 60, 425)  # how far back the firm's messages are counted
_STATED_STRENGTH = 50.0  # observations that what is stated counts for in a pool
_DIFFERENCE_TO_SD = MAD_TO_SD / np.sqrt(2)  # of the absolute difference of two independent values
_STEP_DAYS = 90  # facts further apart say nothing of how evenly somebody goes on
_MOST_WEIGHT, _LEAST_WEIGHT = 5.0, 0.05  # observations that a pool's centre may count for


@dataclass(frozen=True, slots=True)
class FirmCounts:
    """Counts over a firm, or a part of it: parts add up.

    `inbound[i]` is how many client messages were known before `edges[i]`; `answering` when each channel first showed that its
    messages name what they answer.
    """

    edges: IntArray
    inbound: IntArray
    answering: Mapping[str, int]

    def __add__(self, other: "FirmCounts") -> "FirmCounts":
        earliest = dict(self.answering)
        for channel, since in other.answering.items():
            earliest[channel] = min(since, earliest.get(channel, since))
        return FirmCounts(self.edges, self.inbound + other.inbound, earliest)


@dataclass(frozen=True, slots=True)
class Pooled:
    """One habit over the firm, by (date, channel; the last column is any channel): how many facts, and what they say."""

    n: FloatArray
    centre: FloatArray  # of a level: its median; of a rate: the rate
    spread: FloatArray  # within one party
    between: FloatArray  # among parties


@dataclass(frozen=True, slots=True)
class Survey:
    """What the firm as a whole says; an empty one says what is stated."""

    counts: FirmCounts = field(default_factory=lambda: FirmCounts(_NONE, _NONE, {}))
    dates: IntArray = field(default_factory=lambda: _NONE)  # of the pools
    channels: tuple[str, ...] = ()
    pools: Mapping[str, Pooled] = field(default_factory=lambda: MappingProxyType({}))

    def level(self, habit: Habit, as_of: IntArray, channels: Sequence[str], channel: Places | None) -> Level:
        """What the pool says of a level; `channel` are codes into `channels`, None = over all."""
        n, centre, spread, between = self._pooled(habit, as_of, channels, channel)
        share = n / (n + _STATED_STRENGTH)
        stated = habit.spread or 1.0
        spread2 = share * spread**2 + (1 - share) * stated**2
        between2 = share * between**2 + (1 - share) * habit.between**2
        weight = np.clip(spread2 / np.maximum(between2, 1e-12), _LEAST_WEIGHT, _MOST_WEIGHT)
        return Level(share * centre + (1 - share) * habit.typical, np.sqrt(spread2), weight)

    def rate(self, habit: Habit, as_of: IntArray, channels: Sequence[str], channel: Places | None) -> FloatArray:
        """What the pool says of a rate; without channels, over all."""
        n, rate, _, _ = self._pooled(habit, as_of, channels, channel)
        return (n * rate + _STATED_STRENGTH * habit.typical) / (n + _STATED_STRENGTH)

    def _pooled(
        self, habit: Habit, as_of: IntArray, channels: Sequence[str], channel: Places | None
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        pool = self.pools.get(habit.name)
        date = np.searchsorted(self.dates, as_of, "right") - 1
        if pool is None or not len(self.dates):
            return (np.zeros(len(as_of)),) * 4
        column = np.full(len(as_of), -1) if channel is None else self._codes(channels)[channel]
        n, *rest = (part[np.maximum(date, 0), column] for part in (pool.n, pool.centre, pool.spread, pool.between))
        return np.where(date >= 0, n, 0.0), rest[0], rest[1], rest[2]

    def _codes(self, channels: Sequence[str]) -> Places:
        place = {channel: code for code, channel in enumerate(self.channels)}
        return np.array([*(place.get(channel, -1) for channel in channels), -1])

    def answering_since(self, channels: Sequence[str], channel: Places) -> IntArray:
        """Since when each row's channel is known to name what a message answers."""
        never = np.iinfo(np.int64).max
        since = np.array(
            [*(self.counts.answering.get(one, never) for one in channels), self.counts.answering.get("", never)]
        )
        return np.asarray(since[channel])

    def firm_inbound(self, since: IntArray, until: IntArray) -> FloatArray:
        """How many client messages the whole firm received between instants that are among the edges."""
        newest, oldest = (np.searchsorted(self.counts.edges, edge) for edge in (until, since))
        return (self.counts.inbound[newest] - self.counts.inbound[oldest]).astype(np.float64)


_NONE: IntArray = np.empty(0, dtype=np.int64)


def count(table: EventTable, as_of: IntArray, calendar: BusinessCalendar) -> FirmCounts:
    """The counts that snapshots at `as_of` need, over one part of the firm."""
    edges = np.unique(np.concatenate([calendar.midnights_before(as_of, days) for days in FIRM_WINDOWS_DAYS]))
    inbound = (table.kind == Kind.MESSAGE) & (table.direction == Direction.IN) & ~table.automatic
    place = np.searchsorted(edges, table.known_at[inbound], "right")
    known_before = np.cumsum(np.bincount(place, minlength=len(edges) + 1))[: len(edges)]
    answering: dict[str, int] = {}
    for code in np.unique(table.channel[table.answers]):
        rows = table.answers & (table.channel == code)
        answering[table.channels[code] if code >= 0 else ""] = int(table.known_at[rows].min())
    return FirmCounts(edges, known_before.astype(np.int64), answering)


def before_all(dates: IntArray) -> int:
    """The last moment before the pools' first date: who had arrived by then had arrived for all of them."""
    return int(dates[0]) - 1 if len(dates) else 0


def arrivals(table: EventTable, since: int) -> dict[str, int]:
    """When something was first known of each client; `since` for those of whom it was earlier."""
    first = np.full(len(table.clients), np.iinfo(np.int64).max)
    np.minimum.at(first, table.client, table.known_at)
    return dict(zip(table.clients, np.maximum(first, since).tolist(), strict=True))


def pool_clients(arrived: Mapping[str, int]) -> dict[str, int]:
    """The clients whose habits may make the pool on some date, with their arrivals; parts of a firm may be sifted one by one.

    On a date the pool are those with the smallest hashes among all who had arrived: so hardly any changes with one more client,
    and none by one who comes later.
    """
    ids = sorted(arrived)
    if len(ids) <= POOL_CLIENTS:
        return {client: arrived[client] for client in ids}
    hashed = hash_ids(pa.array(ids, pa.large_string())).tolist()
    smallest: list[int] = []  # hashes of those who arrived so far
    chosen = {}
    for at, key, client in sorted(zip((arrived[one] for one in ids), hashed, ids, strict=True)):
        if (place := bisect(smallest, key)) < POOL_CLIENTS:
            chosen[client] = at
            smallest.insert(place, key)
            del smallest[POOL_CLIENTS:]
    return dict(sorted(chosen.items()))


def _members(chosen: Mapping[str, int], clients: Sequence[str], dates: IntArray) -> BoolArray:
    """Which of the clients are in the pool of which date: (clients, dates)."""
    never = np.iinfo(np.int64).max
    arrived = np.array([chosen.get(one, never) for one in clients], dtype=np.int64)
    there = arrived[:, np.newaxis] < dates[np.newaxis, :]
    order = np.argsort(hash_ids(pa.array(list(clients), pa.large_string())), kind="stable")
    found = np.zeros_like(there)
    found[order] = there[order] & (np.cumsum(there[order], axis=0) <= POOL_CLIENTS)
    return found


def pool_dates(as_of: IntArray, calendar: BusinessCalendar) -> IntArray:
    """The Monday midnights on or before the as-ofs."""
    day = calendar.local_day(np.unique(as_of)).astype(np.int64)
    return np.unique(calendar.midnights(day - (day + 3) % 7))  # 1970-01-01 was a Thursday


def pool(
    facts_of: Callable[[Panel], "Facts"],
    table: EventTable,
    dates: IntArray,
    since: IntArray,
    habits: Sequence[Habit],
    counts: FirmCounts,
) -> Survey:
    """Survey the habits of a table's clients (all that may be in a pool are there) on some dates, each from its `since` on.

    The pool takes each event as if it had happened when it became known: so one look at each client's facts serves all dates.
    """
    chosen = pool_clients(arrivals(table, before_all(dates)))
    if not len(dates) or not habits or not chosen:
        return Survey(counts, dates, table.channels, {})
    codes = np.array([code for code, client in enumerate(table.clients) if client in chosen], dtype=np.int32)
    sample = _as_known(table, codes)
    index = SnapshotIndex(codes, np.full(len(codes), dates[-1]))
    said: dict[str, list[_Said]] = {habit.name: [] for habit in habits}
    for panel in panels(sample, index):
        facts = facts_of(panel)
        for habit in habits:
            said[habit.name].append(_said(facts, habit))
    members = _members(chosen, table.clients, dates)
    pools = {
        habit.name: _statistics(_Said.joined(said[habit.name]), habit, (since, dates), members, len(table.channels))
        for habit in habits
    }
    return Survey(counts, dates, table.channels, pools)


def _as_known(table: EventTable, clients: NDArray[np.int32]) -> EventTable:
    """The rows of some clients, each at the moment it became known."""
    chosen = np.zeros(len(table.clients) + 1, dtype=np.bool_)
    chosen[clients] = True
    rows = np.flatnonzero(chosen[table.client])
    rows = rows[np.lexsort((table.known_at[rows], table.client[rows]))]
    taken = table.taken(rows)
    return replace(taken, at=taken.known_at)


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of a habit: when, through which channel (-1 = any), the value, and the step from the party's value before."""

    booked: IntArray
    client: Places
    channel: Places
    value: FloatArray
    step: FloatArray

    @classmethod
    def joined(cls, parts: Sequence["_Said"]) -> "_Said":
        return cls(*(np.concatenate([getattr(one, name) for one in parts]) for name in cls.__slots__))


def _said(facts: "Facts", habit: Habit) -> _Said:
    view, values = known(facts, habit)
    stream = view.stream
    steps = np.append(np.nan, np.abs(np.diff(values)))[: len(values)]
    steps[stream.start[:-1][np.diff(stream.start) > 0]] = np.nan
    steps[np.append(0, np.diff(stream.booked))[: len(values)] > _STEP_DAYS * US_PER_DAY] = np.nan
    channel = facts.parties.channel[stream.key] if view.by_party else np.full(len(stream), -1)
    lane = facts.parties.lane[stream.key] if view.by_party else stream.key
    return _Said(stream.booked, facts.panel.client[lane].astype(np.int64), channel, values, steps)


def _statistics(
    said: _Said, habit: Habit, windows: tuple[IntArray, IntArray], members: BoolArray, channels: int
) -> Pooled:
    """What members say within each date's window, by date and channel; the last column is over all channels."""
    n, centre, spread, between = np.zeros((4, len(windows[1]), channels + 1))
    for column in range(channels + 1):
        rows = np.arange(len(said.booked)) if column == channels else np.flatnonzero(said.channel == column)
        rows = rows[np.argsort(said.booked[rows], kind="stable")]
        edges = [np.searchsorted(said.booked[rows], edge) for edge in windows]
        for date, (low, high) in enumerate(zip(*edges, strict=True)):
            chosen = rows[low:high]
            chosen = chosen[members[said.client[chosen], date]]
            if not len(chosen):
                continue
            value = said.value[chosen]
            n[date, column] = len(chosen)
            if habit.spread is None:
                centre[date, column] = value.mean()
                continue
            centre[date, column] = np.median(value)
            step = said.step[chosen]
            step = step[~np.isnan(step)]
            within = _DIFFERENCE_TO_SD * np.median(step) if len(step) else habit.spread
            whole = MAD_TO_SD * np.median(np.abs(value - centre[date, column]))
            spread[date, column], between[date, column] = within, np.sqrt(max(whole**2 - within**2, 0.0))
    return Pooled(n, centre, spread, between)
