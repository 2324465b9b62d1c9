from dataclasses import replace
from datetime import timedelta

from relations import BARE, EVENTS, MESSAGE, NOON, PARTIES, READING

from churnwatch.store import Batch, Judged, Judgement, Store, ToneLabel

HOUR = timedelta(hours=1)
READ = replace(READING, read_by="tone-1")


def filled(store: Store) -> Store:
    store.ingest.commit(Batch("mail", "9", PARTIES, EVENTS, {"m1": READ}))
    return store


def test_a_word_is_kept_with_who_when_and_what_had_been_read(store: Store) -> None:
    said = filled(store).labels.put("m1", ToneLabel.NEUTRAL, "anna", NOON)
    assert said == Judgement("m1", ToneLabel.NEUTRAL, "anna", NOON, "tone-1", 0.875)
    assert store.labels.of(["m1", "m2"]) == {"m1": said}


def test_the_same_word_again_is_kept_once(store: Store) -> None:
    first = filled(store).labels.put("m1", ToneLabel.WARM, "anna", NOON)
    assert store.labels.put("m1", ToneLabel.WARM, "anna", NOON + HOUR) == first
    assert store.labels.history("m1") == [first]


def test_the_last_word_holds_and_nobodys_is_lost(store: Store) -> None:
    filled(store)
    said = [
        store.labels.put("m1", label, who, NOON + turn * HOUR)
        for turn, (label, who) in enumerate(
            [(ToneLabel.NEUTRAL, "anna"), (ToneLabel.IRRITATED, "boris"), (ToneLabel.NEUTRAL, "anna")]
        )
    ]
    assert store.labels.history("m1") == said
    assert store.labels.of(["m1"]) == {"m1": said[-1]}


def test_a_message_that_is_not_irritated_is_no_evidence_until_somebody_says_it_is(store: Store) -> None:
    filled(store)
    assert store.labels.not_irritated(["m1", "m2"]) == set()
    store.labels.put("m1", ToneLabel.NEUTRAL, "anna", NOON)
    store.labels.put("m2", ToneLabel.WARM, "anna", NOON)
    assert store.labels.not_irritated(["m1", "m2", "m3"]) == {"m1", "m2"}
    store.labels.put("m1", ToneLabel.IRRITATED, "anna", NOON)
    assert store.labels.not_irritated(["m1", "m2"]) == {"m2"}


def test_only_a_message_that_is_there_has_a_label(store: Store) -> None:
    filled(store)
    for event_id in ("nothing", "p1", "c1", "i1"):
        assert store.labels.put(event_id, ToneLabel.NEUTRAL, "anna", NOON) is None
    assert store.labels.judged() == []


def test_what_was_judged_comes_with_the_text_that_is_kept(store: Store) -> None:
    filled(store)
    store.labels.put("m1", ToneLabel.NEUTRAL, "anna", NOON)
    store.labels.put("m1", ToneLabel.IRRITATED, "anna", NOON)
    store.labels.put("m2", ToneLabel.WARM, "anna", NOON)
    assert store.labels.judged() == [Judged(ToneLabel.IRRITATED, MESSAGE.text), Judged(ToneLabel.WARM, BARE.text)]


def test_a_message_under_two_clients_has_one_label(store: Store) -> None:
    filled(store)
    store.events.add([replace(MESSAGE, client_id="bee")], {"m1": READ})
    store.labels.put("m1", ToneLabel.NEUTRAL, "anna", NOON)
    assert store.labels.judged() == [Judged(ToneLabel.NEUTRAL, MESSAGE.text)]
