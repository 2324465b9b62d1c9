"""The engine of many machines: every bucket is one Spark task, wherever Spark has room for it.

The table is read once (texts included), shuffled once by bucket and kept on the executors' disks for both passes. A task holds
its own bucket alone, so that a client with a large part of all events delays its own task and no other. Only Arrow passes
between Spark and Python; executors need this same version of churnwatch and its dependencies, see docs/scale.md.
"""

import os
import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, tzinfo
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pyarrow as pa

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.errors import ChurnwatchError, ConfigError, SourceUnavailableError
from churnwatch.engines import Done, Job, Tell, kernel
from churnwatch.engines.buckets import Plan, bucket_size, plan
from churnwatch.engines.destination import local_path, whole
from churnwatch.engines.findings import Findings, added, survey_from_json, survey_to_json
from churnwatch.model.tone import Reader

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TYPES = {
    pa.string(): "string", pa.bool_(): "boolean", pa.int32(): "int", pa.int64(): "long", pa.float64(): "double",
    pa.date32(): "date", pa.timestamp("us", tz="UTC"): "timestamp",
}  # fmt: skip
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",  # a text may weigh 1 kB
    "spark.sql.parquet.mergeSchema": "true",  # a column may have come later
}
_SECONDS_BETWEEN_LOOKS = 1.0
_JAVA_REMEDY = "Install Java 17 and put it on PATH or into JAVA_HOME."


@contextmanager
def session(master: str | None = None) -> "Iterator[SparkSession]":
    """A Spark session of our own; without `master`, where spark-submit or spark-defaults.conf says, or on all local cores."""
    try:
        from pyspark import SparkConf
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ConfigError(
            "The engine spark needs PySpark.", remedy="Install it with: pip install 'pyspark>=4.1'"
        ) from error
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home, "bin")) if home else None) is None:
        raise ConfigError("The engine spark needs Java, and there is none.", remedy=_JAVA_REMEDY)
    # Executors must not take another Python that happens to be first on their PATH.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = SparkConf().setAppName("churnwatch snapshot")
    settings.set("spark.ui.showConsoleProgress", "false")  # `run` tells how far it is
    if master:
        settings.setMaster(master)
    with warnings.catch_warnings():
        # Said of pandas on Spark; here only Arrow crosses the border.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        try:
            spark = SparkSession.builder.config(conf=settings).getOrCreate()
        except Exception as error:
            raise ChurnwatchError(f"Spark did not start: {_first_line(error)}", remedy=_JAVA_REMEDY) from error
        try:
            spark.sparkContext.setLogLevel("ERROR")
            yield spark
        finally:
            spark.stop()


def run(job: Job, tell: Tell, spark: "SparkSession") -> Done:
    """Measure everything that the job asks for, and write it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    for name, value in _SETTINGS.items():
        spark.conf.set(name, value)
    try:
        out = local_path(job.out)
        if out is None:
            return _done(job, job.out, tell, spark)
        with whole(out, overwrite=job.overwrite) as draft:
            return _done(job, _address(str(draft)), tell, spark)
    except (PySparkException, Py4JError) as error:
        raise ChurnwatchError(
            f"Spark gave up: {_first_line(error)}", remedy="The whole story is in the logs of its executors."
        ) from error


def _done(job: Job, address: str, tell: Tell, spark: "SparkSession") -> Done:
    from pyspark import StorageLevel
    from pyspark.sql import functions as f

    table = _events(job.events, spark)
    with _told(spark, tell, "plan"):
        planned = _planned(table, job.buckets)
    prepared = table.mapInArrow(partial(_prepare, planned, job.calendar.zone, job.reader), _ddl(kernel.PREPARED))
    buckets = prepared.repartitionById(planned.buckets, "bucket").persist(StorageLevel.DISK_ONLY)
    try:
        with _told(spark, tell, "read"):
            rows = buckets.mapInArrow(partial(_find, job.as_of, job.calendar), "found binary").collect()
        found = added((Findings.from_json(row.found) for row in rows), job.events)
        with _told(spark, tell, "survey"):
            # A task of its own and not the driver's: a heavy client may be among them.
            sample = buckets.where(f.col("client_id").isin(*found.pool)).repartition(1)
            survey = partial(_survey, job.as_of, job.calendar, job.names, found)
            (row,) = sample.mapInArrow(survey, "firm binary").collect()
        measure = partial(_measure, job.as_of, job.calendar, job.names, bytes(row.firm))
        snapshots = buckets.mapInArrow(measure, _ddl(kernel.result(job.names)))
        with _told(spark, tell, "measure"):
            snapshots.write.parquet(address, mode="overwrite" if job.overwrite else "error", compression="zstd")
    finally:
        buckets.unpersist()
    return Done(found.clients, found.events, found.rows, planned.buckets, found.skipped)


@contextmanager
def _told(spark: "SparkSession", tell: Tell, stage: str) -> Iterator[None]:
    """Tell, while Spark works, what share of the tasks of its present stage is done."""
    tracker, finished = spark.sparkContext.statusTracker(), Event()

    def watch() -> None:
        while not finished.wait(_SECONDS_BETWEEN_LOOKS):
            for running in map(tracker.getStageInfo, tracker.getActiveStageIds()):
                if running is not None and running.numTasks:
                    tell(stage, running.numCompletedTasks / running.numTasks)

    tell(stage)
    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        finished.set()
        watcher.join()


def _events(address: str, spark: "SparkSession") -> "DataFrame":
    """The columns that the format has, and where each row stands."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as f

    try:
        table = spark.read.parquet(_address(address))
    except (PySparkException, Py4JError) as error:
        raise SourceUnavailableError(
            f"{address} cannot be read as Parquet: {_first_line(error)}",
            remedy="Check the address and the rights, and that times are written in microseconds. An object store needs its "
            "connector, see docs/scale.md.",
        ) from error
    columns = kernel.wanted(table.columns, address)
    place = f.col("_metadata.file_name").alias(kernel.FILE), (f.col("_metadata.row_index") + 1).alias(kernel.ROW)
    return table.select(*columns, *place)


def _address(address: str) -> str:
    """With its scheme: a plain path is a folder of this machine or one that all share, whatever file system Spark prefers."""
    path = local_path(address)
    return address if path is None else f"file://{path.absolute()}"  # Hadoop takes percent signs as they stand


def _planned(table: "DataFrame", buckets: int | None) -> Plan:
    from pyspark.sql import functions as f

    events = table.count()
    size = bucket_size(events, buckets)
    client = f.trim(f.col("client_id").cast("string")).alias("client")
    large = table.groupBy(client).count().where(f.col("client").isNotNull() & (f.col("count") > size)).collect()
    return plan(events, {row["client"]: row["count"] for row in large}, size)


def _prepare(
    planned: Plan, zone: tzinfo, reader: Reader, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        rows = pa.Table.from_batches([batch])
        # Spark tells a file's name as part of an address.
        names = rows[kernel.FILE].combine_chunks().dictionary_encode()
        plain = pa.array([unquote(name) for name in names.dictionary.to_pylist()], pa.string()).take(names.indices)
        rows = rows.set_column(rows.schema.get_field_index(kernel.FILE), kernel.FILE, plain)
        yield from kernel.prepare(rows, planned, zone, reader).to_batches()


def _find(
    as_of: Sequence[date], calendar: BusinessCalendar, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    if events := _bucket(batches):
        found = kernel.find(events, as_of, calendar)
        yield pa.record_batch({"found": pa.array([found.to_json()], pa.binary())})


def _survey(
    as_of: Sequence[date],
    calendar: BusinessCalendar,
    names: Sequence[str],
    found: Findings,
    batches: Iterable[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    if events := _bucket(batches):
        firm = kernel.survey(events, as_of, calendar, names, found)
        yield pa.record_batch({"firm": pa.array([survey_to_json(firm)], pa.binary())})


def _measure(
    as_of: Sequence[date],
    calendar: BusinessCalendar,
    names: Sequence[str],
    firm: bytes,
    batches: Iterable[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    if events := _bucket(batches):
        for piece in kernel.measure(events, as_of, calendar, names, survey_from_json(firm)):
            yield from piece.to_batches()


def _bucket(batches: Iterable[pa.RecordBatch]) -> pa.Table | None:
    """A task's whole bucket; None where it is empty."""
    held = [batch for batch in batches if len(batch)]
    return pa.Table.from_batches(held).cast(kernel.PREPARED) if held else None


def _ddl(schema: pa.Schema) -> str:
    return ", ".join(f"`{field.name}` {_TYPES[field.type]}" for field in schema)


def _first_line(error: BaseException) -> str:
    """What a Spark error says, without the trace of the machine it happened on."""
    java = getattr(error, "java_exception", None)
    return str(java.getMessage() if java is not None else error).strip().partition("\n")[0]
