"""Business time against a slow and obvious count of half hours."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from churnwatch.core.calendar import BusinessCalendar, instant_of, micros
from churnwatch.core.table import NO_TIME

BERLIN = BusinessCalendar("Europe/Berlin", "DE")
MOSCOW = BusinessCalendar("Europe/Moscow", "RU", opens=time(10), closes=time(19))
NEW_YORK = BusinessCalendar("America/New_York", "US", opens=time(8, 30), closes=time(17))
HALF_HOUR = timedelta(minutes=30)


@cache
def book_of(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year)


def slowly(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    """Half hours from `start` to `end` at whose beginning somebody is in the office."""
    hours, now = 0.0, start
    while now < end:
        here = now.astimezone(ZoneInfo(calendar.timezone))
        works = book_of(str(calendar.country), here.year).is_working_day(here.date())
        if works and calendar.opens <= here.time() < calendar.closes:
            hours += 0.5
        now += HALF_HOUR
    return hours


def hours(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    return float(calendar.hours_between(np.array([micros(start)]), np.array([micros(end)]))[0])


instants = st.integers(0, 2 * 10**15).map(
    lambda micros: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)
)
half_hours = st.integers(0, 2 * 24 * 365 * 3).map(lambda n: datetime(2023, 1, 1, tzinfo=UTC) + n * HALF_HOUR)


@pytest.mark.parametrize("calendar", [BERLIN, MOSCOW, NEW_YORK], ids=lambda calendar: calendar.timezone)
@settings(max_examples=25)
@given(start=half_hours, length=st.integers(0, 2 * 24 * 21))
@example(start=datetime(2025, 3, 28, 12, tzinfo=UTC), length=2 * 24 * 4)  # summer time begins in Berlin
@example(start=datetime(2025, 10, 24, 12, tzinfo=UTC), length=2 * 24 * 4)  # and ends
@example(start=datetime(2024, 3, 8, tzinfo=UTC), length=2 * 24 * 4)  # it begins in New York
@example(start=datetime(2024, 12, 27, tzinfo=UTC), length=2 * 24 * 20)  # New Year in Russia, 28 December worked
@example(start=datetime(2024, 4, 26, tzinfo=UTC), length=2 * 24 * 16)  # Saturday 27 April worked for Monday 29
def test_business_hours_are_what_counting_half_hours_gives(
    calendar: BusinessCalendar, start: datetime, length: int
) -> None:
    end = start + length * HALF_HOUR
    assert hours(calendar, start, end) == slowly(calendar, start, end)


@given(instants, instants, instants)
def test_hours_add_up_and_turn_their_sign(one: datetime, two: datetime, three: datetime) -> None:
    whole = hours(BERLIN, one, three)
    assert hours(BERLIN, one, two) + hours(BERLIN, two, three) == pytest.approx(whole, abs=1e-6)
    assert hours(BERLIN, three, one) == pytest.approx(-whole, abs=1e-9)
    always = BusinessCalendar(always_open=True)
    assert hours(always, one, three) == pytest.approx((three - one) / timedelta(hours=1))


@pytest.mark.parametrize("calendar", [BERLIN, BusinessCalendar(always_open=True)])
def test_hours_from_or_to_an_unknown_time_are_nan(calendar: BusinessCalendar) -> None:
    known, unknown = np.array([micros(datetime(2025, 1, 1, tzinfo=UTC))]), np.array([NO_TIME])
    assert np.isnan(calendar.hours_between(known, unknown)).all()
    assert np.isnan(calendar.hours_between(unknown, known)).all()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 1), False), (date(2025, 1, 8), False), (date(2025, 1, 9), True),  # New Year
        (date(2025, 5, 2), False), (date(2025, 11, 1), True), (date(2025, 11, 3), False),  # moved days
        (date(2024, 4, 27), True), (date(2024, 4, 29), False), (date(2025, 6, 12), False), (date(2025, 6, 14), False),
    ],
)  # fmt: skip
def test_russian_holidays_and_moved_days(day: date, works: bool) -> None:
    assert MOSCOW.is_business_day(day) is works


def test_a_firm_without_a_country_has_weekends_only() -> None:
    plain = BusinessCalendar()
    assert plain.is_business_day(date(2025, 1, 1))
    assert not plain.is_business_day(date(2025, 1, 4))


@pytest.mark.parametrize(
    ("calendar", "day", "expected"),
    [
        (BERLIN, date(2025, 3, 30), datetime(2025, 3, 29, 23, tzinfo=UTC)),
        (BERLIN, date(2025, 3, 31), datetime(2025, 3, 30, 22, tzinfo=UTC)),
        (MOSCOW, date(2025, 6, 2), datetime(2025, 6, 1, 21, tzinfo=UTC)),
        (NEW_YORK, date(2025, 6, 2), datetime(2025, 6, 2, 4, tzinfo=UTC)),
    ],
)
def test_the_as_of_instant_is_the_firms_midnight(calendar: BusinessCalendar, day: date, expected: datetime) -> None:
    assert calendar.midnight(day) == expected
    assert calendar.day_of(expected) == day
    assert calendar.day_of(expected - timedelta(microseconds=1)) == day - timedelta(days=1)


@given(instants)
def test_micros_and_back(instant: datetime) -> None:
    assert instant_of(micros(instant)) == instant
