"""The comparable panel in Polars as most would write it: facts once, then for every date a lazy filter and group_by for each window.

What is asked of one window is asked of it in one pass, and the queries of a date run together on all threads.
"""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.engine.polars_facts import History, read_history
from benchmarks.engine.subset import (
    BASELINE_DAYS,
    COLUMNS,
    COUNT_DAYS,
    COUNTS,
    MEETING_BASELINE_DAYS,
    MEETING_WINDOW_DAYS,
    OUT_DAYS,
    WINDOW_DAYS,
    Floats,
    Instants,
    add_volume_drop,
    empty_panel,
)

_DAY_US = 86_400e6


def panel(path: Path, dates: Instants) -> Floats:
    """Compute the comparable panel of all clients in the file, which is sorted by client, then time."""
    history = read_history(path)
    clients = pl.DataFrame({"client": np.arange(history.clients, dtype=np.uint32)})
    missing = [name for name in COLUMNS if name != "volume_drop"]
    counts = [COLUMNS[number] for number in COUNTS]
    result = empty_panel(len(dates), history.clients)
    for now, date in zip(result, dates.tolist(), strict=True):
        found = clients
        for frame in pl.collect_all(_queries(history, date)):
            found = found.join(frame, on="client", how="left", maintain_order="left")
        told = found.with_columns(pl.col(counts).fill_null(0)).select(missing)
        now[:, [COLUMNS.index(name) for name in missing]] = told.to_numpy()
    add_volume_drop(result)
    return result


def _queries(history: History, date: datetime) -> list[pl.LazyFrame]:
    letters, ours = history.letters.lazy(), history.ours.lazy()
    return [
        _counts(letters, "in", COUNT_DAYS, date),
        _counts(ours, "out", OUT_DAYS, date),
        _ages(letters, date),
        *_levels(letters, "length", "in", date, pl.col("short").sum()),
        *_levels(history.client_waits.lazy(), "client_wait", "client_answers", date),
        *_levels(history.our_waits.lazy(), "our_wait", "our_answers", date),
        _meetings(history.fates.lazy(), date),
    ]


def _counts(rows: pl.LazyFrame, side: str, spans: tuple[int, ...], date: datetime) -> pl.LazyFrame:
    """Rows in each of several windows that end at the date: one pass over the longest."""
    within = rows.filter(_between(date - timedelta(days=max(spans)), date)).group_by("client")
    return within.agg([_between(date - timedelta(days=span), date).sum().alias(f"{side}_{span}") for span in spans])


def _ages(letters: pl.LazyFrame, date: datetime) -> pl.LazyFrame:
    """Days since the last message and since the first."""
    at, day = pl.col("at"), pl.lit(date)
    seen = letters.filter(at < day).group_by("client").agg(recency=day - at.max(), tenure=day - at.min())
    return seen.with_columns(pl.col("recency", "tenure").dt.total_microseconds() / _DAY_US)


def _levels(
    rows: pl.LazyFrame, name: str, counted: str, date: datetime, short: pl.Expr | None = None
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Median of `value` and number of rows in W; the same and the MAD in B; `short` is counted in both."""
    edge, oldest = date - timedelta(days=WINDOW_DAYS), date - timedelta(days=BASELINE_DAYS)
    value = pl.col("value")
    deviation = (value - value.median()).abs().median()

    def level(span: str, first: datetime, end: datetime, *more: pl.Expr) -> pl.LazyFrame:
        shorts = [] if short is None else [short.alias(f"short_{span}")]
        asked = [value.median().alias(f"{name}_{span}"), pl.len().alias(f"{counted}_{span}"), *shorts, *more]
        return rows.filter(_between(first, end)).group_by("client").agg(asked)

    return level("w", edge, date), level("b", oldest, edge, deviation.alias(f"{name}_mad"))


def _meetings(fates: pl.LazyFrame, date: datetime) -> pl.LazyFrame:
    """Meetings settled, and avoided, in both windows, as far as known at the date."""
    edge, oldest = date - timedelta(days=MEETING_WINDOW_DAYS), date - timedelta(days=MEETING_BASELINE_DAYS)
    at, fate_at, avoided = pl.col("at"), pl.col("fate_at"), pl.col("avoided")
    recent = fate_at >= edge
    known = (at < date) & (pl.col("until") >= date).fill_null(value=True)
    settled = fates.filter(known & fate_at.is_between(oldest, date, closed="left"))
    return settled.group_by("client").agg(
        meetings_w=recent.sum(),
        avoided_w=(recent & avoided).sum(),
        meetings_b=(~recent).sum(),
        avoided_b=(~recent & avoided).sum(),
    )


def _between(first: datetime, end: datetime) -> pl.Expr:
    return pl.col("at").is_between(first, end, closed="left")
