"""The comparable panel in pandas: facts derived once, then slices of time-sorted frames and a groupby for each date."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.engine.pandas_facts import both_waits, client_letters, meeting_fates, read_events
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
    talk, revisions, clients = read_events(path)
    letters = client_letters(talk)
    ours = talk.loc[~talk["inbound"], ["client", "at"]].sort_values("at", ignore_index=True)
    client_waits, our_waits = both_waits(talk)
    fates = meeting_fates(revisions)
    del talk, revisions

    result = empty_panel(len(dates), clients)
    _add_recency(result, letters, dates)
    for now, date in zip(result, dates, strict=True):
        _add_counts(now, letters, "in", COUNT_DAYS, date)
        _add_counts(now, ours, "out", OUT_DAYS, date)
        _add_level(now, letters, "length", "in", date)
        _add_level(now, client_waits, "client_wait", "client_answers", date)
        _add_level(now, our_waits, "our_wait", "our_answers", date)
        for span, window in zip("wb", _windows(letters, date), strict=True):
            _put(now, f"short_{span}", window.groupby("client")["short"].sum())
        _add_meetings(now, fates, date)
    add_volume_drop(result)
    return result


def _add_recency(result: Floats, letters: pd.DataFrame, dates: Instants) -> None:
    grid = pd.MultiIndex.from_product([dates, range(result.shape[1])], names=["at", "client"]).to_frame(index=False)
    seen = letters[["client", "at"]].assign(last=letters["at"])
    last = pd.merge_asof(grid, seen, on="at", by="client", allow_exact_matches=False)
    recency = (last["at"] - last["last"]) / pd.Timedelta(days=1)
    result[:, :, COLUMN["recency"]] = recency.to_numpy().reshape(result.shape[:2])
    first = letters.groupby("client")["at"].min().reindex(range(result.shape[1])).to_numpy()
    tenure = (dates[:, None] - first) / days(1)
    result[:, :, COLUMN["tenure"]] = np.where(tenure > 0, tenure, np.nan)


def _add_counts(now: Floats, rows: pd.DataFrame, side: str, spans: Iterable[int], date: np.datetime64) -> None:
    for span in spans:
        _put(now, f"{side}_{span}", _between(rows, date - days(span), date).groupby("client").size())


def _add_level(now: Floats, rows: pd.DataFrame, name: str, counted: str, date: np.datetime64) -> None:
    """Median of `value` over W and B, MAD over B, and how many there were."""
    recent, past = _windows(rows, date)
    by_client = past.groupby("client")["value"]
    centre = by_client.median()
    deviation = (past["value"] - past["client"].map(centre)).abs()
    _put(now, f"{name}_w", recent.groupby("client")["value"].median())
    _put(now, f"{name}_b", centre)
    _put(now, f"{name}_mad", deviation.groupby(past["client"]).median())
    _put(now, f"{counted}_w", recent.groupby("client").size())
    _put(now, f"{counted}_b", by_client.size())


def _add_meetings(now: Floats, fates: pd.DataFrame, date: np.datetime64) -> None:
    settled = fates[(fates["at"] < date) & (date <= fates["until"]) & (fates["fate_at"] < date)]
    edge, oldest = date - days(MEETING_WINDOW_DAYS), date - days(MEETING_BASELINE_DAYS)
    recent = settled["fate_at"] >= edge
    past = ~recent & (settled["fate_at"] >= oldest)
    for span, chosen in (("w", recent), ("b", past)):
        by_client = settled[chosen].groupby("client")["avoided"]
        _put(now, f"meetings_{span}", by_client.size())
        _put(now, f"avoided_{span}", by_client.sum())


def _windows(rows: pd.DataFrame, date: np.datetime64) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows in W and in B."""
    edge = date - days(WINDOW_DAYS)
    return _between(rows, edge, date), _between(rows, date - days(BASELINE_DAYS), edge)


def _between(rows: pd.DataFrame, start: np.datetime64, stop: np.datetime64) -> pd.DataFrame:
    """Rows of a time-sorted frame in [start, stop)."""
    first, last = rows["at"].searchsorted([start, stop])
    return rows.iloc[first:last]


def _put(now: Floats, name: str, by_client: pd.Series) -> None:
    now[by_client.index.to_numpy(), COLUMN[name]] = by_client.to_numpy()
