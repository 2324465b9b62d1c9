"""People: who at the client takes part, who has joined whose word ends contracts, and who has gone quiet."""

import numpy as np

from churnwatch.core.roster import Rank
from churnwatch.core.table import HANDED_OVER, SEEN, BoolArray, FloatArray
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.habit import BASELINE_DAYS, WINDOW_DAYS
from churnwatch.features.kernel.plain import Places
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal
from churnwatch.features.stream import View

_SENIOR_HALF_LIFE_DAYS = 14.0
_ACQUAINTANCE_DAYS = 28.0  # of a relation, in which everybody is new
_MIN_GAPS = 6


def senior_joins(facts: Facts) -> Measure:
    """New people of higher rank than any seen earlier, or of legal or procurement, in from, to or cc, each halved every 14 days.

    Who joins at one instant is compared with who was seen before it. The first four weeks of a relation do not count: then
    everybody is new; it begins with the first event. NaN where no contact of rank was ever seen.
    """
    value = facts.ask(facts.by_lane(_joins(facts))).faded_count(_SENIOR_HALF_LIFE_DAYS)
    seen = facts.ask(facts.by_lane(facts.is_kind(SEEN)))
    return Measure(np.where(seen.count() > 0, value, np.nan))


def _joins(facts: Facts) -> BoolArray:
    """The rows in which someone of new weight is seen for the first time."""
    rows = np.flatnonzero(facts.is_kind(SEEN))
    lane, contact = facts.lane[rows], facts.column("contact")[rows].astype(np.int64)
    _, first = np.unique(lane * (len(facts.panel.table.contacts) + 1) + contact, return_index=True)
    rows = rows[np.sort(first)]
    lane, at, rank = facts.lane[rows], facts.at[rows], facts.column("rank")[rows].astype(np.float64)
    start = np.searchsorted(lane, np.arange(facts.panel.lanes + 1))
    highest = facts.kernel.running_max(np.where(rank < Rank.LEGAL, rank, 0.0), start)
    together = np.flatnonzero(segments.first_of_run(lane, at))  # the first of those who are seen at one instant
    of_instant = np.repeat(together, np.diff(np.append(together, len(rows))))
    before = np.where(of_instant > start[lane], np.append(0.0, highest)[of_instant], 0.0)
    events = np.flatnonzero(~facts.is_kind(HANDED_OVER))
    opened = facts.at[events[np.searchsorted(events, facts.panel.start[lane])]]
    late = (at - opened) / 86_400e6 > _ACQUAINTANCE_DAYS
    joins = rows[late & ((rank == Rank.LEGAL) | (rank > before))]
    chosen = np.zeros(len(facts.lane), dtype=np.bool_)
    chosen[joins] = True
    return chosen


class Voices:
    """The people of a client by what they wrote: one row per (snapshot, person) heard of lately."""

    def __init__(self, facts: Facts) -> None:
        view, parties = facts.theirs, facts.parties
        people = int(parties.person.max(initial=-1)) + 1
        pair = view.snapshot * max(people, 1) + parties.person[view.key]
        distinct, number = np.unique(pair, return_inverse=True)
        self.snapshot, self.person = distinct // max(people, 1), distinct % max(people, 1)
        self.recent, self.past = (
            segments.total(view.count(*window), number, len(distinct))
            for window in ((WINDOW_DAYS, 0.0), (BASELINE_DAYS, WINDOW_DAYS))
        )


def voices(facts: Facts) -> Voices:
    """Who wrote how much, worked out once for a panel."""
    return facts.once("voices", lambda: Voices(facts))


def champion_quiet(facts: Facts) -> Measure:
    """Silence of the main contact while others write: -log10 of the share of its own gaps at least as long as its silence.

    The main contact wrote most in B; its gaps are those between its days of the last 208. 0 while it is heard, or nobody else
    wrote in W; NaN under six own gaps. `now` = days of its silence, `before` = its own 90 % gap.
    """
    found = voices(facts)
    order = np.lexsort((found.person, -found.past, found.snapshot))
    fresh = np.append(True, found.snapshot[order][1:] != found.snapshot[order][:-1])[: len(order)]
    main = order[fresh]
    main = main[found.past[main] > 0]
    snapshot, person = found.snapshot[main], found.person[main]
    met, gap = _days_of(facts, snapshot, person)
    silent = met.age_days(met.stream.booked)
    low, high = met.window(BASELINE_DAYS)
    inside = np.minimum(low + 1, high), high  # what ends at the window's first day began before it
    n = (inside[1] - inside[0]).astype(np.float64)
    longer = met.at_least(gap, inside, silent)
    others = segments.total(found.recent, found.snapshot, facts.size)[snapshot] - found.recent[main]
    quiet = np.where((others > 0) & (found.recent[main] == 0), -np.log10((longer + 1) / (n + 1)), 0.0)
    enough = n >= _MIN_GAPS
    parts = [np.full(facts.size, np.nan) for _ in range(3)]
    for part, told in zip(parts, (quiet, silent, met.quantile(gap, inside, 0.9)), strict=True):
        part[snapshot[enough]] = told[enough]
    return Measure(*parts)


def _days_of(facts: Facts, snapshot: Places, person: Places) -> tuple[View, FloatArray]:
    """The days on which a person wrote, as the given snapshots see them, and how many days each comes after the one before."""
    rows = np.flatnonzero(facts.inbound)
    who, day = facts.parties.person_of_row[rows], facts.calendar.local_day(facts.at[rows]).astype(np.int64)
    order = np.argsort(who, kind="stable")
    rows, who, day = rows[order], who[order], day[order]
    fresh = np.flatnonzero(np.append(True, (who[1:] != who[:-1]) | (day[1:] != day[:-1]))[: len(rows)])
    rows, who, day = rows[fresh], who[fresh], day[fresh]
    people = int(facts.parties.person.max(initial=-1)) + 1
    stream = facts.stream_of(who, rows, people)
    gap = np.append(0, np.diff(day))[: len(day)].astype(np.float64)
    return View(stream, person, facts.as_of[snapshot], snapshot, facts.kernel, back=facts.back), gap


def breadth(facts: Facts) -> Measure:
    """Log ratio of the effective number of people who write (exp of the entropy of their shares), W against B; NaN under 2 people.

    `now` and `before` are effective numbers of people.
    """
    found = voices(facts)
    effective = []
    for n in (found.recent, found.past):
        share = segments.ratio(n, segments.total(n, found.snapshot, facts.size)[found.snapshot])
        with np.errstate(divide="ignore", invalid="ignore"):
            entropy = np.where(n > 0, -share * np.log(share), 0.0)
        effective.append(np.exp(segments.total(entropy, found.snapshot, facts.size)))
    wrote = [segments.total(n, found.snapshot, facts.size) > 0 for n in (found.recent, found.past)]
    people = segments.count(found.snapshot, facts.size, found.past > 0)
    enough = wrote[0] & (people >= 2)
    told = [np.where(enough, level, np.nan) for level in effective]
    return Measure(np.log(told[0] / told[1]), *told)


def _joined(facts: Facts) -> FloatArray:
    return np.where(_joins(facts), 1.0 / (1.0 + facts.panel.age_days), 0.0)


SIGNALS = (
    Signal("senior_joins", Family.PEOPLE, "ratio", "higher", "half-life 14 d", "1 contact of rank",
           "people of higher rank, legal or procurement who have joined", "недавно подключившиеся начальство, юристы или закупки",
           "practice", senior_joins, evidence=_joined),
    Signal("champion_quiet", Family.PEOPLE, "decades", "higher", "208 d", "6 gaps of the main contact",
           "silence of the main contact while others write", "молчание главного контакта, пока пишут другие",
           "practice", champion_quiet, shown_in="days"),
    Signal("breadth", Family.PEOPLE, "log", "lower", "28 d against 180 d", "2 people in B",
           "how many people at the client write to us", "сколько людей у клиента пишут нам",
           "practice", breadth, shown_in="people"),
)  # fmt: skip
