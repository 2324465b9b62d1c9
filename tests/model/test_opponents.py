"""The plain opponents see what the model sees, and say nothing where there is nothing to see."""

from dataclasses import replace

import numpy as np
import pytest
from panels_of_numbers import drawn

from churnwatch import features
from churnwatch.core.table import FloatArray
from churnwatch.model.dataset import TrainingSet
from churnwatch.model.opponents import OPPONENTS, PROBABILISTIC
from churnwatch.model.prior import BELIEFS


def everything(seed: int, rows: int = 120) -> TrainingSet:
    """A panel over the whole catalogue."""
    rng = np.random.default_rng(seed)
    x: FloatArray = rng.normal(size=(rows, len(features.NAMES)))
    y = (rng.random(rows) < 0.3).astype(np.int64)
    return TrainingSet(x, y, np.arange(rows), np.arange(rows), features.NAMES, 90)


def without(data: TrainingSet, *names: str) -> TrainingSet:
    x = data.x.copy()
    x[:, [data.names.index(name) for name in names]] = np.nan
    return replace(data, x=x)


@pytest.mark.parametrize("name", OPPONENTS)
def test_an_opponent_scores_every_row(name: str) -> None:
    score = OPPONENTS[name](everything(1), everything(2))
    assert score is not None
    assert score.shape == (120,)
    assert np.isfinite(score).all()
    if name in PROBABILISTIC:
        assert ((score >= 0) & (score <= 1)).all()


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("days since last contact", ["recency"]),
        ("recency / own p90 gap", ["gap_ratio"]),
        ("28 d count trend", ["trend_30"]),
        ("tenure + invoices", ["overdue"]),
        ("tenure + invoices", ["tenure"]),
        (
            "sentiment only",
            ["irritation_rate", "irritation_peak", "politeness_drop", "shouting", "blame", "repetition"],
        ),
    ],
)
def test_an_opponent_without_its_data_is_left_out(name: str, columns: list[str]) -> None:
    assert OPPONENTS[name](without(everything(1), *columns), everything(2)) is None


@pytest.mark.parametrize("name", OPPONENTS)
def test_a_missing_value_in_the_test_rows_is_bridged(name: str) -> None:
    test = everything(2)
    test.x[::3] = np.nan
    score = OPPONENTS[name](everything(1), test)
    assert score is not None
    assert np.isfinite(score).all()


@pytest.mark.parametrize(
    ("name", "signal", "sign"),
    [
        ("days since last contact", "recency", 1), ("recency / own p90 gap", "gap_ratio", 1), ("28 d count trend", "trend_30", -1),
        ("tenure + invoices", "overdue", 1), ("tenure + invoices", "tenure", -1), ("sentiment only", "politeness_drop", -1),
        ("equal-weight expert rule", "silence", 1), ("equal-weight expert rule", "volume_drop", -1),
    ],
)  # fmt: skip
def test_an_opponent_turns_its_signal_the_risky_way(name: str, signal: str, sign: int) -> None:
    test = everything(2)
    low = OPPONENTS[name](everything(1), test)
    test.x[5, test.names.index(signal)] += 1.0
    high = OPPONENTS[name](everything(1), test)
    assert low is not None
    assert high is not None
    assert np.sign(high[5] - low[5]) == sign


def test_the_expert_rule_weighs_every_belief_alike() -> None:
    test = everything(2)
    test.x[:] = np.nan
    train = everything(1)
    score = OPPONENTS["equal-weight expert rule"](train, test)
    assert score is not None
    assert (score == 0).all()
    name = next(iter(BELIEFS))
    column = test.names.index(name)
    test.x[0, column] = train.x[:, column].mean() + train.x[:, column].std()
    score = OPPONENTS["equal-weight expert rule"](train, test)
    assert score is not None
    assert abs(score[0]) == pytest.approx(1)


def test_the_logistic_on_rfm_learns() -> None:
    train, test = drawn(seed=1), drawn(seed=2)
    p = OPPONENTS["logistic on RFM"](train, test)
    assert p is not None
    assert p[test.y == 1].mean() > p[test.y == 0].mean() + 0.05
