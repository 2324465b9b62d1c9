"""The night does not quote again what somebody found not irritated."""

from firms import AS_OF, NOW, Firm

from churnwatch import nightly
from churnwatch.store import Store, ToneLabel


def quoted(firm: Firm, store: Store) -> list[str]:
    """The messages quoted in the notice on Romashka."""
    config = firm.config
    taken = nightly.take(config, store, AS_OF)
    _, risks = nightly.score(config, store, nightly.model_in_service(config), AS_OF, taken)
    nightly.decide(config, store, risks, AS_OF, NOW)
    notices = [parcel.notice for parcel in store.outbox.claim(NOW, 60, 10)]
    return [
        quote["event_id"]
        for notice in notices
        if notice.payload["client"]["id"] == "romashka"
        for quote in notice.payload["quotes"]
    ]


def test_a_quote_that_was_wrong_gives_way_to_the_next(firm: Firm) -> None:
    other = firm.copy(firm.folder.parent / "other")
    with firm.open() as store:
        nightly.ingest(firm.config, store, NOW, lambda _stage, _detail: None)
        before = quoted(firm, store)
    with other.open() as store:
        nightly.ingest(other.config, store, NOW, lambda _stage, _detail: None)
        store.labels.put(before[0], ToneLabel.NEUTRAL, "anna", NOW)
        after = quoted(other, store)
    assert len(after) == len(before) > 0
    assert before[0] not in after
