"""How our types lie in a column: instants as UTC microseconds, numbers as doubles, words as clean text, structures as compact JSON."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Dialect, Float, Text
from sqlalchemy.types import TypeDecorator

from churnwatch.core.interchange import PEOPLE_SEPARATOR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as int64 microseconds since 1970 UTC: exact, sorts, and is the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base's signature
        """Micros from a datetime."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base's signature
        """A datetime from micros."""
        return None if value is None else instant(value)


class Number(TypeDecorator[float]):
    """A double. SQLite's driver would keep a numpy number that is no `float` as a blob."""

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | None:  # noqa: ARG002 - the base's signature
        """A plain float."""
        return None if value is None else float(value)


class Words(TypeDecorator[str]):
    """Text of any length. NUL characters and lone surrogates, which mail may carry and PostgreSQL refuses, are replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base's signature
        """Text that every database can hold."""
        return None if value is None else clean(str(value))  # str: the drivers bind an enumeration each in its own way


class Joined(TypeDecorator[tuple[str, ...]]):
    """Ids in one text, parted as in the interchange format; no ids are null."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base's signature
        """One text from the ids."""
        return clean(PEOPLE_SEPARATOR.join(value)) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002 - the base's signature
        """The ids from one text."""
        return tuple(value.split(PEOPLE_SEPARATOR)) if value else ()


class Compact(TypeDecorator[Any]):
    """A structure as compact JSON text, comparable byte for byte (PostgreSQL cannot compare its own json type).

    NaN, which JSON has not, becomes null.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base's signature
        """JSON from a structure."""
        if value is None:
            return None
        return clean(json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - the base's signature
        """A structure from JSON."""
        return None if value is None else json.loads(value)


def micros(moment: datetime) -> int:
    """UTC microseconds since 1970; a naive datetime is an error."""
    return (moment - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """The datetime that `micros` came from, in UTC."""
    return _EPOCH + timedelta(microseconds=value)


def clean(text: str) -> str:
    """The text without NUL and with lone surrogates replaced by `?`."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value
