"""Which phrases name a day to come, and which day that is for a text written on a given one, in Russian and English.

A weekday is the next such day after the writing; a week ends on its Friday; "within two days" counts calendar days, "within
two working days" counts Monday to Friday without holidays. A day and month without a year are the nearest such day.
A phrase that names a day gone by, a habit ("every Friday") or a beginning ("from Friday") is none.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

_FRIDAY, _SUNDAY = 4, 6
_MOST_DAYS_AHEAD = 366
_HALF_A_YEAR_DAYS = 183
_DAYS_OF_A_MONTH = 30  # "within a month"


class Due(NamedTuple):
    """A day and where it is named (half-open character range)."""

    day: date
    start: int
    end: int
    clock_only: bool = False  # "by 18:00": the day of writing, unless another is named beside it


def phrases(folded: str, written_on: date) -> list[Due]:
    """Every phrase in a lower-case text (е for ё) that names the day of writing or one up to a year ahead, in order.

    >>> [due.day.isoformat() for due in phrases("пришлем до пятницы, the rest by 20 may", date(2026, 5, 12))]
    ['2026-05-15', '2026-05-20']
    """
    found: list[Due] = []
    for word in _WORD.finditer(folded):
        start = word.start()
        if (word[0] in _FIRST_WORDS or word[0][0].isdigit()) and (not found or start >= found[-1].end):
            named = _DUE.match(folded, start)
            if named and named.lastgroup and not _NOT_AFTER.search(folded, max(0, start - _LOOK_BACK), start):
                day = _RESOLVERS[named.lastgroup](named, written_on)
                if day and timedelta(0) <= day - written_on <= timedelta(_MOST_DAYS_AHEAD):
                    found.append(Due(day, start, named.end(), clock_only=named.lastgroup == "clock"))
    return found


# --- how days are named -----------------------------------------------------------------------------------------------

_WEEKDAYS = (
    "понедельник|monday|mon", "вторник|tuesday|tues|tue", "сред|wednesday|wed", "четверг|thursday|thurs|thur|thu",
    "пятниц|friday|fri", "суббот|saturday|sat", "воскресень|sunday|sun",
)  # fmt: skip
_MONTHS = (
    "январ|jan", "феврал|feb", "март|mar", "апрел|apr", "ма[йяе]|may", "июн|jun", "июл|jul", "август|aug", "сентябр|sep",
    "октябр|oct", "ноябр|nov", "декабр|dec",
)  # fmt: skip
_NUMBERS = {
    "один": 1, "одного": 1, "одну": 1, "one": 1, "a": 1, "an": 1, "the": 1, "пару": 2, "пары": 2, "couple": 2, "два": 2,
    "две": 2, "двух": 2, "two": 2, "три": 3, "трех": 3, "three": 3, "четыре": 4, "четырех": 4, "four": 4, "пять": 5,
    "пяти": 5, "five": 5, "шести": 6, "шесть": 6, "six": 6, "семи": 7, "семь": 7, "seven": 7, "восьми": 8, "восемь": 8,
    "eight": 8, "девяти": 9, "девять": 9, "nine": 9, "десяти": 10, "десять": 10, "ten": 10,
}  # fmt: skip

_ = r"[\s,]{1,3}"
_RU_WEEKDAY = (
    r"(?:понедельник[ау]?|вторник[ау]?|сред[уые]|четверг[ау]?|пятниц[уые]|суббот[уые]|воскресень[ею]|воскресенья)"
)
_RU_MONTH = r"(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
_EN_WEEKDAY = (
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thu(?:rs?)?|fri|sat)\b"
    r"(?!'s|\s(?:meeting|call|stand-?up|deadline|demo|session|sync))"
)
_EN_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_CLOCK = r"(?:\d{1,2}[:.]\d\d|\d{1,2}\s?(?:am|pm|утра|дня|вечера|часов|часам|ч\b)|noon|lunch(?:time)?|midday)"
_RU_PART = rf"(?:с утра|утром|днем|вечером|(?:до|к|после) (?:обеда|обеду|вечера|вечеру)|(?:до|к|в) {_CLOCK})"
_EN_PART = rf"(?:first thing|morning|afternoon|evening|night|eod|cob|(?:by|at|before) {_CLOCK})"
_RU_PREP = r"(?:до|к|ко|в|во|не поз(?:днее|же)(?: чем)?(?: в)?)"
_EN_PREP = r"(?:by|before|on|no later than|not later than)"
_RU_END = r"(?:конца|концу|конце|окончания)"
_EN_END = rf"(?:(?:the )?(?:very )?end of(?: the| this)?(?: business)?|eod|cob|close of business|late|noon|{_CLOCK})"


def _number(name: str) -> str:
    """Of "2-3" the larger counts."""
    return rf"(?:\d{{1,2}}\s?[-–]\s?)?(?P<{name}>\d{{1,3}}|{'|'.join(_NUMBERS)})"


def _unit(name: str) -> str:
    return (
        rf"(?P<{name}_work>(?:рабоч\w{{1,3}}|раб\.?|business|working)\s)?(?P<{name}>минут\w?|час\w{{0,2}}|д(?:ень|ня|ней)"
        r"|сут\w{2,3}|недел\w|месяц\w{0,2}|minutes?|hours?|days?|weeks?|months?)\b"
    )


_FORMS: dict[str, str] = {
    "relative": rf"(?:{_RU_PREP}\s)?(?:{_RU_PART}\s)?(?P<near>послезавтра|завтра(?:шн\w{{2,4}}\s(?:дня|дню|утра|утру|вечера|вечеру|обеда))?"
    rf"|сегодня(?:шн\w{{2,4}}\s(?:дня|вечера))?(?: же)?)\b(?:{_}{_RU_PART})?(?:{_}{_RU_PREP}\s{_RU_END}\sдня)?"
    rf"|(?:{_EN_PREP}\s)?(?:(?:{_EN_END}|first thing|early|later)\s)?(?P<close>(?:the )?day after tomorrow|tomorrow|today|tonight"
    rf"|this (?:morning|afternoon|evening))\b(?!'s)(?:{_}{_EN_PART})?",
    "day_end": rf"{_RU_PREP} {_RU_END} (?:рабочего )?дня(?! \w+дней)(?!{_}{_RU_PREP} {_RU_WEEKDAY})"
    rf"|в течение (?:сегодняшнего |этого )?дня\b|(?:{_EN_PREP} )?(?:the )?(?:end of (?:the |this )?(?:business |working )?day|eod|cob|close of business)\b"
    rf"(?!{_}(?:on )?(?:{_EN_WEEKDAY}|today|tomorrow))",
    "weekday": rf"(?:на )?(?P<ru_ahead>следующей неделе)[ ,]{{1,2}}{_RU_PREP}\s(?P<day1>{_RU_WEEKDAY})"
    rf"|(?:{_RU_PART}\s)?{_RU_PREP}\s(?:{_RU_END}\s|(?:утра|утру|вечера|вечеру|обеда)\s|{_CLOCK}\s)?"
    rf"(?P<ru_next>следующ\w{{2,3}}\s|эт\w{{1,3}}\s|ближайш\w{{2,3}}\s)?(?P<day2>{_RU_WEEKDAY})\b"
    rf"(?P<ru_after>\sна следующей неделе|\sследующей недели)?(?:{_}{_RU_PART})?(?:,?\s\(?(?P<d8>\d{{1,2}})(?:-?го)?\s(?P<m8>{_RU_MONTH})\)?)?"
    rf"|(?:{_EN_PREP}\s)?(?:(?:{_EN_END}|early|first thing|later)\s(?:on )?)?(?P<en_next>(?:this|next|coming)\s)?(?P<day3>{_EN_WEEKDAY})"
    rf"(?:{_}{_EN_PART})?(?P<en_after>{_}next week)?(?:{_}(?:the )?(?P<d9>\d{{1,2}})(?:st|nd|rd|th)?(?:\s(?:of )?(?P<m9>{_EN_MONTH}))?(?![\w:])"
    rf"|{_}(?P<m10>{_EN_MONTH})\s(?P<d10>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]))?",
    "week": rf"(?:{_RU_PREP} {_RU_END} |на |в начале )(?P<ru_week>этой |следующей |будущей |текущей |рабочей )?недел[еи]\b"
    rf"|(?:до|к) (?:выходных|выходным)\b|(?:{_EN_PREP} )?(?:{_EN_END} |early |mid |in the course of )?(?P<en_week>next week|this week|eow)\b"
    rf"|(?:{_EN_PREP} )?{_EN_END} (?:week|working week)\b|(?:by|before) the weekend\b",
    "weekend": r"(?:на|за) (?:этих |эти )?выходны(?:х|е)\b|(?:over|at|on|during) (?:the|this) weekend\b",
    "month_end": rf"{_RU_PREP} {_RU_END} (?P<ru_month>(?:этого |текущего |следующего )?месяца|{_RU_MONTH}|(?:этого |текущего )?года)(?! \w*\d)"
    rf"|(?:{_EN_PREP} )?(?:the )?end of (?P<en_month>(?:the |this |next )?month|(?:the |this )?year|{_EN_MONTH})|(?:by )?eom\b",
    "written": rf"(?:{_RU_PREP}\s)?(?P<d1>\d{{1,2}})(?:-?(?:го|му|е|ого))?\s(?P<m1>{_RU_MONTH})(?:\s(?P<y1>20\d\d)(?:\sг(?:ода|\.)?)?)?"
    rf"(?:{_}{_RU_PART})?|(?:{_EN_PREP}\s)?(?:the )?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m2>{_EN_MONTH})(?:,?\s(?P<y2>20\d\d))?"
    rf"|(?:{_EN_PREP}\s)?(?P<m3>{_EN_MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])(?:,?\s(?P<y3>20\d\d))?",
    "figures": rf"(?:{_RU_PREP}|{_EN_PREP})\s(?:(?P<y5>20\d\d)-(?P<m5>\d\d)-(?P<d5>\d\d)"
    r"|(?P<d4>\d{1,2})(?P<mark>[./])(?P<m4>\d{1,2})(?:[./](?P<y4>\d{4}|\d\d))?)(?![\w:%])(?!\.\d)",
    "day_of_month": rf"(?:{_RU_PREP})\s(?P<d6>\d{{1,2}})(?:-?(?:го|му|ого)(?: числа)?| числ[ауо])\b|(?:{_EN_PREP})\sthe (?P<d7>\d{{1,2}})(?:st|nd|rd|th)\b",
    "span": rf"(?:в течени[ие]|через|в ближайши[ех])\s(?:{_number('number1')}\s)?{_unit('unit1')}"
    rf"|(?P<unit2>минут|час[ао]?в?|дн(?:я|ей)|недел[ьи])\sчерез\s{_number('number2')}"
    rf"|(?:within|in)\s(?:the next |about |under )?(?:a )?{_number('number3')}\s(?:of )?(?P<half>half (?:an )?)?{_unit('unit3')}(?:'s? time)?"
    r"|(?:within|in)\s(?P<half_hour>half an hour)",
    "clock": rf"(?:до|к)\s(?:{_CLOCK}|вечера|вечеру|обеда|обеду)|вечером\b|(?:by|before)\s{_CLOCK}",
}
_DUE = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()))
_WORD = re.compile(r"[^\W_][\w-]*")
_FIRST_WORDS = frozenset(
    "до к ко в во не на за с утром днем вечером после послезавтра завтра завтрашнего сегодня сегодняшнего через следующей"
    " минут часа часов дня дней недели by before on no not due the end eod cob eow eom close late noon first early later mid"
    " day tomorrow today tonight this next coming in within over at during"
    " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat"
    " january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_LOOK_BACK = 24  # characters
_NOT_AFTER = re.compile(
    r"(?:\b(?:от|с|со|за|на|после|по|кажд\w{2,3}|прошл\w{2,3}|from|since|after|for|every|each|last|past|of|until|till|dated|not"
    r"|starting|as of|valid|раньше|ранее|встреч\w{1,2}|созвон\w{0,2}|звонк\w{1,2}|совещани\w|вебинар\w{0,2}|meeting|call|webinar|demo"
    r"|workshop|действует|действительн\w{1,2})|\d)[\s,-]{1,2}$"
)

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
    word = _group(named, "near", "close")
    later = (
        2 if "послезавтра" in word or "after tomorrow" in word else 1 if word.startswith(("завтра", "tomorrow")) else 0
    )
    return written_on + timedelta(later)


def _weekday(named: re.Match[str], written_on: date) -> date | None:
    day, month = _group(named, "d8", "d9", "d10"), _group(named, "m8", "m9", "m10")
    if day:  # "Friday, 15 May": the number says more
        return (
            _nearest(written_on, _numbered(_MONTHS, month) + 1, int(day)) if month else _monthly(written_on, int(day))
        )
    weekday = _numbered(_WEEKDAYS, _group(named, "day1", "day2", "day3"))
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
        month = _numbered(_MONTHS, span) + 1
        year += month < written_on.month
    elif span.startswith(("следующ", "next")):
        year, month = year + month // 12, month % 12 + 1
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def _written(named: re.Match[str], written_on: date) -> date | None:
    day, month = int(_group(named, "d1", "d2", "d3")), _numbered(_MONTHS, _group(named, "m1", "m2", "m3")) + 1
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
    number = int(written) if written.isdigit() else _NUMBERS.get(written, 1)
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
