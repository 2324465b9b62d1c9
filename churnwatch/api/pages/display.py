"""How a page writes money, days and moments; thin spaces and signs as the reader's language has them."""

import re
from datetime import date, datetime, tzinfo

from churnwatch.alerts.wording import NO_BREAK, day, days, one_line, percent, percent_range
from churnwatch.core.config import Language
from churnwatch.features import wording
from churnwatch.features.signal import Unit

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "RUB": "₽", "KZT": "₸", "UAH": "₴", "CHF": "CHF"}
NOTHING = "—"


def money(amount: float | None, currency: str, language: Language) -> str:
    """A rounded amount.

    >>> money(12345.6, "EUR", "en"), money(12345.6, "RUB", "ru").replace(NO_BREAK, " "), money(None, "EUR", "en")
    ('€12,346', '12 346 ₽', '—')
    """
    if amount is None:
        return NOTHING
    symbol = _SYMBOLS.get(currency, currency)
    if language == "ru":
        return f"{amount:,.0f}".replace(",", NO_BREAK) + NO_BREAK + symbol
    return f"{symbol}{NO_BREAK if symbol.isalpha() else ''}{amount:,.0f}"


def moment(at: datetime, zone: tzinfo, today: date, language: Language) -> str:
    """A day and time in the firm's zone; the year where it is not this one.

    >>> from datetime import UTC
    >>> moment(datetime(2024, 3, 8, 9, 5, tzinfo=UTC), UTC, date(2024, 4, 1), "en").replace(NO_BREAK, " ")
    '8 March, 09:05'
    """
    local = at.astimezone(zone)
    return f"{day(local.date(), language, year=local.year != today.year)}, {local:%H:%M}"


def short_day(when: date, language: Language) -> str:
    """A date for the end of an axis.

    >>> short_day(date(2024, 3, 8), "en").replace(NO_BREAK, " "), short_day(date(2024, 3, 8), "ru")
    ('8 Mar 2024', '08.03.2024')
    """
    if language == "ru":
        return f"{when:%d.%m.%Y}"
    return f"{when.day}{NO_BREAK}{_MONTHS[when.month - 1]}{NO_BREAK}{when.year}"


def quantity(value: float | None, unit: str, language: Language) -> str | None:
    r"""A level in its unit; None where a person could not make sense of the number.

    >>> quantity(0.25, "share", "en"), quantity(1.5, "z", "en"), quantity(None, "days", "en")
    ('25\xa0%', None, None)
    """
    told = next((one for one in _UNITS if one == unit), None)
    if value is None or told is None:
        return None
    return typeset(wording.quantity(value, told, language))


def typeset(text: str) -> str:
    """A sentence whose numbers never part from what they count.

    >>> typeset("молчит 21 день, 40 % писем") == "молчит 21 день, 40 % писем"
    True
    """
    return _AFTER_NUMBER.sub(NO_BREAK, text)


_AFTER_NUMBER = re.compile(r"(?<=\d) (?=[^\W\d_]|%)")
_UNITS: tuple[Unit, ...] = ("share", "hours", "days", "months", "messages", "words")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

__all__ = ["NOTHING", "day", "days", "moment", "money", "one_line", "percent", "percent_range", "quantity", "short_day"]
