"""Which days a country works: not on weekends and public holidays, but on weekend days given in exchange for a holiday."""

import warnings
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from churnwatch.core.local_time import END_DAY, FIRST_DAY
from churnwatch.core.table import IntArray

if TYPE_CHECKING:
    from holidays import HolidayBase

_EPOCH = date(1970, 1, 1)
_YEARS = range(1989, 2047)  # with the eve and the morrow of 1990–2045, which other zones reach


def is_working_day(country: str | None, day: date) -> bool:
    """Whether `country` works on `day`; without a country Monday to Friday are worked, outside of 1989–2046 all but weekends.

    >>> [is_working_day("RU", day) for day in (date(2025, 1, 8), date(2025, 11, 1))]
    [False, True]
    """
    return day.weekday() < 5 if country is None else _book(country).is_working_day(day)


@lru_cache(maxsize=256)
def working_days(country: str | None) -> IntArray:
    """Every day of 1990–2045 that `country` works, with the day before and the day after, as days since 1970."""
    days = range(FIRST_DAY - 1, END_DAY + 1)
    worked = np.array([day for day in days if is_working_day(country, _EPOCH + timedelta(day))], dtype=np.int64)
    worked.flags.writeable = False
    return worked


def require_country(country: str) -> None:
    """Raise `ValueError` where no holidays are known of an ISO 3166 code."""
    if country not in _codes():
        raise ValueError(f"no holidays are known of {country!r}; use a two-letter code like DE, or leave it out")


@lru_cache(maxsize=256)
def _book(country: str) -> "HolidayBase":
    from holidays import country_holidays  # takes a tenth of a second, which a firm without a country need not wait

    require_country(country)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # India's book says that it lacks the Hindu feasts of some years
        return country_holidays(country, years=_YEARS, expand=False)


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    from holidays import list_supported_countries

    return frozenset(list_supported_countries())
