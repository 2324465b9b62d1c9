"""A CSV file under our column names: which of its columns is which, and each row's cells as typed values."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Literal, TypeVar

from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import SourceError, SourceItem
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.csv_dialect import Sheet, read_sheet
from churnwatch.sources.csv_values import (
    AmbiguousDatesError,
    CellError,
    DateFormat,
    date_formats,
    decimal_mark,
    is_nothing,
    parse_amount,
    parse_day,
    parse_flag,
    parse_instant,
    parse_seconds,
)
from churnwatch.sources.whole_files import content_of, read_files

_DAMAGED = "\ufffd"
_PUNCTUATION = re.compile(r"[\s_.:№#/()-]+")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a kind of source knows, and the names that other programs give it, best first."""

    name: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    holds: Literal["text", "date", "amount"] = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """One record under our column names. Its methods give None (or "") for an empty cell and raise `CellError` for a bad one."""

    line: int
    cells: tuple[str, ...]
    table: "Table"

    def text(self, name: str) -> str:
        """The cell as it stands, or "" where it is empty or the file has no such column."""
        place = self.table.places.get(name)
        cell = "" if place is None else self.cells[place].strip()
        if _DAMAGED in cell:
            raise self.table.complaint(name, "holds bytes that are no characters in the file's encoding")
        return "" if is_nothing(cell) else cell

    def needed(self, name: str) -> str:
        """The cell, which must not be empty."""
        return self.given(self.text(name) or None, name)

    def given(self, value: T | None, name: str) -> T:
        """`value`, which must not be None."""
        if value is None:
            raise self.table.complaint(name, "is empty")
        return value

    def day(self, name: str) -> date | None:
        """The cell as a calendar day."""
        return self._parsed(name, lambda cell: parse_day(cell, self.table.formats[name]))

    def instant(self, name: str, zone: tzinfo, clock: str = "") -> datetime | None:
        """The cell as an instant in UTC; local time is `zone`'s. `clock` is the text of a separate time column."""
        return self._parsed(name, lambda cell: parse_instant(cell, self.table.formats[name], zone, clock))

    def amount(self, name: str) -> float | None:
        """The cell as an amount of money."""
        return self._parsed(name, lambda cell: parse_amount(cell, self.table.marks.get(name)))

    def flag(self, name: str) -> bool | None:
        """The cell as yes or no."""
        return self._parsed(name, parse_flag)

    def seconds(self, name: str) -> float | None:
        """The cell as a duration."""
        return self._parsed(name, parse_seconds)

    def complaint(self, name: str, what: str) -> CellError:
        """An error about one of this row's cells."""
        return self.table.complaint(name, what)

    def _parsed(self, name: str, parse: Callable[[str], T | None]) -> T | None:
        place = self.table.places.get(name)
        if place is None:
            return None
        try:
            return parse(self.cells[place])
        except CellError as error:
            raise self.table.complaint(name, str(error)) from error


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose columns are identified and whose date and number formats are settled."""

    source: str
    sheet: Sheet
    places: dict[str, int]
    formats: dict[str, DateFormat]
    marks: dict[str, str | None]

    def has(self, name: str) -> bool:
        """Whether the file has this column."""
        return name in self.places

    def rows(self, items_of: Callable[[Row], Iterator[SourceItem]]) -> Iterator[SourceItem]:
        """The items of every row, in order; a row that cannot be read is a `SourceError` with its line."""
        for record in self.sheet.records:
            if record.problem:
                yield self.error(record.line, record.problem)
                continue
            try:
                yield from items_of(Row(record.line, record.cells, self))
            except CellError as error:
                yield self.error(record.line, str(error))

    def error(self, line: int, problem: str) -> SourceError:
        """What to report about a line."""
        return SourceError(self.source, f"{self.sheet.file} line {line}", problem)

    def complaint(self, name: str, what: str) -> CellError:
        """What to raise about a cell: our name of the column and the file's, never the cell itself."""
        place = self.places.get(name)
        heading = "" if place is None or self.sheet.header[place] == name else f" ({self.sheet.header[place]!r})"
        return CellError(f"{name}{heading} {what}")


def read_csv(
    source: str,
    paths: Sequence[Path],
    settings: SourceSettings,
    columns: tuple[Column, ...],
    knowledge: str,
    cursor: str | None,
    items_of: Callable[[Table], Iterator[SourceItem]],
) -> Iterator[SourceItem]:
    """What every CSV source does: read each new or changed file whole, under `columns`."""

    def items_of_file(path: Path) -> Iterator[SourceItem]:
        table = open_table(source, read_sheet(path, content_of(path), settings.encoding), settings, columns)
        yield from _repeated_headings(table)
        yield from items_of(table)

    known = json.dumps([settings.columns, settings.date_format, settings.encoding, knowledge], sort_keys=True)
    digest = hashlib.sha256(known.encode()).hexdigest()[:16]
    return read_files(source, paths, digest, cursor, items_of_file)


def open_table(source: str, sheet: Sheet, settings: SourceSettings, columns: tuple[Column, ...]) -> Table:
    """Identify the columns and settle the formats, or `SourceUnavailableError` with what to configure."""
    places = _places(sheet, settings, columns)
    cells = {
        column.name: [record.cells[places[column.name]] for record in sheet.records if not record.problem]
        for column in columns
        if column.name in places and column.holds != "text"
    }
    dates = {column.name: cells[column.name] for column in columns if column.holds == "date" and column.name in cells}
    try:
        formats = date_formats(dates, settings.date_format)
    except AmbiguousDatesError as error:
        name = str(error)
        raise SourceUnavailableError(
            f"{sheet.file}: every date in {name} ({sheet.header[places[name]]!r}) can be read day first or month first.",
            remedy=f'Set date_format = "%d/%m/%Y" or "%m/%d/%Y" (with the file\'s own mark) on the source {source!r}.',
        ) from error
    marks = {c.name: decimal_mark(cells[c.name]) for c in columns if c.holds == "amount" and c.name in cells}
    return Table(source, sheet, places, formats, marks)


def row_id(kind: str, *identifying: object) -> str:
    """A stable id for a row that brings none: the same fields always give the same id."""
    text = json.dumps([kind, *map(str, identifying)], ensure_ascii=False)
    return f"{kind}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def _plain(heading: str) -> str:
    return _PUNCTUATION.sub(" ", heading.casefold().replace("ё", "е")).strip()


def _places(sheet: Sheet, settings: SourceSettings, columns: tuple[Column, ...]) -> dict[str, int]:
    if strange := sorted(settings.columns.keys() - {column.name for column in columns}):
        raise SourceUnavailableError(
            f"The source {settings.name!r} maps a column {strange[0]!r} that its kind does not have.",
            remedy=f"It has {', '.join(column.name for column in columns)}.",
        )
    headings: dict[str, int] = {}
    for place, heading in enumerate(sheet.header):
        headings.setdefault(_plain(heading), place)
    places: dict[str, int] = {}
    for column in columns:
        own = settings.columns.get(column.name)
        names = (column.name, *column.synonyms) if own is None else (own,)
        found = [headings[_plain(name)] for name in names if _plain(name) in headings]
        if found:
            places[column.name] = found[0]
        elif column.required or own is not None:
            raise SourceUnavailableError(
                f"{sheet.file} has no column {own or column.name!r}; its header is: {', '.join(sheet.header)}.",
                remedy=f'Name the right one on the source {settings.name!r}: columns = {{ {column.name} = "…" }}.',
            )
    return places


def _repeated_headings(table: Table) -> Iterator[SourceError]:
    plain = [_plain(heading) for heading in table.sheet.header]
    for place in sorted(set(table.places.values())):
        if plain.count(plain[place]) > 1:
            heading = table.sheet.header[place]
            yield table.error(table.sheet.header_line, f"two columns are named {heading!r}; the first is read")
