"""The heads that mail programs put above a quoted or forwarded mail.

A head is known by what it is made of (a date, a time, an address, a word for "wrote"; the labels of a mail's header), so a new
program or another language is read as well.
"""

import re
from collections.abc import Sequence

from churnwatch.sources.replies.marks import (
    MARKS_OR_BLANK,
    MAX_PATTERN_CHARS,
    first_line,
    is_quoted,
    is_ruler,
    quote_follows,
)
from churnwatch.sources.replies.vocabulary import A_MAIL, ITS_FATE, LABEL_INSIDE, LABELS, REPLY_ABOVE, WROTE, Label

_HEADING_LINES = 4  # programs wrap "On … wrote:" over so many lines
_HEADER_LINES = 12  # From, Sent, To, Cc, Subject, with wrapped ones
_WRAPPED_LINES = 4  # of one header
_AS_SENT = [Label.FROM, Label.DATE]
_MAX_LABELS_ABOVE = 3  # "Кому: …; Тема: …;" of Yandex on phones
_MAX_CUT_CHARS = 100
_MAX_NAME_WORDS = 6  # of "Ann Lee wrote:"

_AFTER_DASHES = re.compile(r"\s{0,3}[-–—_*=#]{2,}\s{0,3}[^\s\-–—_*=#]")
_BETWEEN_DASHES = re.compile(r"\s{0,3}[-–—_*=#]{2,}\s{0,3}([^\s\-–—_*=#].*?)\s{0,3}[-–—_*=#]{2,}\s*$")
_LABEL = re.compile(
    r"[\s>*_|•]{0,4}([^\W\d_][^\W\d_'’().\- ]{0,20}(?:[ '’.\-(]{1,2}[^\W\d_]{1,12}\)?){0,3})\s?[*_]{0,2}\s?[:：]"
)
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|<[^<>\s]{3,}>|\[mailto:|/[A-Z][\w-]+(?:@|/|\b)")
_ENDS_WITH_ADDRESS = re.compile(r"[>\]]\s?[:：]$|@[\w.-]{3,60}>?\s?[:：]$")
_NAME_THEN_TIME = re.compile(
    r"[^<>]{0,60}<[^<>\s]+@[^<>\s]+>[,\s]{1,3}[^:]{6,40}\d:\d\d(?::\d\d)?(?: [ap]m)?:$", re.IGNORECASE
)
_HEADING_WITHIN = re.compile(
    r"([^@]{20,150}@[^\s@:]{3,80} (?:a )?[^\W\d]{4,10}(?:\(\w{1,3}\))? ?:)\s"
)  # the quoted text on the same line
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})")
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d|\bkl\.? ?\d{1,2}\.\d\d")
_SOON_A_NUMBER = re.compile(
    r"(?:(?:отправлено|sent) [^,]{3,40}(?<=\w) )?[\W_]{0,12}(?:[^\W\d_]+[\W_]{1,3}){0,4}?\d", re.IGNORECASE
)
_ONE_WHO_WROTE = re.compile(
    r"\W{0,3}(?:вы|ты|you|hai|vous|sie|du)\b|\W{0,3}[^\W\d_a-zа-яё]|\W{0,3}\S{1,60}@|\W{0,2}(?:пользователь|користувач|użytkownik)\b"
)
_WE_WROTE = re.compile(r"\W{0,3}(?:мы|я|we|i|ich|wir)\b", re.IGNORECASE)
_WROTE_AT_END = re.compile(rf"(?:{WROTE.pattern})\s?[:：]$", re.IGNORECASE)
_WROTE_AT_BEGINNING = re.compile(r"\W{0,2}(?:am|op|den|på)\b", re.IGNORECASE)  # "Am 11.03.2024 um 12:30 schrieb Ann:"
_MONTH_AND_YEAR = re.compile(r"[^\W\d]{3,}.{0,12}\b20\d\d")
_BEGINS_HEADING = re.compile(
    r"\W{0,2}(?:on|am|le|el|il|em|op|den|på|dnia|w dniu|в|во|mon|tue|wed|thu|fri|sat|sun|"
    r"пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b.{0,60}\d.{0,15}[^.!?]$",
    re.IGNORECASE,
)


def head_length(lines: Sequence[str], position: int, own: int) -> int:
    """How many lines up to this one, of so many own ones before it, belong to the head of another mail; 0 if none do."""
    line = lines[position]
    if "@" in line and (within := _HEADING_WITHIN.match(line)) and _is_dated_heading(within[1], quoted_below=False):
        return 1
    if len(line) > MAX_PATTERN_CHARS:
        return 0
    if ":" in line or line.endswith("："):
        if line.endswith((":", "：")) and (length := _heading_length(lines, position, own)):
            return length
        if _begins_header(lines, position) or (line.endswith(":") and _announces_mail(lines, position)):
            return 1
    return int(line.lstrip()[0] in MARKS_OR_BLANK and _cuts(lines, position))


def label(line: str) -> Label | None:
    """What the line says of a mail's header, if it looks like one of its lines.

    >>> label("*Отправлено:* 11 марта 2024 г. 12:30")
    <Label.DATE: 'date'>
    """
    match = _LABEL.match(line)
    return LABELS.get(match.group(1).lower()) if match else None


def asks_to_write_above(line: str) -> bool:
    """Whether this is such as "##- Please type your reply above this line -##"."""
    return (
        line[:1] in MARKS_OR_BLANK and _BETWEEN_DASHES.match(line) is not None and REPLY_ABOVE.search(line) is not None
    )


def _heading_length(lines: Sequence[str], position: int, own: int) -> int:
    """How many lines up to this one form an "On … wrote:"."""
    joined: list[str] = []
    for at in range(position, position - min(_HEADING_LINES, own + 1), -1):
        first = lines[at]
        if not first or len(first) + len(joined[-1] if joined else "") > MAX_PATTERN_CHARS:
            break
        joined.append(f"{first.strip()} {joined[-1]}" if joined else first.strip())
    quoted_below = quote_follows(lines, position + 1)
    for is_heading in (_is_dated_heading, _is_undated_heading):
        for length, text in enumerate(joined, start=1):
            if is_heading(text, quoted_below=quoted_below):
                return length + _more_above(lines[position - own : position - length + 1])
    return 0


def _more_above(lines: Sequence[str]) -> int:
    """How many of the last of these lines belong to the heading below them as well."""
    if lines and _BEGINS_HEADING.match(lines[-1]):
        return 1
    more = 0
    while more < min(_MAX_LABELS_ABOVE, len(lines)) and label(lines[-1 - more][:MAX_PATTERN_CHARS]) is not None:
        more += 1
    return more


def _is_dated_heading(text: str, *, quoted_below: bool) -> bool:
    if not _SOON_A_NUMBER.match(text):
        return False
    date, time = _DATE.search(text) is not None, _TIME.search(text) is not None
    if not (date or time):
        return False
    address = _ADDRESS.search(text) is not None
    if WROTE.search(text):
        if quoted_below or address:
            return True
        said = _WROTE_AT_END.search(text) or _WROTE_AT_BEGINNING.match(text)
        return date and time and said is not None and not _WE_WROTE.match(text)
    return address and (time or quoted_below) and _ENDS_WITH_ADDRESS.search(text) is not None


def _is_undated_heading(text: str, *, quoted_below: bool) -> bool:
    """Such as "Ann Lee wrote:", or one that begins with the name."""
    if not (quoted_below or "@" in text or "<" in text) or not _ONE_WHO_WROTE.match(text):
        return False
    if _NAME_THEN_TIME.match(text):
        return True
    wrote, address = WROTE.search(text) is not None, _ADDRESS.search(text) is not None
    if not (wrote or (address and quoted_below)):
        return False
    date, time = _DATE.search(text) is not None, _TIME.search(text) is not None
    if quoted_below:
        return address or date or time or len(text.split()) <= _MAX_NAME_WORDS
    return address and date and time


def _begins_header(lines: Sequence[str], position: int, least: int = 3) -> bool:
    """Whether the labels of another mail's header begin here, so many of them."""
    found = label(lines[position])
    if found is None:
        return False
    if found is Label.FROM and len(set(map(str.lower, LABEL_INSIDE.findall(lines[position])))) >= 2:
        return True
    labels: list[Label] = []
    wrapped, addressed, timed, worded = 0, False, False, False
    before = ":"
    for other in lines[position : position + _HEADER_LINES]:
        line = other[:MAX_PATTERN_CHARS]
        found = label(line)
        wrapped = 0 if found else wrapped + bool(line)
        if wrapped > _WRAPPED_LINES or is_quoted(line) or (line and wrapped and not _goes_on(before, line)):
            break
        if found and labels and (found in labels or (found is Label.FROM and not before)):
            break  # another block: what began this one was the writer's
        if found:
            labels.append(found)
        before = line
        addressed, timed = addressed or _ADDRESS.search(line) is not None, timed or _TIME.search(line) is not None
        # Not a memo's or a shipment's: those put the addressee first, or write the date in figures.
        worded = worded or (labels == _AS_SENT and _MONTH_AND_YEAR.search(line) is not None)
        if labels == _AS_SENT and addressed and timed:
            return True
        if Label.FROM in labels and len(labels) >= least and (addressed or timed or worded):
            return True
    return False


def _goes_on(before: str, line: str) -> bool:
    """Whether a line without a label is the rest of the header before it."""
    return before.endswith((",", ";", "<", ":", ": ")) or (
        bool(before) and ("@" in line or ";" in line or line.startswith((" ", "\t")))
    )


def _announces_mail(lines: Sequence[str], position: int) -> bool:
    """Whether this is such as "Begin forwarded message:"."""
    line = lines[position]
    if len(line) > _MAX_CUT_CHARS or not (A_MAIL.search(line) and ITS_FATE.search(line)):
        return False
    below = first_line(lines, position + 1)
    return is_quoted(below) or label(below[:MAX_PATTERN_CHARS]) is not None


def _cuts(lines: Sequence[str], position: int) -> bool:
    """Whether this is such as "-----Original Message-----", or a ruler above another mail's header."""
    line = lines[position]
    if is_ruler(line):
        below = next((at for at in range(position + 1, min(position + 4, len(lines))) if lines[at]), None)
        return below is not None and len(lines[below]) <= MAX_PATTERN_CHARS and _begins_header(lines, below, least=2)
    if len(line) > _MAX_CUT_CHARS or not _AFTER_DASHES.match(line):
        return False
    if ITS_FATE.search(line) and (A_MAIL.search(line) or _DATE.search(line)):
        return True
    between = _BETWEEN_DASHES.match(line)
    return between is not None and (asks_to_write_above(line) or _is_dated_heading(between[1], quoted_below=False))
