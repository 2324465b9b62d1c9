"""Texts as they come in, from a file or standard input: lines, JSON lines, or one column of a CSV table."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from churnwatch.cli.glossary import Said
from churnwatch.core.errors import ChurnwatchError, ConfigError
from churnwatch.sources.csv_dialect import Record, Sheet, detect_delimiter, detect_encoding, read_sheet

STANDARD_INPUT = "-"
_DEFAULT_COLUMN = "text"
_SAMPLE_BYTES = 1 << 20
_SAMPLE_LINES = 20
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_REPLACED = "\ufffd"
_NOTHING = object()  # in the place of JSON that is none

_DAMAGED = Said("holds damaged characters", "есть повреждённые символы")
_NOT_JSON = Said("is not JSON", "это не JSON")
_NEITHER = Said(
    "is neither a text nor an object with named values", "это не текст и не объект с именованными значениями"
)


class Form(StrEnum):
    """How texts stand in a file."""

    LINES = "lines"
    JSONL = "jsonl"
    CSV = "csv"


_ENDINGS = {".jsonl": Form.JSONL, ".ndjson": Form.JSONL, ".csv": Form.CSV, ".tsv": Form.CSV}


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: the line that it starts on, and its text or what is wrong with it."""

    line: int
    text: str = ""
    problem: Said | None = None


@contextmanager
def entries(source: str, column: str | None, form: Form | None) -> Iterator[Iterator[Entry]]:
    """The records of a file or of standard input (`-`), read as they are asked for; only a CSV table is read whole.

    Without a `form` the file's ending tells it, else its first lines.
    """
    with _opened(source) as stream:
        head = stream.read(_SAMPLE_BYTES)
        head += stream.readline()  # whole lines, so that no character is cut
        encoding = _encoding(head, source)
        if encoding == "utf-16":  # where a byte like a line's end may be half of a letter
            head, encoding = (head + stream.read()).decode("utf-16", "replace").encode(), "utf-8"
        match form or _ENDINGS.get(Path(source).suffix.lower()) or _sniffed(head.decode(encoding, "replace"), column):
            case Form.CSV:
                yield _of_csv(Path(source), head + stream.read(), encoding, column or _DEFAULT_COLUMN)
            case Form.JSONL:
                yield _of_json(_lines(head, stream, encoding), column or _DEFAULT_COLUMN)
            case Form.LINES:
                if column is not None:
                    raise ConfigError("--column is for JSON lines and CSV.", remedy="Leave it out for lines of text.")
                yield (_entry(number, line) for number, line in _lines(head, stream, encoding))


@contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    if source == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - closed below, where errors are those of whoever reads it
    except OSError as error:
        raise ChurnwatchError(
            f"{source} cannot be read: {error.strerror}.", remedy="Name a file, or `-` for standard input."
        ) from error
    with file:
        yield file


def _encoding(head: bytes, source: str) -> str:
    """UTF-8 where that makes sense of most lines: a few damaged ones must not turn all the others into another alphabet."""
    if head.startswith(_UTF16_MARKS):
        return "utf-16"
    if b"\0" in head:
        raise ChurnwatchError(f"{source} is no text.", remedy="Save it as CSV, JSON lines, or lines of text.")
    beyond_ascii = [line for line in head.splitlines() if not line.isascii()]
    return "utf-8-sig" if 2 * sum(map(_is_utf8, beyond_ascii)) >= len(beyond_ascii) else detect_encoding(head)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sniffed(head: str, column: str | None) -> Form:
    """JSON lines where the first ones are all JSON; a table where the first one names the column; else lines of text."""
    first = list(islice((line for line in head.splitlines() if line.strip()), _SAMPLE_LINES))
    if first and all(isinstance(_json(line), dict | str) for line in first):
        return Form.JSONL
    if column is not None:
        return Form.CSV
    header = next(csv.reader(first[:1], delimiter=detect_delimiter("\n".join(first))), [])
    return Form.CSV if len(header) > 1 and _DEFAULT_COLUMN in map(_plain, header) else Form.LINES


def _lines(head: bytes, rest: Iterable[bytes], encoding: str) -> Iterator[tuple[int, str]]:
    """Numbered lines; damaged ones come as halves of characters, for `_entry` to see."""
    for number, line in enumerate(chain(io.BytesIO(head), rest), start=1):
        yield number, line.decode(encoding, "surrogateescape").rstrip("\r\n")


def _of_json(lines: Iterable[tuple[int, str]], column: str) -> Iterator[Entry]:
    for number, line in lines:
        if not line.strip():
            continue
        match _json(line):
            case str(text):
                yield _entry(number, text)
            case dict(told) if column not in told:
                yield Entry(number, problem=Said(f"has no {column!r}", f"нет поля {column!r}"))
            case dict(told) if told[column] is None:
                yield Entry(number)
            case dict(told) if isinstance(told[column], str):
                yield _entry(number, told[column])
            case dict():
                yield Entry(number, problem=Said(f"{column!r} is not a text", f"{column!r} не текст"))
            case told:
                yield Entry(number, problem=_NOT_JSON if told is _NOTHING else _NEITHER)


def _of_csv(path: Path, content: bytes, encoding: str, column: str) -> Iterator[Entry]:
    sheet = read_sheet(path, content, encoding)
    place = _place(sheet, column)
    damage_shows = _REPLACED.encode() not in content  # else the mark may be the writer's own
    return (_of_record(record, place, damage_shows=damage_shows) for record in sheet.records)


def _of_record(record: Record, place: int, *, damage_shows: bool) -> Entry:
    if record.problem:
        return Entry(record.line, problem=Said(record.problem, "не раскладывается по столбцам заголовка"))
    if damage_shows and _REPLACED in record.cells[place]:
        return Entry(record.line, problem=_DAMAGED)
    return Entry(record.line, record.cells[place])


def _place(sheet: Sheet, column: str) -> int:
    plain = [_plain(cell) for cell in sheet.header]
    if _plain(column) not in plain:
        raise ChurnwatchError(
            f"{sheet.file} has no column {column!r}; its header is: {', '.join(sheet.header)}.",
            remedy="Name the one that holds the texts: --column NAME.",
        )
    return plain.index(_plain(column))


def _plain(heading: str) -> str:
    return heading.strip().casefold()


def _json(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return _NOTHING


def _entry(number: int, text: str) -> Entry:
    """A text, unless it holds halves of characters: every other one can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return Entry(number, problem=_DAMAGED)
    return Entry(number, text)
