"""Columns of a foreign table as texts, UTC instants, numbers and yes/no: each with a mask of the cells that are not that."""

import math
from datetime import date
from decimal import Decimal
from numbers import Real
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from churnwatch.core.interchange import PEOPLE_SEPARATOR
from churnwatch.core.table import BoolArray

AnySeries: TypeAlias = "pd.Series[Any]"

FIRST_INSTANT: Final = pd.Timestamp("1971-01-01", tz="UTC")  # an epoch that lies before is a count of something else
LAST_INSTANT: Final = pd.Timestamp("2100-01-01", tz="UTC")  # milliseconds taken for seconds end far beyond

_MISSING: Final = ("", "nan", "NaN", "NaT", "None", "null", "<NA>")
_ISO: Final = r"\d{4}-\d\d-\d\d|\d{8}T"
_US: Final = 1_000_000
_YES: Final = ("1", "1.0", "true", "yes", "y", "t", "да")
_NO: Final = ("0", "0.0", "false", "no", "n", "f", "нет")
_UNREADABLE: Final = "\ufffd"


class Parsed(NamedTuple):
    """A column's values, missing ones as NA, and where a value was given that is none."""

    values: AnySeries
    bad: BoolArray


def texts(column: AnySeries) -> Parsed:
    """Text as it stands, without NULs, which no database keeps; whole numbers lose their `.0`."""
    if isinstance(column.dtype, pd.StringDtype):
        values = column.astype("str")
        bad = np.zeros(len(column), dtype=bool)
    else:
        cells = [_text(cell) for cell in column.astype(object)]
        values = pd.Series(cells, index=column.index, dtype="str")
        bad = np.array([cell == _UNREADABLE for cell in cells], dtype=bool)
    return Parsed(values.str.replace("\x00", "", regex=False), bad)


def words(column: AnySeries) -> Parsed:
    """Identifiers and key words: text without the white space around it; empty is missing."""
    values, bad = texts(column)
    values = values.str.strip()
    return Parsed(values.mask(values == ""), bad)


def id_lists(column: AnySeries) -> Parsed:
    """Ids with `;` between them, each once, in their order; none is missing."""
    values, bad = words(column)
    # A table has few different lists, so that each is looked at once.
    codes, found = pd.factorize(values)
    parted = [[piece.strip() for piece in ids.split(PEOPLE_SEPARATOR)] for ids in found]
    tidy = [PEOPLE_SEPARATOR.join(dict.fromkeys(filter(None, pieces))) or None for pieces in parted]
    return Parsed(pd.Series(np.array([*tidy, None], dtype=object)[codes], index=column.index, dtype="str"), bad)


def instants(column: AnySeries) -> Parsed:
    """UTC instants, from datetimes, dates, ISO texts (without a zone: UTC) or seconds since 1970."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        found = column.dt.tz_convert("UTC")
        given = column.notna()
    elif pd.api.types.is_datetime64_dtype(column.dtype):
        found = column.dt.tz_localize("UTC")
        given = column.notna()
    elif pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        found = _from_epoch(column)
        given = column.notna()
    else:
        cells = words(column).values
        cells = cells.mask(cells.isin(_MISSING))
        given = cells.notna()
        found = _from_epoch(pd.to_numeric(cells, errors="coerce"))
        # Only what starts like a date is tried: pandas takes "now" and "today" for instants.
        dated = cells.where(cells.str.match(_ISO).fillna(False).astype(bool))
        found = found.fillna(pd.to_datetime(dated, utc=True, format="ISO8601", errors="coerce").dt.as_unit("us"))
    found = found.dt.as_unit("us")
    found = found.where((found >= FIRST_INSTANT) & (found < LAST_INSTANT))
    return Parsed(found, _mask(given & found.isna()))


def days(column: AnySeries) -> Parsed:
    """Calendar days as their UTC midnights."""
    values, bad = instants(column)
    return Parsed(values.dt.floor("D"), bad)


def numbers(column: AnySeries) -> Parsed:
    """Finite numbers."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        given = column.notna()
        found = pd.Series(column.to_numpy(dtype=np.float64, na_value=np.nan), index=column.index)
    else:
        cells = words(column).values
        cells = cells.mask(cells.isin(_MISSING))
        given = cells.notna()
        found = pd.to_numeric(cells, errors="coerce").astype("float64")
    found = found.where(np.isfinite(found))
    return Parsed(found, _mask(given & found.isna()))


def flags(column: AnySeries) -> Parsed:
    """Yes or no, as a nullable boolean."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return Parsed(column.astype("boolean"), np.zeros(len(column), dtype=bool))
    cells = words(column).values.str.lower()
    cells = cells.mask(cells.isin([word.lower() for word in _MISSING]))
    answers = {**dict.fromkeys(_YES, 1.0), **dict.fromkeys(_NO, 0.0)}
    found = cells.map(answers).astype("Float64").astype("boolean")
    return Parsed(found, _mask(cells.notna() & found.isna()))


def _from_epoch(seconds: AnySeries) -> AnySeries:
    values = seconds.to_numpy(dtype=np.float64, na_value=np.nan)
    inside = (values >= FIRST_INSTANT.timestamp()) & (values < LAST_INSTANT.timestamp())
    micros = np.round(np.where(inside, values, 0) * _US).astype(np.int64).astype("datetime64[us]")
    micros[~inside] = np.datetime64("NaT")
    return pd.Series(micros, index=seconds.index).dt.tz_localize("UTC")


def _text(cell: object) -> str | None:
    """A cell of a column of mixed types as text; U+FFFD alone where it is none."""
    match cell:
        case None:
            return None
        case str():
            # A lone surrogate from a JSON escape cannot be stored anywhere.
            return cell if cell.isascii() else cell.encode("utf-8", "replace").decode("utf-8")
        case bytes():
            return cell.decode("utf-8", "replace")
        case date() if not pd.isna(cell):  # and every datetime; pandas' missing time is one, too
            return cell.isoformat()
        case Real() | Decimal() | np.generic():
            return _number_text(cell)
        case _:
            return None if cell is pd.NA or cell is pd.NaT else _UNREADABLE


def _number_text(cell: object) -> str | None:
    plain = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(plain, float | Decimal):
        if math.isnan(plain):
            return None
        return str(int(plain)) if math.isfinite(plain) and plain == int(plain) else str(plain)
    return str(plain)


def _mask(condition: AnySeries) -> BoolArray:
    return condition.fillna(False).to_numpy(dtype=bool)
