"""churnwatch's own signals over the same file: columns in, a panel of values out."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.engine.subset import COLUMN, COUNT_DAYS, OUT_DAYS, Floats, Instants, empty_panel
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.features.columns import FirmPanel, measure_firm

CALENDAR = BusinessCalendar(always_open=True)
COUNTED = (*(f"in_{span}" for span in COUNT_DAYS), *(f"out_{span}" for span in OUT_DAYS))
NAMES = (
    *COUNTED,
    "recency", "tenure", "volume_drop", "client_latency_z", "our_latency_z", "length_z", "short_ack", "meeting_avoidance",
)  # fmt: skip
COMPARED = (*COUNTED, "volume_drop")  # what values alone tell in the peers' terms; for the others see check.py
_READ = ["client_id", "kind", "direction", "at", "thread_id", "words", "cues", "starts_at", "status"]


def read_events(path: Path) -> pa.Table:
    """The columns that these signals need: those that the peers read."""
    return pq.read_table(path, columns=_READ)


def panel(path: Path, dates: Instants) -> FirmPanel:
    """Measure the signals of all clients."""
    return measure_firm(read_events(path), dates.astype(np.int64), CALENDAR, NAMES)


def beside_peers(measured: FirmPanel) -> Floats:
    """The columns of `COMPARED` in the peers' terms, where signals are logarithms of counts; the others stay empty."""
    result = empty_panel(len(measured.as_of), len(measured.clients))
    for name in COMPARED:
        values = measured.values[:, :, NAMES.index(name)].T
        result[:, :, COLUMN[name]] = np.rint(np.expm1(values)) if name in COUNTED else values
    return result
