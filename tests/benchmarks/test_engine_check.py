"""churnwatch finds what the benchmark's peers find, part by part as well as at once."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.engine import check, ours, pandas_tuned
from benchmarks.engine.generate import generate
from benchmarks.engine.subset import COLUMN, mondays
from churnwatch.features import columns


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("history") / "events.parquet"
    generate(path, messages=20_000)
    return path


def test_churnwatch_finds_what_the_peers_find(history: Path) -> None:
    assert check.differences(history, mondays(12)) == []


def test_a_firm_in_many_parts_gives_the_same_numbers(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_PART_ROWS", 3_000)
    assert check.differences(history, mondays(3)) == []


def test_the_panel_that_is_timed_is_laid_beside_the_peers(history: Path) -> None:
    dates = mondays(3)
    found = ours.beside_peers(ours.panel(history, dates))
    expected = pandas_tuned.panel(history, dates)
    for name in ours.COMPARED:
        np.testing.assert_allclose(found[:, :, COLUMN[name]], expected[:, :, COLUMN[name]], atol=1e-9, err_msg=name)
