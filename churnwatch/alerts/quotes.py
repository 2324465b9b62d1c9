"""Evidence in the client's own words: the sentence around the strongest cue, short, with third parties' addresses taken out."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from churnwatch.core.types import Cue, CueSpan, Direction, Message, Quote

MAX_QUOTE_CHARS = 200
REDACTED = "‹…›"

_BEGINNING_CHARS = 140
_CUT = "…"
_SIGHT_CHARS = 2000  # so far around a cue the text is looked at
# The strongest first. Thanks, greetings and plans are no evidence of trouble, and a bare "ok" says nothing when quoted.
_TELLING = (
    Cue.EXIT_WORDS,
    Cue.ULTIMATUM,
    Cue.WE_PROMISED,
    Cue.EXASPERATION,
    Cue.BLAME,
    Cue.REPETITION,
    Cue.PRESSURE,
    Cue.SHOUTING,
    Cue.COLD_COMPLIANCE,
)
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'»”)\]]*(?=\s)|[\r\n]+")
_AFTER_ABBREVIATION = re.compile(r"[ \t\u00a0]+[^\W_A-ZА-ЯЁ]")  # "tel. 030", "т. е.": a dot that ends no sentence
# Control characters and those that turn the direction of writing could make a quote read as something else.
_UNPRINTABLE = dict.fromkeys([*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " ")
_UNPRINTABLE |= {ord(line_end): line_end for line_end in "\r\n"}
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE_LIKE = re.compile(r"(?<![\w.,])\+?\(?\d(?:[ \u00a0\u202f().\-/\u2010-\u2013]{0,3}\d){6,17}(?!\w)")
_DATE_LIKE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ \u00a0]\d{1,2}(?:[.:]\d{2})?)?")
_AMOUNT_LIKE = re.compile(r"[1-9]\d{0,2}(?:[ \u00a0\u202f.]\d{3})+")


class _Excerpt(NamedTuple):
    text: str
    cue_start: int
    cue_end: int


def pick(messages: Sequence[Message], spans_of: Callable[[str], Sequence[CueSpan]], limit: int = 2) -> list[Quote]:
    """Up to `limit` quotes from the client's messages, one a message: the strongest cue first, then the newest message."""
    found: list[tuple[int, Message, CueSpan]] = []
    for message in messages:
        if message.text and message.direction is Direction.IN and not message.automatic:
            span = _strongest(spans_of(message.text), len(message.text))
            if span is not None:
                found.append((_strength(span.cue), message, span))
    found.sort(key=lambda item: (item[0], -item[1].at.timestamp(), item[1].event_id))

    quotes: dict[str, Quote] = {}
    for _, message, span in found:
        if len(quotes) == limit:
            break
        piece = excerpt(message.text or "", span.start, span.end)
        if piece is not None:
            quotes.setdefault(piece.text, Quote(message.event_id, message.at, message.direction, *piece))
    return list(quotes.values())


def of(message: Message, spans_of: Callable[[str], Sequence[CueSpan]]) -> Quote | None:
    """The message's telling sentence, or else its beginning, as of one that stands for its time or its length; None without text."""
    if telling := pick([message], spans_of, limit=1):
        return telling[0]
    beginning = excerpt(message.text, 0, len(message.text), _BEGINNING_CHARS) if message.text else None
    return Quote(message.event_id, message.at, message.direction, beginning.text, 0, 0) if beginning else None


def excerpt(text: str, start: int, end: int, limit: int = MAX_QUOTE_CHARS) -> _Excerpt | None:
    """The sentence around `text[start:end]` in at most `limit` characters, and where the cue stands in it.

    None where there is nothing but white space. A cue that touches an address grows to cover it, so that it goes as a whole.
    """
    first = max(0, start - _SIGHT_CHARS)
    text = text[first : end + _SIGHT_CHARS].translate(_UNPRINTABLE)
    start, end = start - first, end - first
    hidden = _third_parties(text)
    for left, right in hidden:
        if left < end and start < right:
            start, end = min(start, left), max(end, right)
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    start += len(text[start:end]) - len(text[start:end].lstrip())
    if start >= end:
        return None
    left, right = _sentence(text, start, end, hidden)
    before = _flat(text, left, start, hidden).lstrip()
    cue = _flat(text, start, end, hidden)
    after = _flat(text, end, right, hidden).rstrip()
    return _shortened(before, cue, after, limit)


def _strongest(spans: Sequence[CueSpan], length: int) -> CueSpan | None:
    telling = [span for span in spans if _strength(span.cue) < len(_TELLING) and 0 <= span.start < span.end <= length]
    return min(telling, key=lambda span: (_strength(span.cue), span.start, span.end), default=None)


def _strength(cue: Cue) -> int:
    """Place among the telling cues; their number for one that tells nothing."""
    return next((place for place, telling in enumerate(_TELLING) if telling & cue), len(_TELLING))


def _third_parties(text: str) -> list[tuple[int, int]]:
    """Where e-mail addresses and phone numbers stand, in order and without overlap; dates and sums of money are left."""
    spans = [match.span() for match in _EMAIL.finditer(text)]
    for match in _PHONE_LIKE.finditer(text):
        number = match.group()
        if _DATE_LIKE.fullmatch(number) or _AMOUNT_LIKE.fullmatch(number):
            continue
        if not any(left < match.end() and match.start() < right for left, right in spans):
            spans.append(match.span())
    return sorted(spans)


def _sentence(text: str, start: int, end: int, hidden: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The bounds of the sentence or sentences that hold the cue; never inside an address."""
    left, right = 0, len(text)
    for match in _SENTENCE_END.finditer(text):
        if any(a < match.end() < b for a, b in hidden) or _abbreviation(match, text):
            continue
        if match.end() <= start:
            left = match.end()
        elif match.end() >= end:
            right = match.end()
            break
    return left, right


def _abbreviation(end: re.Match[str], text: str) -> bool:
    return end.group() == "." and _AFTER_ABBREVIATION.match(text, end.end()) is not None


def _flat(text: str, start: int, end: int, hidden: Sequence[tuple[int, int]]) -> str:
    """A stretch with its addresses taken out and its white space on one line."""
    pieces: list[str] = []
    place = start
    for left, right in hidden:
        if start <= left and right <= end:
            pieces += [text[place:left], REDACTED]
            place = right
    pieces.append(text[place:end])
    return re.sub(r"\s+", " ", "".join(pieces))


def _shortened(before: str, cue: str, after: str, limit: int) -> _Excerpt:
    if len(cue) > limit:
        cut = _head(cue, limit)
        return _Excerpt(cut, 0, len(cut))
    room = limit - len(cue)
    share = max(room // 2, room - len(after))  # what one side does not need goes to the other
    before = _tail(before, share)
    after = _head(after, room - len(before))
    return _Excerpt(before + cue + after, len(before), len(before) + len(cue))


def _head(text: str, room: int) -> str:
    """The beginning of a text in `room` characters, cut where a word ends."""
    if len(text) <= room:
        return text
    if room < len(_CUT):
        return ""
    kept = text[: room - len(_CUT)]
    if not text[len(kept)].isspace():
        kept = kept[: kept.rfind(" ") + 1]
    return kept.rstrip() + _CUT


def _tail(text: str, room: int) -> str:
    """The end of a text in `room` characters, cut where a word begins."""
    return _head(text[::-1], room)[::-1]
