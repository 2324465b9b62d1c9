"""Marks of quotation before a line, and lines that are only drawn."""

import re
from collections.abc import Sequence

MAX_PATTERN_CHARS = 300  # a longer line is prose and matches no pattern
_LINES_AHEAD = 5

_QUOTE = re.compile(r"\s{0,3}(?:>|&gt;)|\s?[^\W\d_]{1,3}>{1,3}(?:\s|$)")
MARKS_OR_BLANK = frozenset("-–—_*=#~ \t")
_RULER = re.compile(r"\s*[-_*=—–~#]{3,}\s*$")


def is_quoted(line: str) -> bool:
    """Whether the line carries a mark of quotation.

    >>> is_quoted("> Shall we?"), is_quoted("AK> Shall we?"), is_quoted("a -> b")
    (True, True, False)
    """
    return line[:1] == ">" or _QUOTE.match(line) is not None


def is_ruler(line: str) -> bool:
    """Whether the line is only drawn."""
    return line[:1] in MARKS_OR_BLANK and _RULER.match(line) is not None


def first_line(lines: Sequence[str], position: int) -> str:
    """The first line from here that is not blank, if one is near."""
    return next((line for line in lines[position : position + _LINES_AHEAD] if line), "")


def quote_follows(lines: Sequence[str], position: int) -> bool:
    """Whether a marked quote begins here, perhaps after blank lines."""
    return is_quoted(first_line(lines, position))
