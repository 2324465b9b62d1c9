"""Business time: the firm's hours, weekends and public holidays, and arithmetic in them that is exact at clock changes.

Instants are int64 UTC microseconds in arrays of any shape. Business time is known from 1990 to 2045: instants outside of it, and
`NO_TIME`, count as its nearest end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, reduce
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from churnwatch.core.local_time import END_DAY, FIRST_DAY, DayArray, local_time
from churnwatch.core.table import NO_TIME, US_PER_DAY, US_PER_HOUR, FloatArray, IntArray
from churnwatch.core.working_days import is_working_day, require_country, working_days

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEGIN, _END = FIRST_DAY * US_PER_DAY, END_DAY * US_PER_DAY
_ROWS = END_DAY - FIRST_DAY + 1  # the last one is for instants at the very end
_BLOCK_ROWS = 32_768  # what one pass works on stays in the processor's cache, which makes it twice as fast


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Office hours in one time zone and country. `always_open` counts every hour: for people who are not a firm's clients.

    The office is open while the clock on its wall shows a time from `opens` up to `closes` of a business day. With a
    `client_country` only days that both countries work are business days: nobody is slow on the other's holiday.
    """

    timezone: str = "UTC"
    country: str | None = None
    opens: time = time(9)
    closes: time = time(18)
    always_open: bool = False
    client_country: str | None = None

    def __post_init__(self) -> None:
        """Refuse hours that are none."""
        if self.opens >= self.closes:
            raise ValueError(f"the office opens at {self.opens} and closes at {self.closes}; it must close later")

    @property
    def zone(self) -> ZoneInfo:
        """The firm's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def countries(self) -> tuple[str | None, ...]:
        """The countries whose working days count: the firm's own, and the client's where it is another."""
        return (self.country,) if self.client_country is None else (self.country, self.client_country)

    def for_country(self, client_country: str | None) -> "BusinessCalendar":
        """The same hours with a client of another country; itself for no country, its own, and where every hour counts.

        >>> [BusinessCalendar(country="RU").for_country(c).is_business_day(date(2025, 11, 1)) for c in ("RU", "DE")]
        [True, False]
        """
        if client_country is not None:
            require_country(client_country)
        if self.always_open or client_country in {None, self.country}:
            return self
        return replace(self, client_country=client_country)

    def is_business_day(self, day: date) -> bool:
        """Whether the office is open on `day`.

        >>> [BusinessCalendar(country="RU").is_business_day(day) for day in (date(2025, 1, 8), date(2025, 11, 1))]
        [False, True]
        """
        return self.always_open or all(is_working_day(country, day) for country in self.countries)

    def midnight(self, day: date) -> datetime:
        """The instant at which `day` starts in the firm's time zone, in UTC: the as-of instant of that date."""
        return datetime.combine(day, time(0), tzinfo=self.zone).astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        """The firm's date at `instant`."""
        return instant.astimezone(self.zone).date()

    def midnights(self, days: DayArray | IntArray) -> IntArray:
        """The instants at which dates (days since 1970) start in the firm's time zone; `NO_TIME` for `NO_DAY`."""
        return local_time(self.timezone).midnight(days)

    def local_day(self, instants: IntArray) -> DayArray:
        """The firm's dates at `instants`, as days since 1970; `NO_DAY` for `NO_TIME`."""
        return local_time(self.timezone).day(instants)

    def midnights_before(self, midnights: IntArray, days: int) -> IntArray:
        """The firm's midnights so many days before some of its midnights: whole days, also over a change of clocks."""
        return self.midnights(self.local_day(midnights) - days)

    def elapsed(self, instants: IntArray) -> IntArray:
        """Business microseconds from the calendar's beginning to each instant."""
        if self.always_open:
            return np.clip(instants, _BEGIN, _END) - _BEGIN
        return _open_hours(self).elapsed(instants)

    def later(self, instants: IntArray, business_us: IntArray | int) -> IntArray:
        """The earliest instants at which `business_us` (0 or more) of business time have passed since `instants`.

        At most the calendar's end; `NO_TIME` stays what it is.

        >>> friday = micros(datetime(2025, 3, 7, 17, tzinfo=UTC))
        >>> print(instant_of(int(BusinessCalendar().later(np.array(friday), 2 * US_PER_HOUR))))
        2025-03-10 10:00:00+00:00
        """
        begins, ends = _open_stretches(self)
        begins, passed = np.append(begins, _END), np.append(0, np.cumsum(ends - begins))
        target = self.elapsed(instants) + business_us
        stretch = np.clip(np.searchsorted(passed, target, side="left") - 1, 0, None)
        due = np.minimum(begins[stretch] + target - passed[stretch], _END)
        return np.where((instants == NO_TIME) | (np.asarray(business_us) == 0), instants, np.maximum(due, instants))

    def hours_between(self, start: IntArray, end: IntArray) -> FloatArray:
        """Business hours from `start` to `end`; NaN where either is unknown.

        >>> friday, monday = (micros(datetime(2025, 3, d, 12, tzinfo=UTC)) for d in (7, 10))
        >>> float(BusinessCalendar().hours_between(np.array(friday), np.array(monday)))
        9.0
        """
        hours = (self.elapsed(end) - self.elapsed(start)) / US_PER_HOUR
        return np.where((start == NO_TIME) | (end == NO_TIME), np.nan, hours)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The firm's calendar as clients of several countries share it, read side by side: code `n` is a client of `countries[n]`."""

    firm: BusinessCalendar
    countries: Sequence[str | None]

    def elapsed(self, instants: IntArray, code: DayArray | IntArray) -> IntArray:
        """Business microseconds from the beginning to each instant in the calendar of its code; -1 is the firm's own.

        >>> clocks = Clocks(BusinessCalendar(country="DE"), ["DE", "RU"])
        >>> since, until = (np.full(2, micros(datetime(2025, 1, day, tzinfo=UTC))) for day in (1, 10))
        >>> (clocks.elapsed(until, np.arange(2)) - clocks.elapsed(since, np.arange(2))) // US_PER_HOUR
        array([54,  9])
        """
        if self.firm.always_open or not any(self.countries):
            return self.firm.elapsed(instants)
        return _side_by_side(self._calendars()).elapsed(instants, code)

    def later(self, instants: IntArray, business_us: IntArray, code: DayArray | IntArray) -> IntArray:
        """As `BusinessCalendar.later`, each instant in the calendar of its code."""
        found = np.empty(len(instants), dtype=np.int64)
        calendars = self._calendars()
        for one in np.unique(code):
            chosen = code == one
            found[chosen] = calendars[one].later(instants[chosen], business_us[chosen])
        return found

    def _calendars(self) -> tuple[BusinessCalendar, ...]:
        """The firm's own calendar stands last, where an index of -1 finds it."""
        return *(self.firm.for_country(country) for country in self.countries), self.firm


def micros(instant: datetime) -> int:
    """An aware datetime as UTC microseconds since 1970.

    >>> micros(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant_of(value: int) -> datetime:
    """UTC microseconds since 1970 as an aware datetime."""
    return _EPOCH + timedelta(microseconds=value)


@dataclass(frozen=True, slots=True, eq=False)
class _OpenHours:
    """When calendars are open, by UTC day: one row per day since 1990, and the rows of each further calendar after those.

    `before` is the business time that passed before the day. A UTC day may hold parts of several office days: `opens` and
    `lengths` (stretch in the day, row) are where each open stretch begins (an instant), and how long it is, 0 for none.
    """

    before: IntArray
    opens: IntArray
    lengths: IntArray

    def elapsed(self, instants: IntArray, code: DayArray | IntArray | int = 0) -> IntArray:
        with np.nditer(
            [instants, code, None],
            flags=["buffered", "external_loop", "zerosize_ok"],
            op_flags=[["readonly"], ["readonly"], ["writeonly", "allocate"]],
            op_dtypes=[np.int64, np.int64, np.int64],
            buffersize=_BLOCK_ROWS,
        ) as blocks:
            for at, codes, passed in blocks:
                inside = np.clip(at, _BEGIN, _END)
                row = inside // US_PER_DAY - FIRST_DAY + codes * _ROWS
                total = self.before[row]
                for opens, lengths in zip(self.opens, self.lengths, strict=True):
                    total += np.clip(inside - opens[row], 0, lengths[row])
                passed[...] = total
            elapsed: IntArray = blocks.operands[2]
        return elapsed


@lru_cache(maxsize=64)
def _open_hours(calendar: BusinessCalendar) -> _OpenHours:
    begins, ends = _cut_at_utc_midnights(*_open_stretches(calendar))
    row = begins // US_PER_DAY - FIRST_DAY
    turn = np.arange(len(row)) - np.searchsorted(row, row)  # which stretch of its day it is
    opens, lengths = np.zeros((2, turn.max() + 1, _ROWS), dtype=np.int64)
    opens[turn, row], lengths[turn, row] = begins, ends - begins
    return _OpenHours(np.concatenate([[0], np.cumsum(lengths.sum(axis=0))[:-1]]), opens, lengths)


@lru_cache(maxsize=4)
def _side_by_side(calendars: tuple[BusinessCalendar, ...]) -> _OpenHours:
    each = [_open_hours(calendar) for calendar in calendars]
    most = max(len(hours.opens) for hours in each)
    return _OpenHours(
        np.concatenate([hours.before for hours in each]),
        np.concatenate([np.pad(hours.opens, ((0, most - len(hours.opens)), (0, 0))) for hours in each], axis=1),
        np.concatenate([np.pad(hours.lengths, ((0, most - len(hours.lengths)), (0, 0))) for hours in each], axis=1),
    )


@lru_cache(maxsize=64)
def _open_stretches(calendar: BusinessCalendar) -> tuple[IntArray, IntArray]:
    """Beginnings and ends of every stretch of open hours, in order; at a change of clocks one ends and another begins."""
    if calendar.always_open:
        return np.arange(_BEGIN, _END, US_PER_DAY), np.arange(_BEGIN, _END, US_PER_DAY) + US_PER_DAY
    days = reduce(np.intersect1d, [working_days(country) for country in calendar.countries])
    opens, closes = (days * US_PER_DAY + _since_midnight(hour) for hour in (calendar.opens, calendar.closes))
    clock = local_time(calendar.timezone)
    begins, ends = [], []
    for (since, until), offset in zip(pairwise([_BEGIN, *clock.changes, _END]), clock.offsets, strict=True):
        first, last = np.searchsorted(closes, since + offset, side="right"), np.searchsorted(opens, until + offset)
        begins.append(np.maximum(opens[first:last] - offset, since))
        ends.append(np.minimum(closes[first:last] - offset, until))
    return np.concatenate(begins), np.concatenate(ends)


def _cut_at_utc_midnights(begins: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    midnights = (begins // US_PER_DAY + 1) * US_PER_DAY
    over = ends > midnights
    cut = np.concatenate([begins, midnights[over]])
    order = np.argsort(cut)
    return cut[order], np.concatenate([np.minimum(ends, midnights), ends[over]])[order]


def _since_midnight(hour: time) -> int:
    return micros(datetime.combine(_EPOCH, hour, tzinfo=UTC))
