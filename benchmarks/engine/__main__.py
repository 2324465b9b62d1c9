"""The benchmark of the signal engine: churnwatch against its peers, time and peak memory, printed in one run.

python -m benchmarks.engine                                      # all sizes, all peers
python -m benchmarks.engine --size 1% 10% --peers polars_loop scan   # some
python -m benchmarks.engine check                                # whether churnwatch finds what the peers find, at 1%
python -m benchmarks.engine generate --messages 1_000_000        # only writes the invented history
"""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path

from benchmarks.engine import contest, report
from benchmarks.engine.job import CORES


def main() -> None:
    """Parse the arguments and do what they say."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.engine", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", nargs="?", choices=("compare", "check", "generate"), default="compare")
    parser.add_argument("--size", nargs="+", choices=contest.SIZES, default=list(contest.SIZES), metavar="SIZE")
    parser.add_argument("--peers", nargs="+", choices=contest.CONTESTANTS, default=list(contest.CONTESTANTS))
    parser.add_argument("--jobs", nargs="+", choices=contest.JOBS, default=list(contest.JOBS))
    parser.add_argument("--rounds", type=int, default=1, help="how often; the fastest, the least disturbed, counts")
    parser.add_argument("--messages", type=int, default=1_000_000, help="for generate")
    parser.add_argument("--folder", type=Path, default=contest.CACHE, help="where the histories lie")
    parser.add_argument("--json", action="store_true", help="print the results as JSON instead")
    arguments = parser.parse_args()
    if arguments.verb == "generate":
        from benchmarks.engine.generate import generate  # with all it needs, no part of a comparison

        generate(contest.events_path(arguments.folder, arguments.messages), arguments.messages)
    elif arguments.verb == "check":
        from benchmarks.engine.check import differences
        from benchmarks.engine.subset import mondays

        events = contest.events_file(arguments.folder, contest.SIZES["1%"])
        different = differences(events, mondays(contest.JOBS["panel"]))
        raise SystemExit(f"They differ in {', '.join(different)}." if different else None)
    else:
        compare(
            arguments.folder, arguments.size, arguments.jobs, arguments.peers, arguments.rounds, as_json=arguments.json
        )


def compare(folder: Path, sizes: list[str], jobs: list[str], peers: list[str], rounds: int, *, as_json: bool) -> None:
    """Run every job of every peer at every size, and print what they took."""
    results = [
        contest.fastest(size, job, peer, contest.events_file(folder, contest.SIZES[size]), rounds)
        for size in sizes
        for job in jobs
        for peer in peers
        if contest.competes(size, job, peer)
    ]
    if as_json:
        print(json.dumps([asdict(result) for result in results], indent=1))
    else:
        print(f"{CORES} cores of {os.cpu_count()}; load {os.getloadavg()[0]:.1f} at the end.\n")
        print("\n".join(report.table(results)))


if __name__ == "__main__":
    main()
