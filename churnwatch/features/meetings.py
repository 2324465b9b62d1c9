"""Meetings and calls: invitations the client turns down, moves or misses, and phones it does not pick up.

A meeting's fate is booked when it became known: declined or cancelled when that was said, held when its start passed without
such word. Only the newest revision known before the as-of counts for a meeting's state.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.table import US_PER_DAY, BoolArray, FloatArray, IntArray
from churnwatch.core.types import Direction, Kind, MeetingStatus
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.signal import Family, Measure, Signal, rate_change, z_score

_WINDOW_DAYS = 56.0  # meetings are rare: twice the usual window
_MIN_GAPS = 4
_CALL_SCALE = 0.9  # typical spread of one person's log talk seconds


@dataclass(frozen=True, slots=True)
class Meetings:
    """One row per (snapshot, meeting) as known at the as-of."""

    snap: NDArray[np.intp]
    age_days: FloatArray  # of the settled fate; of the last revision while it is still ahead
    avoided: (
        FloatArray  # 1 declined, cancelled by the client or not attended; 0 held; NaN still open or cancelled by us
    )
    moves_by_client: FloatArray
    starts_at: IntArray
    last_row: NDArray[np.intp]


def settled(facts: Facts) -> Meetings:
    """The meetings of a panel with their fate as of each snapshot."""
    rows = np.flatnonzero(facts.is_kind(Kind.MEETING))
    rows = rows[np.lexsort((rows, facts.ints("thread")[rows], facts.snap[rows]))]
    snap, meeting = facts.snap[rows], facts.ints("thread")[rows]
    fresh = segments.first_of_run(snap, meeting)
    number = np.cumsum(fresh) - 1
    starts = np.flatnonzero(fresh)
    last = np.append(starts[1:], len(rows)) - 1 if len(starts) else starts
    status, by_client = facts.ints("status")[rows], facts.ints("direction")[rows] == Direction.IN
    moved = segments.count(number, len(starts), (status == MeetingStatus.MOVED) & by_client)
    final, final_by_client = status[last], by_client[last]
    starts_at = facts.ints("starts_at")[rows][last]
    as_of = facts.as_of[snap[last]]
    refused = np.isin(final, [MeetingStatus.DECLINED, MeetingStatus.CANCELLED])
    avoided = np.full(len(starts), np.nan)
    avoided[~refused & (starts_at < as_of)] = 0.0
    avoided[(refused & final_by_client) | (final == MeetingStatus.NO_SHOW)] = 1.0
    fate_at = np.where(refused, facts.ints("at")[rows][last], np.minimum(starts_at, as_of))
    return Meetings(
        snap[starts], np.maximum((as_of - fate_at) / US_PER_DAY, 0.0), avoided, moved, starts_at, rows[last]
    )


def meeting_avoidance(facts: Facts) -> Measure:
    """Change (dR) of meetings the client declined, cancelled or missed among those settled, 56 d; NaN under 3 in each span."""
    found = settled(facts)
    return rate_change(found.avoided, found.snap, found.age_days, facts.size, 0.12, (3, 1), window_days=_WINDOW_DAYS)


def meeting_moves(facts: Facts) -> Measure:
    """Change of the client's moves per meeting, 56 d against the 180 d before; NaN under 3 meetings before or 1 recent."""
    found = settled(facts)
    recent = found.age_days <= _WINDOW_DAYS
    past = ~recent & (found.age_days <= _WINDOW_DAYS + 180)
    rates, counts = [], []
    for chosen in (recent, past):
        n = segments.count(found.snap, facts.size, chosen)
        moves = segments.total(np.where(chosen, found.moves_by_client, 0.0), found.snap, facts.size)
        rates.append((moves + 0.3) / (n + 2))
        counts.append(n)
    enough = (counts[0] >= 1) & (counts[1] >= 3)
    return Measure(np.where(enough, rates[0] - rates[1], np.nan), now=rates[0], before=rates[1])


def meeting_silence(facts: Facts) -> Measure:
    """-log10 of the share of own gaps between held meetings and talks at least as long as the present one; NaN under 4 gaps.

    `now` = days since the last, `before` = own 90 % gap.
    """
    found = settled(facts)
    held = np.equal(found.avoided, 0.0)
    calls = facts.is_kind(Kind.CALL) & np.equal(facts.ints("answered"), 1)
    snap = np.concatenate([found.snap[held], facts.snap[calls]])
    age = np.floor(np.concatenate([found.age_days[held], facts.age_days[calls]]))
    gap, gap_snap, _ = segments.gaps(age, snap)
    recency = segments.smallest(age, snap, facts.size)
    n = segments.count(gap_snap, facts.size)
    longer = segments.count(gap_snap, facts.size, gap >= recency[gap_snap])
    value = np.where(n >= _MIN_GAPS, -np.log10((longer + 1) / (n + 1)), np.nan)
    return Measure(value, now=recency, before=segments.quantile(gap, gap_snap, facts.size, 0.9))


def missed_calls(facts: Facts) -> Measure:
    """Change (dR) of our calls that the client did not answer, 56 d; NaN under 3 calls before or 2 recent."""
    ours = facts.is_kind(Kind.CALL) & facts.is_from(Direction.OUT)
    answered = facts.ints("answered")
    hit = np.where(ours & (answered >= 0), np.equal(answered, 0).astype(np.float64), np.nan)
    return rate_change(hit, facts.snap, facts.age_days, facts.size, 0.15, (3, 2), window_days=_WINDOW_DAYS)


def call_shrink(facts: Facts) -> Measure:
    """Z of log(1 + talk seconds) per answered call; NaN under 4 calls in B or 1 in W. `now`, `before` in seconds."""
    talked = facts.is_kind(Kind.CALL) & np.equal(facts.ints("answered"), 1)
    values = np.where(talked, np.log1p(facts.floats("duration_s")), np.nan)
    return z_score(values, facts.snap, facts.age_days, facts.size, _CALL_SCALE, (4, 1), shown=np.expm1)


def _turned_down(facts: Facts) -> FloatArray:
    found = settled(facts)
    rows = np.zeros(len(facts.snap))
    chosen = np.equal(found.avoided, 1.0) & (found.age_days <= _WINDOW_DAYS)
    rows[found.last_row[chosen]] = 1.0 / (1.0 + found.age_days[chosen])
    return rows


def _moved(facts: Facts) -> FloatArray:
    return _recent(facts, facts.is_kind(Kind.MEETING) & np.equal(facts.ints("status"), MeetingStatus.MOVED))


def _not_answered(facts: Facts) -> FloatArray:
    return _recent(facts, facts.is_kind(Kind.CALL) & np.equal(facts.ints("answered"), 0))


def _recent(facts: Facts, rows: BoolArray) -> FloatArray:
    return np.where(rows & (facts.age_days <= _WINDOW_DAYS), 1.0 / (1.0 + facts.age_days), 0.0)


SIGNALS = (
    Signal("meeting_avoidance", Family.MEETINGS, "log_odds", "higher", "56 d against 180 d", "3 meetings before, 1 recent",
           "share of meetings the client declined, cancelled or missed", "доля встреч, от которых клиент уклонился",
           "practice", meeting_avoidance, shown_in="share", evidence=_turned_down),
    Signal("meeting_moves", Family.MEETINGS, "ratio", "higher", "56 d against 180 d", "3 meetings before, 1 recent",
           "how often the client moves a meeting", "как часто клиент переносит встречи",
           "practice", meeting_moves, shown_in="ratio", evidence=_moved),
    Signal("meeting_silence", Family.MEETINGS, "decades", "higher", "all", "4 gaps",
           "how unusually long there has been no meeting or call", "насколько необычно давно не было встреч и звонков",
           "practice", meeting_silence, shown_in="days"),
    Signal("missed_calls", Family.MEETINGS, "log_odds", "higher", "56 d against 180 d", "3 calls before, 2 recent",
           "share of our calls the client did not pick up", "доля наших звонков, на которые клиент не ответил",
           "practice", missed_calls, shown_in="share", evidence=_not_answered),
    Signal("call_shrink", Family.MEETINGS, "z", "lower", "28 d against 180 d", "4 calls in B, 1 in W",
           "how much shorter the calls are than they used to be", "насколько короче обычного разговоры",
           "practice", call_shrink, shown_in="seconds"),
)  # fmt: skip
