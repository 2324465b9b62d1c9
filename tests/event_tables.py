"""Tables of events in Parquet for the engines: the cast with its letters, and plain traffic of any size with a heavy client."""

from pathlib import Path

import builders
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnwatch.core.interchange import frame_of_events

_FIRST, _LAST = 1_704_067_200, 1_767_225_600  # seconds: the years 2024 and 2025


def cast(copies: int = 1) -> pd.DataFrame:
    """The cast with its letters, in so many copies of every client."""
    once = frame_of_events(builders.cast(), {})
    several = []
    for copy in range(copies):
        again = once.copy()
        for name in ("client_id", "contact_id"):
            again[name] = again[name].map(
                lambda value, copy=copy: f"{value}-{copy}" if isinstance(value, str) else value
            )
        several.append(again)
    return pd.concat(several, ignore_index=True)


def traffic(events: int, clients: int, heavy_share: float = 0.0, seed: int = 1) -> pa.Table:
    """Messages without text of clients of unlike size; client-00000 has at least `heavy_share` of all."""
    dice = np.random.default_rng(seed)
    weights = dice.lognormal(0, 1, clients)
    weights *= (1 - heavy_share) / weights.sum()
    weights[0] += heavy_share
    client = dice.choice(clients, events, p=weights / weights.sum())
    numbers = np.arange(events)
    return pa.table(
        {
            "event_id": pa.array(np.char.add("e", numbers.astype(str))),
            "client_id": pa.array([f"client-{number:05d}" for number in range(clients)]).take(pa.array(client)),
            "contact_id": pa.array(np.char.add("person-", (client * 3 + dice.integers(0, 3, events)).astype(str))),
            "kind": pa.array(["message"]).take(pa.array(np.zeros(events, dtype=np.int64))),
            "direction": pa.array(["in", "out"]).take(pa.array(dice.integers(0, 2, events))),
            "at": pa.array(np.sort(dice.integers(_FIRST, _LAST, events)) * 1_000_000, pa.timestamp("us", tz="UTC")),
            "thread_id": pa.array(np.char.add("thread-", (client * 1000 + numbers // 97).astype(str))),
            "words": pa.array(dice.integers(1, 200, events)),
            "expects_reply": pa.array(dice.random(events) < 0.4),
            "irritation": pa.array(dice.random(events) ** 3),
            "cues": pa.array(dice.integers(0, 1 << 13, events)),
        }
    )


def write(events: pd.DataFrame | pa.Table, folder: Path, files: int = 1) -> Path:
    """As a folder of Parquet files, the rows dealt out in turn."""
    folder.mkdir(parents=True)
    table = events if isinstance(events, pa.Table) else pa.Table.from_pandas(events, preserve_index=False)
    for number in range(files):
        pq.write_table(table.take(np.arange(number, len(table), files)), folder / f"events-{number}.parquet")
    return folder


def damaged(frame: pd.DataFrame) -> pd.DataFrame:
    """With five rows of five hundred broken in two ways, and every hundredth event there a second time, known a day later."""
    frame = frame.copy()
    frame["kind"] = frame["kind"].where(frame.index % 500 != 7, "telegram")
    frame.loc[frame.index % 500 == 11, "client_id"] = None
    again = frame[frame.index % 100 == 3].copy()
    again["known_at"] += pd.Timedelta(days=1)
    return pd.concat([again, frame], ignore_index=True)


def read(out: Path) -> pd.DataFrame:
    """Snapshots as a frame in the order of client and date."""
    return pq.read_table(out).to_pandas().sort_values(["client_id", "as_of"], ignore_index=True)
