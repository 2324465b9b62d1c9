from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from relations import BARE, CALL, EVENTS, INVOICE, MESSAGE, READINGS
from sqlalchemy import Connection, create_engine, text

from churnwatch.core.types import Contact, Reading
from churnwatch.store import Batch, Store
from churnwatch.store.migrations import upgrade


def _ids(store: Store, after: int) -> set[str]:
    return set(store.events.frame(changed_after=after)["event_id"])


def test_each_write_has_the_next_number_and_a_frame_can_begin_after_it(store: Store) -> None:
    before, rewritten = store.events.changes_after(0)
    assert (rewritten, _ids(store, 0)) == ([], set())
    store.events.add([MESSAGE, CALL], READINGS)
    first, _ = store.events.changes_after(before)
    store.events.add([MESSAGE, INVOICE], READINGS)
    second, rewritten = store.events.changes_after(first)
    assert before < first < second
    assert rewritten == []
    assert (_ids(store, before), _ids(store, first)) == ({"m1", "p1", "i1"}, {"i1"})
    assert _ids(store, second) == set()
    assert set(store.events.frame(["bee"], changed_after=before)["event_id"]) == set()


def test_telling_again_what_is_known_is_no_write(store: Store) -> None:
    store.ingest.commit(Batch("mail", "1", events=EVENTS, readings=READINGS))
    newest = store.events.changes_after(0)
    store.ingest.commit(Batch("mail", "2", events=EVENTS, readings=READINGS))
    store.ingest.reset("mail")
    store.ingest.commit(Batch("mail", "2", events=EVENTS, readings=READINGS))
    assert store.events.changes_after(0) == newest


def test_a_payment_a_reading_and_other_people_rewrite_their_client(store: Store) -> None:
    store.ingest.commit(Batch("mail", "1", events=[MESSAGE, INVOICE, BARE]))
    newest, _ = store.events.changes_after(0)
    store.events.add([MESSAGE], READINGS)
    newest, rewritten = store.events.changes_after(newest)
    assert rewritten == ["acme"]
    assert store.events.changes_after(newest) == (newest, [])
    store.events.add([replace(INVOICE, paid_on=date(2026, 3, 20))], {})
    after, rewritten = store.events.changes_after(newest)
    assert (rewritten, _ids(store, newest)) == (["acme"], {"i1"})
    store.ingest.reset("mail")
    store.ingest.commit(Batch("mail", "2", events=[MESSAGE, replace(BARE, people=("dora",))]))
    assert store.events.changes_after(after)[1] == ["bee"]
    assert store.events.messages("bee")[0].people == ("dora",)


def test_an_event_that_moves_rewrites_the_client_it_left_and_the_one_it_came_to(store: Store) -> None:
    store.ingest.commit(Batch("mail", "1", events=[MESSAGE, CALL]))
    newest, _ = store.events.changes_after(0)
    store.ingest.reset("mail")
    moved = replace(MESSAGE, client_id="bee", people=())
    fresh = replace(MESSAGE, client_id="dee", event_id="new")
    store.ingest.commit(Batch("mail", "2", events=[moved, CALL, fresh]))
    after, rewritten = store.events.changes_after(newest)
    assert rewritten == ["acme", "bee"]
    assert store.events.changes_after(after)[1] == []


# --- a database from before events had people -------------------------------------------------------------------------


@pytest.fixture
def old(url: str) -> str:
    """A database of the first schema with two messages, one read and one with its text, and a contact."""
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade(connection, "0001")
        _fill(connection)
    engine.dispose()
    return url


def _fill(connection: Connection) -> None:
    connection.execute(
        text("INSERT INTO contacts VALUES ('carl', 'acme', 'Carl', '[\"carl@acme.example\"]', :yes, 'crm')"),
        {"yes": True},
    )
    names = (
        "client_id, event_id, kind, direction, at, known_at, channel, automatic, source, reading, "
        "words, question, expects_reply, irritation, cues"
    )
    read = "'acme', 'm1', 0, 0, 1, 1, 'email', :no, 'mail', 0, 4, :no, :no, 0.25, 0"
    unread = "'acme', 'm2', 0, 1, 2, 2, 'email', :no, 'mail', 0, NULL, NULL, NULL, NULL, NULL"
    for values in (read, unread):
        connection.execute(text(f"INSERT INTO events ({names}) VALUES ({values})"), {"no": False})  # noqa: S608 - constants
    connection.execute(text("INSERT INTO texts VALUES ('acme', 'm2', 'S', 'T')"))


def test_an_old_database_keeps_everything_and_says_that_all_came_with_one_write(old: str) -> None:
    with Store.open(old) as store:
        assert store.events.changes_after(0) == (1, [])
        assert _ids(store, 0) == {"m1", "m2"}
        later, earlier = store.events.messages("acme")
        assert (later.subject, later.text, earlier.people, earlier.attachments) == ("S", "T", (), 0)
        rows = store.events.frame().set_index("event_id")
        assert rows.loc["m1", "irritation"] == 0.25
        assert rows[["people", "attachments", "delivers", "promise_due", "away_since"]].isna().all(axis=None)
        assert store.people.contacts() == [
            Contact("carl", "acme", "Carl", ("carl@acme.example",), decision_maker=True, role="")
        ]


def test_what_an_old_database_was_never_told_is_added_when_it_is_told_again(old: str) -> None:
    reading = Reading(5, False, 0.5, READINGS["m1"].cues, False, promise_due=date(2026, 3, 16))
    with Store.open(old) as store:
        now = [
            replace(message, people=("carl",), attachments=number, away_since=date(2026, 3, 2))
            for number, message in enumerate(store.events.messages("acme"))
        ]
        for _ in range(2):
            assert store.events.add(now, {"m1": reading}) == (0, 2)
            assert store.events.messages("acme") == now
            assert store.events.changes_after(1) == (2, ["acme"])
        rows = store.events.frame().set_index("event_id")
        assert (rows.loc["m1", "words"], rows.loc["m1", "delivers"]) == (5, False)
        assert rows.loc["m1", "promise_due"].date() == date(2026, 3, 16)
        store.events.add([replace(message, people=(), attachments=9) for message in now], {"m1": READINGS["m1"]})
        assert store.events.messages("acme") == now


def test_what_was_believed_before_clocks_could_stand_still_has_a_running_clock(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade(connection, "0002")
        connection.execute(text("INSERT INTO catalogues VALUES ('v1', '[\"silence\"]')"))
        connection.execute(text("INSERT INTO snapshots VALUES ('2025-06-02', 'v1', 'acme', '[0.5]')"))
        belief = "'acme', '2025-06-02', 90, 'm', 1, NULL, NULL, NULL, NULL, '[]', 'few_events'"
        connection.execute(text(f"INSERT INTO risks VALUES ({belief})"))  # noqa: S608 - constants
    engine.dispose()
    with Store.open(url) as store:
        assert store.scores.snapshots(date(2025, 6, 2), "v1").loc["acme", "silence"] == 0.5
        assert store.scores.frozen(date(2025, 6, 2), "v1") == {}
        assert [risk.frozen for risk in store.scores.risks()] == [None]
        assert store.ingest.health() == []


def test_what_an_old_database_knows_of_payments_was_known_on_their_day(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade(connection, "0003")
        names = (
            "client_id, event_id, kind, direction, at, known_at, channel, automatic, source, reading, due_on, paid_on"
        )
        paid = "'acme', 'i1', 3, 1, 1, 1, 'invoice', :no, 'bills', 0, '2026-03-02', '2026-03-09'"
        connection.execute(text(f"INSERT INTO events ({names}) VALUES ({paid})"), {"no": False})  # noqa: S608 - constants
    engine.dispose()
    with Store.open(url) as store:
        (row,) = store.events.frame().to_dict("records")
        assert row["paid_on"].date() == date(2026, 3, 9)
        assert row["paid_known_at"] is pd.NaT
