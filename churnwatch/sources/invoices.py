"""Invoices and their payment, as bookkeeping exports them to CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import SourceItem
from churnwatch.core.types import Direction, Invoice
from churnwatch.sources.csv_table import Column, Row, Table, read_csv, row_id

INVOICE_COLUMNS: Final = (
    Column("invoice_id", ("event_id", "номер счета", "счет", "номер", "id счета", "invoice", "invoice number", "number", "id")),
    Column("client_id", ("client", "id клиента", "код клиента", "клиент", "контрагент", "customer id", "account id",
                         "customer"), required=True),
    Column("issued_on", ("дата счета", "дата", "выставлен", "дата выставления", "issue date", "invoice date", "issued",
                         "date"), required=True, holds="date"),
    Column("due_on", ("срок оплаты", "оплатить до", "срок", "due date", "due"), required=True, holds="date"),
    Column("amount", ("сумма", "сумма счета", "итого", "total", "sum"), required=True, holds="amount"),
    Column("paid_on", ("оплачено", "дата оплаты", "оплачен", "paid", "payment date", "paid date"), holds="date"),
)  # fmt: skip

_NOT_PAID: Final = frozenset(("нет", "no", "unpaid", "не оплачено", "не оплачен", "open", "0", "false"))


@dataclass(frozen=True, slots=True)
class InvoicesSource:
    """Invoices as issued, at the midnight that starts the day in the firm's time zone."""

    name: str
    paths: tuple[Path, ...]
    settings: SourceSettings
    zone: ZoneInfo

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield `Invoice` items."""
        return read_csv(self.name, self.paths, self.settings, INVOICE_COLUMNS, self.zone.key, cursor, self._items)

    def _items(self, table: Table) -> Iterator[SourceItem]:
        calendar = BusinessCalendar(timezone=self.zone.key)
        seen: dict[str, int] = {}

        def items_of(row: Row) -> Iterator[SourceItem]:
            invoice = _invoice(row, calendar)
            if back := row.line - seen.setdefault(invoice.event_id, row.line):
                raise row.complaint("invoice_id", f"repeats line {row.line - back}")
            yield invoice

        yield from table.rows(items_of)


def _invoice(row: Row, calendar: BusinessCalendar) -> Invoice:
    client_id = row.needed("client_id")
    issued = row.given(row.day("issued_on"), "issued_on")
    due = row.given(row.day("due_on"), "due_on")
    amount = row.given(row.amount("amount"), "amount")
    paid = None if row.text("paid_on").casefold() in _NOT_PAID else row.day("paid_on")
    event_id = row.text("invoice_id") or row_id("invoice", client_id, issued, due, amount)
    at = calendar.midnight(issued)
    return Invoice(event_id, client_id, Direction.OUT, at, at, due, amount, paid)
