"""Latency: how long the client lets us wait, against how long it used to, in business hours.

A wait runs from the start of our turn to the start of the client's next turn in the same thread, and is booked with the answer;
a question falls due when twice the time has passed in which this contact answers nine in ten. Clocks stand still while the contact is
away. Waits still open are not mixed into the answers' latency: `open_wait` and `no_reply` speak of them.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from churnwatch.core.table import US_PER_DAY, FloatArray
from churnwatch.core.types import Direction
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.habit import BASELINE_DAYS, WINDOW_DAYS, Habit, rate_change, z_score
from churnwatch.features.kernel.plain import Places
from churnwatch.features.measure import Measure
from churnwatch.features.promises import broken_evidence, broken_promises
from churnwatch.features.signal import Family, Signal
from churnwatch.features.stream import View

LATENCY_SPREAD = 1.5  # doublings: the typical spread of one person's log2 latency
_USUAL_LATENCY = 2.3  # log2(1 + 4 hours)
_MIN_WAITS = 5
_OPEN_LIMIT_DAYS = 60.0  # a question older than this is no longer waited for
_PATIENCE = 2.0  # times the wait that nine in ten of a contact's answers stay under: late is not yet left
_DUE_HOURS = 24.0  # business hours in which an answer is due from someone whose ways are not known
_WAYS_DAYS = 90.0  # before a question, in which the contact's answers show its ways
_SLOPE_DAYS = 90.0
_SLOPE_WAITS = 8


class Waits:
    """Turns of one side that the other has answered, as facts by party of the client's contact, and by client."""

    def __init__(self, facts: Facts, asker: Direction) -> None:
        turns = facts.turns
        mine = np.flatnonzero((turns.theirs == (asker == Direction.IN)) & (turns.answered >= 0))
        answering = np.full(len(facts.lane), -1, dtype=np.int64)  # which turn each row answers
        answering[turns.answered[mine]] = mine
        answer = np.flatnonzero(answering >= 0)
        self.turn = answering[answer]
        contact = answer if asker == Direction.OUT else turns.first[self.turn]  # the client's person in it
        person = facts.parties.person_of_row[contact] if asker == Direction.OUT else None
        self.hours = facts.hours(turns.started_at[self.turn], facts.at[answer], turns.lane[self.turn], person)
        stream = facts.stream(turns.lane[self.turn], facts.at[answer], turns.first[self.turn])
        self.by_client = facts.ask(stream)
        by_party, order = facts.by_party(stream, facts.parties.of_row[contact])
        self.by_party = facts.seats(by_party)
        self.hours_by_party, self.turn_by_party = self.hours[order], self.turn[order]


def waits(facts: Facts, asker: Direction) -> Waits:
    """The answered turns of a side, worked out once for a panel."""
    return facts.once(("waits", asker), lambda: Waits(facts, asker))


def _levels(asker: Direction) -> Callable[[Facts], tuple[View, FloatArray]]:
    def values(facts: Facts) -> tuple[View, FloatArray]:
        found = waits(facts, asker)
        return found.by_party, np.log2(1 + found.hours_by_party)

    return values


CLIENT_LATENCY = Habit("client_latency", _levels(Direction.OUT), _USUAL_LATENCY, LATENCY_SPREAD, between=1.5)
OUR_LATENCY = Habit("our_latency", _levels(Direction.IN), _USUAL_LATENCY, LATENCY_SPREAD, between=0.8)


def latency_z(habit: Habit, facts: Facts) -> Measure:
    """Z of log2(1 + business hours until the answer); `now` and `before` are medians in hours."""
    return z_score(facts, habit, (5, 2), shown=lambda log2: np.exp2(log2) - 1)


def client_latency_z(facts: Facts) -> Measure:
    """How much later the client answers than its own past; NaN under 5 answers in B or 2 in W. Source: Kooti 2015."""
    return latency_z(CLIENT_LATENCY, facts)


def client_latency_slope(facts: Facts) -> Measure:
    """Slope of log2(1 + hours) over the answers of 90 days, in doublings per 30 days, within parties; NaN under 8 answers.

    Least squares with one slope and a level for each party; who answered once says nothing. Source: DyniEWS.
    """
    found = waits(facts, Direction.OUT)
    view = found.by_party
    seat, place = view.written_out(view.window(_SLOPE_DAYS))
    x = (view.stream.booked[place] - view.instant[seat]) / (30 * US_PER_DAY)
    y = np.log2(1 + found.hours_by_party[place])
    x, y = (part - segments.mean(part, seat, len(view))[seat] for part in (x, y))
    slope = segments.ratio(*(segments.total(x * part, view.snapshot[seat], facts.size) for part in (y, x)))
    answers = view.count(_SLOPE_DAYS)
    n = facts.over_seats(np.where(answers > 1, answers, 0.0), view.snapshot)
    return Measure(np.where(n >= _SLOPE_WAITS, slope, np.nan))


class Asked:
    """Turns of one side that expect an answer, as facts by client, booked when the first such message was written."""

    def __init__(self, facts: Facts, asker: Direction) -> None:
        turns = facts.turns
        mine = np.flatnonzero((turns.theirs == (asker == Direction.IN)) & (turns.asked >= 0))
        order = np.argsort(turns.asked[mine], kind="stable")
        self.turn = mine[order]
        asked = turns.asked[self.turn]
        self.view = facts.ask(facts.stream(turns.lane[self.turn], facts.at[asked], turns.first[self.turn]))
        answer = turns.answered[self.turn]
        self.answered_at = np.where(answer >= 0, facts.at[answer] if len(facts.at) else 0, np.iinfo(np.int64).max)

    def open_hours(self, facts: Facts, days: float) -> tuple[Places, FloatArray, Places]:
        """Each question of the last `days` that is open at a snapshot: the snapshot, how long it has been open, and its row."""
        query, place = self.view.written_out(self.view.window(days))
        waiting = self.answered_at[place] >= self.view.instant[query]
        query, turn = query[waiting], self.turn[place[waiting]]
        first = facts.turns.first[turn]
        person = facts.parties.person_of_row[first]
        hours = facts.hours(facts.turns.started_at[turn], facts.as_of[query], facts.turns.lane[turn], person)
        return query, hours, self.view.stream.row[place[waiting]]


def asked(facts: Facts, asker: Direction) -> Asked:
    """The questions of a side, worked out once for a panel."""
    return facts.once(("asked", asker), lambda: Asked(facts, asker))


def open_wait(facts: Facts) -> Measure:
    """-log10 of the share of a party's waits of 208 days at least as long as a question to it is open: of the most unusual one.

    0 when nothing is open, or only to parties without five waits; NaN where no party has five. `now` = business hours open,
    `before` = the party's median. Source: Yang 2017.
    """
    snapshot, hours, row = asked(facts, Direction.OUT).open_hours(facts, _OPEN_LIMIT_DAYS)
    found = waits(facts, Direction.OUT)
    theirs = found.by_party
    party = facts.parties.of_row[row]
    view = View(
        theirs.stream, party, facts.as_of[snapshot], snapshot, facts.kernel, back=facts.back
    )  # of each question
    window = view.window(BASELINE_DAYS)
    n = (window[1] - window[0]).astype(np.float64)
    longer = view.at_least(found.hours_by_party, window, hours)
    unusual = np.where(n >= _MIN_WAITS, -np.log10((longer + 1) / (n + 1)), -1.0)
    order = np.lexsort((hours, unusual, snapshot))
    worst = order[np.append(snapshot[order][1:] != snapshot[order][:-1], True)[: len(order)]]
    value, now, before = np.zeros(facts.size), np.full(facts.size, np.nan), np.full(facts.size, np.nan)
    value[snapshot[worst]], now[snapshot[worst]] = np.maximum(unusual[worst], 0.0), hours[worst]
    before[snapshot[worst]] = view.quantile(found.hours_by_party, window, 0.5)[worst]
    known = segments.count(theirs.snapshot, facts.size, theirs.count(BASELINE_DAYS) >= _MIN_WAITS) > 0
    return Measure(np.where(known, value, np.nan), now, before)


def _unanswered(facts: Facts) -> tuple[View, FloatArray]:
    """Our questions by party, booked when answered (0) or when due without an answer (1)."""
    return facts.once("unanswered", lambda: _settled_questions(facts))


def _settled_questions(facts: Facts) -> tuple[View, FloatArray]:
    found, questions = waits(facts, Direction.OUT), asked(facts, Direction.OUT)
    turn = questions.turn
    first, lane = facts.turns.first[turn], facts.turns.lane[turn]
    started, party = facts.turns.started_at[turn], facts.parties.of_row[first]
    asked_at = questions.view.stream.booked
    before = View(found.by_party.stream, party, asked_at, turn, facts.kernel)  # what its answers were like until then
    window = before.window(_WAYS_DAYS)
    own = before.quantile(found.hours_by_party, window, 0.9)
    limit = np.where(window[1] - window[0] >= _MIN_WAITS, _PATIENCE * np.maximum(own, 1.0), _DUE_HOURS)
    if len(facts.absences):
        limit = limit + facts.absences.lost(facts, started, limit, lane, facts.parties.person_of_row[first])
    due = facts.later(started, limit, lane)
    due = np.clip(due, asked_at, asked_at + round(_OPEN_LIMIT_DAYS * US_PER_DAY))
    missed = questions.answered_at > due
    booked = np.where(missed, due, questions.answered_at)
    stream = facts.stream(lane, booked, first, settled := np.lexsort((first, booked, lane)))
    by_party, order = facts.by_party(stream, party[settled])
    return facts.seats(by_party), missed[settled][order].astype(np.float64)


NO_REPLY = Habit("no_reply", _unanswered, 0.15)


def no_reply(facts: Facts) -> Measure:
    """Change (dR) of our questions left without an answer past twice the contact's own 90 % wait; NaN under 8 in B or 3 in W.

    Someone with fewer than five answers in the 90 days before a question is given 24 business hours, and nobody more than 60
    days. Source: Yang 2017.
    """
    return rate_change(facts, NO_REPLY, least=(8, 3))


def latency_asymmetry(facts: Facts) -> Measure:
    """Change from B to W of log2(client's median wait / our median wait); NaN under 5 each in B or 2 in W. Source: Niculae 2015."""
    levels = []
    for from_days, to_days, least in ((WINDOW_DAYS, 0.0, 2), (BASELINE_DAYS, WINDOW_DAYS, _MIN_WAITS)):
        for asker in (Direction.OUT, Direction.IN):
            found = waits(facts, asker)
            window = found.by_client.window(from_days, to_days)
            level = found.by_client.quantile(np.log2(1 + found.hours), window, 0.5)
            levels.append(np.where(window[1] - window[0] >= least, level, np.nan))
    theirs_now, ours_now, theirs_before, ours_before = levels
    return Measure((theirs_now - ours_now) - (theirs_before - ours_before))


def slow(asker: Direction, days: float, facts: Facts) -> FloatArray:
    """Evidence: a side's turns that were answered in the last `days`, by how long they had waited."""
    found = waits(facts, asker)
    stream = found.by_client.stream
    as_of = facts.as_of_lane[stream.key]
    lately = (stream.booked < as_of) & (stream.booked >= as_of - round(days * US_PER_DAY))
    rows = np.zeros(len(facts.lane))
    rows[stream.row[lately]] = found.hours[lately]
    return rows


def still_open(asker: Direction, days: float, hours_at_least: float, facts: Facts) -> FloatArray:
    """Evidence: a side's questions of the last `days` that have been open for so long, by how long."""
    _, hours, row = asked(facts, asker).open_hours(facts, days)
    rows = np.zeros(len(facts.lane))
    rows[row] = np.where(hours > hours_at_least, hours, 0.0)
    return rows


def _left(facts: Facts) -> FloatArray:
    """Evidence: our questions that fell due without an answer in W, the newest first."""
    view, missed = _unanswered(facts)
    stream = view.stream
    age_days = (facts.as_of_lane[facts.lane[stream.row]] - stream.booked) / US_PER_DAY
    lately = (missed == 1) & (age_days > 0) & (age_days <= WINDOW_DAYS)
    rows = np.zeros(len(facts.lane))
    rows[stream.row[lately]] = 1.0 / (1.0 + age_days[lately])
    return rows


SIGNALS = (
    Signal("client_latency_z", Family.LATENCY, "z", "higher", "28 d against 180 d", "5 answers in B, 2 in W",
           "how much later the client answers than it used to", "насколько позже обычного отвечает клиент",
           "Kooti 2015, Yang 2017", client_latency_z, shown_in="hours",
           evidence=partial(slow, Direction.OUT, WINDOW_DAYS), habits=(CLIENT_LATENCY,)),
    Signal("client_latency_slope", Family.LATENCY, "doublings", "higher", "90 d", "8 answers",
           "how the client's answers grow later, in doublings a month", "как растёт время ответа клиента, в удвоениях за месяц",
           "DyniEWS", client_latency_slope, evidence=partial(slow, Direction.OUT, _SLOPE_DAYS)),
    Signal("open_wait", Family.LATENCY, "decades", "higher", "60 d", "5 waits",
           "how unusually long for its addressee a question of ours has been open",
           "насколько необычно долго для адресата открыт наш вопрос",
           "Yang 2017", open_wait, shown_in="hours", evidence=partial(still_open, Direction.OUT, _OPEN_LIMIT_DAYS, 0.0)),
    Signal("no_reply", Family.LATENCY, "log_odds", "higher", "28 d against 180 d", "8 turns in B, 3 in W",
           "share of our questions left without an answer", "доля наших вопросов, оставшихся без ответа",
           "Yang 2017", no_reply, shown_in="share", evidence=_left, habits=(NO_REPLY,)),
    Signal("latency_asymmetry", Family.LATENCY, "doublings", "higher", "28 d against 180 d", "5 answers of each side in B, 2 in W",
           "the client's waits against ours, compared with before", "ожидание ответа клиента против нашего, в сравнении с прежним",
           "Niculae 2015", latency_asymmetry),
    Signal("their_promises", Family.LATENCY, "share", "higher", "56 d", "none", "the client's dated promises that were not kept in time",
           "обещания клиента с датой, не выполненные в срок", "practice", partial(broken_promises, Direction.IN),
           shown_in="promises", evidence=partial(broken_evidence, Direction.IN)),
)  # fmt: skip
