from datetime import UTC, date

import event_tables
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.interchange import INTERCHANGE_COLUMNS, READING_COLUMNS
from churnwatch.core.table import EVENT_COLUMNS, EventTable
from churnwatch.engines import Skipped, kernel
from churnwatch.engines.buckets import Plan
from churnwatch.engines.findings import added
from churnwatch.model.tone import SHIPPED

CALENDAR = BusinessCalendar("Europe/Berlin", "DE")
DATES = (date(2025, 6, 2), date(2025, 5, 5))
ONE = Plan((), 1)


def raw(frame: pd.DataFrame, file: str = "events.parquet") -> pa.Table:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.append_column(kernel.FILE, pa.array([file] * len(table), pa.string()))
    return table.append_column(kernel.ROW, pa.array(np.arange(len(table)) + 1))


def messages(*rows: dict[str, object]) -> pd.DataFrame:
    usual = {"client_id": "acme", "kind": "message", "direction": "in", "at": "2025-01-01T10:00:00Z"}
    return pd.DataFrame([usual | {"event_id": f"e{number}"} | row for number, row in enumerate(rows)])


def test_every_column_of_the_format_travels_but_the_texts() -> None:
    assert {*INTERCHANGE_COLUMNS, *READING_COLUMNS} - {*kernel.EVENT.names} == {"subject", "text"}


def test_an_event_travels_unchanged_with_what_was_read_in_its_text() -> None:
    frame = event_tables.cast()
    events = kernel.prepare(raw(frame), ONE, UTC, SHIPPED)
    assert events.schema == kernel.PREPARED
    travelled = EventTable.from_arrow(events.select(kernel.EVENT.names))
    straight = EventTable.from_frame(scoring.with_readings(frame))
    assert travelled.clients == straight.clients
    assert travelled.event_ids.equals(straight.event_ids)
    for name in EVENT_COLUMNS:
        one, other = getattr(travelled, name), getattr(straight, name)
        if name == "thread":  # its codes may differ, what they tie together may not
            one, other = pd.factorize(one)[0], pd.factorize(other)[0]
        np.testing.assert_array_equal(one, other, err_msg=name)


def test_no_text_is_left_after_preparing() -> None:
    events = kernel.prepare(
        raw(messages({"text": "a very private sentence", "subject": "a private matter"})), ONE, UTC, SHIPPED
    )
    assert "private" not in str(events.to_pydict())


def test_a_table_may_bring_readings_for_some_rows_and_texts_for_others() -> None:
    frame = messages({"text": "two words", "words": 99.0}, {"words": 7.0})
    assert kernel.prepare(raw(frame), ONE, UTC, SHIPPED).sort_by("event_id")["words"].to_pylist() == [2.0, 7.0]


def test_bad_rows_are_counted_by_problem_with_the_place_of_the_first() -> None:
    frame = messages({}, {"kind": "telegram"}, {"at": "soon"}, {"kind": "telegram"}, {"client_id": ""})
    skipped = kernel.find(kernel.prepare(raw(frame), ONE, UTC, SHIPPED), DATES, CALENDAR).skipped
    assert {problem.split()[0]: (found.rows, found.place) for problem, found in skipped.items()} == {
        "kind": (2, "events.parquet row 2"),
        "at": (1, "events.parquet row 3"),
        "client_id": (1, "events.parquet row 5"),
    }


def test_of_a_repeated_event_the_one_known_first_is_kept_in_whatever_order_they_come() -> None:
    late, early = (
        {"event_id": "twin", "known_at": "2025-05-20T00:00:00Z"},
        {"event_id": "twin", "known_at": "2025-05-01T00:00:00Z"},
    )
    for rows in ([late, early], [early, late]):
        events = kernel.prepare(raw(messages(*rows)), ONE, UTC, SHIPPED)
        part = kernel.find(events, DATES, CALENDAR)
        assert (part.events, part.rows) == (1, 2)  # known to the earlier date as well
        assert list(part.skipped.values()) == [Skipped(1)]


def test_one_event_of_two_clients_is_no_repetition() -> None:
    frame = messages({"event_id": "mail", "client_id": "acme"}, {"event_id": "mail", "client_id": "zeta"})
    part = kernel.find(kernel.prepare(raw(frame), ONE, UTC, SHIPPED), DATES, CALENDAR)
    assert (part.clients, part.events, dict(part.skipped)) == (2, 2, {})


def test_a_client_has_snapshots_from_the_first_date_by_which_something_of_it_was_known() -> None:
    frame = messages(
        {"client_id": "old"},
        {"client_id": "young", "at": "2025-05-20T10:00:00Z"},
        {"client_id": "future", "at": "2025-06-02T10:00:00Z"},
    )
    events = kernel.prepare(raw(frame), ONE, UTC, SHIPPED)
    names = ("in_total",)
    found = kernel.find(events, DATES, CALENDAR)
    firm = kernel.survey(events, DATES, CALENDAR, names, found)
    (snapshots,) = kernel.measure(events, DATES, CALENDAR, names, firm)
    assert snapshots.to_pydict() == {
        "client_id": ["old", "old", "young"],
        "as_of": [date(2025, 5, 5), date(2025, 6, 2), date(2025, 6, 2)],
        "in_total": snapshots["in_total"].to_pylist(),
    }
    assert found.rows == 3


def test_buckets_give_the_numbers_of_the_whole_table() -> None:
    """In any order of rows, with the firm's own ebb and pools."""
    frame = event_tables.cast(copies=2)
    plan = Plan((), 3)
    events = kernel.prepare(raw(frame.sample(frac=1, random_state=1)), plan, CALENDAR.zone, SHIPPED)
    buckets = [events.filter(pc.equal(events["bucket"], bucket)) for bucket in range(3)]
    found = added((kernel.find(bucket, DATES, CALENDAR) for bucket in buckets), "cast")
    firm = kernel.survey(events, DATES, CALENDAR, features.NAMES, found)
    parts = [piece for bucket in buckets for piece in kernel.measure(bucket, DATES, CALENDAR, features.NAMES, firm)]
    snapshots = pa.concat_tables(parts)
    assert snapshots.schema == kernel.result(features.NAMES)
    table = EventTable.from_frame(scoring.with_readings(frame, CALENDAR.zone))
    as_of = np.array([micros(CALENDAR.midnight(day)) for day in snapshots["as_of"].to_pylist()])
    index = scoring.index_of(table, snapshots["client_id"].to_pylist(), as_of)
    expected = features.measure(table, index, CALENDAR).values
    pd.testing.assert_frame_equal(snapshots.select(features.NAMES).to_pandas(), expected, rtol=1e-9, atol=1e-9)


def test_signals_stand_in_the_order_asked_for() -> None:
    events = kernel.prepare(raw(event_tables.cast()), ONE, UTC, SHIPPED)
    names = ("silence", "recency")
    firm = kernel.survey(events, DATES, CALENDAR, names, kernel.find(events, DATES, CALENDAR))
    (snapshots,) = kernel.measure(events, DATES, CALENDAR, names, firm)
    assert snapshots.schema.names == ["client_id", "as_of", "silence", "recency"]


def test_a_table_that_lacks_a_needed_column_is_refused_by_its_name() -> None:
    with pytest.raises(SourceUnavailableError, match=r"other\.parquet has no column 'direction'"):
        kernel.wanted(["event_id", "client_id", "kind", "at"], "other.parquet")
