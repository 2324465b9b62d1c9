"""Several threads and several processes on one database: nothing is lost, nothing is done twice."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from relations import NOON, case, notice

from churnwatch.core.errors import StoreError
from churnwatch.core.types import CaseState, Client, Direction, Message
from churnwatch.store import Batch, Store, engine

_WORKERS = 4
_ROUNDS = 25
_BACK_AND_FORTH = {CaseState.ACKNOWLEDGED: CaseState.SNOOZED, CaseState.SNOOZED: CaseState.ACKNOWLEDGED}


def _tally(store: Store, worker: int) -> int:
    for number in range(_ROUNDS):
        event = Message(f"m{number}", "acme", Direction.IN, NOON, NOON, text=f"{worker}")
        parties = [Client("acme", f"{worker}-{number}"), Client(f"client-{worker}", "x")]
        unknown = {("", "new@acme.example"): (1, NOON, NOON)}
        store.ingest.commit(
            Batch("mail", f"{worker}-{number}", parties, [event], unknown=unknown, skipped={("", "internal"): 1})
        )
    return _ROUNDS


def _move(store: Store, worker: int) -> int:
    """Move the case again and again, each time as it was last seen; how often that worked."""
    moved = 0
    while moved < _ROUNDS:
        seen = store.cases.case("acme-1")
        assert seen is not None
        try:
            store.cases.move("acme-1", _BACK_AND_FORTH[seen.state], seen.version, f"worker-{worker}", "", NOON)
        except StoreError as error:
            assert "changed in the meantime" in str(error)  # noqa: PT017 - losing the race is expected, nothing else is
        else:
            moved += 1
    return moved


def _claim(store: Store, _worker: int) -> list[str]:
    keys = []
    while parcels := store.outbox.claim(NOON + timedelta(hours=1), 600, 3):
        keys += [parcel.key for parcel in parcels]
    return keys


def _open(store: Store, worker: int) -> int:
    return sum(store.cases.open(case(f"{worker}-{number}"), NOON, "why", []) for number in range(_ROUNDS))


def _in_process(url: str, work: Callable[[Store, int], object], worker: int) -> object:
    with Store.open(url) as store:
        return work(store, worker)


@pytest.fixture
def together(request: pytest.FixtureRequest, store: Store, url: str) -> Callable[..., list]:
    """Run the work of several workers at the same time: threads share a store, processes open their own."""

    def run(work: Callable[[Store, int], object]) -> list:
        if getattr(request, "param", "threads") == "threads":
            with ThreadPoolExecutor(_WORKERS) as pool:
                return list(pool.map(lambda worker: work(store, worker), range(_WORKERS)))
        with multiprocessing.get_context("spawn").Pool(_WORKERS) as pool:
            return pool.starmap(_in_process, [(url, work, worker) for worker in range(_WORKERS)])

    return run


threads_and_processes = pytest.mark.parametrize("together", ["threads", "processes"], indirect=True)


@threads_and_processes
def test_no_count_is_lost(store: Store, together: Callable[..., list]) -> None:
    total = sum(together(_tally))
    assert store.ingest.skipped() == {("mail", "internal"): total}
    assert store.ingest.unknown()[0].messages == total
    assert store.events.count() == _ROUNDS
    assert len(store.people.clients()) == 1 + _WORKERS


@threads_and_processes
def test_no_move_is_lost_and_none_overwrites_another(store: Store, together: Callable[..., list]) -> None:
    store.cases.open(case(), NOON, "why", [])
    store.cases.move("acme-1", CaseState.ACKNOWLEDGED, 1, "anna", "", NOON)
    total = sum(together(_move))
    now = store.cases.case("acme-1")
    assert now is not None
    assert now.version == 2 + total
    history = store.cases.transitions("acme-1")
    assert len(history) == 2 + total
    assert all(later.from_state == earlier.to_state for earlier, later in pairwise(history))


def test_a_notice_is_claimed_by_one_only(store: Store, together: Callable[..., list]) -> None:
    for number in range(20):
        store.cases.open(case(f"case-{number}", f"client-{number}"), NOON, "why", [("email", notice(f"case-{number}"))])
    keys = [key for claimed in together(_claim) for key in claimed]
    assert len(keys) == len(set(keys)) == 20


def test_of_many_openings_for_one_client_one_succeeds(store: Store, together: Callable[..., list]) -> None:
    assert sum(together(_open)) == 1
    assert len(store.cases.open_cases()) == 1


def test_a_reader_does_not_wait_for_the_writer(store: Store, url: str) -> None:
    store.people.put([Client("acme", "before")])

    def parties():
        yield Client("acme", "after")
        with Store.open(url) as other:
            (seen,) = other.people.clients()
            yield Client("bee", f"saw {seen.name}")

    store.people.put(parties())
    assert [client.name for client in store.people.clients()] == ["after", "saw before"]


def test_a_writer_that_waits_too_long_says_so_and_can_try_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_BUSY_S", 0.2)
    with Store.open(url) as store, Store.open(url) as other:

        def parties():
            with pytest.raises(StoreError, match=r"locked|lock timeout"):
                other.people.put([Client("bee", "second")])
            yield Client("acme", "first")

        store.people.put(parties())
        other.people.put([Client("bee", "second")])
        assert [client.name for client in store.people.clients()] == ["first", "second"]


def test_more_readers_than_pooled_connections_are_served(store: Store) -> None:
    with ThreadPoolExecutor(40) as pool:
        assert list(pool.map(lambda _: store.events.count(), range(200))) == [0] * 200
