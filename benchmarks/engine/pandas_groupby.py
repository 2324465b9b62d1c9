"""The comparable panel in pandas as most would write it: facts once, then for every date a mask and a groupby for each window."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.engine.pandas_facts import both_waits, client_letters, meeting_fates, read_events
from benchmarks.engine.subset import (
    BASELINE_DAYS,
    COLUMN,
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
    days,
    empty_panel,
)


def panel(path: Path, dates: Instants) -> Floats:
    """Compute the comparable panel of all clients in the file, which is sorted by client, then time."""
    talk, revisions, clients = read_events(path)
    letters = client_letters(talk)
    ours = talk.loc[~talk["inbound"], ["client", "at"]]
    client_waits, our_waits = both_waits(talk)
    fates = meeting_fates(revisions)
    del talk, revisions

    counts = [COLUMNS[number] for number in COUNTS]
    result = empty_panel(len(dates), clients)
    for now, date in zip(result, dates, strict=True):
        columns = [
            *_counts(letters, "in", COUNT_DAYS, date),
            *_counts(ours, "out", OUT_DAYS, date),
            *_ages(letters, date),
            *_levels(letters, "length", "in", date),
            *_shorts(letters, date),
            *_levels(client_waits, "client_wait", "client_answers", date),
            *_levels(our_waits, "our_wait", "our_answers", date),
            *_meetings(fates, date),
        ]
        found = pd.concat(columns, axis=1).reindex(range(clients))
        found[counts] = found[counts].fillna(0)
        now[:, [COLUMN[name] for name in found.columns]] = found.to_numpy()
    add_volume_drop(result)
    return result


def _counts(rows: pd.DataFrame, side: str, spans: Iterable[int], date: np.datetime64) -> Iterable[pd.Series]:
    for span in spans:
        yield _between(rows, date - days(span), date).groupby("client").size().rename(f"{side}_{span}")


def _ages(letters: pd.DataFrame, date: np.datetime64) -> Iterable[pd.Series]:
    """Days since the last message and since the first."""
    by_client = letters[letters["at"] < date].groupby("client")["at"]
    for name, at in (("recency", by_client.max()), ("tenure", by_client.min())):
        yield ((date - at) / pd.Timedelta(days=1)).rename(name)


def _levels(rows: pd.DataFrame, name: str, counted: str, date: np.datetime64) -> Iterable[pd.Series]:
    """Median of `value` and number of rows in W and in B, MAD in B."""
    for span, window in _windows(rows, date):
        values = window.groupby("client")["value"]
        centre = values.median()
        yield centre.rename(f"{name}_{span}")
        yield values.size().rename(f"{counted}_{span}")
        if span == "b":
            deviation = (window["value"] - window["client"].map(centre)).abs()
            yield deviation.groupby(window["client"]).median().rename(f"{name}_mad")


def _shorts(letters: pd.DataFrame, date: np.datetime64) -> Iterable[pd.Series]:
    for span, window in _windows(letters, date):
        yield window.groupby("client")["short"].sum().rename(f"short_{span}")


def _meetings(fates: pd.DataFrame, date: np.datetime64) -> Iterable[pd.Series]:
    """Meetings settled, and avoided, in both windows, as far as known at the date."""
    known = fates[(fates["at"] < date) & (date <= fates["until"])]
    edge, oldest = date - days(MEETING_WINDOW_DAYS), date - days(MEETING_BASELINE_DAYS)
    for span, first, end in (("w", edge, date), ("b", oldest, edge)):
        settled = known[(known["fate_at"] >= first) & (known["fate_at"] < end)].groupby("client")["avoided"]
        yield settled.size().rename(f"meetings_{span}")
        yield settled.sum().rename(f"avoided_{span}")


def _windows(rows: pd.DataFrame, date: np.datetime64) -> Iterable[tuple[str, pd.DataFrame]]:
    """The rows in W and in B."""
    edge = date - days(WINDOW_DAYS)
    yield "w", _between(rows, edge, date)
    yield "b", _between(rows, date - days(BASELINE_DAYS), edge)


def _between(rows: pd.DataFrame, first: np.datetime64, end: np.datetime64) -> pd.DataFrame:
    return rows[(rows["at"] >= first) & (rows["at"] < end)]
