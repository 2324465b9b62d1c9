"""Declared absences: while a contact is away, the clocks that wait for this contact stand still.

An absence runs from the notice (nothing is dated back to before it was known) to the day its writer is back, or to the
writer's next own message where that comes first. A notice without a date counts for two weeks at most.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from churnwatch.core.table import NO_TIME, US_PER_DAY, US_PER_HOUR, BoolArray, FloatArray, IntArray
from churnwatch.core.types import Direction, Kind
from churnwatch.features.kernel.plain import Places

if TYPE_CHECKING:
    from churnwatch.features.facts import Facts

_UNDATED_DAYS = 14
_LONGEST_DAYS = 400  # a notice left on for longer says nothing


@dataclass(frozen=True, slots=True)
class Absences:
    """Absences that do not overlap, sorted by (person, begin); `spent` is the business time of the person's earlier ones."""

    person: Places
    lane: Places
    begin: IntArray
    end: IntArray
    spent: IntArray
    start: Places  # of each person

    def __len__(self) -> int:
        return len(self.begin)

    @classmethod
    def of(cls, facts: "Facts") -> "Absences":
        """The absences of a panel's contacts."""
        rows, person, begin = _notices(facts)
        if not len(rows):
            nothing = np.empty(0, dtype=np.int64)
            return cls(nothing, nothing, nothing, nothing, nothing, np.zeros(1, dtype=np.int64))
        until = _midnight(facts, facts.column("away_until")[rows])
        end = np.where(
            until == NO_TIME, begin + _UNDATED_DAYS * US_PER_DAY, np.minimum(until, begin + _LONGEST_DAYS * US_PER_DAY)
        )
        back = _next_own_message(facts, begin, person)
        end = np.maximum(np.where(back >= 0, np.minimum(end, facts.at[back]), end), begin)
        order = np.lexsort((begin, person))  # one may be told of long ahead, and another before it begins
        person, rows, begin, end = person[order], rows[order], begin[order], end[order]
        begin, end = _apart(person, begin, end)
        lane = facts.lane[rows]
        length = facts.elapsed(end, lane) - facts.elapsed(begin, lane)
        total = np.cumsum(length) - length
        start = np.searchsorted(person, np.arange(facts.parties.person.max() + 2))
        return cls(person, lane, begin, end, total - total[start[person]], start)

    def elapsed(self, facts: "Facts", instants: IntArray, person: Places) -> IntArray:
        """Business microseconds that a person (-1 = nobody) had been away for until some instants."""
        found = np.zeros(len(instants), dtype=np.int64)
        asked = np.flatnonzero((person >= 0) & (self.start[person + 1] > self.start[person]))
        last = facts.kernel.bounds(self.begin, self.start, person[asked], instants[asked]) - 1
        begun = last >= self.start[person[asked]]
        asked, last = asked[begun], last[begun]
        lane = self.lane[last]
        part = facts.elapsed(np.minimum(instants[asked], self.end[last]), lane) - facts.elapsed(self.begin[last], lane)
        found[asked] = self.spent[last] + part
        return found

    def lost(self, facts: "Facts", since: IntArray, hours: FloatArray, lane: Places, person: Places) -> FloatArray:
        """Business hours that a person is away for while somebody waits for some hours of presence from an instant on."""
        clock = facts.elapsed(self.begin, self.lane) - self.spent  # the person's own, which stands still in absences
        away = self.elapsed(facts, since, person)
        until = facts.elapsed(since, lane) - away + np.round(hours * US_PER_HOUR).astype(np.int64)
        length = facts.elapsed(self.end, self.lane) - facts.elapsed(self.begin, self.lane)
        found = np.zeros(len(since))
        asked = np.flatnonzero((person >= 0) & (self.start[person + 1] > self.start[person]))
        last = facts.kernel.bounds(clock, self.start, person[asked], until[asked]) - 1
        begun = last >= self.start[person[asked]]
        asked, last = asked[begun], last[begun]
        found[asked] = (self.spent[last] + length[last] - away[asked]) / US_PER_HOUR
        return found


def _midnight(facts: "Facts", day: IntArray) -> IntArray:
    """The firm's midnight that starts a day, which comes as an instant in UTC."""
    known = day != NO_TIME
    found = day.copy()
    found[known] = facts.calendar.midnights(day[known] // US_PER_DAY)
    return found


def told_by(facts: "Facts") -> BoolArray:
    """The rows that absences are known from: the notices, and the message with which each writer came back."""
    rows, person, begin = _notices(facts)
    found = np.zeros(len(facts.lane), dtype=np.bool_)
    if not len(rows):
        return found
    found[rows] = True
    back = _next_own_message(facts, begin, person)
    found[back[back >= 0]] = True
    return found


def _notices(facts: "Facts") -> tuple[Places, Places, IntArray]:
    """The rows that declare an absence, who does, and when it begins."""
    told = facts.column("away_since")
    notice = facts.is_kind(Kind.MESSAGE) & facts.is_from(Direction.IN)
    rows = np.flatnonzero((told != NO_TIME) & notice) if len(told) else np.empty(0, np.int64)
    return rows, facts.parties.person_of_row[rows], np.maximum(_midnight(facts, told[rows]), facts.at[rows])


def _next_own_message(facts: "Facts", begin: IntArray, person: Places) -> Places:
    """The row that each person next wrote after an absence began, -1 where they did not."""
    own = np.flatnonzero(facts.inbound)
    order = np.lexsort((own, facts.parties.person_of_row[own]))
    own = own[order]
    start = np.searchsorted(facts.parties.person_of_row[own], np.arange(facts.parties.person.max() + 2))
    place = facts.kernel.bounds(facts.at[own], start, person, begin + 1)
    later = place < start[person + 1]
    found = np.full(len(begin), -1, dtype=np.int64)
    found[later] = own[place[later]]
    return found


def _apart(person: Places, begin: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """Absences in the order of their beginnings, of which each later one adds only what goes beyond those before."""
    begin, end = begin.copy(), end.copy()
    until = NO_TIME
    for place in range(len(begin)):
        if place and person[place] != person[place - 1]:
            until = NO_TIME
        begin[place] = max(begin[place], until)
        until = end[place] = max(end[place], begin[place])
    return begin, end
