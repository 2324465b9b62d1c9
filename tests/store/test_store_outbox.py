from datetime import timedelta

import pytest
from relations import HOUR, NOON, case, notice

from churnwatch.core.errors import StoreError
from churnwatch.store import DeadParcel, Parcel, Store

KEY = "acme-1:1:email:anna@firm.example"
LEASE_S = 60.0
LEASE = timedelta(seconds=LEASE_S)


@pytest.fixture
def waiting(store: Store) -> Store:
    """One notice waits."""
    store.cases.open(case(), NOON, "why", [("email", notice())])
    return store


def test_a_claimed_notice_is_nobody_elses_until_its_lease_ends(waiting: Store) -> None:
    assert waiting.outbox.claim(NOON, LEASE_S, 10) == [Parcel(KEY, "email", notice(), 1)]
    assert waiting.outbox.claim(NOON, LEASE_S, 10) == []
    assert waiting.outbox.claim(NOON + LEASE - timedelta(microseconds=1), LEASE_S, 10) == []
    assert waiting.outbox.claim(NOON + LEASE, LEASE_S, 10) == [Parcel(KEY, "email", notice(), 2)]


def test_a_sent_notice_never_comes_again(waiting: Store) -> None:
    waiting.outbox.claim(NOON, LEASE_S, 10)
    waiting.outbox.sent(KEY, NOON)
    assert waiting.outbox.claim(NOON + 100 * HOUR, LEASE_S, 10) == []
    assert waiting.outbox.counts() == {"pending": 0, "sent": 1, "dead": 0}


def test_a_passing_failure_waits_for_its_next_try(waiting: Store) -> None:
    waiting.outbox.claim(NOON, LEASE_S, 10)
    waiting.outbox.failed(KEY, NOON, "busy", permanent=False, next_try=NOON + HOUR)
    assert waiting.outbox.claim(NOON + LEASE, LEASE_S, 10) == []
    assert [parcel.attempts for parcel in waiting.outbox.claim(NOON + HOUR, LEASE_S, 10)] == [2]


@pytest.mark.parametrize(("permanent", "next_try"), [(True, None), (True, NOON + HOUR), (False, None)])
def test_a_failure_for_good_or_without_a_next_try_is_dead_until_requeued(
    waiting: Store, permanent: bool, next_try: None
) -> None:
    waiting.outbox.claim(NOON, LEASE_S, 10)
    waiting.outbox.failed(KEY, NOON, "no such address", permanent=permanent, next_try=next_try)
    assert waiting.outbox.claim(NOON + 2 * HOUR, LEASE_S, 10) == []
    assert waiting.outbox.dead() == [DeadParcel(KEY, "email", "anna@firm.example", "no such address", 1)]
    assert waiting.outbox.counts() == {"pending": 0, "sent": 0, "dead": 1}
    waiting.outbox.requeue(KEY)
    assert waiting.outbox.dead() == []
    assert waiting.outbox.claim(NOON, LEASE_S, 10) == [Parcel(KEY, "email", notice(), 1)]


def test_a_late_failure_does_not_unsend(waiting: Store) -> None:
    waiting.outbox.claim(NOON, LEASE_S, 10)
    waiting.outbox.claim(NOON + LEASE, LEASE_S, 10)  # the first holder was slow
    waiting.outbox.sent(KEY, NOON + LEASE)
    waiting.outbox.failed(KEY, NOON + LEASE, "time-out", permanent=False, next_try=NOON + HOUR)
    assert waiting.outbox.counts() == {"pending": 0, "sent": 1, "dead": 0}


def test_the_oldest_are_claimed_first_and_no_more_than_asked(store: Store) -> None:
    for number in range(5):
        opened = case(f"case-{number}", f"client-{number}")
        store.cases.open(opened, NOON - number * HOUR, "why", [("email", notice(opened.case_id))])
    assert [parcel.key[:6] for parcel in store.outbox.claim(NOON, LEASE_S, 2)] == ["case-4", "case-3"]
    assert [parcel.key[:6] for parcel in store.outbox.claim(NOON, LEASE_S, 9)] == ["case-2", "case-1", "case-0"]


def test_a_notice_is_not_due_before_its_case_opened(waiting: Store) -> None:
    assert waiting.outbox.claim(NOON - HOUR, LEASE_S, 10) == []


def test_the_same_notice_twice_in_one_transition_is_one(store: Store) -> None:
    store.cases.open(case(), NOON, "why", [("email", notice()), ("email", notice())])
    assert store.outbox.counts()["pending"] == 1


def test_only_a_dead_notice_can_be_requeued(waiting: Store) -> None:
    for key in (KEY, "nothing"):
        with pytest.raises(StoreError, match="no dead notice"):
            waiting.outbox.requeue(key)
