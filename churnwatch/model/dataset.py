"""The panel that a model learns from, and how it is cut in time so that nothing is learned from the future."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from churnwatch.core.table import US_PER_DAY, FloatArray, IntArray

LATER_IN_TIME, OTHER_CLIENTS = "later in time", "other clients"  # what a model was validated on
_FOLD_STARTS = (0.4, 0.55, 0.7, 0.85)  # of the as-of dates; the first part only ever trains
_CLIENT_FOLDS = 5
_MIN_FOLD_LOSSES = 8  # distinct lost clients that a fold must have to learn from


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """One row per (client, as-of): signals, outcome (1 = left within the horizon), and who and when."""

    x: FloatArray  # (rows, signals)
    y: IntArray
    client: IntArray  # any code
    as_of: IntArray  # UTC microseconds
    names: tuple[str, ...]
    horizon_days: int

    def __len__(self) -> int:
        return len(self.y)

    @property
    def losses(self) -> int:
        """Distinct clients that left: many slices of one loss are one loss."""
        return self.losses_in(np.arange(len(self)))

    def losses_in(self, rows: IntArray) -> int:
        """Distinct clients that left among some of the rows."""
        return len(np.unique(self.client[rows][self.y[rows] == 1]))

    def without(self, names: Sequence[str]) -> "TrainingSet":
        """The same rows with some signals unknown, so that nothing is learned from them."""
        unknown = np.isin(self.names, names)
        return replace(self, x=np.where(unknown, np.nan, self.x))

    def rows(self, chosen: IntArray) -> "TrainingSet":
        """Some of the rows."""
        return TrainingSet(
            self.x[chosen], self.y[chosen], self.client[chosen], self.as_of[chosen], self.names, self.horizon_days
        )

    def columns(self, names: Sequence[str]) -> FloatArray:
        """Some of the signals, as a matrix."""
        return self.x[:, [self.names.index(name) for name in names]]


@dataclass(frozen=True, slots=True)
class Fold:
    """Row numbers to train on and, strictly later or of other clients, to test on."""

    train: IntArray
    test: IntArray


def purged(as_of: IntArray, origin: int, horizon_days: int) -> IntArray:
    """Rows whose outcome was complete at `origin`: as-of + horizon <= origin."""
    return np.flatnonzero(as_of + horizon_days * US_PER_DAY <= origin)


def folds(data: TrainingSet) -> tuple[list[Fold], str]:
    """Rolling-origin folds with the horizon purged, or folds by client where time allows none; and which it was.

    Each fold trains on what was complete before its origin and tests on the as-of dates up to the next origin.
    """
    dates = np.unique(data.as_of // US_PER_DAY) * US_PER_DAY
    origins = (
        [int(dates[int(len(dates) * share)]) for share in _FOLD_STARTS] if len(dates) >= 2 * len(_FOLD_STARTS) else []
    )
    rolling = []
    for origin, following in zip(origins, [*origins[1:], int(dates[-1]) + US_PER_DAY], strict=True) if origins else ():
        train = purged(data.as_of, origin, data.horizon_days)
        test = np.flatnonzero((data.as_of >= origin) & (data.as_of < following))
        if _learnable(data, train) and len(test):
            rolling.append(Fold(train, test))
    if len(rolling) >= 2:
        return rolling, LATER_IN_TIME
    return folds_by_client(data), OTHER_CLIENTS


def folds_by_client(data: TrainingSet) -> list[Fold]:
    """Folds that each leave out a fifth of the clients."""
    number = np.unique(data.client, return_inverse=True)[1] % _CLIENT_FOLDS
    by_client = [Fold(np.flatnonzero(number != k), np.flatnonzero(number == k)) for k in range(_CLIENT_FOLDS)]
    return [fold for fold in by_client if _learnable(data, fold.train) and len(fold.test)]


def _learnable(data: TrainingSet, rows: IntArray) -> bool:
    return data.losses_in(rows) >= _MIN_FOLD_LOSSES and bool((data.y[rows] == 0).any())
