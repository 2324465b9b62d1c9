from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import Skipped, SourceError, SourceItem, UnknownCorrespondent
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.types import Call, Contact, Direction
from churnwatch.sources.calls import CallsSource
from churnwatch.sources.identity import Identity

PEOPLE = Identity([], ["+7 495 000-00-00"], [], [Contact("anna", "c1", addresses=("+7 916 123-45-67",))])


def read(folder: Path, text: str) -> list[SourceItem]:
    path = folder / "calls.csv"
    path.write_bytes(text.encode())
    settings = SourceSettings(name="pbx", kind="calls", path="calls.csv")
    return list(CallsSource("pbx", (path,), settings, PEOPLE, ZoneInfo("Europe/Moscow")).read(None))[:-1]


def test_a_switchboards_log_is_read_without_configuration(tmp_path: Path) -> None:
    at = datetime(2024, 1, 2, 7, 0, tzinfo=UTC)
    text = "uniqueid,calldate,phone,direction,billsec,disposition\n17,2024-01-02 10:00:00,89161234567,inbound,125,ANSWERED\n"
    assert read(tmp_path, text) == [Call("17", "c1", Direction.IN, at, at, 125.0, True, "anna")]


def test_a_russian_log_with_separate_date_and_time_is_read(tmp_path: Path) -> None:
    at = datetime(2024, 1, 2, 7, 15, tzinfo=UTC)
    text = "Дата;Время;Телефон;Тип;Длительность;Статус\n02.01.2024;10:15;+7 (916) 123-45-67;Исходящий;0:00;пропущен\n"
    (call,) = read(tmp_path, text)
    assert isinstance(call, Call)
    assert (call.at, call.direction, call.duration_s, call.answered) == (at, Direction.OUT, 0.0, False)


def test_a_client_id_serves_where_there_is_no_number(tmp_path: Path) -> None:
    (call,) = read(tmp_path, "at,client_id,direction,duration_s\n2024-01-02 10:00,c9,out,1:05\n")
    assert isinstance(call, Call)
    assert (call.client_id, call.contact_id, call.duration_s, call.answered) == ("c9", None, 65.0, True)


def test_strangers_are_reported_and_our_own_and_withheld_numbers_skipped(tmp_path: Path) -> None:
    row = "2024-01-02 10:00,{},in,5\n"
    text = "at,phone,direction,duration_s\n" + "".join(
        map(row.format, ("+1 555 0100", "8 495 0000000", "anonymous", ""))
    )
    file = str(tmp_path / "calls.csv")
    assert read(tmp_path, text) == [
        UnknownCorrespondent("pbx", "+15550100", datetime(2024, 1, 2, 7, 0, tzinfo=UTC), file),
        Skipped("pbx", "internal call", file),
        Skipped("pbx", "withheld number", file),
        Skipped("pbx", "withheld number", file),
    ]


def test_equal_rows_are_two_calls_with_stable_ids(tmp_path: Path) -> None:
    text = "at,phone,direction,duration_s\n" + "2024-01-02 10:00,89161234567,in,0\n" * 2
    first, again = read(tmp_path, text), read(tmp_path, text)
    ids = [call.event_id for call in first if isinstance(call, Call)]
    assert len(set(ids)) == 2
    assert first == again


def test_the_id_does_not_depend_on_the_other_rows_or_the_files_name(tmp_path: Path) -> None:
    header, row = "at,phone,direction,duration_s\n", "2024-01-02 10:00,89161234567,in,7\n"
    (alone,) = read(tmp_path, header + row)
    assert alone in read(tmp_path, header + "2024-01-01 10:00,89161234567,in,9\n" + row)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("yesterday,89161234567,in,5", "at is not a date"),
        (",89161234567,in,5", "at is empty"),
        ("2024-01-02 10:00,89161234567,sideways,5", "direction is neither in nor out"),
        ("2024-01-02 10:00,89161234567,in,long", "duration_s is not a duration"),
        ("2024-01-02 10:00,89161234567,in,", "duration_s is empty"),
    ],
)
def test_a_bad_row_is_reported_and_the_next_is_read(tmp_path: Path, row: str, problem: str) -> None:
    items = read(tmp_path, f"at,phone,direction,duration_s\n{row}\n2024-01-02 10:00,89161234567,in,5\n")
    assert items[0] == SourceError("pbx", "calls.csv line 2", problem, str(tmp_path / "calls.csv"))
    assert isinstance(items[1], Call)


def test_a_log_without_number_and_client_stops_the_source(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="neither a column 'phone' nor 'client_id'"):
        read(tmp_path, "at,direction,duration_s\n2024-01-02,in,5\n")
