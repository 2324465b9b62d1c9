"""The catalogue: everything churnwatch measures about a client, in column order, and the functions that measure it.

To add a signal: write it in its family's file and it is in that family's `SIGNALS`; a new family is one more line below.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType

import numpy as np
import pandas as pd

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import Panel, SnapshotIndex, panels
from churnwatch.core.table import NO_TIME, EventTable, FloatArray, IntArray
from churnwatch.core.types import Freeze
from churnwatch.features import (
    account,
    activity,
    connection,
    context,
    engagement,
    initiative,
    kernel,
    latency,
    meetings,
    our_side,
    people,
    rhythm,
    survey,
    tone,
)
from churnwatch.features.facts import Facts
from churnwatch.features.freeze import stopped
from churnwatch.features.habit import BASELINE_DAYS
from churnwatch.features.measure import Measure
from churnwatch.features.past import Past
from churnwatch.features.side_by_side import side_by_side
from churnwatch.features.signal import Family, Signal
from churnwatch.features.survey import FirmCounts, Survey

_FAMILIES = (
    activity, rhythm, latency, engagement, initiative, meetings, tone, people, our_side, account, context,
)  # fmt: skip
CATALOGUE: tuple[Signal, ...] = tuple(signal for family in _FAMILIES for signal in family.SIGNALS)
NAMES: tuple[str, ...] = tuple(signal.name for signal in CATALOGUE)
BY_NAME: dict[str, Signal] = {signal.name: signal for signal in CATALOGUE}
OF_THE_FIRM: tuple[str, ...] = ("firm_trend",)  # measured on all clients together
_REVISION = 7  # raise it when a formula changes under the same name
VERSION: str = hashlib.sha256(f"{_REVISION}:{','.join(NAMES)}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Signals of many snapshots: frames of one row per snapshot in the order asked, one column per signal.

    `values` feeds the model (NaN = not enough evidence); `now` and `before` are for people, in `Signal.shown_in`.
    """

    values: pd.DataFrame
    now: pd.DataFrame
    before: pd.DataFrame
    frozen: tuple[Freeze | None, ...] = ()  # per snapshot, why its clock stands still
    unconnected: frozenset[str] = frozenset()  # signals whose channel the firm has not connected


def surveyed(
    table: EventTable,
    as_of: IntArray,
    calendar: BusinessCalendar,
    names: Sequence[str] = NAMES,
    counts: FirmCounts | None = None,
) -> Survey:
    """What the firm as a whole says to some signals at the as-ofs.

    From the table of all its clients; or, with the counts of all given, from a table that has at least the `pool_clients`.
    """
    counts = survey.count(table, as_of, calendar) if counts is None else counts
    dates = survey.pool_dates(as_of, calendar)
    habits = tuple(dict.fromkeys(habit for name in names for habit in BY_NAME[name].habits))
    facts_of = partial(Facts, calendar=calendar, survey=Survey(counts), kernel=kernel.choose(len(table), len(as_of)))
    return survey.pool(facts_of, table, dates, calendar.midnights_before(dates, round(BASELINE_DAYS)), habits, counts)


def measure(
    table: EventTable,
    index: SnapshotIndex,
    calendar: BusinessCalendar,
    progress: Callable[[float], None] | None = None,
    *,
    names: Sequence[str] = NAMES,
    firm: Survey | None = None,
    frozen: Sequence[Freeze | None] = (),
    past: Past | None = None,
) -> Snapshots:
    """Signals (by default the whole catalogue) for every snapshot asked for; each sees only what was known before its as-of.

    An as-of is a midnight of the firm's calendar. `firm` is what the whole firm says, where the table is only a part of it.
    `past` holds facts of the table's clients whose rows the table lacks.
    A snapshot that is `frozen` (one freeze or None each; empty = none is) is measured as of the midnight it stopped at.
    """
    shown = connection.connected(table, int(index.as_of.max(initial=NO_TIME)))
    index = stopped(index, frozen, calendar)
    _only_midnights(index.as_of, calendar)
    firm = surveyed(table, index.as_of, calendar, names) if firm is None else firm
    parts = [np.full((len(index), len(names)), np.nan) for _ in range(3)]
    measured = partial(
        _measured, calendar=calendar, firm=firm, names=names, chosen=kernel.choose(len(table), len(index)), past=past
    )
    done = 0
    for panel, measures in side_by_side(measured, panels(table, index)):
        for column, measured_one in enumerate(measures):
            for part, told in zip(parts, (measured_one.value, measured_one.now, measured_one.before), strict=True):
                if told is not None:
                    part[panel.place, column] = told
        done += len(panel)
        if progress is not None:
            progress(done / len(index))
    values, now, before = (pd.DataFrame(part, columns=list(names)) for part in parts)
    needing = ((name, connection.needs(BY_NAME[name])) for name in names)
    unconnected = frozenset(name for name, needed in needing if needed and not needed & shown)
    return Snapshots(values, now, before, tuple(frozen) or (None,) * len(index), unconnected)


def _measured(
    panel: Panel, calendar: BusinessCalendar, firm: Survey, names: Sequence[str], chosen: ModuleType, past: Past | None
) -> tuple[Panel, list[Measure]]:
    facts = Facts(panel, calendar, firm, chosen, past)
    return panel, [BY_NAME[name].compute(facts) for name in names]


def evidence(
    table: EventTable,
    index: SnapshotIndex,
    calendar: BusinessCalendar,
    wanted: dict[int, tuple[str, ...]],
    limit: int = 5,
    frozen: Sequence[Freeze | None] = (),
) -> dict[tuple[int, str], tuple[str, ...]]:
    """The ids of the events behind some signals: `wanted` maps a snapshot's place in `index` to signal names, heaviest first."""
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    index = stopped(index, frozen, calendar)
    asked = np.array(sorted(wanted), dtype=np.intp)
    firm = Survey(survey.count(table, index.as_of, calendar))
    for panel in panels(table, index.only(asked), apart=True):
        facts = Facts(panel, calendar, firm)
        names = {name for place in panel.place for name in wanted[asked[place]]}
        for name in sorted(names):
            weigh = BY_NAME[name].evidence
            if weigh is None:
                continue
            weight = weigh(facts)
            for lane, place in zip(panel.lane, panel.place, strict=True):
                if name in wanted[asked[place]]:
                    span = slice(panel.start[lane], panel.start[lane + 1])
                    found[int(asked[place]), name] = _heaviest(panel, span, weight[span], limit)
    return found


def _heaviest(panel: Panel, span: slice, weight: FloatArray, limit: int) -> tuple[str, ...]:
    order = np.argsort(-weight, kind="stable")[:limit]
    return tuple(panel.table.ids(panel.rows[span][order[weight[order] > 0]]))


def _only_midnights(as_of: IntArray, calendar: BusinessCalendar) -> None:
    distinct = np.unique(as_of)
    if not np.array_equal(calendar.midnights(calendar.local_day(distinct)), distinct):
        raise ValueError(
            f"An as-of is not a midnight in {calendar.timezone}: snapshots are taken at the start of a day."
        )


__all__ = [
    "BY_NAME",
    "CATALOGUE",
    "NAMES",
    "VERSION",
    "Family",
    "FirmCounts",
    "Measure",
    "Signal",
    "Snapshots",
    "Survey",
    "evidence",
    "measure",
    "surveyed",
]
