"""A time zone as numbers: which UTC offset holds when, and so the local days of many instants at once."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.table import NO_TIME, US_PER_DAY, US_PER_SECOND, IntArray

DayArray = NDArray[np.int32]

FIRST_DAY = (date(1990, 1, 1) - date(1970, 1, 1)).days  # days since 1970; earlier and later clock changes are not known
END_DAY = (date(2046, 1, 1) - date(1970, 1, 1)).days
NO_DAY = np.iinfo(np.int32).min
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, eq=False)
class LocalTime:
    """A zone's UTC offsets: `offsets[n]` holds before `changes[n]`, the last one ever after (all in microseconds)."""

    changes: IntArray
    offsets: IntArray

    def day(self, instants: IntArray) -> DayArray:
        """The local date of UTC microseconds, any shape, as days since 1970; `NO_DAY` where it is not known.

        Outside of 1990–2045 the offset of that end holds.

        >>> local_time("Asia/Kolkata").day(np.array([0, US_PER_DAY - 1, NO_TIME])).tolist()
        [0, 1, -2147483648]
        """
        offset = self.offsets[np.searchsorted(self.changes, instants, side="right")]
        day, since_midnight = np.divmod(instants, US_PER_DAY)  # apart, so that NO_TIME does not overflow
        day = day + (since_midnight + offset) // US_PER_DAY
        return np.where(instants == NO_TIME, NO_DAY, day).astype(np.int32)

    def midnight(self, days: DayArray | IntArray) -> IntArray:
        """The UTC microseconds at which local dates first begin, any shape; `NO_TIME` for `NO_DAY`.

        A date that the zone left out begins, and ends, at the change of clocks.

        >>> local_time("Asia/Kolkata").midnight(np.array([1])) / US_PER_SECOND / 3600
        array([18.5])
        """
        local = np.where(days == NO_DAY, 0, days).astype(np.int64) * US_PER_DAY
        # What a clock that jumps leaves out, and what it shows for the first time of two, is read by the offset before.
        switches = self.changes + np.maximum(self.offsets[:-1], self.offsets[1:])
        instants = local - self.offsets[np.searchsorted(switches, local, side="right")]
        return np.where(days == NO_DAY, NO_TIME, instants)


@lru_cache(maxsize=64)
def local_time(timezone: str) -> LocalTime:
    """The offsets of an IANA time zone, to the second at which each begins."""
    zone = ZoneInfo(timezone)
    mornings = range(FIRST_DAY * _DAY_SECONDS, END_DAY * _DAY_SECONDS + 1, _DAY_SECONDS)
    seen = [_offset(zone, second) for second in mornings]
    changed = [
        day for day, (before, after) in enumerate(pairwise(seen)) if before != after
    ]  # no zone changes twice a day
    changes = [_change(zone, mornings[day], seen[day]) for day in changed]
    offsets = [seen[0], *(seen[day + 1] for day in changed)]
    return LocalTime(np.array(changes, dtype=np.int64) * US_PER_SECOND, np.array(offsets) * US_PER_SECOND)


def _offset(zone: ZoneInfo, second: int) -> int:
    """The UTC offset in seconds at a UTC second."""
    return (datetime.fromtimestamp(second, zone).utcoffset() or timedelta()) // timedelta(seconds=1)


def _change(zone: ZoneInfo, morning: int, before: int) -> int:
    """The UTC second, in the day that begins at `morning`, at which the offset is no longer `before`."""
    seconds = range(morning, morning + _DAY_SECONDS)
    return morning + bisect_left(seconds, True, key=lambda second: _offset(zone, second) != before)
