"""A peer runs in a process of its own; the table says who took how much, who found the same, and who was left out and why."""

from pathlib import Path

from benchmarks.engine import contest, report
from benchmarks.engine.contest import Result
from benchmarks.engine.generate import generate
from benchmarks.engine.subset import COLUMNS
from benchmarks.engine.targets import targets

SAME = {name: [0.0, 1.0] for name in COLUMNS}


def test_a_peer_says_what_it_took_and_found(tmp_path: Path) -> None:
    events = contest.events_path(tmp_path, 2000)
    generate(events, 2000)
    result = contest.run("1%", "night", "pandas_tuned", events)
    assert not result.failed
    assert result.seconds <= result.cold_seconds
    assert result.peak_mib > 1
    assert set(result.checksum or {}) == set(COLUMNS)


def test_a_peer_that_fails_is_left_out_with_its_reason(tmp_path: Path) -> None:
    result = contest.run("1%", "night", "scan", tmp_path / "missing.parquet")
    assert "missing.parquet" in result.failed
    assert any(line.startswith("scan") and "left out" in line for line in report.table([result]))


def test_the_table_sets_each_peer_against_churnwatch_and_the_scan() -> None:
    lines = report.table(
        [
            Result("1%", "panel", "churnwatch", seconds=2.0),
            Result("1%", "panel", "scan", seconds=0.5),
            Result("1%", "panel", "polars_loop", seconds=10.0, checksum=SAME),
        ]
    )
    polars = next(line for line in lines if line.startswith("polars_loop"))
    assert "5.0 x" in polars
    assert "20.0 x" in polars


def test_the_table_names_the_columns_in_which_a_peer_differs() -> None:
    lines = report.table(
        [
            Result("1%", "panel", "polars_loop", checksum=SAME),
            Result("1%", "panel", "duckdb", checksum=SAME),
            Result("1%", "panel", "pandas_tuned", checksum=SAME | {"in_7": [0.0, 2.0]}),
        ]
    )
    shown = {line.split()[0]: line for line in lines if line}
    assert shown["duckdb"].endswith("33 columns as polars_loop")
    assert shown["pandas_tuned"].endswith("differs from polars_loop in in_7")


def test_growth_is_the_ratio_of_one_size_to_the_next() -> None:
    lines = report.table([Result("1%", "panel", "scan", seconds=1.0), Result("10%", "panel", "scan", seconds=8.0)])
    assert "panel, from 1% to 10%: scan 8.0 x" in list(lines)


def test_targets_are_told_as_reached_or_not_against_plain_and_tuned_peers() -> None:
    found = {
        target.what: target.reached
        for target in targets(
            [
                Result("100%", "panel", "churnwatch", seconds=5.0, peak_mib=2500.0),
                Result("100%", "panel", "polars_loop", seconds=25.0),
                Result("100%", "panel", "polars_tuned", seconds=24.0),
                Result("100%", "panel", "scan", seconds=1.0),
            ]
        )
    }
    assert found == {
        "panel against Polars as most would write it": True,
        "panel against tuned Polars, more than was set as a target": False,
        "panel against the scan": True,
        "memory of the panel": False,
    }


def test_a_night_reaches_its_target_with_its_imports_or_not_at_all() -> None:
    slow = Result("100%", "night", "ledger", seconds=1.0, cold_seconds=1.6, peak_mib=400.0)
    assert [target.reached for target in targets([slow])] == [False, True]


def test_a_target_says_what_was_measured_and_what_was_wanted() -> None:
    lines = list(report.table([Result("100%", "panel", "churnwatch", seconds=5.0, peak_mib=1500.0)]))
    assert lines[-1] == "reached     memory of the panel: 1,500.0 MiB, at most 2,000.0 wanted"


def test_peers_are_also_compared_in_cpu_seconds_as_a_busy_machine_stretches_the_clock() -> None:
    ours = Result("100%", "panel", "churnwatch", seconds=5.0, cpu_seconds=8.0)
    polars = Result("100%", "panel", "polars_loop", seconds=30.0, cpu_seconds=24.0)
    assert str(next(iter(targets([ours, polars])))).endswith("4.8 x, at least 5.0 wanted (in CPU seconds 3.0 x)")


def test_a_ledger_has_no_part_in_panels_and_featuretools_none_in_large_ones() -> None:
    assert not contest.competes("100%", "panel", "ledger")
    assert contest.competes("100%", "night", "ledger")
    assert contest.competes("1%", "panel", "featuretools")
    assert not contest.competes("10%", "panel", "featuretools")


def test_waiting_for_a_core_is_not_counted_against_a_peer() -> None:
    ours = Result("100%", "panel", "churnwatch", seconds=5.0, cpu_seconds=8.0)
    pandas = Result("100%", "panel", "pandas_groupby", seconds=200.0, cpu_seconds=75.0)
    assert next(iter(targets([ours, pandas]))).measured == 15.0
