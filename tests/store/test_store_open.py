import multiprocessing
import os
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from relations import EVENTS, PARTIES, READINGS
from sqlalchemy import create_engine, text

from churnwatch.core.errors import StoreError
from churnwatch.store import Batch, Store
from churnwatch.store.schema import metadata


def _open_and_count(url: str) -> int:
    with Store.open(url) as store:
        return store.events.count()


def test_migrations_lead_to_the_schema_that_the_tables_describe(url: str) -> None:
    Store.open(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_column_the_migrations_forgot_would_be_noticed(url: str) -> None:
    Store.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE managers ADD COLUMN extra TEXT"))
        assert len(compare_metadata(MigrationContext.configure(connection), metadata)) == 1
    engine.dispose()


def test_what_was_stored_is_there_after_opening_again(url: str) -> None:
    with Store.open(url) as store:
        store.ingest.commit(Batch("mail", "9", PARTIES, EVENTS, READINGS))
    with Store.open(url) as store:
        assert store.events.count() == len(EVENTS)
        assert store.ingest.cursor("mail") == "9"


def test_a_newer_schema_is_refused_and_left_alone(url: str) -> None:
    Store.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"schema 9999.*newer churnwatch"):
        Store.open(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()


def test_processes_that_open_a_fresh_database_at_once_agree(url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(_open_and_count, [url] * 6) == [0] * 6


def test_the_file_and_what_lies_beside_it_are_for_its_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with Store.open(f"sqlite:///{tmp_path}/deep/er/churnwatch.db") as store:
            store.people.put(PARTIES)
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "deep" / "er").iterdir()}
    finally:
        os.umask(old)
    assert modes == dict.fromkeys(("churnwatch.db", "churnwatch.db-wal", "churnwatch.db-shm"), 0o600)


def test_a_password_does_not_show() -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://someone:hunter2@localhost:1/nowhere?connect_timeout=2")
    assert "hunter2" not in str(caught.value)
    assert "someone:***@localhost" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("churnwatch.db", "cannot be read"),
        ("mysql://localhost/churn", "cannot be a mysql"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_a_url_that_cannot_work_is_refused(url: str, problem: str) -> None:
    with pytest.raises(StoreError, match=problem):
        Store.open(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleagues, " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/churnwatch\.db cannot be opened"):
        Store.open(f"sqlite:///{tmp_path}/file/churnwatch.db")


def test_a_store_of_another_hand_is_not_half_migrated(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE runs (x)")  # collides with our last table
    other.close()
    with pytest.raises(StoreError):
        Store.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as other:
        tables = {name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    other.close()
    assert tables == {"runs"}
