"""What is known of people and relations beyond the events."""

from datetime import date

import pytest

from churnwatch.core.roster import Rank, rank_of, roster_of
from churnwatch.core.types import Client, Contact, ManagerChange


@pytest.mark.parametrize(
    ("role", "rank"),
    [
        ("", Rank.STAFF), ("Marketing manager", Rank.STAFF), ("Менеджер проекта", Rank.STAFF), ("Co-worker", Rank.STAFF),
        ("Head of Marketing", Rank.HEAD), ("Руководитель отдела", Rank.HEAD), ("Директор по маркетингу", Rank.HEAD),
        ("CEO", Rank.EXECUTIVE), ("Генеральный директор", Rank.EXECUTIVE), ("Директор", Rank.EXECUTIVE),
        ("Founder & owner", Rank.EXECUTIVE), ("Chief Financial Officer", Rank.EXECUTIVE), ("Собственник", Rank.EXECUTIVE),
        ("Юрист", Rank.LEGAL), ("General Counsel", Rank.LEGAL), ("Специалист отдела закупок", Rank.LEGAL),
        ("Head of Procurement", Rank.LEGAL), ("Директор по закупкам", Rank.LEGAL),
    ],
)  # fmt: skip
def test_a_job_title_tells_the_rank(role: str, rank: Rank) -> None:
    assert rank_of(role) is rank
    assert rank_of(role.upper()) is rank


@pytest.mark.parametrize(
    ("address", "rank"),
    [("legal@firm.example", Rank.LEGAL), ("zakupki.msk@firm.example", Rank.LEGAL), ("anna@legal.example", Rank.STAFF)],
)
def test_without_a_title_the_mailbox_tells(address: str, rank: Rank) -> None:
    assert rank_of("", [address]) is rank


def test_a_title_stands_before_the_mailbox() -> None:
    assert rank_of("CEO", ["legal@firm.example"]) is Rank.EXECUTIVE


def test_staff_are_left_out_of_the_ranks_and_deciders_keep_their_client() -> None:
    roster = roster_of(
        [
            Contact("c1", "a", role="Юрист"),
            Contact("c2", "a", role="Designer"),
            Contact("c3", "b", decision_maker=True),
        ],
        [Client("a", "A", country="RU"), Client("b", "B")],
    )
    assert roster.ranks == {"c1": Rank.LEGAL}
    assert roster.deciders == {"c3": "b"}
    assert roster.countries == {"a": "RU"}


def test_a_clients_first_manager_is_no_change_and_neither_is_the_same_again() -> None:
    told = [("a", "anna", 1), ("a", "anna", 5), ("a", "boris", 9), ("a", "anna", 12), ("b", "boris", 3)]
    changes = [(ManagerChange(client, manager, date(2025, 1, day)), day * 100) for client, manager, day in told]
    for order in (changes, changes[::-1]):
        assert roster_of([], [], order).manager_changes == {"a": (900, 1200), "b": ()}
