"""Booked facts of one sort, and how the snapshots look back at them: every signal is arithmetic on such views."""

from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.table import US_PER_DAY, BoolArray, FloatArray, IntArray
from churnwatch.features.kernel.plain import Places

Window = tuple[Places, Places]  # of each query: the place of its first fact, and the place after its last


@dataclass(frozen=True, slots=True)
class Stream:
    """Facts sorted by (key, booked): those of key k are `start[k]:start[k + 1]`. `row` is the panel row behind each."""

    booked: IntArray  # UTC microseconds: when the fact became known
    start: Places
    row: Places

    def __len__(self) -> int:
        return len(self.booked)

    @property
    def key(self) -> Places:
        """The key of each fact."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


def tally(values: BoolArray | NDArray[np.integer]) -> IntArray:
    """Running totals with a leading 0, so that the total of a window is a difference of two.

    >>> tally(np.array([True, False, True]))
    array([0, 1, 1, 2])
    """
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


@dataclass(frozen=True)
class Back:
    """The firm's midnights some whole days before each snapshot's as-of, also over a change of clocks."""

    calendar: BusinessCalendar
    as_of: IntArray
    _known: dict[int, IntArray] = field(default_factory=dict)

    def __call__(self, days: int) -> IntArray:
        """So many days before."""
        if days not in self._known:
            distinct, place = self._distinct
            self._known[days] = self.calendar.midnights_before(distinct, days)[place]
        return self._known[days]

    @cached_property
    def _distinct(self) -> tuple[IntArray, Places]:
        """A panel asks of many clients on few dates: the calendar is asked once a date."""
        distinct, place = np.unique(self.as_of, return_inverse=True)
        return distinct, place


@dataclass(frozen=True)
class View:
    """A stream as its askers see it: one query per (key, instant), which sees the facts booked before the instant.

    An asker is a snapshot, or one contact's part in it. Windows are given in days before the instant: [from, to).
    """

    stream: Stream
    key: Places
    instant: IntArray
    snapshot: Places  # whose query it is
    kernel: ModuleType
    by_party: bool = False
    back: Back | None = None
    _bounds: dict[float, Places] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.key)

    def only(self, chosen: BoolArray) -> "View":
        """The same askers before some of the facts."""
        stream = Stream(self.stream.booked[chosen], tally(chosen)[self.stream.start], self.stream.row[chosen])
        return View(stream, self.key, self.instant, self.snapshot, self.kernel, self.by_party, self.back)

    def before(self, days: float = 0.0) -> Places:
        """The place of the first fact booked later than `days` before the instant, or at that very moment.

        Whole days before a snapshot are days of the firm's calendar, also over a change of clocks.
        """
        if days not in self._bounds:
            if self.back is None or days != int(days):
                instant = self.instant - round(days * US_PER_DAY)
            else:
                instant = self.back(int(days))[self.snapshot]
            self._bounds[days] = self.kernel.bounds(self.stream.booked, self.stream.start, self.key, instant)
        return self._bounds[days]

    def window(self, from_days: float = np.inf, to_days: float = 0.0) -> Window:
        """The facts booked from `from_days` to `to_days` before the instant."""
        low = self.stream.start[self.key] if np.isinf(from_days) else self.before(from_days)
        return low, self.before(to_days)

    def count(self, from_days: float = np.inf, to_days: float = 0.0, sums: IntArray | None = None) -> FloatArray:
        """How many facts of the window there are; with `sums`, the total of what was tallied."""
        low, high = self.window(from_days, to_days)
        return ((high - low) if sums is None else (sums[high] - sums[low])).astype(np.float64)

    def centre_and_spread(self, values: FloatArray, window: Window) -> tuple[FloatArray, FloatArray]:
        """Median and robust scale of the facts' values in each window, NaN where it is empty."""
        found: tuple[FloatArray, FloatArray] = self.kernel.centre_and_spread(values, *window)
        return found

    def quantile(self, values: FloatArray, window: Window, share: float) -> FloatArray:
        """The `share` quantile of the facts' values in each window, NaN where it is empty."""
        found: FloatArray = self.kernel.quantile(values, *window, share)
        return found

    def at_least(self, values: FloatArray, window: Window, limit: FloatArray) -> FloatArray:
        """How many of the facts' values in each window reach the query's limit."""
        found: FloatArray = self.kernel.at_least(values, *window, limit)
        return found

    def faded_count(self, half_life_days: float) -> FloatArray:
        """Facts before the instant, each halved every `half_life_days`."""
        stream = self.stream
        found: FloatArray = self.kernel.faded_sum(
            stream.booked, stream.start, self.key, self.before(), self.instant, half_life_days
        )
        return found

    def faded_peak(self, values: FloatArray, window: Window, half_life_days: float) -> FloatArray:
        """The greatest of the facts' values in each window, halved every `half_life_days`; NaN where it is empty."""
        found: FloatArray = self.kernel.faded_peak(values, self.stream.booked, *window, self.instant, half_life_days)
        return found

    def last(self, values: FloatArray | IntArray) -> FloatArray:
        """The value of the newest fact before the instant, NaN where there is none."""
        return self._at(values, self.before() - 1)

    def first(self, values: FloatArray | IntArray) -> FloatArray:
        """The value of the oldest fact before the instant, NaN where there is none."""
        return self._at(values, self.stream.start[self.key])

    def _at(self, values: FloatArray | IntArray, place: Places) -> FloatArray:
        found = np.full(len(self), np.nan)
        some = self.before() > self.stream.start[self.key]
        found[some] = values[place[some]]
        return found

    def age_days(self, instants: IntArray, *, oldest: bool = False) -> FloatArray:
        """Days from what the newest (or oldest) fact says to the instant; exact, NaN where there is none."""
        place = self.stream.start[self.key] if oldest else self.before() - 1
        some = self.before() > self.stream.start[self.key]
        found = np.full(len(self), np.nan)
        found[some] = (self.instant[some] - instants[place[some]]) / US_PER_DAY
        return found

    def written_out(self, window: Window) -> tuple[Places, Places]:
        """Short windows as rows: each fact's query and place."""
        low, high = window
        counts = high - low
        query = np.repeat(np.arange(len(low)), counts)
        return query, np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + low[query]
