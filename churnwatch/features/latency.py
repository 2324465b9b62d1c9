"""Latency: how long the client lets us wait, against how long it used to, in business hours.

A wait runs from the start of our turn to the start of the client's next turn in the same thread. Waits that are still open are
not dropped: `open_wait` and `no_reply` speak of them.
"""

import numpy as np

from churnwatch.core.table import BoolArray, FloatArray
from churnwatch.core.types import Direction
from churnwatch.features import segments
from churnwatch.features.facts import Facts, Turns
from churnwatch.features.signal import BASELINE_DAYS, WINDOW_DAYS, Family, Measure, Signal, rate_change, z_score

LATENCY_SCALE = 1.5  # doublings: the typical spread of one person's log2 latency
_MIN_WAITS = 5
_OPEN_LIMIT_DAYS = 60.0  # a question older than this is no longer waited for


def waits(turns: Turns, side: Direction) -> FloatArray:
    """log2(1 + business hours) that the other side took to answer each turn of `side`; NaN for open turns and other sides."""
    return np.where(turns.direction == side, np.log2(1 + turns.wait_hours), np.nan)


def latency_z(side: Direction, facts: Facts) -> Measure:
    """Z of log2(1 + business hours until the answer to turns of `side`); `now` and `before` are medians in hours."""
    turns = facts.turns
    return z_score(
        waits(turns, side),
        turns.snap,
        turns.age_days,
        facts.size,
        LATENCY_SCALE,
        (5, 2),
        shown=lambda log2: np.exp2(log2) - 1,
    )


def client_latency_z(facts: Facts) -> Measure:
    """How much later the client answers than its own past; NaN under 5 answers in B or 2 in W. Source: Kooti 2015."""
    return latency_z(Direction.OUT, facts)


def _oldest_open_hours(facts: Facts, side: Direction) -> FloatArray:
    turns = facts.turns
    waiting = (
        (turns.direction == side)
        & turns.expects_reply
        & ~np.isnan(turns.open_hours)
        & (turns.age_days <= _OPEN_LIMIT_DAYS)
    )
    return segments.largest(turns.open_hours[waiting], turns.snap[waiting], facts.size)


def open_wait(facts: Facts) -> Measure:
    """-log10 of the share of own waits at least as long as the oldest open question of ours (smoothed by one), 0 if none is open.

    NaN under five waits. `now` = hours it has been open, `before` = own median wait. Source: Yang 2017.
    """
    turns = facts.turns
    oldest = _oldest_open_hours(facts, Direction.OUT)
    ours = (turns.direction == Direction.OUT) & ~np.isnan(turns.wait_hours)
    n = segments.count(turns.snap, facts.size, ours)
    longer = segments.count(turns.snap, facts.size, ours & (turns.wait_hours >= np.nan_to_num(oldest)[turns.snap]))
    value = np.where(np.isnan(oldest), 0.0, -np.log10((longer + 1) / (n + 1)))
    usual = segments.quantile(turns.wait_hours[ours], turns.snap[ours], facts.size, 0.5)
    return Measure(np.where(n >= _MIN_WAITS, value, np.nan), now=oldest, before=usual)


def no_reply(facts: Facts) -> Measure:
    """Change (dR) of our turns left open past the client's own 90 % wait; NaN under 8 turns in B or 3 in W. Source: Yang 2017."""
    turns = facts.turns
    ours = (turns.direction == Direction.OUT) & turns.expects_reply
    answered = ours & ~np.isnan(turns.wait_hours)
    limit = np.nan_to_num(
        segments.quantile(turns.wait_hours[answered], turns.snap[answered], facts.size, 0.9), nan=24.0
    )
    hit = np.where(ours, 0.0, np.nan)
    hit[ours & (turns.open_hours > limit[turns.snap])] = 1.0
    hit[ours & (turns.open_hours <= limit[turns.snap])] = np.nan  # not due yet
    return rate_change(hit, turns.snap, turns.age_days, facts.size, typical=0.15, least=(8, 3))


def latency_asymmetry(facts: Facts) -> Measure:
    """Change from B to W of log2(client's median wait / our median wait); NaN under 5 each in B or 2 in W. Source: Niculae 2015."""
    turns = facts.turns

    def gap(recent: bool) -> FloatArray:
        inside = (turns.age_days <= WINDOW_DAYS) == recent
        inside &= turns.age_days <= BASELINE_DAYS
        medians = []
        for side in (Direction.OUT, Direction.IN):
            values = waits(turns, side)
            chosen = inside & ~np.isnan(values)
            median = segments.quantile(values[chosen], turns.snap[chosen], facts.size, 0.5)
            enough = segments.count(turns.snap, facts.size, chosen) >= (2 if recent else _MIN_WAITS)
            medians.append(np.where(enough, median, np.nan))
        return medians[0] - medians[1]

    return Measure(gap(recent=True) - gap(recent=False))


def turn_evidence(facts: Facts, chosen: BoolArray, weight: FloatArray) -> FloatArray:
    """Spread the weight of chosen turns onto the panel rows they start at, recent ones only."""
    turns = facts.turns
    rows = np.zeros(len(facts.snap))
    recent = chosen & (turns.age_days <= 2 * WINDOW_DAYS)
    rows[turns.first_row[recent]] = np.nan_to_num(weight[recent])
    return rows


def _slow_answers(facts: Facts) -> FloatArray:
    turns = facts.turns
    return turn_evidence(facts, turns.direction == Direction.OUT, np.fmax(turns.wait_hours, turns.open_hours))


SIGNALS = (
    Signal("client_latency_z", Family.LATENCY, "z", "higher", "28 d against 180 d", "5 answers in B, 2 in W",
           "how much later the client answers than it used to", "насколько позже обычного отвечает клиент",
           "Kooti 2015, Yang 2017", client_latency_z, shown_in="hours", evidence=_slow_answers),
    Signal("open_wait", Family.LATENCY, "decades", "higher", "60 d", "5 waits",
           "how unusually long our oldest question has been open", "насколько необычно долго открыт наш старейший вопрос",
           "Yang 2017", open_wait, shown_in="hours", evidence=_slow_answers),
    Signal("no_reply", Family.LATENCY, "log_odds", "higher", "28 d against 180 d", "8 turns in B, 3 in W",
           "share of our questions left without an answer", "доля наших вопросов, оставшихся без ответа",
           "Yang 2017", no_reply, shown_in="share", evidence=_slow_answers),
    Signal("latency_asymmetry", Family.LATENCY, "log", "higher", "28 d against 180 d", "5 answers of each side in B, 2 in W",
           "the client's waits against ours, compared with before", "ожидание ответа клиента против нашего, в сравнении с прежним",
           "Niculae 2015", latency_asymmetry),
)  # fmt: skip
