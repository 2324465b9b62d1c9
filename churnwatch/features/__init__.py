"""The catalogue: everything churnwatch measures about a client, in column order, and the one function that measures it.

To add a signal: write it in its family's file and it is in that family's `SIGNALS`; a new family is one more line below.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import SnapshotIndex, panels
from churnwatch.core.table import EventTable, FloatArray
from churnwatch.features import (
    account,
    activity,
    context,
    engagement,
    initiative,
    latency,
    meetings,
    our_side,
    rhythm,
    tone,
)
from churnwatch.features.facts import Facts
from churnwatch.features.signal import Family, Measure, Signal

CATALOGUE: tuple[Signal, ...] = (
    *activity.SIGNALS,
    *rhythm.SIGNALS,
    *latency.SIGNALS,
    *engagement.SIGNALS,
    *initiative.SIGNALS,
    *meetings.SIGNALS,
    *tone.SIGNALS,
    *our_side.SIGNALS,
    *account.SIGNALS,
    *context.SIGNALS,
)
NAMES: tuple[str, ...] = tuple(signal.name for signal in CATALOGUE)
BY_NAME: dict[str, Signal] = {signal.name: signal for signal in CATALOGUE}
OF_THE_FIRM: tuple[str, ...] = ("firm_trend",)  # measured on all clients together
_REVISION = 3  # raise it when a formula changes under the same name
VERSION: str = hashlib.sha256(f"{_REVISION}:{','.join(NAMES)}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Signals of many snapshots: frames of one row per snapshot in the order asked, one column per signal.

    `values` feeds the model (NaN = not enough evidence); `now` and `before` are for people, in `Signal.shown_in`.
    """

    values: pd.DataFrame
    now: pd.DataFrame
    before: pd.DataFrame


def measure(
    table: EventTable,
    index: SnapshotIndex,
    calendar: BusinessCalendar,
    progress: Callable[[float], None] | None = None,
) -> Snapshots:
    """Every signal of the catalogue for every snapshot asked for; each sees only what was known before its as-of."""
    shape = (len(index), len(CATALOGUE))
    values, now, before = (np.full(shape, np.nan) for _ in range(3))
    for offset, panel in panels(table, index):
        facts = Facts(panel, calendar)
        rows = slice(offset, offset + panel.size)
        for column, signal in enumerate(CATALOGUE):
            measured = signal.compute(facts)
            values[rows, column] = measured.value
            for shown, part in ((now, measured.now), (before, measured.before)):
                if part is not None:
                    shown[rows, column] = part
        if progress is not None:
            progress((offset + panel.size) / len(index))
    return Snapshots(*(pd.DataFrame(part, columns=list(NAMES)) for part in (values, now, before)))


def evidence(
    table: EventTable,
    index: SnapshotIndex,
    calendar: BusinessCalendar,
    wanted: dict[int, tuple[str, ...]],
    limit: int = 5,
) -> dict[tuple[int, str], tuple[str, ...]]:
    """The ids of the events behind some signals: `wanted` maps a snapshot's place in `index` to signal names, heaviest first."""
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    for offset, panel in panels(table, index):
        facts = Facts(panel, calendar)
        names = {name for place in range(offset, offset + panel.size) for name in wanted.get(place, ())}
        event_ids = panel["event_id"]
        bounds = np.searchsorted(panel.snap, np.arange(panel.size + 1))
        for name in sorted(names):
            weigh = BY_NAME[name].evidence
            if weigh is None:
                continue
            weight = weigh(facts)
            for place in range(panel.size):
                if name in wanted.get(offset + place, ()):
                    span = slice(bounds[place], bounds[place + 1])
                    found[offset + place, name] = _heaviest(event_ids[span], weight[span], limit)
    return found


def _heaviest(event_ids: NDArray[np.generic], weight: FloatArray, limit: int) -> tuple[str, ...]:
    order = np.argsort(-weight, kind="stable")[:limit]
    return tuple(str(event_ids[row]) for row in order if weight[row] > 0)


__all__ = [
    "BY_NAME",
    "CATALOGUE",
    "NAMES",
    "VERSION",
    "Family",
    "Measure",
    "Signal",
    "Snapshots",
    "evidence",
    "measure",
]
