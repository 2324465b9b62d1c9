"""Where a writer's words end: at a closing formula, a signature or a notice; a postscript below them is kept."""

import re
from collections.abc import Sequence

from churnwatch.sources.replies.closings import CLOSING_OPENERS, before_closing, is_closing
from churnwatch.sources.replies.marks import MAX_PATTERN_CHARS, first_line, is_ruler
from churnwatch.sources.replies.notices import (
    FOOTER_OPENERS,
    is_legal_notice,
    is_list_footer,
    is_phone_footer,
    is_picture,
    is_seal,
    is_small_footer,
    may_hold_notices,
)
from churnwatch.sources.replies.signers import (
    SIGNATURE_LINE_CHARS,
    SIGNATURE_LINES,
    has_contact,
    is_known_name,
    without_contacts,
    without_name,
)

_DELIMITED_LINES = 25  # below "--"
_LINES_LOOKED_AT = 45  # with blank ones
_SENTENCE_WORDS = 3
_FIRST_LINES, _FEW_LINES = 3, 2  # below a ruler: where a notice would stand, and how short a bare name is

_FIRST_WORD = re.compile(r"\s*([^\w\s]\W{0,2})?(\w+)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SIGNS = frozenset("-—–_=*~#[<!\ufffc")  # with which rulers, delimiters, names and pictures begin
_OPENERS = CLOSING_OPENERS | FOOTER_OPENERS
_SURE_DELIMITER = "-- "
_DELIMITER = re.compile(r"\s{0,2}(?:--|—|––|- -|__|-- -)\s{0,2}$")
_MAX_DELIMITER_CHARS = 5
_SEAL = "-----BEGIN PGP SIGNATURE-----"
_POSTSCRIPT = re.compile(
    r"\W{0,3}(?:p\.?\s?p?\.?\s?s\b|п\.?\s?с\b|з\.?\s?ы\b|ps\b|зы\b|post ?scriptum|постскриптум)\W", re.IGNORECASE
)


def without_endings(stretch: Sequence[str]) -> list[str]:
    """The lines without what closes them."""
    notices = may_hold_notices("\n".join(stretch))
    kept: list[str] = []
    position = 0
    while position < len(stretch):
        line = stretch[position]
        if not line and not kept:
            pass
        elif not line or (not notices and _is_plain(line)):
            kept.append(line)
        elif notices and _is_legal(stretch, position):
            # Above the text it is a heading of the firm's; below it everything that follows belongs to it.
            position = _postscript(stretch, position + 1) if kept else _paragraph_end(stretch, position)
            continue
        elif len(line) > MAX_PATTERN_CHARS:
            kept.append(line)
        elif _closes(stretch, position, notices=notices):
            position = _postscript(stretch, position + 1)
            continue
        elif not _is_footer(stretch, position, notices=notices):
            kept.append(line)
        position += 1
    return _unsigned(_trimmed(kept))


def _is_plain(line: str) -> bool:
    """A quick look that spares most lines the close one."""
    first = _FIRST_WORD.match(line)
    return first is not None and first[2].lower() not in _OPENERS and (not first[1] or first[1][0] not in _SIGNS)


def _is_legal(lines: Sequence[str], position: int) -> bool:
    starts_paragraph = position == 0 or not lines[position - 1] or is_ruler(lines[position - 1])
    return starts_paragraph and is_legal_notice(lines, position)


def _closes(lines: Sequence[str], position: int, *, notices: bool) -> bool:
    line = lines[position]
    if line in {_SURE_DELIMITER, _SEAL}:
        return True
    if is_ruler(line):
        return _closes_drawn(lines, position, notices=notices)
    if len(line) <= _MAX_DELIMITER_CHARS and _DELIMITER.match(line):
        return _closes_delimited(lines, position)
    opener = _FIRST_WORD.match(line)
    if opener is not None and opener[2].lower() in CLOSING_OPENERS and is_closing(lines, position):
        return True
    return notices and any(lines[max(position - 3, 0) : position]) and is_list_footer(line)


def _closes_delimited(lines: Sequence[str], position: int) -> bool:
    first = first_line(lines, position + 1)
    if first.endswith((".", "?", "!", "…", ":")) and len(_WORD.findall(first)) >= _SENTENCE_WORDS:
        return False
    return _is_short(lines[position + 1 : position + 1 + _LINES_LOOKED_AT], _DELIMITED_LINES)


def _closes_drawn(lines: Sequence[str], position: int, *, notices: bool) -> bool:
    """Whether what stands under a ruler to the end is a signature or a footer, not a further part of the mail."""
    rest = lines[position + 1 : position + 1 + _LINES_LOOKED_AT]
    below = [line for line in rest if line]
    if not below:
        return True
    if notices and any(
        is_legal_notice(below, at) or is_small_footer(below[at]) or is_list_footer(below[at])
        for at in range(min(_FIRST_LINES, len(below)))
    ):
        return True
    if len(below) <= _FEW_LINES and is_known_name(below[0]):
        return True
    return _is_short(rest, SIGNATURE_LINES) and any(map(has_contact, below))


def _is_short(lines: Sequence[str], most: int) -> bool:
    found = [line for line in lines if line]
    return len(found) <= most and all(len(line) <= SIGNATURE_LINE_CHARS for line in found)


def _is_footer(stretch: Sequence[str], position: int, *, notices: bool) -> bool:
    line = stretch[position]
    if is_picture(line) or is_seal(line) or (notices and is_small_footer(line)):
        return True
    opener = _FIRST_WORD.match(line)
    if opener is None or opener[2].lower() not in FOOTER_OPENERS:
        return False
    alone = not any(stretch[position + 1 : position + 3]) and (position == 0 or not stretch[position - 1])
    return is_phone_footer(line, alone=alone)


def _postscript(lines: Sequence[str], position: int) -> int:
    """Where the writer takes up the word again after a closing."""
    return next(
        (at for at in range(position, len(lines)) if lines[at] and _POSTSCRIPT.match(lines[at][:MAX_PATTERN_CHARS])),
        len(lines),
    )


def _paragraph_end(lines: Sequence[str], position: int) -> int:
    return next((at for at in range(position, len(lines)) if not lines[at]), len(lines))


def _trimmed(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1] or _DELIMITER.match(lines[end - 1]) or is_ruler(lines[end - 1])):
        end -= 1
    return lines[:end]


def _unsigned(lines: list[str]) -> list[str]:
    if lines and len(lines[-1]) <= MAX_PATTERN_CHARS:
        lines = [*lines[:-1], before_closing(lines[-1])]
    return _trimmed(without_name(_trimmed(without_contacts(lines))))
