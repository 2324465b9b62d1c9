"""What remains of events that no window reaches any more: when the client wrote, and on which days it showed life."""

from dataclasses import dataclass

import numpy as np

from churnwatch.core.table import NO_TIME, FloatArray, IntArray
from churnwatch.features.kernel.plain import Places


@dataclass(frozen=True, slots=True)
class Past:
    """Facts by client (a table's codes) that were booked before the instant `since[client]`, for which no rows are needed.

    `received[received_start[c]:received_start[c + 1]]` is when client c wrote. A day with a sign of life has its first and last
    one, and the business hours of quiet from its last to the first of the next such day, absences taken off.
    """

    since: IntArray
    received: IntArray
    received_start: Places
    day_first: IntArray
    day_last: IntArray
    day_quiet: FloatArray
    days_start: Places

    def __len__(self) -> int:
        return len(self.since)

    @classmethod
    def nothing(cls, clients: int) -> "Past":
        """The past of so many clients of whom every row is there."""
        none, start = np.empty(0, dtype=np.int64), np.zeros(clients + 1, dtype=np.int64)
        return cls(np.full(clients, NO_TIME), none, start, none, none, np.empty(0), start)

    def of(self, client: Places) -> "Past":
        """The past of some clients, in that order; -1 is nobody."""
        if len(client) == len(self) and np.array_equal(client, np.arange(len(self))):
            return self
        messages, received_start = spans(self.received_start, client)
        days, days_start = spans(self.days_start, client)
        return Past(
            np.append(self.since, NO_TIME)[client],
            self.received[messages],
            received_start,
            self.day_first[days],
            self.day_last[days],
            self.day_quiet[days],
            days_start,
        )


def spans(start: Places, key: Places) -> tuple[Places | slice, Places]:
    """The places of some keys' facts, key after key, and where each key's begin; -1 has none.

    >>> places, start = spans(np.array([0, 2, 2, 3]), np.array([2, -1, 0]))
    >>> places.tolist(), start.tolist()
    ([2, 0, 1], [0, 1, 1, 3])
    """
    low = np.append(start[:-1], 0)[key]
    counts = np.append(np.diff(start), 0)[key]
    found = np.append(0, np.cumsum(counts))
    if len(key) and np.array_equal(np.diff(key), np.ones(len(key) - 1)) and key[0] >= 0:
        return slice(int(low[0]), int(low[0] + found[-1])), found
    return np.arange(found[-1]) + np.repeat(low - found[:-1], counts), found


def laid(earlier: Places, later: Places) -> tuple[Places, Places, Places]:
    """Where the facts of two streams stand when each key's `earlier` ones come first, and where each key then starts.

    >>> [places.tolist() for places in laid(np.array([0, 1, 3]), np.array([0, 2, 3]))]
    [[0, 3, 4], [1, 2, 5], [0, 3, 6]]
    """
    first = np.arange(earlier[-1]) + np.repeat(later[:-1], np.diff(earlier))
    second = np.arange(later[-1]) + np.repeat(earlier[1:], np.diff(later))
    return first, second, earlier + later
