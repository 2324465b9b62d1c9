"""Evidence in the client's own words: the sentence that tells most, short, with third parties' addresses taken out.

That is the sentence around the strongest cue, which is marked; or, in an irritated message without any, the most irritated one.
"""

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from typing import NamedTuple, Protocol

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.core.types import Cue, CueSpan, Direction, Message, Quote

MAX_QUOTE_CHARS = 200
REDACTED = "‹…›"

_BRIEF_CHARS = 140  # of a message that is quoted whole, or of its beginning
_IRRITATED = 0.6  # P(irritated) from which a message is quoted for it alone
_LEAST_WORDS = 4  # of what is understood by itself
_READ_CHARS = 20_000  # of a message that are looked at …
_MOST_SENTENCES = 100  # … and how many sentences there
_CUT = "…"
_SIGHT_CHARS = 2000  # so far around a cue the text is looked at
_NO_CUE = Cue(0)  # irritated, and nothing in particular to point at
# The strongest first. Thanks, greetings and plans are no evidence of trouble, and a bare "ok" says nothing when quoted. What
# comes after _NO_CUE is some people's habit: it tells only where the message sounds irritated.
_TELLING = (
    Cue.EXIT_WORDS,
    Cue.ULTIMATUM,
    Cue.WE_PROMISED,
    Cue.EXASPERATION,
    Cue.BLAME,
    Cue.REPETITION,
    _NO_CUE,
    Cue.PRESSURE,
    Cue.SHOUTING,
    Cue.COLD_COMPLIANCE,
)
_TELLING_CALMLY = _TELLING[: _TELLING.index(_NO_CUE)]
_PLAIN_SPEECH = Cue.EXIT_WORDS | Cue.ULTIMATUM | Cue.WE_PROMISED  # tell as much in a calm voice
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


class Reader(Protocol):
    """What quotes ask of whoever reads tone."""

    def spans(self, text: str) -> Sequence[CueSpan]:
        """The cues of a text and where they stand."""

    def scores(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        """P(irritated) and P(warm) of each text."""


def pick(messages: Sequence[Message], reader: Reader, limit: int = 2) -> list[Quote]:
    """Up to `limit` quotes from the client's messages, one a message.

    Who sounds irritated, or says plainly what will follow, comes before who merely uses such words; then the strongest cue, then
    the newest message.
    """
    theirs = [one for one in messages if one.text and one.direction is Direction.IN and not one.automatic]
    irritated, _ = reader.scores([one.text or "" for one in theirs])
    found: list[tuple[bool, int, Message, CueSpan]] = []
    for message, sounds in zip(theirs, irritated >= _IRRITATED, strict=True):
        text = message.text or ""
        span = _strongest(reader.spans(text), len(text), _TELLING if sounds else _TELLING_CALMLY)
        span = span or (_most_irritated(text, reader) if sounds else None)
        if span is not None:
            found.append((bool(sounds or span.cue & _PLAIN_SPEECH), _strength(span.cue), message, span))
    found.sort(key=lambda one: (not one[0], one[1], -one[2].at.timestamp(), one[2].event_id))

    quotes: dict[str, Quote] = {}
    for _, _, message, span in found:
        if len(quotes) == limit:
            break
        piece = excerpt(message.text or "", span.start, span.end)
        if piece is not None:
            piece = piece if span.cue else _unmarked(piece)
            quotes.setdefault(piece.text, Quote(message.event_id, message.at, message.direction, *piece))
    return list(quotes.values())


def of(message: Message, reader: Reader) -> Quote | None:
    """The message's telling sentence, or else its beginning, as of one that stands for its time or its length; None without text."""
    if telling := pick([message], reader, limit=1):
        return telling[0]
    beginning = excerpt(message.text, 0, len(message.text), _BRIEF_CHARS) if message.text else None
    return Quote(message.event_id, message.at, message.direction, *_unmarked(beginning)) if beginning else None


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


def _unmarked(piece: _Excerpt) -> _Excerpt:
    return piece._replace(cue_start=0, cue_end=0)


def _strongest(spans: Sequence[CueSpan], length: int, telling: Sequence[Cue]) -> CueSpan | None:
    found = [span for span in spans if any(span.cue & cue for cue in telling) and 0 <= span.start < span.end <= length]
    return min(found, key=lambda span: (_strength(span.cue), span.start, span.end), default=None)


def _most_irritated(text: str, reader: Reader) -> CueSpan | None:
    """The sentence that sounds most irritated; of a brief message, or one in fragments, the whole; None of a word or three."""
    text = text[:_READ_CHARS]
    if len(text.split()) < _LEAST_WORDS:
        return None
    hidden = _third_parties(text)
    ends = (match.end() for match in _SENTENCE_END.finditer(text) if _ends_sentence(match, text, hidden))
    bounds = pairwise(dict.fromkeys([0, *islice(ends, _MOST_SENTENCES - 1), len(text)]))
    told = [bound for bound in bounds if len(text[slice(*bound)].split()) >= _LEAST_WORDS]
    if len(text) <= _BRIEF_CHARS or not told:
        return CueSpan(_NO_CUE, 0, len(text))
    irritated, _ = reader.scores([text[start:end] for start, end in told])
    return CueSpan(_NO_CUE, *told[int(np.argmax(irritated))])


def _strength(cue: Cue) -> int:
    """Place among the telling cues."""
    return next(place for place, one in enumerate(_TELLING) if one & cue or one == cue)


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
        if not _ends_sentence(match, text, hidden):
            continue
        if match.end() <= start:
            left = match.end()
        elif match.end() >= end:
            right = match.end()
            break
    return left, right


def _ends_sentence(end: re.Match[str], text: str, hidden: Sequence[tuple[int, int]]) -> bool:
    if any(left < end.end() < right for left, right in hidden):
        return False
    return end.group() != "." or _AFTER_ABBREVIATION.match(text, end.end()) is None


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
