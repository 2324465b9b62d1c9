"""From a score to an honest probability: Platt's line on later data, with an interval from resampling clients."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from churnwatch.core.table import FloatArray, IntArray
from churnwatch.model import metrics

_ROUNDS = 100
_NEWTON_STEPS, _LONGEST_STEP, _CLOSE_ENOUGH = 60, 3.0, 1e-9
_RIDGE = 1e-9  # keeps a draw with one class solvable; its line is replaced anyway
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


def line(log_odds: FloatArray, y: IntArray) -> tuple[float, float]:
    """Platt's slope and intercept; with one class only, slope 1 and the shift that matches the smoothed rate.

    The slope is never negative: a score that ranks backwards on few data is told to be worthless, not turned round.
    """
    slopes, intercepts = lines(log_odds, y, np.ones((1, len(y))))
    return float(slopes[0]), float(intercepts[0])


def lines(log_odds: FloatArray, y: IntArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """`line` for many weightings of the same rows at once, weights of shape (draws, rows): Newton's method on all draws."""
    lost, total = weights @ y, weights.sum(axis=1)
    rate = (lost + 0.5) / (total + 1)
    level = np.log(rate / (1 - rate))
    slope, intercept = np.zeros(len(weights)), level.copy()
    for _ in range(_NEWTON_STEPS):
        p = expit(np.outer(slope, log_odds) + intercept[:, None])
        miss, bend = weights * (p - y), weights * p * (1 - p)
        by_slope, by_intercept = miss @ log_odds + slope / _SLOPE_PENALTY_C, miss.sum(axis=1)
        a, b, d = bend @ log_odds**2 + 1 / _SLOPE_PENALTY_C, bend @ log_odds, bend.sum(axis=1) + _RIDGE
        determinant = a * d - b * b
        step = np.stack(
            [(d * by_slope - b * by_intercept) / determinant, (a * by_intercept - b * by_slope) / determinant]
        )
        step = np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        slope, intercept = slope - step[0], intercept - step[1]
        if np.abs(step).max() < _CLOSE_ENOUGH:
            break
    one_class = (lost == 0) | (lost == total)
    mean = weights @ log_odds / total
    backwards = ~one_class & (slope <= 0)
    slope = np.where(one_class, 1.0, np.where(backwards, 0.0, slope))
    return slope, np.where(one_class, level - mean, np.where(backwards, level, intercept))


def levels(slopes: FloatArray, log_odds: FloatArray, y: IntArray, weights: FloatArray) -> FloatArray:
    """The intercepts at which each slope, under its weighting, forecasts as many losses as there were."""
    rate = (weights @ y + 0.5) / (weights.sum(axis=1) + 1)
    total = weights.sum(axis=1)
    intercept = np.log(rate / (1 - rate)) - slopes * (weights @ log_odds) / total
    for _ in range(_NEWTON_STEPS):
        p = expit(np.outer(slopes, log_odds) + intercept[:, None])
        excess = (weights * p).sum(axis=1) / total - rate
        bend = (weights * p * (1 - p)).sum(axis=1) / total + _RIDGE
        step = np.clip(excess / bend, -_LONGEST_STEP, _LONGEST_STEP)
        intercept = intercept - step
        if np.abs(step).max() < _CLOSE_ENOUGH:
            break
    return np.asarray(intercept, dtype=np.float64)


def anchored(found: Calibration, log_odds: FloatArray, y: IntArray, clients: IntArray, seed: int) -> Calibration:
    """The same slopes at the level of other scores: those of models that saw all the time there was, but not these clients.

    Where clients age with the calendar (an archive that begins for all on one day), a model of the first year places the
    second somewhere else; its level does not fit the model of both.
    """
    once = levels(np.array([found.slope]), log_odds, y, np.ones((1, len(y))))
    drawn = levels(found.slopes, log_odds, y, metrics.draws(clients, len(found.slopes), seed))
    return Calibration(found.slope, float(once[0]), found.slopes, drawn)


def calibrate(log_odds: FloatArray, y: IntArray, clients: IntArray, seed: int) -> Calibration:
    """Fit on scores of rows that the scorer has not seen, at the natural rate."""
    slope, intercept = line(log_odds, y)
    return Calibration(slope, intercept, *lines(log_odds, y, metrics.draws(clients, _ROUNDS, seed)))
