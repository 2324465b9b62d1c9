"""Columns in, columns out: however a firm is cut into parts, its signals are those of the whole table."""

import builders
import numpy as np
import pyarrow as pa
import pytest

from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.interchange import frame_of_events
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.table import US_PER_DAY, EventTable
from churnwatch.features import NAMES, columns, measure
from churnwatch.scoring import with_readings

CALENDAR = BusinessCalendar(always_open=True)
AS_OF = micros(builders.MIDNIGHT) - 7 * US_PER_DAY * np.arange(2, -1, -1)


@pytest.fixture(scope="module")
def events() -> pa.Table:
    frame = with_readings(frame_of_events(builders.cast(), {}))
    return pa.Table.from_pandas(frame, preserve_index=False).sort_by("client_id")


@pytest.mark.parametrize("part_rows", [1, 1000, 10**6])
def test_a_firm_in_parts_has_the_signals_of_the_whole(
    part_rows: int, events: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "_PART_ROWS", part_rows)
    found = columns.measure_firm(events, AS_OF, CALENDAR)
    table = EventTable.from_arrow(events)
    index = SnapshotIndex(
        np.repeat(np.arange(len(table.clients), dtype=np.int32), len(AS_OF)), np.tile(AS_OF, len(table.clients))
    )
    expected = measure(table, index, CALENDAR).values.to_numpy().reshape(found.values.shape)
    assert (found.clients, found.names) == (table.clients, NAMES)
    np.testing.assert_array_equal(found.values, expected)


def test_a_firm_without_events_has_an_empty_panel(events: pa.Table) -> None:
    assert columns.measure_firm(events.slice(0, 0), AS_OF, CALENDAR).values.shape == (0, len(AS_OF), len(NAMES))


def test_clients_out_of_order_are_refused_with_advice(events: pa.Table) -> None:
    backwards = events.sort_by([("client_id", "descending")])
    with pytest.raises(ValueError, match="not sorted by client_id"):
        columns.measure_firm(backwards, AS_OF, CALENDAR)
