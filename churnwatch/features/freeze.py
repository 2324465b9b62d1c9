"""Whose clock stands still, and since when: such a client's signals stay what they were at that midnight."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.types import Freeze, Outcome, Standstill


def ended(outcomes: Iterable[Outcome]) -> dict[str, Freeze]:
    """By client, the earliest end that is no churn: by agreement, or by nobody's will."""
    return earliest(
        (one.client_id, Freeze(one.ended_on, Standstill.ENDED)) for one in outcomes if not one.departure.churn
    )


def earliest(told: Iterable[tuple[str, Freeze]]) -> dict[str, Freeze]:
    """By client, the freeze that came first; of several on one day the one told first.

    >>> from datetime import date
    >>> down, over = Freeze(date(2025, 3, 4), Standstill.SOURCE_DOWN), Freeze(date(2025, 3, 1), Standstill.ENDED)
    >>> earliest([("acme", down), ("acme", over)])["acme"].why
    <Standstill.ENDED: 'ended'>
    """
    found: dict[str, Freeze] = {}
    for client_id, freeze in told:
        if client_id not in found or freeze.since < found[client_id].since:
            found[client_id] = freeze
    return found


def of_clients(frozen: Mapping[str, Freeze], client_ids: Sequence[str]) -> tuple[Freeze | None, ...]:
    """The freeze of each of some clients, None where the clock runs."""
    return tuple(frozen.get(client_id) for client_id in client_ids)


def stopped(index: SnapshotIndex, frozen: Sequence[Freeze | None], calendar: BusinessCalendar) -> SnapshotIndex:
    """The snapshots with each as-of no later than the midnight at which its clock stopped; empty = all run."""
    if not any(frozen):
        return index
    never = np.iinfo(np.int64).max
    stops = [never if one is None else micros(calendar.midnight(one.since)) for one in frozen]
    return SnapshotIndex(index.client, np.minimum(index.as_of, np.array(stops, dtype=np.int64)))
