"""What each night did, stage by stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.upsert import put

_runs = schema.runs


@dataclass(frozen=True, slots=True)
class Stage:
    """One finished stage of a night and what it counted."""

    as_of: date
    stage: str
    counts: dict[str, int]
    seconds: float
    finished_at: datetime


class Runs:
    """The log of the nights; a stage that ran again replaces its earlier line."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, as_of: date, stage: str, counts: Mapping[str, int], seconds: float, finished_at: datetime) -> None:
        """Note that a stage is finished."""
        row = {"as_of": as_of, "stage": stage, "counts": dict(counts), "seconds": seconds, "finished_at": finished_at}
        with self._database.write() as connection:
            put(connection, _runs, [row])

    def stages(self, as_of: date) -> list[Stage]:
        """That night's stages in the order they finished."""
        query = select(_runs).where(_runs.c.as_of == as_of).order_by(_runs.c.finished_at, _runs.c.stage)
        with self._database.read() as connection:
            return [Stage(**row) for row in connection.execute(query).mappings()]

    def latest(self) -> list[Stage]:
        """The stages of the latest night."""
        with self._database.read() as connection:
            as_of = connection.execute(select(func.max(_runs.c.as_of))).scalar_one()
        return [] if as_of is None else self.stages(as_of)
