"""The gate against look-ahead."""

from datetime import UTC, datetime, timedelta

import builders
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.core.calendar import micros
from churnwatch.core.panel import Panel, SnapshotIndex, panels
from churnwatch.core.table import EventTable
from churnwatch.core.types import Direction, Message

MONDAY = datetime(2025, 6, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def message(number: int, at: datetime, known_at: datetime | None = None, client: str = "a") -> Message:
    return Message(f"{client}{number}", client, Direction.IN, at, known_at or at)


def index_of(table: EventTable, wanted: list[tuple[str, datetime]]) -> SnapshotIndex:
    codes = [table.clients.index(client) if client in table.clients else -1 for client, _ in wanted]
    instants = np.array([micros(as_of) for _, as_of in wanted], dtype=np.int64)
    return SnapshotIndex(np.array(codes, dtype=np.int32), instants)


def seen(panel: Panel) -> dict[int, list[str]]:
    """By a snapshot's place in the index: the events of its lane that happened before its as-of."""
    found = {}
    for place, lane, as_of in zip(panel.place, panel.lane, panel.as_of, strict=True):
        rows = panel.rows[panel.start[lane] : panel.start[lane + 1]]
        found[int(place)] = panel.table.ids(rows[panel.table.at[rows] < as_of])
    return found


def only_panel(table: EventTable, wanted: list[tuple[str, datetime]], *, apart: bool = False) -> Panel:
    (panel,) = panels(table, index_of(table, wanted), apart=apart)
    return panel


def test_an_event_known_at_the_very_as_of_is_not_seen() -> None:
    moment = timedelta(microseconds=1)
    table = EventTable.from_events([message(1, MONDAY - moment), message(2, MONDAY), message(3, MONDAY + moment)])
    panel = only_panel(table, [("a", MONDAY), ("a", MONDAY + moment)])
    assert seen(panel) == {0: ["a1"], 1: ["a1", "a2"]}


def test_snapshots_whose_pasts_differ_only_by_what_came_after_share_a_lane() -> None:
    table = EventTable.from_events([message(number, MONDAY - number * DAY) for number in range(9)])
    panel = only_panel(table, [("a", MONDAY - number * DAY) for number in range(5)])
    assert panel.lanes == 1
    assert panel.as_of.tolist() == sorted(panel.as_of.tolist())
    assert len(panel.rows) == 8  # the ninth came at the last as-of


def test_a_late_arrival_stands_where_it_happened_but_only_once_it_was_known() -> None:
    table = EventTable.from_events([message(1, MONDAY - 10 * DAY, MONDAY + DAY), message(2, MONDAY - 9 * DAY)])
    panel = only_panel(table, [("a", MONDAY), ("a", MONDAY + 2 * DAY), ("a", MONDAY - 10 * DAY)])
    assert seen(panel) == {0: ["a2"], 1: ["a1", "a2"], 2: []}


def test_only_snapshots_that_miss_something_get_a_lane_of_their_own() -> None:
    table = EventTable.from_events([message(1, MONDAY - 10 * DAY, MONDAY), message(2, MONDAY - 40 * DAY)])
    days = [-30, -10, -9, -1, 0, 1, 9]
    panel = only_panel(table, [("a", MONDAY + days_ * DAY) for days_ in days])
    lane = dict(zip((days[place] for place in panel.place), panel.lane.tolist(), strict=True))
    assert panel.lanes == 4
    assert lane[-30] == lane[-10] == lane[1] == lane[9]
    assert len({lane[-9], lane[-1], lane[0], lane[1]}) == 4  # known at the as-of itself is not known


def test_a_lane_apart_holds_nothing_but_what_was_known() -> None:
    table = EventTable.from_events([message(number, MONDAY - number * DAY) for number in range(5)])
    panel = only_panel(table, [("a", MONDAY - 3 * DAY), ("a", MONDAY)], apart=True)
    held = [panel.table.ids(panel.rows[panel.start[lane] : panel.start[lane + 1]]) for lane in range(panel.lanes)]
    assert held == [["a4"], ["a4", "a3", "a2", "a1"]]
    assert panel.age_days.tolist() == [1.0, 4.0, 3.0, 2.0, 1.0]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(-20, 20), st.sampled_from([0, 0, 0, 1, 5, 20])), max_size=30),
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-20, 40)), max_size=12),
    st.booleans(),
)
def test_a_snapshot_sees_no_row_from_the_future_and_every_row_from_the_past(
    facts: list[tuple[int, int, int]], asked: list[tuple[str, int]], apart: bool
) -> None:
    events = [
        message(number, MONDAY + at * DAY, MONDAY + (at + late) * DAY, client="abc"[client])
        for number, (client, at, late) in enumerate(facts)
    ]
    table = EventTable.from_events(events)
    wanted = [(client, MONDAY + days * DAY) for client, days in asked]
    for max_rows, max_snapshots in ((1, 1_000), (1_000, 1), (1_000, 1_000)):
        found: dict[int, list[str]] = {}
        cut = panels(table, index_of(table, wanted), apart=apart, max_rows=max_rows, max_snapshots=max_snapshots)
        for panel in cut:
            known_at = table.known_at[panel.rows]
            for lane in range(panel.lanes):
                latest = panel.as_of[panel.lane == lane].max()
                assert (known_at[panel.start[lane] : panel.start[lane + 1]] < latest).all()
            found |= seen(panel)
        for place, (client, as_of) in enumerate(wanted):
            known = {event.event_id for event in events if event.client_id == client and event.known_at < as_of}
            assert set(found[place]) == known
            assert len(found[place]) == len(known)


def test_a_lane_is_never_cut_and_every_snapshot_comes_once() -> None:
    table = builders.cast_table()
    wanted = [(client, MONDAY - weeks * 7 * DAY) for weeks in (9, 0, 4) for client in builders.CAST]
    cut = list(panels(table, index_of(table, wanted), max_rows=700))
    assert len(cut) > 2
    assert sorted(np.concatenate([panel.place for panel in cut]).tolist()) == list(range(len(wanted)))
    clients = [set(panel.client.tolist()) for panel in cut]
    assert sum(map(len, clients)) == len(builders.CAST)


def test_copies_for_what_came_late_are_rows_too() -> None:
    # Every letter is known two days late, so that every morning misses one.
    letters = [message(number, MONDAY - number * DAY, MONDAY - number * DAY + 2 * DAY) for number in range(60)]
    table = EventTable.from_events([*letters, message(1, MONDAY - DAY, client="b")])
    wanted = [("a", MONDAY - number * DAY) for number in range(50)] + [("b", MONDAY)]
    whole = only_panel(table, wanted)
    cut = list(panels(table, index_of(table, wanted), max_rows=300))
    assert whole.lanes == 51
    assert max(len(panel.rows) for panel in cut) <= 300 < len(whole.rows)
    assert sorted(np.concatenate([panel.place for panel in cut]).tolist()) == list(range(len(wanted)))
    found: dict[int, list[str]] = {}
    for panel in cut:
        found |= seen(panel)
    assert found == seen(whole)


def test_lanes_with_as_many_rows_as_lie_between_their_ends_are_told_from_whole_clients() -> None:
    hour = timedelta(hours=1)
    known = [0, 0, 9, 9, 1, 1]  # days; of six letters in six hours
    table = EventTable.from_events(
        [
            message(number, MONDAY + number * hour, MONDAY + days * DAY + number * hour)
            for number, days in enumerate(known)
        ]
    )
    panel = only_panel(table, [("a", MONDAY + DAY), ("a", MONDAY + 2 * DAY)])
    assert panel.rows.tolist() == [0, 1, 0, 1, 4, 5]
    assert panel.column("at").tolist() == table.at[panel.rows].tolist()


@pytest.mark.parametrize("apart", [False, True])
def test_a_client_without_events_has_an_empty_snapshot(apart: bool) -> None:
    panel = only_panel(builders.cast_table(), [("nobody", MONDAY), ("nobody", MONDAY)], apart=apart)
    assert len(panel) == 2
    assert seen(panel) == {0: [], 1: []}


def test_no_snapshots_are_no_panels() -> None:
    assert not list(panels(builders.cast_table(), index_of(builders.cast_table(), [])))
