"""How people write days in Russian and English, and which day of the calendar they mean when they leave out the rest."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

_MONTHS_RU = (
    r"январ[яь]|янв|феврал[яь]|февр?|марта?|мар|апрел[яь]|апр|ма[яй]|июн[яь]?|июл[яь]?|августа?|авг|сентябр[яь]|сент?|"
    r"октябр[яь]|окт|ноябр[яь]|нояб?|декабр[яь]|дек"
)
_MONTHS_EN = (
    r"january|jan|february|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug|september|sept?|october|oct|november|"
    r"nov|december|dec"
)
_MONTH_BY_START: Final = {
    start: number
    for starts in ("янв фев мар апр мая июн июл авг сен окт ноя дек", "jan feb mar apr may jun jul aug sep oct nov dec")
    for number, start in enumerate(starts.split(), start=1)
} | {"май": 5}
_WEEKDAYS = (
    r"понедельника?|вторника?|сред[ыу]|четверга?|пятниц[ыу]|суббот[ыу]|воскресенья?|пн|вт|ср|чт|пт|сб|вс|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|thu|fri|sat|sun"
)
_WEEKDAY_BY_START: Final = {
    start: number
    for starts in ("пн вт ср чт пт сб вс", "по вт ср че пя су во", "mo tu we th fr sa su")
    for number, start in enumerate(starts.split())
}
_ORDINAL = r"(?:-?(?:ого|го|ое|е)|st|nd|rd|th)"
_YEAR = r"(?:20\d\d|'?\d\d(?![\d:.]))"

DAY_NUMBER: Final = rf"(?:0?[1-9]|[12]\d|3[01])(?!\d){_ORDINAL}?"
_WITH_MONTH = (
    rf"{DAY_NUMBER}(?: числа)?(?: of)?[ -](?:{_MONTHS_RU}|{_MONTHS_EN})\b\.?(?:,?[ -]{_YEAR})?|"
    rf"(?:{_MONTHS_EN})\b\.? {DAY_NUMBER}(?:,? {_YEAR})?"
)
_NUMERIC = (
    r"(?<![\d./])(?:20\d\d-\d\d-\d\d(?!\d)|\d{1,2}\.\d{1,2}(?:\.(?:20)?\d\d)?(?!\.?\d|:)|"
    r"\d{1,2}/\d{1,2}(?:/(?:20)?\d\d)?(?![/\d])|\d{1,2}-\d{1,2}-(?:20)?\d\d(?!\d))"
)
_BARE = rf"(?:the )?(?:0?[1-9]|[12]\d|3[01])(?:{_ORDINAL}(?: числа)?|\s?числа)\b"
_WEEKDAY_FIRST = rf"(?:(?:{_WEEKDAYS})\b\.?,? (?:the )?)?"
# A day that is one without any words around it.
EXACT_DAY: Final = rf"(?:{_WEEKDAY_FIRST}(?:the )?(?:{_WITH_MONTH}|{_NUMERIC}|{_BARE}))"
_RELATIVE = (
    rf"(?:(?:this|next|the following|the coming|ближайш\w+|следующ\w+) )?(?:{_WEEKDAYS})\b|завтра|послезавтра|tomorrow|"
    r"(?:на )?следующ(?:ей|ую) недел[иею]|next week"
)
DAY: Final = rf"(?:{EXACT_DAY}|{_RELATIVE})"
# After "until" also the end of a week or month, and a month alone.
UNTIL_DAY: Final = (
    rf"(?:{DAY}|(?:the )?(?:end of|конца) (?:the |this |этой |этого )?(?:week|month|недели|месяца|{_MONTHS_RU}|{_MONTHS_EN})\b|"
    rf"(?:{_MONTHS_RU}|{_MONTHS_EN}|августа|марта)\b(?: 20\d\d)?)"
)

_LAST_DAY = 31
_STALE_SHARE = 0.25  # of the way from one such day to the next: closer behind us than that, it has passed
_ISO = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_FIGURES = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})(?:\2((?:20)?\d\d))?(?!\d)")
_MONTH = re.compile(rf"\b(?:{_MONTHS_RU}|{_MONTHS_EN})\b")
_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_WEEKDAY = re.compile(rf"\b({_WEEKDAYS})\b")


def coming(words: str, after: date) -> date | None:
    """The nearest day after `after` that the words may mean; None where they name none, or one that has just passed.

    >>> coming("07/14", date(2025, 7, 3)), coming("9 января", date(2024, 12, 28)), coming("14 июля", date(2025, 7, 20))
    (datetime.date(2025, 7, 14), datetime.date(2025, 1, 9), None)
    """
    found = [day for reading in _readings(words, after) if (day := _next(reading, after)) is not None]
    return min(found, default=None)


def latest(words: str, near: date, before: date | None = None, beside: str = "") -> date | None:
    """The last such day before `before`, or the nearest to `near`; a day alone borrows the month of the one `beside` it."""
    if beside and re.fullmatch(rf"(?:the )?{DAY_NUMBER}(?: числа)?", words) and before is not None:
        words = f"{_NUMBER.findall(words)[0]}.{(before - timedelta(days=1)).month}"
    days = [day for reading in _readings(words, before or near) for day in reading]
    if before is not None:
        return max((day for day in days if day < before), default=None)
    return min(days, key=lambda day: abs(day - near), default=None)


def names_weekday(words: str) -> bool:
    """Whether a weekday alone is named.

    >>> names_weekday("monday"), names_weekday("monday, july 14")
    (True, False)
    """
    return _WEEKDAY.search(words) is not None and not re.search(r"\d", words)


def _next(days: list[date], after: date) -> date | None:
    following = min((day for day in days if day > after), default=None)
    behind = max((day for day in days if day <= after), default=None)
    if following is None or behind is None:
        return following
    return None if (after - behind) < (following - behind) * _STALE_SHARE else following


def _readings(words: str, near: date) -> Iterator[list[date]]:
    """Each way to read the words, as the days around `near` that it fits."""
    if iso := _ISO.search(words):
        yield _on([int(iso[1])], int(iso[2]), int(iso[3]))
    elif month := _MONTH.search(words):
        yield _named(words, _MONTH_BY_START[month[0][:3]], near)
    elif figures := _FIGURES.search(words):
        first, mark, second, year = int(figures[1]), figures[2], int(figures[3]), figures[4]
        years = [int(year) % 100 + 2000] if year else _years(near)
        yield _on(years, second, first)
        if mark == "/":  # the American order
            yield _on(years, first, second)
    elif number := _NUMBER.search(words):
        months = [(near.year * 12 + near.month - 1 + step) for step in (-1, 0, 1, 2)]
        yield [day for month in months for day in _on([month // 12], month % 12 + 1, int(number[1]))]
    elif weekday := _WEEKDAY.search(words):
        wanted = _WEEKDAY_BY_START[weekday[1][:2]]
        week = [near + timedelta(days=step) for step in range(8)]
        yield [day for day in week if day.weekday() == wanted]
    else:
        yield from _relative(words, near)


def _named(words: str, month: int, near: date) -> list[date]:
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    given = numbers.pop() if numbers and (len(numbers) > 1 or numbers[0] > _LAST_DAY) else None
    years = _years(near) if given is None else [given % 100 + 2000]
    if "end of" in words or "конца" in words:
        return _on([year + month // 12 for year in years], month % 12 + 1, 1)
    return _on(years, month, numbers[0] if numbers else 1)


def _relative(words: str, near: date) -> Iterator[list[date]]:
    monday = near + timedelta(days=7 - near.weekday())
    if "week" in words or "недел" in words:
        yield [monday]
    elif "month" in words or "месяца" in words:
        yield _on([near.year + near.month // 12], near.month % 12 + 1, 1)
    elif "послезавтра" in words:
        yield [near + timedelta(days=2)]
    elif "завтра" in words or "tomorrow" in words:
        yield [near + timedelta(days=1)]


def _years(near: date) -> list[int]:
    return [near.year - 1, near.year, near.year + 1]


def _on(years: list[int], month: int, day: int) -> list[date]:
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:  # no such day in that year
            continue
    return found
