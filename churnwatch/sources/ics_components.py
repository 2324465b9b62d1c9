"""How a calendar file is built: its components one by one with the few properties that matter, and what its times mean.

The file is cut into components before icalendar reads any line, so that one broken component, or a huge description, costs nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Timezone, vDDDTypes
from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_MAX_LINE_CHARS = 16 * 1024  # of one property, unfolded
_MAX_PROPERTIES = 2000  # of one component; a meeting has an attendee on each
_MAX_ZONE_LINES = 100
_EVENT = "VEVENT"
_ESSENTIAL = {"UID", "DTSTART", "RECURRENCE-ID"}
_WANTED = _ESSENTIAL | {
    "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "CREATED", "STATUS", "SUMMARY", "ORGANIZER", "ATTENDEE"
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}(?=[;:])")
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")
# Expanding a hostile rule (every second until 9999) would not end; time zones only ever need yearly ones.
_OTHER_THAN_YEARLY = re.compile(r"RRULE(?!.{0,200}FREQ=YEARLY)|BY(?:HOUR|MINUTE|SECOND)|BYYEARDAY|INTERVAL=(?!1\b)")


@dataclass(frozen=True, slots=True)
class Property:
    """One content line: `ATTENDEE;PARTSTAT=DECLINED:mailto:ann@client.example`."""

    params: Mapping[str, Any]
    value: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is said once for all components of one VCALENDAR: its method and its own time zones, as text."""

    method: str
    zones: Mapping[str, str]


@dataclass(slots=True)
class Component:
    """One component; `broken` says what could not be read of it."""

    kind: str
    line: int  # in the file, from 1
    properties: dict[str, list[Property]] = field(default_factory=dict)
    broken: str | None = None

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        return next(iter(self.properties.get(name, ())), None)

    def text(self, name: str) -> str:
        """A property's value as one line, or an empty string."""
        found = self.first(name)
        return "" if found is None else " ".join(re.sub(r"\\([,;\\nN])", _unescape, found.value).split())

    @property
    def sequence(self) -> int:
        """SEQUENCE as written; 0 where it is absent or no number."""
        value = self.text("SEQUENCE")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def components(text: str) -> Iterator[tuple[Calendar, Component]]:
    """Every component outside of others, each with its calendar; alarms inside an event are passed over."""
    method, zones = "", dict[str, str]()
    waiting: list[Component] = []
    stack: list[Component] = []
    zone_lines: list[str] = []
    for number, line in _unfolded(text):
        match = _NAME.match(line)
        name = match.group().upper() if match else ""
        value = line[match.end() + 1 :].strip() if match else ""
        if name == "BEGIN":
            if value.upper() == "VCALENDAR" or (stack and stack[0].kind == value.upper()):
                waiting += _unclosed(stack)  # the END of the component before is missing
            if value.upper() == "VCALENDAR":
                yield from ((Calendar(method, zones), component) for component in waiting)
                method, zones, waiting = "", {}, []
                continue
            stack.append(Component(value.upper()[:40], number))
            zone_lines = [] if value.upper() == "VTIMEZONE" else zone_lines
        if stack and stack[0].kind == "VTIMEZONE" and len(zone_lines) < _MAX_ZONE_LINES:
            zone_lines.append(line)
        if name == "END" and stack and value.upper() != "VCALENDAR":
            done = stack.pop()
            if done.kind == "VTIMEZONE":
                _remember_zone(zones, zone_lines)
            elif not stack:
                waiting.append(done)
        elif name == "METHOD" and not stack:
            method = value.upper()
        elif name in _WANTED and len(stack) == 1 and stack[0].kind == _EVENT:
            _add(stack[0], name, line)
        elif len(stack) == 1 and line.upper().startswith(tuple(_ESSENTIAL)) and name == "":
            stack[0].broken = "a line is damaged"
    waiting += _unclosed(stack)
    yield from ((Calendar(method, zones), component) for component in waiting)


def instant(found: Property | None, calendar: Calendar, zone: tzinfo) -> datetime | None:
    """A property's time in UTC; a whole day starts at midnight in `zone`, and so does a time without a zone mean `zone`.

    Raises ValueError for what is no time.
    """
    if found is None:
        return None
    value: object = vDDDTypes.from_ical(found.value.strip())  # type: ignore[no-untyped-call]
    if not isinstance(value, datetime):
        value = datetime.combine(_day(value), time(0), tzinfo=zone)
    if value.tzinfo is None:
        value = value.replace(tzinfo=_zone(str(found.params.get("TZID", "")), calendar, zone))
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time out of range") from error


def _day(value: object) -> date:
    match value:
        case date():
            return value
        case _:
            raise ValueError("neither a date nor a time")


def is_whole_day(found: Property | None) -> bool:
    """Whether the property is a date without a time."""
    return found is not None and len(found.value.strip()) == 8


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    start, pieces, length = 1, list[str](), 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line[:1] in {" ", "\t"} and pieces:
            if length < _MAX_LINE_CHARS:
                pieces.append(line[1:])
                length += len(line)
            continue
        if pieces:
            yield start, "".join(pieces)[:_MAX_LINE_CHARS]
        start, pieces, length = number, [line] if line else [], len(line)
    if pieces:
        yield start, "".join(pieces)[:_MAX_LINE_CHARS]


def _add(component: Component, name: str, line: str) -> None:
    found = component.properties.setdefault(name, [])
    if len(found) >= _MAX_PROPERTIES:
        return
    try:
        _, params, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
    except ValueError:
        if name in _ESSENTIAL:
            component.broken = f"{name} is damaged"
        return
    found.append(Property({key.upper(): given for key, given in params.items()}, value))


def _unclosed(stack: list[Component]) -> list[Component]:
    left = [component for component in stack[:1] if component.kind != "VTIMEZONE"]
    for component in left:
        component.broken = "not closed"
    stack.clear()
    return left


def _remember_zone(zones: dict[str, str], lines: list[str]) -> None:
    for line in lines:
        if line.upper().startswith("TZID") and (name := line.partition(":")[2].strip()):
            zones.setdefault(name, "\r\n".join([*lines, ""]))
            return


def _zone(name: str, calendar: Calendar, zone: tzinfo) -> tzinfo:
    """Real names first, then those of Windows, then the file's own definition, at last the firm's zone."""
    name = name.strip('" ')
    if not name:
        return zone
    real = WINDOWS_TO_OLSON.get(name, name)
    for candidate in (real, "/".join(real.split("/")[-2:]), "/".join(real.split("/")[-3:])):
        if _ZONE_NAME.fullmatch(candidate):
            try:
                return ZoneInfo(candidate)
            except (ValueError, OSError, LookupError):
                continue
    return _own_zone(calendar.zones.get(name, "")) or zone


def _own_zone(definition: str) -> tzinfo | None:
    if not definition or _OTHER_THAN_YEARLY.search(definition.upper()):
        return None
    try:
        component = Timezone.from_ical(definition)
        found = component.to_tz() if isinstance(component, Timezone) else None
        datetime(2024, 1, 1, tzinfo=found).utcoffset()  # a definition may fail only when it is used
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        return None
    return found if isinstance(found, tzinfo) else None


def _unescape(match: re.Match[str]) -> str:
    return " " if match.group(1) in "nN" else match.group(1)
