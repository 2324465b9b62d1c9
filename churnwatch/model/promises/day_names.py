"""How a day to come is named in Russian and English: the forms of it, each with named groups for what it says."""

import re

WEEKDAYS = (
    "понедельник|mon", "вторник|tue", "сред|wed", "четверг|thu", "пятниц|fri", "суббот|sat", "воскресень|sun",
)  # fmt: skip
MONTHS = (
    "январ|jan", "феврал|feb", "март|mar", "апрел|apr", "ма[йя]|may", "июн|jun", "июл|jul", "август|aug", "сентябр|sep",
    "октябр|oct", "ноябр|nov", "декабр|dec",
)  # fmt: skip
NUMBERS = {
    "один": 1, "одного": 1, "одну": 1, "one": 1, "a": 1, "an": 1, "the": 1, "пару": 2, "пары": 2, "couple": 2, "два": 2,
    "две": 2, "двух": 2, "two": 2, "три": 3, "трех": 3, "three": 3, "четыре": 4, "четырех": 4, "four": 4, "пять": 5,
    "пяти": 5, "five": 5, "шести": 6, "шесть": 6, "six": 6, "семи": 7, "семь": 7, "seven": 7, "восьми": 8, "восемь": 8,
    "eight": 8, "девяти": 9, "девять": 9, "nine": 9, "десяти": 10, "десять": 10, "ten": 10,
}  # fmt: skip

_AND = r"[\s,]{1,3}"
_CLOCK = r"(?:\d{1,2}[:.]\d\d|\d{1,2}\s?(?:am|pm|утра|дня|вечера|часов|часам|ч\b)|noon|lunch(?:time)?|midday)"
_NTH = r"(?:st|nd|rd|th)"

_RU_BY = r"(?:до|к|ко|в|во|не поз(?:днее|же)(?: чем)?(?: в)?)"
_RU_END = r"(?:конца|концу|конце|окончания)"
_RU_HOUR = r"(?:обеда|обеду|вечера|вечеру|утра|утру)"
_RU_PART = rf"(?:с утра|утром|днем|вечером|(?:до|к|после) {_RU_HOUR}|(?:до|к|в) {_CLOCK})"
_RU_WEEKDAY = r"(?:понедельник[ау]?|вторник[ау]?|сред[уые]|четверг[ау]?|пятниц[уые]|суббот[уые]|воскресень[еюя])\b"
_RU_MONTH = r"(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)\b"

_EN_BY = r"(?:by|before|on|no later than|not later than)"
_EN_END = rf"(?:(?:the )?(?:very )?end of(?: the| this)?(?: business)?|eod|cob|close of business|late|noon|{_CLOCK})"
_EN_PART = rf"(?:first thing|morning|afternoon|evening|night|eod|cob|(?:by|at|before) {_CLOCK})"
_EN_WEEKDAY = (
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thu(?:rs?)?|fri|sat)\b"
    r"(?!'s|\s(?:meeting|call|stand-?up|deadline|demo|session|sync))"
)
_EN_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)


def _number(group: str) -> str:
    """Of "2-3" the larger counts."""
    return rf"(?:\d{{1,2}}\s?[-–]\s?)?(?P<{group}>\d{{1,3}}|{'|'.join(NUMBERS)})"


def _unit(group: str) -> str:
    return (
        rf"(?P<{group}_work>(?:рабоч\w{{1,3}}|раб\.?|business|working)\s)?(?P<{group}>минут\w?|час\w{{0,2}}|д(?:ень|ня|ней)"
        r"|сут\w{2,3}|недел\w|месяц\w{0,2}|minutes?|hours?|days?|weeks?|months?)\b"
    )


_FORMS: dict[str, tuple[str, ...]] = {
    "relative": (
        rf"(?:{_RU_BY}\s)?(?:{_RU_PART}\s)?"
        rf"(?P<ru_relative>послезавтра|завтра(?:шн\w{{2,4}}\s(?:дня|дню|{_RU_HOUR}))?|сегодня(?:шн\w{{2,4}}\s(?:дня|вечера))?)\b"
        rf"(?: же)?(?:{_AND}{_RU_PART})?(?:{_AND}{_RU_BY}\s{_RU_END}\sдня)?",
        rf"(?:{_EN_BY}\s)?(?:(?:{_EN_END}|first thing|early|later)\s)?"
        r"(?P<en_relative>(?:the )?day after tomorrow|tomorrow|today|tonight|this (?:morning|afternoon|evening))\b(?!'s)"
        rf"(?:{_AND}{_EN_PART})?",
    ),
    "day_end": (
        rf"{_RU_BY} {_RU_END} (?:рабочего )?дня\b(?!{_AND}{_RU_BY} {_RU_WEEKDAY})",
        r"в течение (?:сегодняшнего |этого )?дня\b",
        rf"(?:{_EN_BY} )?(?:(?:the )?end of (?:the |this )?(?:business |working )?day|eod|cob|close of business)\b"
        rf"(?!{_AND}(?:on )?(?:{_EN_WEEKDAY}|today|tomorrow))",
    ),
    "weekday": (
        rf"(?:на )?(?P<ru_ahead>следующей неделе)[ ,]{{1,2}}{_RU_BY}\s(?P<day1>{_RU_WEEKDAY})",
        rf"(?:{_RU_PART}\s)?{_RU_BY}\s(?:(?:{_RU_END}|{_RU_HOUR}|{_CLOCK})\s)?"
        rf"(?P<ru_next>следующ\w{{2,3}}\s|эт\w{{1,3}}\s|ближайш\w{{2,3}}\s)?(?P<day2>{_RU_WEEKDAY})"
        rf"(?P<ru_after>\s(?:на )?следующей недел[еи])?(?:{_AND}{_RU_PART})?"
        rf"(?:,?\s\(?(?P<d8>\d{{1,2}})(?:-?го)?\s(?P<m8>{_RU_MONTH})\)?)?",
        rf"(?:{_EN_BY}\s)?(?:(?:{_EN_END}|early|first thing|later)\s(?:on )?)?(?P<en_next>(?:this|next|coming)\s)?"
        rf"(?P<day3>{_EN_WEEKDAY})(?:{_AND}{_EN_PART})?(?P<en_after>{_AND}next week)?"
        rf"(?:{_AND}(?:the )?(?P<d9>\d{{1,2}}){_NTH}?(?:\s(?:of )?(?P<m9>{_EN_MONTH}))?(?![\w:])"
        rf"|{_AND}(?P<m10>{_EN_MONTH})\s(?P<d10>\d{{1,2}}){_NTH}?(?![\w:]))?",
    ),
    "week": (
        rf"(?:{_RU_BY} {_RU_END} |на |в начале )(?P<ru_week>этой |следующей |будущей |текущей |рабочей )?недел[еи]\b",
        r"(?:до|к) (?:выходных|выходным)\b",
        rf"(?:{_EN_BY} )?(?:{_EN_END} |early |mid |in the course of )?(?P<en_week>next week|this week|eow)\b",
        rf"(?:{_EN_BY} )?{_EN_END} (?:week|working week)\b",
        r"(?:by|before) the weekend\b",
    ),
    "weekend": (r"(?:на|за) (?:этих |эти )?выходны(?:х|е)\b", r"(?:over|at|on|during) (?:the|this) weekend\b"),
    "month_end": (
        rf"{_RU_BY} {_RU_END} (?P<ru_month>(?:этого |текущего |следующего )?месяца|{_RU_MONTH}|(?:этого |текущего )?года)",
        rf"(?:{_EN_BY} )?(?:the )?end of (?P<en_month>(?:the |this |next )?month|(?:the |this )?year|{_EN_MONTH})",
        r"(?:by )?eom\b",
    ),
    "written": (
        rf"(?:{_RU_BY}\s)?(?P<d1>\d{{1,2}})(?:-?(?:го|му|е|ого))?\s(?P<m1>{_RU_MONTH})"
        rf"(?:\s(?P<y1>20\d\d)(?:\sг(?:ода|\.)?)?)?(?:{_AND}{_RU_PART})?",
        rf"(?:{_EN_BY}\s)?(?:the )?(?P<d2>\d{{1,2}}){_NTH}?\s(?:of\s)?(?P<m2>{_EN_MONTH})(?:,?\s(?P<y2>20\d\d))?",
        rf"(?:{_EN_BY}\s)?(?P<m3>{_EN_MONTH})\s(?P<d3>\d{{1,2}}){_NTH}?(?![\w:])(?:,?\s(?P<y3>20\d\d))?",
    ),
    "figures": (  # only with a preposition: "version 2.10" is no day
        rf"(?:{_RU_BY}|{_EN_BY})\s(?:(?P<y5>20\d\d)-(?P<m5>\d\d)-(?P<d5>\d\d)"
        r"|(?P<d4>\d{1,2})(?P<mark>[./])(?P<m4>\d{1,2})(?:[./](?P<y4>\d{4}|\d\d))?)(?![\w:%])(?!\.\d)",
    ),
    "day_of_month": (
        rf"{_RU_BY}\s(?P<d6>\d{{1,2}})(?:-?(?:го|му|ого)(?: числа)?| числ[ауо])\b",
        rf"{_EN_BY}\sthe (?P<d7>\d{{1,2}}){_NTH}\b",
    ),
    "span": (
        rf"(?:в течени[ие]|через|в ближайши[ех])\s(?:{_number('number1')}\s)?{_unit('unit1')}",
        rf"(?P<unit2>минут|час[ао]?в?|дн(?:я|ей)|недел[ьи])\sчерез\s{_number('number2')}",
        rf"(?:within|in)\s(?:the next |about |under )?(?:a )?{_number('number3')}\s(?:of )?(?P<half>half (?:an )?)?"
        rf"{_unit('unit3')}(?:'s? time)?",
        r"(?:within|in)\shalf an hour",
    ),
    "clock": (rf"(?:до|к)\s(?:{_CLOCK}|{_RU_HOUR})", r"вечером\b", rf"(?:by|before)\s{_CLOCK}"),
}
NAMED_DAY = re.compile("|".join(f"(?P<{name}>{'|'.join(forms)})" for name, forms in _FORMS.items()))
FIRST_WORDS = frozenset(  # besides figures; only where one of them stands is a day looked for
    word
    for line in (
        "до к ко в во не на за с утром днем вечером после послезавтра завтра завтрашнего сегодня сегодняшнего через следующей",
        "минут часа часов дня дней недели by before on no not the end eod cob eow eom close late noon first early later mid",
        "day tomorrow today tonight this next coming in within over at during",
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat",
        "january february march april may june july august september october november december",
        "jan feb mar apr jun jul aug sep sept oct nov dec",
    )
    for word in line.split()
)
STEMS = (  # one of them stands in every text that names a day, unless it names one in figures
    *(
        stem
        for line in (
            "сегодня завтра понедельник вторник сред четверг пятниц суббот воскресень недел месяц дня дней день сут час",
            "минут конц выходн вечер обед числ day tomorrow tonight week month hour minute morning afternoon evening",
            "noon lunch year eod cob eow eom",
        )
        for stem in line.split()
    ),
    "end of",
    "close of",
)
_SHORT_MONTH = r"(?:янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
FIGURES = re.compile(
    rf"\d[\w-]{{0,4}}\s(?:of\s)?{_SHORT_MONTH}|\b(?:{_SHORT_MONTH}\w{{0,6}}\.?\s\d"
    r"|(?:by|before|on|than|the|до|к|ко|в|во|чем|позже|позднее)\s\d|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat)\b)"
)
LOOK_BACK = 24  # characters before a name that may make it no day to come
NOT_AFTER = re.compile(
    r"\b(?:от|с|со|за|на|после|по|кажд\w{2,3}|прошл\w{2,3}|раньше|ранее|встреч\w{1,2}|созвон\w{0,2}|звонк\w{1,2}"
    r"|совещани\w|вебинар\w{0,2}|действует|действительн\w{1,2}|from|since|after|for|every|each|last|past|of|until|till"
    r"|dated|not|starting|as of|valid|meeting|call|webinar|demo|workshop)[\s,-]{1,2}$"
)
