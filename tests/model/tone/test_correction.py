"""A firm's own calibration: how far labels move it, and what is read back from its file."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from churnwatch.core.errors import ArtifactError
from churnwatch.model.tone import Correction, Reader
from churnwatch.model.tone.correction import Learned, keep, kept, learn

NOW = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
ZERO = np.zeros(4000)


def labels(count: int, slope: float, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds, and labels that follow a line of them."""
    dice = np.random.default_rng(7)
    log_odds = dice.normal(0.0, 2.5, count)
    return log_odds, dice.random(count) < expit(slope * log_odds + shift)


def moved(learned: Learned) -> float:
    """By how much what read as 88 % irritated reads otherwise."""
    found = learned.correction
    return float(expit(2.0) - expit(found.slope * 2.0 + found.shift))


def test_a_few_labels_move_it_little_and_many_a_lot() -> None:
    few, many = (learn(np.full(n, 2.0), np.arange(n) % 4 == 0, ZERO[:n]) for n in (3, 200))
    assert 0 < moved(few) < 0.07
    assert moved(many) > 0.45


def test_many_labels_find_the_line_that_they_follow() -> None:
    learned = learn(*labels(4000, 0.6, -1.0), ZERO)
    assert learned.correction.slope == pytest.approx(0.6, abs=0.12)
    assert learned.correction.shift == pytest.approx(-1.0, abs=0.25)
    assert learned.helps


def test_labels_that_agree_with_what_ships_leave_it() -> None:
    learned = learn(*labels(400, 1.0, 0.0), ZERO[:400])
    assert learned.correction.slope == pytest.approx(1.0, abs=0.15)
    assert learned.correction.shift == pytest.approx(0.0, abs=0.2)


def test_a_reader_that_ranks_backwards_is_told_to_be_worthless_not_turned_round() -> None:
    learned = learn(*labels(400, -1.0, 0.0), ZERO[:400])
    assert learned.correction.slope == 0.0


def test_what_the_firms_own_phrases_add_is_left_as_it_is() -> None:
    log_odds, irritated = labels(400, 1.0, 0.0)
    shifted = learn(log_odds - 3.0, irritated, ZERO[:400] + 3.0)
    assert shifted.correction.slope == pytest.approx(1.0, abs=0.15)
    assert shifted.correction.shift == pytest.approx(0.0, abs=0.4)


def test_chance_among_a_few_labels_is_seen_not_to_help() -> None:
    log_odds = np.array([3.0, -3.0] * 10)
    learned = learn(log_odds, log_odds > 0, ZERO[:20])
    unlucky = learn(log_odds[:5], np.array([True, False, True, False, False]), ZERO[:5])
    assert learned.helps  # all agree: it may be surer of itself
    assert not unlucky.helps


def test_what_was_kept_is_read_back_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    learned = learn(*labels(50, 0.5, -0.5), ZERO[:50])
    keep(tmp_path / "deep" / "tone.json", learned, NOW)
    assert kept(tmp_path / "deep" / "tone.json") == learned.correction
    assert (tmp_path / "deep" / "tone.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["tone.json"]


def test_without_a_file_what_ships_serves(tmp_path: Path) -> None:
    assert kept(tmp_path / "tone.json") == Correction()


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"correction": {"slope": -1.0, "shift": 0.0}},
        {"correction": {"slope": "NaN", "shift": 0.0}},
        {"correction": {"slope": 1.0, "shift": "Infinity"}},
        {"correction": {"slope": 1.0}},
        {"correction": None},
    ],
)
def test_a_file_that_cannot_serve_is_refused_with_what_to_do(tmp_path: Path, change: dict[str, object]) -> None:
    file = tmp_path / "tone.json"
    keep(file, learn(*labels(50, 0.5, -0.5), ZERO[:50]), NOW)
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(ArtifactError, match="train-tone --reset"):
        kept(file)


def test_what_was_learned_on_another_model_rests(tmp_path: Path) -> None:
    file = tmp_path / "tone.json"
    keep(file, learn(*labels(50, 0.5, -0.5), ZERO[:50]), NOW)
    file.write_text(
        json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"model_id": "tone-of-another"}), encoding="utf-8"
    )

    assert kept(file) == Correction()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tone.json").write_bytes(content)
    with pytest.raises(ArtifactError, match="cannot be read"):
        kept(tmp_path / "tone.json")


def test_another_correction_is_another_model() -> None:
    assert Reader(correction=Correction(0.9, -0.1)).model_id != Reader().model_id
