"""From scores to honest probabilities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panels_of_numbers import NAMES, drawn

from churnwatch.core.table import FloatArray, IntArray
from churnwatch.model import calibration, metrics
from churnwatch.model.calibration import Calibration, calibrate, identity, line
from churnwatch.model.linear import fit_undersampled


def scored(
    clients: int, seed: int, slope: float = 0.6, intercept: float = -1.5
) -> tuple[FloatArray, IntArray, IntArray]:
    """Scores whose true log-odds are `slope * score + intercept`, four rows per client."""
    rng = np.random.default_rng(seed)
    client = np.repeat(np.arange(clients), 4)
    score = 2 * rng.normal(size=len(client))
    y = (rng.random(len(client)) < 1 / (1 + np.exp(-slope * score - intercept))).astype(np.int64)
    return score, y, client


def test_platts_line_is_recovered() -> None:
    score, y, _ = scored(4000, seed=1)
    assert line(score, y) == pytest.approx((0.6, -1.5), abs=0.05)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_natural_rate_is_recovered_after_undersampling(seed: int) -> None:
    train, later = drawn(clients=90, seed=seed, level=-4.0), drawn(clients=90, seed=seed + 50, level=-4.0)
    odds = fit_undersampled(train.x, train.y, np.ones(len(NAMES)), c=0.3, seed=seed).log_odds(later.x)
    raw = 1 / (1 + np.exp(-odds))
    assert raw.mean() > 2 * later.y.mean(), "undersampling was expected to inflate the probabilities"
    slope, intercept = line(odds, later.y)
    p = 1 / (1 + np.exp(-slope * odds - intercept))
    assert p.mean() == pytest.approx(later.y.mean(), rel=0.02)
    assert metrics.calibration_slope(later.y, p) == pytest.approx(1, abs=0.05)


@given(st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 1)), min_size=1, max_size=30))
def test_the_slope_is_never_negative_and_the_probability_never_certain(drawn_rows: list[tuple[int, int]]) -> None:
    score, y = np.array([row[0] / 5 for row in drawn_rows]), np.array([row[1] for row in drawn_rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "_ROUNDS", 4)
        fitted = calibrate(score, y, np.arange(len(y)), seed=1)
    assert fitted.slope >= 0
    assert (fitted.slopes >= 0).all()
    p = fitted.probability(score)
    low, high = fitted.interval(score)
    assert ((p > 0) & (p < 1)).all()
    assert (low <= high).all()


def test_a_score_that_ranks_backwards_is_told_to_be_worthless() -> None:
    score, y, _ = scored(300, seed=1, slope=-1.0)
    slope, intercept = line(score, y)
    assert slope == 0
    assert 1 / (1 + np.exp(-intercept)) == pytest.approx(y.mean(), abs=0.001)


@pytest.mark.parametrize("outcome", [0, 1])
def test_with_one_outcome_only_the_level_follows_the_smoothed_rate(outcome: int) -> None:
    y = np.full(9, outcome)
    slope, intercept = line(np.linspace(3, 5, 9), y)
    rate = (9 * outcome + 0.5) / 10
    assert slope == 1
    assert intercept + 4 == pytest.approx(np.log(rate / (1 - rate)))


def test_the_interval_widens_with_fewer_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_ROUNDS", 40)
    widths = []
    for clients in (40, 160, 640):
        low, high = calibrate(*scored(clients, seed=2), seed=1).interval(np.array([-1.0, 0.0, 1.5]))
        widths.append(high - low)
    assert (widths[0] > 1.3 * widths[1]).all()
    assert (widths[1] > 1.3 * widths[2]).all()


def test_the_interval_holds_the_truth_about_as_often_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_ROUNDS", 30)
    score = np.array([0.0, 2.0])
    truth = 1 / (1 + np.exp(-0.6 * score + 1.5))
    inside = []
    for seed in range(20):
        low, high = calibrate(*scored(80, seed=seed), seed=seed).interval(score)
        inside.append((low <= truth) & (truth <= high))
    assert 0.75 <= np.mean(inside) <= 1.0


def test_rows_of_one_client_count_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_ROUNDS", 40)
    score, y, client = scored(60, seed=3)
    low, high = calibrate(score, y, client, seed=1).interval(np.array([1.0]))
    copied = calibrate(np.tile(score, 5), np.tile(y, 5), np.tile(client, 5), seed=1)
    low_copied, high_copied = copied.interval(np.array([1.0]))
    assert (high_copied - low_copied) > 0.8 * (high - low)


def test_the_first_day_has_no_interval_and_survives_being_taken_apart() -> None:
    score = np.array([-1.0, 2.0])
    plain = Calibration.from_arrays(identity().arrays())
    low, high = plain.interval(score)
    np.testing.assert_array_equal(low, high)
    np.testing.assert_allclose(plain.probability(score), 1 / (1 + np.exp(-score)))


def test_the_level_is_that_of_the_scores_it_is_anchored_to() -> None:
    """Where later scores lie elsewhere, the slope stays and the forecast still adds up to the losses there were."""
    score, y, client = scored(300, seed=3)
    found = calibrate(score + 4.0, y, client, seed=1)
    kept = calibration.anchored(found, score, y, client, seed=1)
    assert kept.slope == found.slope
    assert kept.probability(score).sum() == pytest.approx(y.sum(), rel=0.02)
    assert found.probability(score).sum() < 0.5 * y.sum()
    low, high = kept.interval(score)
    assert ((low <= kept.probability(score)) & (kept.probability(score) <= high)).mean() > 0.95
