"""Initiative: who starts the conversation, how often we must ask before an answer comes, and whether plans are still made."""

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.core.types import Cue, Direction
from churnwatch.features import segments
from churnwatch.features.engagement import carries
from churnwatch.features.facts import Facts
from churnwatch.features.habit import BASELINE_DAYS, OWN_PAST, WINDOW_DAYS, Habit, rate_change
from churnwatch.features.latency import waits
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal
from churnwatch.features.stream import View, tally


def _openings(facts: Facts) -> tuple[View, FloatArray]:
    return facts.openings, facts.inbound[facts.openings.stream.row].astype(np.float64)


def _plans(facts: Facts) -> tuple[View, FloatArray]:
    return facts.theirs, carries(facts, Cue.PLANS)


INITIATIVE = Habit("initiative", _openings, typical=0.5)
PLANS = Habit("plans", _plans, typical=0.2)


def initiative_share(facts: Facts) -> Measure:
    """Change (dR) of conversations opened by the client; NaN under 8 in B or 3 in W. `now`, `before` are shares.

    A conversation opens with a thread's first message, or after three days of quiet in it; where a channel has no threads,
    after four hours. The design's own 95 % gap was not taken: it moves with the very cooling that it should show.
    """
    return rate_change(facts, INITIATIVE, least=(8, 3))


def starts_share(facts: Facts) -> Measure:
    """Share of the client's messages of 180 days that open a conversation, drawn towards 0.3 by five; NaN without any."""
    n = facts.received.count(180)
    opened = facts.openings.count(180, 0, tally(facts.inbound[facts.openings.stream.row]))
    return Measure(np.where(n > 0, (opened + 1.5) / (n + 5), np.nan))


def nudges(facts: Facts) -> Measure:
    """Log ratio of our mean run of messages before an answer in W to what each answering party's own mean in B would give there.

    Parties without three runs in B say nothing; NaN under 5 runs in B or 2 in W of those that do. Source: Gloor 2017.
    """
    found = waits(facts, Direction.OUT)
    view, sums = found.by_party, tally(facts.turns.messages[found.turn_by_party])
    recent, past = (WINDOW_DAYS, 0.0), (BASELINE_DAYS, WINDOW_DAYS)
    n_past = np.where(view.count(*past) >= OWN_PAST, view.count(*past), 0.0)
    n = np.where(n_past > 0, view.count(*recent), 0.0)
    wrote = np.where(n_past > 0, view.count(*recent, sums), 0.0)
    expected = n * segments.ratio(view.count(*past, sums), n_past)
    runs, runs_before, now, before = (facts.over_seats(part, view.snapshot) for part in (n, n_past, wrote, expected))
    enough = (runs_before >= 5) & (runs >= 2)
    means = [np.where(enough, segments.ratio(part, runs), np.nan) for part in (now, before)]
    return Measure(np.log(means[0] / means[1]), *means)


def future_talk(facts: Facts) -> Measure:
    """Change (dR) of client messages that speak of plans and dates ahead; NaN under 10 in B or 5 in W. Source: Niculae 2015."""
    return rate_change(facts, PLANS, least=(10, 5))


def _our_runs(facts: Facts) -> FloatArray:
    turns = facts.turns
    rows = np.zeros(len(facts.lane))
    runs = ~turns.theirs & (turns.messages > 1) & (facts.panel.age_days[turns.first] <= WINDOW_DAYS)
    rows[turns.first[runs]] = turns.messages[runs]
    return rows


def _planning(facts: Facts) -> FloatArray:
    chosen = facts.inbound & ((facts.column("cues") & int(Cue.PLANS)) != 0)
    return np.where(chosen, 1.0 / (1.0 + facts.panel.age_days), 0.0)


SIGNALS = (
    Signal("initiative_share", Family.INITIATIVE, "log_odds", "lower", "28 d against 180 d", "8 conversations in B, 3 in W",
           "share of conversations the client starts", "доля разговоров, которые начинает клиент",
           "practice", initiative_share, shown_in="share", habits=(INITIATIVE,)),
    Signal("starts_share", Family.INITIATIVE, "share", "both", "180 d", "1 message",
           "share of the client's messages that open a conversation",
           "доля сообщений клиента, открывающих разговор", "practice", starts_share),
    Signal("nudges", Family.INITIATIVE, "log", "higher", "28 d against 180 d", "5 runs in B, 2 in W",
           "messages we send before the client answers", "сколько раз мы пишем, прежде чем клиент ответит",
           "Gloor 2017", nudges, shown_in="messages", evidence=_our_runs),
    Signal("future_talk", Family.INITIATIVE, "log_odds", "lower", "28 d against 180 d", "10 messages in B, 5 in W",
           "share of messages that speak of plans and dates ahead", "доля сообщений с планами и датами впереди",
           "Niculae 2015", future_talk, shown_in="share", evidence=_planning, habits=(PLANS,)),
)  # fmt: skip
