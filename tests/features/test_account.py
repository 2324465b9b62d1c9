"""Invoices: what is owed, since when, and that a payment is not known before its day has passed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.table import EventTable
from churnwatch.core.types import Direction, Invoice

DUE = date(2025, 5, 15)
UTC_OFFICE = BusinessCalendar()


def invoice(number: int, due_on: date, paid_on: date | None, amount: float = 100.0) -> Invoice:
    issued = datetime(due_on.year, due_on.month, due_on.day, 12, tzinfo=UTC) - timedelta(days=14)
    return Invoice(f"i{number}", "a", Direction.OUT, issued, issued, due_on, amount, paid_on)


def shown(
    name: str, invoices: list[Invoice], day: date, calendar: BusinessCalendar = UTC_OFFICE
) -> tuple[float, float, float]:
    """A signal's value, now and before at the midnight that starts a day."""
    table = EventTable.from_events(invoices)
    index = scoring.index_of(table, ["a"], np.array([micros(calendar.midnight(day))]))
    found = features.measure(table, index, calendar, names=(name,))
    return tuple(float(part[name][0]) for part in (found.values, found.now, found.before))


@pytest.mark.parametrize(
    ("timezone", "day", "known"),
    [
        ("UTC", date(2025, 6, 10), False),  # the day of payment begins
        ("UTC", date(2025, 6, 11), True),
        ("America/New_York", date(2025, 6, 10), False),
        ("America/New_York", date(2025, 6, 11), True),
        ("Asia/Tokyo", date(2025, 6, 10), False),
        ("Asia/Tokyo", date(2025, 6, 11), True),  # in UTC the day is not over yet
    ],
)
def test_a_payment_is_hidden_until_its_day_has_passed(timezone: str, day: date, known: bool) -> None:
    paid = [invoice(1, DUE, date(2025, 6, 10))]
    _, days, _ = shown("overdue", paid, day, BusinessCalendar(timezone))
    assert (days == 0) == known
    assert shown("overdue", paid, day, BusinessCalendar(timezone)) == pytest.approx(
        shown("overdue", [invoice(1, DUE, date(2025, 6, 10) if known else None)], day, BusinessCalendar(timezone)),
        nan_ok=True,
    )


@pytest.mark.parametrize("timezone", ["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Auckland"])
def test_days_late_are_whole_days_of_the_firm(timezone: str) -> None:
    office, owed = BusinessCalendar(timezone), [invoice(1, DUE, None)]
    days = [shown("overdue", owed, DUE + timedelta(later), office)[1] for later in (0, 1, 8)]
    assert days == [0, 1, 8]


@pytest.mark.parametrize(("day", "known"), [(date(2025, 6, 25), False), (date(2025, 6, 26), True)])
def test_a_payment_is_hidden_until_it_was_told(day: date, known: bool) -> None:
    told_at = datetime(2025, 6, 25, 9, tzinfo=UTC)
    paid = replace(invoice(1, DUE, date(2025, 6, 10)), paid_known_at=told_at)
    seen = invoice(1, DUE, date(2025, 6, 10) if known else None)
    assert shown("overdue", [paid], day) == pytest.approx(shown("overdue", [seen], day), nan_ok=True)


def test_a_payment_told_before_its_day_is_hidden_until_that_has_passed() -> None:
    paid = replace(invoice(1, DUE, date(2025, 6, 10)), paid_known_at=datetime(2025, 6, 1, tzinfo=UTC))
    assert [shown("overdue", [paid], date(2025, 6, day))[1] for day in (10, 11)] == [26, 0]


def test_the_oldest_unpaid_invoice_counts_from_its_due_day() -> None:
    owed = [
        invoice(1, DUE, None),
        invoice(2, DUE + timedelta(days=5), None),
        invoice(3, DUE - timedelta(days=9), DUE - timedelta(days=1)),
    ]
    assert shown("overdue", owed, DUE)[1] == 0
    assert shown("overdue", owed, DUE + timedelta(days=8))[:2] == pytest.approx((np.log1p(8), 8))


def test_later_payments_than_usual_are_measured_in_weeks() -> None:
    months = [date(2024, month, 15) for month in range(6, 13)]
    punctual = [invoice(number, day, day + timedelta(days=1)) for number, day in enumerate(months)]
    late = [invoice(20, date(2025, 1, 20), date(2025, 2, 3))]
    value, now, before = shown("invoice_late_z", [*punctual, *late], date(2025, 3, 1))
    assert (value, now, before) == (pytest.approx(13 / 7), 14, 1)
    assert features.BY_NAME["invoice_late_z"].unit == "weeks"


def test_three_invoices_are_no_past() -> None:
    few = [invoice(number, date(2024, 6 + number, 15), date(2024, 6 + number, 15)) for number in range(3)]
    assert np.isnan(shown("invoice_late_z", [*few, invoice(9, date(2025, 1, 20), None)], date(2025, 3, 1))[0])


def test_spending_less_is_negative() -> None:
    monthly = [invoice(month, date(2024, month, 20), None, 300.0 if month < 10 else 100.0) for month in range(4, 13)]
    value, now, before = shown("spend_trend", monthly, date(2024, 12, 30))
    assert value == pytest.approx(np.log(115 / 315))
    assert (now, before) == pytest.approx((100, 300))
