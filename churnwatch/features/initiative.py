"""Initiative: who starts the conversation, and how often we must ask before an answer comes."""

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.core.types import Direction
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.signal import BASELINE_DAYS, WINDOW_DAYS, Family, Measure, Signal, rate_change


def initiative_share(facts: Facts) -> Measure:
    """Change (dR) of threads opened by the client among threads opened; NaN under 8 in B or 3 in W. `now`, `before` are shares."""
    turns = facts.turns
    hit = np.where(turns.opens_thread, (turns.direction == Direction.IN).astype(np.float64), np.nan)
    age = (facts.as_of[turns.snap] - turns.started_at) / 86_400e6
    return rate_change(hit, turns.snap, age, facts.size, typical=0.5, least=(8, 3))


def starts_share(facts: Facts) -> Measure:
    """Share of the client's turns of the last 180 days that open a thread, drawn towards 0.3 by five turns; NaN without any."""
    turns = facts.turns
    theirs = (turns.direction == Direction.IN) & (turns.age_days <= 180)
    n = segments.count(turns.snap, facts.size, theirs)
    opened = segments.count(turns.snap, facts.size, theirs & turns.opens_thread)
    return Measure(np.where(n > 0, (opened + 1.5) / (n + 5), np.nan))


def nudges(facts: Facts) -> Measure:
    """Log ratio of our mean run of messages before an answer, W against B; NaN under 5 runs in B or 2 in W. Source: Gloor 2017."""
    turns = facts.turns
    ours = (turns.direction == Direction.OUT) & turns.expects_reply
    recent = ours & (turns.age_days <= WINDOW_DAYS)
    past = ours & (turns.age_days > WINDOW_DAYS) & (turns.age_days <= BASELINE_DAYS)
    now = segments.mean(turns.messages[recent], turns.snap[recent], facts.size)
    before = segments.mean(turns.messages[past], turns.snap[past], facts.size)
    enough = (segments.count(turns.snap, facts.size, past) >= 5) & (segments.count(turns.snap, facts.size, recent) >= 2)
    return Measure(np.where(enough, np.log(now / before), np.nan), now, before)


def _our_runs(facts: Facts) -> FloatArray:
    turns = facts.turns
    rows = np.zeros(len(facts.snap))
    runs = (turns.direction == Direction.OUT) & (turns.messages > 1) & (turns.age_days <= WINDOW_DAYS)
    rows[turns.first_row[runs]] = turns.messages[runs]
    return rows


SIGNALS = (
    Signal("initiative_share", Family.INITIATIVE, "log_odds", "lower", "28 d against 180 d", "8 threads in B, 3 in W",
           "share of conversations the client starts", "доля разговоров, которые начинает клиент",
           "practice", initiative_share, shown_in="share"),
    Signal("starts_share", Family.INITIATIVE, "share", "both", "180 d", "1 turn", "share of the client's turns that open a conversation",
           "доля обращений клиента, открывающих разговор", "practice", starts_share),
    Signal("nudges", Family.INITIATIVE, "log", "higher", "28 d against 180 d", "5 runs in B, 2 in W",
           "messages we send before the client answers", "сколько раз мы пишем, прежде чем клиент ответит",
           "Gloor 2017", nudges, shown_in="messages", evidence=_our_runs),
)  # fmt: skip
