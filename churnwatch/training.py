"""From the firm's own history to a model in service: snapshots and outcomes in, a validated artifact out.

Each client gives one row per four weeks of its life. A row teaches only where its outcome is known: left within the horizon, or
seen through it. Ends that are not churn (project over, involuntary) censor: rows whose horizon they cut are dropped, not called 0.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np

from churnwatch import scoring
from churnwatch.core.calendar import BusinessCalendar, instant_of, micros
from churnwatch.core.config import Config
from churnwatch.core.errors import NotEnoughDataError
from churnwatch.core.table import US_PER_DAY, EventTable
from churnwatch.core.types import Freeze, Kind, Outcome
from churnwatch.knowledge import known_at
from churnwatch.model import artifact as artifacts
from churnwatch.model.artifact import Artifact
from churnwatch.model.dataset import TrainingSet
from churnwatch.model.estimator import first_day, fit
from churnwatch.store import Store

_STEP_DAYS = 28
_MIN_TENURE_DAYS = 28  # a client younger than this gives no row
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """The artifact and what it was learned from."""

    artifact: Artifact
    clients: int
    months: float
    rows: int
    losses: int
    note: str  # why the prior serves, or empty


def train(config: Config, store: Store, as_of: date, now: datetime, progress: Progress | None = None) -> Trained:
    """Learn from everything known before `as_of` and put the model into service under `config.model.path`."""
    tell = progress or (lambda _stage, _share: None)
    calendar = config.firm.calendar
    known = known_at(config, store, as_of)
    table = known.table
    data = panel(
        table,
        known.outcomes,
        calendar,
        as_of,
        config.model.horizon_days,
        lambda share: tell("measuring", share),
        known.frozen,
    )
    note = ""
    try:
        model = fit(data, config.model.seed, lambda name, share: tell(f"comparing {name}", share))
    except NotEnoughDataError as error:
        model = first_day(scoring.SIGNAL_NAMES, config.model.horizon_days, config.model.yearly_churn)
        note = str(error)
    folder: Path = config.path(config.model.path)
    last = calendar.day_of(instant_of(int(data.as_of.max()))) if len(data) else as_of
    saved = artifacts.save(folder, model, scoring.CATALOGUE_VERSION, now, last.isoformat())
    at = table.at[table.kind <= max(Kind)]
    span = (at.max() - at.min()) / US_PER_DAY / 30.4 if len(at) else 0.0
    return Trained(saved, len(table.clients), float(span), len(data), data.losses, note)


def panel(
    table: EventTable,
    outcomes: Sequence[Outcome],
    calendar: BusinessCalendar,
    as_of: date,
    horizon_days: int,
    progress: Callable[[float], None] | None = None,
    frozen: Mapping[str, Freeze] = MappingProxyType({}),
) -> TrainingSet:
    """Rows every four weeks back from the last date whose horizon is complete at `as_of`, for clients alive on that date.

    While a client's clock stands still it gives no row: its silence would be ours.
    """
    # Of a relation that ended twice the first end counts: what came after it is another relation.
    ends = {one.client_id: one for one in sorted(outcomes, key=lambda outcome: outcome.ended_on, reverse=True)}
    rows = [
        (code, client_id, day)
        for code, client_id in enumerate(table.clients)
        for day in _slices(table, code, calendar, as_of, horizon_days)
    ]
    labelled = [
        (code, day, label)
        for code, client_id, day in rows
        if (label := _label(ends.get(client_id), day, horizon_days)) is not None
        and not (client_id in frozen and frozen[client_id].since < day)
    ]
    client_ids = [table.clients[code] for code, _, _ in labelled]
    instants = np.array([micros(calendar.midnight(day)) for _, day, _ in labelled], dtype=np.int64)
    index = scoring.index_of(table, client_ids, instants)
    measured = scoring.snapshots(table, index, calendar, progress)
    enough = np.array([why is None for why in scoring.insufficient(measured)], dtype=np.bool_)
    return TrainingSet(
        x=measured.values.to_numpy()[enough],
        y=np.array([label for _, _, label in labelled], dtype=np.int64)[enough],
        client=np.array([code for code, _, _ in labelled], dtype=np.int64)[enough],
        as_of=instants[enough],
        names=scoring.SIGNAL_NAMES,
        horizon_days=horizon_days,
    )


def _slices(table: EventTable, code: int, calendar: BusinessCalendar, as_of: date, horizon_days: int) -> list[date]:
    first, last = np.searchsorted(table.client, [code, code + 1])
    events = table.kind[first:last] <= max(Kind)  # a change of manager may be older than all that passed between us
    begun = calendar.day_of(instant_of(int(table.at[first:last][events].min())))
    day = as_of - timedelta(horizon_days)
    days = []
    while day >= begun + timedelta(_MIN_TENURE_DAYS):
        days.append(day)
        day -= timedelta(_STEP_DAYS)
    return days


def _label(end: Outcome | None, day: date, horizon_days: int) -> int | None:
    """1 = left within the horizon, 0 = seen through it, None = over already, or cut short by an end that is not churn."""
    if end is None or end.ended_on >= day + timedelta(horizon_days):
        return 0
    if end.ended_on <= day:
        return None
    return 1 if end.departure.churn else None
