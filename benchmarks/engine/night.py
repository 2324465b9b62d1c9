"""One night over a kept ledger: a fresh process from its first import to the signals of all clients as of one midnight.

python -m benchmarks.engine.night F/events-10000000.parquet --new 30_000

The ledger is begun beforehand, without the newest messages of the history; the night is told of these.
"""

import argparse
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

_CORES = 2
_PEAK_UNITS_A_MIB = 1024 * 1024 if sys.platform == "darwin" else 1024
_ROUNDS = 3


class File:
    """New messages in a Parquet file, in place of the store."""

    def __init__(self, new: Path) -> None:
        self._new = new

    def changes_after(self, number: int) -> tuple[int, list[str]]:
        """One write follows on another."""
        return number + 1, []

    def events(self, client_ids: list[str] | None = None, changed_after: int | None = None):  # noqa: ARG002 - a store's
        """All that is in the file; whole clients have to be read anew from elsewhere."""
        import pyarrow.parquet as pq

        if client_ids:
            raise RuntimeError(
                f"{len(client_ids)} clients would be read anew; the new messages are to follow on the old."
            )
        return pq.read_table(self._new)


def prepare(path: Path, folder: Path, new: int) -> None:
    """Begin the ledger on all but the newest messages, and lay these aside."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from benchmarks.engine.subset import LAST_DATE
    from churnwatch.core.roster import Roster
    from churnwatch.features.ledger import ledger, shelf

    calendar = _calendar()
    at = pq.read_table(path, columns=["at"])["at"].cast(pa.int64()).to_numpy()
    last = int(LAST_DATE.astype(np.int64))
    at = at[at < last]
    border = pa.scalar(int(np.partition(at, len(at) - new)[len(at) - new]), pa.int64())
    events = pq.read_table(path, filters=pc.field("at") < pa.scalar(LAST_DATE.item(), pa.timestamp("us", "UTC")))
    later = pc.greater_equal(events["at"].cast(pa.int64()), border)
    known = folder / "known.parquet"
    pq.write_table(events.filter(later), folder / "new.parquet")
    pq.write_table(events.filter(pc.invert(later)), known)
    del events, later
    before = int(calendar.midnights(calendar.local_day(np.array([border.as_py()])))[0])
    begun = ledger.begun(File(known), Roster(), before, calendar)
    shelf.Shelf(folder / "ledger", shelf.stamp_of(calendar, Roster())).write(begun.volumes)
    known.unlink()


def night(folder: Path, *, whole: bool) -> dict[str, float]:
    """The night itself: what it took."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])
    marks = [("begun", time.perf_counter())]

    def done(name: str) -> None:
        marks.append((name, time.perf_counter()))

    import numpy as np

    from benchmarks.engine.ours import NAMES
    from benchmarks.engine.subset import LAST_DATE
    from churnwatch import features
    from churnwatch.core.roster import Roster
    from churnwatch.features.ledger import ledger, shelf

    done("import")
    calendar, roster = _calendar(), Roster()
    kept = shelf.Shelf(folder / "ledger", shelf.stamp_of(calendar, roster))
    volumes = kept.read()
    done("read")
    brought = ledger.tonight(volumes, File(folder / "new.parquet"), roster, int(LAST_DATE.astype(np.int64)), calendar)
    assert brought is not None  # noqa: S101 - a benchmark of something else would mislead
    done("update")
    kept.write(brought.volumes, volumes)
    done("write")
    brought, volumes = replace(brought, volumes=()), []
    clients = [client for book in brought.books for client in book.table.clients]
    measured = ledger.measured(brought, clients, calendar, features.NAMES if whole else NAMES)
    done("measure")
    spans = {name: at - before for (_, before), (name, at) in itertools.pairwise(marks)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _PEAK_UNITS_A_MIB
    checksum = float(np.nansum(measured.values.to_numpy()))
    return {"seconds": marks[-1][1] - marks[0][1], **spans, "peak_mib": peak, "clients": len(clients), "sum": checksum}


def _calendar():
    from churnwatch.core.calendar import BusinessCalendar

    return BusinessCalendar(always_open=True)


def main() -> None:
    """Prepare, and time the night in fresh processes; the ledger is put back between them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine.night", description=__doc__.splitlines()[0])
    parser.add_argument("history", type=Path)
    parser.add_argument("--new", type=int, default=30_000, help="how many events are new")
    parser.add_argument("--step", choices=("prepare", "comparable", "whole"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step == "prepare":
        prepare(arguments.history, Path(os.environ["NIGHT"]), arguments.new)
    elif arguments.step:
        print(json.dumps(night(Path(os.environ["NIGHT"]), whole=arguments.step == "whole")))
    else:
        with TemporaryDirectory(prefix="night") as folder:
            _time(arguments.history, arguments.new, folder)


def _time(history: Path, new: int, folder: str) -> None:
    def step(name: str) -> str:
        command = [sys.executable, "-m", "benchmarks.engine.night", str(history), "--new", str(new), "--step", name]
        return subprocess.run(
            command, env=os.environ | {"NIGHT": folder}, check=True, capture_output=True, text=True
        ).stdout

    step("prepare")
    size = sum(path.stat().st_size for path in Path(folder, "ledger").iterdir())
    print(f"{history.name}: the ledger takes {size / 2**20:.0f} MiB; {new} new events")
    for name in ("comparable", "whole"):
        told = []
        for _ in range(_ROUNDS):
            told.append(json.loads(step(name)))
            for path in Path(folder, "ledger").glob("*.since.npz"):
                path.unlink()  # a base alone is what the night began with
        middle = {key: statistics.median(one[key] for one in told) for key in told[0]}
        parts = ", ".join(f"{key} {middle[key]:.2f}" for key in ("import", "read", "update", "write", "measure"))
        print(
            f"{name}: {middle['seconds']:.2f} s ({parts}), peak {middle['peak_mib']:.0f} MiB, {middle['clients']:.0f} clients"
        )


if __name__ == "__main__":
    main()
