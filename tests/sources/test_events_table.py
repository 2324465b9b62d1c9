import json
import math
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import ReadMessage, SourceError
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.interchange import INTERCHANGE_COLUMNS, READING_COLUMNS, frame_of_events
from churnwatch.core.table import EVENT_COLUMNS, EventTable
from churnwatch.core.types import Call, Cue, Direction, Invoice, Meeting, MeetingStatus, Message, Reading
from churnwatch.sources.events_table import EventsSource, events_of_rows, read_frame

MAIL = Path(__file__).parents[2].parent / "shared" / "data" / "communication" / "mail_linux_mips.parquet"
AT = datetime(2024, 3, 5, 10, 0, tzinfo=UTC)
LATER = datetime(2024, 3, 6, 10, 0, tzinfo=UTC)
ROW: dict[str, object] = {
    "event_id": "m1",
    "client_id": "c1",
    "kind": "message",
    "direction": "in",
    "at": AT.isoformat(),
}
ALL_KINDS = [
    Message("m1", "c1", Direction.IN, AT, LATER, "anna", "chat", "t1", "m0", "Re: x", "Where is it?", automatic=True),
    Message("m2", "c1", Direction.OUT, AT, AT, people=("anna", "bob"), attachments=2),
    Message("m3", "c1", Direction.IN, AT, AT, automatic=True, away_since=date(2024, 3, 4), away_until=date(2024, 3, 9)),
    Meeting(
        "r1",
        "meet",
        "c1",
        Direction.IN,
        LATER,
        AT,
        LATER,
        MeetingStatus.MOVED,
        "anna",
        subject="Review",
        people=("bob",),
    ),
    Call("k1", "c2", Direction.OUT, AT, AT, 65.5, answered=True),
    Invoice("i1", "c2", Direction.OUT, AT, AT, date(2024, 3, 20), 99.5, date(2024, 4, 1), paid_known_at=AT),
]


def written(folder: Path, frame: pd.DataFrame, ending: str) -> Path:
    path = folder / f"events{ending}"
    if ending == ".parquet":
        frame.to_parquet(path)
    elif ending == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_json(path, orient="records", lines=True, date_format="iso", date_unit="us", force_ascii=False)
    return path


def objects(path: Path) -> list[object]:
    settings = SourceSettings(name="events", kind="events", path=path.name)
    return list(EventsSource("events", (path,), settings).read(None))[:-1]


def one(**changes: object) -> tuple[list[object], list[str]]:
    events, errors = events_of_rows([ROW | changes])
    return list(events), [error.problem for error in errors]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_every_kind_survives_every_format(tmp_path: Path, ending: str) -> None:
    assert objects(written(tmp_path, frame_of_events(ALL_KINDS, {}), ending)) == ALL_KINDS


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_the_frame_gives_the_same_event_table_as_the_objects(tmp_path: Path, ending: str) -> None:
    frame, errors = read_frame(written(tmp_path, frame_of_events(ALL_KINDS, {}), ending))
    assert errors == []
    found, expected = EventTable.from_frame(frame), EventTable.from_events(ALL_KINDS)
    assert found.clients == expected.clients
    for name in EVENT_COLUMNS:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)


@pytest.mark.parametrize(
    "at",
    [
        1709632800,
        1709632800.0,
        np.int64(1709632800),
        "1709632800",
        "1709632800.0",
        "2024-03-05T10:00:00Z",
        "2024-03-05 10:00:00",
        " 2024-03-05T13:00:00+03:00 ",
        datetime(2024, 3, 5, 10, 0),  # noqa: DTZ001 - a time without a zone counts as UTC
        pd.Timestamp("2024-03-05T13:00:00+03:00"),
    ],
)
def test_every_way_to_write_an_instant_is_read(at: object) -> None:
    events, problems = one(at=at)
    assert problems == []
    assert isinstance(events[0], Message)
    assert (events[0].at, events[0].at.utcoffset()) == (AT, AT.utcoffset())


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1709632800, 1709632800], pa.int64()),
        pa.array([1709632800, 1709632800], pa.int32()),
        pa.array([1709632800.0, 1709632800.0], pa.float64()),
        pa.array(["2024-03-05T10:00:00Z", "1709632800"], pa.large_string()),
        pa.array([AT, AT], pa.timestamp("ns", "Europe/Berlin")),
        pa.array([AT.replace(tzinfo=None)] * 2, pa.timestamp("ms")),
        pa.array(["2024-03-05 10:00", "2024-03-05T10:00:00Z"]).dictionary_encode(),
    ],
)
def test_every_parquet_type_of_an_instant_is_read(tmp_path: Path, column: pa.Array) -> None:
    texts = {name: pa.array([ROW[name]] * 2).dictionary_encode() for name in ("client_id", "kind", "direction")}
    pq.write_table(pa.table({"event_id": pa.array([1, 2]), "at": column, **texts}), tmp_path / "e.parquet")
    frame, errors = read_frame(tmp_path / "e.parquet")
    assert errors == []
    assert frame["at"].tolist() == [AT, AT]
    assert frame["event_id"].tolist() == ["1", "2"]


def test_parquet_dates_are_midnights_and_long_ids_with_gaps_keep_their_digits(tmp_path: Path) -> None:
    table = pa.table(
        {
            "event_id": pa.array([2**60 + 1, None]),
            "client_id": ["c", "c"],
            "kind": ["message", "message"],
            "direction": ["in", "in"],
            "at": pa.array([date(2024, 3, 5)] * 2),
        }
    )
    pq.write_table(table, tmp_path / "e.parquet")
    frame, errors = read_frame(tmp_path / "e.parquet")
    assert frame["event_id"].tolist() == [str(2**60 + 1)]
    assert frame["at"].tolist() == [datetime(2024, 3, 5, tzinfo=UTC)]
    assert [(error.place, error.problem) for error in errors] == [("e.parquet row 2", "event_id is missing")]


@pytest.mark.parametrize(
    "at", [0, 1709632800000, 1e300, float("inf"), "now", "today", "2024", "05.03.2024", "x", True, [1], {}, 10**400]
)
def test_what_is_no_instant_is_reported(at: object) -> None:
    events, problems = one(at=at)
    assert events == []
    assert problems == ["at is not a time between 1971 and 2100 (seconds since 1970, or ISO)"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"event_id": ""}, "event_id is missing"),
        ({"client_id": None}, "client_id is missing"),
        ({"client_id": ["c1"]}, "client_id is not a text"),
        ({"kind": "telegram"}, "kind is none of message, meeting, call, invoice"),
        ({"kind": None}, "kind is missing"),
        ({"direction": "both"}, "direction is none of in, out"),
        ({"at": None}, "at is missing"),
        ({"kind": "meeting", "status": "held"}, "a meeting needs starts_at"),
        ({"kind": "meeting", "starts_at": 1709632800}, "a meeting needs status"),
        ({"kind": "call"}, "a call needs duration_s"),
        ({"kind": "call", "duration_s": -1}, "duration_s is not a finite number from 0"),
        ({"kind": "call", "duration_s": "inf"}, "duration_s is not a finite number"),
        ({"kind": "invoice", "amount": 5}, "an invoice needs due_on"),
        ({"kind": "invoice", "due_on": "2024-04-01"}, "an invoice needs amount"),
        ({"automatic": "perhaps"}, "automatic is neither yes nor no"),
        ({"people": ["anna", "bob"]}, "people is not a list of ids with ; between them"),
        ({"attachments": -1}, "attachments is not a whole number from 0"),
        ({"attachments": 1.5}, "attachments is not a whole number from 0"),
        ({"away_until": "soon"}, "away_until is not a date between 1971 and 2100"),
        ({"away_until": "2024-03-05"}, "away_until is not after away_since"),
        ({"away_since": "2024-03-09", "away_until": "2024-03-07"}, "away_until is not after away_since"),
        ({"words": "many"}, "words is not a whole number from 0"),
        ({"words": 2.5}, "words is not a whole number from 0"),
        ({"words": 3_000_000_000}, "words is not a whole number from 0"),
        ({"irritation": 1.5}, "irritation is not a number from 0 to 1"),
        ({"irritation": "nan?"}, "irritation is not a number from 0 to 1"),
        ({"cues": 2**60}, "cues is not a whole number from 0 to "),
        ({"question": "what"}, "question is neither yes nor no"),
        ({"delivers": 7}, "delivers is neither yes nor no"),
        ({"promise_due": "Friday"}, "promise_due is not a date between 1971 and 2100"),
    ],
)
def test_a_row_that_cannot_be_an_event_says_why(changes: dict[str, object], problem: str) -> None:
    events, problems = one(**changes)
    assert events == []
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_key_words_and_flags_may_be_written_loosely() -> None:
    events, problems = one(kind=" Call", direction="OUT", answered="Yes", duration_s="12.5")
    assert problems == []
    assert events == [Call("m1", "c1", Direction.OUT, AT, AT, 12.5, answered=True)]


def test_a_missed_call_needs_no_duration_and_a_long_one_no_answer() -> None:
    assert one(kind="call", answered=False)[0] == [Call("m1", "c1", Direction.IN, AT, AT, 0.0, answered=False)]
    assert one(kind="call", duration_s=3)[0] == [Call("m1", "c1", Direction.IN, AT, AT, 3.0, answered=True)]


def test_only_a_meeting_may_be_known_before_its_moment() -> None:
    early = "2024-03-01T00:00:00Z"
    (message,), _ = one(known_at=early)
    (meeting,), _ = one(known_at=early, kind="meeting", starts_at=AT.isoformat(), status="accepted")
    assert isinstance(message, Message)
    assert isinstance(meeting, Meeting)
    assert message.known_at == AT
    assert meeting.known_at == datetime(2024, 3, 1, tzinfo=UTC)
    assert meeting.meeting_id == "m1"


def test_repeated_events_are_counted_and_the_first_is_kept(tmp_path: Path) -> None:
    frame = pd.DataFrame([ROW, ROW | {"at": LATER.isoformat()}, ROW | {"client_id": "c2"}])
    found, errors = read_frame(written(tmp_path, frame, ".parquet"))
    assert found[["client_id", "at"]].values.tolist() == [["c1", AT], ["c2", AT]]
    assert [error.problem for error in errors] == [
        "1 rows repeat an event_id of the same client; the first of each is kept"
    ]


def test_every_column_of_the_format_is_known_and_no_other() -> None:
    columns = {*INTERCHANGE_COLUMNS, *READING_COLUMNS}
    _, errors = events_of_rows([ROW | dict.fromkeys(columns - ROW.keys()) | {"mood": "grim"}])
    assert [error.problem for error in errors] == ["1 unknown columns were ignored: mood"]


def test_unknown_columns_are_ignored_with_a_count(tmp_path: Path) -> None:
    _, errors = read_frame(written(tmp_path, pd.DataFrame([ROW | {"mood": "grim", "words": 3}]), ".parquet"))
    assert [error.problem for error in errors] == ["1 unknown columns were ignored: mood"]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_a_missing_column_stops_the_source(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path, pd.DataFrame([ROW]).drop(columns="direction"), ending)
    with pytest.raises(SourceUnavailableError, match="no column 'direction'"):
        read_frame(path)


@pytest.mark.parametrize("name", ["absent.parquet", "absent.csv", "absent.jsonl", "events.xlsx"])
def test_a_file_that_cannot_be_read_at_all_stops_the_source(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceUnavailableError):
        read_frame(tmp_path / name)


def test_a_broken_parquet_file_stops_the_source(tmp_path: Path) -> None:
    (tmp_path / "e.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(SourceUnavailableError, match="Parquet"):
        read_frame(tmp_path / "e.parquet")


def test_broken_lines_of_json_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [
        json.dumps(ROW).encode(),
        b"{broken",
        b"[1]",
        b"",
        json.dumps(ROW | {"event_id": 5, "subject": "\ud800"}).encode(),
        b'{"event_id": "\xff"}',
    ]
    path = tmp_path / "e.jsonl"
    path.write_bytes(b"\n".join(lines))
    frame, errors = read_frame(path)
    assert frame["event_id"].tolist() == ["m1", "5"]
    assert [(error.place, error.problem) for error in errors] == [
        ("e.jsonl line 2", "is not JSON"),
        ("e.jsonl line 3", "is not an object with named values"),
        ("e.jsonl line 6", "is not JSON"),
    ]


def test_broken_rows_of_csv_are_reported_with_their_line_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    header = "event_id,client_id,kind,direction,at,text\n"
    row = "{},c1,message,in,1709632800,{}\n"
    path.write_text(
        header + row.format("a", '"two\nlines"') + "b,c1\n" + row.format("c", '"open') + row.format("d", "x")
    )
    frame, errors = read_frame(path)
    assert frame[["event_id", "text"]].values.tolist() == [["a", "two\nlines"], ["d", "x"]]
    assert [error.place for error in errors] == ["e.csv line 4", "e.csv line 5"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_csv_from_excel_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "e.csv"
    path.write_bytes(
        "event_id;client_id;kind;direction;at;text\r\nодин;Ромашка;message;in;2024-03-05 10:00;Где отчёт?\r\n".encode(
            encoding
        )
    )
    frame, errors = read_frame(path)
    assert errors == []
    assert frame[["event_id", "client_id", "text"]].values.tolist() == [["один", "Ромашка", "Где отчёт?"]]


def test_ids_that_look_like_dates_or_numbers_stay_as_they_are(tmp_path: Path) -> None:
    ids = ["2024-03-05", "007", "1e5", "NA", "true"]
    for ending in (".csv", ".jsonl"):
        frame, _ = read_frame(written(tmp_path, pd.DataFrame([ROW | {"event_id": name} for name in ids]), ending))
        assert frame["event_id"].tolist() == ids, ending


def test_columns_may_be_named_otherwise_by_configuration(tmp_path: Path) -> None:
    path = written(tmp_path, pd.DataFrame([ROW]).rename(columns={"client_id": "account"}), ".parquet")
    settings = SourceSettings(name="events", kind="events", path="e", columns={"client_id": "account"})
    first, *_ = EventsSource("events", (path,), settings).read(None)
    assert isinstance(first, Message)
    assert first.client_id == "c1"


def test_who_takes_part_what_came_along_and_who_is_away_are_told_by_a_row() -> None:
    row = {"people": " anna; bob;;anna ", "attachments": "2", "away_since": "2024-03-04", "away_until": "2024-03-12"}
    (message,), problems = one(**row)
    assert problems == []
    assert message == Message(
        "m1",
        "c1",
        Direction.IN,
        AT,
        AT,
        automatic=True,
        people=("anna", "bob"),
        attachments=2,
        away_since=date(2024, 3, 4),
        away_until=date(2024, 3, 12),
    )
    (meeting,), _ = one(kind="meeting", starts_at=AT.isoformat(), status="held", people="anna")
    assert isinstance(meeting, Meeting)
    assert meeting.people == ("anna",)


def test_an_absence_begins_on_the_day_it_is_told_if_nothing_else_is_said() -> None:
    (message,), _ = one(away_until="2024-03-12", automatic=None)
    assert isinstance(message, Message)
    assert (message.away_since, message.automatic) == (AT.date(), True)
    (told,), _ = one(away_until="2024-03-12", automatic=False)
    assert isinstance(told, Message)
    assert not told.automatic


READ = {
    "words": 12,
    "question": True,
    "expects_reply": True,
    "irritation": 0.75,
    "warmth": 0.125,
    "cues": int(Cue.BLAME | Cue.GREETING),
    "promise_due": "2024-03-08",
    "delivers": False,
}


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_the_numbers_that_a_table_brings_come_with_its_messages(tmp_path: Path, ending: str) -> None:
    rows = [ROW | READ, ROW | {"event_id": "m2", "words": 3}, ROW | {"event_id": "m3"}]
    rows.append(ROW | READ | {"event_id": "k1", "kind": "call", "duration_s": 5})
    whole, partly, bare, call = objects(written(tmp_path, pd.DataFrame(rows), ending))
    assert isinstance(whole, ReadMessage)
    assert whole.message == Message("m1", "c1", Direction.IN, AT, AT)
    assert whole.reading == Reading(
        12,
        question=True,
        irritation=0.75,
        cues=Cue.BLAME | Cue.GREETING,
        expects_reply=True,
        warmth=0.125,
        promise_due=date(2024, 3, 8),
        delivers=False,
    )
    assert isinstance(partly, ReadMessage)
    assert (partly.reading.words, partly.reading.question, partly.reading.delivers) == (3, None, None)
    assert math.isnan(partly.reading.irritation)
    assert math.isnan(partly.reading.warmth)
    assert (bare, type(call)) == (Message("m3", "c1", Direction.IN, AT, AT), Call)


def test_a_thousand_errors_are_listed_and_the_others_counted() -> None:
    _, errors = events_of_rows([ROW | {"kind": "x"}] * 1500)
    assert len(errors) == 1001
    assert errors[0].place == "event 1"
    assert errors[-1].problem == "500 more rows could not be read"


def test_no_text_of_a_message_reaches_an_error() -> None:
    _, errors = events_of_rows([ROW | {"text": "secret", "subject": "secret", "at": "secret", "kind": "secret"}])
    assert errors
    assert not any("secret" in error.problem for error in errors)


def test_an_empty_body_is_no_events() -> None:
    assert events_of_rows([]) == ([], [])


_CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.integers(), max_size=2)
)
_ROWS = st.fixed_dictionaries(
    {},
    optional={
        name: _CELLS
        | st.sampled_from(["message", "meeting", "call", "invoice", "in", "out", "held", "2024-03-05", "1"])
        for name in (
            *ROW,
            "known_at",
            "starts_at",
            "status",
            "duration_s",
            "answered",
            "due_on",
            "amount",
            "text",
            "people",
            "attachments",
            "away_since",
            "away_until",
            "words",
            "irritation",
            "cues",
            "delivers",
            "promise_due",
        )
    },
)


@settings(deadline=None)
@given(st.lists(_ROWS.map(lambda row: ROW | row), max_size=4))
def test_no_body_breaks_the_reader_and_every_row_is_accounted_for(rows: list[dict[str, object]]) -> None:
    events, errors = events_of_rows(rows)
    repeated = sum(int(error.problem.split()[0]) for error in errors if "repeat" in error.problem)
    assert len(events) + sum(error.place.startswith("event ") for error in errors) + repeated == len(rows)
    assert all(event.at.utcoffset() == AT.utcoffset() and event.known_at is not None for event in events)


@pytest.mark.shared
@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_a_real_mailing_list_is_read_alike_from_every_format(tmp_path: Path, ending: str) -> None:
    if not MAIL.exists():
        pytest.skip("the measuring data is not beside the checkout")
    mail = pd.read_parquet(MAIL).head(12_000)
    table = pd.DataFrame(
        {
            "event_id": mail["msgid"],
            "client_id": mail["person"],
            "kind": "message",
            "direction": "in",
            "at": mail["ts"],
            "reply_to": mail["parent"],
            "subject": mail["subject"].where(mail["subject"] != ""),
            "text": mail["own_text"].where(mail["own_text"] != ""),
        }
    )
    frame, errors = read_frame(written(tmp_path, table, ending))
    expected = table.drop_duplicates(["event_id", "client_id"])
    assert len(frame) == len(expected)
    assert all(isinstance(error, SourceError) and "repeat" in error.problem for error in errors)
    assert frame["at"].astype("int64").floordiv(10**6).tolist() == expected["at"].tolist()
    for name in ("text", "reply_to"):
        given = expected[name].fillna("").str.replace("\x00", "")  # no database keeps a NUL
        assert frame[name].fillna("").tolist() == given.tolist()
    assert len(EventTable.from_frame(frame)) == len(expected)
