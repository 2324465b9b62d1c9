import math
import random
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from relations import AWAY, BARE, CALL, DAY, EVENTS, HOUR, INVOICE, MEETING, MESSAGE, NOON, READINGS

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.interchange import INTERCHANGE_COLUMNS, READING_COLUMNS
from churnwatch.core.table import EventTable
from churnwatch.core.types import Cue, Event, Meeting, Message, Reading
from churnwatch.store import Store
from churnwatch.store.ingest import Batch


def _assert_same(one: EventTable, other: EventTable) -> None:
    assert one.clients == other.clients
    for name in (field.name for field in fields(EventTable) if field.name != "clients"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_the_stored_columns_measure_like_the_events_themselves(store: Store) -> None:
    assert store.events.add(EVENTS, READINGS) == (len(EVENTS), 0)
    _assert_same(EventTable.from_frame(store.events.frame()), EventTable.from_events(EVENTS, READINGS))


def test_each_column_alone_and_nothing_measures_alike(store: Store) -> None:
    empty = EventTable.from_frame(store.events.frame())
    assert len(empty) == 0
    assert empty.clients == ()
    for event in EVENTS:
        store.events.add([event], READINGS)
        one = store.events.frame([event.client_id])
        mine = [other for other in EVENTS[: EVENTS.index(event) + 1] if other.client_id == event.client_id]
        _assert_same(EventTable.from_frame(one), EventTable.from_events(mine, READINGS))


def test_the_frame_has_the_known_columns_and_no_text(store: Store) -> None:
    store.events.add(EVENTS, READINGS)
    frame = store.events.frame()
    assert set(frame.columns) == {*INTERCHANGE_COLUMNS, *READING_COLUMNS} - {"subject", "text"}
    assert str(frame["at"].dtype) == "datetime64[us, UTC]"
    assert frame.set_index("event_id").loc["m1", "at"] == pd.Timestamp(NOON)


def test_the_frame_tells_who_took_part_what_came_along_and_who_is_away(store: Store) -> None:
    store.events.add(EVENTS, READINGS)
    rows = store.events.frame().set_index("event_id")
    assert (rows.loc["m1", "people"], rows.loc["m1", "attachments"], rows.loc["c1", "people"]) == (
        "carl;eva",
        2,
        "carl",
    )
    assert (rows.loc["m1", "promise_due"], rows.loc["m1", "delivers"]) == (pd.Timestamp("2026-03-16", tz="UTC"), True)
    assert list(rows.loc["m3", ["away_since", "away_until"]]) == [
        pd.Timestamp("2026-03-02", tz="UTC"),
        pd.Timestamp("2026-03-16", tz="UTC"),
    ]
    absent = rows.loc["p1", ["people", "attachments", "away_since", "away_until", "promise_due", "delivers"]]
    assert absent.isna().all()


def test_the_frame_is_cut_by_client_and_by_what_was_known(store: Store) -> None:
    store.events.add(EVENTS, READINGS)
    assert set(store.events.frame(["bee"])["event_id"]) == {"p2", "m2", "m3"}
    assert set(store.events.frame(["bee", "acme", "bee", "nobody"])["event_id"]) == {event.event_id for event in EVENTS}
    assert len(store.events.frame([])) == 0
    # m1 happened at noon and became known an hour later: at that hour it is not yet "known before".
    assert "m1" not in set(store.events.frame(known_before=NOON + HOUR)["event_id"])
    assert "m1" in set(store.events.frame(known_before=NOON + HOUR + timedelta(microseconds=1))["event_id"])


def test_more_clients_than_a_query_takes_are_still_one_frame(store: Store) -> None:
    many = [replace(BARE, event_id=f"m{number}", client_id=f"client-{number:04}") for number in range(2500)]
    assert store.events.add(many, {}) == (2500, 0)
    assert store.events.add(many, {}) == (0, 2500)
    assert len(store.events.frame([event.client_id for event in many[:2400]])) == 2400


def test_one_mail_to_two_clients_is_two_events(store: Store) -> None:
    both = [MESSAGE, replace(MESSAGE, client_id="bee")]
    assert store.events.add(both, READINGS) == (2, 0)
    assert [len(store.events.messages(client_id)) for client_id in ("acme", "bee")] == [1, 1]


def test_a_known_event_stays_as_it_was(store: Store) -> None:
    store.events.add(EVENTS, READINGS)
    other_reading = {"m1": Reading(99, question=False, irritation=0.0, cues=Cue(0), expects_reply=False)}
    changed = [replace(MESSAGE, text="other", subject="other"), replace(CALL, duration_s=1.0)]
    assert store.events.add(changed, other_reading) == (0, 2)
    _assert_same(EventTable.from_frame(store.events.frame()), EventTable.from_events(EVENTS, READINGS))
    assert store.events.messages("acme") == [MESSAGE]


def test_a_payment_and_a_reading_that_were_lacking_are_added_once(store: Store) -> None:
    store.events.add(EVENTS, {})
    paid = replace(INVOICE, paid_on=date(2026, 3, 20), amount=1.0)
    assert store.events.add([paid, MESSAGE], READINGS) == (0, 2)
    known = [replace(event, paid_on=paid.paid_on) if event is INVOICE else event for event in EVENTS]
    _assert_same(EventTable.from_frame(store.events.frame()), EventTable.from_events(known, READINGS))
    store.events.add([replace(INVOICE, paid_on=date(2026, 4, 1)), INVOICE], {})
    _assert_same(EventTable.from_frame(store.events.frame()), EventTable.from_events(known, READINGS))


TOLD_AT = NOON + 72 * HOUR


def test_a_payment_told_later_says_nothing_new_of_the_days_before(store: Store) -> None:
    owed = replace(INVOICE, due_on=date(2026, 2, 2), at=NOON - 960 * HOUR, known_at=NOON - 960 * HOUR)

    def overdue() -> list[float]:
        table = EventTable.from_frame(store.events.frame())
        midnights = np.array(
            [micros(datetime(2026, 3, day, tzinfo=UTC)) for day in (1, 5, 6)]
        )  # it is told on the fifth
        index = scoring.index_of(table, ["acme"] * 3, midnights)
        return features.measure(table, index, BusinessCalendar(), names=("overdue",)).now["overdue"].tolist()

    store.events.add([owed], {}, NOON)
    before = overdue()
    store.events.add([replace(owed, paid_on=date(2026, 2, 20))], {}, TOLD_AT)
    assert before == [27, 31, 32]
    assert overdue() == [27, 31, 0]


def test_a_payment_keeps_the_instant_at_which_it_was_told_first(store: Store) -> None:
    store.events.add([INVOICE, replace(INVOICE, event_id="i2")], {}, NOON)
    paid = replace(INVOICE, paid_on=date(2026, 2, 20))
    store.ingest.commit(Batch("bills", "1", events=[paid], now=TOLD_AT))
    store.events.add([paid, replace(paid, event_id="i2", paid_known_at=NOON + HOUR)], {}, TOLD_AT + HOUR)
    rows = store.events.frame().set_index("event_id")
    assert rows["paid_known_at"].to_dict() == {"i1": TOLD_AT, "i2": NOON + HOUR}


def test_a_payment_that_comes_with_its_invoice_is_known_on_its_day(store: Store) -> None:
    store.events.add([replace(INVOICE, paid_on=date(2026, 2, 20))], {}, TOLD_AT)
    store.events.add([replace(INVOICE, event_id="i2"), replace(INVOICE, event_id="i2", paid_on=DAY)], {}, TOLD_AT)
    assert store.events.frame()["paid_known_at"].isna().all()


def test_what_a_table_did_not_tell_of_a_message_stays_unknown(store: Store) -> None:
    partly = Reading(12, None, math.nan, Cue(0), None, delivers=None)
    assert store.events.add([MESSAGE], {"m1": partly}) == (1, 0)
    newest = store.events.changes_after(0)
    assert store.events.add([MESSAGE], {"m1": partly}) == (0, 1)
    assert store.events.changes_after(0) == newest
    row = store.events.frame().iloc[0]
    assert row["words"] == 12
    assert row[["question", "expects_reply", "irritation", "delivers", "promise_due"]].isna().all()
    store.events.add([MESSAGE], READINGS)
    assert store.events.frame().iloc[0][["words", "question"]].tolist() == [4, True]


def test_an_event_twice_in_one_batch_is_one(store: Store) -> None:
    paid = replace(INVOICE, paid_on=date(2026, 3, 20))
    assert store.events.add([INVOICE, paid, MESSAGE, MESSAGE], READINGS) == (2, 2)
    _assert_same(EventTable.from_frame(store.events.frame()), EventTable.from_events([paid, MESSAGE], READINGS))


def test_messages_come_newest_first_with_their_texts(store: Store) -> None:
    later = [replace(MESSAGE, event_id=f"n{hour}", at=NOON + hour * HOUR, text=f"text {hour}") for hour in range(1, 6)]
    store.events.add([*later, *EVENTS], READINGS)
    assert store.events.messages("acme") == [*reversed(later), MESSAGE]
    assert store.events.messages("acme", limit=2) == [later[4], later[3]]
    assert store.events.messages("acme", before=later[1].at) == [later[0], MESSAGE]
    assert store.events.messages("bee") == [AWAY, BARE]


def test_texts_are_found_by_event_and_client(store: Store) -> None:
    store.events.add(EVENTS, READINGS)
    assert store.events.texts([("m1", "acme"), ("m2", "bee"), ("m1", "bee"), ("c1", "acme")]) == {
        "m1": MESSAGE,
        "m2": BARE,
    }
    assert store.events.texts([]) == {}


def test_the_span_and_the_newest_event_of_each_client(store: Store) -> None:
    assert store.events.span() is None
    assert store.events.newest_by_client() == {}
    store.events.add(EVENTS, READINGS)
    assert store.events.span() == (INVOICE.at, CALL.at)
    assert store.events.newest_by_client() == {"acme": CALL.at, "bee": NOON - HOUR}


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_any_split_end_in_the_same_state(store: Store, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - not a secret
    events: list[Event] = [
        replace(event, event_id=f"{event.event_id}-{number}", client_id=f"client-{number % 3}")
        for number in range(8)
        for event in (MESSAGE, MEETING, CALL, INVOICE)
    ]
    readings = {event.event_id: READINGS["m1"] for event in events if isinstance(event, Message)}
    told = [*events, *events]
    dice.shuffle(told)
    cut = dice.randrange(len(told))
    for part in (told[:cut], told[cut:]):
        store.events.add(part, readings)
    assert store.events.count() == len(events)
    assert any(isinstance(event, Meeting) for event in events)
    _assert_same(EventTable.from_frame(store.events.frame()), EventTable.from_events(events, readings))
