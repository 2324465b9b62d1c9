"""How snapshots look back at booked facts: half-open windows that never reach the instant itself."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from exchanges import message, table_of
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.panel import SnapshotIndex, panels
from churnwatch.core.table import US_PER_DAY
from churnwatch.features.facts import Facts
from churnwatch.features.kernel import plain
from churnwatch.features.stream import Stream, View, tally

days = st.integers(0, 60)
spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (max(pair), min(pair)))


def view_of(booked: list[list[int]], asked: list[tuple[int, int]]) -> View:
    """Facts by key and queries (key, day), all in whole days."""
    start = np.cumsum([0, *map(len, booked)])
    stream = Stream(
        np.array([one for key in booked for one in key], dtype=np.int64) * US_PER_DAY, start, np.arange(start[-1])
    )
    key, instant = np.array(asked, dtype=np.int64).reshape(-1, 2).T
    return View(stream, key, instant * US_PER_DAY, np.arange(len(key)), plain)


@given(
    st.lists(st.lists(days, max_size=8).map(sorted), min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), days)),
    spans,
)
def test_a_window_reaches_from_its_first_day_to_before_its_last(
    booked: list[list[int]], asked: list[tuple[int, int]], span: tuple[int, int]
) -> None:
    view, (from_days, to_days) = view_of(booked, asked), span
    held = [[one for one in booked[key] if day - from_days <= one < day - to_days] for key, day in asked]
    assert view.count(from_days, to_days).tolist() == [len(one) for one in held]
    assert view.count(np.inf, to_days).tolist() == [
        sum(one < day - to_days for one in booked[key]) for key, day in asked
    ]
    weight = view.stream.booked // US_PER_DAY
    assert view.count(from_days, to_days, tally(weight)).tolist() == [sum(one) for one in held]
    query, place = view.written_out(view.window(from_days, to_days))
    found = [(view.stream.booked[place[query == number]] // US_PER_DAY).tolist() for number in range(len(asked))]
    assert found == held


def test_the_newest_and_the_oldest_fact_before_the_instant() -> None:
    view = view_of([[1, 4, 9], []], [(0, 9), (0, 10), (0, 1), (1, 5)])
    values = np.array([10.0, 40.0, 90.0])
    nan = np.nan
    assert view.last(values).tolist() == pytest.approx([40, 90, nan, nan], nan_ok=True)
    assert view.first(values).tolist() == pytest.approx([10, 10, nan, nan], nan_ok=True)
    assert view.age_days(view.stream.booked).tolist() == pytest.approx([5, 1, nan, nan], nan_ok=True)
    assert view.age_days(view.stream.booked, oldest=True).tolist() == pytest.approx([8, 9, nan, nan], nan_ok=True)


def test_only_some_of_the_facts_are_seen_by_the_same_askers() -> None:
    view = view_of([[1, 4, 9], [2, 3]], [(0, 10), (1, 10)])
    some = view.only(np.array([True, False, True, False, True]))
    assert some.count().tolist() == [2, 1]
    assert some.stream.row.tolist() == [0, 2, 4]
    assert some.stream.key.tolist() == [0, 0, 1]


def test_a_window_begins_at_a_midnight_of_the_firm_also_over_a_change_of_clocks() -> None:
    berlin = BusinessCalendar("Europe/Berlin")
    late_evening = datetime(2025, 3, 16, 22, 30, tzinfo=UTC)  # 23:30 in Berlin, the day before the window's first
    rows = [message("in", late_evening + timedelta(minutes=60 * hour), "x") for hour in range(2)]
    index = SnapshotIndex(np.zeros(1, np.int32), np.array([micros(berlin.midnight(date(2025, 4, 14)))]))
    (panel,) = panels(table_of(rows), index)
    assert Facts(panel, berlin).received.count(28).tolist() == [1.0]
