"""The plain opponents that every report sets beside the model. Each ranks; the logistic one also gives a probability.

They see the same snapshots and, where they learn, the same training rows.
"""

from collections.abc import Callable

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.model.candidates import fit_probabilities_of_rfm
from churnwatch.model.dataset import TrainingSet
from churnwatch.model.prior import BELIEFS

Opponent = Callable[[TrainingSet, TrainingSet], FloatArray | None]

_TONE = ("irritation_rate", "irritation_peak", "politeness_drop", "shouting", "blame", "repetition")


def _known(x: FloatArray, fallback: FloatArray) -> FloatArray | None:
    """A score with the missing rows at the training median; None where the column is empty."""
    known = fallback[~np.isnan(fallback)]
    if not len(known):
        return None
    return np.where(np.isnan(x), np.median(known), x)


def _column(name: str, sign: float, train: TrainingSet, test: TrainingSet) -> FloatArray | None:
    scored = _known(test.columns([name])[:, 0], train.columns([name])[:, 0])
    return None if scored is None else sign * scored


def base_rate(train: TrainingSet, test: TrainingSet) -> FloatArray:
    """Everyone gets the training rate."""
    return np.full(len(test), train.y.mean())


def days_since_contact(train: TrainingSet, test: TrainingSet) -> FloatArray | None:
    """Days since the client's last message or call."""
    return _column("recency", 1.0, train, test)


def recency_to_own_gap(train: TrainingSet, test: TrainingSet) -> FloatArray | None:
    """Silence over the client's own 90 % gap."""
    return _column("gap_ratio", 1.0, train, test)


def count_trend(train: TrainingSet, test: TrainingSet) -> FloatArray | None:
    """Messages of about four weeks against the months before, fewer is riskier."""
    return _column("trend_30", -1.0, train, test)


def logistic_on_rfm(train: TrainingSet, test: TrainingSet) -> FloatArray | None:
    """Logistic regression on recency, counts at 30/90/180/365 days, total and tenure: the one a sceptic asks for.

    None where the training rows all ended alike.
    """
    if len(np.unique(train.y)) < 2:
        return None
    return fit_probabilities_of_rfm(train, test)


def tenure_and_invoices(train: TrainingSet, test: TrainingSet) -> FloatArray | None:
    """Short tenure and late payment, equal weights; None without invoices."""
    late, tenure = _column("overdue", 1.0, train, test), _column("tenure", -1.0, train, test)
    return None if late is None or tenure is None else _standard(late) + _standard(tenure)


def equal_weight_rule(train: TrainingSet, test: TrainingSet) -> FloatArray:
    """The expert's signals, each by its sign alone: the mean of standardised signals that are known."""
    sums, counts = np.zeros(len(test)), np.zeros(len(test))
    for name, belief in BELIEFS.items():
        if name not in test.names:
            continue
        reference, x = train.columns([name])[:, 0], test.columns([name])[:, 0]
        spread = np.nanstd(reference) if (~np.isnan(reference)).sum() > 1 else 0.0
        if spread > 0:
            z = np.clip((x - np.nanmean(reference)) / spread, -3, 3) * np.sign(belief.log_odds)
            sums += np.nan_to_num(z)
            counts += ~np.isnan(z)
    return sums / np.maximum(counts, 1)


def sentiment_only(train: TrainingSet, test: TrainingSet) -> FloatArray | None:
    """The tone signals alone, each by its sign; None without text."""
    parts = [_column(name, float(np.sign(BELIEFS[name].log_odds)), train, test) for name in _TONE]
    known = [_standard(part) for part in parts if part is not None]
    return np.sum(known, axis=0) if known else None


def _standard(score: FloatArray) -> FloatArray:
    spread = score.std()
    return (score - score.mean()) / spread if spread > 0 else np.zeros(len(score))


OPPONENTS: dict[str, Opponent] = {
    "base rate": base_rate,
    "days since last contact": days_since_contact,
    "recency / own p90 gap": recency_to_own_gap,
    "28 d count trend": count_trend,
    "logistic on RFM": logistic_on_rfm,
    "tenure + invoices": tenure_and_invoices,
    "equal-weight expert rule": equal_weight_rule,
    "sentiment only": sentiment_only,
}
PROBABILISTIC = ("base rate", "logistic on RFM")
