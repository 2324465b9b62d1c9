"""The metrics against scikit-learn's, ties and weights included."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from churnwatch.core.table import FloatArray, IntArray
from churnwatch.model import metrics

# Few distinct scores, so that ties are common; weights like those of a bootstrap.
rows = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6), st.integers(0, 3)), min_size=2, max_size=40)


def arrays(drawn: list[tuple[int, int, int]]) -> tuple[IntArray, FloatArray, FloatArray]:
    y, score, weight = (np.array(column) for column in zip(*drawn, strict=True))
    assume(0 < (y * weight).sum() < weight.sum())
    return y.astype(np.int64), score / 7 + 0.05, weight.astype(np.float64)


@given(rows)
def test_areas_agree_with_scikit_learn(drawn: list[tuple[int, int, int]]) -> None:
    y, score, weight = arrays(drawn)
    draws = np.stack([weight, np.ones_like(weight)])
    for ours, theirs in ((metrics.roc_auc, roc_auc_score), (metrics.pr_auc, average_precision_score)):
        expected = [theirs(y, score, sample_weight=one) for one in draws]
        assert ours(y, score, draws) == pytest.approx(expected)
        assert ours(y, score) == pytest.approx(expected[1:])


@given(rows)
def test_losses_agree_with_scikit_learn(drawn: list[tuple[int, int, int]]) -> None:
    y, p, weight = arrays(drawn)
    draws = np.stack([weight, np.ones_like(weight)])
    assert metrics.brier(y, p, draws) == pytest.approx([brier_score_loss(y, p, sample_weight=one) for one in draws])
    expected = [sklearn_log_loss(y, p, sample_weight=one, labels=[0, 1]) for one in draws]
    assert metrics.log_loss(y, p, draws) == pytest.approx(expected)


def test_what_one_class_cannot_tell_is_nan() -> None:
    p = np.array([0.1, 0.2])
    for y in (np.zeros(2, dtype=np.int64), np.ones(2, dtype=np.int64)):
        assert np.isnan(metrics.roc_auc(y, p)).all()
        assert np.isnan(metrics.calibration_slope(y, p))
    assert np.isnan(metrics.pr_auc(np.zeros(2, dtype=np.int64), p)).all()


def test_a_draw_takes_clients_whole() -> None:
    clients = np.array([7, 7, 3, 3, 3, 9])
    draws = metrics.draws(clients, rounds=50, seed=1)
    assert draws.shape == (50, 6)
    assert (draws[:, 0] == draws[:, 1]).all()
    assert (draws[:, 2] == draws[:, 3]).all()
    assert (draws[:, [0, 2, 5]].sum(axis=1) == 3).all()
    assert len(np.unique(draws, axis=0)) > 5


def test_rows_of_one_client_do_not_narrow_an_interval() -> None:
    rng = np.random.default_rng(0)
    y, score = rng.integers(0, 2, 60), rng.random(60)
    once = metrics.figure(metrics.roc_auc, y, score, metrics.draws(np.arange(60), 200, 1))
    copies = metrics.figure(
        metrics.roc_auc, np.repeat(y, 9), np.repeat(score, 9), metrics.draws(np.repeat(np.arange(60), 9), 200, 1)
    )
    assert (copies.value, copies.low, copies.high) == pytest.approx((once.value, once.low, once.high))
    assert once.low < once.value < once.high


def test_a_paired_difference_of_equal_scores_is_exactly_nothing() -> None:
    rng = np.random.default_rng(0)
    y, score = rng.integers(0, 2, 80), rng.random(80)
    draws = metrics.draws(np.arange(80), 100, 1)
    same = metrics.difference(metrics.pr_auc, y, score, score * 2, draws)
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
    better = metrics.difference(metrics.roc_auc, y, y + 0.1 * score, score, draws)
    assert better.low > 0


def test_many_draws_are_worked_through_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    y, score = rng.integers(0, 2, 30), rng.random(30)
    draws = metrics.draws(np.arange(30), 40, 1)
    whole = metrics.figure(metrics.roc_auc, y, score, draws)
    monkeypatch.setattr(metrics, "_MAX_CELLS", 100)
    assert metrics.figure(metrics.roc_auc, y, score, draws) == whole


def test_honest_probabilities_look_honest_and_extreme_ones_do_not() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(0.02, 0.6, 20_000)
    y = (rng.random(20_000) < p).astype(np.int64)
    extreme = 1 / (1 + (1 / p - 1) ** 2)  # log-odds doubled
    assert metrics.calibration_slope(y, p) == pytest.approx(1, abs=0.05)
    assert metrics.calibration_slope(y, extreme) == pytest.approx(0.5, abs=0.03)
    assert metrics.observed_to_expected(y, p) == pytest.approx(1, abs=0.03)
    assert metrics.observed_to_expected(y, p / 2) == pytest.approx(2, abs=0.06)
    assert metrics.expected_calibration_error(y, p) < 0.02
    assert metrics.expected_calibration_error(y, np.minimum(p + 0.2, 1)) == pytest.approx(0.2, abs=0.01)
