"""The linear scorer: log-odds as a weighted sum of standardised signals, so that every contribution is exact.

It carries the expert prior, the plain logistic on RFM, the ridge regression and the under-sampled bag alike: a bag of logistic
regressions over the same columns is one logistic regression with averaged weights.
"""

from dataclasses import dataclass

import numpy as np
from imblearn.under_sampling import RandomUnderSampler
from sklearn.linear_model import LogisticRegression

from churnwatch.core.table import FloatArray, IntArray

_CLIP = 4.0  # standard deviations; one odd value must not carry a score alone
_BAGS = 15
_PENALTY_ROWS = 1000
_MAX_ITERATIONS = 4000


@dataclass(frozen=True, slots=True)
class LinearScorer:
    """`log_odds = intercept + sum(weight * clip((x - mean) / scale))`; a missing signal adds nothing."""

    mean: FloatArray  # (signals,)
    scale: FloatArray
    weight: FloatArray
    intercept: float

    def contributions(self, x: FloatArray) -> FloatArray:
        """Log-odds that each signal adds, against the typical client: (rows, signals); 0 where a signal is missing."""
        z = np.clip((x - self.mean) / self.scale, -_CLIP, _CLIP)
        return np.nan_to_num(z) * self.weight

    def log_odds(self, x: FloatArray) -> FloatArray:
        """Uncalibrated log-odds per row: the intercept and all contributions."""
        return np.asarray(self.intercept + self.contributions(x).sum(axis=1), dtype=np.float64)

    def arrays(self) -> dict[str, FloatArray]:
        """Everything needed to rebuild it."""
        return {"mean": self.mean, "scale": self.scale, "weight": self.weight, "intercept": np.array([self.intercept])}

    @classmethod
    def from_arrays(cls, arrays: dict[str, FloatArray]) -> "LinearScorer":
        """The inverse of `arrays`."""
        return cls(arrays["mean"], arrays["scale"], arrays["weight"], float(arrays["intercept"][0]))


def standardise(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the known values of each column; a column that says nothing gets mean 0, scale inf.

    >>> mean, scale = standardise(np.array([[1.0, np.nan, 5.0], [3.0, np.nan, 5.0]]))
    >>> mean, scale
    (array([2., 0., 0.]), array([ 1., inf, inf]))
    """
    known = ~np.isnan(x)
    n = np.maximum(known.sum(axis=0), 1)
    mean = np.nan_to_num(x).sum(axis=0) / n
    variance = (np.nan_to_num(x - mean) ** 2).sum(axis=0) / n
    useful = (variance > 1e-12) & (known.sum(axis=0) > 1)
    return np.where(useful, mean, 0.0), np.where(useful, np.sqrt(np.maximum(variance, 1e-12)), np.inf)


def fit_ridge(x: FloatArray, y: IntArray, freedom: FloatArray, c: float) -> LinearScorer:
    """Ridge logistic regression in which column j may move `freedom[j]` times as easily as one with freedom 1 (0 = left out).

    `c` is scikit-learn's inverse penalty at a thousand rows; the penalty is per row, so that a model of a fold and the model
    of all rows spread their scores alike, which calibration relies on. A freedom below 1 says: believe this column only on
    strong evidence.
    """
    mean, scale = standardise(x)
    model = LogisticRegression(C=c * _PENALTY_ROWS / len(x), max_iter=_MAX_ITERATIONS)
    model.fit(_design(x, mean, scale) * freedom, y)
    return LinearScorer(mean, scale, model.coef_[0] * freedom, float(model.intercept_[0]))


def fit_undersampled(x: FloatArray, y: IntArray, freedom: FloatArray, c: float, seed: int) -> LinearScorer:
    """The mean of ridge regressions on balanced subsamples (imbalanced-learn); its rate is balanced, so calibrate it."""
    mean, scale = standardise(x)
    design = _design(x, mean, scale) * freedom
    weights, intercepts = [], []
    for bag in range(_BAGS):
        part, labels = RandomUnderSampler(random_state=seed + bag).fit_resample(design, y)
        model = LogisticRegression(C=c * _PENALTY_ROWS / len(part), max_iter=_MAX_ITERATIONS).fit(part, labels)
        weights.append(model.coef_[0] * freedom)
        intercepts.append(float(model.intercept_[0]))
    return LinearScorer(mean, scale, np.mean(weights, axis=0), float(np.mean(intercepts)))


def _design(x: FloatArray, mean: FloatArray, scale: FloatArray) -> FloatArray:
    return np.nan_to_num(np.clip((x - mean) / scale, -_CLIP, _CLIP))
