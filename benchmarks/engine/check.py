"""Whether churnwatch finds what the peers find, and the same whichever way it is asked."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.engine import pandas_tuned
from benchmarks.engine.ours import CALENDAR, COUNTED, NAMES, read_events
from benchmarks.engine.subset import COLUMN, Floats, Instants
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.table import EventTable
from churnwatch.features import Snapshots, measure
from churnwatch.features.columns import measure_firm

_LEVELS = (  # signal, what the peers call its level and its number of facts, least facts in B and in W, its logarithm
    ("client_latency_z", "client_wait", "client_answers", 5, 2, np.log2),
    ("our_latency_z", "our_wait", "our_answers", 5, 2, np.log2),
    ("length_z", "length", "in", 10, 3, np.log),
)
_TOLERANCE = 1e-9


def differences(path: Path, dates: Instants) -> list[str]:
    """What is not the same: signals of `measure_firm` against `measure` (exactly), those of `measure` against the peers."""
    events, as_of = read_events(path), dates.astype(np.int64)
    table = EventTable.from_arrow(events)
    clients = np.arange(len(table.clients), dtype=np.int32)
    index = SnapshotIndex(client=np.repeat(clients, len(as_of)), as_of=np.tile(as_of, len(clients)))
    measured = measure(table, index, CALENDAR, names=NAMES)
    values = measure_firm(events, as_of, CALENDAR, NAMES).values.reshape(len(index), len(NAMES))
    by_part = [
        f"{name}: measure_firm"
        for name, column in zip(NAMES, values.T, strict=True)
        if not np.array_equal(column, measured.values[name].to_numpy(), equal_nan=True)
    ]
    peer = pandas_tuned.panel(path, dates).transpose(1, 0, 2).reshape(len(index), -1)
    return by_part + [
        name
        for name, ours, theirs in _beside(measured, peer)
        if not np.allclose(ours, theirs, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True)
    ]


def _beside(measured: Snapshots, peer: Floats) -> Iterable[tuple[str, Floats, Floats]]:
    """Each column that both have: its name, churnwatch's values in the peers' terms, and the peers'."""
    for name in COUNTED:
        yield name, np.expm1(measured.values[name].to_numpy()), peer[:, COLUMN[name]]
    for name in ("recency", "tenure"):
        yield name, measured.now[name].to_numpy(), peer[:, COLUMN[name]]
    yield "volume_drop", measured.values["volume_drop"].to_numpy(), peer[:, COLUMN["volume_drop"]]
    for signal, level, counted, least_past, least_recent, logarithm in _LEVELS:
        past, recent = peer[:, COLUMN[f"{counted}_b"]], peer[:, COLUMN[f"{counted}_w"]]
        enough = (past >= least_past) & (recent >= least_recent)  # else churnwatch says nothing
        for span, told in (("w", measured.now), ("b", measured.before)):
            theirs = np.where(enough, peer[:, COLUMN[f"{level}_{span}"]], np.nan)
            yield f"{level}_{span}", logarithm(1 + told[signal].to_numpy()), theirs
