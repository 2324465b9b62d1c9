"""Our side: how fast we answer and what we leave open, so that a cold client can be told from a client we let cool."""

from functools import partial

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.core.types import Direction
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.latency import latency_z, turn_evidence
from churnwatch.features.signal import Family, Measure, Signal

_OVERDUE_HOURS = 18.0  # two business days
_OVERDUE_WINDOW_DAYS = 56.0


def our_unanswered(facts: Facts) -> Measure:
    """log(1 + client turns of the last 56 days that expect an answer and have had none for two business days)."""
    turns = facts.turns
    left = (turns.direction == Direction.IN) & turns.expects_reply & (turns.open_hours > _OVERDUE_HOURS)
    left &= turns.age_days <= _OVERDUE_WINDOW_DAYS
    n = segments.count(turns.snap, facts.size, left)
    return Measure(np.log1p(n), now=n)


def answered_share(days: float, facts: Facts) -> Measure:
    """Share of the client's turns of the last `days` that we answered, drawn towards one half by four turns; NaN without any."""
    turns = facts.turns
    asked = (turns.direction == Direction.IN) & (turns.age_days <= days)
    n = segments.count(turns.snap, facts.size, asked)
    answered = segments.count(turns.snap, facts.size, asked & ~np.isnan(turns.wait_hours))
    return Measure(np.where(n > 0, (answered + 2) / (n + 4), np.nan), now=segments.ratio(answered, n))


def last_word(facts: Facts) -> Measure:
    """1 when the last message of the conversation is the client's, 0 when it is ours; NaN without conversation."""
    newest = segments.smallest(facts.age_days[facts.talk], facts.snap[facts.talk], facts.size)
    newest_in = segments.smallest(facts.age_days[facts.inbound], facts.snap[facts.inbound], facts.size)
    return Measure(np.where(np.isnan(newest), np.nan, (newest_in == newest).astype(np.float64)))


def _slow_or_missing(facts: Facts) -> FloatArray:
    turns = facts.turns
    return turn_evidence(facts, turns.direction == Direction.IN, np.fmax(turns.wait_hours, turns.open_hours))


SIGNALS = (
    Signal("our_latency_z", Family.OUR_SIDE, "z", "higher", "28 d against 180 d", "5 answers in B, 2 in W",
           "how much later we answer than we used to", "насколько позже обычного отвечаем мы",
           "Gloor 2017", partial(latency_z, Direction.IN), shown_in="hours", evidence=_slow_or_missing),
    Signal("our_unanswered", Family.OUR_SIDE, "log", "higher", "56 d", "none",
           "client's questions we left without an answer", "вопросы клиента, оставшиеся без нашего ответа",
           "practice", our_unanswered, shown_in="messages", evidence=_slow_or_missing),
    Signal("answered_share", Family.OUR_SIDE, "share", "lower", "180 d", "1 turn", "share of the client's turns that we answered",
           "доля обращений клиента, на которые мы ответили", "practice", partial(answered_share, 180), shown_in="share"),
    Signal("last_word", Family.OUR_SIDE, "share", "both", "all", "1 message", "whether the client had the last word",
           "осталось ли последнее слово за клиентом", "practice", last_word),
)  # fmt: skip
