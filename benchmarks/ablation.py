"""What a family of signals adds to a base, what is lost without it, and what it knows alone: one learner on other columns.

The learner is a ridge logistic regression of standardised signals, missing ones at the training median and flagged, its penalty
chosen on rolling folds inside the training rows. Only the columns differ, so the difference is theirs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.model import metrics
from churnwatch.model.dataset import Fold, TrainingSet, folds
from churnwatch.model.linear import fit_ridge
from churnwatch.model.metrics import Figure

BASE = "rfm"  # the family that the others must add to
_PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # of `fit_ridge`, the strictest first
Families = Mapping[str, Sequence[str]]  # the columns of each


@dataclass(frozen=True, slots=True)
class Figures:
    """One set of columns on the judged rows, or its lead over another."""

    roc_auc: Figure
    pr_auc: Figure
    log_loss: Figure


@dataclass(frozen=True, slots=True)
class Ablated:
    """One family: its lead on top of RFM, the lead of all families over all but this one, and the family by itself."""

    name: str
    columns: int
    known: float
    over_rfm: Figures | None  # None for RFM itself
    in_all: Figures
    alone: Figures

    @property
    def verdict(self) -> str:
        """What the paired interval of the log-loss says of the family on top of RFM."""
        if self.over_rfm is None:
            return "is what the others must add to"
        if self.over_rfm.log_loss.low > 0:
            return "adds"
        return "harms" if self.over_rfm.log_loss.high < 0 else "adds nothing measurable"


@dataclass(frozen=True, slots=True)
class Ablation:
    """All families on the same judged rows."""

    folds: int
    train_rows: int  # of the last fold
    judged_rows: int
    judged_losses: int
    rfm: Figures
    everything: Figures
    all_over_rfm: Figures
    families: tuple[Ablated, ...]
    unmeasured: tuple[str, ...]  # families without a single known value


def ablate(
    data: TrainingSet, families: Families, cut: Sequence[Fold], rounds: int, seed: int, tell: Callable[[str], None]
) -> Ablation:
    """Learn each set of columns on every fold's train rows and judge it on all test rows together."""
    judged = data.rows(np.concatenate([fold.test for fold in cut]))
    weights = metrics.draws(judged.client, rounds, seed)
    known = {name: 1 - float(np.isnan(judged.columns(columns)).mean()) for name, columns in families.items()}
    measured = [name for name in families if known[name] > 0]

    def probability(*chosen: str) -> FloatArray:
        tell(" + ".join(chosen))
        columns = [column for name in chosen for column in families[name]]
        return np.concatenate([predict(data.rows(fold.train), data.rows(fold.test), columns) for fold in cut])

    def lead(ours: FloatArray, theirs: FloatArray) -> Figures:
        return Figures(
            metrics.difference(metrics.roc_auc, judged.y, ours, theirs, weights),
            metrics.difference(metrics.pr_auc, judged.y, ours, theirs, weights),
            metrics.difference(metrics.log_loss, judged.y, theirs, ours, weights),
        )

    def figures(p: FloatArray) -> Figures:
        return Figures(
            *(
                metrics.figure(metric, judged.y, p, weights)
                for metric in (metrics.roc_auc, metrics.pr_auc, metrics.log_loss)
            )
        )

    rfm, everything = probability(BASE), probability(*measured)
    return Ablation(
        folds=len(cut),
        train_rows=len(cut[-1].train),
        judged_rows=len(judged),
        judged_losses=int(judged.y.sum()),
        rfm=figures(rfm),
        everything=figures(everything),
        all_over_rfm=lead(everything, rfm),
        families=tuple(
            Ablated(
                name=name,
                columns=len(families[name]),
                known=known[name],
                over_rfm=None if name == BASE else lead(probability(BASE, name), rfm),
                in_all=lead(everything, probability(*(other for other in measured if other != name))),
                alone=figures(rfm if name == BASE else probability(name)),
            )
            for name in measured
        ),
        unmeasured=tuple(name for name in families if name not in measured),
    )


def predict(train: TrainingSet, test: TrainingSet, columns: Sequence[str]) -> FloatArray:
    """Probabilities of `test` by what `columns` teach on `train`."""
    return np.asarray(_fit(train, test, columns, (_penalty(train, columns),))[0], dtype=np.float64)


def _penalty(train: TrainingSet, columns: Sequence[str]) -> float:
    """The penalty of least log-loss on later rows of the training set; of two equal ones the stricter."""
    inner, _ = folds(train)
    tested = np.concatenate([fold.test for fold in inner])
    unseen = np.hstack([_fit(train.rows(fold.train), train.rows(fold.test), columns, _PENALTIES) for fold in inner])
    losses = [float(metrics.log_loss(train.y[tested], p)[0]) for p in unseen]
    return _PENALTIES[int(np.argmin(losses))]


def _fit(train: TrainingSet, test: TrainingSet, columns: Sequence[str], penalties: Sequence[float]) -> FloatArray:
    """Probabilities of `test`, one row per penalty."""
    learnt = train.columns(columns)
    x, unseen = _filled(learnt, learnt), _filled(test.columns(columns), learnt)
    freedom = np.ones(x.shape[1])
    log_odds = [fit_ridge(x, train.y, freedom, c).log_odds(unseen) for c in penalties]
    return np.asarray(1 / (1 + np.exp(-np.stack(log_odds))), dtype=np.float64)


def _filled(x: FloatArray, learnt: FloatArray) -> FloatArray:
    """Missing values at the median of `learnt` (0 where nothing is known), and a flag per column that says so."""
    empty = np.isnan(learnt).all(axis=0)
    median = np.nanmedian(np.where(empty, 0.0, learnt), axis=0)
    missing = np.isnan(x)
    return np.asarray(np.hstack([np.where(missing, median, x), missing]), dtype=np.float64)
