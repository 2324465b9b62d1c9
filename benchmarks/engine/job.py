"""One peer's work in a process of its own: two cores, one file, and a line of JSON that says what it took.

python -m benchmarks.engine.job polars_loop F/events-100000.parquet 52
"""

import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path

CORES = 2
PEERS = {
    "churnwatch": "ours",
    "scan": "scan",
    "polars_loop": "polars_loop",  # what most would write
    "polars_tuned": "polars_tuned",  # as-of joins over running counts, all dates collected together
    "pandas_groupby": "pandas_groupby",  # what most would write
    "pandas_tuned": "pandas_tuned",  # windows as slices of time-sorted frames
    "duckdb": "duckdb_peer",
    "featuretools": "featuretools_peer",
}
_PEAK_UNITS_A_MIB = 1024 * 1024 if sys.platform == "darwin" else 1024


def main(peer: str, path: Path, dates: int) -> dict[str, object]:
    """Run `peer` on `path` for the last `dates` Mondays: seconds of the job, seconds with all imports, CPU, peak memory, checksum."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    begun = time.perf_counter()
    from benchmarks.engine import subset

    module = importlib.import_module(f"benchmarks.engine.{PEERS[peer]}")
    started, started_cpu = time.perf_counter(), time.process_time()
    panel = module.panel(path, subset.mondays(dates))
    ended, ended_cpu = time.perf_counter(), time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _PEAK_UNITS_A_MIB
    if hasattr(module, "beside_peers"):  # a panel in terms of its own
        panel = module.beside_peers(panel)
    return {
        "seconds": ended - started,
        "cold_seconds": ended - begun,
        "cpu_seconds": ended_cpu - started_cpu,
        "peak_mib": peak,
        "checksum": None if panel is None else subset.checksum(panel, getattr(module, "COMPARED", subset.COLUMNS)),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
