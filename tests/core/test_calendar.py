"""Business time against a slow and obvious walk through the minutes that a clock on the office's wall shows."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from churnwatch.core.calendar import BusinessCalendar, Clocks, instant_of, micros
from churnwatch.core.table import NO_TIME, UNKNOWN, US_PER_HOUR

MINUTE, MINUTE_US = timedelta(minutes=1), 60_000_000
BEGIN, END = datetime(1990, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)

BERLIN = BusinessCalendar("Europe/Berlin", "DE")
MOSCOW = BusinessCalendar("Europe/Moscow", "RU", opens=time(10), closes=time(19))
ALMOST_ALWAYS = {"opens": time(0), "closes": time(23, 59)}
CALENDARS = [
    BERLIN,
    MOSCOW,
    BusinessCalendar("America/New_York", "US", opens=time(8, 30), closes=time(17)),
    BusinessCalendar("Asia/Kolkata", opens=time(9, 10), closes=time(17, 55)),
    BusinessCalendar("Asia/Kathmandu"),
    BusinessCalendar("Asia/Almaty", "KZ"),
    BusinessCalendar("Asia/Jerusalem", "IL"),
    BusinessCalendar("Asia/Riyadh", "SA"),  # Friday and Saturday are its weekend since 2013, Thursday and Friday before
    BusinessCalendar("Pacific/Auckland", "NZ"),
    BusinessCalendar("Pacific/Apia", **ALMOST_ALWAYS),
    # Clocks change on Sundays, so these offices keep a week in which Sunday is worked.
    BusinessCalendar("Europe/London", "IL", **ALMOST_ALWAYS),
    BusinessCalendar("Australia/Lord_Howe", "IL", **ALMOST_ALWAYS),
    BusinessCalendar("America/St_Johns", "IL", opens=time(0), closes=time(0, 30)),
    BusinessCalendar("America/Havana", "SA", opens=time(0, 20), closes=time(0, 40)),
    BusinessCalendar("America/New_York", "SA", opens=time(1, 30), closes=time(2, 30)),
    MOSCOW.for_country("DE"),
    BERLIN.for_country("IL"),
    BusinessCalendar("Pacific/Auckland", always_open=True),
]
CHANGES = [
    datetime(1990, 10, 28, 2, 31, tzinfo=UTC),  # St. John's: one minute past midnight, back into yesterday
    datetime(2011, 3, 26, 23, tzinfo=UTC),  # Moscow, for ever
    datetime(2014, 10, 25, 22, tzinfo=UTC),  # Moscow, and back for ever
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia leaves a Friday out
    datetime(2013, 6, 28, tzinfo=UTC),  # Riyadh moves its weekend
    datetime(2024, 3, 1, tzinfo=UTC),  # Almaty joins the west of its country
    datetime(2025, 3, 9, 7, tzinfo=UTC),  # New York, Havana
    datetime(2025, 11, 2, 5, tzinfo=UTC),  # Havana and an hour later New York
    datetime(2025, 3, 30, 1, tzinfo=UTC),  # Berlin, London
    datetime(2025, 10, 26, 1, tzinfo=UTC),
    datetime(2025, 4, 5, 15, tzinfo=UTC),  # Lord Howe by half an hour, Auckland by one
    datetime(2025, 9, 27, 14, tzinfo=UTC),
    datetime(2024, 4, 27, tzinfo=UTC),  # Saturdays worked in Russia
    datetime(2024, 12, 28, tzinfo=UTC),
    datetime(2025, 1, 5, tzinfo=UTC),  # a Sunday worked in Kazakhstan
    BEGIN,
    END,
]


@cache
def works(country: str | None, day: date) -> bool:
    if country is None:
        return day.weekday() < 5
    return holidays.country_holidays(country, years=(day.year - 1, day.year, day.year + 1)).is_working_day(day)


def is_open(calendar: BusinessCalendar, instant: datetime) -> bool:
    here = instant.astimezone(ZoneInfo(calendar.timezone))
    countries = {calendar.country, calendar.client_country or calendar.country}
    in_hours = calendar.opens <= here.time() < calendar.closes
    return calendar.always_open or (in_hours and all(works(country, here.date()) for country in countries))


def slowly(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    """Microseconds from `start` to `end` in minutes in which the office is open."""
    passed, minute = timedelta(), start.replace(second=0, microsecond=0)
    while minute < end:
        if is_open(calendar, minute) and BEGIN <= minute < END:
            passed += min(minute + MINUTE, end) - max(minute, start)
        minute += MINUTE
    return passed // timedelta(microseconds=1)


def elapsed(calendar: BusinessCalendar, *instants: datetime) -> list[int]:
    return calendar.elapsed(np.array([micros(instant) for instant in instants])).tolist()


def hours(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    return float(calendar.hours_between(np.array([micros(start)]), np.array([micros(end)]))[0])


def name_of(calendar: BusinessCalendar) -> str:
    return f"{calendar.timezone} {calendar.countries} {calendar.opens}"


every_calendar = pytest.mark.parametrize("calendar", CALENDARS, ids=name_of)
microseconds = st.integers(0, 4 * 24 * 60 * MINUTE_US).map(lambda us: timedelta(microseconds=us))
anywhere = st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))
instants = anywhere | st.builds(
    lambda change, us: change + us - timedelta(days=2), st.sampled_from(CHANGES), microseconds
)


@every_calendar
@settings(max_examples=15)
@given(start=instants, length=microseconds.map(lambda length: length / 3))
def test_business_time_is_what_walking_through_the_minutes_gives(
    calendar: BusinessCalendar, start: datetime, length: timedelta
) -> None:
    first, last = elapsed(calendar, start, start + length)
    assert last - first == slowly(calendar, start, start + length)


@every_calendar
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_peculiar_night_is_counted_to_the_microsecond(calendar: BusinessCalendar, change: datetime) -> None:
    start, end = change - timedelta(hours=16, microseconds=1), change + timedelta(hours=16, microseconds=1)
    first, last = elapsed(calendar, start, end)
    assert last - first == slowly(calendar, start, end)


@every_calendar
@given(st.lists(instants, min_size=2, max_size=9))
def test_business_time_never_runs_backwards_nor_faster_than_time(
    calendar: BusinessCalendar, given_instants: list[datetime]
) -> None:
    at = np.sort([micros(instant) for instant in given_instants])
    passed = np.diff(calendar.elapsed(at))
    assert (passed >= 0).all()
    assert (passed <= np.diff(at)).all()


@given(instants, instants, instants)
def test_hours_add_up_and_turn_their_sign(one: datetime, two: datetime, three: datetime) -> None:
    whole = hours(BERLIN, one, three)
    assert hours(BERLIN, one, two) + hours(BERLIN, two, three) == pytest.approx(whole, abs=1e-6)
    assert hours(BERLIN, three, one) == pytest.approx(-whole, abs=1e-9)


def test_an_office_that_is_always_open_counts_every_hour_of_every_day() -> None:
    always = BusinessCalendar("Europe/Berlin", "DE", always_open=True)
    start, end = datetime(2024, 12, 24, 5, tzinfo=UTC), datetime(2025, 3, 31, 7, tzinfo=UTC)
    assert hours(always, start, end) == (end - start) / timedelta(hours=1)
    assert always.is_business_day(date(2024, 12, 25))
    assert always.for_country("RU") == always


@pytest.mark.parametrize("calendar", [BERLIN, BusinessCalendar(always_open=True)])
def test_hours_from_or_to_an_unknown_time_are_nan(calendar: BusinessCalendar) -> None:
    known, unknown = np.array([micros(datetime(2025, 1, 1, tzinfo=UTC))]), np.array([NO_TIME])
    assert np.isnan(calendar.hours_between(known, unknown)).all()
    assert np.isnan(calendar.hours_between(unknown, known)).all()


@every_calendar
def test_what_lies_outside_of_the_known_years_counts_as_their_nearest_end(calendar: BusinessCalendar) -> None:
    before = np.array([NO_TIME, micros(datetime(1, 1, 1, tzinfo=UTC)), micros(BEGIN)])
    assert calendar.elapsed(before).tolist() == [0, 0, 0]
    last, far, farthest = calendar.elapsed(np.array([micros(END), micros(END) + 1, np.iinfo(np.int64).max]))
    assert last == far == farthest > 0


def test_instants_may_have_any_shape() -> None:
    at = np.arange(micros(BEGIN), micros(END), 10**14).reshape(-1, 1)[:16].reshape(2, 4, 2)
    assert BERLIN.elapsed(at).ravel().tolist() == BERLIN.elapsed(at.ravel()).tolist()
    assert BERLIN.elapsed(np.zeros((0, 3), dtype=np.int64)).shape == (0, 3)
    assert int(BERLIN.elapsed(at[1, 3, 1])) == BERLIN.elapsed(at)[1, 3, 1]


# --- when so much business time will have passed ----------------------------------------------------------------------


@every_calendar
@given(at=instants, business=st.integers(1, 400 * US_PER_HOUR))
@example(at=datetime(2025, 3, 7, 17, tzinfo=UTC), business=US_PER_HOUR)  # due just as Berlin closes
@example(at=datetime(1980, 1, 1, tzinfo=UTC), business=1)
@example(at=END + timedelta(days=1), business=1)
def test_later_is_the_first_instant_at_which_the_time_has_passed(
    calendar: BusinessCalendar, at: datetime, business: int
) -> None:
    start = np.array([micros(at)])
    due = calendar.later(start, business)
    wanted = calendar.elapsed(start) + business
    if wanted > calendar.elapsed(np.array([micros(END)])):
        assert due == max(micros(END), micros(at))
    else:
        assert calendar.elapsed(np.stack([due - 1, due])).tolist() == [[wanted - 1], [wanted]]


def test_no_time_later_is_now_even_on_a_sunday() -> None:
    sunday = np.array([micros(datetime(2025, 3, 9, 12, tzinfo=UTC)), micros(datetime(1950, 1, 1, tzinfo=UTC))])
    assert BERLIN.later(sunday, 0).tolist() == sunday.tolist()


def test_each_instant_has_its_own_delay_and_an_unknown_one_stays_unknown() -> None:
    friday, unknown = micros(datetime(2025, 3, 7, 16, tzinfo=UTC)), NO_TIME  # an hour before Berlin closes
    due = BERLIN.later(np.array([friday, friday, unknown]), np.array([1, 2, 2]) * US_PER_HOUR)
    assert [instant_of(int(one)) for one in due[:2]] == [
        datetime(2025, 3, 7, 17, tzinfo=UTC), datetime(2025, 3, 10, 9, tzinfo=UTC),
    ]  # fmt: skip
    assert due[2] == NO_TIME


# --- days -------------------------------------------------------------------------------------------------------------


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
        (BusinessCalendar("America/New_York"), date(2025, 6, 2), datetime(2025, 6, 2, 4, tzinfo=UTC)),
    ],
)
def test_the_as_of_instant_is_the_firms_midnight(calendar: BusinessCalendar, day: date, expected: datetime) -> None:
    assert calendar.midnight(day) == expected
    assert calendar.day_of(expected) == day
    assert calendar.day_of(expected - timedelta(microseconds=1)) == day - timedelta(days=1)
    number = np.array([(day - date(1970, 1, 1)).days])
    assert calendar.midnights(number).tolist() == [micros(expected)]
    assert calendar.local_day(np.array([micros(expected) - 1, micros(expected)])).tolist() == [number - 1, number]


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="must close later"):
        BusinessCalendar(opens=time(18), closes=time(9))


# --- clients of other countries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("firm", "client", "day", "works"),
    [
        ("RU", "DE", date(2025, 1, 2), False),  # a holiday of ours
        ("DE", "RU", date(2025, 1, 2), False),  # and one of theirs
        ("RU", "DE", date(2025, 11, 1), False),  # a Saturday that Russia alone works
        ("RU", "KZ", date(2025, 1, 5), False),  # a Sunday that Kazakhstan alone works
        ("DE", "IL", date(2025, 3, 7), False),  # Friday
        ("DE", "IL", date(2025, 3, 9), False),  # Sunday
        ("DE", "IL", date(2025, 3, 10), True),
        (None, "DE", date(2025, 10, 3), False),
        (None, "DE", date(2025, 10, 4), False),
        (None, "DE", date(2025, 10, 6), True),
    ],
)
def test_a_day_counts_when_both_countries_work(firm: str | None, client: str, day: date, works: bool) -> None:
    calendar = BusinessCalendar("Europe/Berlin", firm).for_country(client)
    assert calendar.is_business_day(day) is works
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert hours(calendar, noon, noon + timedelta(hours=1)) == works


def test_a_client_of_our_own_or_of_no_known_country_has_our_calendar() -> None:
    assert BERLIN.for_country("DE") is BERLIN
    assert BERLIN.for_country(None) is BERLIN


@pytest.mark.parametrize("calendar", [BERLIN, BusinessCalendar(always_open=True)])
def test_an_unknown_country_is_refused_with_a_remedy(calendar: BusinessCalendar) -> None:
    with pytest.raises(ValueError, match=r"'Narnia'; use a two-letter code like DE"):
        calendar.for_country("Narnia")


@pytest.mark.parametrize("firm", [BERLIN, BusinessCalendar("Pacific/Auckland", "NZ", **ALMOST_ALWAYS)], ids=name_of)
@given(rows=st.lists(st.tuples(instants, st.integers(0, 3)), max_size=20))
def test_clocks_side_by_side_show_what_each_calendar_shows(
    firm: BusinessCalendar, rows: list[tuple[datetime, int]]
) -> None:
    countries = ["RU", None, "IL", "DE"]
    at = np.array([micros(instant) for instant, _ in rows], dtype=np.int64)
    code = np.array([code for _, code in rows], dtype=np.int32)
    alone = [int(firm.for_country(countries[n]).elapsed(np.array(one))) for one, n in zip(at, code, strict=True)]
    assert Clocks(firm, countries).elapsed(at, code).tolist() == alone


def test_a_client_without_a_code_has_the_firms_own_clock() -> None:
    at = np.array([micros(BEGIN), micros(datetime(2025, 1, 9, 12, tzinfo=UTC)), micros(END), NO_TIME])
    assert Clocks(BERLIN, ["RU", "IL"]).elapsed(at, np.full(4, UNKNOWN)).tolist() == BERLIN.elapsed(at).tolist()
    assert Clocks(BERLIN, []).elapsed(at, np.full(4, UNKNOWN)).tolist() == BERLIN.elapsed(at).tolist()


@given(anywhere)
def test_micros_and_back(instant: datetime) -> None:
    assert instant_of(micros(instant)) == instant
