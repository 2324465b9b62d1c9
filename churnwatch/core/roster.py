"""What signals may know of people and relations beyond the events: ranks, decision-makers, managers, countries."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from types import MappingProxyType

from churnwatch.core.types import Client, Contact, ManagerChange


class Rank(IntEnum):
    """How much weight a contact's word carries when relations are ended; from the job title, or a mailbox's name."""

    STAFF = 0
    HEAD = 1
    EXECUTIVE = 2
    LEGAL = 3  # also procurement: whoever ends contracts


_TITLES: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (
        Rank.LEGAL,
        re.compile(
            r"юрис|юридическ|правов|закуп|снабжен|тендер|\blegal\b|counsel|lawyer|attorney|procurement|purchasing|sourcing",
            re.IGNORECASE,
        ),
    ),
    (
        Rank.EXECUTIVE,
        re.compile(
            r"генеральн|президент|владел|собственник|учредител|основател|\bдиректор\b(?! по\b)|"
            r"\bc[efmtio]o\b|\bchief\b|president|founder|owner|managing director|\bvp\b",
            re.IGNORECASE,
        ),
    ),
    (
        Rank.HEAD,
        re.compile(
            r"директор|руководител|начальник|заместител|\bhead\b|director|\blead\b|manager of managers", re.IGNORECASE
        ),
    ),
)
_MAILBOXES = re.compile(
    r"^(?:legal|lawyer|procurement|purchasing|tender|yurist|urist|zakupki|snab)[\w.+-]*@", re.IGNORECASE
)


def rank_of(role: str, addresses: Iterable[str] = ()) -> Rank:
    """The rank that a job title speaks of, else that of a mailbox's name.

    >>> rank_of("Директор по маркетингу"), rank_of("Генеральный директор"), rank_of("", ["zakupki@firm.example"])
    (<Rank.HEAD: 1>, <Rank.EXECUTIVE: 2>, <Rank.LEGAL: 3>)
    """
    for rank, titles in _TITLES:
        if titles.search(role):
            return rank
    return Rank.LEGAL if any(_MAILBOXES.match(address) for address in addresses) else Rank.STAFF


@dataclass(frozen=True, slots=True)
class Roster:
    """By id: contacts' ranks (staff left out), decision-makers, clients' countries, and when a client's manager changed.

    Nothing of it is required; what is not there is unknown. Instants are UTC microseconds of the firm's midnights.
    """

    ranks: Mapping[str, Rank] = field(default_factory=lambda: MappingProxyType({}))
    deciders: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # contact id -> client id
    countries: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    manager_changes: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))


def roster_of(
    contacts: Iterable[Contact],
    clients: Iterable[Client] = (),
    changes: Iterable[tuple[ManagerChange, int]] = (),
) -> Roster:
    """The roster of what the CRM told; `changes` come with their instant. A client's first manager is no change."""
    contacts = list(contacts)
    moments: dict[str, list[tuple[int, str]]] = {}
    for change, instant in changes:
        moments.setdefault(change.client_id, []).append((instant, change.manager_id))
    ranked = {contact.contact_id: rank_of(contact.role, contact.addresses) for contact in contacts}
    return Roster(
        ranks={contact_id: rank for contact_id, rank in ranked.items() if rank > Rank.STAFF},
        deciders={contact.contact_id: contact.client_id for contact in contacts if contact.decision_maker},
        countries={client.client_id: client.country for client in clients if client.country},
        manager_changes={client_id: _changed(sorted(told)) for client_id, told in moments.items()},
    )


def _changed(told: list[tuple[int, str]]) -> tuple[int, ...]:
    return tuple(instant for (_, before), (instant, after) in pairwise(told) if after != before)
