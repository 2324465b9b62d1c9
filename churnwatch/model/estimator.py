"""The estimator: compares the candidates on later data, calibrates the best, and is what scores a matrix of signals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from churnwatch.core.errors import NotEnoughDataError
from churnwatch.core.table import US_PER_DAY, FloatArray, IntArray
from churnwatch.core.types import Band
from churnwatch.model import candidates, metrics
from churnwatch.model.calibration import Calibration, anchored, calibrate, identity, line
from churnwatch.model.candidates import BLENDS, CALENDAR, CANDIDATES, Parts
from churnwatch.model.dataset import OTHER_CLIENTS, Fold, TrainingSet, folds, folds_by_client
from churnwatch.model.prior import expert_prior

MIN_LOSSES = 10  # distinct lost clients under which only the prior is used, and no percentage is claimed
_EQUAL_LOG_LOSS = 0.003  # nats a row
# Season cannot be told from the way things are going before each has been seen twice.
_SEASONS_NEED_DAYS = 730
# Lift over the base rate from which a band starts; a probability of one half is boiling whatever the base.
_BAND_LIFTS = ((6.0, Band.BOILING), (3.0, Band.SIMMERING), (1.5, Band.WARMING))
_ALWAYS_BOILING = 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """One candidate on rows later than its training, each calibrated on the other folds."""

    name: str
    log_loss: float
    roc_auc: float
    pr_auc: float
    brier: float


@dataclass(frozen=True, slots=True)
class RiskModel:
    """Scores a matrix of signals. `claims_probability` is False for the prior alone: rank and reasons, no percentage."""

    name: str  # the candidate in service
    names: tuple[str, ...]
    horizon_days: int
    parts: Parts
    calibration: Calibration
    base_rate: float
    claims_probability: bool
    centre: float = 0.0  # mean log-odds over the training rows: calibration speaks of the distance from it
    rows: int = 0
    losses: int = 0
    validated_on: str = ""  # "later in time" or "other clients"
    comparisons: tuple[Comparison, ...] = ()

    def probability(self, x: FloatArray) -> FloatArray:
        """Calibrated probability of leaving within the horizon, per row."""
        return self.calibration.probability(candidates.log_odds(self.parts, x) - self.centre)

    def interval(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """90 % interval of the probability, per row."""
        return self.calibration.interval(candidates.log_odds(self.parts, x) - self.centre)

    def contributions(self, x: FloatArray) -> FloatArray:
        """Calibrated log-odds that each signal adds against the typical client: (rows, signals)."""
        return self.calibration.slope * candidates.contributions(self.parts, x)

    def band(self, probability: float) -> Band:
        """Heat by how far the probability lies over the base rate."""
        if probability >= _ALWAYS_BOILING:
            return Band.BOILING
        for lift, band in _BAND_LIFTS:
            if probability >= lift * self.base_rate:
                return band
        return Band.CALM


def first_day(names: tuple[str, ...], horizon_days: int, yearly_churn: float) -> RiskModel:
    """The model of a firm that has told of no losses: the expert prior, without percentages."""
    prior = expert_prior(names, yearly_churn, horizon_days)
    leaving = 1 - (1 - yearly_churn) ** (horizon_days / 365)
    return RiskModel("prior", names, horizon_days, ((1.0, prior),), identity(), leaving, claims_probability=False)


def fit(data: TrainingSet, seed: int, progress: Callable[[str, float], None] | None = None) -> RiskModel:
    """Compare all candidates on later data by calibrated log-loss, refit the best on everything, calibrate on later data.

    Raises `NotEnoughDataError` under ten distinct losses: the caller then stays with `first_day`.
    """
    if len(data) and data.as_of.max() - data.as_of.min() < _SEASONS_NEED_DAYS * US_PER_DAY:
        data = data.without(CALENDAR)
    cut, how = folds(data)
    if data.losses < MIN_LOSSES or not cut:
        raise NotEnoughDataError(
            f"{data.losses} lost clients in {len(data)} rows; {MIN_LOSSES} spread over time are needed to learn from.",
            remedy="Import older losses (the last 24 months are the first thing to ask for); until then the expert prior serves.",
        )
    unseen = _unseen_scores(data, cut, seed, progress)
    tested = np.concatenate([fold.test for fold in cut])
    which = np.concatenate([np.full(len(fold.test), number) for number, fold in enumerate(cut)])
    compared = tuple(_compare(name, scores, data.y[tested], which) for name, scores in unseen.items())
    best = _chosen(compared)
    parts = fit_candidate(best, data, seed)
    return RiskModel(
        name=best,
        names=data.names,
        horizon_days=data.horizon_days,
        parts=parts,
        calibration=_calibrated(best, data, unseen[best], tested, how, seed),
        base_rate=float(data.y.mean()),
        claims_probability=True,
        centre=float(candidates.log_odds(parts, data.x).mean()),
        rows=len(data),
        losses=data.losses,
        validated_on=how,
        comparisons=tuple(sorted(compared, key=lambda one: one.log_loss)),
    )


def fit_candidate(name: str, data: TrainingSet, seed: int) -> Parts:
    """One candidate, by name, fitted on everything given."""
    if name in BLENDS:
        return candidates.blend([CANDIDATES[member](data, seed) for member in BLENDS[name]])
    return CANDIDATES[name](data, seed)


def _chosen(compared: Sequence[Comparison]) -> str:
    """The least log-loss; where a blend is as good within what chance does to a thousand rows, the blend.

    An average of unlike models errs less on data unlike those it was chosen on.
    """
    best = min(compared, key=lambda one: one.log_loss)
    near = [one for one in compared if one.name in BLENDS and one.log_loss <= best.log_loss + _EQUAL_LOG_LOSS]
    return min(near, key=lambda one: one.log_loss, default=best).name


def _calibrated(name: str, data: TrainingSet, later: FloatArray, tested: IntArray, how: str, seed: int) -> Calibration:
    """The slope from later rows, the level from clients left out of a model of the whole time."""
    found = calibrate(later, data.y[tested], data.client[tested], seed)
    if how == OTHER_CLIENTS:
        return found
    left_out = np.full(len(data), np.nan)
    for fold in folds_by_client(data):
        left_out[fold.test] = _centred(fit_candidate(name, data.rows(fold.train), seed), data, fold)
    known = tested[~np.isnan(left_out[tested])]
    return anchored(found, left_out[known], data.y[known], data.client[known], seed) if len(known) else found


def _centred(parts: Parts, data: TrainingSet, fold: Fold) -> FloatArray:
    """Log-odds of a fold's test rows from the model's own centre: models of few and of many losses lie at different levels."""
    centre = float(candidates.log_odds(parts, data.x[fold.train]).mean())
    return candidates.log_odds(parts, data.x[fold.test]) - centre


def _unseen_scores(
    data: TrainingSet, cut: list[Fold], seed: int, progress: Callable[[str, float], None] | None
) -> dict[str, FloatArray]:
    scores: dict[str, list[FloatArray]] = {name: [] for name in CANDIDATES}
    done = 0
    for fold in cut:
        train = data.rows(fold.train)
        for name, learn in CANDIDATES.items():
            scores[name].append(_centred(learn(train, seed), data, fold))
            done += 1
            if progress is not None:
                progress(name, done / (len(cut) * len(CANDIDATES)))
    joined = {name: np.concatenate(parts) for name, parts in scores.items()}
    return joined | {name: np.mean([joined[member] for member in members], axis=0) for name, members in BLENDS.items()}


def _compare(name: str, scores: FloatArray, y: IntArray, which: IntArray) -> Comparison:
    """Calibrate each fold by a line fitted on the other folds, so that no row judges its own calibration."""
    p = np.empty(len(y))
    for fold in np.unique(which):
        inside = which == fold
        slope, intercept = line(scores[~inside], y[~inside]) if (~inside).any() else (1.0, 0.0)
        p[inside] = 1 / (1 + np.exp(-np.clip(slope * scores[inside] + intercept, -30, 30)))
    return Comparison(
        name=name,
        log_loss=float(metrics.log_loss(y, p)[0]),
        roc_auc=float(metrics.roc_auc(y, scores)[0]),
        pr_auc=float(metrics.pr_auc(y, scores)[0]),
        brier=float(metrics.brier(y, p)[0]),
    )
