"""The comparable panel in featuretools: an entity set of facts, cutoff times for the dates, a training window for each span.

It needs pandas before 3 and so runs in an environment of its own; facts are derived as a user of featuretools would, in pandas.
"""

from pathlib import Path

import featuretools as ft
import numpy as np
import pandas as pd
from featuretools.primitives import AggregationPrimitive, Count, Median, NumTrue, TimeSinceFirst, TimeSinceLast
from woodwork.column_schema import ColumnSchema
from woodwork.logical_types import Boolean, Datetime, Double

from benchmarks.engine.pandas_facts import both_waits, client_letters, meeting_fates, read_events
from benchmarks.engine.subset import (
    BASELINE_DAYS,
    COLUMN,
    COUNT_DAYS,
    COUNTS,
    MEETING_BASELINE_DAYS,
    MEETING_WINDOW_DAYS,
    OUT_DAYS,
    WINDOW_DAYS,
    Floats,
    Instants,
    add_volume_drop,
    days,
    empty_panel,
)

Features = dict[str, ft.FeatureBase]
_INSTANT = ColumnSchema(logical_type=Datetime)
_LEVELS = (  # what is levelled, in which rows, and what their number is called
    ("length", "letters", "in"),
    ("client_wait", "client_waits", "client_answers"),
    ("our_wait", "our_waits", "our_answers"),
)


class Spread(AggregationPrimitive):
    """Median absolute deviation from the median."""

    name = "spread"
    input_types = [ColumnSchema(semantic_tags={"numeric"})]  # noqa: RUF012 - a list is what featuretools takes
    return_type = ColumnSchema(logical_type=Double, semantic_tags={"numeric"})

    def get_function(self):
        return lambda values: (values - values.median()).abs().median()


class Settled(AggregationPrimitive):
    """Meetings settled (or, among them, avoided) between two ages in days, as far as known at the cutoff time."""

    name = "settled"
    input_types = [_INSTANT, _INSTANT, ColumnSchema(logical_type=Boolean)]  # noqa: RUF012
    return_type = ColumnSchema(logical_type=Double, semantic_tags={"numeric"})
    uses_calc_time = True

    def __init__(self, from_days=MEETING_WINDOW_DAYS, to_days=0, only_avoided=False):
        self.from_days, self.to_days, self.only_avoided = from_days, to_days, only_avoided

    def get_function(self):
        def settled(until, fate_at, avoided, time=None):
            now = time.to_datetime64()
            chosen = (until.to_numpy() >= now) & (fate_at.to_numpy() < now - days(self.to_days))
            chosen &= fate_at.to_numpy() >= now - days(self.from_days)
            return float((chosen & avoided.to_numpy()).sum() if self.only_avoided else chosen.sum())

        return settled


def panel(path: Path, dates: Instants) -> Floats:
    """Compute the comparable panel of all clients in the file, which is sorted by client, then time."""
    facts, clients = _entities(path)
    result = empty_panel(len(dates), clients)
    for span in COUNT_DAYS:
        counts = {f"in_{span}": _feature(facts, "letters", "id", Count)}
        if span in OUT_DAYS:
            counts[f"out_{span}"] = _feature(facts, "ours", "id", Count)
        _measure(result, facts, counts, dates, span)
    _measure(result, facts, _levels(facts, "w"), dates, WINDOW_DAYS)
    spreads = {f"{name}_mad": _feature(facts, rows, "value", Spread) for name, rows, _ in _LEVELS}
    before = dates - days(WINDOW_DAYS)
    _measure(result, facts, _levels(facts, "b") | spreads, before, BASELINE_DAYS - WINDOW_DAYS)
    _measure(result, facts, _since_ever(facts), dates, None)
    add_volume_drop(result)
    return result


def _entities(path: Path) -> tuple[ft.EntitySet, int]:
    """The facts by time, each a child of its client."""
    talk, revisions, clients = read_events(path)
    client_waits, our_waits = both_waits(talk)
    rows = {
        "letters": client_letters(talk),
        "ours": talk.loc[~talk["inbound"], ["client", "at"]],
        "client_waits": client_waits[["client", "at", "value"]],
        "our_waits": our_waits[["client", "at", "value"]],
        "fates": meeting_fates(revisions),
    }
    facts = ft.EntitySet("firm")
    facts.add_dataframe(
        dataframe_name="clients", dataframe=pd.DataFrame({"client": np.arange(clients)}), index="client"
    )
    for name, frame in rows.items():
        by_time = frame.sort_values("at", ignore_index=True)
        facts.add_dataframe(dataframe_name=name, dataframe=by_time, index="id", make_index=True, time_index="at")
        facts.add_relationship("clients", "client", name, "client")
    facts.add_last_time_indexes()
    return facts, clients


def _levels(facts: ft.EntitySet, span: str) -> Features:
    medians = {f"{name}_{span}": _feature(facts, rows, "value", Median) for name, rows, _ in _LEVELS}
    counts = {f"{counted}_{span}": _feature(facts, rows, "id", Count) for _, rows, counted in _LEVELS}
    return medians | counts | {f"short_{span}": _feature(facts, "letters", "short", NumTrue)}


def _since_ever(facts: ft.EntitySet) -> Features:
    """What looks at all that is known: the first and last message, and meetings, whose fate may be booked later than known."""
    features = {
        "recency": _feature(facts, "letters", "at", TimeSinceLast(unit="days")),
        "tenure": _feature(facts, "letters", "at", TimeSinceFirst(unit="days")),
    }
    spans = {"w": (MEETING_WINDOW_DAYS, 0), "b": (MEETING_BASELINE_DAYS, MEETING_WINDOW_DAYS)}
    fate = [facts["fates"].ww[column] for column in ("until", "fate_at", "avoided")]
    for span, (from_days, to_days) in spans.items():
        for name, only_avoided in (("meetings", False), ("avoided", True)):
            settled = Settled(from_days, to_days, only_avoided)
            features[f"{name}_{span}"] = ft.Feature(fate, parent_dataframe_name="clients", primitive=settled)
    return features


def _feature(
    facts: ft.EntitySet, rows: str, column: str, primitive: AggregationPrimitive | type[AggregationPrimitive]
) -> ft.FeatureBase:
    return ft.Feature(facts[rows].ww[column], parent_dataframe_name="clients", primitive=primitive)


def _measure(result: Floats, facts: ft.EntitySet, features: Features, ends: Instants, span: int | None) -> None:
    """Fill the features' columns from the windows of `span` days before `ends`, or from all history."""
    clients = result.shape[1]
    cutoffs = pd.DataFrame({"client": np.tile(np.arange(clients), len(ends)), "time": np.repeat(ends, clients)})
    found = ft.calculate_feature_matrix(
        list(features.values()),
        facts,
        cutoff_time=cutoffs,
        training_window=None if span is None else f"{span} days",
        cutoff_time_in_index=True,
        include_cutoff_time=False,
    ).swaplevel()
    ordered = found.loc[pd.MultiIndex.from_frame(cutoffs[["time", "client"]])]
    for name, feature in features.items():
        values = ordered[feature.get_name()].to_numpy(np.float64, na_value=np.nan).reshape(result.shape[:2])
        column = COLUMN[name]
        result[:, :, column] = np.nan_to_num(values) if column in COUNTS else values
