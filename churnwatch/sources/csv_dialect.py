"""How a CSV file was written: its encoding, its delimiter, and where each record starts and ends."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from churnwatch.core.errors import SourceUnavailableError

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DELIMITERS = (";", ",", "\t", "|")
_SAMPLE_RECORDS = 50
_BROKEN_UTF8_SHARE = 0.05  # of the characters beyond ASCII; above it the file is not UTF-8 at all
_HIGH_RUN = re.compile(rb"[A-Za-z]?[\x80-\x9f\xa1-\xff]+[A-Za-z]?")  # 0xA0 is the same space in every code page


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the lines it starts and ends on (1 = the file's first), its cells, and what is wrong with its shape."""

    line: int
    end: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A decoded CSV file: the header's cells and every record under it."""

    file: str
    header: tuple[str, ...]
    header_line: int
    records: tuple[Record, ...]


def read_sheet(path: Path, content: bytes, encoding: str | None = None) -> Sheet:
    """Decode and split a file; `SourceUnavailableError` where it has no header or the encoding does not exist."""
    text = decode(content, encoding, path)
    lines = list(io.StringIO(text, newline=""))
    first = 0
    delimiter = None
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter, first = lines[0].strip()[-1], 1  # Excel's own first line
    delimiter = delimiter or detect_delimiter("".join(lines[:_SAMPLE_RECORDS]))
    records = _records(lines, first, delimiter)
    header = next(records, None)
    if header is None:
        raise SourceUnavailableError(
            f"{path.name} is empty.", remedy="It must start with a line of column names; export it again."
        )
    cells = tuple(cell.strip() for cell in header.cells)
    return Sheet(path.name, cells, header.line, tuple(_fitted(lines, header.end, len(cells), delimiter)))


def decode(content: bytes, encoding: str | None, path: Path) -> str:
    """The file's text; bytes that mean nothing become U+FFFD, and NULs, which no database keeps, are dropped."""
    try:
        text = content.decode(encoding or detect_encoding(content), errors="replace")
    except LookupError as error:
        raise SourceUnavailableError(
            f"{path.name}: there is no encoding {encoding!r}.", remedy="Use a name like utf-8, cp1251 or utf-16."
        ) from error
    return text.removeprefix("\ufeff").replace("\x00", "")


def detect_encoding(content: bytes) -> str:
    """The encoding's name, from a byte-order mark, valid UTF-8, or how the bytes beyond ASCII stand together.

    >>> detect_encoding("Клиент;Сумма".encode("cp1251")), detect_encoding("Müller;Größe".encode("cp1252"))
    ('cp1251', 'cp1252')
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return name
    if content.isascii() or _mostly_utf8(content):
        return "utf-8"
    # Cyrillic words are runs of bytes beyond ASCII; an umlaut stands alone between ASCII letters.
    runs = _HIGH_RUN.findall(content)
    latin = sum(run[:1].isalpha() or run[-1:].isalpha() for run in runs)
    return "cp1252" if runs and latin > len(runs) / 2 else "cp1251"


def detect_delimiter(sample: str) -> str:
    r"""The delimiter under which the first records have most evenly as many cells as the header.

    >>> detect_delimiter("Сумма, руб.;Дата\n100,50;01.02.2024\n")
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(row)]
        if not rows or len(rows[0]) < 2:
            continue
        even = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        best, best_score = max((best, best_score), (delimiter, (even, len(rows[0]))), key=lambda found: found[1])
    return best


def _mostly_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="replace")
        broken = text.count("\ufffd")
        beyond = sum(not character.isascii() for character in text)
        return broken <= beyond * _BROKEN_UTF8_SHARE
    return True


def _fitted(lines: list[str], start: int, width: int, delimiter: str) -> Iterator[Record]:
    """The records with as many cells as the header; the others say what is wrong with them.

    A misfit that runs over several lines is most often a quote that was never closed: it is given up after its first line.
    """
    while start < len(lines):
        for record in _records(lines, start, delimiter):
            start = record.end
            problem = record.problem or _misfit(record, width, lines)
            yield Record(record.line, record.end, () if problem else record.cells[:width], problem)
            if not problem:
                continue
            if record.end > record.line:
                start = record.line
                break
        else:
            return


def _misfit(record: Record, width: int, lines: list[str]) -> str:
    if len(record.cells) < width or any(cell.strip() for cell in record.cells[width:]):
        return f"{len(record.cells)} cells under {width} column names"
    if record.end > record.line and sum(line.count('"') for line in lines[record.line - 1 : record.end]) % 2:
        return "a quote is not closed"
    return ""


def _records(lines: list[str], start: int, delimiter: str) -> Iterator[Record]:
    """The non-empty records from line index `start` on."""
    reader = csv.reader((lines[number] for number in range(start, len(lines))), delimiter=delimiter)
    while True:
        line = start + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problem = "a cell is longer than a cell may be; perhaps a quote is not closed"
            yield Record(line, start + reader.line_num, (), problem)
            continue
        if any(cell.strip() for cell in cells):
            yield Record(line, start + reader.line_num, tuple(cells))
