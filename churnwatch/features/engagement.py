"""Engagement: how much the client says when it writes."""

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.core.types import Cue
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.habit import BASELINE_DAYS, OWN_PAST, WINDOW_DAYS, Habit, rate_change, z_score
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal
from churnwatch.features.stream import View, tally

_MIN_WORDS = 300


def of_their_messages(facts: Facts, column: str) -> FloatArray:
    """A column over the facts of the client's messages by party, NaN where the message was not read."""
    rows = facts.theirs.stream.row
    words = facts.column("words")[rows]
    return np.where(np.isnan(words), np.nan, facts.column(column)[rows])


def carries(facts: Facts, cues: Cue) -> FloatArray:
    """Which of the client's messages by party carry any of `cues`, NaN where the message was not read."""
    return facts.once(("carries", cues), lambda: _carries(facts, cues))


def _carries(facts: Facts, cues: Cue) -> FloatArray:
    rows = facts.theirs.stream.row
    found = (facts.column("cues")[rows] & int(cues)) != 0
    return np.where(np.isnan(facts.column("words")[rows]), np.nan, found)


def _lengths(facts: Facts) -> tuple[View, FloatArray]:
    return facts.theirs, np.log1p(of_their_messages(facts, "words"))


def _short_acks(facts: Facts) -> tuple[View, FloatArray]:
    return facts.theirs, carries(facts, Cue.SHORT_ACK)


LENGTH = Habit("length", _lengths, typical=3.5, spread=0.9, between=0.7)
SHORT_ACK = Habit("short_ack", _short_acks, typical=0.15)


def length_z(facts: Facts) -> Measure:
    """Z of log(1 + own words per client message); NaN under 10 messages in B or 3 in W. `now`, `before`: words. Source: Kooti 2015."""
    return z_score(facts, LENGTH, (10, 3), shown=np.expm1)


def short_ack(facts: Facts) -> Measure:
    """Change (dR) of client messages of at most three words or a bare acknowledgement; NaN under 10 in B or 5 in W."""
    return rate_change(facts, SHORT_ACK, least=(10, 5))


def question_rate(facts: Facts) -> Measure:
    """Questions per 100 words in W less those that each party's own rate in B would give there; NaN under 300 words in each.

    A question is a message that asks. Parties without three read messages in B say nothing. `now` and `before` are both rates.
    """
    theirs = facts.theirs.only(~np.isnan(of_their_messages(facts, "words")))
    rows = theirs.stream.row
    words = facts.column("words")[rows].astype(np.int64)
    counted, asked = tally(words), tally((facts.column("question")[rows] == 1) & (words > 0))
    recent, past = (WINDOW_DAYS, 0.0), (BASELINE_DAYS, WINDOW_DAYS)
    own = np.where(theirs.count(*past) >= OWN_PAST, theirs.count(*past, counted), 0.0)
    n = np.where(own > 0, theirs.count(*recent, counted), 0.0)
    asks = np.where(own > 0, theirs.count(*recent, asked), 0.0)
    expected = n * segments.ratio(theirs.count(*past, asked), own)
    words_now, words_before, now, before = (
        facts.over_seats(part, theirs.snapshot) for part in (n, own, asks, expected)
    )
    enough = (words_now >= _MIN_WORDS) & (words_before >= _MIN_WORDS)
    rates = [np.where(enough, 100 * segments.ratio(part, words_now), np.nan) for part in (now, before)]
    return Measure(rates[0] - rates[1], *rates)


def _recent_short(facts: Facts) -> FloatArray:
    words = facts.column("words")
    recent = facts.inbound & (facts.panel.age_days <= WINDOW_DAYS) & (words > 0)
    return np.where(recent, 1 / (1 + np.nan_to_num(words)), 0.0)


SIGNALS = (
    Signal("length_z", Family.ENGAGEMENT, "z", "lower", "28 d against 180 d", "10 messages in B, 3 in W",
           "how much shorter the client writes than it used to", "насколько короче обычного пишет клиент",
           "Kooti 2015", length_z, shown_in="words", evidence=_recent_short, habits=(LENGTH,)),
    Signal("short_ack", Family.ENGAGEMENT, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 5 in W",
           "share of answers of a word or three", "доля ответов в одно-три слова",
           "practice", short_ack, shown_in="share", evidence=_recent_short, habits=(SHORT_ACK,)),
    Signal("question_rate", Family.ENGAGEMENT, "ratio", "lower", "28 d against 180 d", "300 words in each",
           "questions per hundred words", "вопросов на сто слов", "practice", question_rate, shown_in="ratio"),
)  # fmt: skip
