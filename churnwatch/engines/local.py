"""The engine of one machine: bucket after bucket in this process, in the memory that the largest bucket needs.

The events are sorted into their buckets on disk first, in one Arrow file beside the destination.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import fs

from churnwatch.core.errors import ConfigError, SourceUnavailableError
from churnwatch.engines import Done, Job, Tell, kernel
from churnwatch.engines.buckets import Plan, bucket_size, plan
from churnwatch.engines.destination import COMPLETE, local_path, whole
from churnwatch.engines.findings import Findings, added

_ROWS_AT_ONCE = 131_072  # of the table of events; texts may weigh 1 kB a row


def run(job: Job, tell: Tell) -> Done:
    """Measure everything that the job asks for, and write it."""
    out = local_path(job.out)
    if out is None:
        raise ConfigError(
            f"The local engine cannot write to {job.out}.", remedy="Name a folder, or use --engine spark."
        )
    with whole(out, overwrite=job.overwrite) as draft, TemporaryDirectory(prefix=draft.name, dir=draft.parent) as spare:
        files = _files(job.events)
        planned = _planned(files, job.buckets, tell)
        shelf = Path(spare, "buckets.arrow")
        batches = _sorted_out(files, planned, job, shelf, tell)
        with pa.memory_map(str(shelf)) as source, pa.ipc.open_file(source) as events:
            done = _measured(job, events, batches, draft, tell)
        (draft / COMPLETE).touch()
    return Done(done.clients, done.events, done.rows, planned.buckets, done.skipped)


def _measured(
    job: Job, events: pa.RecordBatchFileReader, batches: Mapping[int, Sequence[int]], draft: Path, tell: Tell
) -> Findings:
    """The passes over the buckets, each held whole in turn."""

    def buckets(stage: str) -> Iterator[tuple[int, pa.Table]]:
        for nth, (bucket, numbers) in enumerate(sorted(batches.items())):
            tell(stage, nth / len(batches))
            yield bucket, pa.Table.from_batches([events.get_batch(number) for number in numbers])

    found = added((kernel.find(part, job.as_of, job.calendar) for _, part in buckets("count")), job.events)
    pool = pa.array([*found.pool], pa.string())
    sample = pa.concat_tables(part.filter(pc.is_in(part["client_id"], pool)) for _, part in buckets("survey"))
    firm = kernel.survey(sample, job.as_of, job.calendar, job.names, found)
    draft.mkdir()
    for bucket, part in buckets("measure"):
        with pq.ParquetWriter(
            draft / f"part-{bucket:05}.parquet", kernel.result(job.names), compression="zstd"
        ) as writer:
            for piece in kernel.measure(part, job.as_of, job.calendar, job.names, firm):
                writer.write_table(piece)
    return found


@dataclass(frozen=True, slots=True)
class _Files:
    filesystem: fs.FileSystem
    paths: tuple[str, ...]
    rows: int

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[tuple[str, int, pa.Table]]:
        """Pieces of the files with the file's name and how many of its rows came before."""
        for path in self.paths:
            with self.filesystem.open_input_file(path) as source, pq.ParquetFile(source) as file:
                before = 0
                chosen = columns or kernel.wanted(file.schema_arrow.names, path)
                for batch in file.iter_batches(_ROWS_AT_ONCE, columns=chosen):
                    yield Path(path).name, before, pa.Table.from_batches([batch])
                    before += len(batch)


def _files(address: str) -> _Files:
    """The Parquet files of an address, in the order of their names."""
    try:
        path = local_path(address)
        uri = address.replace("s3a://", "s3://", 1) if path is None else path.resolve().as_uri()
        filesystem, root = fs.FileSystem.from_uri(uri)
        found = [filesystem.get_file_info(root)]
        if found[0].type == fs.FileType.NotFound:
            raise FileNotFoundError(address)
        if found[0].type == fs.FileType.Directory:
            found = filesystem.get_file_info(fs.FileSelector(root, recursive=True))
        paths = sorted(info.path for info in found if info.type == fs.FileType.File and info.base_name[0] not in "._")
        rows = 0
        for one in paths:
            with filesystem.open_input_file(one) as source:
                metadata = pq.read_metadata(source)
                kernel.wanted(metadata.schema.to_arrow_schema().names, one)
                rows += metadata.num_rows
        return _Files(filesystem, tuple(paths), rows)
    except (OSError, pa.ArrowException) as error:
        raise SourceUnavailableError(
            f"{address} cannot be read as Parquet: {type(error).__name__}.",
            remedy="Check the address and the rights; a table in CSV or JSONL is read by `ingest`, not here.",
        ) from error


def _planned(files: _Files, buckets: int | None, tell: Tell) -> Plan:
    counts: Counter[str] = Counter()
    done = 0
    for _, _, piece in files.batches(["client_id"]):
        ids = piece["client_id"]
        ids = ids.cast(ids.type.value_type) if pa.types.is_dictionary(ids.type) else ids
        found = pc.value_counts(pc.utf8_trim_whitespace(ids.cast(pa.string()).drop_null()))
        counts.update(dict(zip(*(half.to_pylist() for half in found.flatten()), strict=True)))
        tell("plan", (done := done + len(piece)) / files.rows)
    size = bucket_size(files.rows, buckets)
    return plan(files.rows, {client: n for client, n in counts.items() if n > size}, size)


def _sorted_out(files: _Files, planned: Plan, job: Job, shelf: Path, tell: Tell) -> dict[int, list[int]]:
    """Write every event to the shelf, and say which of the shelf's batches hold which bucket."""
    numbers: dict[int, list[int]] = defaultdict(list)
    done = written = 0
    with pa.OSFile(str(shelf), "wb") as sink, pa.ipc.new_file(sink, kernel.PREPARED) as writer:
        for name, before, piece in files.batches():
            rows = piece.append_column(kernel.FILE, pa.array([name] * len(piece), pa.string()))
            rows = rows.append_column(kernel.ROW, pa.array(np.arange(len(piece)) + before + 1))
            events = kernel.prepare(rows, planned, job.calendar.zone, job.reader)
            for bucket, part in _by_bucket(events):
                for batch in part.combine_chunks().to_batches():
                    writer.write_batch(batch)
                    numbers[bucket].append(written)
                    written += 1
            tell("read", (done := done + len(piece)) / files.rows)
    return numbers


def _by_bucket(events: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    bucket = events["bucket"].to_numpy()
    order = np.argsort(bucket, kind="stable")
    events, bucket = events.take(order), bucket[order]
    starts = np.flatnonzero(np.diff(bucket, prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(bucket)], strict=True):
        yield int(bucket[start]), events.slice(start, stop - start)
