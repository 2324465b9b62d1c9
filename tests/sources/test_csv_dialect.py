from pathlib import Path

import pytest

from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.csv_dialect import Sheet, detect_delimiter, detect_encoding, read_sheet

TEXT = "Клиент;Сумма\nРомашка;1,5\n"


def sheet(content: bytes | str, encoding: str | None = None) -> Sheet:
    return read_sheet(Path("x.csv"), content.encode() if isinstance(content, str) else content, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_the_encoding_is_detected(encoding: str) -> None:
    found = sheet(TEXT.encode(encoding))
    assert found.header == ("Клиент", "Сумма")
    assert found.records[0].cells == ("Ромашка", "1,5")


def test_big_endian_utf16_is_detected() -> None:
    assert sheet(b"\xfe\xff" + TEXT.encode("utf-16-be")).header == ("Клиент", "Сумма")


def test_western_umlauts_are_not_taken_for_cyrillic() -> None:
    assert sheet("Name;Größe\nMüller;5\n".encode("cp1252")).records[0].cells == ("Müller", "5")


def test_one_broken_byte_does_not_make_utf8_another_encoding() -> None:
    content = ("Имя;Город\n" + "Анна;Москва\n" * 20).encode() + b"\xd0;broken\n"
    assert detect_encoding(content) == "utf-8"
    assert sheet(content).records[-1].cells == ("\ufffd", "broken")


def test_a_configured_encoding_wins_and_an_unknown_one_stops() -> None:
    assert sheet(TEXT.encode("koi8-r"), "koi8-r").header == ("Клиент", "Сумма")
    with pytest.raises(SourceUnavailableError, match="klingon"):
        sheet(TEXT, "klingon")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected(mark: str) -> None:
    assert detect_delimiter(f"a{mark}b{mark}c\n1{mark}2{mark}3\n") == mark


def test_decimal_commas_do_not_beat_the_semicolon() -> None:
    assert detect_delimiter("id;amount;fee\n1;100,50;3,1\n2;7,25;4,2\n") == ";"


def test_the_first_line_that_excel_writes_is_obeyed() -> None:
    found = sheet("sep=|\r\na|b\r\n1|2\r\n")
    assert found.header == ("a", "b")
    assert (found.records[0].line, found.records[0].cells) == (3, ("1", "2"))


def test_quoted_line_breaks_belong_to_the_cell_and_lines_are_counted_as_in_an_editor() -> None:
    found = sheet('a,b\n1,"two\nlines"\n\n3,4\n')
    assert [(record.line, record.cells) for record in found.records] == [(2, ("1", "two\nlines")), (5, ("3", "4"))]


def test_a_quote_that_is_never_closed_costs_one_record() -> None:
    found = sheet('a,b\n1,"open\n2,x\n3,"y"\n4,z\n')
    assert [record.line for record in found.records if record.problem] == [2]
    assert [record.cells for record in found.records if not record.problem] == [("2", "x"), ("3", "y"), ("4", "z")]


def test_a_quote_open_until_the_end_of_a_long_file_costs_one_record() -> None:
    rows = 40_000  # longer than the longest cell that the reader takes
    found = sheet('a,b\n1,"open\n' + "2,some text\n" * rows)
    assert len(found.records) == rows + 1
    assert sum(bool(record.problem) for record in found.records) == 1


def test_rows_with_fewer_or_more_cells_are_reported_and_spare_empty_cells_are_not() -> None:
    found = sheet("a,b\n1\n1,2,3\n1,2,,\n")
    assert [record.problem for record in found.records] == [
        "1 cells under 2 column names",
        "3 cells under 2 column names",
        "",
    ]


def test_nuls_are_dropped_and_the_rest_is_read() -> None:
    assert sheet(b"a,b\n1\x00,2\n3,4\n").records[0].cells == ("1", "2")


def test_a_file_without_a_header_stops_the_source() -> None:
    with pytest.raises(SourceUnavailableError, match=r"x\.csv is empty"):
        sheet("\n\n")
