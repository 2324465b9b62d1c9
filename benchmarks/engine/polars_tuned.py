"""The comparable panel in Polars: running counts met by an as-of join, medians by one lazy query a date, all collected at once."""

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.engine.polars_facts import read_history
from benchmarks.engine.subset import (
    BASELINE_DAYS,
    COLUMN,
    COUNT_DAYS,
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


def panel(path: Path, dates: Instants) -> Floats:
    """Compute the comparable panel of all clients in the file, which is sorted by client, then time."""
    history = read_history(path)
    result = empty_panel(len(dates), history.clients)
    _add_counts(result, history.letters, history.ours, dates)
    _add_level(result, history.letters, "length", "in", dates)
    _add_level(result, history.client_waits, "client_wait", "client_answers", dates)
    _add_level(result, history.our_waits, "our_wait", "our_answers", dates)
    _add_meetings(result, history.fates, dates)
    add_volume_drop(result)
    return result


def _add_counts(result: Floats, letters: pl.DataFrame, ours: pl.DataFrame, dates: Instants) -> None:
    spans = sorted({0, *COUNT_DAYS, WINDOW_DAYS, BASELINE_DAYS})
    clients, at = result.shape[1], {span: dates - days(span) for span in spans}
    edges = np.unique(np.concatenate([*at.values()]))
    place = {span: np.searchsorted(edges, instants) for span, instants in at.items()}
    grid = pl.LazyFrame(
        {"client": np.repeat(np.arange(clients, dtype=np.uint32), len(edges)), "at": np.tile(edges, clients)}
    )

    def running(rows: pl.DataFrame) -> pl.LazyFrame:
        """Of each client at each edge: how many rows, how many short ones, and the newest, all before it."""
        so_far = rows.lazy().select(
            "client",
            "at",
            number=pl.int_range(1, pl.len() + 1).over("client"),
            shorts=pl.col("short").cast(pl.Int64).cum_sum().over("client"),
            newest="at",
        )
        met = grid.join_asof(so_far, on="at", by="client", allow_exact_matches=False, check_sortedness=False)
        return met.select(pl.col("number", "shorts").fill_null(0), "newest")

    theirs, mine = (
        {name: frame[name].to_numpy().reshape(clients, len(edges)).T for name in frame.columns}
        for frame in pl.collect_all([running(letters), running(ours)])
    )
    now = place[0]
    for side, counts, lengths in (("in", theirs["number"], COUNT_DAYS), ("out", mine["number"], OUT_DAYS)):
        for span in lengths:
            result[:, :, COLUMN[f"{side}_{span}"]] = counts[now] - counts[place[span]]
    shorts, edge = theirs["shorts"], place[WINDOW_DAYS]
    result[:, :, COLUMN["short_w"]] = shorts[now] - shorts[edge]
    result[:, :, COLUMN["short_b"]] = shorts[edge] - shorts[place[BASELINE_DAYS]]
    result[:, :, COLUMN["recency"]] = (dates[:, None] - theirs["newest"][now]) / days(1)
    first = np.full(clients, np.datetime64("NaT", "us"))
    firsts = letters.group_by("client").agg(pl.col("at").min())
    first[firsts["client"].to_numpy()] = firsts["at"].to_numpy()
    tenure = (dates[:, None] - first) / days(1)
    result[:, :, COLUMN["tenure"]] = np.where(tenure > 0, tenure, np.nan)


def _add_level(result: Floats, rows: pl.DataFrame, name: str, counted: str, dates: Instants) -> None:
    """Median of `value` and number of rows in W; the same and the MAD in B."""
    value, at = pl.col("value"), pl.col("at")
    queries = []
    for date in dates:
        edge, oldest = date - days(WINDOW_DAYS), date - days(BASELINE_DAYS)
        recent = rows.lazy().filter(at.is_between(edge, date, closed="left")).group_by("client")
        past = rows.lazy().filter(at.is_between(oldest, edge, closed="left")).group_by("client")
        queries += [
            recent.agg(value.median().alias(f"{name}_w"), pl.len().alias(f"{counted}_w")),
            past.agg(
                value.median().alias(f"{name}_b"),
                (value - value.median()).abs().median().alias(f"{name}_mad"),
                pl.len().alias(f"{counted}_b"),
            ),
        ]
    for number, frame in enumerate(pl.collect_all(queries)):
        _put(result[number // 2], frame)


def _add_meetings(result: Floats, fates: pl.DataFrame, dates: Instants) -> None:
    queries = []
    for date in dates:
        edge, oldest = date - days(MEETING_WINDOW_DAYS), date - days(MEETING_BASELINE_DAYS)
        fate_at, avoided = pl.col("fate_at"), pl.col("avoided")
        recent = fate_at >= edge
        known = (pl.col("at") < date) & (pl.col("until") >= date).fill_null(value=True)
        settled = fates.lazy().filter(known & fate_at.is_between(oldest, date, closed="left"))
        queries.append(
            settled.group_by("client").agg(
                meetings_w=recent.sum(),
                avoided_w=(recent & avoided).sum(),
                meetings_b=(~recent).sum(),
                avoided_b=(~recent & avoided).sum(),
            )
        )
    for now, frame in zip(result, pl.collect_all(queries), strict=True):
        _put(now, frame)


def _put(now: Floats, by_client: pl.DataFrame) -> None:
    names = by_client.columns[1:]
    now[by_client["client"].to_numpy()[:, None], [COLUMN[name] for name in names]] = by_client.select(names).to_numpy()
