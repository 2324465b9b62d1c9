"""Which lines of a mail are another mail's: marked ones, heads, and all that follows a head without marks.

Each line looks at a bounded number of others, so time grows with the number of lines and nothing else.
"""

import re
from collections.abc import Iterator, Sequence

from churnwatch.sources.replies.heads import asks_to_write_above, head_length, label
from churnwatch.sources.replies.marks import MARKS_OR_BLANK, MAX_PATTERN_CHARS, is_quoted, is_ruler

_LINES_TO_QUOTE = 12  # labels of a header and blanks between a head and its quote
_LINES_BEFORE_QUOTE = 3  # of the writer's own between them
_BLANKS_BEFORE_QUOTE = 5
_WRAPPING_CHARS, _WRAPPED_CHARS = 70, 40  # of a quoted line, and of what falls off its end

_PLAIN_QUOTE = re.compile(r">(?!\s{0,2}[\d$€₽№])")
_SURE_QUOTE = re.compile(r"\n>(?!\s{0,2}[\d$€₽№])")
_COMPARISON = re.compile(r"\s{0,3}>\s{0,2}(?!\d{1,2}[.)])[\d$€₽№]")  # more than so much; no item of a list
_GROUPWISE = re.compile(r">>> .{3,120}\d.{0,30}>>>\s*$")


def own_stretches(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of the writer's lines, in order, up to the first mark after which nobody can tell whose lines they are."""
    stretch: list[str] = []
    anything = False
    position = 0
    text = "\n".join(("", *lines))
    at_margin = "\n>" in text  # then a mark further in is text, as RFC 3676 stuffs it
    comparisons = _SURE_QUOTE.search(text) is None  # where quotes are marked, "> 5" is one of them
    while position < len(lines):
        line = lines[position]
        if ">" in line[:7] and (
            _PLAIN_QUOTE.match(line) or _marks_quote(line, at_margin=at_margin, comparisons=comparisons)
        ):
            if line.startswith(">>>") and _GROUPWISE.match(line):
                break
            if stretch:
                yield stretch
                stretch = []
        elif not stretch and _is_wrapped_quote(lines, position):
            pass
        elif (":" in line or line[:1] in MARKS_OR_BLANK or line[-1:] == "：") and (
            length := head_length(lines, position, len(stretch))
        ) > 0:
            del stretch[len(stretch) - length + 1 :]
            following = _marked_quote(lines, position + 1)
            if following is not None:
                if stretch:
                    yield stretch
                    stretch = []
                position, comparisons = following, False
            elif not (_quote_soon(lines, position) or (not anything and asks_to_write_above(line))):
                break
        else:
            stretch.append(line)
            anything = anything or bool(line)
        position += 1
    if stretch:
        yield stretch


def _quote_soon(lines: Sequence[str], position: int) -> bool:
    """Whether a marked quote follows an "On … wrote:" after a few words of the writer's own, such as "[…]"."""
    below = [line for line in lines[position + 1 : position + 1 + _BLANKS_BEFORE_QUOTE] if line][:_LINES_BEFORE_QUOTE]
    return lines[position].endswith((":", "：")) and any(map(is_quoted, below))


def _marked_quote(lines: Sequence[str], position: int) -> int | None:
    """Where the marked quote begins to which a head belongs; between them stand only more heads and blanks."""
    for at in range(position, min(position + _LINES_TO_QUOTE, len(lines))):
        line = lines[at][:MAX_PATTERN_CHARS]
        if is_quoted(line):
            return at
        if line and label(line) is None and not is_ruler(line):
            return None
    return None


def _marks_quote(line: str, *, at_margin: bool, comparisons: bool) -> bool:
    """Whether the line is quoted, not one of the writer's own such as "> 5 t a day"."""
    if not is_quoted(line) or (at_margin and line[0] == " "):
        return False
    return not (comparisons and _COMPARISON.match(line))


def _is_wrapped_quote(lines: Sequence[str], position: int) -> bool:
    """Whether this is the end of the quoted line above, which a program has wrapped without a mark."""
    line = lines[position]
    if not 0 < len(line) <= _WRAPPED_CHARS or not 0 < position < len(lines) - 1:
        return False
    above = lines[position - 1]
    if len(above) < _WRAPPING_CHARS or not (is_quoted(above) and is_quoted(lines[position + 1])):
        return False
    return above.endswith("=") or (line[0].islower() and above[-1] not in ".?!:;)")
