"""Business time: the firm's hours, weekends and public holidays, and arithmetic in them that is exact at clock changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from churnwatch.core.table import NO_TIME, US_PER_HOUR, FloatArray, IntArray

_FIRST_YEAR, _LAST_YEAR = 1990, 2045
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class BusinessCalendar:
    """Office hours in one time zone and country. `always_open` counts every hour: for people who are not a firm's clients."""

    timezone: str = "UTC"
    country: str | None = None
    opens: time = time(9)
    closes: time = time(18)
    always_open: bool = False

    @cached_property
    def zone(self) -> ZoneInfo:
        """The firm's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def _exceptions(self) -> tuple[frozenset[date], frozenset[date]]:
        """Days off, and weekend days that are worked in exchange for one."""
        if self.country is None:
            return frozenset(), frozenset()
        book = holidays.country_holidays(self.country, years=range(_FIRST_YEAR, _LAST_YEAR + 1))
        return frozenset(book), frozenset(book.weekend_workdays)

    def is_business_day(self, day: date) -> bool:
        """Whether the office is open on `day`.

        >>> [BusinessCalendar(country="RU").is_business_day(day) for day in (date(2025, 1, 8), date(2025, 11, 1))]
        [False, True]
        """
        closed, worked = self._exceptions
        return self.always_open or day in worked or (day.weekday() < 5 and day not in closed)

    def midnight(self, day: date) -> datetime:
        """The instant at which `day` starts in the firm's time zone, in UTC: the as-of instant of that date."""
        return datetime.combine(day, time(0), tzinfo=self.zone).astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        """The firm's date at `instant`."""
        return instant.astimezone(self.zone).date()

    @cached_property
    def _offices(self) -> tuple[IntArray, IntArray, IntArray]:
        """Opening and closing instants of every business day, and business microseconds before each opening."""
        days = (date(_FIRST_YEAR, 1, 1) + timedelta(n) for n in range((_LAST_YEAR - _FIRST_YEAR + 1) * 366))
        open_days = [day for day in days if self.is_business_day(day)]
        opens = np.array([micros(datetime.combine(day, self.opens, tzinfo=self.zone)) for day in open_days])
        closes = np.array([micros(datetime.combine(day, self.closes, tzinfo=self.zone)) for day in open_days])
        return opens, closes, np.concatenate([[0], np.cumsum(closes - opens)[:-1]])

    def _elapsed(self, instants: IntArray) -> IntArray:
        opens, closes, before = self._offices
        day = np.clip(np.searchsorted(opens, instants, side="right") - 1, 0, None)
        elapsed: IntArray = before[day] + np.clip(instants - opens[day], 0, closes[day] - opens[day])
        return elapsed

    def hours_between(self, start: IntArray, end: IntArray) -> FloatArray:
        """Business hours from `start` to `end` (int64 UTC microseconds, any shape); NaN where either is unknown.

        >>> friday, monday = (micros(datetime(2025, 3, d, 12, tzinfo=UTC)) for d in (7, 10))
        >>> float(BusinessCalendar().hours_between(np.array(friday), np.array(monday)))
        9.0
        """
        hours = (end - start) if self.always_open else (self._elapsed(end) - self._elapsed(start))
        return np.where((start == NO_TIME) | (end == NO_TIME), np.nan, hours / US_PER_HOUR)


def micros(instant: datetime) -> int:
    """An aware datetime as UTC microseconds since 1970.

    >>> micros(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant_of(value: int) -> datetime:
    """UTC microseconds since 1970 as an aware datetime."""
    return _EPOCH + timedelta(microseconds=value)
