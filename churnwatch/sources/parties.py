"""Clients, their people, contracts and ends of relations, as a CRM exports them to CSV."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import Skipped, SourceItem
from churnwatch.core.interchange import PEOPLE_SEPARATOR
from churnwatch.core.types import Client, Contact, Contract, Departure, Manager, ManagerChange, Outcome
from churnwatch.sources.csv_table import Column, Row, Table, read_csv
from churnwatch.sources.csv_values import CellError
from churnwatch.sources.identity import canonical, domain_of

_CLIENT_ID: Final = ("client", "customer id", "account id", "id клиента", "код клиента", "ид клиента", "клиент id")
_MANAGER: Final = (
    Column("manager_id", ("id менеджера", "код менеджера", "owner id", "account manager id")),
    Column(
        "manager",
        ("менеджер", "ответственный", "аккаунт менеджер", "owner", "account manager", "responsible", "куратор"),
    ),
    Column("manager_email", ("email менеджера", "почта менеджера", "owner email", "account manager email")),
)
_END: Final = (
    Column(
        "ended_on",
        ("дата ухода", "ушел", "дата окончания работы", "дата расторжения", "churned on", "churn date", "left on"),
        holds="date",
    ),
    Column("departure", ("причина ухода", "тип ухода", "причина", "churn reason", "reason", "leaving reason")),
    Column("known_on", ("узнали", "стало известно", "дата уведомления", "notified on", "notice date"), holds="date"),
)

CLIENT_COLUMNS: Final = (
    Column("client_id", (*_CLIENT_ID, "id", "код", "инн", "клиент", "название клиента", "компания"), required=True),
    Column("name", ("название", "наименование", "клиент", "компания", "client name", "company", "customer", "account")),
    *_MANAGER,
    Column("manager_language", ("язык менеджера", "owner language")),
    Column(
        "monthly_value",
        ("сумма", "сумма в месяц", "ежемесячная сумма", "абонентская плата", "оборот в месяц", "выручка в месяц",
         "mrr", "monthly revenue", "value", "amount", "retainer"),
        holds="amount",
    ),
    Column("language", ("язык", "язык клиента")),
    Column("country", ("страна",)),
    Column("domains", ("домены", "домен", "сайт", "domain", "website", "site")),
    Column(
        "started_on",
        ("дата начала", "начало работы", "клиент с", "дата начала работы", "start date", "client since", "since",
         "started", "starts on"),
        holds="date",
    ),
    Column(
        "ends_on",
        ("дата окончания", "договор до", "окончание договора", "end date", "contract end", "planned end"),
        holds="date",
    ),
    *_END,
)  # fmt: skip

CONTACT_COLUMNS: Final = (
    Column("contact_id", ("id контакта", "код контакта", "person id")),
    Column("client_id", (*_CLIENT_ID, "клиент", "компания", "company", "customer", "account"), required=True),
    Column("name", ("имя", "фио", "контакт", "контактное лицо", "contact", "full name", "contact name", "person")),
    Column("addresses", ("адреса", "email", "e-mail", "emails", "mail", "почта", "эл. почта", "электронная почта", "address")),
    Column("phones", ("телефон", "телефоны", "мобильный", "phone", "phone number", "mobile", "tel")),
    Column("handles", ("telegram", "телеграм", "ник", "handle", "мессенджер", "messenger")),
    Column(
        "decision_maker", ("лпр", "принимает решения", "решение", "decision maker", "is decision maker", "decides")
    ),
    Column("role", ("роль", "должность", "позиция", "title", "job title", "position", "job")),
)  # fmt: skip

CONTRACT_COLUMNS: Final = (
    Column("contract_id", ("id договора", "номер договора", "договор", "contract", "contract number"), required=True),
    Column("client_id", (*_CLIENT_ID, "клиент", "компания", "company", "customer", "account"), required=True),
    Column(
        "starts_on",
        ("started_on", "дата начала", "начало", "дата договора", "start date", "start", "starts", "signed on"),
        required=True,
        holds="date",
    ),
    Column("ends_on", ("дата окончания", "окончание", "действует до", "end date", "end", "ends"), holds="date"),
    *_END,
    *_MANAGER,
    Column("manager_since", ("менеджер с", "ответственный с", "manager from", "owner since"), holds="date"),
)

_DEPARTURES: Final = {
    Departure.LEFT: ("left", "churn", "churned", "lost", "cancelled", "canceled", "ушел", "ушла", "отказ", "потерян",
                     "расторг", "расторгнут", "отток", "уход", "ушел к конкуренту"),
    Departure.SILENT: ("silent", "silent churn", "faded", "went silent", "пропал", "тихий отток", "тихий уход", "молча",
                       "перестал отвечать"),
    Departure.PROJECT_ENDED: ("project ended", "completed", "finished", "done", "проект завершен", "завершен",
                              "проект закончен", "окончание проекта", "работы завершены", "по соглашению"),
    Departure.INVOLUNTARY: ("involuntary", "bankruptcy", "bankrupt", "merger", "acquired", "our decision", "closed down",
                            "банкротство", "ликвидация", "слияние", "закрылся", "наше решение", "мы отказались"),
}  # fmt: skip
_DEPARTURE_OF: Final = {word: departure for departure, words in _DEPARTURES.items() for word in words}
_LANGUAGES: Final = {"русский": "ru", "rus": "ru", "russian": "ru", "английский": "en", "eng": "en", "english": "en"}
_NOT_SLUG = re.compile(r"[^\w]+")
_LIST = re.compile(r"[;,\n]+")
_PHONE_LIST = re.compile(r"[;,\n]+|\s/\s|(?<=\d)\s+(?=\+)")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClientsSource:
    """Clients with their managers and, where the columns are there, the relation's start and end.

    A file with `ended_on` and without a column `departure` says of every end that the client left.
    """

    name: str
    paths: tuple[Path, ...]
    settings: SourceSettings
    zone: ZoneInfo
    language: str = "en"  # of managers of whom the file does not say it

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield `Manager`, `Client`, `Contract` and `Outcome` items."""
        return read_csv(self.name, self.paths, self.settings, CLIENT_COLUMNS, self._knowledge, cursor, self._items)

    @property
    def _knowledge(self) -> str:
        return f"{self.zone.key} {self.language}"

    def _items(self, table: Table) -> Iterator[SourceItem]:
        managers = _managers(table, self.language)
        yield from managers.values()
        ids = {manager.name.casefold(): key for key, manager in managers.items()}
        seen: dict[str, int] = {}

        def items_of(row: Row) -> Iterator[SourceItem]:
            client_id = row.needed("client_id")
            if first := seen.setdefault(client_id, row.line) - row.line:
                raise row.complaint("client_id", f"repeats line {row.line + first}")
            monthly_value = _or_error(lambda: row.amount("monthly_value"))
            yield Client(
                client_id,
                row.text("name") or client_id,
                _manager_id(row, ids),
                None if isinstance(monthly_value, CellError) else monthly_value,
                _language(row.text("language")),
                row.text("country") or None,
                tuple(dict.fromkeys(map(_domain, re.split(r"[\s;,]+", row.text("domains")))))
                if row.text("domains")
                else (),
            )
            if isinstance(monthly_value, CellError):
                yield table.error(row.line, str(monthly_value))
            if (started := row.day("started_on")) is not None:
                yield Contract(f"{client_id}:relation", client_id, started, row.day("ends_on"))
            if (ended := row.day("ended_on")) is not None:
                yield _outcome(row, client_id, ended, started, self.zone)

        yield from table.rows(items_of)


@dataclass(frozen=True, slots=True)
class ContactsSource:
    """People at clients; rows with the same `contact_id` are one person with several addresses."""

    name: str
    paths: tuple[Path, ...]
    settings: SourceSettings

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield `Contact` items."""
        return read_csv(self.name, self.paths, self.settings, CONTACT_COLUMNS, "", cursor, self._items)

    def _items(self, table: Table) -> Iterator[SourceItem]:
        people: dict[str, Contact] = {}

        def items_of(row: Row) -> Iterator[SourceItem]:
            contact = _contact(row)
            held = people.get(contact.contact_id)
            if held is not None and held.client_id != contact.client_id:
                raise row.complaint("client_id", "is not the one that an earlier line gives for the same contact")
            if held is not None:
                contact = Contact(
                    contact.contact_id,
                    contact.client_id,
                    held.name or contact.name,
                    tuple(dict.fromkeys(held.addresses + contact.addresses)),
                    held.decision_maker or contact.decision_maker,
                    held.role or contact.role,
                )
            people[contact.contact_id] = contact
            yield from ()

        yield from table.rows(items_of)
        yield from people.values()


@dataclass(frozen=True, slots=True)
class ContractsSource:
    """Contracts, what ended them, and who managed the client since when.

    The end of a contract is the end of the relation only where no other contract of that client went on.
    """

    name: str
    paths: tuple[Path, ...]
    settings: SourceSettings
    zone: ZoneInfo

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield `Contract`, `Outcome` and `ManagerChange` items."""
        return read_csv(self.name, self.paths, self.settings, CONTRACT_COLUMNS, self.zone.key, cursor, self._items)

    def _items(self, table: Table) -> Iterator[SourceItem]:
        lives: dict[str, dict[str, tuple[date, date | None]]] = {}

        def note_life(row: Row) -> Iterator[SourceItem]:
            client_id, contract_id = row.needed("client_id"), row.needed("contract_id")
            started = row.given(row.day("starts_on"), "starts_on")
            lives.setdefault(client_id, {})[contract_id] = (started, row.day("ended_on"))
            yield from ()

        def items_of(row: Row) -> Iterator[SourceItem]:
            client_id, contract_id = row.needed("client_id"), row.needed("contract_id")
            started = row.given(row.day("starts_on"), "starts_on")
            yield Contract(contract_id, client_id, started, row.day("ends_on"))
            if (since := row.day("manager_since")) is not None:
                manager_id = _manager_id(row, {})
                yield ManagerChange(client_id, row.given(manager_id, "manager"), since)
            if (ended := row.day("ended_on")) is not None:
                others = [life for key, life in lives[client_id].items() if key != contract_id]
                if _goes_on(others, ended):
                    yield Skipped(self.name, "end of one contract of several")
                else:
                    yield _outcome(row, client_id, ended, started, self.zone)

        for _ in table.rows(note_life):
            pass  # what is wrong with a row is told below, once
        yield from table.rows(items_of)


def manager_slug(name: str) -> str:
    """The id of a manager of whom only the name is known.

    >>> manager_slug("Анна  Берг-Ли")
    'анна-берг-ли'
    """
    return _NOT_SLUG.sub("-", name.casefold()).strip("-_")


def _managers(table: Table, language: str) -> dict[str, Manager]:
    """Every manager that the file names, with the fullest of what its lines say of them."""
    found: dict[str, Manager] = {}
    ids: dict[str, str] = {}
    rows = [Row(record.line, record.cells, table) for record in table.sheet.records if not record.problem]
    # Lines that give an id or an address come first, so that a bare name elsewhere finds its owner.
    for row in sorted(rows, key=lambda row: not _given_manager_id(row)):
        try:
            manager_id, name = _manager_id(row, ids), row.text("manager")
            spoken = _language(row.text("manager_language"))
        except CellError:  # told when the row itself is read
            continue
        if manager_id is None:
            continue
        held = found.get(manager_id)
        if name:
            ids.setdefault(name.casefold(), manager_id)
        found[manager_id] = Manager(
            manager_id,
            held.name if held and held.name != manager_id else name or manager_id,
            (held.email if held else None) or _manager_email(row),
            (held.language if held and held.language != language else None) or spoken or language,
        )
    return found


def _given_manager_id(row: Row) -> str | None:
    try:
        return row.text("manager_id") or _manager_email(row)
    except CellError:
        return None


def _manager_id(row: Row, ids: dict[str, str]) -> str | None:
    name = row.text("manager")
    return _given_manager_id(row) or ids.get(name.casefold()) or manager_slug(name) or None


def _manager_email(row: Row) -> str | None:
    given = row.text("manager_email") or row.text("manager")
    return canonical(given) if "@" in given else None


def _contact(row: Row) -> Contact:
    client_id = row.needed("client_id")
    addresses: list[str] = []
    for piece in _LIST.split(row.text("addresses")):
        # White space parts mail addresses, but stands inside telephone numbers and before an address in <>.
        addresses += piece.split() if "@" in piece and "<" not in piece else [piece]
    addresses += _PHONE_LIST.split(row.text("phones"))
    addresses += [text if text.startswith("@") else f"@{text}" for text in row.text("handles").split()]
    known = tuple(dict.fromkeys(filter(None, map(canonical, addresses))))
    name = row.text("name")
    if not known and not name:
        raise row.complaint("addresses", "is empty, and so is the name")
    contact_id = row.text("contact_id") or (known[0] if known else f"{client_id}:{manager_slug(name)}")
    if PEOPLE_SEPARATOR in contact_id:  # it parts the people of an event
        raise row.complaint("contact_id", "holds a semicolon")
    return Contact(contact_id, client_id, name, known, bool(row.flag("decision_maker")), row.text("role"))


def _outcome(row: Row, client_id: str, ended: date, started: date | None, zone: ZoneInfo) -> Outcome:
    if started is not None and ended < started:
        raise row.complaint("ended_on", "is before the start")
    known = row.day("known_on") or ended
    midnight = BusinessCalendar(timezone=zone.key).midnight(known)
    return Outcome(client_id, ended, _departure(row), midnight)


def _departure(row: Row) -> Departure:
    if not row.table.has("departure"):
        return Departure.LEFT
    word = re.sub(r"[\s_]+", " ", row.needed("departure").casefold().replace("ё", "е"))
    if word not in _DEPARTURE_OF:
        raise row.complaint("departure", f"is none of {', '.join(Departure)}")
    return _DEPARTURE_OF[word]


def _goes_on(others: list[tuple[date, date | None]], ended: date) -> bool:
    day_after = ended + timedelta(days=1)
    return any(started <= day_after and (end is None or end > ended) for started, end in others)


def _domain(text: str) -> str:
    return canonical(text) if "@" in text.lstrip("@") else domain_of(text)


def _language(text: str) -> str | None:
    word = text.casefold()
    return _LANGUAGES.get(word, word[:2]) or None


def _or_error(parse: Callable[[], T]) -> T | CellError:
    try:
        return parse()
    except CellError as error:
        return error
