import multiprocessing
import os
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from relations import CALL, EVENTS, HOUR, MESSAGE, NOON, PARTIES, READINGS

from churnwatch.core.contracts import SourceError
from churnwatch.core.errors import StoreError
from churnwatch.core.types import Direction, Message
from churnwatch.store import Added, Batch, SourceHealth, Store, Unknown

BOX, OTHER = "/mail/inbox.mbox", "/mail/caf\udce9.mbox"
ERRORS = (
    SourceError("mail", "inbox.mbox message 17", "no date", BOX),
    SourceError("mail", "inbox.mbox message 18", "no sender", BOX),
)
TOLD = [replace(error, part="") for error in reversed(ERRORS)]  # whichever part they come from
UNKNOWN = {
    (BOX, "new@acme.example"): (2, NOON, NOON + HOUR),
    (BOX, "+4930"): (5, NOON, NOON),
    (BOX, "@nick"): (1, NOON, NOON),
}
SKIPPED = {(BOX, "internal"): 3, (BOX, "to-do"): 1}
FULL = Batch("mail", "9", PARTIES, EVENTS, READINGS, ERRORS, SKIPPED, UNKNOWN)


class KilledError(BaseException):
    """The process was killed here."""


def test_a_batch_enters_whole(store: Store) -> None:
    assert store.ingest.commit(FULL) == Added(len(EVENTS), 0, len(PARTIES))
    assert store.ingest.cursor("mail") == "9"
    assert store.events.count() == len(EVENTS)
    assert store.ingest.problems() == TOLD
    assert store.ingest.skipped() == {("mail", "internal"): 3, ("mail", "to-do"): 1}


def test_reading_a_source_twice_adds_nothing(store: Store) -> None:
    store.ingest.commit(FULL)
    store.ingest.reset("mail")
    assert store.ingest.commit(FULL) == Added(0, len(EVENTS), 0)
    assert store.ingest.problems() == TOLD
    assert store.ingest.skipped() == {("mail", "internal"): 3, ("mail", "to-do"): 1}
    assert {unknown.address: unknown.messages for unknown in store.ingest.unknown()} == {
        address: messages for (_, address), (messages, _, _) in UNKNOWN.items()
    }


def test_an_error_is_kept_once_even_without_a_reset(store: Store) -> None:
    store.ingest.commit(FULL)
    store.ingest.commit(FULL)
    assert len(store.ingest.problems()) == len(ERRORS)


def test_a_reset_forgets_one_source_and_keeps_its_events(store: Store) -> None:
    store.ingest.commit(FULL)
    store.ingest.commit(
        Batch("calls", "1", errors=[SourceError("calls", "line 4", "no number")], skipped={("", "internal"): 2})
    )
    store.ingest.reset("mail")
    assert store.ingest.cursor("mail") is None
    assert store.ingest.cursor("calls") == "1"
    assert [error.source for error in store.ingest.problems()] == ["calls"]
    assert store.ingest.skipped() == {("calls", "internal"): 2}
    assert store.ingest.unknown() == []
    assert store.events.count() == len(EVENTS)


def test_a_batch_without_a_cursor_leaves_the_stored_one(store: Store) -> None:
    store.ingest.commit(FULL)
    store.ingest.commit(Batch("mail", None))
    assert store.ingest.cursor("mail") == "9"
    store.ingest.commit(Batch("mail", "10"))
    assert store.ingest.cursor("mail") == "10"


def test_problems_can_be_asked_by_source_and_are_limited(store: Store) -> None:
    store.ingest.commit(FULL)
    assert store.ingest.problems("calls") == []
    assert store.ingest.problems("mail", limit=1) == TOLD[:1]


def test_tallies_add_up_over_batches_and_sources(store: Store) -> None:
    earlier = datetime(2020, 1, 1, tzinfo=UTC)
    store.ingest.commit(FULL)
    store.ingest.commit(
        Batch(
            "mail", "10", unknown={(OTHER, "new@acme.example"): (4, earlier, earlier)}, skipped={(BOX, "internal"): 1}
        )
    )
    store.ingest.commit(Batch("chat", "1", unknown={("", "new@acme.example"): (1, NOON, NOON + 2 * HOUR)}))
    assert store.ingest.unknown(limit=2) == [
        Unknown("new@acme.example", "acme.example", 7, earlier, NOON + 2 * HOUR, ("chat", "mail")),
        Unknown("+4930", "", 5, NOON, NOON, ("mail",)),
    ]
    assert store.ingest.unknown()[2].domain == ""  # a handle is not an address at a domain
    assert store.ingest.skipped()["mail", "internal"] == 4


def test_a_part_that_is_read_again_replaces_what_was_said_of_it_and_of_nothing_else(store: Store) -> None:
    elsewhere = SourceError("mail", "sent.mbox message 1", "no date", OTHER)
    store.ingest.commit(FULL)
    store.ingest.commit(Batch("mail", "10", errors=[elsewhere], skipped={(OTHER, "internal"): 10}))
    store.ingest.commit(Batch("chat", "1", skipped={(BOX, "internal"): 20}))
    again = {(BOX, "new@acme.example"): (3, NOON, NOON)}
    store.ingest.commit(
        Batch("mail", "11", errors=ERRORS[:1], skipped={(BOX, "internal"): 1}, unknown=again, reread=[BOX])
    )
    assert store.ingest.problems() == [replace(ERRORS[0], part=""), replace(elsewhere, part="")]
    assert store.ingest.skipped() == {("mail", "internal"): 11, ("chat", "internal"): 20}
    assert store.ingest.unknown() == [Unknown("new@acme.example", "acme.example", 3, NOON, NOON, ("mail",))]
    store.ingest.commit(Batch("mail", "12", reread=[BOX, OTHER]))
    assert (store.ingest.problems(), store.ingest.unknown()) == ([], [])
    assert store.ingest.skipped() == {("chat", "internal"): 20}
    assert store.events.count() == len(EVENTS)


def test_the_same_problem_in_two_parts_is_told_once(store: Store) -> None:
    twins = [replace(ERRORS[0], part=part) for part in (BOX, OTHER)]
    store.ingest.commit(Batch("mail", "1", errors=twins))
    assert store.ingest.problems() == TOLD[1:]
    store.ingest.commit(Batch("mail", "2", reread=[BOX]))
    assert store.ingest.problems() == TOLD[1:]


def test_a_kill_while_a_part_is_replaced_leaves_what_was_said_of_it(store: Store) -> None:
    class Killing(dict[tuple[str, str], int]):
        def items(self):
            raise KilledError

    store.ingest.commit(FULL)
    with pytest.raises(KilledError):
        store.ingest.commit(Batch("mail", "10", skipped=Killing({(BOX, "internal"): 1}), reread=[BOX]))
    assert store.ingest.cursor("mail") == "9"
    assert store.ingest.problems() == TOLD
    assert store.ingest.skipped() == {("mail", "internal"): 3, ("mail", "to-do"): 1}
    assert len(store.ingest.unknown()) == len(UNKNOWN)


def test_a_kill_in_the_middle_of_a_commit_leaves_nothing(store: Store) -> None:
    class Killing(dict[tuple[str, str], int]):
        def items(self):
            raise KilledError

    with pytest.raises(KilledError):
        store.ingest.commit(
            Batch("mail", "9", PARTIES, EVENTS, READINGS, ERRORS, Killing({(BOX, "internal"): 1}), UNKNOWN)
        )
    assert store.ingest.cursor("mail") is None
    assert store.events.count() == 0
    assert store.people.clients() == []
    assert store.ingest.problems() == []
    assert store.ingest.commit(FULL) == Added(len(EVENTS), 0, len(PARTIES))


class _Exiting(dict[tuple[str, str], int]):
    def items(self):
        os._exit(9)


def _die_in_commit(url: str) -> None:
    with Store.open(url) as store:
        store.ingest.commit(
            Batch("mail", "9", PARTIES, EVENTS, READINGS, ERRORS, _Exiting({(BOX, "internal"): 1}), UNKNOWN)
        )


def test_a_process_that_dies_in_the_middle_of_a_commit_leaves_nothing(store: Store, url: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_die_in_commit, args=(url,))
    process.start()
    process.join()
    assert process.exitcode == 9
    assert (store.ingest.cursor("mail"), store.events.count(), store.people.clients()) == (None, 0, [])
    assert store.ingest.commit(FULL) == Added(len(EVENTS), 0, len(PARTIES))


def test_what_mail_may_carry_and_a_database_may_not_is_cleaned(store: Store) -> None:
    odd = Message("odd", "acme", Direction.IN, NOON, NOON, subject="a\0b", text="caf\udce9 ☎ 𝄞")
    problem = SourceError("mail", "f\udcfcr.mbox message 1", "no date")
    store.ingest.commit(
        Batch("mail", "1", events=[odd], errors=[problem], unknown={("", "x\0@y.example"): (1, NOON, NOON)})
    )
    (kept,) = store.events.messages("acme")
    assert (kept.subject, kept.text) == ("ab", "caf? ☎ 𝄞")
    assert store.ingest.problems()[0].place == "f?r.mbox message 1"
    assert store.ingest.unknown()[0].address == "x@y.example"


def test_no_error_repeats_a_text(url: str) -> None:
    numbers = count()
    secret = Message("m9", "acme", Direction.IN, NOON, NOON, text="SECRET WORDS")
    naive = Message("m8", "acme", Direction.IN, NOON.replace(tzinfo=None), NOON, subject="SECRET WORDS")
    broken = Message("m7", None, Direction.IN, NOON, NOON, text="SECRET WORDS")  # type: ignore[arg-type]
    for event in (naive, broken):
        with Store.open(url) as store:
            with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is, it must not speak
                store.ingest.commit(Batch("mail", str(next(numbers)), events=[secret, event]))
            assert "SECRET" not in str(caught.value)
            assert store.events.count() == 0


def test_a_cursor_survives_that_batches_of_other_sources_come_between(store: Store) -> None:
    store.ingest.commit(Batch("mail", "1", events=[MESSAGE]))
    store.ingest.commit(Batch("calls", "2", events=[CALL]))
    assert (store.ingest.cursor("mail"), store.ingest.cursor("calls"), store.events.count()) == ("1", "2", 2)


# --- read anew, when other people are known ---------------------------------------------------------------------------


def _where(store: Store) -> set[tuple[str, str | None, bool]]:
    return {(one.client_id, one.contact_id, one.automatic) for who in "abc" for one in store.events.messages(who)}


def _mail(client_id: str, contact_id: str | None = None, *, automatic: bool = False) -> Message:
    return Message("m", client_id, Direction.IN, NOON, NOON, contact_id, subject="S", text="T", automatic=automatic)


def test_an_event_read_anew_leaves_the_clients_it_no_longer_concerns(store: Store) -> None:
    store.ingest.commit(Batch("mail", "1", events=[_mail("a", "old"), _mail("b")]))
    store.ingest.reset("mail")
    assert (
        store.ingest.commit(Batch("mail", "1", events=[_mail("a", "new", automatic=True), _mail("c")])).events_new == 1
    )
    assert _where(store) == {("a", "new", True), ("c", None, False)}
    assert store.events.texts([("m", "b")]) == {}


def test_copies_of_an_event_in_several_batches_of_one_reading_keep_each_others_clients(store: Store) -> None:
    for _ in range(2):
        store.ingest.commit(Batch("mail", "1", events=[_mail("a", "first")]))
        store.ingest.commit(Batch("mail", "2", events=[_mail("b"), _mail("a", "second")]))
        assert _where(store) == {("a", "first", False), ("b", None, False)}
        store.ingest.reset("mail")


def test_reading_anew_touches_no_event_that_another_told(store: Store) -> None:
    store.events.add([_mail("a", "http")], {})
    store.ingest.commit(Batch("calls", "1", events=[_mail("b", "calls")]))
    store.ingest.reset("mail")
    store.ingest.commit(Batch("mail", "1", events=[_mail("a", "mail"), _mail("c")]))
    assert _where(store) == {("a", "http", False), ("b", "calls", False), ("c", None, False)}


def test_a_reading_anew_goes_on_being_one_after_a_kill(store: Store) -> None:
    store.ingest.commit(Batch("mail", "2", events=[_mail("a")]))
    store.ingest.reset("mail")
    store.ingest.commit(Batch("mail", "1"))
    store.ingest.commit(Batch("mail", "2", events=[_mail("b")]))
    assert _where(store) == {("b", None, False)}


# --- two runs at once -------------------------------------------------------------------------------------------------


def test_a_batch_that_goes_on_from_another_cursor_than_the_stored_one_is_refused_whole(store: Store) -> None:
    store.ingest.commit(replace(FULL, after=None))
    for after in (None, "8", ""):
        with pytest.raises(StoreError, match=r"Another run is reading the source 'mail'.*Wait"):
            store.ingest.commit(Batch("mail", "10", skipped=SKIPPED, reread=[BOX], after=after))
    assert (store.ingest.cursor("mail"), store.ingest.skipped()["mail", "internal"]) == ("9", 3)
    store.ingest.commit(Batch("mail", "10", skipped=SKIPPED, after="9"))
    assert (store.ingest.cursor("mail"), store.ingest.skipped()["mail", "internal"]) == ("10", 6)


def test_the_health_of_a_source_is_its_last_reading_and_its_first_failure_since(store: Store) -> None:
    store.ingest.failed("mail", NOON)
    assert store.ingest.health() == [], "what was never read cannot be missed"
    store.ingest.read_well("mail", "mbox", NOON)
    store.ingest.failed("mail", NOON + HOUR)
    store.ingest.failed("mail", NOON + 2 * HOUR)
    assert store.ingest.health() == [SourceHealth("mail", "mbox", NOON, NOON + HOUR)]
    store.ingest.read_well("mail", "mbox", NOON + 3 * HOUR)
    assert store.ingest.health() == [SourceHealth("mail", "mbox", NOON + 3 * HOUR, None)]


def test_clients_are_named_by_who_told_of_them_and_when(store: Store) -> None:
    store.ingest.commit(FULL)
    clients = {event.client_id for event in EVENTS}
    assert store.events.clients_told_by("mail", min(event.at for event in EVENTS)) == clients
    assert store.events.clients_told_by("mail", max(event.at for event in EVENTS) + HOUR) == set()
    assert store.events.clients_told_by("calls", NOON - 10_000 * HOUR) == set()
