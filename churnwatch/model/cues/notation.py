r"""How a pattern of words is written, and how it becomes a regular expression that cannot run away.

One pattern a line, lower case, е for ё, straight quotes, as a regular expression with four liberties: a blank is the gap
between neighbouring words, `~` up to three words between (`~~` six), `*` any ending of a word (after a bracket: up to
three times), a leading `^` the start of a sentence. Every pattern begins with a plain word or a plain choice `(a|b)`: it is
filed under that word, or the first three letters of a stem, and only ever tried where such a word stands. With every repetition bounded,
reading is linear in the text. Right after «не» or "not" no pattern holds.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from churnwatch.core.types import Cue
from churnwatch.model.cues import Mark

KEY_LETTERS = 3

_GAP = r"(?:[\s,]{1,3}+)"
_WORD_BETWEEN = r"[\w'-]{1,24}+"
_NOT_DENIED = r"(?<!\bне )(?<!\bnot )"
_SENTENCE_START = r"(?<![\w,;] )"
_CHOICE = re.compile(r"(\^?)\(([^()?]+)\)(?![?*])(.*)")
_FIRST_WORD = re.compile(r"[\w'-]+")


class Patterns(NamedTuple):
    """The patterns of one cue or mark in one language: strong ones stand alone, mild ones need company."""

    flag: Cue | Mark
    strong: str = ""
    mild: str = ""


class Rule(NamedTuple):
    """One pattern, filed under its first word, or under the first letters of it where more letters may follow."""

    key: str
    whole_word: bool
    flag: Cue | Mark
    strong: bool
    expression: str


def rules(patterns: tuple[Patterns, ...]) -> list[Rule]:
    """Every pattern as a rule, choices at the start spelt out.

    >>> [(rule.key, rule.expression) for rule in rules((Patterns(Cue.GREETING, mild="^(hi|hello)"),))]
    [('hi', '(?<![\\w,;] )hi(?!\\w)'), ('hello', '(?<![\\w,;] )hello(?!\\w)')]
    """
    return [
        _rule(line, entry.flag, strong=strong)
        for entry in patterns
        for strong, block in ((True, entry.strong), (False, entry.mild))
        for written in block.splitlines()
        if written.strip()
        for line in _spell_out(written.strip())
    ]


def alternation(expressions: Iterable[str]) -> re.Pattern[str]:
    """Any of the expressions; those that share their first word share its test."""
    by_first_word: dict[str, list[str]] = {}
    alone: list[str] = []
    for expression in expressions:
        first, gap, rest = expression.partition(_GAP)
        if gap and first.isalpha():
            by_first_word.setdefault(first, []).append(rest)
        else:
            alone.append(expression)
    shared = [f"{first}{_GAP}(?:{'|'.join(rests)})" for first, rests in by_first_word.items()]
    return re.compile(f"{_NOT_DENIED}(?:{'|'.join(shared + alone)})")


def _spell_out(line: str) -> list[str]:
    choice = _CHOICE.fullmatch(line)
    if not choice:
        return [line]
    start, words, rest = choice.groups()
    return [f"{start}{word}{rest}" for word in words.split("|")]


def _rule(line: str, flag: Cue | Mark, *, strong: bool) -> Rule:
    anchored, body = line.startswith("^"), line.removeprefix("^")
    first = _FIRST_WORD.match(body)
    word = first.group() if first else ""
    rest = body[len(word) :]
    whole_word = not rest or rest.startswith(("(?", " ", "~"))
    if len(word) - rest.startswith("?") < (1 if whole_word else KEY_LETTERS):
        raise ValueError(f"Pattern {line!r}: begin with a plain word, or with {KEY_LETTERS} plain letters of one.")
    expression = re.sub(r"\((?!\?)", "(?:", body).replace(")*", "){0,3}").replace("*", r"\w{0,20}+")
    expression = re.sub(r"\[.*?\]| ", lambda part: _GAP if part[0] == " " else part[0], expression)
    expression = re.sub("~+", lambda gaps: f"(?:{_GAP}{_WORD_BETWEEN}){{0,{3 * len(gaps[0])}}}?{_GAP}", expression)
    start = _SENTENCE_START if anchored else ""
    key = word if whole_word else word[:KEY_LETTERS]
    return Rule(key, whole_word, flag, strong, f"{start}{expression}(?!\\w)")
