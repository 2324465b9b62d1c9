from dataclasses import replace
from datetime import timedelta

import pytest
from relations import DAY, HOUR, NOON, case, notice

from churnwatch.core.errors import StoreError
from churnwatch.core.types import CaseState
from churnwatch.store import Store, Transition


def test_a_case_opens_with_its_transition_and_its_notices(store: Store) -> None:
    assert store.cases.open(
        case(), NOON, "boiling for 2 nights", [("email", notice()), ("webhook", notice(recipient="crm"))]
    )
    assert store.cases.case("acme-1") == case()
    assert store.cases.transitions("acme-1") == [
        Transition(NOON, None, CaseState.OPEN, "churnwatch", "boiling for 2 nights")
    ]
    keys = {parcel.key: parcel.notice for parcel in store.outbox.claim(NOON, 60, 10)}
    assert keys == {
        "acme-1:1:email:anna@firm.example": notice(),
        "acme-1:1:webhook:crm": notice(recipient="crm"),
    }


def test_opening_again_changes_nothing(store: Store) -> None:
    store.cases.open(case(), NOON, "why", [("email", notice())])
    assert not store.cases.open(case(), NOON + HOUR, "again", [("email", notice(recipient="other@firm.example"))])
    assert not store.cases.open(case("acme-2"), NOON + HOUR, "second", [("email", notice("acme-2"))])
    assert store.cases.cases() == [case()]
    assert len(store.cases.transitions("acme-1")) == 1
    assert store.outbox.counts() == {"pending": 1, "sent": 0, "dead": 0}


def test_after_a_case_is_closed_the_next_may_open_but_not_under_the_same_id(store: Store) -> None:
    store.cases.open(case(), NOON, "why", [])
    store.cases.move("acme-1", CaseState.SAVED, 1, "anna", "called", NOON)
    assert not store.cases.open(case(), NOON, "why", [])
    assert store.cases.open(case("acme-2", on=DAY + timedelta(9)), NOON, "why", [])
    assert [opened.case_id for opened in store.cases.open_cases()] == ["acme-2"]
    assert store.cases.last_opened() == {"acme": DAY + timedelta(9)}


def test_a_notice_that_cannot_be_kept_opens_no_case(store: Store) -> None:
    broken = replace(notice(), payload={"at": NOON})  # not JSON
    with pytest.raises(Exception, match="not JSON serializable"):
        store.cases.open(case(), NOON, "why", [("email", broken)])
    assert store.cases.cases() == []
    assert store.outbox.counts()["pending"] == 0


def test_a_move_is_noted_with_who_and_why(store: Store) -> None:
    store.cases.open(case(), NOON, "why", [])
    moved = store.cases.move("acme-1", CaseState.IN_PLAN, 1, "anna", "звоню завтра", NOON + HOUR)
    assert moved == replace(case(), state=CaseState.IN_PLAN, version=2, changed_at=NOON + HOUR)
    assert store.cases.case("acme-1") == moved
    assert store.cases.transitions("acme-1")[1] == Transition(
        NOON + HOUR, CaseState.OPEN, CaseState.IN_PLAN, "anna", "звоню завтра"
    )


def test_a_move_seen_at_an_older_version_is_refused(store: Store) -> None:
    store.cases.open(case(), NOON, "why", [])
    store.cases.move("acme-1", CaseState.ACKNOWLEDGED, 1, "anna", "", NOON)
    with pytest.raises(StoreError, match="changed in the meantime: it is acknowledged now"):
        store.cases.move("acme-1", CaseState.DISMISSED, 1, "boris", "", NOON)
    assert len(store.cases.transitions("acme-1")) == 2


def test_a_closed_case_stays_closed(store: Store) -> None:
    store.cases.open(case(), NOON, "why", [])
    store.cases.move("acme-1", CaseState.LOST, 1, "anna", "", NOON)
    for state in CaseState:
        with pytest.raises(StoreError, match="is lost and cannot become"):
            store.cases.move("acme-1", state, 2, "anna", "", NOON)


def test_a_snoozed_case_can_wake_and_an_acknowledged_one_is_not_new_again(store: Store) -> None:
    store.cases.open(case(), NOON, "why", [])
    store.cases.move("acme-1", CaseState.SNOOZED, 1, "anna", "", NOON)
    store.cases.move("acme-1", CaseState.OPEN, 2, "churnwatch", "", NOON)
    store.cases.move("acme-1", CaseState.ACKNOWLEDGED, 3, "anna", "", NOON)
    with pytest.raises(StoreError, match="is acknowledged and cannot become open"):
        store.cases.move("acme-1", CaseState.OPEN, 4, "anna", "", NOON)


def test_an_unknown_case_is_none_or_an_error(store: Store) -> None:
    assert store.cases.case("nothing") is None
    assert store.cases.transitions("nothing") == []
    with pytest.raises(StoreError, match="no case 'nothing'"):
        store.cases.move("nothing", CaseState.SAVED, 1, "anna", "", NOON)


def test_cases_are_found_by_all_that_is_asked(store: Store) -> None:
    bee = case("bee-1", "bee", None, DAY + timedelta(1))
    store.cases.open(case(), NOON, "why", [])
    store.cases.open(bee, NOON, "why", [])
    closed = store.cases.move("acme-1", CaseState.DISMISSED, 1, "anna", "known", NOON)
    assert store.cases.cases() == [closed, bee]
    assert store.cases.cases(state=CaseState.DISMISSED) == [closed]
    assert store.cases.cases(manager_id="anna") == [closed]
    assert store.cases.cases(manager_id="anna", state=CaseState.OPEN) == []
    assert store.cases.cases(client_id="bee") == [bee]
    assert store.cases.open_cases() == [bee]


def test_new_cases_are_counted_for_each_manager_and_for_nobody(store: Store) -> None:
    store.cases.open(case(), NOON, "why", [])
    store.cases.open(case("bee-1", "bee", None), NOON, "why", [])
    store.cases.open(case("cat-1", "cat", on=DAY - timedelta(1)), NOON, "why", [])
    assert store.cases.opened_since(DAY) == {"anna": 1, None: 1}
    assert store.cases.opened_since(DAY - timedelta(1)) == {"anna": 2, None: 1}
