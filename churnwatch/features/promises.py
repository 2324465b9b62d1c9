"""Promises with a date: kept when something was delivered by the end of the day promised, broken when nothing was.

A promise is booked with the last moment of its day, so what came later cannot mend it. A delivery is a later message of the same
side that says that something is sent or done, or carries an attachment.
"""

import numpy as np

from churnwatch.core.table import NO_TIME, US_PER_DAY, FloatArray
from churnwatch.core.types import Direction
from churnwatch.features.facts import Facts
from churnwatch.features.measure import Measure
from churnwatch.features.stream import View, tally

_WINDOW_DAYS = 56.0
_LONGEST_DAYS = 366  # a date further ahead was misread


class Promises:
    """The dated promises of one side, by client, booked when their day is over; `broken` says what became of them."""

    def __init__(self, facts: Facts, side: Direction) -> None:
        mine = facts.talk & facts.is_from(side)
        due = facts.column("promise_due")
        promised = np.flatnonzero(mine & (due != NO_TIME))
        day = due[promised] // US_PER_DAY  # the day as such, whatever the time zone
        over = facts.calendar.midnights(day + 1)
        sound = (over > facts.at[promised]) & (over <= facts.at[promised] + _LONGEST_DAYS * US_PER_DAY)
        promised, over = promised[sound], over[sound]
        lane = facts.lane[promised]
        delivered = np.flatnonzero(mine & ((facts.column("delivers") == 1) | (facts.column("attachments") > 0)))
        start = np.searchsorted(facts.lane[delivered], np.arange(facts.panel.lanes + 1))
        following = facts.kernel.bounds(delivered, start, lane, promised + 1)
        kept = following < start[lane + 1]
        kept[kept] = facts.at[delivered[following[kept]]] < over[kept]
        order = np.lexsort((promised, over, lane))
        booked = over - 1  # the midnight that ends the day sees it
        self.view: View = facts.ask(facts.stream(lane, booked, promised, order))
        self.broken = ~kept[order]


def promises(facts: Facts, side: Direction) -> Promises:
    """The promises of a side, worked out once for a panel."""
    return facts.once(("promises", side), lambda: Promises(facts, side))


def broken_promises(side: Direction, facts: Facts) -> Measure:
    """(broken + 1) / (due + 5) of the side's dated promises whose day passed in the last 56 days; 0.2 where there were none.

    `now` is how many were broken.
    """
    found = promises(facts, side)
    due, broken = found.view.count(_WINDOW_DAYS), found.view.count(_WINDOW_DAYS, 0.0, tally(found.broken))
    return Measure((broken + 1) / (due + 5), now=broken)


def broken_evidence(side: Direction, facts: Facts) -> FloatArray:
    """Evidence: the messages with the promises that were broken lately."""
    found = promises(facts, side)
    stream = found.view.stream
    as_of = facts.as_of_lane[stream.key]
    lately = found.broken & (stream.booked < as_of) & (stream.booked >= as_of - round(_WINDOW_DAYS * US_PER_DAY))
    rows = np.zeros(len(facts.lane))
    rows[stream.row[lately]] = 1.0
    return rows
