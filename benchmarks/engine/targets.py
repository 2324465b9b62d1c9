"""What the engine is meant to reach on two cores, and whether the results reach it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.engine.contest import LEDGERS, Result

_FULL, _TENTH = "100%", "10%"
_PEERS = (  # which one, how many times as long as churnwatch it is to take, what kind of program it is
    ("polars_loop", 5.0, "Polars as most would write it"),
    ("pandas_groupby", 25.0, "pandas as most would write it"),
    ("polars_tuned", 5.0, "tuned Polars, more than was set as a target"),
    ("pandas_tuned", 25.0, "tuned pandas, more than was set as a target"),
)

Found = Mapping[tuple[str, str, str], Result]  # by size, job, peer


@dataclass(frozen=True, slots=True)
class Target:
    """A limit, and what was measured."""

    what: str
    limit: float
    measured: float
    unit: str
    at_least: bool = False
    remark: str = ""

    @property
    def reached(self) -> bool:
        """Whether the measured value keeps to the limit."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        verdict = "reached" if self.reached else "not reached"
        bound = "at least" if self.at_least else "at most"
        return (
            f"{verdict:12}{self.what}: {self.measured:,.1f} {self.unit}, {bound} {self.limit:,.1f} wanted{self.remark}"
        )


def targets(results: Sequence[Result]) -> Iterable[Target]:
    """Each target of which the results say something."""
    found = {(row.size, row.job, row.peer): row for row in results if not row.failed}
    yield from _of_the_panel(found)
    for peer, measures in LEDGERS.items():
        if night := found.get((_FULL, "night", peer)):
            yield Target(f"night over the ledger, {measures}, imports and all", 1.5, night.cold_seconds, "s")
            yield Target(f"memory of that night, {measures}", 500.0, night.peak_mib, "MiB")


def _of_the_panel(found: Found) -> Iterable[Target]:
    panel = found.get((_FULL, "panel", "churnwatch"))
    if panel is None:
        return
    took = panel.undisturbed_seconds
    for peer, least, kind in _PEERS:
        if other := found.get((_FULL, "panel", peer)):
            ratio = other.undisturbed_seconds / took
            in_cpu = f" (in CPU seconds {other.cpu_seconds / panel.cpu_seconds:.1f} x)" if panel.cpu_seconds else ""
            yield Target(f"panel against {kind}", least, ratio, "x", at_least=True, remark=in_cpu)
    if scan := found.get((_FULL, "panel", "scan")):
        yield Target("panel against the scan", 12.0, took / scan.undisturbed_seconds, "x")
    yield Target("memory of the panel", 2000.0, panel.peak_mib, "MiB")
    if smaller := found.get((_TENTH, "panel", "churnwatch")):
        yield Target("panel of ten times the messages", 15.0, took / smaller.undisturbed_seconds, "x")
