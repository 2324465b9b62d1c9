"""How patterns of words are written, and how they become regular expressions that cannot run away.

A file of patterns has headings, a cue or mark and `strong` (stands alone) or `mild` (needs company), and under each its
patterns, one a line, indented; a line that begins with `|` goes on with the one before. A pattern is lower case, with е for
ё and straight quotes: a regular expression with four liberties. A blank is the gap between neighbouring words, `~` up to
three words between (`~~` six), `*` any ending of a word (after a bracket: up to three times), a leading `^` the start of a
sentence. Right after «не» or "not" no pattern holds.

Every pattern begins with a plain word or a plain choice `(a|b)`: it is filed under that word, or the first three letters of
a stem, and only ever tried where such a word stands. With every repetition bounded, reading is linear in the text.
"""

import re
from collections.abc import Iterable
from importlib import resources
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


class Rule(NamedTuple):
    """One pattern, filed under its first word, or under the first letters of it where more letters may follow."""

    key: str
    whole_word: bool
    flag: Cue | Mark
    strong: bool
    expression: str


def shipped_rules() -> list[Rule]:
    """All Russian and English rules."""
    here = resources.files("churnwatch.model.cues")
    return [rule for name in ("ru.txt", "en.txt") for rule in rules(here.joinpath(name).read_text(encoding="utf-8"))]


def rules(text: str) -> list[Rule]:
    """Every pattern of a file as a rule, choices at the start spelt out.

    >>> [(rule.key, rule.whole_word) for rule in rules("GREETING mild" + chr(10) + " ^(hi|hello)")]
    [('hi', True), ('hello', True)]
    """
    found: list[Rule] = []
    flag: Cue | Mark = Cue(0)
    strong = False
    for line in re.sub(r"\n\s*\|", "|", text).splitlines():
        if line.startswith(" "):
            found += [_rule(pattern, flag, strong=strong) for pattern in _spell_out(line.strip())]
        elif line and not line.startswith("#"):
            name, strength = line.split()
            flag = Mark[name] if name in Mark.__members__ else Cue[name]
            strong = strength == "strong"
    return found


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
