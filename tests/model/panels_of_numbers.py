"""Training sets drawn from a seed: clients over months, whose first columns tell who leaves."""

from dataclasses import replace

import numpy as np

from churnwatch.core.table import US_PER_DAY, FloatArray
from churnwatch.model.dataset import TrainingSet

STEP_DAYS = 28
START = 19_000 * US_PER_DAY
# Columns of every kind that the candidates treat apart: RFM, expert signals, and one that means nothing.
NAMES = (
    "recency",
    "in_30",
    "in_90",
    "in_180",
    "in_365",
    "in_total",
    "tenure",
    "silence",
    "irritation_rate",
    "last_word",
)


def drawn(
    clients: int = 60, months: int = 14, seed: int = 0, strength: float = 1.5, level: float = -2.2
) -> TrainingSet:
    """Each client has its own bent, each row its noise; a tenth of the cells is missing."""
    rng = np.random.default_rng(seed)
    rows = clients * months
    client = np.repeat(np.arange(clients), months)
    x: FloatArray = rng.normal(size=(clients, len(NAMES)))[client] + 0.5 * rng.normal(size=(rows, len(NAMES)))
    hazard = level + strength * (x[:, 0] + 0.7 * x[:, 7])
    y = (rng.random(rows) < 1 / (1 + np.exp(-hazard))).astype(np.int64)
    x[rng.random(x.shape) < 0.1] = np.nan
    as_of = START + np.tile(np.arange(months), clients) * STEP_DAYS * US_PER_DAY
    return TrainingSet(x, y, client.astype(np.int64), as_of.astype(np.int64), NAMES, horizon_days=90)


def shuffled(data: TrainingSet, seed: int) -> TrainingSet:
    """The same rows with the outcomes of each date dealt out anew, so that not even who a client is tells anything."""
    rng = np.random.default_rng(seed)
    y = data.y.copy()
    for date in np.unique(data.as_of):
        rows = np.flatnonzero(data.as_of == date)
        y[rows] = rng.permutation(y[rows])
    return replace(data, y=y)
