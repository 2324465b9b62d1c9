"""Writing rows by key: insert what is new, change what differs, count both."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Insert, Table, or_
from sqlalchemy.dialects import postgresql, sqlite

_KEYS_PER_QUERY = 1000  # below every database's limit on bound parameters

Row = dict[str, Any]
_Key = TypeVar("_Key")


def insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT in the database's own dialect."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def put(connection: Connection, table: Table, rows: Sequence[Row], uncompared: Collection[str] = ()) -> int:
    """Insert the rows or, by primary key, overwrite what differs; the number of rows that were new or differed.

    A difference in an `uncompared` column alone does not count, and is not written.
    """
    if not rows:
        return 0
    statement = insert(connection, table)
    keys = [column.name for column in table.primary_key]
    others = [column for column in table.columns if column.name in rows[0] and column.name not in keys]
    compared = [column for column in others if column.name not in uncompared]
    differs = [column.is_distinct_from(statement.excluded[column.name]) for column in compared]
    statement = statement.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: statement.excluded[column.name] for column in others},
        where=or_(*differs),
    )
    return _run(connection, statement, rows)


def add(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Insert the rows whose key is not there yet; the number inserted."""
    if not rows:
        return 0
    return _run(connection, insert(connection, table).on_conflict_do_nothing(), rows)


def in_parts(keys: Sequence[_Key], size: int = _KEYS_PER_QUERY) -> Iterator[Sequence[_Key]]:
    """The keys in parts small enough for one query."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def _run(connection: Connection, statement: Insert, rows: Sequence[Row]) -> int:
    # Without the option an INSERT of several rows counts -1 in PostgreSQL.
    return connection.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount
