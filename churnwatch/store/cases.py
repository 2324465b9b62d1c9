"""Alerts with a life: one open case per client, every change of state kept with who and why."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy import Row as RowOf

from churnwatch.core.errors import StoreError
from churnwatch.core.types import Band, Case, CaseState, Notice
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.outbox import add_parcels
from churnwatch.store.scores import reasons_of
from churnwatch.store.upsert import Row, add

_cases, _transitions = schema.cases, schema.transitions
_US = "churnwatch"  # who opens cases
_CLOSED = frozenset(state for state in CaseState if state.closed)
_WAYS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.ACKNOWLEDGED, CaseState.SNOOZED, CaseState.IN_PLAN}) | _CLOSED,
    CaseState.ACKNOWLEDGED: frozenset({CaseState.SNOOZED, CaseState.IN_PLAN}) | _CLOSED,
    CaseState.SNOOZED: frozenset({CaseState.OPEN, CaseState.ACKNOWLEDGED, CaseState.IN_PLAN}) | _CLOSED,
    CaseState.IN_PLAN: frozenset({CaseState.ACKNOWLEDGED, CaseState.SNOOZED}) | _CLOSED,
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of a case's state; `from_state` is None where the case was opened."""

    at: datetime
    from_state: CaseState | None
    to_state: CaseState
    who: str
    why: str


class Cases:
    """The cases of all clients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_cases(self) -> list[Case]:
        """Every case that is not closed, oldest first."""
        return self._select(_cases.c.state.not_in(_CLOSED))

    def cases(
        self, state: CaseState | None = None, manager_id: str | None = None, client_id: str | None = None
    ) -> list[Case]:
        """The cases that match all that is given, oldest first."""
        wanted = {"state": state, "manager_id": manager_id, "client_id": client_id}
        return self._select(*(_cases.c[name] == value for name, value in wanted.items() if value is not None))

    def case(self, case_id: str) -> Case | None:
        """One case."""
        found = self._select(_cases.c.case_id == case_id)
        return found[0] if found else None

    def transitions(self, case_id: str) -> list[Transition]:
        """How a case came to where it stands, oldest first."""
        query = select(_transitions).where(_transitions.c.case_id == case_id).order_by(_transitions.c.version)
        with self._database.read() as connection:
            return [_transition(row) for row in connection.execute(query)]

    def last_opened(self) -> dict[str, date]:
        """When each client's latest case was opened."""
        query = select(_cases.c.client_id, func.max(_cases.c.opened_on)).group_by(_cases.c.client_id)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def opened_since(self, day: date) -> dict[str | None, int]:
        """How many cases each manager was given on that day or later."""
        query = select(_cases.c.manager_id, func.count()).where(_cases.c.opened_on >= day).group_by(_cases.c.manager_id)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def open(self, case: Case, at: datetime, why: str, notices: Sequence[tuple[str, Notice]]) -> bool:
        """Store the case, its first transition and its notices (by channel name) in one transaction.

        False, and nothing stored, if the client has an open case already or this case id exists.
        """
        row = asdict(case) | {"changed_at": at}
        with self._database.write() as connection:
            if not add(connection, _cases, [row]):
                return False
            _note(connection, case.case_id, case.version, at, None, case.state, _US, why)
            add_parcels(connection, case.case_id, case.version, at, notices)
        return True

    def move(self, case_id: str, to: CaseState, version: int, who: str, why: str, at: datetime) -> Case:
        """Change the state of the case as it was seen at `version`; `StoreError` if it changed since, or cannot go there."""
        with self._database.write() as connection:
            found = connection.execute(select(_cases).where(_cases.c.case_id == case_id)).mappings().one_or_none()
            if found is None:
                raise StoreError(f"There is no case {case_id!r}.", remedy="List the cases to see their ids.")
            case = _case(dict(found))
            if case.version != version:
                raise _changed(case)
            if to not in _WAYS.get(case.state, frozenset()):
                raise StoreError(
                    f"Case {case_id!r} is {case.state.value} and cannot become {to.value}.",
                    remedy="A closed case stays closed." if case.state.closed else "Choose another state.",
                )
            change = {"state": to.value, "version": version + 1, "changed_at": at}
            seen = (_cases.c.case_id == case_id) & (_cases.c.version == version)
            if connection.execute(_cases.update().where(seen).values(change)).rowcount != 1:
                raise _changed(case)
            _note(connection, case_id, version + 1, at, case.state, to, who, why)
        return _case(dict(found) | change)

    def _select(self, *where: ColumnElement[bool]) -> list[Case]:
        query = select(_cases).where(*where).order_by(_cases.c.opened_on, _cases.c.case_id)
        with self._database.read() as connection:
            return [_case(dict(row)) for row in connection.execute(query).mappings()]


def _note(
    connection: Connection,
    case_id: str,
    version: int,
    at: datetime,
    from_state: CaseState | None,
    to_state: CaseState,
    who: str,
    why: str,
) -> None:
    row = {"case_id": case_id, "version": version, "at": at, "from_state": from_state, "to_state": to_state}
    connection.execute(_transitions.insert().values(row | {"who": who, "why": why}))


def _changed(case: Case) -> StoreError:
    return StoreError(
        f"Case {case.case_id!r} was changed in the meantime: it is {case.state.value} now.",
        remedy="Look at it again and repeat what is still right.",
    )


def _case(row: Row) -> Case:
    named = {"state": CaseState(row["state"]), "band": Band(row["band"]), "reasons": reasons_of(row["reasons"])}
    return Case(**row | named)


def _transition(row: RowOf[tuple[object, ...]]) -> Transition:
    came_from = None if row.from_state is None else CaseState(row.from_state)
    return Transition(row.at, came_from, CaseState(row.to_state), row.who, row.why)
