"""Rhythm: the client's silence against its own gaps, and what its gaps were like before.

A gap lies between two days of the firm's calendar with a sign of life (message or call). Silence is measured in business hours,
from the last sign of one day to the first of the next; how regular and how long the gaps are, in days.
"""

import numpy as np

from churnwatch.features import segments
from churnwatch.features.activity import latest
from churnwatch.features.facts import Facts
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal
from churnwatch.features.stream import tally

_MIN_GAPS = 6
_LONG_GAP_DAYS = 60.0  # a pause after which a client counts as having come back


def silence(facts: Facts) -> Measure:
    """-log10 of the share of the client's own gaps at least as long as its present silence, in business hours, smoothed by one.

    Empirical survival (k + 1) / (n + 1), so it grows with the evidence: a silence longer than each of 99 gaps is 2 decades. The
    clock stands still while the person heard from last has declared an absence. NaN under six gaps. `now` = days of silence,
    `before` = the own gap that nine in ten do not exceed. Source: hiatus heuristic, Wuebben 2008, with the own distribution in
    place of a fixed limit.
    """
    gaps = facts.days.gaps
    n = gaps.count()
    longer = gaps.at_least(facts.days.gap_hours, gaps.window(), facts.silent_hours)
    value = -np.log10((longer + 1) / (n + 1))
    return Measure(np.where(n >= _MIN_GAPS, value, np.nan), now=facts.recency_days, before=facts.days.long_gap)


def gap_ratio(facts: Facts) -> Measure:
    """log((1 + days of silence) / (1 + own 90 % gap)); NaN under two gaps."""
    typical = facts.days.long_gap
    value = np.log((1 + facts.recency_days) / (1 + typical))
    return Measure(np.where(facts.days.gaps.count() >= 2, value, np.nan), now=facts.recency_days, before=typical)


def typical_gap(facts: Facts) -> Measure:
    """log(1 + own median gap in days); NaN without a gap."""
    middle = facts.days.gaps.quantile(facts.days.gap_days, facts.days.gaps.window(), 0.5)
    return Measure(np.log1p(middle), now=middle)


def longest_gap(facts: Facts) -> Measure:
    """log(1 + own longest gap in days); NaN without a gap."""
    gaps = facts.days.gaps
    longest = gaps.last(facts.kernel.running_max(facts.days.gap_days, gaps.stream.start))
    return Measure(np.log1p(longest), now=longest)


def recent_gap(facts: Facts) -> Measure:
    """log(1 + mean gap that ended in the last year, the open silence counted as one); NaN without sign of life."""
    gaps = facts.days.gaps
    total = gaps.count(365, 0, _days(facts)) + facts.recency_days
    return Measure(np.log1p(total / (gaps.count(365) + 1)))


def irregularity(facts: Facts) -> Measure:
    """Coefficient of variation of the own gaps (1 = Poisson-like, more = bursts); NaN under six gaps."""
    gaps = facts.days.gaps
    n = gaps.count()
    middle = segments.ratio(gaps.count(sums=_days(facts)), n)
    square = segments.ratio(gaps.count(sums=tally(facts.days.gap_days.astype(np.int64) ** 2)), n)
    value = segments.ratio(np.sqrt(np.maximum(square - middle**2, 0)), np.nan_to_num(middle))
    return Measure(np.where(n >= _MIN_GAPS, value, np.nan))


def returns(facts: Facts) -> Measure:
    """log(1 + how often the client came back after a gap of 60 days or more)."""
    return Measure(np.log1p(facts.days.gaps.count(sums=tally(facts.days.gap_days >= _LONG_GAP_DAYS))))


def _days(facts: Facts) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return tally(facts.days.gap_days.astype(np.int64))


SIGNALS = (
    Signal("silence", Family.RHYTHM, "decades", "higher", "all", "6 gaps",
           "how unusual the present silence is among the client's own gaps",
           "насколько необычно нынешнее молчание среди собственных пауз клиента",
           "hiatus heuristic, Wuebben 2008", silence, shown_in="days", evidence=latest),
    Signal("gap_ratio", Family.RHYTHM, "log", "higher", "all", "2 gaps", "present silence against the client's own long gap",
           "нынешнее молчание против собственной длинной паузы клиента", "practice", gap_ratio, shown_in="days", evidence=latest),
    Signal("typical_gap", Family.RHYTHM, "log", "higher", "all", "1 gap", "the client's own median gap",
           "обычная пауза клиента", "practice", typical_gap, shown_in="days"),
    Signal("longest_gap", Family.RHYTHM, "log", "higher", "all", "1 gap", "the client's own longest gap",
           "самая длинная пауза клиента", "practice", longest_gap, shown_in="days"),
    Signal("recent_gap", Family.RHYTHM, "log", "higher", "365 d", "1 sign of life", "mean gap of the last year with the open silence",
           "средняя пауза за год вместе с нынешним молчанием", "practice", recent_gap),
    Signal("irregularity", Family.RHYTHM, "ratio", "both", "all", "6 gaps", "how irregular the client's gaps are",
           "насколько неровны паузы клиента", "practice", irregularity),
    Signal("returns", Family.RHYTHM, "log", "both", "all", "none", "times the client came back after 60 days or more",
           "сколько раз клиент возвращался после 60 дней и более", "practice", returns),
)  # fmt: skip
