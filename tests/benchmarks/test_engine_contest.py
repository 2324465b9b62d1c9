"""A peer runs in a process of its own; the table says who took how much, who found the same, and who was left out and why."""

from pathlib import Path

from benchmarks.engine import contest, report
from benchmarks.engine.contest import Result
from benchmarks.engine.generate import generate
from benchmarks.engine.subset import COLUMNS

SAME = {name: [0.0, 1.0] for name in COLUMNS}


def test_a_peer_says_what_it_took_and_found(tmp_path: Path) -> None:
    events = contest.events_path(tmp_path, 2000)
    generate(events, 2000)
    result = contest.run("1%", "night", "pandas", events)
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
            Result("1%", "panel", "polars", seconds=10.0, checksum=SAME),
        ]
    )
    polars = next(line for line in lines if line.startswith("polars"))
    assert "5.0 x" in polars
    assert "20.0 x" in polars


def test_the_table_names_the_columns_in_which_a_peer_differs() -> None:
    lines = report.table(
        [
            Result("1%", "panel", "polars", checksum=SAME),
            Result("1%", "panel", "duckdb", checksum=SAME),
            Result("1%", "panel", "pandas", checksum=SAME | {"in_7": [0.0, 2.0]}),
        ]
    )
    shown = {line.split()[0]: line for line in lines if line}
    assert shown["duckdb"].endswith("33 columns as polars")
    assert shown["pandas"].endswith("differs from polars in in_7")


def test_growth_is_the_ratio_of_one_size_to_the_next() -> None:
    lines = report.table([Result("1%", "panel", "scan", seconds=1.0), Result("10%", "panel", "scan", seconds=8.0)])
    assert "panel, from 1% to 10%: scan 8.0 x" in list(lines)
