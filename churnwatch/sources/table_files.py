"""Tables in Parquet, CSV or JSON lines as raw columns, whatever their types; broken records are reported and left out."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.json as arrow_json
import pyarrow.parquet as pq

from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.csv_dialect import decode, detect_delimiter, read_sheet
from churnwatch.sources.whole_files import content_of

TABLE_SUFFIXES = (".parquet", ".pq", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
_SAMPLE_CHARACTERS = 20_000


@dataclass(slots=True)
class RawTable:
    """Columns by our names, where each row stands in its file, and what could not even be split into columns."""

    frame: pd.DataFrame
    file: str
    unit: str  # "row" or "line"
    numbers: "np.ndarray[Any, np.dtype[np.int64]]"
    problems: list[tuple[int, str]] = field(default_factory=list)  # number, problem
    unknown: tuple[str, ...] = ()  # columns that the format does not have

    def place(self, row: int) -> str:
        """Where a row of the frame stands in the file."""
        return f"{self.file} {self.unit} {self.numbers[row]}".strip()


def read_table(
    path: Path, known: Sequence[str], *, columns: Mapping[str, str] | None = None, encoding: str | None = None
) -> RawTable:
    """The file's `known` columns. `columns` maps our name of a column to the file's own."""
    own = {theirs: ours for ours, theirs in (columns or {}).items()}
    match path.suffix.lower():
        case ".parquet" | ".pq":
            return _read_parquet(path, known, own)
        case ".csv" | ".tsv" | ".txt":
            return _read_csv(path, known, own, encoding)
        case ".jsonl" | ".ndjson":
            return _read_jsonl(path, known, own)
        case _:
            raise SourceUnavailableError(
                f"{path.name} is neither Parquet nor CSV nor JSON lines by its ending.",
                remedy=f"Name it *{', *'.join(TABLE_SUFFIXES)}.",
            )


def table_of_mappings(
    rows: Iterable[object], known: Sequence[str], file: str, unit: str, own: Mapping[str, str] | None = None
) -> RawTable:
    """Rows that are mappings already; one that is none is a problem."""
    good: list[Mapping[str, object]] = []
    numbers: list[int] = []
    problems: list[tuple[int, str]] = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Mapping):
            good.append(row)
            numbers.append(number)
        elif row is not None:
            problems.append((number, row if isinstance(row, _Problem) else "is not an object with named values"))
    return _of_mappings(good, numbers, problems, known, file, unit, own or {})


class _Problem(str):
    """What is wrong with a line, in the place of its row."""

    __slots__ = ()


def _of_mappings(
    rows: list[Mapping[str, object]],
    numbers: list[int],
    problems: list[tuple[int, str]],
    known: Sequence[str],
    file: str,
    unit: str,
    own: Mapping[str, str],
) -> RawTable:
    theirs = dict.fromkeys(str(name) for row in rows for name in row)
    named = {own.get(name, name): name for name in theirs}
    present = [name for name in known if name in named]
    frame = pd.DataFrame(
        {name: pd.Series([row.get(named[name]) for row in rows], dtype=object) for name in present},
        index=pd.RangeIndex(len(rows)),
    )
    unknown = tuple(name for name in named if name not in known)
    return RawTable(frame, file, unit, np.array(numbers, dtype=np.int64), problems, unknown)


def _read_parquet(path: Path, known: Sequence[str], own: Mapping[str, str]) -> RawTable:
    try:
        names = pq.read_schema(path).names
        wanted = [name for name in names if own.get(name, name) in known]
        table = pq.read_table(path, columns=wanted)
    except (OSError, pa.ArrowException) as error:
        raise SourceUnavailableError(
            f"{path} cannot be read as Parquet: {type(error).__name__}.", remedy="Check the path, or write it again."
        ) from error
    return _of_arrow(table, path.name, [own.get(name, name) for name in names], known, own)


def _of_arrow(
    table: pa.Table, file: str, names: Sequence[str], known: Sequence[str], own: Mapping[str, str], unit: str = "row"
) -> RawTable:
    columns: dict[str, Any] = {}
    for theirs in table.column_names:
        column = table.column(theirs)
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        # Whole numbers with gaps would turn into floats and lose the digits of long ids.
        if pa.types.is_integer(column.type) and column.null_count:
            column = column.cast(pa.string())
        elif pa.types.is_decimal(column.type):
            column = column.cast(pa.float64())
        columns[own.get(theirs, theirs)] = column.to_pandas(date_as_object=False)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))
    unknown = tuple(name for name in names if name not in known)
    return RawTable(frame, file, unit, np.arange(1, table.num_rows + 1), [], unknown)


def _read_csv(path: Path, known: Sequence[str], own: Mapping[str, str], encoding: str | None) -> RawTable:
    content = content_of(path)
    text = decode(content, encoding, path)
    # Arrow reads a clean file at once; a quote left open would swallow rows there, and the careful reader finds it.
    if text.count('"') % 2 == 0 and not text.lower().startswith("sep="):
        delimiter = detect_delimiter(text[:_SAMPLE_CHARACTERS].rpartition("\n")[0] or text[:_SAMPLE_CHARACTERS])
        try:
            table = _arrow_csv(text, delimiter)
        except (pa.ArrowException, UnicodeEncodeError):
            pass
        else:
            names = [name.strip() for name in table.column_names]
            table = table.rename_columns(names)
            if len(set(names)) == len(names):
                wanted = table.select([name for name in names if own.get(name, name) in known])
                return _of_arrow(wanted, path.name, [own.get(name, name) for name in names], known, own)
    sheet = read_sheet(path, content, encoding)
    good = [record for record in sheet.records if not record.problem]
    frame = pd.DataFrame(
        {
            own.get(name, name): pd.Series([record.cells[place] or None for record in good], dtype="str")
            for place, name in reversed(list(enumerate(sheet.header)))
            if own.get(name, name) in known
        },
        index=pd.RangeIndex(len(good)),
    )
    unknown = tuple(name for name in sheet.header if own.get(name, name) not in known)
    problems = [(record.line, record.problem) for record in sheet.records if record.problem]
    lines = np.array([record.line for record in good], dtype=np.int64)
    return RawTable(frame, path.name, "line", lines, problems, unknown)


def _arrow_csv(text: str, delimiter: str) -> pa.Table:
    names = next(iter(text.splitlines()), "").split(delimiter)
    return arrow_csv.read_csv(
        pa.BufferReader(text.encode("utf-8")),
        read_options=arrow_csv.ReadOptions(block_size=1 << 24),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values='"' in text),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name.strip('"'): pa.string() for name in names},
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _read_jsonl(path: Path, known: Sequence[str], own: Mapping[str, str]) -> RawTable:
    content = content_of(path)
    theirs = {ours: name for name, ours in own.items()}
    schema = pa.schema([(theirs.get(name, name), pa.string()) for name in known if name in _JSON_TEXTS])
    try:
        content.decode("utf-8")  # Arrow would keep broken bytes
        table = arrow_json.read_json(
            pa.BufferReader(content.removeprefix(b"\xef\xbb\xbf")),
            read_options=arrow_json.ReadOptions(block_size=1 << 24),
            parse_options=arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer"),
        )
    except (pa.ArrowException, UnicodeDecodeError):
        # Something is broken or of changing type: line by line finds where.
        return table_of_mappings(_json_lines(content), known, path.name, "line", own)
    if content[:1].isspace() or b"\n\n" in content or b"\n\r\n" in content:  # empty lines would shift the line numbers
        return table_of_mappings(_json_lines(content), known, path.name, "line", own)
    present = [
        name for name in table.column_names if table.column(name).null_count < table.num_rows or not table.num_rows
    ]
    wanted = table.select([name for name in present if own.get(name, name) in known])
    return _of_arrow(wanted, path.name, [own.get(name, name) for name in present], known, own, "line")


# Left to itself Arrow takes a text that looks like a date for a time, also in an id.
_JSON_TEXTS = frozenset(
    ("event_id", "client_id", "contact_id", "kind", "direction", "channel", "thread_id", "reply_to", "subject", "text", "status",
     "people", "split")
)  # fmt: skip


def _json_lines(content: bytes) -> Iterable[object]:
    for line in io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")):
        if not line.strip():
            yield None
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            yield _Problem("is not JSON")
