from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.sources.csv_values import (
    AmbiguousDatesError,
    CellError,
    DateFormat,
    date_formats,
    decimal_mark,
    parse_amount,
    parse_day,
    parse_flag,
    parse_instant,
    parse_seconds,
)

DAY_FIRST, MONTH_FIRST = DateFormat(), DateFormat(day_first=False)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("cell", "layout"),
    [
        ("2024-03-05", DAY_FIRST),
        ("2024/3/5", MONTH_FIRST),
        ("20240305", DAY_FIRST),
        ("05.03.2024", MONTH_FIRST),
        ("5.3.24", DAY_FIRST),
        ("05/03/2024", DAY_FIRST),
        ("03/05/2024", MONTH_FIRST),
        ("03-05-2024", MONTH_FIRST),
        ("2024-03-05T23:59:59Z", DAY_FIRST),
        ("05.03.2024, 10:15", DAY_FIRST),
        ("05|03|2024", DateFormat(pattern="%d|%m|%Y")),
        ("05|03|2024 10:15", DateFormat(pattern="%d|%m|%Y")),
        ("2024-03-05", DateFormat(pattern="%d/%m/%Y")),
    ],
)
def test_every_common_way_to_write_a_day_is_read(cell: str, layout: DateFormat) -> None:
    assert parse_day(cell, layout) == date(2024, 3, 5)


@pytest.mark.parametrize(
    "cell", ["31.02.2024", "2024-13-01", "yesterday", "45321", "05.03.0024", "1.2", "05.03.2024 noon"]
)
def test_what_is_no_day_is_an_error_that_does_not_repeat_the_cell(cell: str) -> None:
    with pytest.raises(CellError) as error:
        parse_day(cell, DAY_FIRST)
    assert cell not in str(error.value)


def test_a_column_proves_its_own_order() -> None:
    found = date_formats({"a": ["01/02/2024", "25/02/2024"], "b": ["01/02/2024", "02/25/2024"], "c": ["2024-01-02"]})
    assert (found["a"].day_first, found["b"].day_first) == (True, False)


def test_an_open_column_follows_the_other_columns_of_the_file() -> None:
    assert not date_formats({"issued": ["01/02/2024"], "due": ["02/25/2024"]})["issued"].day_first


@pytest.mark.parametrize("cells", [["01/02/2024", "03/04/2024"], ["25/02/2024", "02/25/2024", "01/02/2024"]])
def test_a_column_without_proof_or_with_both_proofs_is_ambiguous(cells: list[str]) -> None:
    with pytest.raises(AmbiguousDatesError, match="due"):
        date_formats({"due": cells})


def test_a_given_format_ends_the_ambiguity() -> None:
    assert parse_day("01/02/2024", date_formats({"due": ["01/02/2024"]}, "%d/%m/%Y")["due"]) == date(2024, 2, 1)


def test_days_that_read_the_same_both_ways_are_not_ambiguous() -> None:
    assert parse_day("05/05/2024", date_formats({"due": ["05/05/2024"]})["due"]) == date(2024, 5, 5)


def test_one_slip_among_many_proofs_is_a_bad_cell_and_not_a_bad_column() -> None:
    layout = date_formats({"due": [f"01/{day}/2024" for day in range(10, 32)] * 2 + ["31/01/2024"]})["due"]
    assert not layout.day_first
    with pytest.raises(CellError):
        parse_day("31/01/2024", layout)


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2024-07-01 10:00", "2024-07-01T08:00:00+00:00"),
        ("2024-01-01 10:00:30", "2024-01-01T09:00:30+00:00"),
        ("2024-07-01T10:00:00.5+03:00", "2024-07-01T07:00:00.500000+00:00"),
        ("2024-07-01T10:00:00Z", "2024-07-01T10:00:00+00:00"),
        ("01.07.2024 10:00 PM", "2024-07-01T20:00:00+00:00"),
        ("01.07.2024 12:05 am", "2024-06-30T22:05:00+00:00"),
        ("01.07.2024", "2024-06-30T22:00:00+00:00"),
    ],
)
def test_instants_become_utc_and_local_ones_are_the_firms(cell: str, utc: str) -> None:
    found = parse_instant(cell, DAY_FIRST, BERLIN)
    assert found == datetime.fromisoformat(utc)
    assert found is not None
    assert found.utcoffset() is not None


def test_a_separate_time_cell_completes_the_day() -> None:
    assert parse_instant("01.07.2024", DAY_FIRST, BERLIN, "10:15") == datetime.fromisoformat(
        "2024-07-01T08:15:00+00:00"
    )


@pytest.mark.parametrize(
    "cell", ["2024-07-01 25:00", "2024-07-01 10:61", "2024-07-01 13:00 pm", "2024-07-01 10:00+99:00"]
)
def test_impossible_times_are_errors(cell: str) -> None:
    with pytest.raises(CellError):
        parse_instant(cell, DAY_FIRST, BERLIN)


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [
        ("1234.50", None, 1234.5),
        ("1 234,50", None, 1234.5),
        ("1\u00a0234,50 ₽", None, 1234.5),
        ("1\u202f234\u202f567,5 руб.", None, 1234567.5),
        ("1,234.50", None, 1234.5),
        ("1.234,50 €", None, 1234.5),
        ("1'234.50", None, 1234.5),
        ("1,234", None, 1234.0),
        ("1,234", ",", 1.234),
        ("1.234", ",", 1234.0),
        ("0,125", None, 0.125),
        ("1.234.567", None, 1234567.0),
        ("-5", None, -5.0),
        ("(5,00)", None, -5.0),
        (".5", None, 0.5),
        ("12,34,567.8", None, 1234567.8),
    ],
)
def test_amounts_are_read_with_either_mark(cell: str, mark: str | None, amount: float) -> None:
    assert parse_amount(cell, mark) == pytest.approx(amount)


@pytest.mark.parametrize("cell", ["abc", "1.2.3", "01.02.2024", "1,2,3.4.5", "12-3", "1e5", "9" * 400, "1,23.456"])
def test_what_is_no_amount_is_an_error(cell: str) -> None:
    with pytest.raises(CellError):
        parse_amount(cell)


def test_a_columns_decimal_mark_is_known_only_where_its_cells_agree() -> None:
    assert decimal_mark(["1.234", "17,50", ""]) == ","
    assert decimal_mark(["1,234", "2,345"]) is None
    assert decimal_mark(["1,5", "1.5"]) is None


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_grouping_of_an_amount_reads_the_same(value: object) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    russian = german.replace(".", "\u00a0")
    assert parse_amount(english) == parse_amount(german) == parse_amount(russian) == float(f"{value}")


def test_yes_and_no_in_our_languages() -> None:
    assert all(parse_flag(word) is True for word in ("да", "Да", "yes", "1", "TRUE"))
    assert all(parse_flag(word) is False for word in ("нет", "No", "0", "false"))
    assert parse_flag(" ") is None
    with pytest.raises(CellError):
        parse_flag("maybe")


@pytest.mark.parametrize(("cell", "seconds"), [("90", 90), ("1:30", 90), ("0:01:30", 90), ("90,5", 90.5), ("0", 0)])
def test_durations(cell: str, seconds: float) -> None:
    assert parse_seconds(cell) == seconds


@pytest.mark.parametrize("cell", ["-1", "soon", "inf", "99999999"])
def test_what_is_no_duration_is_an_error(cell: str) -> None:
    with pytest.raises(CellError):
        parse_seconds(cell)


@given(st.text(max_size=30))
def test_no_cell_breaks_a_parser(cell: str) -> None:
    for parse in (
        lambda: parse_day(cell, DAY_FIRST),
        lambda: parse_instant(cell, MONTH_FIRST, BERLIN, cell),
        lambda: parse_amount(cell),
        lambda: parse_flag(cell),
        lambda: parse_seconds(cell),
        lambda: parse_day(cell, DateFormat(pattern="%d/%m/%Y")),
    ):
        try:
            parse()
        except CellError as error:
            assert str(error)  # noqa: PT017 - any cell may or may not be an error
