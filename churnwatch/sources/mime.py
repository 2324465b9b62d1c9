"""How a mail is built: headers first, then only those parts of the body that are text or a calendar. Attachments are counted."""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from churnwatch.sources.attachments import is_attachment
from churnwatch.sources.charsets import decode

_MAX_HEADER_BYTES = 256 * 1024  # of all headers of one mail
_MAX_VALUE_CHARS = 64 * 1024
_MAX_SUBJECT_CHARS = 2000
_MAX_TEXT_BYTES = 512 * 1024  # of one part, before decoding
_MAX_DEPTH = 12
_MAX_PARTS = 200
_MAX_ADDRESSES = 1000  # of one header

_END_OF_HEADERS = re.compile(rb"\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*("[^"]*"|[^;\s"]*)')
_ENCODED_WORD = re.compile(
    r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]{0,1000}(?:\?(?!=)[^?]{0,1000}){0,20})\?="
)
_QUOTED_OR_NOTE = re.compile(r'\\.|[\\"()]|[^\\"()]+', re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,128}@[^\s<>,;:\"()@]{1,255}")
_BASE64_JUNK = re.compile(rb"[^A-Za-z0-9+/]")
_BOUNDARY_LINE = re.compile(rb"(?:^|\n)--([^\s-][^\r\n]{0,100})\r?\n")


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of a mail or of a part; names in lower case, values as written but unfolded."""

    values: Mapping[str, tuple[bytes, ...]]

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a header, the topmost first."""
        return tuple(decode(value[:_MAX_VALUE_CHARS]).strip() for value in self.values.get(name, ()))

    def first(self, name: str) -> str:
        """The topmost value, or an empty string."""
        values = self.values.get(name)
        return decode(values[0][:_MAX_VALUE_CHARS]).strip() if values else ""

    def __contains__(self, name: str) -> bool:
        return name in self.values

    @property
    def content_type(self) -> str:
        """`text/plain` where nothing is said, or nothing sensible."""
        kind = self.first("content-type").partition(";")[0].strip().lower()
        return kind if "/" in kind else "text/plain"

    def parameter(self, header: str, name: str) -> str:
        """A parameter such as `charset` of `content-type`."""
        value = self.first(header)[:_MAX_SUBJECT_CHARS]
        for key, given in _PARAMETER.findall(value):
            if key.lower() == name:
                return str(given).strip('"').strip()
        return ""


@dataclass(frozen=True, slots=True)
class Text:
    """The readable part of a body; `html` tells which of the two kinds it is."""

    content: str
    html: bool


@dataclass(frozen=True, slots=True)
class Body:
    """All that is ever read of a body."""

    texts: tuple[Text, ...]
    calendars: tuple[str, ...]
    attachments: int


def split_headers(raw: bytes) -> tuple[Headers, bytes]:
    """Headers and the undecoded rest; lines that are no headers are passed over."""
    raw = raw.lstrip(b"\r\n")
    end = _END_OF_HEADERS.search(raw, 0, _MAX_HEADER_BYTES)
    block, body = (raw[: end.start()], raw[end.end() :]) if end else (raw[:_MAX_HEADER_BYTES], b"")
    values: dict[str, list[bytes]] = {}
    for line in _FOLD.sub(b" ", block).split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon and name and len(name) < 100:
            values.setdefault(name.rstrip().lower().decode("ascii", "replace"), []).append(value.strip())
    return Headers({name: tuple(found) for name, found in values.items()}), body


def read_body(headers: Headers, body: bytes) -> Body:
    """The texts a person reads, in order: of alternatives the plain one unless it is empty; and the calendars."""
    found = _Found()
    texts = _collect(headers, body, found)
    return Body(tuple(texts), tuple(dict.fromkeys(found.calendars)), found.attachments)


def addresses(value: str) -> tuple[str, ...]:
    """Every address of a header in order; names, comments and group names are passed over.

    >>> addresses('"Ann @ Work" <ann@client.example>, Bob (bob@old.example) <bob@client.example>')
    ('ann@client.example', 'bob@client.example')
    """
    bare = _without_quotes_and_notes(value) if any(mark in value for mark in '"(') else value
    found = []
    for entry in re.split(r"[,;]", bare)[:_MAX_ADDRESSES]:
        inside = entry.rpartition("<")[2].partition(">")[0] if "<" in entry else entry
        if match := _ADDRESS.search(inside) or _ADDRESS.search(entry):
            found.append(match.group().strip("'."))
    if not found and "=?" in value:  # some mailers encode the address together with the name
        return addresses(plain) if "=?" not in (plain := decode_words(value)) else ()
    return tuple(dict.fromkeys(found))


def decode_words(value: str) -> str:
    """A header with its encoded words (RFC 2047) read; neighbouring words of one charset are joined before decoding.

    Mailers cut words in the middle of a character, leave blanks inside them, and pad base64 wrongly: all of that is read.
    """
    value = value[: _MAX_SUBJECT_CHARS * 4]
    pieces: list[tuple[str | None, bytes]] = []
    position = 0
    for word in _ENCODED_WORD.finditer(value):
        charset, encoding, payload = word.groups()
        data = payload.encode("utf-8")
        data = _base64(data) if encoding in "bB" else binascii.a2b_qp(data, header=True)
        between = value[position : word.start()]
        if pieces and pieces[-1][0] is not None and not between.strip():
            between = ""
        if between:
            pieces.append((None, between.encode("utf-8")))
        if pieces and pieces[-1][0] == charset.lower():
            pieces[-1] = (charset.lower(), pieces[-1][1] + data)
        else:
            pieces.append((charset.lower(), data))
        position = word.end()
    pieces.append((None, value[position:].encode("utf-8")))
    text = "".join(decode(data, charset or "utf-8") for charset, data in pieces)
    return " ".join(text.split())[:_MAX_SUBJECT_CHARS]


@dataclass(slots=True)
class _Found:
    """What was met so far beside texts, and how many parts may still be looked at."""

    calendars: list[str] = field(default_factory=list)
    attachments: int = 0
    budget: int = _MAX_PARTS


def _collect(headers: Headers, body: bytes, found: _Found, depth: int = 0, within: str = "") -> list[Text]:
    """The texts of a part, which lies within one of another type."""
    found.budget -= 1
    if found.budget < 0 or depth > _MAX_DEPTH:
        return []
    kind = headers.content_type
    if kind.startswith("multipart/"):
        inner: list[Text] = []
        for part in _parts(body, headers.parameter("content-type", "boundary")):
            # A part that begins with a blank line has no headers.
            bare = part.startswith((b"\n", b"\r\n"))
            part_headers, part_body = (Headers({}), part) if bare else split_headers(part)
            inner += _collect(part_headers, part_body, found, depth + 1, kind)
        return _preferred(inner) if kind == "multipart/alternative" else inner
    if kind in {"text/calendar", "application/ics"}:
        found.calendars.append(_text(headers, body))
        return []
    disposition = headers.first("content-disposition").partition(";")[0].strip().lower()
    name = headers.parameter("content-disposition", "filename") or headers.parameter("content-type", "name")
    if kind in {"text/plain", "text/html"} and disposition != "attachment" and not name:
        return [Text(_text(headers, body), html=kind == "text/html")]
    found.attachments += bool(body.strip()) and is_attachment(kind, disposition, name, within, headers.values)
    return []


def _preferred(alternatives: list[Text]) -> list[Text]:
    plain = [text for text in alternatives if not text.html and text.content.strip()]
    return plain or [text for text in alternatives if text.html]


def _parts(body: bytes, boundary: str) -> Iterator[bytes]:
    mark = b"--" + boundary.encode("utf-8", "replace")
    if not boundary or mark not in body:  # not declared, or not the one that was used
        guess = _BOUNDARY_LINE.search(body)
        if guess is None:
            yield b"\n" + body
            return
        mark = b"--" + guess.group(1).strip()
    start: int | None = None
    position = 0
    for _ in range(_MAX_PARTS + 1):
        found = body.find(mark, position)
        while found > 0 and body[found - 1] != 10:
            found = body.find(mark, found + 1)
        if start is not None:
            yield body[start : found if found >= 0 else None]
        position = found + len(mark)
        if found < 0 or body[position : position + 2] == b"--":
            return
        line_end = body.find(b"\n", position)
        start = position = line_end + 1 if line_end >= 0 else len(body)


def _text(headers: Headers, body: bytes) -> str:
    encoding = headers.first("content-transfer-encoding").lower()
    data = body[:_MAX_TEXT_BYTES]
    if encoding == "base64":
        data = _base64(data)
    elif encoding == "quoted-printable":
        data = binascii.a2b_qp(data)
    return decode(data, headers.parameter("content-type", "charset"))


def _base64(data: bytes) -> bytes:
    clean = _BASE64_JUNK.sub(b"", data)
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def _without_quotes_and_notes(value: str) -> str:
    kept: list[str] = []
    quoted = False
    depth = 0
    for piece in _QUOTED_OR_NOTE.findall(value):
        if piece == '"' and not depth:
            quoted = not quoted
        elif piece == "(" and not quoted:
            depth += 1
        elif piece == ")" and not quoted:
            depth = max(0, depth - 1)
        elif not quoted and not depth:
            kept.append(piece)
    return "".join(kept)
