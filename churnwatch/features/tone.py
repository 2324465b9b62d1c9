"""Tone: irritation and courtesy in the client's own words, against that contact's own manner, and words of leaving.

A choleric's "!!!" is another's scandal: all but the exit words compare with the contact's own past. What a single message
sounds like (P(irritated) and cues) is the tone reader's to say.
"""

from functools import partial

import numpy as np

from churnwatch.core.table import BoolArray, FloatArray
from churnwatch.core.types import Cue
from churnwatch.features import segments
from churnwatch.features.engagement import carries, of_their_messages
from churnwatch.features.facts import Facts
from churnwatch.features.habit import BASELINE_DAYS, WINDOW_DAYS, Habit, known, rate_change
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal
from churnwatch.features.stream import View, tally

# The reader is calibrated where four messages in ten are irritated; in a firm's correspondence it is nearer one in ten.
_ODDS_IN_SETS = float(np.exp(2.0))  # against those in correspondence
_IRRITATED = 0.5  # what the reader says of a message that may be evidence of irritation, at least
_PARTS = 1024  # of a probability, so that totals stay whole numbers
_PEAK_HALF_LIFE_DAYS = 14.0
_PEAK_DAYS = 140.0  # ten half-lives: older ones are below a thousandth
_EARLIER_DAYS = np.arange(
    WINDOW_DAYS, BASELINE_DAYS - WINDOW_DAYS, WINDOW_DAYS
).tolist()  # where fours of weeks in B end
_EXIT_WINDOW_DAYS = 56.0
_COURTESY = Cue.GRATITUDE | Cue.GREETING | Cue.CLOSING
_BLAME = Cue.BLAME | Cue.WE_PROMISED
_REPETITION = Cue.REPETITION | Cue.EXASPERATION


def _irritation(facts: Facts) -> tuple[View, FloatArray]:
    """P(irritated) among ordinary correspondence."""
    p = of_their_messages(facts, "irritation")
    return facts.theirs, p / (p + (1 - p) * _ODDS_IN_SETS)


def _courtesy(facts: Facts) -> tuple[View, FloatArray]:
    """Only the first message that a contact writes on a day: nobody greets twice."""
    stream = facts.theirs.stream
    day = facts.calendar.local_day(stream.booked)
    first = np.append(True, day[1:] != day[:-1])[: len(day)]
    first[stream.start[:-1][np.diff(stream.start) > 0]] = True
    return facts.theirs, np.where(first, carries(facts, _COURTESY), np.nan)


def _cue(cues: Cue, facts: Facts) -> tuple[View, FloatArray]:
    return facts.theirs, carries(facts, cues)


def _familiar(facts: Facts) -> tuple[View, FloatArray]:
    """Familiar against formal address, where a message has one of them."""
    familiar, formal = carries(facts, Cue.FAMILIAR_YOU), carries(facts, Cue.FORMAL_YOU)
    return facts.theirs, np.where(familiar != formal, familiar, np.nan)


def _named(facts: Facts) -> tuple[View, FloatArray]:
    """A greeting by name against one without, where a message greets."""
    named, greets = carries(facts, Cue.NAMED_GREETING), carries(facts, Cue.GREETING | Cue.NAMED_GREETING)
    return facts.theirs, np.where(greets == 1, named, np.nan)


IRRITATION = Habit("irritation", _irritation, typical=0.03, parts=_PARTS)
COURTESY = Habit("courtesy", _courtesy, typical=0.5)
SHOUTING = Habit("shouting", partial(_cue, Cue.SHOUTING), typical=0.05)
BLAME = Habit("blame", partial(_cue, _BLAME), typical=0.05)
REPETITION = Habit("repetition", partial(_cue, _REPETITION), typical=0.05)
FAMILIAR = Habit("familiar_address", _familiar, typical=0.1)
NAMED = Habit("named_greeting", _named, typical=0.5)


def irritation_rate(facts: Facts) -> Measure:
    """Change (dR) of the expected share of irritated client messages, the mean P(irritated); NaN under 10 in B or 3 in W.

    A doubtful message counts as far as it is doubtful: on simulated correspondence of steady and of irritated people that told
    them apart better than counting those above a threshold, at every rate of writing. Source: Beta-smoothed log-odds, textbook.
    """
    return rate_change(facts, IRRITATION, (10, 3))


def irritation_peak(facts: Facts) -> Measure:
    """By how much P(irritated) of the most irritated client message, halved every 14 days, exceeds its writer's usual peak; >= 0.

    A writer's usual peak is the median over the fours of weeks in B of the most irritated message in each, times n / (n + 1) where
    n of them have messages: whom we don't know yet has none. The client's value is its greatest contact's. NaN without a read
    message in 140 days. Source: Barfar 2017 for the peak.
    """
    view, p = known(facts, IRRITATION)
    peak = view.faded_peak(p, view.window(_PEAK_DAYS), _PEAK_HALF_LIFE_DAYS)
    earlier = np.array([view.faded_peak(p, view.window(end + WINDOW_DAYS, end), np.inf) for end in _EARLIER_DAYS])
    n = (~np.isnan(earlier)).sum(axis=0)
    party = np.broadcast_to(np.arange(len(view)), earlier.shape)
    usual = segments.quantile(earlier.ravel(), party.ravel(), len(view), 0.5)
    excess = np.maximum(peak - np.nan_to_num(usual) * n / (n + 1), 0.0)
    heard = ~np.isnan(peak)
    return Measure(segments.largest(excess[heard], view.snapshot[heard], facts.size))


def habit_change(habit: Habit, facts: Facts) -> Measure:
    """Change (dR) of client messages with some cue; NaN under 10 messages in B or 4 in W. Source: Zhang 2018."""
    return rate_change(facts, habit, (10, 4))


def address_shift(facts: Facts) -> Measure:
    """The greater change (|dR|) of familiar against formal address and of greetings by name; NaN under 8 in B or 3 in W of both."""
    changes = [np.abs(rate_change(facts, habit, (8, 3)).value) for habit in (FAMILIAR, NAMED)]
    return Measure(np.fmax(*changes))


def exit_words(facts: Facts) -> Measure:
    """log(1 + client messages of the last 56 days with words of leaving); NaN without a read message in that time."""
    rows = facts.received.stream.row
    is_read = ~np.isnan(facts.column("words")[rows]) | ~np.isnan(facts.column("irritation")[rows])
    told = is_read & ((facts.column("cues")[rows] & int(Cue.EXIT_WORDS)) != 0)
    n = facts.received.count(_EXIT_WINDOW_DAYS, 0.0, tally(told))
    enough = facts.received.count(_EXIT_WINDOW_DAYS, 0.0, tally(is_read)) > 0
    return Measure(np.where(enough, np.log1p(n), np.nan), now=np.where(enough, n, np.nan))


def _recent(facts: Facts) -> BoolArray:
    return np.asarray(facts.inbound & (facts.panel.age_days <= 2 * WINDOW_DAYS))


def _irritated(facts: Facts) -> FloatArray:
    p = np.nan_to_num(facts.column("irritation"))
    return np.where(_recent(facts) & (p >= _IRRITATED), p, 0.0)


def _with_cue(cues: Cue, facts: Facts) -> FloatArray:
    chosen = _recent(facts) & ((facts.column("cues") & int(cues)) != 0)
    return np.where(chosen, 1.0 / (1.0 + facts.panel.age_days), 0.0)


SIGNALS = (
    Signal("irritation_rate", Family.TONE, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 3 in W",
           "share of irritated messages against the contacts' own usual share", "доля раздражённых сообщений против обычной у этих людей",
           "practice", irritation_rate, shown_in="share", evidence=_irritated, habits=(IRRITATION,)),
    Signal("irritation_peak", Family.TONE, "share", "higher", "140 d, half-life 14 d, against 168 d", "1 message",
           "by how much the most irritated recent message exceeds the worst of its writer's usual four weeks",
           "насколько самое раздражённое недавнее сообщение хуже самого резкого за обычные четыре недели его автора",
           "Barfar 2017", irritation_peak, evidence=_irritated),
    Signal("politeness_drop", Family.TONE, "log_odds", "lower", "28 d against 180 d", "10 messages in B, 4 in W",
           "share of first messages of a day with thanks, a greeting or a closing",
           "доля первых за день сообщений с благодарностью, приветствием или прощанием",
           "Zhang 2018", partial(habit_change, COURTESY), shown_in="share", habits=(COURTESY,)),
    Signal("shouting", Family.TONE, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 4 in W",
           "share of messages in capitals, !!! or ???", "доля сообщений с ЗАГЛАВНЫМИ, !!! или ???",
           "practice", partial(habit_change, SHOUTING), shown_in="share", evidence=partial(_with_cue, Cue.SHOUTING), habits=(SHOUTING,)),
    Signal("blame", Family.TONE, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 4 in W",
           "share of messages that reproach us", "доля сообщений с упрёками в наш адрес",
           "Zhang 2018", partial(habit_change, BLAME), shown_in="share", evidence=partial(_with_cue, _BLAME), habits=(BLAME,)),
    Signal("address_shift", Family.TONE, "log_odds", "higher", "28 d against 180 d", "8 messages in B, 3 in W",
           "change between formal and familiar address, or of greetings by name",
           "смена «вы» и «ты» или обращения по имени", "practice", address_shift,
           evidence=partial(_with_cue, Cue.FORMAL_YOU | Cue.FAMILIAR_YOU | Cue.NAMED_GREETING), habits=(FAMILIAR, NAMED)),
    Signal("repetition", Family.TONE, "log_odds", "higher", "28 d against 180 d", "10 messages in B, 4 in W",
           "share of messages that repeat a request", "доля сообщений с повторной просьбой",
           "practice", partial(habit_change, REPETITION), shown_in="share", evidence=partial(_with_cue, _REPETITION), habits=(REPETITION,)),
    Signal("exit_words", Family.EXIT_WORDS, "log", "higher", "56 d", "1 message", "messages with words of leaving",
           "сообщения со словами о расставании", "practice", exit_words, shown_in="messages",
           evidence=partial(_with_cue, Cue.EXIT_WORDS | Cue.ULTIMATUM)),
)  # fmt: skip
