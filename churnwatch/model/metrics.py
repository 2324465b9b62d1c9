"""How well scores rank and how honest probabilities are, with intervals from resampling whole clients.

Rows of one client are not independent, so every interval draws clients with replacement and takes all their rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from churnwatch.core.table import FloatArray, IntArray

Metric = Callable[[IntArray, FloatArray], float]
_ECE_BINS = 10
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def roc_auc(y: IntArray, score: FloatArray) -> float:
    """Chance that a leaver scores above a stayer; NaN with one class only."""
    return float(roc_auc_score(y, score)) if 0 < y.sum() < len(y) else float("nan")


def pr_auc(y: IntArray, score: FloatArray) -> float:
    """Average precision over the ranking; the base rate is what chance gets. NaN without leavers."""
    return float(average_precision_score(y, score)) if y.sum() else float("nan")


def brier(y: IntArray, p: FloatArray) -> float:
    """Mean squared error of the probability."""
    return float(np.mean((p - y) ** 2))


def log_loss(y: IntArray, p: FloatArray) -> float:
    """Mean negative log-likelihood in nats."""
    p = np.clip(p, _EPSILON, 1 - _EPSILON)
    return float(-np.mean(np.where(y == 1, np.log(p), np.log(1 - p))))


def lift_at_tenth(y: IntArray, score: FloatArray) -> float:
    """Share of leavers among the riskiest tenth, over the base rate."""
    top = np.argsort(-score, kind="stable")[: max(1, len(y) // 10)]
    return float(y[top].mean() / y.mean()) if y.sum() else float("nan")


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


def resamples(clients: IntArray, rounds: int, seed: int) -> list[IntArray]:
    """Row numbers of `rounds` bootstrap draws of whole clients."""
    rng = np.random.default_rng(seed)
    order = np.argsort(clients, kind="stable")
    _, starts, sizes = np.unique(clients[order], return_index=True, return_counts=True)
    draws = []
    for _ in range(rounds):
        drawn = rng.integers(0, len(starts), len(starts))
        within = np.arange(sizes[drawn].sum()) - np.repeat(np.cumsum(sizes[drawn]) - sizes[drawn], sizes[drawn])
        draws.append(order[np.repeat(starts[drawn], sizes[drawn]) + within].astype(np.int64))
    return draws


def figure(metric: Metric, y: IntArray, score: FloatArray, draws: list[IntArray]) -> Figure:
    """A metric with its interval over the draws."""
    return _with_interval(metric(y, score), [metric(y[rows], score[rows]) for rows in draws])


def difference(metric: Metric, y: IntArray, ours: FloatArray, theirs: FloatArray, draws: list[IntArray]) -> Figure:
    """`metric(ours) - metric(theirs)`, both on the same draws: a paired interval."""
    return _with_interval(
        metric(y, ours) - metric(y, theirs),
        [metric(y[rows], ours[rows]) - metric(y[rows], theirs[rows]) for rows in draws],
    )


def _with_interval(value: float, drawn: list[float]) -> Figure:
    known = np.array([each for each in drawn if not np.isnan(each)])
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
    return Figure(value, float(low), float(high))
