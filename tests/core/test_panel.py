"""The gate against look-ahead."""

from datetime import UTC, date, datetime, timedelta

import builders
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.core.calendar import micros
from churnwatch.core.panel import Panel, SnapshotIndex, panels
from churnwatch.core.table import NO_TIME, US_PER_DAY, EventTable
from churnwatch.core.types import Direction, Invoice, Message

MONDAY = datetime(2025, 6, 2, tzinfo=UTC)


def panel_of(table: EventTable, as_of: datetime, client: int = 0) -> Panel:
    index = SnapshotIndex(np.array([client], dtype=np.int32), np.array([micros(as_of)]))
    (((offset, panel),)) = list(panels(table, index))
    assert offset == 0
    return panel


def message(number: int, at: datetime, known_at: datetime | None = None, client: str = "a") -> Message:
    return Message(f"{client}{number}", client, Direction.IN, at, known_at or at)


def ids(panel: Panel) -> list[str]:
    return [str(one) for one in panel["event_id"]]


def test_an_event_known_at_the_very_as_of_is_not_in_the_panel() -> None:
    moment = timedelta(microseconds=1)
    table = EventTable.from_events([message(1, MONDAY - moment), message(2, MONDAY), message(3, MONDAY + moment)])
    assert ids(panel_of(table, MONDAY)) == ["a1"]
    assert ids(panel_of(table, MONDAY + moment)) == ["a1", "a2"]


def test_a_late_arrival_stands_where_it_happened_but_only_once_it_was_known() -> None:
    day = timedelta(days=1)
    table = EventTable.from_events([message(1, MONDAY - 10 * day, MONDAY + day), message(2, MONDAY - 9 * day)])
    assert ids(panel_of(table, MONDAY)) == ["a2"]
    later = panel_of(table, MONDAY + 2 * day)
    assert ids(later) == ["a1", "a2"]
    assert later.age_days.tolist() == [12.0, 11.0]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-20, 20), st.integers(0, 20)), max_size=30), st.data())
def test_a_panel_holds_no_row_from_the_future_and_every_row_from_the_past(
    facts: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    day = timedelta(days=1)
    events = [
        message(number, MONDAY + at * day, MONDAY + (at + late) * day, client="abc"[client])
        for number, (client, at, late) in enumerate(facts)
    ]
    table = EventTable.from_events(events)
    wanted = data.draw(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-20, 40)), max_size=8))
    codes = [table.clients.index(client) if client in table.clients else -1 for client, _ in wanted]
    as_of = np.array([micros(MONDAY + days * day) for _, days in wanted], dtype=np.int64)
    index = SnapshotIndex(np.array(codes, dtype=np.int32), as_of)
    for max_rows in (1, 1_000):
        found: list[list[str]] = []
        for offset, panel in panels(table, index, max_rows):
            assert offset == len(found)
            assert (panel["known_at"].astype(np.int64) < panel.index.as_of[panel.snap]).all()
            found += [[str(one) for one in panel["event_id"][panel.snap == snap]] for snap in range(panel.size)]
        for (client, days), held in zip(wanted, found, strict=True):
            known = [e for e in events if e.client_id == client and e.known_at < MONDAY + days * day]
            assert sorted(held) == sorted(event.event_id for event in known)


@pytest.mark.parametrize(
    ("as_of", "seen"),
    [
        (datetime(2025, 6, 10, tzinfo=UTC), False),  # the day of payment begins
        (datetime(2025, 6, 10, 23, 59, tzinfo=UTC), False),
        (datetime(2025, 6, 10, 4, tzinfo=UTC), False),  # the same midnight in New York
        (datetime(2025, 6, 11, tzinfo=UTC), True),
        (datetime(2025, 6, 11, 4, tzinfo=UTC), True),
    ],
)
def test_a_payment_is_hidden_until_its_day_has_passed(as_of: datetime, seen: bool) -> None:
    paid_on = date(2025, 6, 10)
    issued = datetime(2025, 5, 1, tzinfo=UTC)
    invoice = Invoice("i", "a", Direction.OUT, issued, issued, date(2025, 5, 15), 100.0, paid_on)
    panel = panel_of(EventTable.from_events([invoice]), as_of)
    assert panel["paid_on"].tolist() == [micros(datetime(2025, 6, 10, tzinfo=UTC)) if seen else NO_TIME]


def test_the_table_itself_keeps_the_payment() -> None:
    issued = datetime(2025, 5, 1, tzinfo=UTC)
    invoice = Invoice("i", "a", Direction.OUT, issued, issued, date(2025, 5, 15), 100.0, date(2025, 6, 10))
    table = EventTable.from_events([invoice])
    panel_of(table, issued + timedelta(days=2))
    assert table.paid_on.tolist() == [micros(datetime(2025, 6, 10, tzinfo=UTC))]


def test_the_firms_inbound_counts_only_what_was_known_and_no_robots() -> None:
    table = builders.cast_table()
    frame = pd.DataFrame({name: getattr(table, name) for name in ("kind", "direction", "automatic", "known_at")})
    human = frame[(frame["kind"] == 0) & (frame["direction"] == 0) & ~frame["automatic"]]
    as_of = micros(builders.MIDNIGHT) - 100 * US_PER_DAY
    index = SnapshotIndex(np.array([0, -1], dtype=np.int32), np.array([as_of, as_of]))
    ((_, panel),) = panels(table, index)
    expected = ((human["known_at"] >= as_of - 60 * US_PER_DAY) & (human["known_at"] < as_of)).sum()
    assert expected > 100
    assert panel.firm_inbound(60, 0).tolist() == [expected, expected]


def test_a_client_without_events_has_an_empty_snapshot() -> None:
    panel = panel_of(builders.cast_table(), MONDAY, client=-1)
    assert len(panel) == 0
    assert panel.size == 1
