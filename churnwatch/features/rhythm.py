"""Rhythm: the client's silence against its own gaps, and what its gaps were like before.

A gap is the number of whole days between two days with a sign of life (message or call).
"""

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.signal import Family, Measure, Signal

_MIN_GAPS = 6
_LONG_GAP_DAYS = 60.0  # a pause after which a client counts as having come back


def silence(facts: Facts) -> Measure:
    """-log10 of the share of the client's own gaps at least as long as its present silence, smoothed by one gap.

    Empirical survival (k + 1) / (n + 1), so it grows with the evidence: a silence longer than each of 99 gaps is 2 decades.
    NaN under six gaps. `now` = days of silence, `before` = the own gap that nine in ten do not exceed. Source: hiatus heuristic,
    Wuebben 2008, with the own distribution in place of a fixed limit.
    """
    gap, snap, _ = facts.life_gaps
    recency = facts.recency_days
    n = segments.count(snap, facts.size)
    longer = segments.count(snap, facts.size, gap >= recency[snap])
    value = -np.log10((longer + 1) / (n + 1))
    return Measure(np.where(n >= _MIN_GAPS, value, np.nan), now=recency, before=facts.long_gap_days)


def gap_ratio(facts: Facts) -> Measure:
    """log((1 + days of silence) / (1 + own 90 % gap)); NaN under two gaps."""
    typical = facts.long_gap_days
    enough = segments.count(facts.life_gaps[1], facts.size) >= 2
    return Measure(
        np.where(enough, np.log((1 + facts.recency_days) / (1 + typical)), np.nan),
        now=facts.recency_days,
        before=typical,
    )


def typical_gap(facts: Facts) -> Measure:
    """log(1 + own median gap in days); NaN without a gap."""
    middle = _gap_quantile(facts, 0.5)
    return Measure(np.log1p(middle), now=middle)


def longest_gap(facts: Facts) -> Measure:
    """log(1 + own longest gap in days); NaN without a gap."""
    gap, snap, _ = facts.life_gaps
    longest = segments.largest(gap, snap, facts.size)
    return Measure(np.log1p(longest), now=longest)


def recent_gap(facts: Facts) -> Measure:
    """log(1 + mean gap that ended in the last year, the open silence counted as one); NaN without sign of life."""
    gap, snap, older_age = facts.life_gaps
    recent = (older_age - gap) <= 365
    total = segments.total(gap[recent], snap[recent], facts.size) + facts.recency_days
    return Measure(np.log1p(total / (segments.count(snap, facts.size, recent) + 1)))


def irregularity(facts: Facts) -> Measure:
    """Coefficient of variation of the own gaps (1 = Poisson-like, more = bursts); NaN under six gaps."""
    gap, snap, _ = facts.life_gaps
    middle = segments.mean(gap, snap, facts.size)
    square = segments.mean(gap**2, snap, facts.size)
    enough = segments.count(snap, facts.size) >= _MIN_GAPS
    return Measure(
        np.where(enough, segments.ratio(np.sqrt(np.maximum(square - middle**2, 0)), np.nan_to_num(middle)), np.nan)
    )


def returns(facts: Facts) -> Measure:
    """log(1 + how often the client came back after a gap of 60 days or more)."""
    gap, snap, _ = facts.life_gaps
    n = segments.count(snap, facts.size, gap >= _LONG_GAP_DAYS)
    return Measure(np.log1p(n))


def _gap_quantile(facts: Facts, share: float) -> FloatArray:
    gap, snap, _ = facts.life_gaps
    return segments.quantile(gap, snap, facts.size, share)


def _latest(facts: Facts) -> FloatArray:
    return np.where(facts.alive, 1.0 / (1.0 + facts.age_days), 0.0)


SIGNALS = (
    Signal("silence", Family.RHYTHM, "decades", "higher", "all", "6 gaps",
           "how unusual the present silence is among the client's own gaps",
           "насколько необычно нынешнее молчание среди собственных пауз клиента",
           "hiatus heuristic, Wuebben 2008", silence, shown_in="days", evidence=_latest),
    Signal("gap_ratio", Family.RHYTHM, "log", "higher", "all", "2 gaps", "present silence against the client's own long gap",
           "нынешнее молчание против собственной длинной паузы клиента", "practice", gap_ratio, shown_in="days", evidence=_latest),
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
