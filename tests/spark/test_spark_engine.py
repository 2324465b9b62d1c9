import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import event_tables
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.errors import ConfigError, SourceUnavailableError
from churnwatch.engines import Done, Job, local, spark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.spark,
    # What pyspark says on being loaded; the engine itself passes nothing through pandas.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

DATES = (date(2025, 6, 2), date(2025, 5, 5))


def silent(_stage: str, _at: float | str = "") -> None:
    return None


def job(events: Path | str, out: Path) -> Job:
    return Job(str(events), str(out), DATES, BusinessCalendar("Europe/Berlin", "DE"), features.NAMES, buckets=5)


def assert_same(one: Path, other: Path) -> None:
    """The same snapshots: numbers to 1e-9, and missing where the other's are missing."""
    first, second = event_tables.read(one), event_tables.read(other)
    pd.testing.assert_frame_equal(first, second, rtol=1e-9, atol=1e-9)
    assert np.isfinite(first.drop(columns=["client_id", "as_of"]).to_numpy()).mean() > 0.4


def test_executors_are_processes_of_their_own(cluster: "SparkSession") -> None:
    def processes(batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        for _ in batches:
            yield pa.record_batch(
                {"python": pa.array([os.getpid()]), "executor": pa.array([os.environ.get("SPARK_EXECUTOR_DIRS", "")])}
            )

    found = cluster.range(0, 8, numPartitions=8).mapInArrow(processes, "python long, executor string").collect()
    assert os.getpid() not in {row.python for row in found}
    assert len({row.executor for row in found}) == 2


def test_numbers_are_those_of_the_local_engine_with_texts_bad_rows_and_repetitions(
    cluster: "SparkSession", tmp_path: Path
) -> None:
    events = event_tables.write(event_tables.damaged(event_tables.cast()), tmp_path / "the events", files=3)
    here = local.run(job(events, tmp_path / "here"), silent)
    there = spark.run(job(events, tmp_path / "there"), silent, cluster)
    assert_same(tmp_path / "here", tmp_path / "there")
    assert there == here
    assert sum(skipped.rows for skipped in there.skipped.values()) > 40
    assert (tmp_path / "there" / "_SUCCESS").is_file()
    assert pq.read_schema(next((tmp_path / "there").glob("*.parquet"))).types == [
        pa.string(),
        pa.date32(),
        *[pa.float64()] * len(features.NAMES),
    ]


def test_one_heavy_client_has_a_task_of_its_own_and_changes_no_number(cluster: "SparkSession", tmp_path: Path) -> None:
    events = event_tables.write(event_tables.traffic(60_000, 60, heavy_share=0.3), tmp_path / "events")
    done: list[Done] = []
    for out, buckets in (("here", 1), ("there", 6)):
        wanted = replace(job(events, tmp_path / out), as_of=(date(2025, 12, 1),), buckets=buckets)
        done.append(local.run(wanted, silent) if out == "here" else spark.run(wanted, silent, cluster))
    assert_same(tmp_path / "here", tmp_path / "there")
    assert [one.buckets for one in done] == [1, 6]
    alone = [
        path
        for path in (tmp_path / "there").glob("*.parquet")
        if "client-00000" in pq.read_table(path)["client_id"].to_pylist()
    ]
    assert [pq.read_metadata(path).num_rows for path in alone] == [1]


def test_columns_may_come_later_and_unknown_ones_are_left_alone(cluster: "SparkSession", tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    old = event_tables.traffic(500, 5).drop_columns(["words", "cues"])
    new = event_tables.traffic(500, 5, seed=2).append_column("mood", pa.array(["blue"] * 500))
    new = new.set_column(0, "event_id", pa.array([f"new-{number}" for number in range(500)]))
    pq.write_table(old, tmp_path / "events" / "1-old.parquet")
    pq.write_table(new, tmp_path / "events" / "2-new.parquet")
    wanted = replace(job(tmp_path / "events", tmp_path / "here"), as_of=(date(2025, 12, 1),))
    here = local.run(wanted, silent)
    there = spark.run(
        replace(wanted, out=str(tmp_path / "there"), events=f"file://{tmp_path / 'events'}"), silent, cluster
    )
    assert_same(tmp_path / "here", tmp_path / "there")
    assert there == here


def test_an_address_that_cannot_be_read_is_one_clear_error_and_leaves_nothing(
    cluster: "SparkSession", tmp_path: Path
) -> None:
    for address, reason in (
        (str(tmp_path / "nowhere"), "PATH_NOT_FOUND"),
        ("s3a://firm/events", "S3AFileSystem not found"),
    ):
        with pytest.raises(SourceUnavailableError, match=f"{address} cannot be read as Parquet.*{reason}"):
            spark.run(job(address, tmp_path / "out"), silent, cluster)
    assert list(tmp_path.iterdir()) == []


def test_a_former_result_is_kept_unless_it_may_be_overwritten(cluster: "SparkSession", tmp_path: Path) -> None:
    events = event_tables.write(event_tables.traffic(300, 3), tmp_path / "events")
    wanted = replace(job(events, tmp_path / "out"), names=("recency",), buckets=1)
    spark.run(wanted, silent, cluster)
    with pytest.raises(ConfigError, match="is there already"):
        spark.run(wanted, silent, cluster)
    spark.run(replace(wanted, names=("silence",), overwrite=True), silent, cluster)
    assert event_tables.read(tmp_path / "out").columns.to_list() == ["client_id", "as_of", "silence"]
    assert {path.name for path in tmp_path.iterdir()} == {"events", "out"}


def test_the_command_starts_spark_and_leaves_no_process_behind(spark_home: Path, tmp_path: Path) -> None:
    event_tables.write(event_tables.traffic(300, 3), tmp_path / "events")
    arguments = [
        "--events",
        tmp_path / "events",
        "--as-of",
        "2025-12-01",
        "--out",
        tmp_path / "out",
        "--names",
        "recency",
        "--json",
    ]
    command = [
        sys.executable,
        "-m",
        "churnwatch",
        "snapshot",
        "--engine",
        "spark",
        "--master",
        "local[2]",
        *map(str, arguments),
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert json.loads(answer.stdout) == {
        "out": str(tmp_path / "out"),
        "rows": 3,
        "clients": 3,
        "events": 300,
        "buckets": 1,
        "skipped": [],
    }
    assert event_tables.read(tmp_path / "out")["client_id"].to_list() == [
        "client-00000",
        "client-00001",
        "client-00002",
    ]
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert [line for line in running.splitlines() if "local[2]" in line and str(spark_home) in line] == []
