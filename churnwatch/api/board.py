"""The risk list: each client's latest belief joined with who it is, filtered, ordered, and cut into stable pages."""

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from churnwatch import scoring
from churnwatch.core.types import Band, Client, Manager, Risk
from churnwatch.store import Store

SortName = Literal[
    "expected_loss", "-expected_loss", "probability", "-probability", "client", "-client", "recency", "-recency"
]
DEFAULT_SORT: SortName = "-expected_loss"


@dataclass(frozen=True, slots=True)
class Line:
    """One client on the list. `silent_days` are those since its last sign of life, where the night measured them."""

    risk: Risk
    client: Client
    manager: Manager | None
    silent_days: int | None

    @property
    def expected_loss(self) -> float | None:
        """Probability times monthly value; None where either is unknown."""
        if self.risk.probability is None or self.client.monthly_value is None:
            return None
        return self.risk.probability * self.client.monthly_value


@dataclass(frozen=True, slots=True)
class Filters:
    """What a line must be to be shown; None and empty let everything through."""

    manager_id: str | None = None
    bands: tuple[Band, ...] = ()
    min_band: Band | None = None
    min_probability: float | None = None
    q: str = ""

    def admit(self, line: Line) -> bool:
        """Whether the line is asked for."""
        risk = line.risk
        return (
            (self.manager_id is None or line.client.manager_id == self.manager_id)
            and (not self.bands or risk.band in self.bands)
            and (self.min_band is None or (risk.band is not None and risk.band.rank >= self.min_band.rank))
            and (
                self.min_probability is None
                or (risk.probability is not None and risk.probability >= self.min_probability)
            )
            and self.q.casefold().strip() in line.client.name.casefold()
        )


class CursorError(Exception):
    """The cursor belongs to another question, or is none."""


class Page(NamedTuple):
    """Some lines, and where the next ones start."""

    lines: Sequence[Line]
    next_cursor: str | None


def lines(store: Store, as_of: date) -> list[Line]:
    """Everyone who was scored as of the date."""
    clients = {client.client_id: client for client in store.people.clients()}
    managers = {manager.manager_id: manager for manager in store.people.managers()}
    silent = _silent_days(store, as_of)
    found = []
    for risk in store.scores.risks(as_of):
        client = clients.get(risk.client_id) or Client(risk.client_id, risk.client_id)
        manager = managers.get(client.manager_id) if client.manager_id is not None else None
        found.append(Line(risk, client, manager, silent.get(risk.client_id)))
    return found


def ordered(found: Sequence[Line], sort: SortName) -> list[Line]:
    """The lines by one column, what it does not tell at the end; ties by heat, value and id."""
    key = _KEYS[sort.removeprefix("-")]
    steady = sorted(found, key=_tie)
    told = [(value, line) for line in steady if (value := key(line)) is not None]
    told.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [line for _, line in told] + [line for line in steady if key(line) is None]


def page(found: Sequence[Line], as_of: date, question: object, limit: int, after: str | None) -> Page:
    """`limit` lines of an ordered list after those already seen (`after`: a client id)."""
    start = 0
    if after is not None:
        places = {line.client.client_id: place for place, line in enumerate(found)}
        if after not in places:
            raise CursorError("The list has changed since. Start again without the cursor.")
        start = places[after] + 1
    shown = found[start : start + limit]
    more = start + limit < len(found)
    return Page(shown, _cursor(as_of, question, shown[-1].client.client_id) if more else None)


def cursor_place(cursor: str, question: object) -> tuple[date, str]:
    """The as-of date and the last client seen; a cursor works only for the question it came from."""
    try:
        day, mark, client_id = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        as_of = date.fromisoformat(day)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise CursorError("This is not a cursor of ours.") from error
    if mark != _mark(question) or not isinstance(client_id, str):
        raise CursorError("This cursor belongs to another question. Keep the filters, or start without it.")
    return as_of, client_id


def _cursor(as_of: date, question: object, client_id: str) -> str:
    packed = json.dumps([as_of.isoformat(), _mark(question), client_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode()


def _mark(question: object) -> str:
    return hashlib.sha256(repr(question).encode(errors="replace")).hexdigest()[:12]


def _tie(line: Line) -> tuple[float, float, float, str]:
    band, probability, value = line.risk.band, line.risk.probability, line.client.monthly_value
    return (-band.rank if band else 1, -(probability or 0), -(value or 0), line.client.client_id)


_KEYS: dict[str, Callable[[Line], float | str | None]] = {
    "expected_loss": lambda line: line.expected_loss,
    "probability": lambda line: line.risk.probability,
    "client": lambda line: line.client.name.casefold(),
    "recency": lambda line: line.silent_days,
}


def _silent_days(store: Store, as_of: date) -> dict[str, int]:
    measured = store.scores.snapshots(as_of, scoring.CATALOGUE_VERSION)
    if "recency" not in measured:
        return {}
    # The signal is log(1 + days).
    return {
        str(client_id): round(math.expm1(value))
        for client_id, value in measured["recency"].items()
        if not math.isnan(value)
    }
