"""Where the writer of a text promises something for a day: a commitment and a day to come in one clause, or beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from churnwatch.model.own_words import own_words
from churnwatch.model.promises import commitment
from churnwatch.model.promises.due import Due, phrases


@dataclass(frozen=True, slots=True)
class Promise:
    """The last day that keeps the promise, and where it is made in the text (half-open character range)."""

    due: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    dues: list[Due]
    joined: bool  # to the clause before by "and"


class _Deed(NamedTuple):
    kind: str  # "will": someone of us will; "now": is about to; "thing": a thing will be there
    start: int
    end: int


def find(text: str, written_on: date) -> list[Promise]:
    """The dated promises of a message's writer, in order.

    Definition: first person (or a passive with us as the doer) commits to bringing something to its end, with a day that
    resolves against `written_on`. Only own words among the first `MAX_CHARACTERS` count; no promise is an empty list.
    Source: practice of account management ("promises have dates").

    >>> find("Добрый день! Смету пришлём до пятницы.", date(2026, 5, 12))
    [Promise(due=datetime.date(2026, 5, 15), start=19, end=37)]
    >>> find("Please send it by Friday.", date(2026, 5, 12))
    []
    """
    own = own_words(text)
    folded = own.lower()
    dues = phrases(folded, written_on)
    if not dues:
        return []
    return [
        promise
        for start, end, named in _sentences(own, dues)
        for promise in _promised(folded, start, end, named, written_on)
    ]


# --- sentences and clauses --------------------------------------------------------------------------------------------

# A line that goes on in lower case was only wrapped.
_SENTENCE_END = re.compile(r"[.!?…]{1,5}(?=\s|$)|;|\n[ \t]*+\n|\n(?=[ \t]*+[^\Wа-яёa-z])|\n(?=[ \t]*+[-•*—])")
_LONGEST_SENTENCE = 1000  # characters; longer ones are tables, logs and attacks
_CLAUSE_END = re.compile(r"(?:[,:()]\s{0,2})?\b(?:(?P<joint>and|и|а)|but|so|но|поэтому|зато)\b|[,:()]|\s[—–-]\s")


def _sentences(own: str, dues: list[Due]) -> Iterator[tuple[int, int, list[Due]]]:
    """The sentences that name a day, and the days; the dot of a date ends none."""
    start = position = 0
    for end in [*(end.end() for end in _outside(_SENTENCE_END, own, 0, len(own), dues)), len(own)]:
        first = position
        while position < len(dues) and dues[position].start < end:
            position += 1
        if first < position and end - start <= _LONGEST_SENTENCE:
            yield start, end, dues[first:position]
        start = end


def _clauses(folded: str, start: int, end: int, dues: list[Due]) -> list[_Clause]:
    clauses: list[_Clause] = []
    joined = False
    for border in [*_outside(_CLAUSE_END, folded, start, end, dues), None]:
        stop = border.start() if border else end
        clauses.append(_Clause(start, stop, _without_clock([due for due in dues if start <= due.start < stop]), joined))
        start, joined = (border.end(), border["joint"] is not None) if border else (end, False)
    return clauses


def _outside(pattern: re.Pattern[str], text: str, start: int, end: int, dues: list[Due]) -> Iterator[re.Match[str]]:
    """Matches that do not begin inside the name of a day; `dues` are in order."""
    position = 0
    for match in pattern.finditer(text, start, end):
        while position < len(dues) and dues[position].end <= match.start():
            position += 1
        if position == len(dues) or match.start() < dues[position].start:
            yield match


def _without_clock(dues: list[Due]) -> list[Due]:
    """An hour alone means today, but beside a day it belongs to that day."""
    return [due for due in dues if not due.clock_only] or dues


# --- the commitment ---------------------------------------------------------------------------------------------------

_FAR_CLAUSES = 2  # how far a day alone may stand from its deed
# Besides the day, of a clause that names it for the deed before: "and the invoice on Monday", "the invoice, Monday".
_MOST_WORDS_AFTER_AND, _MOST_WORDS_AFTER_COMMA = 5, 2
_NO_OBJECT = re.compile(
    r"\b(?:i|we|you|they|he|she|it|who|which|that|is|are|was|were|has|have|had|will|please|thanks?|call|meeting"
    r"|я|мы|вы|вам|вас|он|она|они|что|котор\w{2,3}|был[аио]?|есть|нет|жду|ждем|нужн\w{1,2}|пришлите|прошу|просим|спасибо"
    r"|встреч\w{1,2}|созвон\w{0,2})\b"
)
_FILLER = re.compile(r"(?:\W|\b(?:я|мы|уже|тогда|then|so|ok|ок|да|yes|хорошо|that|also|то|же)\b)*+")
_WORD = re.compile(r"\w+")
_BEFORE_A_DAY = re.compile(r"до |к |by |before |не поз|no later|within|в течение")  # nobody "is sending by Friday" now


def _promised(folded: str, start: int, end: int, dues: list[Due], written_on: date) -> Iterator[Promise]:
    sentence = folded[start:end]
    asked = sentence.rstrip().endswith("?") and not commitment.TAG_QUESTION.search(sentence)
    if asked:
        return
    clauses = _clauses(folded, start, end, dues)
    deeds: list[_Deed | None] = []
    for clause in clauses:
        deeds.append(_deed(folded, clause, going_on=clause.joined and bool(deeds[-1])))
    if not any(deeds) or commitment.CONDITION_OR_HEDGE.search(sentence):
        return
    for index, clause in enumerate(clauses):
        for due in clause.dues:
            deed = deeds[index] or _deed_beside(folded, clauses, deeds, index)
            if deed and _holds(folded, clause, deed, due, written_on):
                yield Promise(due.day, min(deed.start, due.start), max(deed.end, due.end))


def _deed(folded: str, clause: _Clause, *, going_on: bool) -> _Deed | None:
    """What the writer commits to in this clause."""
    if commitment.JOINT_OR_ASKED.search(folded, clause.start, clause.end):
        return None
    found = commitment.COMMITS.search(folded, clause.start, clause.end)
    if found:
        return _Deed(found.lastgroup or "", *found.span())
    opening = commitment.COMMITS_OPENING_A_CLAUSE.match(folded, clause.start, clause.end)
    if opening:
        return _Deed(opening.lastgroup or "", *opening.span())
    on = commitment.GOES_ON.match(folded, clause.start, clause.end) if going_on else None
    return _Deed("will", *on.span()) if on else None


def _deed_beside(folded: str, clauses: list[_Clause], deeds: list[_Deed | None], index: int) -> _Deed | None:
    """The deed of a neighbour that this clause names the day for: "by Friday, as agreed", "and the invoice on Monday"."""
    clause = clauses[index]
    rest = "".join(folded[a:b] for a, b in _around(clause))
    if _FILLER.fullmatch(rest):
        near = deeds[index + 1 : index + 1 + _FAR_CLAUSES] + deeds[max(0, index - _FAR_CLAUSES) : index][::-1]
        return next((deed for deed in near if deed), None)
    before = deeds[index - 1] if index else None
    most_words = _MOST_WORDS_AFTER_AND if clause.joined else _MOST_WORDS_AFTER_COMMA
    return before if before and not _NO_OBJECT.search(rest) and len(_WORD.findall(rest)) <= most_words else None


def _around(clause: _Clause) -> Iterator[tuple[int, int]]:
    """What a clause says besides the days it names."""
    borders = [clause.start, *(place for due in clause.dues for place in (due.start, due.end)), clause.end]
    return zip(borders[::2], borders[1::2], strict=True)


def _holds(folded: str, clause: _Clause, deed: _Deed, due: Due, written_on: date) -> bool:
    """Whether the day is the deed's: not the day of what another does, and not of what merely goes on now."""
    if commitment.THEIR_DEED.search(folded, deed.end, max(deed.end, due.start)):
        return False
    if deed.kind == "thing":
        return not commitment.THIRD_PARTY.search(folded, clause.start, clause.end)
    if deed.kind == "now":
        return due.day > written_on and not _BEFORE_A_DAY.match(folded, due.start)
    return True
