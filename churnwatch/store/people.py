"""Who they are: managers, clients, their people and contracts, and how relations ended."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, func, select

from churnwatch.core.types import Client, Contact, Contract, Departure, Manager, ManagerChange, Outcome, Party
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.upsert import Row, put

_Key = tuple[object, ...]

_TABLES: dict[type[Party], Table] = {
    Manager: schema.managers,
    Client: schema.clients,
    Contact: schema.contacts,
    Contract: schema.contracts,
    Outcome: schema.outcomes,
    ManagerChange: schema.manager_changes,
}
# Gone when their source, read whole, tells them no more. Managers and clients stay: their correspondence does.
_WITHDRAWN = (Contact, Contract, Outcome, ManagerChange)


def put_parties(connection: Connection, parties: Iterable[Party], source: str, *, whole: bool = False) -> int:
    """Put each party whole, the last of a key winning; the number of parties that were new, differed, or went.

    `whole`: this is all that the source tells, so what it told earlier and does not tell now goes.
    """
    by_table: dict[type[Party], dict[_Key, Row]] = {kind: {} for kind in _TABLES}
    for party in parties:
        table = _TABLES[type(party)]
        row = asdict(party) | ({"source": source} if "source" in table.c else {})
        by_table[type(party)][_key(table, row)] = row
    gone = sum(_withdraw(connection, _TABLES[kind], by_table[kind].keys(), source) for kind in _WITHDRAWN if whole)
    return gone + sum(put(connection, _TABLES[kind], list(rows.values())) for kind, rows in by_table.items())


def _withdraw(connection: Connection, table: Table, told: Container[_Key], source: str) -> int:
    mine = connection.execute(select(*table.primary_key).where(table.c.source == source)).mappings()
    gone = [key for key in (_key(table, row) for row in mine) if key not in told]
    for key in gone:
        same = (column == value for column, value in zip(table.primary_key, key, strict=True))
        connection.execute(table.delete().where(*same))
    return len(gone)


def _key(table: Table, row: Mapping[Any, Any]) -> _Key:
    return tuple(row[column.name] for column in table.primary_key)


class People:
    """Parties as last told: a party is replaced whole, by its id (a change of manager by client and day).

    An outcome is replaced by client, end and who told it: whoever withdraws one leaves those of the others.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, parties: Iterable[Party]) -> int:
        """Store parties that no source tells, in one transaction; the number that were new or differed."""
        with self._database.write() as connection:
            return put_parties(connection, parties, schema.API)

    def clients(self) -> list[Client]:
        """Every client, by id."""
        return [_client(row) for row in self._rows(schema.clients)]

    def client(self, client_id: str) -> Client | None:
        """One client."""
        rows = self._rows(schema.clients, client_id)
        return _client(rows[0]) if rows else None

    def contacts(self, client_id: str | None = None) -> list[Contact]:
        """The people at one client, or at all."""
        return [
            Contact(**row | {"addresses": tuple(row["addresses"])}) for row in self._rows(schema.contacts, client_id)
        ]

    def managers(self) -> list[Manager]:
        """Every manager, by id."""
        return [Manager(**row) for row in self._rows(schema.managers)]

    def contracts(self) -> list[Contract]:
        """Every contract, by id."""
        return [Contract(**row) for row in self._rows(schema.contracts)]

    def outcomes(self) -> list[Outcome]:
        """Every known end of a relation, by client and day; the same end once for each who tells it."""
        return [Outcome(**row | {"departure": Departure(row["departure"])}) for row in self._rows(schema.outcomes)]

    def manager_changes(self) -> list[ManagerChange]:
        """Who took over whom, by client and day."""
        return [ManagerChange(**row) for row in self._rows(schema.manager_changes)]

    def started_on(self) -> dict[str, date]:
        """The first day of each client's earliest contract."""
        table = schema.contracts
        query = select(table.c.client_id, func.min(table.c.starts_on)).group_by(table.c.client_id)
        with self._database.read() as connection:
            return {client_id: day for client_id, day in connection.execute(query)}  # noqa: C416 - rows are no pairs to mypy

    def _rows(self, table: Table, client_id: str | None = None) -> list[Row]:
        query = select(table).order_by(*table.primary_key)
        if client_id is not None:
            query = query.where(table.c.client_id == client_id)
        with self._database.read() as connection:
            return [_told(row) for row in connection.execute(query).mappings()]


def _told(row: Mapping[Any, Any]) -> Row:
    return {name: value for name, value in row.items() if name != "source"}


def _client(row: Row) -> Client:
    return Client(**row | {"domains": tuple(row["domains"])})
