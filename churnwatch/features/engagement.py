"""Engagement: how much the client says when it writes."""

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.core.types import Cue
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.signal import WINDOW_DAYS, Family, Measure, Signal, rate_change, z_score

_LENGTH_SCALE = 0.9  # typical spread of one person's log words
_MIN_WORDS = 300


def _theirs(facts: Facts, values: FloatArray) -> FloatArray:
    return np.where(facts.inbound & ~np.isnan(facts.floats("words")), values, np.nan)


def length_z(facts: Facts) -> Measure:
    """Z of log(1 + own words per client message); NaN under 10 messages in B or 3 in W. `now`, `before`: words. Source: Kooti 2015."""
    values = _theirs(facts, np.log1p(facts.floats("words")))
    return z_score(values, facts.snap, facts.age_days, facts.size, _LENGTH_SCALE, (10, 3), shown=np.expm1)


def short_ack(facts: Facts) -> Measure:
    """Change (dR) of client messages of at most three words or a bare acknowledgement; NaN under 10 in B or 5 in W."""
    return rate_change(
        _theirs(facts, _short(facts)), facts.snap, facts.age_days, facts.size, typical=0.15, least=(10, 5)
    )


def question_rate(facts: Facts) -> Measure:
    """Change from B to W of client messages with a question per 100 words; NaN under 300 words in each."""
    asks = _theirs(facts, np.equal(facts.ints("question"), 1).astype(np.float64))
    words = _theirs(facts, facts.floats("words"))
    rates = []
    for chosen in (facts.age_days <= WINDOW_DAYS, (facts.age_days > WINDOW_DAYS) & (facts.age_days <= 208)):
        n = segments.total(np.where(chosen, words, np.nan), facts.snap, facts.size)
        k = segments.total(np.where(chosen, asks, np.nan), facts.snap, facts.size)
        rates.append(np.where(n >= _MIN_WORDS, 100 * segments.ratio(k, n), np.nan))
    return Measure(rates[0] - rates[1], now=rates[0], before=rates[1])


def _short(facts: Facts) -> FloatArray:
    carries = np.not_equal(facts.ints("cues") & int(Cue.SHORT_ACK), 0)
    return np.asarray(carries, dtype=np.float64)


def _recent_short(facts: Facts) -> FloatArray:
    return np.where(
        facts.inbound & (facts.age_days <= WINDOW_DAYS) & (facts.floats("words") > 0),
        1 / (1 + facts.floats("words")),
        0.0,
    )


SIGNALS = (
    Signal("length_z", Family.ENGAGEMENT, "z", "lower", "28 d against 180 d", "10 messages in B, 3 in W",
           "how much shorter the client writes than it used to", "насколько короче обычного пишет клиент",
           "Kooti 2015", length_z, shown_in="words", evidence=_recent_short),
    Signal("short_ack", Family.ENGAGEMENT, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 5 in W",
           "share of answers of a word or three", "доля ответов в одно-три слова",
           "practice", short_ack, shown_in="share", evidence=_recent_short),
    Signal("question_rate", Family.ENGAGEMENT, "ratio", "lower", "28 d against 180 d", "300 words in each",
           "questions per hundred words", "вопросов на сто слов", "practice", question_rate, shown_in="ratio"),
)  # fmt: skip
