"""What we believe: each client's signals as of a date, and the risk read from them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd
from sqlalchemy import Subquery, bindparam, func, select

from churnwatch.core.errors import StoreError
from churnwatch.core.types import Band, Freeze, Reason, Risk, Standstill
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.upsert import Row, put

_catalogues, _snapshots, _risks = schema.catalogues, schema.snapshots, schema.risks
_NOBODY: Mapping[str, Freeze] = MappingProxyType({})
_RISK_KEY = ("client_id", "as_of", "horizon_days", "model_id")


class Scores:
    """Snapshots and risks; putting the same again changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_snapshots(
        self, as_of: date, catalogue: str, frame: pd.DataFrame, frozen: Mapping[str, Freeze] = _NOBODY
    ) -> None:
        """Store one row of signals per client (the index); NaN is kept as "not enough evidence".

        `frozen` names the clients whose signals stand still. A catalogue's name stands for its columns: the same name with
        other columns is refused.
        """
        names = [str(name) for name in frame.columns]
        numbers = frame.to_numpy(dtype=np.float64)
        if np.isinf(numbers).any():
            raise StoreError(
                f"A signal of {as_of} is infinite.", remedy="A signal is finite or NaN: mend the catalogue."
            )
        rows = [
            {
                "as_of": as_of,
                "catalogue": catalogue,
                "client_id": str(client_id),
                "numbers": values,
                **_row_of_freeze(frozen.get(str(client_id))),
            }
            for client_id, values in zip(frame.index, numbers.tolist(), strict=True)
        ]
        with self._database.write() as connection:
            known = select(_catalogues.c.columns).where(_catalogues.c.catalogue == catalogue)
            columns = connection.execute(known).scalar_one_or_none()
            if columns is None:
                put(connection, _catalogues, [{"catalogue": catalogue, "columns": names}])
            elif columns != names:
                raise StoreError(
                    f"The catalogue {catalogue!r} was stored with other signals.",
                    remedy="Give a changed catalogue a new version.",
                )
            put(connection, _snapshots, rows)

    def snapshots(self, as_of: date, catalogue: str) -> pd.DataFrame:
        """The signals of that date, one row per client; empty where there are none."""
        known = select(_catalogues.c.columns).where(_catalogues.c.catalogue == catalogue)
        query = (
            select(_snapshots.c.client_id, _snapshots.c.numbers)
            .where(_snapshots.c.as_of == as_of, _snapshots.c.catalogue == catalogue)
            .order_by(_snapshots.c.client_id)
        )
        with self._database.read() as connection:
            columns = connection.execute(known).scalar_one_or_none() or []
            rows = connection.execute(query).all()
        index = pd.Index([row.client_id for row in rows], name="client_id", dtype="str")
        numbers = np.array([row.numbers for row in rows], dtype=np.float64).reshape(len(rows), len(columns))
        return pd.DataFrame(numbers, index=index, columns=columns)

    def frozen(self, as_of: date, catalogue: str) -> dict[str, Freeze]:
        """Of that date's snapshots the clients whose signals stand still."""
        query = select(_snapshots.c.client_id, _snapshots.c.frozen_since, _snapshots.c.frozen_why).where(
            _snapshots.c.as_of == as_of, _snapshots.c.catalogue == catalogue, _snapshots.c.frozen_since.is_not(None)
        )
        with self._database.read() as connection:
            return {client_id: Freeze(since, Standstill(why)) for client_id, since, why in connection.execute(query)}

    def put_risks(self, risks: Sequence[Risk]) -> int:
        """Store the risks; the number that were new or differed. Of a client and date, the one put last holds."""
        with self._database.write() as connection:
            turn = connection.execute(select(func.coalesce(func.max(_risks.c.turn), 0))).scalar_one() + 1
            changed = put(connection, _risks, [_row(risk) | {"turn": turn} for risk in risks], uncompared=("turn",))
            older = (_risks.c[name] == bindparam(f"of_{name}") for name in _RISK_KEY)
            if risks:
                keys = [{f"of_{name}": getattr(risk, name) for name in _RISK_KEY} for risk in risks]
                connection.execute(_risks.update().where(*older).values(turn=turn), keys)
        return changed

    def risks(self, as_of: date | None = None) -> list[Risk]:
        """What is believed of each client as of the date (None = the latest there is), by client."""
        holding = _holding()
        day = select(func.max(_risks.c.as_of)).scalar_subquery() if as_of is None else as_of
        query = select(holding).where(holding.c.as_of == day, holding.c.newness == 1).order_by(holding.c.client_id)
        with self._database.read() as connection:
            return [_risk(dict(row)) for row in connection.execute(query).mappings()]

    def latest_as_of(self) -> date | None:
        """The latest date that has risks."""
        with self._database.read() as connection:
            latest: date | None = connection.execute(select(func.max(_risks.c.as_of))).scalar_one()
        return latest

    def history(self, client_id: str, limit: int = 400) -> list[Risk]:
        """The latest beliefs about one client, oldest first."""
        holding = _holding()
        query = (
            select(holding)
            .where(holding.c.client_id == client_id, holding.c.newness == 1)
            .order_by(holding.c.as_of.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [_risk(dict(row)) for row in connection.execute(query).mappings()][::-1]


def _holding() -> Subquery:
    newness = func.row_number().over(partition_by=[_risks.c.client_id, _risks.c.as_of], order_by=_risks.c.turn.desc())
    return select(*_risks.c, newness.label("newness")).subquery()


def _row(risk: Risk) -> Row:
    row = asdict(risk) | _row_of_freeze(risk.frozen)
    del row["frozen"]
    return row


def _risk(row: Row) -> Risk:
    since, why = row.pop("frozen_since"), row.pop("frozen_why")
    del row["turn"], row["newness"]
    band = None if row["band"] is None else Band(row["band"])
    frozen = None if since is None else Freeze(since, Standstill(why))
    return Risk(**row | {"band": band, "reasons": reasons_of(row["reasons"]), "frozen": frozen})


def _row_of_freeze(freeze: Freeze | None) -> Row:
    return {"frozen_since": freeze and freeze.since, "frozen_why": freeze and freeze.why}


def reasons_of(rows: Sequence[Row]) -> tuple[Reason, ...]:
    """Reasons from their stored form."""
    return tuple(Reason(**row | {"event_ids": tuple(row["event_ids"])}) for row in rows)
