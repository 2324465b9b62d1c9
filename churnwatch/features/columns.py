"""Columns in, columns out: a whole firm's events in Arrow become snapshots, part after part, in the memory of a few parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import pairwise
from operator import add
from types import ModuleType

import numpy as np
import pyarrow as pa

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import SnapshotIndex, panels
from churnwatch.core.table import EventTable, FloatArray, IntArray
from churnwatch.features import BY_NAME, NAMES, OF_THE_FIRM, kernel, surveyed
from churnwatch.features.facts import Facts
from churnwatch.features.side_by_side import side_by_side
from churnwatch.features.survey import FirmCounts, Survey, before_all, count, pool_clients, pool_dates

_PART_ROWS = 250_000  # of events, but never less than a client


@dataclass(frozen=True, slots=True)
class FirmPanel:
    """Every signal of every client at every as-of: `values[client, as_of, name]`, NaN = not enough evidence."""

    clients: tuple[str, ...]
    as_of: IntArray
    names: tuple[str, ...]
    values: FloatArray


def measure_firm(
    events: pa.Table, as_of: IntArray, calendar: BusinessCalendar, names: Sequence[str] = NAMES
) -> FirmPanel:
    """The signals of all clients of a clean table in memory at some as-ofs (midnights of the firm's calendar).

    For programs that have such a table, and what the benchmarks time; the engines of `churnwatch snapshot` read files, check
    their rows and sort them into buckets first.

    `events` are interchange columns sorted by client, each client's rows side by side; a client's own rows may stand in any
    order. Errors: `ValueError` where the clients are not sorted.
    """
    starts, clients = _clients(events)
    bounds = _bounds(starts, len(events))
    parts = [events.slice(low, high - low) for low, high in pairwise(bounds)]
    counts = FirmCounts(np.empty(0, np.int64), np.empty(0, np.int64), {})
    if "reply_to" in events.column_names or not set(OF_THE_FIRM).isdisjoint(names):
        counts = reduce(add, side_by_side(partial(_counted, as_of=as_of, calendar=calendar), parts))
    since = before_all(pool_dates(as_of, calendar))
    pool = [*pool_clients(_arrivals(events, starts, clients, since))]
    firm = surveyed(EventTable.from_arrow(_rows_of(pool, events, starts, clients)), as_of, calendar, names, counts)
    chosen = kernel.choose(len(events), len(clients) * len(as_of))
    measured = partial(_measured, as_of=as_of, calendar=calendar, names=tuple(names), firm=firm, chosen=chosen)
    values = np.empty((len(names), len(clients), len(as_of)))  # each signal's side by side, as they are worked out
    done = 0
    for of_part in side_by_side(measured, parts):
        values[:, done : done + of_part.shape[1]] = of_part
        done += of_part.shape[1]
    return FirmPanel(clients, as_of, tuple(names), values.transpose(1, 2, 0))


def _clients(events: pa.Table) -> tuple[IntArray, tuple[str, ...]]:
    """The row at which each client's events start, and the clients."""
    column = events.column("client_id").combine_chunks()
    column = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = column.indices.to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.empty(0, np.int64)
    clients = column.dictionary.take(pa.array(codes[starts])).to_pylist()
    if any(earlier >= later for earlier, later in pairwise(clients)):
        raise ValueError("The events are not sorted by client_id: sort the table, or let `churnwatch snapshot` do it.")
    return starts, tuple(clients)


def _arrivals(events: pa.Table, starts: IntArray, clients: Sequence[str], since: int) -> dict[str, int]:
    """As `survey.arrivals`."""
    known_at = events.column("known_at" if "known_at" in events.column_names else "at").cast(pa.timestamp("us", "UTC"))
    first = np.minimum.reduceat(known_at.cast(pa.int64()).to_numpy(), starts) if len(starts) else starts
    return dict(zip(clients, np.maximum(first, since).tolist(), strict=True))


def _rows_of(chosen: Sequence[str], events: pa.Table, starts: IntArray, clients: Sequence[str]) -> pa.Table:
    place = {client: number for number, client in enumerate(clients)}
    ends = np.append(starts[1:], len(events))
    rows = (events.slice(starts[place[one]], ends[place[one]] - starts[place[one]]) for one in chosen)
    return pa.concat_tables([events.slice(0, 0), *rows])


def _bounds(starts: IntArray, rows: int) -> list[int]:
    """Where parts begin and end: at clients, about `_PART_ROWS` apart."""
    bounds = [0]
    for start in starts[np.searchsorted(starts, np.arange(_PART_ROWS, rows, _PART_ROWS), "right") - 1]:
        if start > bounds[-1]:
            bounds.append(int(start))
    return [*bounds, rows]


def _counted(part: pa.Table, as_of: IntArray, calendar: BusinessCalendar) -> FirmCounts:
    return count(EventTable.from_arrow(part), as_of, calendar)


def _measured(
    part: pa.Table,
    as_of: IntArray,
    calendar: BusinessCalendar,
    names: tuple[str, ...],
    firm: Survey,
    chosen: ModuleType,
) -> FloatArray:
    table = EventTable.from_arrow(part)
    size = len(table.clients)
    index = SnapshotIndex(np.repeat(np.arange(size, dtype=np.int32), len(as_of)), np.tile(as_of, size))
    values = np.empty((len(names), len(index)))
    for panel in panels(table, index):
        facts = Facts(panel, calendar, firm, chosen)
        for of_signal, name in zip(values, names, strict=True):
            of_signal[panel.place] = BY_NAME[name].compute(facts).value
    return values.reshape(len(names), size, len(as_of))
