"""The floor under every engine: the time just to read the needed columns and touch each value once."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.engine.subset import Instants

_READ = ["client_id", "kind", "direction", "at", "thread_id", "words", "cues", "starts_at", "status"]


def panel(path: Path, dates: Instants) -> None:  # noqa: ARG001 - the shape of every peer
    """Read the columns that the comparable panel needs, and find each one's least and greatest value."""
    for column in pq.read_table(path, columns=_READ).itercolumns():
        for chunk in column.chunks:
            pc.min_max(chunk.indices if pa.types.is_dictionary(chunk.type) else chunk)
