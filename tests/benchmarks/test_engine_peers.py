"""The peers of the engine's benchmark find what the definition says, so that their times may be compared."""

import importlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from plain_panel import plain_panel

from benchmarks.engine import generate, job, subset

PEERS = ("pandas_groupby", "pandas_tuned", "polars_loop", "polars_tuned", "duckdb")
DATE = datetime(2026, 6, 1, tzinfo=UTC)
PLACE = subset.COLUMN


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("history") / "events.parquet"
    generate.generate(path, messages=3000)
    return path


def panel_of(peer: str, path: Path, dates: int) -> subset.Floats:
    package = peer.split("_", maxsplit=1)[0]
    pytest.importorskip(package, reason=f"{package} is not installed: see benchmarks/engine/requirements.txt")
    panel: subset.Floats = importlib.import_module(f"benchmarks.engine.{job.PEERS[peer]}").panel(
        path, subset.mondays(dates)
    )
    return panel


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_finds_what_the_definition_says(peer: str, history: Path) -> None:
    expected = plain_panel(history, subset.mondays(12))
    assert np.isfinite(expected).any(axis=(0, 1)).all()  # every column has something to compare
    np.testing.assert_allclose(panel_of(peer, history, 12), expected, rtol=1e-9, atol=1e-12)


def written(path: Path, *events: dict[str, object]) -> Path:
    """A file of events of one client; the later keys of each win over these."""
    usual = {
        "client_id": "c1", "contact_id": "p1", "kind": "message", "direction": "in", "channel": "email", "thread_id": "t1",
        "words": 5, "expects_reply": False, "question": False, "irritation": 0.0, "cues": 0, "starts_at": None, "status": None,
    }  # fmt: skip
    rows = [usual | {"event_id": f"m{number}"} | event for number, event in enumerate(events)]
    columns = {field.name: pa.array([row[field.name] for row in rows], field.type) for field in generate.SCHEMA}
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize("peer", PEERS)
def test_a_window_holds_its_beginning_and_not_its_end(peer: str, tmp_path: Path) -> None:
    ages = (208, 28, 7, 0)
    path = written(tmp_path / "events.parquet", *({"at": DATE - timedelta(days=age)} for age in ages))
    found = panel_of(peer, path, 1)[0, 0]
    assert {name: found[PLACE[name]] for name in ("in_7", "in_w", "in_b", "in_365", "recency", "tenure")} == {
        "in_7": 1, "in_w": 2, "in_b": 1, "in_365": 3, "recency": 7, "tenure": 208,
    }  # fmt: skip


@pytest.mark.parametrize("peer", PEERS)
def test_a_declined_meeting_that_is_moved_counts_as_avoided_until_then(peer: str, tmp_path: Path) -> None:
    meeting = {"kind": "meeting", "channel": "calendar", "thread_id": "e1", "words": None, "cues": None}
    first, second = DATE - timedelta(days=3), DATE - timedelta(days=1)
    path = written(
        tmp_path / "events.parquet",
        meeting | {"at": DATE - timedelta(days=20), "direction": "out", "status": "invited", "starts_at": first},
        meeting | {"at": DATE - timedelta(days=15), "direction": "in", "status": "declined", "starts_at": first},
        meeting | {"at": DATE - timedelta(days=5), "direction": "out", "status": "moved", "starts_at": second},
    )
    found = panel_of(peer, path, 3)[:, 0, [PLACE["meetings_w"], PLACE["avoided_w"]]]
    assert found.tolist() == [[1, 1], [1, 1], [1, 0]]


@pytest.mark.parametrize("peer", PEERS)
def test_a_client_without_events_has_no_place_in_the_panel(peer: str, tmp_path: Path) -> None:
    at = DATE - timedelta(days=3)
    path = written(tmp_path / "events.parquet", {"client_id": "c1", "at": at}, {"client_id": "c2", "at": at})
    pq.write_table(pq.read_table(path)[1:], path)  # c1 stays in the dictionary
    assert "c1" in pq.read_table(path)["client_id"].chunk(0).dictionary.to_pylist()
    assert panel_of(peer, path, 1).shape[1] == 1


def test_panels_that_differ_in_the_order_of_clients_have_other_checksums(history: Path) -> None:
    panel = panel_of("pandas_tuned", history, 2)
    different = subset.differing(subset.checksum(panel), subset.checksum(panel[:, ::-1]))
    assert "in_365" in different
    assert subset.differing(subset.checksum(panel), subset.checksum(panel.copy())) == []
