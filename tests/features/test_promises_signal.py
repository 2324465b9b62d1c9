"""Dated promises: kept by the end of their day or broken, for good, and not before that day is over."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from exchanges import Row, message, table_of

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros

BERLIN = BusinessCalendar("Europe/Berlin", "DE")
PROMISED = datetime(2025, 5, 5, 10, tzinfo=UTC)  # a Monday
DUE = date(2025, 5, 9)
LAST_MINUTE = datetime(2025, 5, 9, 21, 59, tzinfo=UTC)  # in Berlin the day ends at 22:00 UTC
SIDES = {"broken_promises": "out", "their_promises": "in"}
both_sides = pytest.mark.parametrize("name", list(SIDES))


def promise(name: str, at: datetime = PROMISED, due: date | None = DUE, **more: object) -> Row:
    return message(SIDES[name], at, "x", promise_due=due, **more)


def delivery(name: str, at: datetime, **more: object) -> Row:
    return message(SIDES[name], at, "x", **({"delivers": True} | more))


def measured(
    name: str, rows: list[Row], day: date = date(2025, 5, 12), calendar: BusinessCalendar = BERLIN
) -> tuple[float, float]:
    """A signal's value, and how many were broken, at the midnight that starts a day."""
    table = table_of(rows)
    index = scoring.index_of(table, ["acme"], np.array([micros(calendar.midnight(day))]))
    found = features.measure(table, index, calendar, names=(name,))
    return float(found.values[name][0]), float(found.now[name][0])


def share(broken: int, due: int) -> tuple[float, float]:
    return pytest.approx(((broken + 1) / (due + 5), broken))


@both_sides
def test_a_promise_is_broken_when_nothing_came(name: str) -> None:
    assert measured(name, [promise(name)]) == share(1, 1)


@both_sides
@pytest.mark.parametrize(
    "how", [{"delivers": True}, {"delivers": False, "attachments": 1}, {"delivers": None, "attachments": 2}]
)
def test_it_is_kept_by_a_word_of_delivery_or_an_attachment(name: str, how: dict[str, object]) -> None:
    assert measured(name, [promise(name), delivery(name, LAST_MINUTE, **how)]) == share(0, 1)


@both_sides
def test_a_minute_late_is_broken_and_stays_so(name: str) -> None:
    late = delivery(name, LAST_MINUTE + timedelta(minutes=1))
    for day in (date(2025, 5, 10), date(2025, 5, 12), date(2025, 6, 2)):
        assert measured(name, [promise(name), late], day) == share(1, 1)


@both_sides
def test_it_is_booked_only_when_its_day_is_over(name: str) -> None:
    assert measured(name, [promise(name)], date(2025, 5, 9)) == share(0, 0)
    assert measured(name, [promise(name)], date(2025, 5, 10)) == share(1, 1)


@both_sides
def test_it_counts_for_56_days(name: str) -> None:
    assert measured(name, [promise(name)], DUE + timedelta(days=56)) == share(1, 1)
    assert measured(name, [promise(name)], DUE + timedelta(days=57)) == share(0, 0)


@both_sides
def test_the_other_side_keeps_nobodys_promise(name: str) -> None:
    other = next(one for one in SIDES if one != name)
    theirs = [promise(name), delivery(other, LAST_MINUTE)]
    assert measured(name, theirs) == share(1, 1)
    assert measured(other, theirs) == share(0, 0)


@both_sides
def test_what_was_delivered_before_keeps_no_promise_made_after(name: str) -> None:
    before = delivery(name, PROMISED - timedelta(hours=1))
    assert measured(name, [before, promise(name)]) == share(1, 1)
    with_it = promise(name, attachments=1)
    assert measured(name, [with_it]) == share(1, 1)


@both_sides
def test_each_promise_is_kept_or_broken_on_its_own(name: str) -> None:
    rows = [
        promise(name),
        promise(name, PROMISED + timedelta(hours=1), date(2025, 5, 6)),
        delivery(name, datetime(2025, 5, 7, 9, tzinfo=UTC)),
        promise(name, datetime(2025, 5, 8, 9, tzinfo=UTC), date(2025, 5, 9)),
    ]
    assert measured(name, rows) == share(2, 3)


@both_sides
def test_a_robots_promise_and_a_day_that_cannot_be_meant_are_none(name: str) -> None:
    rows = [
        promise(name, automatic=True),
        promise(name, due=date(2025, 5, 4)),
        promise(name, due=date(2027, 5, 4)),
        promise(name, due=None),
    ]
    assert measured(name, rows, date(2027, 5, 5)) == share(0, 0)


@both_sides
def test_the_day_ends_with_the_firms_midnight(name: str) -> None:
    rows = [promise(name), delivery(name, LAST_MINUTE + timedelta(minutes=1))]
    assert measured(name, rows, calendar=BusinessCalendar("America/New_York")) == share(0, 1)
    assert measured(name, rows, calendar=BusinessCalendar("Asia/Tokyo")) == share(1, 1)


@both_sides
def test_a_delivery_that_came_to_light_later_keeps_it_only_from_then_on(name: str) -> None:
    rows = [promise(name), delivery(name, LAST_MINUTE, known_at=datetime(2025, 5, 20, 9, tzinfo=UTC))]
    assert measured(name, rows, date(2025, 5, 20)) == share(1, 1)
    assert measured(name, rows, date(2025, 5, 21)) == share(0, 1)


@both_sides
def test_the_evidence_is_the_letters_with_broken_promises(name: str) -> None:
    kept = promise(name, PROMISED - timedelta(days=9), date(2025, 4, 30))
    rows = [kept, delivery(name, PROMISED - timedelta(days=8)), promise(name)]
    table = table_of(rows)
    index = scoring.index_of(table, ["acme"], np.array([micros(BERLIN.midnight(date(2025, 5, 12)))]))
    assert features.evidence(table, index, BERLIN, {0: (name,)}) == {(0, name): ("2",)}
