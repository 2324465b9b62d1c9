"""Working days of countries against decrees, and against the library asked one day at a time."""

from datetime import date, timedelta

import holidays
import pytest

from churnwatch.core.working_days import is_working_day, require_country, working_days

EPOCH = date(1970, 1, 1)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        # 2024: Saturday 27 April worked for 29 April, 2 November for 30 April, 28 December for 30 December
        (date(2024, 4, 27), True), (date(2024, 4, 29), False), (date(2024, 4, 30), False), (date(2024, 5, 10), False),
        (date(2024, 11, 2), True), (date(2024, 12, 28), True), (date(2024, 12, 30), False), (date(2024, 12, 31), False),
        # 2025: Saturday 1 November worked for 3 November
        (date(2025, 1, 1), False), (date(2025, 1, 8), False), (date(2025, 1, 9), True), (date(2025, 5, 2), False),
        (date(2025, 5, 8), False), (date(2025, 6, 12), False), (date(2025, 6, 13), False), (date(2025, 6, 14), False),
        (date(2025, 11, 1), True), (date(2025, 11, 3), False), (date(2025, 12, 31), False),
        # 2026: two days of New Year moved to 9 January and 31 December, 8 March and 9 May to the Mondays after
        (date(2026, 1, 9), False), (date(2026, 1, 12), True), (date(2026, 3, 9), False), (date(2026, 5, 11), False),
        (date(2026, 12, 31), False),
    ],
)  # fmt: skip
def test_russian_holidays_and_moved_days(day: date, works: bool) -> None:
    assert is_working_day("RU", day) is works
    assert ((day - EPOCH).days in working_days("RU")) is works


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("KZ", date(2025, 1, 3), False), ("KZ", date(2025, 1, 5), True),  # Sunday worked for Friday
        ("IL", date(2025, 3, 7), False), ("IL", date(2025, 3, 9), True),  # the weekend is Friday and Saturday
        ("SA", date(2013, 6, 20), False), ("SA", date(2013, 7, 4), True),  # Thursdays, before and after the reform
        ("DE", date(2025, 10, 3), False), ("US", date(2025, 11, 27), False), ("US", date(2021, 12, 31), False),
        (None, date(2025, 1, 1), True), (None, date(2025, 1, 4), False),
    ],
)  # fmt: skip
def test_countries_have_weekends_and_holidays_of_their_own(country: str | None, day: date, works: bool) -> None:
    assert is_working_day(country, day) is works


@pytest.mark.parametrize("country", ["DE", "CN", "AE"])
def test_the_days_of_all_years_are_those_of_the_library(country: str) -> None:
    worked = set(working_days(country).tolist())
    for year in (1990, 2006, 2022, 2025, 2045):
        book = holidays.country_holidays(country, years=(year - 1, year, year + 1))
        for day in (date(year, 1, 1) + timedelta(n) for n in range(365)):
            assert ((day - EPOCH).days in worked) == book.is_working_day(day)


def test_years_whose_feasts_the_library_does_not_know_warn_nobody() -> None:
    assert len(working_days("IN")) > 56 * 240


def test_far_from_the_known_years_only_weekends_are_off() -> None:
    assert is_working_day("DE", date(2100, 1, 1))
    assert not is_working_day("DE", date(2100, 1, 2))


def test_days_that_are_shared_cannot_be_altered() -> None:
    with pytest.raises(ValueError, match="read-only"):
        working_days("DE")[0] = 0


@pytest.mark.parametrize("code", ["XX", "Germany", "de", ""])
def test_an_unknown_country_is_refused_with_a_remedy(code: str) -> None:
    for refuses in (require_country, working_days):
        with pytest.raises(ValueError, match="use a two-letter code like DE"):
            refuses(code)
