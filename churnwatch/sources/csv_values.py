"""What the cells of a CSV column mean: dates in the order the column proves, amounts, durations, yes and no."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

_NOTHING = frozenset(("", "-", "–", "—", "null", "none", "n/a", "na", "nan", "0000-00-00", "не указано"))
_YES = frozenset(("1", "yes", "y", "true", "t", "да", "д", "истина", "ja", "oui", "+", "x"))
_NO = frozenset(("0", "no", "n", "false", "f", "нет", "н", "ложь", "nein", "non", "-"))
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_PIVOT_YEAR = 70  # two-digit years from here on are of the last century
_LONGEST_S = 7 * 86400.0
_DECISIVE = 20  # this many times more proofs for one order than for the other make the other ones slips

_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<mark>[-/.]?)(?P<month>\d{2}|(?<=\D)\d)(?P=mark)(?P<day>\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?!\d)")
_TIME = re.compile(
    r"(?:T|,?\s+|^)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?"
)
_CLOCK = re.compile(r"(?:(?P<hours>\d+):)?(?P<minutes>\d{1,3}):(?P<seconds>\d{1,2})")
_MONEY_NOISE = re.compile(r"[\s'’\u00a0\u2009\u202f]|(?i:руб\.?|р\.|rub|eur|usd|gbp|chf)|[₽€$£]")
_GROUPED = re.compile(r"\d{1,3}(?:(?P<mark>[.,])\d{2,3})?(?:(?P=mark)\d{2,3})*(?<=[.,]\d{3})")
_NUMBER = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)")


class CellError(ValueError):
    """A cell does not hold what its column promises; the message never repeats the cell."""


class AmbiguousDatesError(ValueError):
    """Every date of a column can be read both day first and month first."""


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How a column writes its dates: day or month first where digits leave it open, or a given strptime format."""

    day_first: bool = True
    pattern: str | None = None


def is_nothing(cell: str) -> bool:
    """Whether a cell is empty or says so in words."""
    return cell.strip().lower() in _NOTHING


def date_formats(columns: Mapping[str, Iterable[str]], pattern: str | None = None) -> dict[str, DateFormat]:
    """The format of each date column from its own cells, else from the other date columns of the same file.

    >>> date_formats({"due": ["01/02/2024", "25/02/2024"], "paid": ["03/02/2024"]})["paid"].day_first
    True
    """
    if pattern is not None:
        return {name: DateFormat(pattern=pattern) for name in columns}
    votes = {name: _votes(cells) for name, cells in columns.items()}
    formats: dict[str, DateFormat] = {}
    for name, own in votes.items():
        order = _order(own)
        if order is None and own.open:
            # One program wrote the whole file, so the other columns testify for this one.
            order = _order(_Votes(sum(v.day for v in votes.values()), sum(v.month for v in votes.values()), own.open))
            if order is None:
                raise AmbiguousDatesError(name)
        formats[name] = DateFormat(day_first=order is not False)
    return formats


def parse_day(cell: str, layout: DateFormat) -> date | None:
    """The cell's calendar day, or None where it is empty.

    >>> parse_day("31.12.24", DateFormat()), parse_day("12/31/2024 10:15", DateFormat(day_first=False))
    (datetime.date(2024, 12, 31), datetime.date(2024, 12, 31))
    """
    return None if is_nothing(cell) else _split(cell.strip(), layout)[0]


def parse_instant(cell: str, layout: DateFormat, zone: tzinfo, clock: str = "") -> datetime | None:
    """The cell as an instant in UTC; without a zone of its own it is local in `zone`. `clock` is a separate time cell.

    >>> from zoneinfo import ZoneInfo
    >>> parse_instant("01.02.2024 10:15", DateFormat(), ZoneInfo("Europe/Moscow")).isoformat()
    '2024-02-01T07:15:00+00:00'
    """
    if is_nothing(cell):
        return None
    day, rest = _split(cell.strip(), layout)
    if not is_nothing(clock):
        rest = clock.strip()
    moment, own_zone = _time_of(rest) if rest.strip() else (time(0), None)
    try:
        return datetime.combine(day, moment, tzinfo=own_zone or zone).astimezone(UTC)
    except OverflowError as error:
        raise CellError("is not a time") from error


def decimal_mark(cells: Iterable[str]) -> str | None:
    """The mark that starts the decimals in a column of amounts; None where no cell decides it.

    >>> decimal_mark(["1.234", "17,50"])
    ','
    """
    marks: set[str] = set()
    for cell in cells:
        body = _MONEY_NOISE.sub("", cell).lstrip("+-")
        last = max(body.rfind("."), body.rfind(","))
        if last < 0 or body.count(body[last]) > 1:
            continue
        grouped = len(body) - last - 1 == 3 and not body.startswith(("0.", "0,"))
        if not grouped or ("." in body and "," in body):
            marks.add(body[last])
    return marks.pop() if len(marks) == 1 else None


def parse_amount(cell: str, mark: str | None = None) -> float | None:
    """The cell's number, thousands and currency signs taken out; None where it is empty.

    >>> parse_amount("1 234,50 руб."), parse_amount("1.234", ","), parse_amount("€ 1,234.5"), parse_amount("(12)")
    (1234.5, 1234.0, 1234.5, -12.0)
    """
    if is_nothing(cell):
        return None
    body = _MONEY_NOISE.sub("", cell.strip()).replace("−", "-")
    if body.startswith("(") and body.endswith(")"):  # bookkeepers' minus
        body = f"-{body[1:-1]}"
    if not _NUMBER.fullmatch(body):
        raise CellError("is not an amount")
    digits = body.lstrip("+-")
    last = max(digits.rfind("."), digits.rfind(","))
    whole, decimals = (digits[:last], digits[last + 1 :]) if last >= 0 else (digits, "")
    if last >= 0:
        sign = digits[last]
        alone = not any(each in whole for each in ".,")
        if sign in whole or (alone and len(decimals) == 3 and sign != mark and digits[0] != "0"):
            whole, decimals = digits, ""
    if any(each in whole for each in ".,") and not _GROUPED.fullmatch(whole):
        raise CellError("is not an amount")
    amount = float(
        f"{body[0] if body[0] in '+-' else ''}{whole.replace('.', '').replace(',', '') or 0}.{decimals or 0}"
    )
    if not math.isfinite(amount):
        raise CellError("is not an amount")
    return amount


def parse_flag(cell: str) -> bool | None:
    """Yes or no in any of our languages; None where the cell is empty.

    >>> parse_flag("Да"), parse_flag("FALSE"), parse_flag("")
    (True, False, None)
    """
    word = cell.strip().lower()
    if not word:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    if word in _NOTHING:
        return None
    raise CellError("is neither yes nor no")


def parse_seconds(cell: str) -> float | None:
    """A duration in seconds, from a number of them, mm:ss or hh:mm:ss; None where the cell is empty.

    >>> parse_seconds("2:05"), parse_seconds("1:00:00"), parse_seconds("125")
    (125.0, 3600.0, 125.0)
    """
    if is_nothing(cell):
        return None
    if match := _CLOCK.fullmatch(cell.strip()):
        return int(match["hours"] or 0) * 3600.0 + int(match["minutes"]) * 60 + int(match["seconds"])
    try:
        seconds = float(cell.strip().replace(",", "."))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < _LONGEST_S:
        raise CellError("is not a duration")
    return seconds


@dataclass(frozen=True, slots=True)
class _Votes:
    day: int  # cells that can only be day first
    month: int
    open: bool  # whether there are cells that could be both


def _votes(cells: Iterable[str]) -> _Votes:
    day = month = 0
    undecided = False
    for cell in cells:
        match = _YEAR_LAST.match(cell.strip())
        if match is None or match["mark"] == ".":
            continue
        first, second = int(match["first"]), int(match["second"])
        day += 12 < first <= 31 and second <= 12
        month += 12 < second <= 31 and first <= 12
        undecided = undecided or (first <= 12 and second <= 12 and first != second)
    return _Votes(day, month, undecided)


def _order(votes: _Votes) -> bool | None:
    if votes.day > votes.month * _DECISIVE:
        return True
    if votes.month > votes.day * _DECISIVE:
        return False
    return None


def _split(cell: str, layout: DateFormat) -> tuple[date, str]:
    """The day, and the text after it where a time may stand."""
    if layout.pattern is not None and (found := _by_pattern(cell, layout.pattern)) is not None:
        return found
    if match := _YEAR_FIRST.match(cell):
        numbers = int(match["year"]), int(match["month"]), int(match["day"])
    elif (match := _YEAR_LAST.match(cell)) and (layout.pattern is None or match["mark"] == "."):
        day, month = int(match["first"]), int(match["second"])
        if match["mark"] != "." and not layout.day_first:
            day, month = month, day
        year = int(match["year"])
        if len(match["year"]) == 2:
            year += 1900 if year >= _PIVOT_YEAR else 2000
        numbers = year, month, day
    else:
        raise CellError("is not a date")
    rest = cell[match.end() :]
    if rest.strip() and not _TIME.fullmatch(rest.rstrip()):
        raise CellError("is not a date")
    return _day(*numbers), rest


def _by_pattern(cell: str, pattern: str) -> tuple[date, str] | None:
    """Read by the given format: the whole cell, or its part before a time."""
    for text, rest in ((cell, ""), *((cell[: match.start()], match.group()) for match in _TIME.finditer(cell))):
        try:
            moment = datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 - the zone is the caller's
        except ValueError:
            continue
        return _day(moment.year, moment.month, moment.day), rest or f" {moment:%H:%M:%S}"
    return None


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise CellError("is not a date") from error
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise CellError("is a date out of all reason")
    return found


def _time_of(text: str) -> tuple[time, tzinfo | None]:
    match = _TIME.fullmatch(text.rstrip())
    if match is None:
        raise CellError("is not a time")
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise CellError("is not a time")
        hour = hour % 12 + (12 if match["half"][0] in "Pp" else 0)
    micros = int((match["fraction"] or "").ljust(6, "0")[:6])
    try:
        return time(hour, int(match["minute"]), int(match["second"] or 0), micros), _zone(match["zone"])
    except ValueError as error:
        raise CellError("is not a time") from error


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text.startswith("-") else offset)
