"""The candidates for service: each learns from a training set and gives a weighted sum of scorers.

Resampling (`undersampled`, `balanced_forest`) is offered and compared because imbalanced data invite it; it distorts
probabilities, so every candidate is calibrated on later data before it is judged.
"""

from collections.abc import Callable, Sequence

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.model.dataset import TrainingSet
from churnwatch.model.forest import ForestScorer, fit_forest
from churnwatch.model.linear import LinearScorer, fit_ridge, fit_undersampled
from churnwatch.model.prior import expert_prior

Scorer = LinearScorer | ForestScorer
Parts = tuple[tuple[float, Scorer], ...]

RFM = ("recency", "in_30", "in_90", "in_180", "in_365", "in_total", "tenure")
CALENDAR = ("season_sin", "season_cos", "firm_trend")  # the same for all clients of a date
_REFINEMENT = 0.1  # freedom of signals beyond RFM in the tilted ridge: they must earn their weight
_TILTED_C, _EVEN_C, _PLAIN_C = 0.3, 0.01, 1.0
_TYPICAL_CHURN = 0.18


def log_odds(parts: Parts, x: FloatArray) -> FloatArray:
    """The weighted sum of the scorers' log-odds."""
    return np.asarray(np.sum([weight * scorer.log_odds(x) for weight, scorer in parts], axis=0), dtype=np.float64)


def contributions(parts: Parts, x: FloatArray) -> FloatArray:
    """What each signal adds to `log_odds`, against the typical client: (rows, signals)."""
    return np.asarray(np.sum([weight * scorer.contributions(x) for weight, scorer in parts], axis=0), dtype=np.float64)


def freedom(names: Sequence[str], core: float, rest: float) -> FloatArray:
    """How freely each column may move: `core` for the RFM columns, `rest` for the others."""
    return np.array([core if name in RFM else rest for name in names])


def _prior(data: TrainingSet, seed: int) -> Parts:  # noqa: ARG001 - every candidate takes the same arguments
    return ((1.0, expert_prior(data.names, _TYPICAL_CHURN, data.horizon_days)),)


def _rfm(data: TrainingSet, seed: int) -> Parts:  # noqa: ARG001
    return ((1.0, fit_ridge(data.x, data.y, freedom(data.names, 1.0, 0.0), _PLAIN_C)),)


def _ridge(data: TrainingSet, seed: int) -> Parts:  # noqa: ARG001
    return ((1.0, fit_ridge(data.x, data.y, freedom(data.names, 1.0, 1.0), _EVEN_C)),)


def _tilted(data: TrainingSet, seed: int) -> Parts:  # noqa: ARG001
    return ((1.0, fit_ridge(data.x, data.y, freedom(data.names, 1.0, _REFINEMENT), _TILTED_C)),)


def _undersampled(data: TrainingSet, seed: int) -> Parts:
    return ((1.0, fit_undersampled(data.x, data.y, freedom(data.names, 1.0, _REFINEMENT), _TILTED_C, seed)),)


def _forest(data: TrainingSet, seed: int) -> Parts:
    return ((1.0, fit_forest(data.x, data.y, balanced=False, seed=seed)),)


def _balanced_forest(data: TrainingSet, seed: int) -> Parts:
    return ((1.0, fit_forest(data.x, data.y, balanced=True, seed=seed)),)


# Simpler first: of two equal ones the earlier is kept.
CANDIDATES: dict[str, Callable[[TrainingSet, int], Parts]] = {
    "prior": _prior,
    "rfm": _rfm,
    "tilted_ridge": _tilted,
    "even_ridge": _ridge,
    "undersampled": _undersampled,
    "forest": _forest,
    "balanced_forest": _balanced_forest,
}
# Equal shares of members that were fitted anyway.
BLENDS: dict[str, tuple[str, ...]] = {
    "blend_tilted": ("tilted_ridge", "forest"),
    "blend_even": ("even_ridge", "forest"),
}


def fit_probabilities_of_rfm(train: TrainingSet, test: TrainingSet) -> FloatArray:
    """Probabilities of the plain logistic on RFM, learned on `train`, for `test`."""
    odds = log_odds(_rfm(train, 0), test.x)
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def blend(members: Sequence[Parts]) -> Parts:
    """The mean of the members' log-odds."""
    return tuple((weight / len(members), scorer) for parts in members for weight, scorer in parts)
