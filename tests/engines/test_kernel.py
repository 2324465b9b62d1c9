from datetime import date

import event_tables
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.table import INTERCHANGE_COLUMNS, READING_COLUMNS, EventTable
from churnwatch.engines import Skipped, kernel
from churnwatch.engines.buckets import Plan

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
    events = kernel.prepare(raw(frame), ONE)
    assert events.schema == kernel.PREPARED
    travelled = EventTable.from_frame(events.to_pandas())
    straight = EventTable.from_frame(scoring.with_readings(frame))
    assert travelled.clients == straight.clients
    for name in (
        "event_id",
        "at",
        "known_at",
        "kind",
        "direction",
        "thread",
        "words",
        "cues",
        "irritation",
        "status",
        "due_on",
    ):
        np.testing.assert_array_equal(getattr(travelled, name), getattr(straight, name), err_msg=name)


def test_no_text_is_left_after_preparing() -> None:
    events = kernel.prepare(raw(messages({"text": "a very private sentence", "subject": "a private matter"})), ONE)
    assert "private" not in str(events.to_pydict())


def test_a_table_may_bring_readings_for_some_rows_and_texts_for_others() -> None:
    frame = messages({"text": "two words", "words": 99.0}, {"words": 7.0})
    assert kernel.prepare(raw(frame), ONE).sort_by("event_id")["words"].to_pylist() == [2.0, 7.0]


def test_bad_rows_are_counted_by_problem_with_the_place_of_the_first() -> None:
    frame = messages({}, {"kind": "telegram"}, {"at": "soon"}, {"kind": "telegram"}, {"client_id": ""})
    skipped = kernel.survey(kernel.prepare(raw(frame), ONE), DATES, CALENDAR).skipped
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
        events = kernel.prepare(raw(messages(*rows)), ONE)
        part = kernel.survey(events, DATES, CALENDAR)
        assert (part.events, part.rows) == (1, 2)  # known to the earlier date as well
        assert list(part.skipped.values()) == [Skipped(1)]


def test_one_event_of_two_clients_is_no_repetition() -> None:
    frame = messages({"event_id": "mail", "client_id": "acme"}, {"event_id": "mail", "client_id": "zeta"})
    part = kernel.survey(kernel.prepare(raw(frame), ONE), DATES, CALENDAR)
    assert (part.clients, part.events, dict(part.skipped)) == (2, 2, {})


def test_a_client_has_snapshots_from_the_first_date_by_which_something_of_it_was_known() -> None:
    frame = messages(
        {"client_id": "old"},
        {"client_id": "young", "at": "2025-05-20T10:00:00Z"},
        {"client_id": "future", "at": "2025-06-02T10:00:00Z"},
    )
    events = kernel.prepare(raw(frame), ONE)
    whole = kernel.survey(events, DATES, CALENDAR)
    (snapshots,) = kernel.measure(events, DATES, CALENDAR, ("in_total",), whole)
    assert snapshots.to_pydict() == {
        "client_id": ["old", "old", "young"],
        "as_of": [date(2025, 5, 5), date(2025, 6, 2), date(2025, 6, 2)],
        "in_total": snapshots["in_total"].to_pylist(),
    }
    assert whole.rows == 3


def test_the_survey_of_all_is_the_sum_of_the_surveys_of_the_buckets() -> None:
    plan = Plan((), 3)
    events = kernel.prepare(raw(event_tables.damaged(event_tables.cast())), plan)
    buckets = [events.filter(pa.compute.equal(events["bucket"], bucket)) for bucket in range(3)]
    parts = [kernel.survey(bucket, DATES, CALENDAR) for bucket in buckets]
    assert sum(part.clients > 0 for part in parts) > 1
    assert kernel.merged(parts) == kernel.survey(events, DATES, CALENDAR)


def test_a_part_survives_its_journey() -> None:
    part = kernel.Part(3, 40, 5, {"is bad": Skipped(2, "events.parquet", 17)})
    assert kernel.Part.from_json(part.to_json()) == part


def test_signals_are_those_of_the_features_in_the_order_asked_for() -> None:
    events = kernel.prepare(raw(event_tables.cast()), ONE)
    names = ("recency", "in_30", "silence")
    (snapshots,) = kernel.measure(events, DATES[:1], CALENDAR, names, kernel.survey(events, DATES[:1], CALENDAR))
    table = EventTable.from_frame(scoring.with_readings(event_tables.cast()))
    clients = snapshots["client_id"].to_pylist()
    index = scoring.index_of(table, clients, scoring.instants(CALENDAR, DATES[0], len(clients)))
    expected = features.measure(table, index, CALENDAR).values[list(names)].to_numpy()
    np.testing.assert_allclose(
        snapshots.drop_columns(["client_id", "as_of"]).to_pandas().to_numpy(), expected, rtol=1e-9
    )
    assert snapshots.schema == kernel.result(names)


def test_a_table_that_lacks_a_needed_column_is_refused_by_its_name() -> None:
    with pytest.raises(SourceUnavailableError, match=r"other\.parquet has no column 'direction'"):
        kernel.wanted(["event_id", "client_id", "kind", "at"], "other.parquet")
