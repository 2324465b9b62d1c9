"""What the writer of a mail wrote in that mail: without quotes, forwards, signatures, disclaimers and phone footers."""

import re
from collections.abc import Iterable

from churnwatch.sources.html_text import RULER, html_to_text
from churnwatch.sources.replies.endings import without_endings
from churnwatch.sources.replies.notices import warning_length
from churnwatch.sources.replies.quoted import own_stretches

_MAX_LINES = 5000
_MAX_CHARS = 1_000_000
_MAX_STUB_CHARS = 300

_NOISE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u200b": None, "\u200e": None, "\u200f": None, "\ufeff": None})
_STUB = re.compile(r"html", re.IGNORECASE)


def own_text(body: str, html: str | None = None) -> str:
    r"""The writer's own words; answers between quoted lines are kept. `html` is read where `body` is empty or only points to it.

    >>> own_text("Да, согласны.\n\nС уважением,\nАнна\n\nпн, 11 мар. 2024 г. в 12:30, Бюро <b@our.example>:\n> Согласны?")
    'Да, согласны.'
    """
    text = (html_to_text(html) if html is not None and _says_nothing(body) else "") or body
    return _joined(line for stretch in own_stretches(_lines(text)) for line in (*without_endings(stretch), ""))


def unquoted_text(body: str) -> str:
    r"""All that the mail does not quote or forward: the writer's own words, and what programs and firms put below them.

    >>> unquoted_text("Yes.\n\n> Shall we?\n\n-- \nThis message was generated automatically.")
    'Yes.\n\n-- \nThis message was generated automatically.'
    """
    return _joined(line for stretch in own_stretches(_lines(body)) for line in (*stretch, ""))


def _lines(text: str) -> list[str]:
    text = text[:_MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n")
    text = text if text.isascii() else text.translate(_NOISE)
    lines = [line if line == "-- " else line.rstrip() for line in text.split("\n", _MAX_LINES)[:_MAX_LINES]]
    return lines[warning_length(lines) :]


def _says_nothing(body: str) -> bool:
    """Whether the plain text is empty, or tells only that the mail is in HTML."""
    return len(body) <= _MAX_STUB_CHARS and (not body.strip() or _STUB.search(body) is not None)


def _joined(lines: Iterable[str]) -> str:
    """Lines with at most one blank one between paragraphs."""
    joined: list[str] = []
    for line in lines:
        if line != RULER and (line or (joined and joined[-1])):
            joined.append(line)
    while joined and not joined[-1]:
        joined.pop()
    return "\n".join(joined)
