"""The results as a table for people: time, memory, who is how much faster, how it grows, who found the same, and what was reached."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from benchmarks.engine.contest import JOBS, SIZES, Result
from benchmarks.engine.subset import COLUMNS, differing
from benchmarks.engine.targets import targets

_HEAD = "{:16}{:>9}{:>9}{:>9}{:>11}{:>15}{:>9}  {}"
_LINE = "{:16}{:>9.2f}{:>9.2f}{:>9}{:>11,.0f}{:>15}{:>9}  {}"


def table(results: Sequence[Result]) -> Iterable[str]:
    """One block of lines for each job and size."""
    for size in SIZES:
        for job, dates in JOBS.items():
            rows = [result for result in results if (result.size, result.job) == (size, job)]
            if rows:
                yield f"{job}: {dates} date{'s' if dates > 1 else ''}, {size} = {SIZES[size]:,} messages"
                yield _HEAD.format("", "seconds", "cold s", "CPU s", "peak MiB", "to churnwatch", "to scan", "panel")
                yield from _block(rows)
                yield ""
    yield from _growth(results)
    yield ""
    yield from map(str, targets(results))


def _block(rows: Sequence[Result]) -> Iterable[str]:
    took = {row.peer: row.seconds for row in rows if not row.failed}
    reference = next((row for row in rows if row.checksum and len(row.checksum) == len(COLUMNS)), None)
    for row in rows:
        if row.failed:
            yield f"{row.peer:16}left out: {row.failed}"
        else:
            ratios = [f"{row.seconds / took[other]:.1f} x" if other in took else "" for other in ("churnwatch", "scan")]
            cpu = f"{row.cpu_seconds:.2f}" if row.cpu_seconds else ""
            measured = (row.seconds, row.cold_seconds, cpu, row.peak_mib)
            yield _LINE.format(row.peer, *measured, *ratios, _agreement(row, reference)).rstrip()


def _agreement(row: Result, reference: Result | None) -> str:
    if not row.checksum or reference is None:
        return ""
    if row is reference:
        return f"{len(row.checksum)} columns"
    different = differing(row.checksum, reference.checksum or {})
    columns = f"{len(row.checksum)} columns as {reference.peer}"
    return f"differs from {reference.peer} in {', '.join(different)}" if different else columns


def _growth(results: Sequence[Result]) -> Iterable[str]:
    """How much longer ten times the messages take."""
    took = {(row.peer, row.job, row.size): row.seconds for row in results if not row.failed}
    for job in JOBS:
        for less, more in pairwise(SIZES):
            grown = [
                f"{peer} {seconds / took[peer, job, less]:.1f} x"
                for (peer, of, size), seconds in took.items()
                if (of, size) == (job, more) and (peer, job, less) in took
            ]
            if grown:
                yield f"{job}, from {less} to {more}: {', '.join(grown)}"
