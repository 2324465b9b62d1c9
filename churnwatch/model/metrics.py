"""How well scores rank and how honest probabilities are, with intervals from resampling whole clients.

Rows of one client are not independent, so every interval draws clients with replacement and takes all their rows. A draw is a
weight per row (how often its client was drawn), so that one sort serves a thousand draws.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from churnwatch.core.table import FloatArray, IntArray

# (outcome, score, weights of shape (draws, rows)) -> one value per draw
Metric = Callable[[IntArray, FloatArray, FloatArray], FloatArray]
_ECE_BINS = 10
_EPSILON = 1e-6
_MAX_CELLS = 20_000_000  # weights held at once


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def roc_auc(y: IntArray, score: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Chance that a leaver scores above a stayer, ties counting half; NaN with one class only.

    >>> roc_auc(np.array([0, 1, 1]), np.array([0.1, 0.1, 0.9]))
    array([0.75])
    """
    lost, stayed = _by_threshold(y, score, weights)
    stayed_below = stayed.sum(axis=1, keepdims=True) - np.cumsum(stayed, axis=1)
    pairs = (lost * (stayed_below + 0.5 * stayed)).sum(axis=1)
    return _ratio(pairs, lost.sum(axis=1) * stayed.sum(axis=1))


def pr_auc(y: IntArray, score: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Average precision over the ranking; the base rate is what chance gets. NaN without leavers.

    >>> pr_auc(np.array([0, 1, 1]), np.array([0.5, 0.1, 0.9])).round(3)
    array([0.833])
    """
    lost, stayed = _by_threshold(y, score, weights)
    found = np.cumsum(lost, axis=1)
    looked_at = found + np.cumsum(stayed, axis=1)
    precision = np.divide(found, looked_at, out=np.zeros_like(found), where=looked_at > 0)
    return _ratio((lost * precision).sum(axis=1), lost.sum(axis=1))


def brier(y: IntArray, p: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Mean squared error of the probability."""
    weights = _or_ones(weights, len(y))
    return _ratio(weights @ (p - y) ** 2, weights.sum(axis=1))


def log_loss(y: IntArray, p: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Mean negative log-likelihood in nats."""
    weights = _or_ones(weights, len(y))
    p = np.clip(p, _EPSILON, 1 - _EPSILON)
    return _ratio(weights @ -np.where(y == 1, np.log(p), np.log(1 - p)), weights.sum(axis=1))


def expected_calibration_error(y: IntArray, p: FloatArray) -> float:
    """Mean gap between forecast and outcome over ten bins of equal size, weighted by size."""
    bins = np.array_split(np.argsort(p, kind="stable"), _ECE_BINS)
    return float(sum(len(rows) * abs(p[rows].mean() - y[rows].mean()) for rows in bins if len(rows)) / len(y))


def observed_to_expected(y: IntArray, p: FloatArray) -> float:
    """Leavers that came over leavers that were forecast; 1 is right on the whole."""
    return float(y.sum() / max(p.sum(), _EPSILON))


def calibration_slope(y: IntArray, p: FloatArray) -> float:
    """Slope of the outcome on the forecast's log-odds; below 1 = forecasts too extreme. NaN with one class only."""
    if not 0 < y.sum() < len(y):
        return float("nan")
    p = np.clip(p, _EPSILON, 1 - _EPSILON)
    model = LogisticRegression(C=1e6, max_iter=1000).fit(np.log(p / (1 - p))[:, None], y)
    return float(model.coef_[0, 0])


def draws(clients: IntArray, rounds: int, seed: int) -> FloatArray:
    """Weights of `rounds` bootstrap draws of whole clients: (rounds, rows)."""
    rng = np.random.default_rng(seed)
    _, number = np.unique(clients, return_inverse=True)
    size = int(number.max()) + 1
    drawn = np.stack([np.bincount(rng.integers(0, size, size), minlength=size) for _ in range(rounds)])
    return drawn[:, number].astype(np.float64)


def figure(metric: Metric, y: IntArray, score: FloatArray, weights: FloatArray) -> Figure:
    """A metric with its interval over the draws."""
    return _with_interval(float(metric(y, score, np.ones((1, len(y))))[0]), _over(metric, y, score, weights))


def difference(metric: Metric, y: IntArray, ours: FloatArray, theirs: FloatArray, weights: FloatArray) -> Figure:
    """`metric(ours) - metric(theirs)`, both on the same draws: a paired interval."""
    once = np.ones((1, len(y)))
    value = float(metric(y, ours, once)[0] - metric(y, theirs, once)[0])
    return _with_interval(value, _over(metric, y, ours, weights) - _over(metric, y, theirs, weights))


def _over(metric: Metric, y: IntArray, score: FloatArray, weights: FloatArray) -> FloatArray:
    at_once = max(1, _MAX_CELLS // max(len(y), 1))
    return np.concatenate(
        [metric(y, score, weights[start : start + at_once]) for start in range(0, len(weights), at_once)]
    )


def _by_threshold(y: IntArray, score: FloatArray, weights: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Weight of leavers and of stayers at each distinct score, the highest first: two arrays (draws, scores)."""
    weights = _or_ones(weights, len(y))
    order = np.argsort(-score, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(score[order]) != 0]))
    sorted_weights, lost = weights[:, order], y[order] == 1
    of_lost = np.add.reduceat(sorted_weights * lost, starts, axis=1)
    return of_lost, np.add.reduceat(sorted_weights, starts, axis=1) - of_lost


def _or_ones(weights: FloatArray | None, rows: int) -> FloatArray:
    return np.ones((1, rows)) if weights is None else weights


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    result = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=result, where=whole != 0)
    return result


def _with_interval(value: float, drawn: FloatArray) -> Figure:
    known = drawn[~np.isnan(drawn)]
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
    return Figure(value, float(low), float(high))
