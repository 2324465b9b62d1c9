"""Who at a client talks with us through which channel: each such party is compared with its own past alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from churnwatch.core.table import US_PER_DAY, FloatArray
from churnwatch.core.types import Kind
from churnwatch.features.kernel.plain import Places

if TYPE_CHECKING:
    from churnwatch.features.facts import Facts

REACH_DAYS = 240.0  # a party not heard of for so long has no part in any window
_DECIDER_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties of all lanes, sorted by (lane, contact, channel), and their seats: (party, snapshot) pairs, by party and as-of.

    `of_row` is -1 for rows that are no messages. A person is a contact through any channel; `person_of_row` tells of messages and
    calls, and is -1 for calls of somebody who never writes.
    """

    of_row: Places
    person_of_row: Places
    lane: Places
    person: Places
    channel: Places
    weight: FloatArray  # the word of a decision-maker counts double
    seat: Places  # party of each seat
    snapshot: Places  # of each seat

    def __len__(self) -> int:
        return len(self.lane)

    @classmethod
    def of(cls, facts: "Facts") -> "Parties":
        """The parties of a panel."""
        rows = np.flatnonzero(facts.is_kind(Kind.MESSAGE))
        lane = facts.lane[rows]
        contact = facts.column("contact")[rows].astype(np.int64) + 1
        channel = facts.column("channel")[rows].astype(np.int64) + 1
        channels, contacts = len(facts.panel.table.channels) + 1, len(facts.panel.table.contacts) + 1
        party, distinct = facts.kernel.distinct(lane, contact * channels + channel, contacts * channels)
        party_lane, pair = distinct // (contacts * channels), distinct % (contacts * channels)
        people, person = np.unique(party_lane * contacts + pair // channels, return_inverse=True)
        of_row = _spread(party, rows, len(facts.lane))
        person_of_row = _spread(person[party], rows, len(facts.lane))
        calls = np.flatnonzero(facts.is_kind(Kind.CALL))
        caller = facts.lane[calls] * contacts + facts.column("contact")[calls] + 1
        place = np.searchsorted(people, caller)
        writes = np.flatnonzero(np.append(people, -1)[place] == caller)
        person_of_row[calls[writes]] = place[writes]
        seat, snapshot = _seats(facts, party, rows, party_lane)
        return cls(
            of_row=of_row,
            person_of_row=person_of_row,
            lane=party_lane,
            person=person,
            channel=pair % channels - 1,
            weight=np.where(facts.panel.table.deciders[pair // channels - 1], _DECIDER_WEIGHT, 1.0),
            seat=seat,
            snapshot=snapshot,
        )


def _spread(values: Places, rows: Places, size: int) -> Places:
    found = np.full(size, -1, dtype=np.int64)
    found[rows] = values
    return found


def _seats(facts: "Facts", party: Places, rows: Places, lane: Places) -> tuple[Places, Places]:
    order, start = facts.kernel.grouped(party, len(lane))
    first, last = facts.at[rows[order[start[:-1]]]], facts.at[rows[order[start[1:] - 1]]]
    of_lane = np.searchsorted(facts.snapshot_lane, np.arange(facts.panel.lanes + 1))
    low = facts.kernel.bounds(facts.as_of, of_lane, lane, first + 1)
    high = facts.kernel.bounds(facts.as_of, of_lane, lane, last + round(REACH_DAYS * US_PER_DAY) + 1)
    counts = high - low
    seat = np.repeat(np.arange(len(lane)), counts)
    return seat, np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + low[seat]
