"""How `churnwatch snapshot` grows: both engines on invented histories of rising size, and on one where one client is a third of all.

    python -m benchmarks.scale                                             # 100,000 and 1,000,000 messages, both engines
    python -m benchmarks.scale --messages 10_000_000 --engines local --dates 52

Every run is a process of its own; Spark has two executors with one core and 1 GB each, in processes of their own. Columns:
events read, snapshots written, buckets, seconds of wall clock, processor seconds and peak memory of the process (of Spark only its
driver in Python, so neither is shown), and whether the numbers agree with the local engine's to 1e-9.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.engine.generate import generate

LAST = date(2026, 6, 1)
MASTER = "local-cluster[2,1,1024]"
SKEW = 0.3  # of all events, in one client


@dataclass(frozen=True, slots=True)
class Point:
    """One run, measured from outside."""

    done: dict[str, Any]
    seconds: float
    cpu_seconds: float
    peak_gb: float


def measured(engine: str, events: Path, out: Path, dates: int) -> Point:
    """Run the command once."""
    first = LAST - timedelta(weeks=dates - 1)
    command = [sys.executable, "-m", "churnwatch", "snapshot", "--json", "--overwrite", "--engine", engine]
    command += ["--events", str(events), "--out", str(out), "--from", str(first), "--to", str(LAST)]
    command += ["--master", MASTER] if engine == "spark" else []
    started = time.perf_counter()
    with TemporaryFile("w+") as answer:
        process = subprocess.Popen(command, stdout=answer)
        _, status, used = os.wait4(process.pid, 0)  # Popen's own wait would not say what the process used
        seconds = time.perf_counter() - started
        if os.waitstatus_to_exitcode(status):
            raise SystemExit(f"{engine} failed on {events}.")
        answer.seek(0)
        done = json.load(answer)
    return Point(done, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20)


def skewed(events: Path, target: Path) -> Path:
    """The same history with the first clients taken for one, so many that it has `SKEW` of all events."""
    table = pq.read_table(events)
    clients = table["client_id"].cast(pa.string())
    names, counts = (half.to_numpy(zero_copy_only=False) for half in pc.value_counts(clients).flatten())
    swallowed = pa.array(names[np.cumsum(counts) <= SKEW * len(table)])
    merged = pc.if_else(pc.is_in(clients, swallowed), "whale", clients)
    pq.write_table(table.set_column(table.schema.get_field_index("client_id"), "client_id", merged), target)
    return target


def agree(one: Path, other: Path) -> bool:
    """Whether two results hold the same snapshots, numbers to 1e-9."""
    first, second = (
        pq.read_table(out).sort_by([("client_id", "ascending"), ("as_of", "ascending")]) for out in (one, other)
    )
    keys = ["client_id", "as_of"]
    if not first.select(keys).equals(second.select(keys)):
        return False
    numbers = (table.drop_columns(keys).to_pandas().to_numpy() for table in (first, second))
    return bool(np.allclose(*numbers, rtol=1e-9, atol=1e-9, equal_nan=True))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--engines", nargs="+", choices=["local", "spark"], default=["local", "spark"])
    parser.add_argument("--dates", type=int, default=4, help="weekly as-of dates")
    parser.add_argument("--folder", type=Path, default=Path("benchmarks/.cache"))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    histories: list[Path] = []
    for messages in asked.messages:
        histories.append(asked.folder / f"events-{messages}.parquet")
        if not histories[-1].exists():
            generate(histories[-1], messages)
    histories.append(skewed(histories[-1], asked.folder / f"{histories[-1].stem}-skewed.parquet"))
    print("| history | engine | events | snapshots | buckets | wall s | CPU s | peak GB | same numbers |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---|")
    for history in histories:
        outs = {engine: asked.folder / f"{history.stem}-{engine}" for engine in asked.engines}
        for engine, out in outs.items():
            point = measured(engine, history, out, asked.dates)
            done = point.done
            own = "| | |" if engine == "spark" else f"| {point.cpu_seconds:.0f} | {point.peak_gb:.2f} |"
            same = ("yes" if agree(outs["local"], out) else "NO") if engine == "spark" and "local" in outs else ""
            figures = f"{done['events']:,} | {done['rows']:,} | {done['buckets']} | {point.seconds:.0f}"
            print(
                f"| {history.stem} | {engine} | {figures} {own} {same} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
