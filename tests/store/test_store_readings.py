"""Which messages another model has read, and what becomes of them when they are read again."""

from dataclasses import replace

import pytest
from relations import BARE, CALL, MESSAGE, READING
from sqlalchemy import create_engine, text

from churnwatch.core.types import Cue, Reading
from churnwatch.store import Batch, Store
from churnwatch.store.migrations import upgrade

OLD = replace(READING, read_by="tone-b", warmth=0.125)
NEW = Reading(5, False, 0.25, Cue.GRATITUDE, False, 0.625, read_by="tone-c")
TEXTLESS = replace(BARE, automatic=False)  # a message whose text is not kept


def test_warmth_is_kept_beside_irritation_and_unknown_warmth_is_none(store: Store) -> None:
    store.events.add([MESSAGE, TEXTLESS], {"m1": OLD, "m2": READING})
    rows = store.events.frame().set_index("event_id")
    assert rows.loc["m1", ["irritation", "warmth"]].to_list() == [0.875, 0.125]
    assert rows["warmth"].isna().to_dict() == {"m1": False, "m2": True}


@pytest.mark.parametrize("model_id", ["tone-a", "tone-c"], ids=["an earlier name", "a later name"])
def test_messages_of_another_model_are_found_whatever_its_name(store: Store, model_id: str) -> None:
    store.events.add([MESSAGE, TEXTLESS, CALL], {"m1": OLD, "m2": OLD})
    assert store.readings.out_of_date(model_id) == (1, 1)
    assert store.readings.to_read_again(model_id, 10) == [MESSAGE]
    assert store.readings.to_read_again(model_id, 0) == []


def test_nothing_is_out_of_date_that_this_model_read_or_a_table_told(store: Store) -> None:
    store.events.add([MESSAGE, TEXTLESS], {"m1": OLD, "m2": READING})
    assert store.readings.out_of_date("tone-b") == (0, 0)
    assert store.readings.to_read_again("tone-b", 10) == []


def test_what_is_read_again_takes_the_place_of_the_old_and_rewrites_its_client(store: Store) -> None:
    store.events.add([MESSAGE, TEXTLESS, CALL], {"m1": OLD})
    newest, _ = store.events.changes_after(0)
    store.readings.put("tone-c", store.readings.to_read_again("tone-c", 10), [NEW])
    row = store.events.frame().set_index("event_id").loc["m1"]
    assert row[["words", "irritation", "warmth", "cues"]].to_list() == [5, 0.25, 0.625, int(Cue.GRATITUDE)]
    assert (row["promise_due"].date(), row["delivers"]) == (READING.promise_due, True)  # no matter of tone
    assert store.readings.out_of_date("tone-c") == (0, 0)
    assert store.events.changes_after(newest) == (newest + 1, ["acme"])
    assert set(store.events.frame(changed_after=newest)["event_id"]) == {"m1"}


def test_a_message_of_two_clients_is_read_again_for_both(store: Store) -> None:
    store.events.add([MESSAGE, replace(MESSAGE, client_id="bee")], {"m1": OLD})
    store.readings.put("tone-c", store.readings.to_read_again("tone-c", 10), [NEW, NEW])
    assert store.readings.out_of_date("tone-c") == (0, 0)
    assert store.events.frame()["words"].to_list() == [5, 5]


def test_a_message_that_went_to_another_client_meanwhile_does_not_come_back(store: Store) -> None:
    store.ingest.commit(Batch("mail", "1", events=[MESSAGE], readings={"m1": OLD}))
    messages = store.readings.to_read_again("tone-c", 10)
    store.ingest.reset("mail")
    moved = replace(MESSAGE, client_id="bee")
    store.ingest.commit(Batch("mail", "2", events=[moved], readings={"m1": OLD}))
    store.readings.put("tone-c", messages, [NEW])
    assert store.events.frame()["client_id"].to_list() == ["bee"]
    assert store.readings.to_read_again("tone-c", 10) == [moved]


def test_a_source_read_anew_by_another_model_brings_its_readings_but_a_table_does_not(store: Store) -> None:
    store.ingest.commit(Batch("mail", "1", events=[TEXTLESS], readings={"m2": OLD}))
    store.ingest.reset("mail")
    store.ingest.commit(Batch("mail", "2", events=[TEXTLESS], readings={"m2": NEW}))
    assert store.events.frame()["irritation"].to_list() == [0.25]
    assert store.readings.out_of_date("tone-c") == (0, 0)
    store.events.add([TEXTLESS], {"m2": READING})
    assert store.events.frame()["irritation"].to_list() == [0.25]


def test_what_was_read_before_models_had_names_is_out_of_date(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade(connection, "0004")
        names = (
            "client_id, event_id, kind, direction, at, known_at, channel, automatic, source, reading, words, irritation"
        )
        for event_id, read in (("m1", "4, 0.5"), ("m2", "4, 0.5"), ("m3", "NULL, NULL")):
            row = f"'acme', '{event_id}', 0, 0, 1, 1, 'email', :no, 'mail', 0, {read}"
            connection.execute(text(f"INSERT INTO events ({names}) VALUES ({row})"), {"no": False})  # noqa: S608 - constants
        connection.execute(text("INSERT INTO texts VALUES ('acme', 'm1', 'S', 'T')"))
    engine.dispose()
    with Store.open(url) as store:
        assert store.readings.out_of_date("tone-c") == (1, 1)
        assert [one.text for one in store.readings.to_read_again("tone-c", 10)] == ["T"]
        assert store.events.frame()["warmth"].isna().all()
