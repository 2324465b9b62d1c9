"""From a score to an honest probability: Platt's line on later data, with an interval from resampling clients."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from churnwatch.core.table import FloatArray, IntArray
from churnwatch.model import metrics

_ROUNDS = 100
_INTERVAL = (0.05, 0.95)
_SLOPE_PENALTY_C = 10.0  # a mild pull of the slope to 0 keeps tiny samples from exploding


@dataclass(frozen=True, slots=True)
class Calibration:
    """`p = expit(slope * log_odds + intercept)`; `slopes` and `intercepts` are the same fitted on resampled clients."""

    slope: float
    intercept: float
    slopes: FloatArray
    intercepts: FloatArray

    def probability(self, log_odds: FloatArray) -> FloatArray:
        """Calibrated probability."""
        return np.asarray(expit(self.slope * log_odds + self.intercept), dtype=np.float64)

    def interval(self, log_odds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The 90 % interval of the probability: wide where few clients tell what a score means."""
        if not len(self.slopes):
            p = self.probability(log_odds)
            return p, p
        drawn = expit(np.outer(log_odds, self.slopes) + self.intercepts)
        low, high = np.quantile(drawn, _INTERVAL, axis=1)
        return low, high

    def arrays(self) -> dict[str, FloatArray]:
        """Everything needed to rebuild it."""
        line = np.array([self.slope, self.intercept])
        return {"line": line, "slopes": self.slopes, "intercepts": self.intercepts}

    @classmethod
    def from_arrays(cls, arrays: dict[str, FloatArray]) -> "Calibration":
        """The inverse of `arrays`."""
        return cls(float(arrays["line"][0]), float(arrays["line"][1]), arrays["slopes"], arrays["intercepts"])


def identity() -> Calibration:
    """No calibration and no interval: the score of the first day."""
    return Calibration(1.0, 0.0, np.array([]), np.array([]))


def line(log_odds: FloatArray, y: IntArray, weights: FloatArray | None = None) -> tuple[float, float]:
    """Platt's slope and intercept; with one class only, slope 1 and the shift that matches the smoothed rate.

    The slope is never negative: a score that ranks backwards on few data is told to be worthless, not turned round.
    """
    weights = np.ones(len(y)) if weights is None else weights
    lost, total = float((weights * y).sum()), float(weights.sum())
    one_class = lost in (0.0, total)
    if not one_class:
        model = LogisticRegression(C=_SLOPE_PENALTY_C, max_iter=1000).fit(log_odds[:, None], y, sample_weight=weights)
        slope = float(model.coef_[0, 0])
        if slope > 0:
            return slope, float(model.intercept_[0])
    rate = (lost + 0.5) / (total + 1)
    level = float(np.log(rate / (1 - rate)))
    return (1.0, level - float(np.average(log_odds, weights=weights))) if one_class else (0.0, level)


def calibrate(log_odds: FloatArray, y: IntArray, clients: IntArray, seed: int) -> Calibration:
    """Fit on scores of rows that the scorer has not seen, at the natural rate."""
    slope, intercept = line(log_odds, y)
    lines = [line(log_odds, y, weights) for weights in metrics.draws(clients, _ROUNDS, seed)]
    return Calibration(slope, intercept, np.array([one[0] for one in lines]), np.array([one[1] for one in lines]))
