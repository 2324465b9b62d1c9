"""Our side: how fast we answer, what we leave open and what we promise, so that a cold client can be told from one we let cool."""

from functools import partial

import numpy as np

from churnwatch.core.table import HANDED_OVER, FloatArray
from churnwatch.core.types import Cue, Direction
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.habit import WINDOW_DAYS, Habit, known
from churnwatch.features.latency import OUR_LATENCY, asked, latency_z, slow, still_open, waits
from churnwatch.features.measure import Measure
from churnwatch.features.promises import broken_evidence, broken_promises
from churnwatch.features.signal import Family, Signal
from churnwatch.features.stream import View, tally

_OVERDUE_HOURS = 18.0  # two business days
_OVERDUE_WINDOW_DAYS = 56.0
_MANAGER_DAYS = 60.0  # in which a change of manager fades to a third
_TONE_DAYS = 90.0
_TONE_LEAST = 10
_COURTESY = Cue.GRATITUDE | Cue.GREETING | Cue.CLOSING
_TONE_STRENGTH = 10.0  # messages that the firm's own pool counts for


def our_unanswered(facts: Facts) -> Measure:
    """log(1 + client turns of the last 56 days that expect an answer and have had none for two business days)."""
    snapshot, hours, _ = asked(facts, Direction.IN).open_hours(facts, _OVERDUE_WINDOW_DAYS)
    n = segments.count(snapshot, facts.size, hours > _OVERDUE_HOURS)
    return Measure(np.log1p(n), now=n)


def answered_share(days: float, facts: Facts) -> Measure:
    """Answers we gave in the last `days` for each turn of the client in them, drawn towards one half by four; NaN without a turn."""
    turns = facts.turns
    theirs = np.flatnonzero(turns.theirs)
    begun = facts.ask(facts.stream(turns.lane[theirs], turns.started_at[theirs], turns.first[theirs])).count(days)
    answered = np.minimum(waits(facts, Direction.IN).by_client.count(days), begun)
    return Measure(np.where(begun > 0, (answered + 2) / (begun + 4), np.nan))


def last_word(facts: Facts) -> Measure:
    """1 when the last message of the conversation is the client's, 0 when it is ours; NaN without conversation."""
    talk = facts.ask(facts.by_lane(facts.talk))
    return Measure(talk.last(facts.inbound[talk.stream.row].astype(np.float64)))


def manager_change(facts: Facts) -> Measure:
    """exp(-days since the client got another manager / 60); 0 where it never did, or nothing has passed between us yet."""
    handed_over = facts.is_kind(HANDED_OVER)
    days = facts.ask(facts.by_lane(handed_over))
    acquainted = facts.ask(facts.by_lane(~handed_over)).count() > 0
    since = np.where(acquainted, days.age_days(days.stream.booked), np.nan)
    return Measure(np.nan_to_num(np.exp(-since / _MANAGER_DAYS)), now=since)


def _our_courtesy(facts: Facts) -> tuple[View, FloatArray]:
    rows = facts.sent.stream.row
    polite = (facts.column("cues")[rows] & int(_COURTESY)) != 0
    return facts.sent, np.where(np.isnan(facts.column("words")[rows]), np.nan, polite)


OUR_COURTESY = Habit("our_courtesy", _our_courtesy, typical=0.7)


def our_tone(facts: Facts) -> Measure:
    """Share of our messages of 90 days to this client with thanks, a greeting or a closing, less that of all the firm's messages.

    Drawn to the firm's share by ten messages; NaN under ten. A fact about the relation, never a ranking of people. `now` is the
    share here, `before` the firm's.
    """
    view, values = known(facts, OUR_COURTESY)
    n, k = view.count(_TONE_DAYS), view.count(_TONE_DAYS, 0.0, tally(values > 0.5))
    firm = facts.survey.rate(OUR_COURTESY, facts.as_of, facts.panel.table.channels, None)
    here = (k + _TONE_STRENGTH * firm) / (n + _TONE_STRENGTH)
    return Measure(*(np.where(n >= _TONE_LEAST, part, np.nan) for part in (here - firm, segments.ratio(k, n), firm)))


SIGNALS = (
    Signal("our_latency_z", Family.OUR_SIDE, "z", "higher", "28 d against 180 d", "5 answers in B, 2 in W",
           "how much later we answer than we used to", "насколько позже обычного отвечаем мы",
           "Gloor 2017", partial(latency_z, OUR_LATENCY), shown_in="hours",
           evidence=partial(slow, Direction.IN, WINDOW_DAYS), habits=(OUR_LATENCY,)),
    Signal("our_unanswered", Family.OUR_SIDE, "log", "higher", "56 d", "none",
           "client's questions we left without an answer", "вопросы клиента, оставшиеся без нашего ответа",
           "practice", our_unanswered, shown_in="messages",
           evidence=partial(still_open, Direction.IN, _OVERDUE_WINDOW_DAYS, _OVERDUE_HOURS)),
    Signal("answered_share", Family.OUR_SIDE, "share", "lower", "180 d", "1 turn", "share of the client's turns that we answered",
           "доля обращений клиента, на которые мы ответили", "practice", partial(answered_share, 180)),
    Signal("last_word", Family.OUR_SIDE, "share", "both", "all", "1 message", "whether the client had the last word",
           "осталось ли последнее слово за клиентом", "practice", last_word),
    Signal("broken_promises", Family.OUR_SIDE, "share", "higher", "56 d", "none", "our dated promises that were not kept in time",
           "наши обещания с датой, не выполненные в срок", "practice", partial(broken_promises, Direction.OUT),
           shown_in="promises", evidence=partial(broken_evidence, Direction.OUT)),
    Signal("manager_change", Family.OUR_SIDE, "share", "higher", "fading over 60 d", "none", "how lately the client got another manager",
           "как недавно у клиента сменился менеджер", "practice", manager_change, shown_in="days"),
    Signal("our_tone", Family.OUR_SIDE, "share", "both", "90 d", "10 of our messages", "our courtesy to this client against all the firm's",
           "наша вежливость с этим клиентом против обычной у фирмы", "practice", our_tone, shown_in="share", habits=(OUR_COURTESY,)),
)  # fmt: skip
