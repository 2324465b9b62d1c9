"""Activity: how recently, how often and for how long the client writes. Plain, and the strongest inputs there are.

Counts are of conversation from the client (automatic mail does not count), as log(1 + n) so that a busy client's noise does not
drown a quiet one's news. All are 0, not NaN, for an empty window; recency and tenure are NaN without any sign of life.
"""

from functools import partial
from itertools import pairwise

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.habit import BASELINE_DAYS, WINDOW_DAYS
from churnwatch.features.kernel.plain import Places
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal

COUNT_WINDOWS_DAYS = (7, 14, 30, 60, 90, 180, 365)
_BLOCK_DAYS = 30.0  # a "month"
_YEAR_BLOCKS = 12
_LIFE_BLOCKS = 36
_MIN_BASELINE_MESSAGES = 20
_DAYS_A_MONTH = 30.4

# The CUSUM's constants were set by simulation of weekly counts with twice a Poisson's variance: at 1.0 a client that keeps its
# pace gives less than one false alarm in two years.
_CUSUM_WEEKS = 26  # weeks before a week that it is compared with
_CUSUM_LEAST_WEEKS = 12
_CUSUM_DISPERSION = 2.0  # variance over mean of weekly counts
_CUSUM_SLACK = 0.5  # standard deviations below the mean that a week may lie without counting
_CUSUM_ALARM = 3.0  # accumulated standard deviations that make 1.0


def recency(facts: Facts) -> Measure:
    """log(1 + days since the client's last message or call); `now` in days, `before` = its own long gap."""
    return Measure(np.log1p(facts.recency_days), now=facts.recency_days, before=facts.days.long_gap)


def tenure(facts: Facts) -> Measure:
    """log(1 + days since the client's first message or call)."""
    return Measure(np.log1p(facts.tenure_days), now=facts.tenure_days)


def inbound(days: float, facts: Facts) -> Measure:
    """log(1 + client messages in the last `days`); `before` = so many in as many days of the year before the window."""
    n = facts.received.count(days)
    earlier = facts.received.count(days + 365, days)
    span = np.clip(np.nan_to_num(facts.tenure_days) - days, 0, 365)
    return Measure(np.log1p(n), now=n, before=segments.ratio(earlier * days, np.floor(span)))


def inbound_total(facts: Facts) -> Measure:
    """log(1 + client messages ever)."""
    n = facts.received.count()
    return Measure(np.log1p(n), now=n)


def outbound(days: float, facts: Facts) -> Measure:
    """log(1 + our messages in the last `days`)."""
    n = facts.sent.count(days)
    return Measure(np.log1p(n), now=n)


def decayed(half_life_days: float, facts: Facts) -> Measure:
    """log(1 + client messages weighted by 2^(-age / half-life)): a count without an edge to its window."""
    return Measure(np.log1p(facts.received.faded_count(half_life_days)))


def active_days(days: float, facts: Facts) -> Measure:
    """log(1 + days with a sign of life among the last `days`)."""
    n = facts.days.view.count(days)
    return Measure(np.log1p(n), now=n)


def _active_blocks(facts: Facts, blocks: int) -> FloatArray:
    """Which of the last `blocks` months hold a sign of life: (months, snapshots) of 0/1, newest first."""
    edges = [facts.days.view.before(block * _BLOCK_DAYS) for block in range(blocks + 1)]
    return np.array([newer > older for newer, older in pairwise(edges)], dtype=np.float64)


def active_months(facts: Facts) -> Measure:
    """Months (blocks of 30 days) with a sign of life among the last twelve."""
    n = _active_blocks(facts, _YEAR_BLOCKS).sum(axis=0)
    return Measure(n, now=n)


def streak(facts: Facts) -> Measure:
    """How many months in a row, counted back from the as-of, hold a sign of life (at most twelve)."""
    n = np.cumprod(_active_blocks(facts, _YEAR_BLOCKS), axis=0).sum(axis=0)
    return Measure(n, now=n)


def life_share(facts: Facts) -> Measure:
    """Share of the months since the first sign of life (at most 36) that hold one; NaN under two months."""
    months = np.ceil(facts.tenure_days / _BLOCK_DAYS)
    share = segments.ratio(
        _active_blocks(facts, _LIFE_BLOCKS).sum(axis=0), np.clip(np.nan_to_num(months), 0, _LIFE_BLOCKS)
    )
    return Measure(np.where(months >= 2, np.minimum(share, 1.0), np.nan))


def trend(short_days: float, long_days: float, facts: Facts) -> Measure:
    """Log ratio of the message rate in the last `short_days` to the rate in the `long_days` before; NaN for newcomers.

    One message per `short_days` is added to both rates, so that silence in both is no change.
    """
    short, long = facts.received.count(short_days), facts.received.count(short_days + long_days, short_days)
    seen = np.clip(np.nan_to_num(facts.tenure_days) - short_days, 0, long_days)
    value = np.log((short + 1) / short_days) - np.log(long / np.maximum(seen, 1.0) + 1 / short_days)
    rate = segments.ratio(long * _BLOCK_DAYS, np.floor(seen))
    return Measure(np.where(seen >= short_days, value, np.nan), now=short * _BLOCK_DAYS / short_days, before=rate)


def volume_drop(facts: Facts) -> Measure:
    """Signed root of the Poisson likelihood ratio of messages in W against the rate of B; negative = fewer than usual.

    NaN under 20 messages in B. `now` and `before` are messages per month. Source: Wilks' likelihood ratio.
    """
    recent = facts.received.count(WINDOW_DAYS)
    past = facts.received.count(BASELINE_DAYS, WINDOW_DAYS)
    span = np.clip(np.nan_to_num(facts.tenure_days) - WINDOW_DAYS, 1.0, BASELINE_DAYS - WINDOW_DAYS)
    expected = (recent + past) * WINDOW_DAYS / (WINDOW_DAYS + span)
    other = (recent + past) - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        likelihood = np.where(recent > 0, recent * np.log(recent / expected), 0.0) + np.where(
            past > 0, past * np.log(past / other), 0.0
        )
    signed = np.sign(recent - expected) * np.sqrt(np.maximum(2 * likelihood, 0.0))
    value = np.where(past >= _MIN_BASELINE_MESSAGES, signed, np.nan)
    return Measure(value, now=recent * _DAYS_A_MONTH / WINDOW_DAYS, before=past * _DAYS_A_MONTH / span)


def volume_cusum(facts: Facts) -> Measure:
    """Downward CUSUM of weekly messages from the client: S = max(0, S + (m - n) / s - 1/2), over 3; 1 = an alarm.

    n is a whole calendar week's count, m the mean of up to 26 weeks before it, s^2 = 2 m + 1/2. Weeks count once twelve lie
    before them; NaN for clients with fewer. `now` is the last whole week's count, `before` its m. Source: Page 1954.
    """
    stream = facts.received.stream
    week = (facts.calendar.local_day(stream.booked).astype(np.int64) + 3) // 7  # 1970-01-01 was a Thursday
    filled = np.flatnonzero(np.diff(stream.start))
    begun = np.full(facts.panel.lanes, np.iinfo(np.int64).max // 2)
    begun[filled] = week[stream.start[filled]]
    at = (facts.day + 3) // 7 - begun[facts.snapshot_lane]  # whole weeks before the as-of
    weeks = np.zeros(
        facts.panel.lanes, dtype=np.int64
    )  # of each lane that are looked at: its own, however old others are
    np.maximum.at(weeks, facts.snapshot_lane, at)
    start = np.cumsum(weeks) - weeks
    place = week - begun[stream.key]
    inside = place < weeks[stream.key]
    counts = np.bincount((start[stream.key] + place)[inside], minlength=int(weeks.sum()) + 1).astype(np.float64)
    sums, means = _cusum(counts, start, weeks)
    enough = at > _CUSUM_LEAST_WEEKS
    last = np.where(enough, start[facts.snapshot_lane] + at - 1, 0)
    return Measure(*(np.where(enough, part[last], np.nan) for part in (sums / _CUSUM_ALARM, counts, means)))


def _cusum(counts: FloatArray, start: Places, weeks: Places) -> tuple[FloatArray, FloatArray]:
    """The sum and the mean it was compared with after each week; lane l's weeks are `start[l]:start[l] + weeks[l]`."""
    sums, means = np.zeros((2, len(counts)))
    longest_first = np.argsort(-weeks, kind="stable")
    lasting = np.searchsorted(-weeks[longest_first], -np.arange(weeks.max(initial=0)), "left")
    total, raised = np.zeros((2, len(weeks)))
    for number, lanes in enumerate(lasting.tolist()):
        places = start[longest_first[:lanes]] + number
        if number >= _CUSUM_LEAST_WEEKS:
            mean = total[:lanes] / min(number, _CUSUM_WEEKS)
            shortfall = (mean - counts[places]) / np.sqrt(_CUSUM_DISPERSION * mean + 0.5)
            raised[:lanes] = np.maximum(0.0, raised[:lanes] + shortfall - _CUSUM_SLACK)
            sums[places], means[places] = raised[:lanes], mean
        total[:lanes] += counts[places]
        if number >= _CUSUM_WEEKS:
            total[:lanes] -= counts[places - _CUSUM_WEEKS]
    return sums, means


def latest(facts: Facts) -> FloatArray:
    """The newest signs of life."""
    return np.where(facts.alive, 1.0 / (1.0 + facts.panel.age_days), 0.0)


_COUNTS = tuple(
    Signal(
        f"in_{days}", Family.ACTIVITY, "log", "lower", f"{days} d", "none",
        f"messages from the client in the last {days} days", f"сообщения от клиента за последние {days} дней",
        "RFM, Wuebben 2008", partial(inbound, days), shown_in="messages",
    )
    for days in COUNT_WINDOWS_DAYS
)  # fmt: skip

SIGNALS = (
    Signal(
        "recency", Family.ACTIVITY, "log", "higher", "all", "1 sign of life",
        "days since the client's last message or call", "дни с последнего сообщения или звонка клиента",
        "RFM, Wuebben 2008", recency, shown_in="days", evidence=latest,
    ),
    *_COUNTS,
    Signal("in_total", Family.ACTIVITY, "log", "lower", "all", "none", "messages from the client ever",
           "сообщения от клиента за всё время", "RFM, Wuebben 2008", inbound_total, shown_in="messages"),
    Signal("tenure", Family.ACTIVITY, "log", "lower", "all", "1 sign of life", "days since the client's first message or call",
           "дни с первого сообщения или звонка клиента", "RFM, Wuebben 2008", tenure, shown_in="days"),
    Signal("out_30", Family.ACTIVITY, "log", "lower", "30 d", "none", "our messages to the client in the last 30 days",
           "наши сообщения клиенту за 30 дней", "practice", partial(outbound, 30), shown_in="messages"),
    Signal("out_180", Family.ACTIVITY, "log", "lower", "180 d", "none", "our messages to the client in the last 180 days",
           "наши сообщения клиенту за 180 дней", "practice", partial(outbound, 180), shown_in="messages"),
    Signal("decayed_14", Family.ACTIVITY, "log", "lower", "all", "none", "client messages, half-life 14 days",
           "сообщения клиента с полураспадом 14 дней", "practice", partial(decayed, 14)),
    Signal("decayed_90", Family.ACTIVITY, "log", "lower", "all", "none", "client messages, half-life 90 days",
           "сообщения клиента с полураспадом 90 дней", "practice", partial(decayed, 90)),
    Signal("decayed_365", Family.ACTIVITY, "log", "lower", "all", "none", "client messages, half-life 365 days",
           "сообщения клиента с полураспадом 365 дней", "practice", partial(decayed, 365)),
    Signal("active_days_30", Family.ACTIVITY, "log", "lower", "30 d", "none", "days with a sign of life in the last 30",
           "дни с признаками жизни за последние 30", "practice", partial(active_days, 30), shown_in="days"),
    Signal("active_days_90", Family.ACTIVITY, "log", "lower", "90 d", "none", "days with a sign of life in the last 90",
           "дни с признаками жизни за последние 90", "practice", partial(active_days, 90), shown_in="days"),
    Signal("active_days_365", Family.ACTIVITY, "log", "lower", "365 d", "none", "days with a sign of life in the last 365",
           "дни с признаками жизни за последние 365", "practice", partial(active_days, 365), shown_in="days"),
    Signal("active_months", Family.ACTIVITY, "months", "lower", "360 d", "none", "months with a sign of life in the last twelve",
           "месяцы с признаками жизни за последние двенадцать", "practice", active_months, shown_in="months"),
    Signal("streak", Family.ACTIVITY, "months", "lower", "360 d", "none", "months in a row with a sign of life",
           "месяцы подряд с признаками жизни", "practice", streak, shown_in="months"),
    Signal("life_share", Family.ACTIVITY, "share", "lower", "1080 d", "2 months", "share of months since the start that show life",
           "доля месяцев с начала отношений, в которых клиент писал", "practice", life_share),
    Signal("trend_30", Family.ACTIVITY, "log", "lower", "30 d against 90 d", "60 d of tenure",
           "message rate of the last 30 days against the 90 days before", "темп сообщений за 30 дней против 90 дней до того",
           "practice", partial(trend, 30, 90), shown_in="messages"),
    Signal("trend_90", Family.ACTIVITY, "log", "lower", "90 d against 365 d", "180 d of tenure",
           "message rate of the last 90 days against the year before", "темп сообщений за 90 дней против года до того",
           "practice", partial(trend, 90, 365), shown_in="messages"),
    Signal("volume_drop", Family.ACTIVITY, "ratio", "lower", "28 d against 180 d", "20 messages in B",
           "signed likelihood ratio of messages in four weeks against the client's own half-year",
           "отклонение числа сообщений за четыре недели от собственного полугодия клиента",
           "Wilks' likelihood ratio", volume_drop, shown_in="messages", evidence=latest),
    Signal("volume_cusum", Family.ACTIVITY, "ratio", "higher", "weekly, against 26 weeks before", "12 weeks",
           "shortfall of weekly messages that has added up; 1 = an alarm",
           "накопленная недельная нехватка сообщений; 1 = тревога", "Page 1954", volume_cusum, shown_in="messages", evidence=latest),
)  # fmt: skip
