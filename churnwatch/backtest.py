"""The sceptic's question, answered on any events table and cohort: learn before, predict after, stand beside plain opponents.

A cohort names, per client and as-of date, whether the client left within the horizon, and which rows may teach. Every row is
measured with what was known before its own as-of; test outcomes are never looked at except to print the figures.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from churnwatch import scoring
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.contracts import SourceError
from churnwatch.core.errors import NotEnoughDataError
from churnwatch.core.table import US_PER_DAY, EventTable, FloatArray, IntArray
from churnwatch.model import metrics
from churnwatch.model.dataset import TrainingSet
from churnwatch.model.estimator import Comparison, RiskModel, first_day, fit
from churnwatch.model.metrics import Figure
from churnwatch.model.opponents import OPPONENTS, PROBABILISTIC
from churnwatch.model.tone import SHIPPED, Reader
from churnwatch.sources.cohort import read_cohort, write_predictions
from churnwatch.sources.events_table import read_frame

_ROUNDS = 1000
_FIRST_TEST_DATES = 0.05  # share of test rows that one stray early date may be; else it would purge everything
_KEPT_LOSSES = 0.5  # of the losses; where a purge by time would cost more, the split is not one of time
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of the model or of one opponent; `roc_ahead` and `pr_ahead` are the model's lead over it, paired."""

    name: str
    roc_auc: Figure
    pr_auc: Figure
    brier: Figure | None  # None for scores that are no probabilities
    roc_ahead: Figure | None = None
    pr_ahead: Figure | None = None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How honest the probabilities were."""

    slope: float
    observed_to_expected: float
    ece: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a backtest found. `measured` is empty where the test rows carry no outcome."""

    events: int
    problems: tuple[SourceError, ...]
    train_rows: int
    purged_rows: int
    test_rows: int
    train_losses: int
    split: str  # "time", "clients" or "interleaved"
    insufficient_rows: int
    model: str
    base_rate: float
    note: str
    comparisons: tuple[Comparison, ...]
    measured: tuple[Measured, ...] = ()
    calibration: Calibrated | None = None
    test_base_rate: float | None = None
    predictions: pd.DataFrame = field(default_factory=pd.DataFrame)


def run(
    events_path: Path,
    cohort_path: Path,
    horizon_days: int,
    calendar: BusinessCalendar,
    yearly_churn: float,
    seed: int,
    predictions_path: Path | None = None,
    progress: Progress | None = None,
    reader: Reader = SHIPPED,
) -> Report:
    """Train on the cohort's train rows, predict its test rows, measure where outcomes are given."""
    tell = progress or (lambda _stage, _share: None)
    frame, problems = read_frame(events_path)
    cohort = read_cohort(cohort_path)
    tell("reading", 1.0)
    if frame.empty:
        first = f"; the first: {problems[0].place}: {problems[0].problem}" if problems else ""
        raise NotEnoughDataError(f"No event of {events_path} could be read{first}.", remedy="See docs/interchange.md.")
    table = EventTable.from_frame(scoring.with_readings(frame, calendar.zone, reader))
    del frame
    if not set(table.clients) & set(cohort["client_id"]):
        raise NotEnoughDataError(
            f"No client of the cohort has an event: it names {cohort['client_id'].iloc[0] if len(cohort) else 'nobody'!r}, "
            f"the events {table.clients[0]!r}.",
            remedy="The client_id of both tables must be spelt alike.",
        )
    as_of = cohort["as_of"].dt.as_unit("us").astype("int64").to_numpy()
    index = scoring.index_of(table, list(cohort["client_id"]), as_of)
    measured = scoring.snapshots(table, index, calendar, lambda share: tell("measuring", share))
    unable = np.array([why or "" for why in scoring.insufficient(measured)], dtype=object)

    outcome = cohort["churned"].to_numpy(dtype=np.float64)
    data = TrainingSet(
        x=measured.values.to_numpy(),
        y=np.nan_to_num(outcome).astype(np.int64),
        client=pd.factorize(cohort["client_id"])[0].astype(np.int64),
        as_of=as_of,
        names=scoring.SIGNAL_NAMES,
        horizon_days=horizon_days,
    )
    is_test = (cohort["split"] == "test").to_numpy()
    given = np.flatnonzero(~is_test & ~np.isnan(outcome))
    train_rows, split = without_future(data, given, np.flatnonzero(is_test))
    train, test = data.rows(train_rows[unable[train_rows] == ""]), data.rows(np.flatnonzero(is_test))
    model, note = _fitted(train, seed, yearly_churn, tell)

    mute = unable[is_test] != ""
    p = np.where(mute, model.base_rate, model.probability(test.x))
    predictions = cohort.loc[is_test, ["client_id", "as_of"]].assign(probability=p, insufficient=unable[is_test])
    predictions = predictions.reset_index(drop=True)
    if predictions_path is not None:
        write_predictions(predictions_path, predictions)
    judged = np.flatnonzero(~np.isnan(outcome[is_test]))
    figures = _judge(train, test.rows(judged), p[judged], seed, tell) if len(judged) else ((), None, None)
    return Report(
        events=len(table),
        problems=tuple(problems),
        train_rows=len(train),
        purged_rows=len(given) - len(train_rows),
        test_rows=len(test),
        train_losses=train.losses,
        split=split,
        insufficient_rows=int(mute.sum()),
        model=model.name,
        base_rate=model.base_rate,
        note=note,
        comparisons=model.comparisons,
        measured=figures[0],
        calibration=figures[1],
        test_base_rate=figures[2],
        predictions=predictions,
    )


def without_future(data: TrainingSet, given: IntArray, test: IntArray) -> tuple[IntArray, str]:
    """Train rows whose outcome was complete in time, and what sort of split this is.

    "time": test dates come after the train dates; every outcome must be complete before they begin. "clients": the test clients
    teach nothing themselves. "interleaved": known clients at dates among the train dates; only a client's own outcome must
    not reach into its own test dates, and the report says so.
    """
    if not len(given) or not len(test):
        return given, "time"
    complete_at = data.as_of + data.horizon_days * US_PER_DAY
    if not np.isin(data.client[test], data.client[given]).any():
        return given, "clients"
    origin = np.quantile(data.as_of[test], _FIRST_TEST_DATES, method="lower")
    in_time = given[complete_at[given] <= origin]
    if data.losses_in(in_time) >= _KEPT_LOSSES * data.losses_in(given):
        return in_time, "time"
    first_test = pd.Series(data.as_of[test]).groupby(data.client[test]).min()
    own_origin = pd.Series(data.client[given]).map(first_test).fillna(np.inf).to_numpy()
    return given[complete_at[given] <= own_origin], "interleaved"


def _fitted(train: TrainingSet, seed: int, yearly_churn: float, tell: Progress) -> tuple[RiskModel, str]:
    try:
        return fit(train, seed, lambda name, share: tell(f"comparing {name}", share)), ""
    except NotEnoughDataError as error:
        rate = (train.y.sum() + 1) / (len(train) + 1 / max(yearly_churn, 0.01)) if len(train) else None
        yearly = yearly_churn if rate is None else 1 - (1 - min(rate, 0.95)) ** (365 / train.horizon_days)
        return first_day(train.names, train.horizon_days, yearly), f"{error.message} The expert prior was used."


def _judge(
    train: TrainingSet, test: TrainingSet, p: FloatArray, seed: int, tell: Progress
) -> tuple[tuple[Measured, ...], Calibrated, float]:
    draws = metrics.draws(test.client, _ROUNDS, seed)
    ours = _measure("churnwatch", test.y, p, p, draws, probability=True)
    rows = [ours]
    for number, (name, opponent) in enumerate(OPPONENTS.items()):
        score = opponent(train, test) if len(train) else None
        if score is not None:
            rows.append(_measure(name, test.y, score, p, draws, probability=name in PROBABILISTIC))
        tell("measuring opponents", (number + 1) / len(OPPONENTS))
    honest = Calibrated(
        slope=metrics.calibration_slope(test.y, p),
        observed_to_expected=metrics.observed_to_expected(test.y, p),
        ece=metrics.expected_calibration_error(test.y, p),
        log_loss=float(metrics.log_loss(test.y, p)[0]),
    )
    return tuple(rows), honest, float(test.y.mean())


def _measure(
    name: str, y: IntArray, score: FloatArray, ours: FloatArray, draws: FloatArray, *, probability: bool
) -> Measured:
    against = score is not ours
    return Measured(
        name=name,
        roc_auc=metrics.figure(metrics.roc_auc, y, score, draws),
        pr_auc=metrics.figure(metrics.pr_auc, y, score, draws),
        brier=metrics.figure(metrics.brier, y, score, draws) if probability else None,
        roc_ahead=metrics.difference(metrics.roc_auc, y, ours, score, draws) if against else None,
        pr_ahead=metrics.difference(metrics.pr_auc, y, ours, score, draws) if against else None,
    )


def as_json(report: Report) -> dict[str, object]:
    """The report for scripts: figures as value, low, high; predictions left out."""

    def shown(figure: Figure | None) -> dict[str, float] | None:
        return None if figure is None else {"value": figure.value, "low": figure.low, "high": figure.high}

    fields = ("roc_auc", "pr_auc", "brier", "roc_ahead", "pr_ahead")
    return {
        "events": report.events,
        "problems": len(report.problems),
        "rows": {"train": report.train_rows, "purged": report.purged_rows, "test": report.test_rows},
        "train_losses": report.train_losses,
        "split": report.split,
        "insufficient_rows": report.insufficient_rows,
        "model": report.model,
        "note": report.note,
        "base_rate": {"train": report.base_rate, "test": report.test_base_rate},
        "figures": {one.name: {name: shown(getattr(one, name)) for name in fields} for one in report.measured},
        "calibration": None
        if report.calibration is None
        else {name: getattr(report.calibration, name) for name in ("slope", "observed_to_expected", "ece", "log_loss")},
        "candidates": [
            {"name": one.name, "log_loss": one.log_loss, "roc_auc": one.roc_auc, "pr_auc": one.pr_auc}
            for one in report.comparisons
        ],
    }
