"""churnwatch's own signals over the same file: what the peers stand beside."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.engine.subset import COLUMN, COUNT_DAYS, OUT_DAYS, Floats, Instants, empty_panel
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.table import EventTable
from churnwatch.features import Snapshots, measure

NAMES = (
    *(f"in_{span}" for span in COUNT_DAYS),
    *(f"out_{span}" for span in OUT_DAYS),
    "recency", "tenure", "volume_drop", "client_latency_z", "our_latency_z", "length_z", "short_ack", "meeting_avoidance",
)  # fmt: skip
_READ = ["event_id", "client_id", "kind", "direction", "at", "thread_id", "words", "cues", "starts_at", "status"]

_LEVELS = {
    "client_latency_z": ("client_wait", np.log2),
    "our_latency_z": ("our_wait", np.log2),
    "length_z": ("length", np.log),
}
COMPARED = (
    *(f"in_{span}" for span in COUNT_DAYS),
    *(f"out_{span}" for span in OUT_DAYS),
    "recency", "tenure", "volume_drop",
    *(f"{name}_{span}" for name, _ in _LEVELS.values() for span in "wb"),
)  # fmt: skip


def panel(path: Path, dates: Instants) -> Floats:
    """Measure the signals of all clients; the columns of `COMPARED` are laid beside the peers', the others stay empty."""
    table = EventTable.from_arrow(pq.read_table(path, columns=_READ))
    clients = len(table.clients)
    index = SnapshotIndex(
        client=np.repeat(np.arange(clients, dtype=np.int32), len(dates)), as_of=np.tile(dates.astype(np.int64), clients)
    )
    measured = measure(table, index, BusinessCalendar(always_open=True), names=NAMES)
    return _comparable(measured, len(dates), clients)


def _comparable(measured: Snapshots, dates: int, clients: int) -> Floats:
    """The measures in the peers' terms: counts, days, medians of logarithms."""
    result = empty_panel(dates, clients)

    def put(name: str, values: Floats) -> None:
        result[:, :, COLUMN[name]] = values.reshape(clients, dates).T

    for name in COMPARED[: len(COUNT_DAYS) + len(OUT_DAYS)]:
        put(name, np.rint(np.expm1(measured.values[name].to_numpy())))
    put("recency", measured.now["recency"].to_numpy())
    put("tenure", measured.now["tenure"].to_numpy())
    put("volume_drop", measured.values["volume_drop"].to_numpy())
    for signal, (name, logarithm) in _LEVELS.items():
        put(f"{name}_w", logarithm(1 + measured.now[signal].to_numpy()))
        put(f"{name}_b", logarithm(1 + measured.before[signal].to_numpy()))
    return result
