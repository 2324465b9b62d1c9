"""What of a client's signals points to leaving, and what stands behind it."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from firms import AS_OF, RELATIONS, Firm

from churnwatch import explaining, features
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.table import EventTable
from churnwatch.core.types import Call, Direction, Invoice, Message
from churnwatch.explaining import Explanation, push
from churnwatch.knowledge import known_at
from churnwatch.model.tone import SHIPPED
from churnwatch.store import Store

NAN = math.nan


@pytest.fixture(scope="module")
def read_firm(firm_files: Firm, tmp_path_factory: pytest.TempPathFactory) -> Firm:
    firm = firm_files.copy(tmp_path_factory.mktemp("read"))
    firm.set('[delivery]\nfolder = "outbox"')
    firm.night()
    return firm


def explained(firm: Firm, client_id: str, as_of: date = AS_OF) -> Explanation:
    with firm.open() as store:
        known = known_at(firm.config, store, as_of)
        return explaining.explain(
            store, known.table, client_id, as_of, firm.config.firm.calendar, frozen=known.frozen.get(client_id)
        )


def midnight(firm: Firm, as_of: date) -> datetime:
    return firm.config.firm.calendar.midnight(as_of)


# --- the whole --------------------------------------------------------------------------------------------------------


def test_every_signal_is_found_in_catalogue_order(read_firm: Firm) -> None:
    found = explained(read_firm, "northwind").findings
    assert [one.signal.name for one in found] == list(features.NAMES)


def test_a_client_that_fell_silent_is_notably_silent_and_a_steady_one_is_not(read_firm: Firm) -> None:
    silence = {
        client: next(one for one in explained(read_firm, client).findings if one.signal.name == "silence")
        for client in ("northwind", "uhrwerk")
    }
    assert silence["northwind"].notable
    assert not silence["uhrwerk"].notable


@pytest.mark.parametrize("client_id", [one.client_id for one in RELATIONS])
def test_only_notable_signals_point_to_events_and_all_of_those_are_told(read_firm: Firm, client_id: str) -> None:
    explanation = explained(read_firm, client_id)
    cited = {event_id for one in explanation.findings for event_id in one.event_ids}
    assert cited == set(explanation.events)
    assert all(one.notable for one in explanation.findings if one.event_ids)
    assert {event.client_id for event in explanation.events.values()} <= {client_id}


def test_nothing_later_than_the_as_of_is_told(read_firm: Firm) -> None:
    for weeks in range(0, 12, 2):
        as_of = AS_OF - timedelta(weeks=weeks)
        explanation = explained(read_firm, "romashka", as_of)
        assert all(event.known_at < midnight(read_firm, as_of) for event in explanation.events.values())
        assert explanation.last_sign_of_life is not None
        assert explanation.last_sign_of_life < as_of


@pytest.mark.parametrize(("as_of", "paid_on"), [(date(2025, 5, 30), None), (date(2025, 5, 31), date(2025, 5, 30))])
def test_a_payment_is_told_once_its_day_is_over(tmp_path: Path, as_of: date, paid_on: date | None) -> None:
    issued = datetime(2025, 4, 1, tzinfo=UTC)
    unpaid = Invoice("unpaid", "c", Direction.OUT, issued, issued, due_on=date(2025, 4, 30), amount=100.0)
    others = [replace(unpaid, event_id=f"paid-{n}", paid_on=date(2025, 5, 30)) for n in range(2)]
    with Store.open(f"sqlite:///{tmp_path / 'invoices.db'}") as store:
        store.events.add([unpaid, *others], {})
        table = EventTable.from_frame(store.events.frame())
        told = explaining.explain(store, table, "c", as_of, BusinessCalendar()).events
    assert {event_id: getattr(event, "paid_on", None) for event_id, event in told.items()} == {
        "unpaid": None,
        "paid-0": paid_on,
        "paid-1": paid_on,
    }


def test_a_payment_that_was_told_later_is_not_told_before(tmp_path: Path) -> None:
    issued, told_at = datetime(2025, 4, 1, tzinfo=UTC), datetime(2025, 6, 10, 9, tzinfo=UTC)
    owed = Invoice("i", "c", Direction.OUT, issued, issued, due_on=date(2025, 4, 30), amount=100.0)
    with Store.open(f"sqlite:///{tmp_path / 'invoices.db'}") as store:
        store.events.add([owed], {})
        store.events.add([replace(owed, paid_on=date(2025, 5, 30))], {}, told_at)
        table = EventTable.from_frame(store.events.frame())
        told = explaining.explain(store, table, "c", date(2025, 6, 10), BusinessCalendar())
    assert [getattr(event, "paid_on", None) for event in told.events.values()] == [None]


def test_a_sign_of_life_is_the_clients_own_message_or_a_call_that_it_took_or_made(tmp_path: Path) -> None:
    def on(day: int) -> dict[str, Any]:
        at = datetime(2025, 5, day, 12, tzinfo=UTC)
        return {"event_id": f"e{day}", "client_id": "c", "at": at, "known_at": at}

    events = [
        Message(**on(1), direction=Direction.IN),
        Message(**on(2), direction=Direction.OUT),
        Message(**on(3), direction=Direction.IN, automatic=True),
        Call(**on(4), direction=Direction.OUT, duration_s=0.0, answered=False),
        Call(**on(5), direction=Direction.OUT, duration_s=60.0, answered=True),
        Call(**on(6), direction=Direction.IN, duration_s=0.0, answered=False),
    ]
    with Store.open(f"sqlite:///{tmp_path / 'life.db'}") as store:
        store.events.add(events, {})
        table = EventTable.from_frame(store.events.frame())
        days = [
            explaining.explain(store, table, "c", date(2025, 5, day + 1), BusinessCalendar()).last_sign_of_life
            for day in range(1, 7)
        ]
    assert [day and day.day for day in days] == [1, 1, 1, 1, 5, 6]


def test_a_client_without_events_has_no_sign_of_life_and_nothing_notable(read_firm: Firm) -> None:
    explanation = explained(read_firm, "nobody")
    assert explanation.last_sign_of_life is None
    assert not any(one.notable for one in explanation.findings)
    assert any(one.missing for one in explanation.findings)


def test_quotes_are_of_cited_messages_alone_and_short(read_firm: Firm) -> None:
    explanation = explained(read_firm, "romashka")
    with read_firm.open() as store:
        quotes = explaining.quotes_of(store, explanation, SHIPPED)
    assert set(quotes) <= set(explanation.events)
    theirs = [quote for quote in quotes.values() if quote.direction is Direction.IN]
    assert theirs
    assert all(0 < len(quote.text) <= 200 for quote in quotes.values())


# --- one number -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "now", "before", "notable"),
    [
        ("client_latency_z", 2.0, 9.0, 3.0, True),
        ("client_latency_slope", 0.6, NAN, NAN, True),  # half as long again every month
        ("client_latency_slope", 0.5, NAN, NAN, False),
        ("latency_asymmetry", 0.6, NAN, NAN, True),
        ("latency_asymmetry", 0.5, NAN, NAN, False),
        ("invoice_late_z", 1.1, 12.0, 4.0, True),  # more than a week later than usual
        ("invoice_late_z", 0.9, 8.0, 2.0, False),
        ("client_latency_z", 0.5, 4.0, 3.0, False),
        ("client_latency_z", -2.0, 3.0, 9.0, False),
        ("length_z", -2.0, 5.0, 50.0, True),
        ("length_z", 2.0, 50.0, 5.0, False),
        ("blame", 0.9, 0.3, 0.05, True),
        ("recency", 3.7, 39.0, 11.0, True),
        ("recency", 0.7, 1.0, 11.0, False),
        ("in_30", 0.0, 0.0, 6.0, True),
        ("in_30", 0.7, 1.0, 1.3, False),
        ("exit_words", 0.7, 1.0, NAN, True),
        ("exit_words", 0.0, 0.0, NAN, False),
        ("irritation_peak", 0.1, NAN, NAN, False),
        ("irritation_peak", 0.6, NAN, NAN, True),
        ("tenure", 0.1, 1.0, NAN, False),
        ("season_sin", 1.0, NAN, NAN, False),
        ("client_latency_z", NAN, 9.0, 3.0, False),
        ("volume_cusum", 1.2, 2.0, 6.0, True),
        ("volume_cusum", 1.2, 7.0, 6.0, False),
        ("future_talk", -0.9, 0.1, 0.4, True),
        ("future_talk", -0.9, 0.0, 0.02, False),
        ("volume_cusum", 0.4, 0.0, 6.0, False),
        ("senior_joins", 0.5, NAN, NAN, True),
        ("senior_joins", 0.1, NAN, NAN, False),
        ("manager_change", 0.8, 13.0, NAN, True),
        ("manager_change", 0.0, NAN, NAN, False),
        ("answered_share", 0.3, NAN, NAN, True),
        ("answered_share", 0.8, NAN, NAN, False),
        ("broken_promises", 0.4, 2.0, NAN, True),
        ("broken_promises", 0.2, 0.0, NAN, False),
        ("breadth", -0.9, 1.2, 2.9, True),
        ("our_tone", -0.3, 0.4, 0.7, False),
    ],
)
def test_what_is_clearly_on_the_risky_side_is_notable(
    name: str, value: float, now: float, before: float, notable: bool
) -> None:
    pushed = push(features.BY_NAME[name], value, now, before)
    assert pushed >= 0
    assert (pushed >= 1) == notable


def test_money_that_went_negative_is_no_error() -> None:
    assert push(features.BY_NAME["spend_trend"], -3.0, -50.0, 4000.0) > 1
