"""Which phrases name a day to come, and which day that is for a text written on a given one, in Russian and English.

A weekday is the next such day after the writing; a week ends on its Friday; "within two days" counts calendar days, "within
two working days" counts Monday to Friday without holidays. A day and month without a year are the nearest such day.
A phrase that names a day gone by, a habit ("every Friday") or a beginning ("from Friday") is none.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from churnwatch.model.promises.day_names import (
    FIGURES,
    FIRST_WORDS,
    LOOK_BACK,
    MONTHS,
    NAMED_DAY,
    NOT_AFTER,
    NUMBERS,
    STEMS,
    WEEKDAYS,
)

_FRIDAY, _SUNDAY = 4, 6
_MOST_DAYS_AHEAD = 366
_DAYS_OF_A_MONTH = 30  # "within a month"
_WORD = re.compile(r"[^\W_][\w-]*+")
_OR = re.compile(r",?\s(?:or|или)\s")


class Due(NamedTuple):
    """A day and where it is named (half-open character range)."""

    day: date
    start: int
    end: int
    clock_only: bool = False  # "by 18:00": the day of writing, unless another is named beside it


def phrases(folded: str, written_on: date) -> list[Due]:
    """Every phrase in a lower-case text (е for ё) that names the day of writing or one up to a year ahead, in order.

    Of "today or tomorrow" the later day counts, and stands for both.

    >>> [due.day.isoformat() for due in phrases("пришлем до пятницы, the rest by 20 may", date(2026, 5, 12))]
    ['2026-05-15', '2026-05-20']
    """
    found: list[Due] = []
    if not (any(stem in folded for stem in STEMS) or FIGURES.search(folded)):
        return found
    for word in _WORD.finditer(folded):
        start = word.start()
        if (word[0] not in FIRST_WORDS and not word[0][0].isdigit()) or (found and start < found[-1].end):
            continue
        named = NAMED_DAY.match(folded, start)
        if not named or not named.lastgroup or NOT_AFTER.search(folded, max(0, start - LOOK_BACK), start):
            continue
        day = _RESOLVERS[named.lastgroup](named, written_on)
        if not day or not timedelta(0) <= day - written_on <= timedelta(_MOST_DAYS_AHEAD):
            continue
        if found and _OR.fullmatch(folded, found[-1].end, start):
            earlier = found.pop()
            day, start = max(day, earlier.day), earlier.start
        found.append(Due(day, start, named.end(), clock_only=named.lastgroup == "clock"))
    return found


# --- which day that is ------------------------------------------------------------------------------------------------


def _numbered(patterns: tuple[str, ...], word: str) -> int:
    return next(index for index, pattern in enumerate(patterns) if re.match(pattern, word))


def _coming(written_on: date, weekday: int) -> date:
    """The next such weekday, never the day of writing."""
    return written_on + timedelta((weekday - written_on.weekday() - 1) % 7 + 1)


def _friday(written_on: date, *, next_week: bool) -> date:
    """Friday of this week, or of the next; who writes "this week" on a weekend means the one to come."""
    monday = written_on - timedelta(written_on.weekday())
    weekend = written_on.weekday() > _FRIDAY
    return monday + timedelta(_FRIDAY + 7 * (next_week or weekend))


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # 31 June is no day, so nothing was promised for it


def _nearest(written_on: date, month: int, day: int) -> date | None:
    years = (written_on.year - 1, written_on.year, written_on.year + 1)
    possible = [one for year in years if (one := _on(year, month, day))]
    return min(possible, key=lambda one: abs(one - written_on), default=None)


def _group(named: re.Match[str], *names: str) -> str:
    return next((named[name] for name in names if named[name]), "")


def _relative(named: re.Match[str], written_on: date) -> date:
    word = _group(named, "ru_relative", "en_relative")
    later = (
        2 if "послезавтра" in word or "after tomorrow" in word else 1 if word.startswith(("завтра", "tomorrow")) else 0
    )
    return written_on + timedelta(later)


def _weekday(named: re.Match[str], written_on: date) -> date | None:
    day, month = _group(named, "d8", "d9", "d10"), _group(named, "m8", "m9", "m10")
    if day:  # "Friday, 15 May": the number says more
        return _nearest(written_on, _numbered(MONTHS, month) + 1, int(day)) if month else _monthly(written_on, int(day))
    weekday = _numbered(WEEKDAYS, _group(named, "day1", "day2", "day3"))
    next_week = _group(named, "ru_ahead", "ru_after", "en_after") or _group(named, "ru_next", "en_next").startswith(
        ("следующ", "next")
    )
    if next_week:
        return written_on + timedelta(7 - written_on.weekday() + weekday)
    return _coming(written_on, weekday)


def _week(named: re.Match[str], written_on: date) -> date:
    week = _group(named, "ru_week", "en_week")
    return _friday(written_on, next_week=week.startswith(("следующей", "будущей", "next")))


def _month_end(named: re.Match[str], written_on: date) -> date:
    span = _group(named, "ru_month", "en_month")
    if "год" in span or "year" in span:
        return date(written_on.year, 12, 31)
    year, month = written_on.year, written_on.month
    if span and "месяц" not in span and "month" not in span:
        month = _numbered(MONTHS, span) + 1
        year += month < written_on.month
    elif span.startswith(("следующ", "next")):
        year, month = year + month // 12, month % 12 + 1
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def _written(named: re.Match[str], written_on: date) -> date | None:
    day, month = int(_group(named, "d1", "d2", "d3")), _numbered(MONTHS, _group(named, "m1", "m2", "m3")) + 1
    year = _group(named, "y1", "y2", "y3")
    return _on(int(year), month, day) if year else _nearest(written_on, month, day)


def _figures(named: re.Match[str], written_on: date) -> date | None:
    day, month = int(_group(named, "d4", "d5")), int(_group(named, "m4", "m5"))
    if named["mark"] == "/" and day <= 12 and month <= 12 and day != month:
        return None  # 05/06 is May in one country and June in another
    if named["mark"] == "/" and month > 12:
        day, month = month, day
    year = _group(named, "y4", "y5")
    return _on(int(year) + 2000 * (len(year) == 2), month, day) if year else _nearest(written_on, month, day)


def _day_of_month(named: re.Match[str], written_on: date) -> date | None:
    return _monthly(written_on, int(_group(named, "d6", "d7")))


def _monthly(written_on: date, day: int) -> date | None:
    """The next day of that number."""
    month = written_on.month + (day < written_on.day)
    return _on(written_on.year + (month > 12), (month - 1) % 12 + 1, day)


def _span(named: re.Match[str], written_on: date) -> date:
    written = _group(named, "number1", "number2", "number3")
    number = int(written) if written.isdigit() else NUMBERS.get(written, 1)
    unit = _group(named, "unit1", "unit2", "unit3")
    if not unit or named["half"] or unit.startswith(("мин", "min")):
        return written_on
    if unit.startswith(("час", "hour")):
        return written_on + timedelta(number // 24)
    if _group(named, "unit1_work", "unit3_work"):
        return _working_days_on(written_on, number)
    if unit.startswith(("недел", "week")):
        return written_on + timedelta(7 * number)
    if unit.startswith(("месяц", "month")):
        return written_on + timedelta(_DAYS_OF_A_MONTH * number)
    # "в течение дня" is today, "через день" and "within a day" are tomorrow
    return written_on + timedelta(number)


def _working_days_on(written_on: date, number: int) -> date:
    day = written_on
    for _one in range(min(number, _MOST_DAYS_AHEAD)):
        day += timedelta(1)
        while day.weekday() > _FRIDAY:
            day += timedelta(1)
    return day


_RESOLVERS: dict[str, Callable[[re.Match[str], date], date | None]] = {
    "relative": _relative,
    "day_end": lambda _named, written_on: written_on,
    "weekday": _weekday,
    "week": _week,
    "weekend": lambda _named, written_on: _coming(written_on, _SUNDAY),
    "month_end": _month_end,
    "written": _written,
    "figures": _figures,
    "day_of_month": _day_of_month,
    "span": _span,
    "clock": lambda _named, written_on: written_on,
}
