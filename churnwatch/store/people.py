"""Who they are: managers, clients, their people and contracts, and how relations ended."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, Table, func, select

from churnwatch.core.types import Client, Contact, Contract, Departure, Manager, ManagerChange, Outcome, Party
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.upsert import Row, put

_TABLES: dict[type[Party], Table] = {
    Manager: schema.managers,
    Client: schema.clients,
    Contact: schema.contacts,
    Contract: schema.contracts,
    Outcome: schema.outcomes,
    ManagerChange: schema.manager_changes,
}


def put_parties(connection: Connection, parties: Iterable[Party]) -> int:
    """Put each party whole, the last of a key winning; the number of parties that were new or differed."""
    by_table: dict[type[Party], dict[tuple[object, ...], Row]] = {kind: {} for kind in _TABLES}
    for party in parties:
        row = asdict(party)
        key = tuple(row[column.name] for column in _TABLES[type(party)].primary_key)
        by_table[type(party)][key] = row
    return sum(put(connection, _TABLES[kind], list(rows.values())) for kind, rows in by_table.items())


class People:
    """Parties as last told: a party is replaced whole, by its id (an outcome by client and end, a change by client and day)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, parties: Iterable[Party]) -> int:
        """Store the parties in one transaction; the number that were new or differed."""
        with self._database.write() as connection:
            return put_parties(connection, parties)

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
        """Every known end of a relation, by client and day."""
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
            return [dict(row) for row in connection.execute(query).mappings()]


def _client(row: Row) -> Client:
    return Client(**row | {"domains": tuple(row["domains"])})
