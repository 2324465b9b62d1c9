"""What an HTML mail says as plain lines: quoted blocks become lines that start with '>', signatures and styles are dropped.

A tokenizer of its own, as `html.parser` runs in quadratic time on unclosed comments and tags; this one looks at each character once
and keeps counters instead of a tree, so neither size nor depth of a hostile mail matters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_MAX_HTML_CHARS = 1_000_000
_BLOCKS = {
    "p",
    "div",
    "tr",
    "table",
    "ul",
    "ol",
    "li",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "pre",
    "section",
    "article",
}
_CELLS = {"td", "th"}
_CONTAINERS = {"div", "table", "p"}
_UNSEEN_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
_UNSEEN = re.compile(rf"({'|'.join(_UNSEEN_ENDS)})\b", re.IGNORECASE)
_MAX_QUOTE_MARKS = 3
_MAX_QUOTED_ENDS = 3
_TAG_START = re.compile(r"[a-zA-Z/!?]")
_TAG_NAME = re.compile(r"/?\s*([a-zA-Z][a-zA-Z0-9:]*)")
_SIGNATURE = re.compile(r"""(?:class|id)\s*=\s*["']?[^"'>]{0,80}(?:gmail_signature|moz-signature|Signature\b)""")
# Outlook's own mark before the quoted mail, in its desktop, web and phone editions.
_REPLY_MARK = re.compile(
    r"""id\s*=\s*["']?(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)"""
)
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SEPARATOR = "-----Original Message-----"


def html_to_text(html: str) -> str:
    r"""The lines a person sees.

    >>> html_to_text("<p>Yes, agreed.<br>Ann</p><blockquote><p>Shall we?</p></blockquote>")
    'Yes, agreed.\nAnn\n\n> Shall we?'
    """
    page = _Page()
    for is_tag, piece in _pieces(html[:_MAX_HTML_CHARS]):
        if is_tag:
            page.tag(piece)
        else:
            page.words(piece)
    page.end_line()
    return "\n".join(page.lines).strip()


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _quotes: int = 0
    _hidden: str = ""  # the element that is passed over
    _hidden_depth: int = 0  # how many of its name are open

    def words(self, text: str) -> None:
        if not self._hidden:
            self._line.append(unescape(_LONG_REFERENCE.sub("", text)))

    def tag(self, inside: str) -> None:
        match = _TAG_NAME.match(inside)
        if match is None:
            return
        name, closing = match.group(1).lower(), inside.startswith("/")
        if self._hidden:
            self._pass_over(name, closing=closing)
        elif name == "blockquote":
            self.end_line()
            self._quotes = max(0, self._quotes + (-1 if closing else 1))
        elif name in _BLOCKS:
            self.end_line()
            if name == "p" and closing and not self._quotes:
                self.lines.append("")
            if not closing:
                self._open(name, inside)
        elif name in _CELLS:
            self._line.append(" ")

    def end_line(self) -> None:
        text = _BLANKS.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        if text:
            self.lines.append("> " * min(self._quotes, _MAX_QUOTE_MARKS) + text)

    def _open(self, name: str, inside: str) -> None:
        if _REPLY_MARK.search(inside):
            self.lines.append(_SEPARATOR)
        elif name in _CONTAINERS and _SIGNATURE.search(inside):
            self._hidden, self._hidden_depth = name, 1

    def _pass_over(self, name: str, *, closing: bool) -> None:
        if name == self._hidden:
            self._hidden_depth += -1 if closing else 1
            if not self._hidden_depth:
                self._hidden = ""


def _pieces(html: str) -> Iterator[tuple[bool, str]]:
    """(is a tag, its inside or the text). A search that fails ends the whole, so none is ever repeated in vain."""
    position = 0
    while (start := html.find("<", position)) >= 0:
        if start > position:
            yield False, html[position:start]
        if html.startswith("<!--", start):
            position = _after(html, "-->", start + 4)
        elif not _TAG_START.match(html, start + 1):
            yield False, "<"
            position = start + 1
        else:
            end = _tag_end(html, start)
            tag = html[start + 1 : end]
            position = end + 1
            if unseen := _UNSEEN.match(tag):
                position = _after(html, _UNSEEN_ENDS[unseen.group(1).lower()], position)
            else:
                yield True, tag
    yield False, html[position:]


def _after(html: str, mark: str | re.Pattern[str], position: int) -> int:
    if isinstance(mark, str):
        found = html.find(mark, position)
        return found + len(mark) if found >= 0 else len(html)
    match = mark.search(html, position)
    return match.end() if match else len(html)


def _tag_end(html: str, start: int) -> int:
    """A '>' inside a quoted attribute does not end the tag."""
    end = html.find(">", start)
    for _ in range(_MAX_QUOTED_ENDS):
        if end < 0:
            return len(html)
        quote = '"' if html.find('"', start, end) >= 0 else "'"
        if html.count(quote, start, end) % 2 == 0 or (further := html.find(">", end + 1, end + 2000)) < 0:
            break
        end = further
    return end
