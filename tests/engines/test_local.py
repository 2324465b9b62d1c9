from dataclasses import replace
from datetime import date
from pathlib import Path

import event_tables
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.errors import ConfigError, NotEnoughDataError, SourceUnavailableError
from churnwatch.engines import Done, Job, local

DATES = (date(2025, 6, 2), date(2025, 5, 5))


def job(events: Path | str, out: Path | str) -> Job:
    return Job(str(events), str(out), DATES, BusinessCalendar("Europe/Berlin", "DE"), features.NAMES)


def run(wanted: Job) -> Done:
    return local.run(wanted, lambda _stage, _at="": None)


@pytest.fixture(scope="module")
def one_bucket(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame, Done]:
    """The damaged cast, and its snapshots from a single bucket."""
    folder = tmp_path_factory.mktemp("one")
    events = event_tables.write(event_tables.damaged(event_tables.cast(copies=3)), folder / "events", files=3)
    done = run(job(events, folder / "out"))
    return events, event_tables.read(folder / "out"), done


def test_how_many_buckets_and_files_there_are_changes_no_number(
    one_bucket: tuple[Path, pd.DataFrame, Done], tmp_path: Path
) -> None:
    events, expected, done = one_bucket
    several = run(replace(job(events, tmp_path / "out"), buckets=7))
    assert (done.buckets, several.buckets) == (1, 7)
    pd.testing.assert_frame_equal(event_tables.read(tmp_path / "out"), expected, rtol=1e-9, atol=1e-9)
    assert (several.clients, several.events, several.rows, several.skipped) == (
        done.clients,
        done.events,
        done.rows,
        done.skipped,
    )


def test_what_is_written_is_a_row_per_client_and_date_and_is_marked_complete(
    one_bucket: tuple[Path, pd.DataFrame, Done], tmp_path: Path
) -> None:
    events, expected, done = one_bucket
    run(replace(job(events, tmp_path / "out"), names=("silence", "recency")))
    table = pq.read_table(tmp_path / "out")
    assert table.schema.names == ["client_id", "as_of", "silence", "recency"]
    assert table.schema.types == [pa.string(), pa.date32(), pa.float64(), pa.float64()]
    assert len(table) == len(expected) == done.rows
    assert (tmp_path / "out" / "_SUCCESS").is_file()


def test_a_heavy_client_has_a_bucket_of_its_own(tmp_path: Path) -> None:
    events = event_tables.write(event_tables.traffic(2000, 20, heavy_share=0.4), tmp_path / "events")
    run(replace(job(events, tmp_path / "out"), buckets=4, as_of=(date(2026, 1, 1),)))
    assert pq.read_table(tmp_path / "out" / "part-00000.parquet")["client_id"].to_pylist() == ["client-00000"]


def test_one_file_is_read_as_a_folder_is(one_bucket: tuple[Path, pd.DataFrame, Done], tmp_path: Path) -> None:
    events, expected, _ = one_bucket
    pq.write_table(pq.read_table(events), tmp_path / "all.parquet")
    run(job((tmp_path / "all.parquet").as_uri(), tmp_path / "out"))
    pd.testing.assert_frame_equal(event_tables.read(tmp_path / "out"), expected)


def test_files_of_one_folder_may_hold_their_columns_in_unlike_types(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    usual = {"kind": ["message"], "direction": ["in"]}
    old = {"event_id": [1], "client_id": [17], "at": [1_735_725_600]} | usual
    new = {"event_id": ["2"], "client_id": ["17"], "at": ["2025-02-01T10:00:00Z"], "words": [5]} | usual
    for name, rows in (("old", old), ("new", new)):
        pq.write_table(pa.table(rows), tmp_path / "events" / f"{name}.parquet")
    done = run(replace(job(tmp_path / "events", tmp_path / "out"), names=("in_total",)))
    assert (done.clients, done.events, dict(done.skipped)) == (1, 2, {})


def test_an_address_that_cannot_be_read_is_one_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="nowhere cannot be read as Parquet: FileNotFoundError"):
        run(job(tmp_path / "nowhere", tmp_path / "out"))
    (tmp_path / "letter.parquet").write_text("no table")
    with pytest.raises(SourceUnavailableError, match=r"letter\.parquet cannot be read as Parquet"):
        run(job(tmp_path / "letter.parquet", tmp_path / "out"))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.parquet"]


def test_a_table_without_one_usable_event_says_why(tmp_path: Path) -> None:
    event_tables.write(
        pa.table({name: ["?"] for name in ("event_id", "client_id", "kind", "direction", "at")}), tmp_path / "events"
    )
    with pytest.raises(NotEnoughDataError, match=r"events-0\.parquet row 1 kind is none of message"):
        run(job(tmp_path / "events", tmp_path / "out"))


def test_this_engine_writes_to_this_machine_alone(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot write to s3a://firm/out"):
        run(job(tmp_path, "s3a://firm/out"))
