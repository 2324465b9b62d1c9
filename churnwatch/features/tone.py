"""Tone: irritation and courtesy in the client's own words, against that client's own manner, and words of leaving.

A choleric's "!!!" is another's scandal: all but the peak and the exit words compare with the client's own past.
"""

from functools import partial

import numpy as np

from churnwatch.core.table import BoolArray, FloatArray
from churnwatch.core.types import Cue
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.signal import BASELINE_DAYS, WINDOW_DAYS, Family, Measure, Signal, rate_change

_IRRITATED = 0.5  # probability from which a message counts as irritated
_PEAK_HALF_LIFE_DAYS = 14.0
_EXIT_WINDOW_DAYS = 56.0
_PRIOR_SHAPE, _PRIOR_EXPOSURE = 0.5, 15.0  # gamma prior: one irritated message in thirty


def _read(facts: Facts) -> BoolArray:
    return np.asarray(facts.inbound & ~np.isnan(facts.floats("irritation")))


def _has(facts: Facts, cues: Cue) -> BoolArray:
    return np.asarray(np.not_equal(facts.ints("cues") & int(cues), 0))


def irritation_rate(facts: Facts) -> Measure:
    """Log ratio of irritated client messages in W to those that the rate of B would give, gamma-Poisson smoothed.

    NaN under 10 messages in B or 3 in W.
    """
    read = _read(facts)
    irritated = read & (facts.floats("irritation") >= _IRRITATED)
    recent, past = facts.age_days <= WINDOW_DAYS, (facts.age_days > WINDOW_DAYS) & (facts.age_days <= BASELINE_DAYS)
    n_now, n_past = (segments.count(facts.snap, facts.size, read & chosen) for chosen in (recent, past))
    k_now, k_past = (segments.count(facts.snap, facts.size, irritated & chosen) for chosen in (recent, past))
    usual = n_now * (k_past + _PRIOR_SHAPE) / (n_past + _PRIOR_EXPOSURE)
    enough = (n_past >= 10) & (n_now >= 3)
    value = np.where(enough, np.log((k_now + _PRIOR_SHAPE) / (usual + _PRIOR_SHAPE)), np.nan)
    return Measure(value, segments.ratio(k_now, n_now), segments.ratio(k_past, n_past))


def irritation_peak(facts: Facts) -> Measure:
    """Greatest P(irritated) of a client message, halved every 14 days; NaN without a read message. Source: Barfar 2017."""
    read = _read(facts)
    faded = np.nan_to_num(facts.floats("irritation")) * np.exp2(-facts.age_days / _PEAK_HALF_LIFE_DAYS)
    return Measure(segments.largest(faded[read], facts.snap[read], facts.size))


def cue_change(cues: Cue, typical: float, facts: Facts) -> Measure:
    """Change (dR) of client messages that carry any of `cues`; NaN under 10 messages in B or 4 in W. Source: Zhang 2018."""
    hit = np.where(_read(facts), _has(facts, cues).astype(np.float64), np.nan)
    return rate_change(hit, facts.snap, facts.age_days, facts.size, typical, (10, 4))


def exit_words(facts: Facts) -> Measure:
    """log(1 + client messages of the last 56 days with words of leaving); NaN without a read message in that time."""
    read = _read(facts) & (facts.age_days <= _EXIT_WINDOW_DAYS)
    n = segments.count(facts.snap, facts.size, read & _has(facts, Cue.EXIT_WORDS))
    enough = segments.count(facts.snap, facts.size, read) > 0
    return Measure(np.where(enough, np.log1p(n), np.nan), now=n)


def _irritated(facts: Facts) -> FloatArray:
    recent = _read(facts) & (facts.age_days <= 2 * WINDOW_DAYS)
    return np.where(
        recent & (facts.floats("irritation") >= _IRRITATED / 2), np.nan_to_num(facts.floats("irritation")), 0.0
    )


def _with_cue(cues: Cue, facts: Facts) -> FloatArray:
    chosen = facts.inbound & _has(facts, cues) & (facts.age_days <= 2 * WINDOW_DAYS)
    return np.where(chosen, 1.0 / (1.0 + facts.age_days), 0.0)


_COURTESY = Cue.GRATITUDE | Cue.GREETING | Cue.CLOSING

SIGNALS = (
    Signal("irritation_rate", Family.TONE, "log", "higher", "28 d against 180 d", "10 messages in B, 3 in W",
           "irritated messages against the client's own usual share", "раздражённые сообщения против обычной доли у этого клиента",
           "gamma-Poisson ratio", irritation_rate, shown_in="share", evidence=_irritated),
    Signal("irritation_peak", Family.TONE, "share", "higher", "half-life 14 d", "1 message", "the most irritated recent message",
           "самое раздражённое недавнее сообщение", "Barfar 2017", irritation_peak, evidence=_irritated),
    Signal("politeness_drop", Family.TONE, "log_odds", "lower", "28 d against 180 d", "10 messages in B, 4 in W",
           "share of messages with thanks, a greeting or a closing", "доля сообщений с благодарностью, приветствием или прощанием",
           "Zhang 2018", partial(cue_change, _COURTESY, 0.5), shown_in="share"),
    Signal("shouting", Family.TONE, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 4 in W",
           "share of messages in capitals, !!! or ???", "доля сообщений с ЗАГЛАВНЫМИ, !!! или ???",
           "practice", partial(cue_change, Cue.SHOUTING, 0.05), shown_in="share", evidence=partial(_with_cue, Cue.SHOUTING)),
    Signal("blame", Family.TONE, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 4 in W",
           "share of messages that reproach us", "доля сообщений с упрёками в наш адрес",
           "Zhang 2018", partial(cue_change, Cue.BLAME | Cue.WE_PROMISED, 0.05), shown_in="share",
           evidence=partial(_with_cue, Cue.BLAME | Cue.WE_PROMISED)),
    Signal("repetition", Family.TONE, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 4 in W",
           "share of messages that repeat a request", "доля сообщений с повторной просьбой",
           "practice", partial(cue_change, Cue.REPETITION | Cue.EXASPERATION, 0.05), shown_in="share",
           evidence=partial(_with_cue, Cue.REPETITION | Cue.EXASPERATION)),
    Signal("exit_words", Family.EXIT_WORDS, "log", "higher", "56 d", "1 message", "messages with words of leaving",
           "сообщения со словами о расставании", "practice", exit_words, shown_in="messages",
           evidence=partial(_with_cue, Cue.EXIT_WORDS | Cue.ULTIMATUM)),
)  # fmt: skip
