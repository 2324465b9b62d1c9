"""How an mbox is cut into mails: as a stream of any size, a mail of any size, without reading ahead or going back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_BLOCK_BYTES = 1024 * 1024
_MAX_FROM_LINE_BYTES = 400
_END_BYTES = 3
_BLANK_LINE = (b"\n\n", b"\n\r\n")
_LOOKAHEAD_BYTES = 600  # a From_ line and the beginning of the line after it

# A line "From " counts only with a time and a year in it and a header after it: many programs leave such lines in bodies unquoted.
_TIME = re.compile(rb"\d:\d\d")
_YEAR = re.compile(rb"\b\d{4}\b")
_HEADER_FOLLOWS = re.compile(rb"[!-9;-~]{1,100}[ \t]{0,3}:|[ \t>]|\r?\n|\Z")
_QUOTED_FROM = re.compile(rb"^>(?=>{0,20}From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MboxRecord:
    """One mail of an mbox; `end` is where the next begins, `cut` how many bytes of it were not kept.

    It is `whole` where another follows or a blank line stands at its end: writers put one behind every mail.
    """

    raw: bytes
    envelope: str
    end: int
    cut: int
    whole: bool


def split_mbox(stream: BinaryIO, start: int, max_bytes: int) -> Iterator[MboxRecord]:
    """Mails from `start` on; what stands before the first From_ line comes as a record without an envelope."""
    pending = _Pending(start - 1, max_bytes)
    buffer = b"\n"  # so that the first line begins after a line's end too
    while True:
        block = stream.read(_BLOCK_BYTES)
        buffer += block
        position = 0
        while (found := buffer.find(b"\nFrom ", position)) >= 0:
            if block and len(buffer) - found < _LOOKAHEAD_BYTES:
                break
            line_end = _end_of_from_line(buffer, found + 1)
            if line_end is None:
                pending.add(buffer[position : found + 6])
                position = found + 6
                continue
            pending.add(buffer[position : found + 1])
            if not pending.empty:
                yield pending.finish(followed=True)
            pending.begin(buffer[found + 6 : line_end], line_end - found - 1)
            position = line_end
        if not block:
            pending.add(buffer[position:])
            if not pending.empty:
                yield pending.finish(followed=False)
            return
        keep = found if found >= 0 else max(position, len(buffer) - len(b"\nFrom"))
        pending.add(buffer[position:keep])
        buffer = buffer[keep:]


def _end_of_from_line(buffer: bytes, start: int) -> int | None:
    end = buffer.find(b"\n", start, start + _MAX_FROM_LINE_BYTES)
    line = buffer[start:end]
    genuine = end >= 0 and _TIME.search(line) and _YEAR.search(line) and _HEADER_FOLLOWS.match(buffer, end + 1)
    return end if genuine else None


class _Pending:
    """The mail that is being read, as much of it as is kept."""

    __slots__ = ("_cut", "_end", "_envelope", "_kept", "_max_bytes", "_offset")

    def __init__(self, start: int, max_bytes: int) -> None:
        self._offset, self._max_bytes = start, max_bytes
        self._kept, self._cut, self._envelope, self._end = bytearray(), 0, b"", b""

    @property
    def empty(self) -> bool:
        return not self._envelope and not self._kept.strip(b"\r\n")

    def begin(self, envelope: bytes, length: int) -> None:
        self._kept, self._cut, self._envelope, self._end = bytearray(), 0, envelope, b""
        self._offset += length

    def add(self, data: bytes) -> None:
        self._offset += len(data)
        kept = data[: max(0, self._max_bytes - len(self._kept))]
        self._kept += kept
        self._cut += len(data) - len(kept)
        self._end = (self._end + data[-_END_BYTES:])[-_END_BYTES:]

    def finish(self, *, followed: bool) -> MboxRecord:
        raw = bytes(self._kept)
        if b"\n>" in raw or raw.startswith(b">"):
            raw = _QUOTED_FROM.sub(b"", raw)
        return MboxRecord(
            raw,
            self._envelope.decode("latin-1").strip(),
            self._offset,
            self._cut,
            followed or self._end.endswith(_BLANK_LINE),
        )
