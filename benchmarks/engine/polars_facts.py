"""The facts behind the panel as Polars frames, derived once from the file: messages of both sides, waits, fates of meetings."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.engine.subset import SHORT_ACK

_READ = ["client_id", "kind", "direction", "at", "thread_id", "words", "cues", "starts_at", "status"]
_US_PER_HOUR = 3_600_000_000.0


@dataclass(frozen=True, slots=True)
class History:
    """Facts by client, then time; clients are numbers in the order of their ids."""

    clients: int
    letters: pl.DataFrame  # client messages: client, at, value (log length), short
    ours: pl.DataFrame  # our messages: client, at, short (never)
    client_waits: pl.DataFrame  # until the client answered: client, at (the answer), value (log2(1 + hours))
    our_waits: pl.DataFrame  # until we did
    fates: pl.DataFrame  # of meetings: known from `at` to `until`, booked at `fate_at`


def read_history(path: Path) -> History:
    """Read the file, which is sorted by client, then time."""
    events = (
        pl.scan_parquet(path)
        .select(_READ)
        .with_columns(
            pl.col("at", "starts_at").dt.replace_time_zone(None),
            client=pl.col("client_id").rle_id(),
            thread=pl.col("thread_id").to_physical(),
            inbound=pl.col("direction") == "in",
        )
        .drop("client_id", "thread_id", "direction")
        .collect()
    )
    talk = events.lazy().filter(pl.col("kind") == "message")
    letters, ours, waits, fates = pl.collect_all(
        [
            talk.filter("inbound").select(
                "client", "at", value=pl.col("words").log1p(), short=(pl.col("cues") & SHORT_ACK) != 0
            ),
            talk.filter(~pl.col("inbound")).select("client", "at", short=False),
            _waits(talk),
            _fates(events.lazy().filter(pl.col("kind") == "meeting")),
        ]
    )
    clients = events["client"].item(-1) + 1 if len(events) else 0
    client_waits, our_waits = (
        waits.filter(answered_by).drop("inbound") for answered_by in (pl.col("inbound"), ~pl.col("inbound"))
    )
    return History(clients, letters, ours, client_waits, our_waits, fates)


def _waits(talk: pl.LazyFrame) -> pl.LazyFrame:
    new_thread = pl.col("thread").ne_missing(pl.col("thread").shift())
    hours = pl.col("at").diff().dt.total_microseconds() / _US_PER_HOUR
    return (
        talk.select("client", "thread", "at", "inbound")
        .sort("thread", maintain_order=True)
        .filter(new_thread | (pl.col("inbound") != pl.col("inbound").shift()))
        .with_columns(value=(1 + hours).log(2), opens=new_thread)
        .filter(~pl.col("opens"))
        .select("client", "at", "inbound", "value")
    )


def _fates(revisions: pl.LazyFrame) -> pl.LazyFrame:
    refused = pl.col("status").is_in(["declined", "cancelled"])
    return (
        revisions.with_columns(until=pl.col("at").shift(-1).over("thread"), avoided=refused)
        .filter(~pl.col("avoided") | pl.col("inbound"))
        .select("client", "at", "until", "avoided", fate_at=pl.when("avoided").then("at").otherwise("starts_at"))
    )
