"""How numbers, dates and bands are written for a reader of Russian or English."""

import re
import textwrap
from datetime import date

from churnwatch.core.config import Language
from churnwatch.core.types import Band

NO_BREAK = "\u00a0"

_MONTHS: dict[Language, str] = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_WEEKDAYS: dict[Language, str] = {  # in Russian as after "не позднее"
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "ru": "понедельника вторника среды четверга пятницы субботы воскресенья",
}
_BANDS: dict[Language, dict[Band, str]] = {
    "en": {Band.CALM: "calm", Band.WARMING: "warming", Band.SIMMERING: "simmering", Band.BOILING: "boiling"},
    "ru": {Band.CALM: "спокойно", Band.WARMING: "теплеет", Band.SIMMERING: "закипает", Band.BOILING: "кипит"},
}
# Line ends would start a new header or heading; marks that turn the direction of writing would hide what follows.
_NOT_IN_A_LINE = re.compile(r"(?:[^\S\u00a0\u202f]|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069])+")


def one_line(text: str) -> str:
    r"""A text on one line.

    >>> one_line("Nord\r\nBcc: all")
    'Nord Bcc: all'
    """
    return _NOT_IN_A_LINE.sub(" ", text).strip()


def band(heat: Band, language: Language) -> str:
    """The word for a band.

    >>> band(Band.SIMMERING, "ru")
    'закипает'
    """
    return _BANDS[language][heat]


def says_of(name: str, heat: Band, language: Language) -> str:
    """A sentence's worth on how hot a client is.

    >>> says_of("Northwind", Band.WARMING, "en"), says_of("Ромашка", Band.BOILING, "ru")
    ('Northwind is warming up', 'Ромашка кипит')
    """
    if language == "ru":
        return f"{name}: {band(heat, 'ru')}" if heat is Band.CALM else f"{name} {band(heat, 'ru')}"
    return f"{name} is {band(heat, 'en')}{' up' if heat is Band.WARMING else ''}"


def percent(share: float) -> str:
    """A share of one in whole percent; the ends are never claimed.

    >>> [percent(share).replace(NO_BREAK, " ") for share in (0.001, 0.325, 0.9999)]
    ['1 %', '32 %', '99 %']
    """
    return f"{_whole(share)}{NO_BREAK}%"


def percent_range(low: float, high: float) -> str:
    """Two shares of one in whole percent.

    >>> percent_range(0.2, 0.451).replace(NO_BREAK, " ")
    '20–45 %'
    """
    return f"{_whole(low)}–{_whole(high)}{NO_BREAK}%"


def day(when: date, language: Language, *, year: bool = False) -> str:
    """A date in words.

    >>> day(date(2024, 3, 8), "ru", year=True).replace(NO_BREAK, " "), day(date(2024, 3, 8), "en").replace(NO_BREAK, " ")
    ('8 марта 2024 г.', '8 March')
    """
    words = f"{when.day}{NO_BREAK}{_MONTHS[language].split()[when.month - 1]}"
    if not year:
        return words
    return f"{words} {when.year}" + (f"{NO_BREAK}г." if language == "ru" else "")


def weekday(when: date, language: Language) -> str:
    """The day of the week, in Russian as after "не позднее".

    >>> weekday(date(2024, 3, 8), "en"), weekday(date(2024, 3, 8), "ru")
    ('Friday', 'пятницы')
    """
    return _WEEKDAYS[language].split()[when.weekday()]


def days(count: int, language: Language) -> str:
    """So many days, as after "within" and "за".

    >>> [days(count, "ru").replace(NO_BREAK, " ") for count in (1, 21, 22, 11, 90)]
    ['1 день', '21 день', '22 дня', '11 дней', '90 дней']
    """
    return f"{count}{NO_BREAK}{_plural(count, language, ('day', 'days'), ('день', 'дня', 'дней'))}"


def working_days(count: int, language: Language) -> str:
    """So many working days, as after "within" and "в течение".

    >>> [working_days(count, "ru").replace(NO_BREAK, " ") for count in (1, 2)]
    ['1 рабочего дня', '2 рабочих дней']
    """
    forms = ("рабочего дня", "рабочих дней", "рабочих дней")
    return f"{count}{NO_BREAK}{_plural(count, language, ('working day', 'working days'), forms)}"


def shortened(text: str, limit: int) -> str:
    """A text in at most `limit` characters, cut where a word ends."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    return (kept[: kept.rfind(" ")] if " " in kept else kept[:-1]).rstrip(" ,;:.—") + "…"


def wrapped(text: str, first: str = "", width: int = 78) -> str:
    """Paragraphs for a plain-text mail: the first line opens with `first`, the others are indented as far."""
    return textwrap.fill(
        text,
        width,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _whole(share: float) -> int:
    return min(max(round(share * 100), 1), 99)


def _plural(count: int, language: Language, english: tuple[str, str], russian: tuple[str, str, str]) -> str:
    if language == "en":
        return english[count != 1]
    if count % 10 == 1 and count % 100 != 11:
        return russian[0]
    return russian[1] if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else russian[2]
