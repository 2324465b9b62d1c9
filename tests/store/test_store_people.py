from dataclasses import replace
from datetime import date

from relations import DAY, PARTIES

from churnwatch.core.types import Client, Contact, Contract, Manager, ManagerChange, Outcome
from churnwatch.store import Store


def _of(kind: type) -> list[object]:
    return [party for party in PARTIES if isinstance(party, kind)]


def test_every_party_comes_back_as_it_was_put(store: Store) -> None:
    assert store.people.put(PARTIES) == len(PARTIES)
    assert store.people.managers() == _of(Manager)
    assert store.people.clients() == _of(Client)
    assert store.people.contacts() == _of(Contact)
    assert store.people.contracts() == _of(Contract)
    assert store.people.outcomes() == _of(Outcome)
    assert store.people.manager_changes() == _of(ManagerChange)


def test_putting_again_changes_nothing_and_only_differences_count(store: Store) -> None:
    store.people.put(PARTIES)
    assert store.people.put(PARTIES) == 0
    acme = store.people.client("acme")
    assert acme is not None
    poorer = replace(acme, monthly_value=None, domains=("acme.example",))
    assert store.people.put([*PARTIES[2:], poorer]) == 1
    assert store.people.client("acme") == poorer


def test_of_two_parties_with_one_key_the_last_holds(store: Store) -> None:
    assert store.people.put([Manager("anna", "A"), Manager("anna", "B")]) == 1
    assert store.people.managers() == [Manager("anna", "B")]


def test_contacts_can_be_asked_for_one_client(store: Store) -> None:
    store.people.put(PARTIES)
    assert [contact.contact_id for contact in store.people.contacts("acme")] == ["carl"]


def test_what_is_not_there_is_none_or_empty(store: Store) -> None:
    assert store.people.client("nobody") is None
    assert store.people.contacts("nobody") == []
    assert store.people.started_on() == {}
    assert store.people.put([]) == 0


def test_a_relation_starts_with_its_earliest_contract(store: Store) -> None:
    store.people.put(PARTIES)
    assert store.people.started_on() == {"acme": date(2024, 1, 1)}


def test_a_client_who_returned_may_end_twice(store: Store) -> None:
    (end,) = _of(Outcome)
    assert isinstance(end, Outcome)
    again = replace(end, ended_on=date(2027, 1, 1))
    store.people.put([again, end])
    assert [outcome.ended_on for outcome in store.people.outcomes()] == [DAY, date(2027, 1, 1)]


def test_thousands_are_counted_right(store: Store) -> None:
    many = [Client(f"client-{number}", "Name") for number in range(2500)]
    assert store.people.put(many) == 2500
    assert store.people.put([*many[:1000], *(replace(client, country="DE") for client in many[1000:])]) == 1500
