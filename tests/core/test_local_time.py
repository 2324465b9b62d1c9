"""Local days of many instants against what the standard library says of each."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from churnwatch.core.calendar import BusinessCalendar, instant_of, micros
from churnwatch.core.local_time import NO_DAY, local_time
from churnwatch.core.table import NO_TIME

ZONES = [
    "UTC", "Europe/Berlin", "Europe/Moscow", "America/New_York", "America/Havana", "America/Sao_Paulo", "Asia/Beirut",
    "America/St_Johns", "Africa/Casablanca", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Pyongyang", "Asia/Tehran",
    "Antarctica/Troll", "Antarctica/Casey", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Apia", "Pacific/Kwajalein",
]  # fmt: skip
LEFT_OUT = {("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))}
EPOCH = date(1970, 1, 1)

every_zone = pytest.mark.parametrize("zone", ZONES)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2046, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(1990, 1, 2), date(2045, 12, 31))


def number(day: date) -> int:
    return (day - EPOCH).days


@every_zone
@given(at=instants)
@example(at=datetime(1990, 10, 28, 2, 30, 30, tzinfo=UTC))  # a first midnight in St. John's
@example(at=datetime(1990, 10, 28, 2, 31, tzinfo=UTC))  # and yesterday again
@example(at=datetime(2010, 3, 4, 15, tzinfo=UTC))  # the same in Casey
def test_the_day_of_an_instant_is_what_the_clock_on_the_wall_shows(zone: str, at: datetime) -> None:
    assert local_time(zone).day(np.array(micros(at))) == number(at.astimezone(ZoneInfo(zone)).date())


@every_zone
def test_around_every_change_of_clocks_the_day_is_exact(zone: str) -> None:
    around = local_time(zone).changes[:, None] + np.array([-3_600_000_000, -1, 0, 1, 3_600_000_000])
    expected = [number(instant_of(int(at)).astimezone(ZoneInfo(zone)).date()) for at in around.ravel()]
    assert local_time(zone).day(around).ravel().tolist() == expected


@pytest.mark.parametrize(
    ("zone", "changes"), [("Europe/Berlin", 112), ("Asia/Kolkata", 0), ("Pacific/Apia", 23), ("Antarctica/Troll", 82)]
)
def test_every_change_of_clocks_of_the_known_years_is_found(zone: str, changes: int) -> None:
    assert len(local_time(zone).changes) == changes


@every_zone
@settings(max_examples=50)
@given(day=days)
@example(day=date(2011, 12, 30))
@example(day=date(1993, 8, 21))
@example(day=date(2010, 3, 5))
@example(day=date(2018, 5, 5))  # Pyongyang jumps from half past eleven to midnight
@example(day=date(2018, 11, 4))  # there is no midnight in São Paulo
def test_midnights_are_first_midnights_and_lead_back_to_their_days(zone: str, day: date) -> None:
    midnight = local_time(zone).midnight(np.array([number(day)], dtype=np.int32))
    assert instant_of(int(midnight[0])) == BusinessCalendar(zone).midnight(day)
    back = local_time(zone).day(np.array([midnight - 1, midnight])).ravel().tolist()
    if (zone, day) in LEFT_OUT:
        assert back == [number(day) - 1, number(day) + 1]
    else:
        assert back == [number(day) - 1, number(day)]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York"])
def test_what_is_not_known_stays_unknown(zone: str) -> None:
    clock = local_time(zone)
    assert clock.day(np.array([NO_TIME, 0])).tolist()[0] == NO_DAY
    assert int(clock.day(np.array(NO_TIME))) == NO_DAY
    assert int(clock.midnight(np.array(NO_DAY))) == NO_TIME


@every_zone
def test_far_from_the_known_years_days_still_begin_once_a_day(zone: str) -> None:
    far = np.array([number(date(1900, 1, 1)), number(date(1970, 1, 1)), number(date(2100, 7, 1))])
    clock = local_time(zone)
    assert clock.day(clock.midnight(far)).tolist() == far.tolist()
    distance = np.abs(clock.midnight(far) / 86_400e6 - far)
    assert (distance < timedelta(hours=15) / timedelta(days=1)).all()
