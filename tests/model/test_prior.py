"""The expert prior against the catalogue: every belief exists there and points the way it says."""

import math

import numpy as np
import pytest

from churnwatch import features
from churnwatch.model.prior import BELIEFS, expert_prior

every_belief = pytest.mark.parametrize("name", BELIEFS)


@every_belief
def test_a_belief_agrees_with_the_catalogues_direction(name: str) -> None:
    assert name in features.BY_NAME
    expected = {"higher": 1, "lower": -1}[features.BY_NAME[name].risky]
    assert math.copysign(1, BELIEFS[name].log_odds) == expected


@every_belief
def test_a_belief_is_of_a_size_that_no_single_signal_decides(name: str) -> None:
    assert BELIEFS[name].step > 0
    assert 0.05 <= abs(BELIEFS[name].log_odds) <= 0.7


@every_belief
def test_more_of_a_risky_signal_raises_the_score(name: str) -> None:
    scorer = expert_prior([name], 0.18, 90)
    belief = BELIEFS[name]
    steps = belief.typical + belief.step * np.array([[-1.0], [0.0], [1.0]]) * np.sign(belief.log_odds)
    odds = scorer.log_odds(steps)
    assert np.diff(odds) == pytest.approx([abs(belief.log_odds)] * 2)


@pytest.mark.parametrize(("churn", "horizon"), [(0.18, 90), (0.05, 30), (0.6, 365)])
def test_a_typical_client_leaves_as_often_as_the_firm_says(churn: float, horizon: int) -> None:
    scorer = expert_prior(features.NAMES, churn, horizon)
    typical = np.array([[BELIEFS[name].typical if name in BELIEFS else 5.0 for name in features.NAMES]])
    leaving = 1 - (1 - churn) ** (horizon / 365)
    assert 1 / (1 + np.exp(-scorer.log_odds(typical)[0])) == pytest.approx(leaving)


def test_every_family_but_the_context_is_believed_in() -> None:
    believed = {features.BY_NAME[name].family for name in BELIEFS}
    assert believed == set(features.Family) - {features.Family.CONTEXT}
