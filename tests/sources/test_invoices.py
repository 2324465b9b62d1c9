from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import SourceError, SourceItem
from churnwatch.core.types import Direction, Invoice
from churnwatch.sources.invoices import InvoicesSource


def read(folder: Path, text: str) -> list[SourceItem]:
    path = folder / "invoices.csv"
    path.write_bytes(text.encode())
    settings = SourceSettings(name="books", kind="invoices", path="invoices.csv")
    return list(InvoicesSource("books", (path,), settings, ZoneInfo("Europe/Berlin")).read(None))[:-1]


def test_an_invoice_is_known_at_the_midnight_that_starts_its_day(tmp_path: Path) -> None:
    at = datetime(2024, 6, 30, 22, 0, tzinfo=UTC)
    text = "Номер счёта;Контрагент;Дата счета;Срок оплаты;Сумма;Оплачено\nA-17;c1;01.07.2024;15.07.2024;1 200,50;20.07.2024\n"
    assert read(tmp_path, text) == [
        Invoice("A-17", "c1", Direction.OUT, at, at, date(2024, 7, 15), 1200.5, date(2024, 7, 20))
    ]


@pytest.mark.parametrize("unpaid", ["", "-", "нет", "No"])
def test_an_invoice_may_be_unpaid(tmp_path: Path, unpaid: str) -> None:
    text = f"invoice_id,client_id,issued_on,due_on,amount,paid_on\n1,c,2024-07-01,2024-07-15,10,{unpaid}\n"
    (invoice,) = read(tmp_path, text)
    assert isinstance(invoice, Invoice)
    assert invoice.paid_on is None


def test_without_numbers_the_id_outlives_the_payment(tmp_path: Path) -> None:
    text = "client_id,issued_on,due_on,amount,paid_on\nc,2024-07-01,2024-07-15,10,{}\n"
    (open_one,), (paid,) = read(tmp_path, text.format("")), read(tmp_path, text.format("2024-07-20"))
    assert isinstance(open_one, Invoice)
    assert isinstance(paid, Invoice)
    assert open_one.event_id == paid.event_id


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("1,c,2024-07-01,,10,", "due_on is empty"),
        ("1,c,2024-07-01,2024-07-15,ten,", "amount is not an amount"),
        ("1,c,2024-07-01,2024-07-15,10,да", "paid_on is not a date"),
        ("1,,2024-07-01,2024-07-15,10,", "client_id is empty"),
        ("2,c,2024-07-01,2024-07-15,10,\n2,c,2024-07-01,2024-07-15,10,", "invoice_id repeats line 2"),
    ],
)
def test_a_bad_row_is_reported_and_the_next_is_read(tmp_path: Path, row: str, problem: str) -> None:
    good = "17,c,2024-07-01,2024-07-15,10,"
    items = read(tmp_path, f"invoice_id,client_id,issued_on,due_on,amount,paid_on\n{row}\n{good}\n")
    assert [item.problem for item in items if isinstance(item, SourceError)] == [problem]
    assert [item.event_id for item in items if isinstance(item, Invoice)][-1] == "17"
