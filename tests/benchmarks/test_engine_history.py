"""The invented history keeps the interchange format's promises and is the same for the same seed."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.engine import invention
from benchmarks.engine.generate import generate

MESSAGES = 20_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("history") / "events.parquet"
    generate(path, MESSAGES)
    return path


def test_it_has_as_many_messages_clients_and_meetings_as_asked_for(path: Path) -> None:
    events = pq.read_table(path).to_pandas()
    assert (events["kind"] == "message").sum() == MESSAGES
    assert (events["status"] == "invited").sum() == MESSAGES * 3 // 100
    assert events["client_id"].nunique() == MESSAGES // invention.MESSAGES_A_CLIENT
    assert events["event_id"].is_unique


def test_it_is_sorted_by_client_then_time_and_ends_before_its_last_date(path: Path) -> None:
    events = pq.read_table(path)
    client, at = events["client_id"].cast("string").to_pylist(), events["at"].to_pylist()
    assert list(zip(client, at, strict=True)) == sorted(zip(client, at, strict=True))
    assert pc.max(events["at"]).as_py().replace(tzinfo=None) < invention.END.item()
    order = pq.ParquetFile(path).metadata.row_group(0).sorting_columns
    assert [events.column_names[column.column_index] for column in order] == ["client_id", "at"]


def test_a_thread_is_one_clients_and_no_two_of_its_messages_are_at_once(path: Path) -> None:
    events = pq.read_table(path).to_pandas()
    threads = events.groupby("thread_id", observed=True)
    assert (threads["client_id"].nunique() == 1).all()
    assert not events.duplicated(["thread_id", "at"]).any()


def test_a_revision_of_a_meeting_is_made_before_the_meeting_starts(path: Path) -> None:
    meetings = pq.read_table(path).to_pandas().query("kind == 'meeting'")
    assert (meetings["at"] < meetings["starts_at"]).all()
    assert set(meetings["status"]) == {"invited", "accepted", "declined", "moved", "cancelled"}


def test_the_same_seed_gives_the_same_history_and_another_seed_another(path: Path, tmp_path: Path) -> None:
    same, other = tmp_path / "same.parquet", tmp_path / "other.parquet"
    generate(same, MESSAGES)
    generate(other, MESSAGES, seed=2)
    assert pq.read_table(same).equals(pq.read_table(path))
    assert not pq.read_table(other).equals(pq.read_table(path))
