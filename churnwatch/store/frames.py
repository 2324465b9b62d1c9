"""Events as one data frame: a million rows without an object per row."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Integer, Select, Text, select, type_coerce

from churnwatch.core.table import NO_TIME, UNKNOWN
from churnwatch.core.types import Kind
from churnwatch.store import schema
from churnwatch.store.upsert import in_parts

_ROWS_AT_ONCE = 10_000
_events = schema.events

_STRINGS = ("event_id", "client_id", "contact_id", "channel", "thread_id", "reply_to", "people")
_CODES = ("kind", "direction", "status")
_TIMES = ("at", "known_at", "starts_at", "paid_known_at")
_DAYS = ("due_on", "paid_on", "away_since", "away_until", "promise_due")
_NUMBERS = ("duration_s", "amount", "words", "irritation", "warmth", "cues", "attachments")
_FLAGS = ("automatic", "answered", "question", "expects_reply", "delivers")
_COLUMNS = (*_STRINGS, *_CODES, *_TIMES, *_DAYS, *_NUMBERS, *_FLAGS)
_OF_MESSAGES = (
    "reply_to", "automatic", "attachments", "away_since", "away_until",
    "words", "question", "expects_reply", "irritation", "warmth", "cues", "promise_due", "delivers",
)  # fmt: skip
_OF_OTHERS = ("starts_at", "status", "duration_s", "answered", "due_on", "paid_on", "paid_known_at", "amount")


def read_frame(
    connection: Connection,
    client_ids: Sequence[str] | None,
    known_before: datetime | None,
    changed_after: int | None = None,
) -> pd.DataFrame:
    """The events of these clients (None = all), known before the instant (None = ever), written after that write."""
    parts: dict[str, list[NDArray[Any]]] = {name: [_array(name, ())] for name in _COLUMNS}
    is_message = _events.c.kind == int(Kind.MESSAGE)
    # Apart, because what is fetched in vain costs as much as what is not: most rows are messages.
    for which, foreign in ((is_message, _OF_OTHERS), (~is_message, _OF_MESSAGES)):
        names = [name for name in _COLUMNS if name not in foreign]
        query = select(*(_raw(_events.c[name]) for name in names)).where(which)
        if known_before is not None:
            query = query.where(_events.c.known_at < known_before)
        if changed_after is not None:
            query = query.where(_events.c.changed > changed_after)
        for rows in _parts(connection, query, client_ids):
            columns = dict(zip(names, zip(*rows, strict=True), strict=True))
            nothing = (None,) * len(rows)
            for name, arrays in parts.items():
                arrays.append(_array(name, columns.get(name, nothing)))
    # Popping frees each column's parts as soon as they are joined.
    return pd.DataFrame({name: _column(name, np.concatenate(parts.pop(name))) for name in _COLUMNS})


def _parts(
    connection: Connection, query: Select[Any], client_ids: Sequence[str] | None
) -> Iterator[Sequence[Sequence[Any]]]:
    query = query.execution_options(yield_per=_ROWS_AT_ONCE)
    if client_ids is None:
        yield from connection.execute(query).partitions()
        return
    for ids in in_parts(sorted(set(client_ids))):
        yield from connection.execute(query.where(_events.c.client_id.in_(ids))).partitions()


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """The column as the driver gives it: a conversion per value would take longer than all the rest."""
    if column.name in _TIMES:
        return type_coerce(column, BigInteger)
    if column.name in _DAYS or column.name == "people":
        return type_coerce(column, Text)
    return type_coerce(column, Integer) if column.name in _FLAGS else column


def _array(name: str, values: Sequence[Any]) -> NDArray[Any]:
    if name in _STRINGS:
        return np.array(values, dtype=object)
    if name in _CODES:
        return np.array([UNKNOWN if value is None else value for value in values], dtype=np.int8)
    if name in _TIMES:
        return np.array([NO_TIME if value is None else value for value in values], dtype=np.int64)
    if name in _DAYS:
        days = np.full(len(values), np.datetime64("NaT", "D"))
        known = [index for index, value in enumerate(values) if value is not None]
        days[known] = [values[index] for index in known]
        return days
    return np.array(values, dtype=np.float64)


def _column(name: str, values: NDArray[Any]) -> pd.Series:
    if name in _STRINGS:
        return pd.Series(values, dtype="str")
    if name in _FLAGS:
        return pd.Series(values, dtype="boolean")
    if name in _TIMES:  # NO_TIME is what numpy itself means by "not a time"
        return pd.Series(values.view("datetime64[us]")).dt.tz_localize("UTC")
    if name in _DAYS:
        return pd.Series(values.astype("datetime64[us]")).dt.tz_localize("UTC")
    return pd.Series(values)
