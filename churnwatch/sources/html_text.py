"""What an HTML mail says as plain lines: quoted blocks become lines that start with '>', signatures and hidden things are dropped.

A tokenizer of its own, as `html.parser` runs in quadratic time on unclosed comments and tags; this one looks at each character once
and keeps counters instead of a tree, so neither size nor depth of a hostile mail matters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_MAX_HTML_CHARS = 1_000_000
_MAX_TAG_CHARS = 2000
_BLOCK_NAMES = """address article aside body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav
    ol p pre section table tbody tfoot thead tr ul"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_APART = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6"))  # a browser shows a blank line around them
_CELLS = frozenset(("td", "th"))
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_UNSEEN_ENDS = {name: re.compile(f"</{name}[^<>]{{0,100}}>?", re.IGNORECASE) for name in ("script", "style", "title")}
_UNSEEN = re.compile(rf"({'|'.join(_UNSEEN_ENDS)})\b", re.IGNORECASE)
_MAX_QUOTE_MARKS = 3
_MAX_QUOTED_ENDS = 3
_TAG_START = re.compile(r"[a-zA-Z/!?]")
_TAG_NAME = re.compile(r"/?\s*([a-zA-Z][a-zA-Z0-9:]*)")
_HIDDEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*[;\"'])",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:class|id|name|data-[a-z-]{1,30})\s*=\s*[\"']?[^\"'>]{0,80}(?:signature|bloop_sign|__SIG_)|\sdata-signature",
    re.IGNORECASE,
)
# How programs mark the mail below the answer: Outlook on desktop, web and phone and on the Mac, Yahoo, Thunderbird, Spark, Freshdesk.
_REPLY_MARKS = (
    "divRplyFwdMsg|appendonsend|mail-editor-reference-message|ms-outlook-mobile-reference-message|OLK_SRC_BODY_SECTION|"
    "OutlookMessageHeader|yahoo_quoted|moz-forward-container|messageReplySection|freshdesk_quote"
)
_REPLY_MARK = re.compile(rf"(?:id|class|name)\s*=\s*[\"']?[^\"'>]{{0,60}}(?:{_REPLY_MARKS})")
_TELLING = re.compile(
    rf"{_REPLY_MARKS}|signature|bloop_sign|__SIG_|none|hidden|mso-hide|max-height|border-top", re.IGNORECASE
)
_LINE_ABOVE = re.compile(
    r"border-top\s*:\s*(?!none|0)[^;\"']{0,40}solid|border\s*:\s*none\s*;\s*border-top\s*:", re.IGNORECASE
)
_INDENT = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.IGNORECASE)  # the writer's own, by a button of the editor
_LINE_LEFT = re.compile(r"border-left\s*:\s*(?!none|0)\S", re.IGNORECASE)
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SEPARATOR = "-----Original Message-----"
RULER = "_" * 32  # as Outlook writes a drawn line in plain text


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
    return "\n".join(page.lines).strip("\n")


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _quotes: int = 0
    _blockquotes: list[bool] = field(default_factory=list)  # which of the open ones quote
    _preformatted: int = 0
    _hidden: str = ""  # the element that is passed over
    _hidden_depth: int = 0  # how many of its name are open

    def words(self, text: str) -> None:
        if self._hidden:
            return
        text = unescape(_LONG_REFERENCE.sub("", text)) if "&" in text else text
        if self._preformatted:
            *ended, text = text.split("\n")
            for line in ended:
                self._line.append(line)
                self._break_line()
        self._line.append(text)

    def tag(self, inside: str) -> None:
        match = _TAG_NAME.match(inside)
        if match is None:
            return
        name, closing = match.group(1).lower(), inside.startswith("/")
        if self._hidden:
            self._pass_over(name, closing=closing)
        elif name == "br":
            self._break_line()
        elif name == "blockquote":
            self._quote(inside, closing=closing)
        elif name in _BLOCKS:
            self._block(name, closing=closing)
        elif name in _CELLS and not closing:
            self._line.append(" ")
        if not closing and "=" in inside:
            self._heed(name, inside)

    def end_line(self) -> None:
        """End the line unless it is empty; one of no-break spaces is a blank line."""
        text = "".join(self._line)
        self._line.clear()
        text = text if self._preformatted else _BLANKS.sub(" ", text).strip(" ")
        if text:
            self._add(text.rstrip())

    def _break_line(self) -> None:
        before = len(self.lines)
        self.end_line()
        if len(self.lines) == before:
            self._add("")

    def _block(self, name: str, *, closing: bool) -> None:
        self.end_line()
        if name in _APART and not self._quotes:
            self._add("")
        if name == "pre":
            self._preformatted = max(0, self._preformatted + (-1 if closing else 1))
        elif name == "hr" and not closing:
            self._add(RULER)

    def _quote(self, inside: str, *, closing: bool) -> None:
        self.end_line()
        if not closing:
            style = inside[len("blockquote") : _MAX_TAG_CHARS]
            quotes = "cite" in style or "quote" in style or not _INDENT.search(style) or bool(_LINE_LEFT.search(style))
            self._blockquotes.append(quotes)
            self._quotes += quotes
        elif self._blockquotes:
            self._quotes -= self._blockquotes.pop()

    def _add(self, text: str) -> None:
        if text or not self._quotes:
            self.lines.append("> " * min(self._quotes, _MAX_QUOTE_MARKS) + text)

    def _heed(self, name: str, inside: str) -> None:
        """What the attributes say: hidden, a signature, the beginning of another mail, or a line drawn above one."""
        inside = inside[:_MAX_TAG_CHARS]
        if name in _VOID or self._hidden or not _TELLING.search(inside):
            return
        if _REPLY_MARK.search(inside):
            self.end_line()
            self._add(_SEPARATOR)
        elif _HIDDEN.search(inside) or _SIGNATURE.search(inside):
            self._hidden, self._hidden_depth = name, 1
        elif name in _BLOCKS and _LINE_ABOVE.search(inside):
            self._add(RULER)

    def _pass_over(self, name: str, *, closing: bool) -> None:
        if name == self._hidden:
            self._hidden_depth += -1 if closing else 1
            if not self._hidden_depth or name == "p":  # paragraphs do not nest
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
