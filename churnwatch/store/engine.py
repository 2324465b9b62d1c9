"""How to reach the database: one writer at a time, readers beside it, nothing private in an error."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import OperationalError
from time import sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from churnwatch.core.errors import StoreError

_BUSY_S = 30  # how long a writer waits for another one
_POSTGRESQL_LOCK = 0x636875726E  # the bytes of "churn"; any number will do that other programs do not use
_CACHE_KIB = 16 * 1024  # for SQLite, per connection
_OWNER_ONLY = 0o600  # correspondence is private
_OTHERS = 0o077
_READING = "churnwatch_reading"


class Database:
    """An engine with two doors: `read` sees one consistent moment, `write` is one transaction and excludes other writers.

    SQLite: WAL, and BEGIN IMMEDIATE for writers, because a deferred transaction that reads before it writes can fail or lose
    the update. PostgreSQL: the same order by an advisory lock, so both databases behave alike.
    """

    def __init__(self, url: str) -> None:
        self._url = _parsed(url)
        self._engine = _engine(self._url)

    @property
    def url_masked(self) -> str:
        """The URL without its password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading."""
        with self._plain_errors(), self._engine.connect().execution_options(**{_READING: True}) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection for writing: commits at the end, leaves nothing behind on any exception."""
        with self._plain_errors(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self._engine.dispose()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise StoreError(
                f"The database {self.url_masked} is busy: no connection came free.", remedy="Try again in a minute."
            ) from error
        except DBAPIError as error:
            # PostgreSQL repeats whole rows in the lines after the first; they must not reach a log.
            problem = (str(error.orig).splitlines() or [""])[0]
            raise StoreError(
                f"The database {self.url_masked} failed: {type(error.orig).__name__}: {problem}.",
                remedy="If it is locked or out of reach, see what else uses it and run again: nothing half-done was kept.",
            ) from None


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(
            "The store's URL cannot be read.", remedy="Write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."
        ) from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(
            f"The store cannot be a {backend} database.", remedy="Use sqlite:/// or postgresql+psycopg://."
        )
    if parsed.database in {None, "", ":memory:"}:
        raise StoreError("The store needs a file: each connection would see a database of its own.", remedy="Name one.")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        # hide_parameters: an error must not print the text of a message.
        if url.get_backend_name() == "postgresql":
            engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
            event.listen(engine, "begin", _begin_postgresql)
            return engine
        _create_file(Path(url.database or ""))
        # A waiting writer holds a connection; readers must not run out of them.
        engine = create_engine(url, hide_parameters=True, max_overflow=-1, connect_args={"timeout": _BUSY_S})
    except ModuleNotFoundError as error:
        raise StoreError(
            f"The driver {error.name} is not installed.", remedy="Install churnwatch[postgresql]."
        ) from error
    event.listen(engine, "connect", _connect_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))
        with suppress(PermissionError):
            if path.stat().st_mode & _OTHERS:
                path.chmod(_OWNER_ONLY)  # restored from a backup, say; its -wal and -shm take the same mode
    except OSError as error:
        raise StoreError(f"The database {path} cannot be opened: {error.strerror}.") from error


def _connect_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own: `_begin_sqlite` does
    _use_wal(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _use_wal(connection: Any) -> None:
    """Of two who open a new database at once, one may be refused the change of mode at once, however long it would wait."""
    for _ in range(int(_BUSY_S * 10)):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                connection.execute("PRAGMA journal_mode = WAL")
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            sleep(0.1)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(_READING, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_BUSY_S}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")
