"""Meetings and calls: invitations the client turns down, moves or misses, and phones it does not pick up.

A meeting's fate is booked when it became known: declined or cancelled when that was said, held when its start passed without
such word. Every revision is kept: a fate holds until a later revision of the same meeting says otherwise.
"""

import numpy as np

from churnwatch.core.table import BoolArray, FloatArray, IntArray
from churnwatch.core.types import Direction, Kind, MeetingStatus
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.habit import Habit, changed_rate, rate_change, z_score
from churnwatch.features.kernel.plain import Places
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal
from churnwatch.features.stream import Stream, View

_WINDOW_DAYS = 56.0  # meetings are rare: twice the usual window
_BASELINE_DAYS = 236.0
_MIN_GAPS = 4
_NEVER = np.iinfo(np.int64).max
_REFUSED = (MeetingStatus.DECLINED, MeetingStatus.CANCELLED)


class Fates:
    """What became of meetings, by client: 1 = avoided by the client, 0 = held, NaN = called off by us."""

    def __init__(self, facts: Facts) -> None:
        rows = np.flatnonzero(facts.is_kind(Kind.MEETING))
        lane, meeting = facts.lane[rows], facts.column("thread")[rows]
        order = np.lexsort((rows, meeting, lane))
        rows, lane, meeting = rows[order], lane[order], meeting[order]
        at, starts_at, status = facts.at[rows], facts.column("starts_at")[rows], facts.column("status")[rows]
        same = np.append((lane[1:] == lane[:-1]) & (meeting[1:] == meeting[:-1]), False)[: len(rows)]
        void_at = np.where(same, np.append(at[1:], 0)[: len(rows)], _NEVER)
        by_client = facts.column("direction")[rows] == Direction.IN
        refused = np.isin(status, _REFUSED)
        avoided = np.where(
            refused, np.where(by_client, 1.0, np.nan), np.where(status == MeetingStatus.NO_SHOW, 1.0, 0.0)
        )
        booked = np.where(refused, at, np.maximum(starts_at, at))
        stands = np.flatnonzero(void_at > booked)
        stands = stands[np.lexsort((rows[stands], booked[stands], lane[stands]))]
        self.view = facts.ask(facts.stream(lane[stands], booked[stands], rows[stands]))
        self.avoided, self.void_at = avoided[stands], void_at[stands]
        self.decider = facts.column("decider")[rows[stands]]

    def standing(self, from_days: float, to_days: float) -> tuple[Places, Places]:
        """The fates of a window that no later revision has made void by the as-of: each one's snapshot and place."""
        query, place = self.view.written_out(self.view.window(from_days, to_days))
        stands = self.void_at[place] >= self.view.instant[query]
        return query[stands], place[stands]

    def changed(self, facts: Facts, hit: FloatArray, habit: Habit, least: tuple[int, int]) -> Measure:
        """Change (dR) of a yes or no of the fates, 56 days against the 180 before; NaN values do not count."""
        recent, past = (
            self._counted(hit, *window, facts.size) for window in ((_WINDOW_DAYS, 0.0), (_BASELINE_DAYS, _WINDOW_DAYS))
        )
        pool = facts.survey.rate(habit, facts.as_of, facts.panel.table.channels, None)
        return changed_rate(recent, past, pool, least)

    def _counted(self, hit: FloatArray, from_days: float, to_days: float, size: int) -> tuple[FloatArray, FloatArray]:
        query, place = self.standing(from_days, to_days)
        says = ~np.isnan(hit[place])
        return segments.count(query, size, says), segments.count(query, size, says & (hit[place] > 0.5))


def fates(facts: Facts) -> Fates:
    """What became of the meetings, worked out once for a panel."""
    return facts.once("fates", lambda: Fates(facts))


def _avoided(facts: Facts) -> tuple[View, FloatArray]:
    return _of_the_pool(facts, fates(facts).avoided)


def _without_decider(facts: Facts) -> tuple[View, FloatArray]:
    return _of_the_pool(facts, _undecided_meetings(facts))


def _undecided_meetings(facts: Facts) -> FloatArray:
    """1 = held without a decision-maker, 0 = held with one, NaN = not held, or nobody is known to decide."""
    found = fates(facts)
    return np.where((found.avoided == 0) & (found.decider >= 0), found.decider == 0, np.nan)


def _of_the_pool(facts: Facts, values: FloatArray) -> tuple[View, FloatArray]:
    """Values of fates for the pool: a fate that was void by the Monday after says nothing, as no pool could see it."""
    found = fates(facts)
    day = facts.calendar.local_day(found.view.stream.booked).astype(np.int64)
    monday = facts.calendar.midnights(day - (day + 3) % 7 + 7)
    return found.view, np.where(found.void_at < monday, np.nan, values)


def _calls(facts: Facts) -> View:
    return facts.once("calls", lambda: facts.ask(facts.by_lane(facts.is_kind(Kind.CALL))))


def _missed(facts: Facts) -> tuple[View, FloatArray]:
    rows = _calls(facts).stream.row
    answered = facts.column("answered")[rows]
    ours = facts.column("direction")[rows] == Direction.OUT
    return _calls(facts), np.where(ours & (answered >= 0), answered == 0, np.nan)


def _talk(facts: Facts) -> tuple[View, FloatArray]:
    rows = _calls(facts).stream.row
    talked = facts.column("answered")[rows] == 1
    return _calls(facts), np.where(talked, np.log1p(facts.column("duration_s")[rows]), np.nan)


AVOIDED = Habit("meetings_avoided", _avoided, typical=0.12)
WITHOUT_DECIDER = Habit("meetings_without_decider", _without_decider, typical=0.4)
MISSED_CALLS = Habit("missed_calls", _missed, typical=0.15)
TALK = Habit("talk_seconds", _talk, typical=6.0, spread=0.9, between=0.6)


def meeting_avoidance(facts: Facts) -> Measure:
    """Change (dR) of meetings the client declined, cancelled or missed among those settled, 56 d; NaN under 3 before or 1 recent."""
    return fates(facts).changed(facts, fates(facts).avoided, AVOIDED, (3, 1))


def meeting_moves(facts: Facts) -> Measure:
    """Change of the client's moves per meeting, 56 d against the 180 d before; NaN under 3 meetings before or 1 recent."""
    view = facts.ask(facts.by_lane(_their_moves(facts)))
    rates, counts = [], []
    for window in ((_WINDOW_DAYS, 0.0), (_BASELINE_DAYS, _WINDOW_DAYS)):
        n = segments.count(fates(facts).standing(*window)[0], facts.size)
        rates.append((view.count(*window) + 0.3) / (n + 2))
        counts.append(n)
    enough = (counts[0] >= 1) & (counts[1] >= 3)
    return Measure(np.where(enough, rates[0] - rates[1], np.nan), now=rates[0], before=rates[1])


def _their_moves(facts: Facts) -> BoolArray:
    moved = facts.column("status") == MeetingStatus.MOVED
    return np.asarray(facts.is_kind(Kind.MEETING) & facts.is_from(Direction.IN) & moved)


def meeting_silence(facts: Facts) -> Measure:
    """-log10 of the share of own gaps between held meetings and talks at least as long as the present one; NaN under 4 gaps.

    A meeting counts until a later revision says otherwise. `now` = days since the last, `before` = own 90 % gap.
    """
    met, day = _met(facts)
    begins = np.zeros(len(day), dtype=np.bool_)
    begins[met.stream.start[:-1][np.diff(met.stream.start) > 0]] = True
    gap = np.diff(day, prepend=0)[~begins].astype(np.float64)
    gaps = met.only(~begins)
    recency = met.age_days(met.stream.booked)
    n = gaps.count()
    longer = gaps.at_least(gap, gaps.window(), recency)
    value = np.where(n >= _MIN_GAPS, -np.log10((longer + 1) / (n + 1)), np.nan)
    return Measure(value, now=recency, before=gaps.quantile(gap, gaps.window(), 0.9))


def _met(facts: Facts) -> tuple[View, IntArray]:
    """Days with a held meeting or a talk as each snapshot knows them, and their dates.

    They are those of the client's lane; a snapshot that sees a meeting of which a later revision says otherwise has its own.
    """
    found, calls = fates(facts), np.flatnonzero(facts.is_kind(Kind.CALL) & (facts.column("answered") == 1))
    held, lasts = found.avoided == 0, found.void_at == _NEVER
    stream, chosen = found.view.stream, held & lasts
    lane = np.concatenate([stream.key[chosen], facts.lane[calls]])
    booked = np.concatenate([stream.booked[chosen], facts.at[calls]])
    row = np.concatenate([stream.row[chosen], calls])
    lasting = facts.ask(_by_day(facts, lane, booked, row, facts.panel.lanes))

    passing = found.view.only(held & ~lasts)
    snapshot, place = passing.written_out(passing.window())
    stands = found.void_at[held & ~lasts][place] >= facts.as_of[snapshot]
    place = place[stands]
    apart, own = np.unique(snapshot[stands], return_inverse=True)
    low, high = lasting.window()
    again, known = lasting.written_out((low[apart], high[apart]))
    booked = np.concatenate([lasting.stream.booked[known], passing.stream.booked[place]])
    row = np.concatenate([lasting.stream.row[known], passing.stream.row[place]])
    of_apart = _by_day(facts, np.concatenate([again, own]), booked, row, len(apart))

    booked, row = (
        np.concatenate([getattr(one, name) for one in (lasting.stream, of_apart)]) for name in ("booked", "row")
    )
    start = np.append(lasting.stream.start[:-1], len(lasting.stream) + of_apart.start)
    key = facts.snapshot_lane.copy()
    key[apart] = facts.panel.lanes + np.arange(len(apart))
    view = View(Stream(booked, start, row), key, facts.as_of, np.arange(facts.size), facts.kernel)
    return view, facts.calendar.local_day(booked).astype(np.int64)


def _by_day(facts: Facts, key: Places, booked: IntArray, row: Places, keys: int) -> Stream:
    """The first of each key's facts on each day."""
    order = np.lexsort((row, booked, key))
    key, booked, row = key[order], booked[order], row[order]
    first = segments.first_of_run(key, facts.calendar.local_day(booked))
    return Stream(booked[first], np.searchsorted(key[first], np.arange(keys + 1)), row[first])


def missed_calls(facts: Facts) -> Measure:
    """Change (dR) of our calls that the client did not answer, 56 d; NaN under 3 calls before or 2 recent."""
    return rate_change(facts, MISSED_CALLS, (3, 2), _WINDOW_DAYS, _BASELINE_DAYS)


def call_shrink(facts: Facts) -> Measure:
    """Z of log(1 + talk seconds) per answered call; NaN under 4 calls in B or 1 in W. `now`, `before` in seconds."""
    return z_score(facts, TALK, (4, 1), shown=np.expm1)


def decision_maker_absent(facts: Facts) -> Measure:
    """Change (dR) of held meetings to which no decision-maker was invited, 56 d; NaN under 4 before or 1 recent, or where none is known."""
    return fates(facts).changed(facts, _undecided_meetings(facts), WITHOUT_DECIDER, (4, 1))


def _turned_down(facts: Facts) -> FloatArray:
    return _settled(facts, fates(facts).avoided == 1)


def _undecided(facts: Facts) -> FloatArray:
    return _settled(facts, _undecided_meetings(facts) == 1)


def _settled(facts: Facts, fate: BoolArray) -> FloatArray:
    found = fates(facts)
    chosen = np.zeros(len(facts.lane), dtype=np.bool_)
    chosen[found.view.stream.row[fate & (found.void_at == _NEVER)]] = True
    return _recent(facts, chosen)


def _moved(facts: Facts) -> FloatArray:
    return _recent(facts, _their_moves(facts))


def _not_answered(facts: Facts) -> FloatArray:
    ours = facts.is_kind(Kind.CALL) & facts.is_from(Direction.OUT)
    return _recent(facts, ours & (facts.column("answered") == 0))


def _recent(facts: Facts, rows: BoolArray) -> FloatArray:
    return np.where(
        rows & (facts.panel.age_days <= _WINDOW_DAYS), 1.0 / (1.0 + np.maximum(facts.panel.age_days, 0)), 0.0
    )


SIGNALS = (
    Signal("meeting_avoidance", Family.MEETINGS, "log_odds", "higher", "56 d against 180 d", "3 meetings before, 1 recent",
           "share of meetings the client declined, cancelled or missed", "доля встреч, от которых клиент уклонился",
           "practice", meeting_avoidance, shown_in="share", evidence=_turned_down, habits=(AVOIDED,)),
    Signal("meeting_moves", Family.MEETINGS, "ratio", "higher", "56 d against 180 d", "3 meetings before, 1 recent",
           "how often the client moves a meeting", "как часто клиент переносит встречи",
           "practice", meeting_moves, shown_in="ratio", evidence=_moved),
    Signal("meeting_silence", Family.MEETINGS, "decades", "higher", "all", "4 gaps",
           "how unusually long there has been no meeting or call", "насколько необычно давно не было встреч и звонков",
           "practice", meeting_silence, shown_in="days"),
    Signal("missed_calls", Family.MEETINGS, "log_odds", "higher", "56 d against 180 d", "3 calls before, 2 recent",
           "share of our calls the client did not pick up", "доля наших звонков, на которые клиент не ответил",
           "practice", missed_calls, shown_in="share", evidence=_not_answered, habits=(MISSED_CALLS,)),
    Signal("call_shrink", Family.MEETINGS, "z", "lower", "28 d against 180 d", "4 calls in B, 1 in W",
           "how much shorter the calls are than they used to be", "насколько короче обычного разговоры",
           "practice", call_shrink, shown_in="seconds", habits=(TALK,)),
    Signal("decision_maker_absent", Family.MEETINGS, "log_odds", "higher", "56 d against 180 d", "4 meetings before, 1 recent",
           "share of held meetings without the decision-maker", "доля встреч без того, кто принимает решения",
           "practice", decision_maker_absent, shown_in="share", evidence=_undecided, habits=(WITHOUT_DECIDER,)),
)  # fmt: skip
