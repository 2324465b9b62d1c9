"""The estimator: compares on later data, calibrates, and is honest where there is nothing to learn."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from panels_of_numbers import NAMES, drawn, shuffled

from churnwatch.core.errors import NotEnoughDataError
from churnwatch.core.types import Band
from churnwatch.model import candidates, explain, forest, metrics
from churnwatch.model.candidates import BLENDS, CANDIDATES
from churnwatch.model.estimator import MIN_LOSSES, RiskModel, first_day, fit, fit_candidate


@pytest.fixture(scope="module", autouse=True)
def small_forests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "_TREES", 25)
        yield


@pytest.fixture(scope="module")
def model() -> RiskModel:
    return fit(drawn(), seed=1)


def test_every_candidate_and_blend_is_compared_and_the_best_serves(model: RiskModel) -> None:
    assert {one.name for one in model.comparisons} == {*CANDIDATES, *BLENDS}
    losses = [one.log_loss for one in model.comparisons]
    assert losses == sorted(losses)
    near = [one for one in model.comparisons if one.log_loss <= losses[0] + 0.003]
    blends = [one.name for one in near if one.name in BLENDS]
    assert model.name == (blends[0] if blends else near[0].name)
    assert model.claims_probability
    assert model.validated_on == "later in time"


def test_what_can_be_learned_is_learned_and_calibrated(model: RiskModel) -> None:
    fresh = drawn(seed=77)
    p = model.probability(fresh.x)
    assert metrics.roc_auc(fresh.y, p)[0] > 0.75
    assert metrics.observed_to_expected(fresh.y, p) == pytest.approx(1, abs=0.25)
    assert metrics.calibration_slope(fresh.y, p) == pytest.approx(1, abs=0.35)
    low, high = model.interval(fresh.x)
    assert ((low <= high) & (low > 0) & (high < 1)).all()


def test_shuffled_outcomes_cannot_be_learned() -> None:
    areas: dict[str, list[float]] = {}
    for seed in (1, 2):
        for one in fit(shuffled(drawn(clients=80, seed=seed), seed), seed).comparisons:
            areas.setdefault(one.name, []).append(one.roc_auc)
    assert {name: np.mean(drawn_areas) for name, drawn_areas in areas.items()} == {
        name: pytest.approx(0.5, abs=0.07) for name in areas
    }


def test_the_same_seed_gives_the_same_model(model: RiskModel) -> None:
    again, fresh = fit(drawn(), seed=1), drawn(seed=9)
    np.testing.assert_array_equal(again.probability(fresh.x), model.probability(fresh.x))


@pytest.mark.parametrize("losses", [0, 1, MIN_LOSSES - 1])
def test_under_ten_losses_nothing_is_learned(losses: int) -> None:
    data = drawn()
    y = ((data.client < losses) & (np.arange(len(data)) % 3 == 0)).astype(np.int64)
    with pytest.raises(NotEnoughDataError, match=f"{losses} lost clients") as caught:
        fit(replace(data, y=y), seed=1)
    assert "24 months" in caught.value.remedy


def test_no_rows_at_all_are_not_enough_data() -> None:
    with pytest.raises(NotEnoughDataError):
        fit(drawn().rows(np.array([], dtype=np.int64)), seed=1)


def test_contributions_are_calibrated_log_odds(model: RiskModel) -> None:
    x = drawn(seed=9).x
    parts = candidates.contributions(model.parts, x)
    np.testing.assert_allclose(model.contributions(x), model.calibration.slope * parts)


@pytest.mark.parametrize("name", ["prior", "rfm", "tilted_ridge", "even_ridge", "undersampled"])
def test_linear_contributions_add_up_to_the_log_odds_of_the_model(name: str) -> None:
    data = drawn()
    parts = fit_candidate(name, data, seed=1)
    typical = candidates.log_odds(parts, np.full((1, len(NAMES)), np.nan))
    odds = candidates.log_odds(parts, data.x)
    np.testing.assert_allclose(candidates.contributions(parts, data.x).sum(axis=1), odds - typical, atol=1e-9)


def test_rfm_looks_at_rfm_alone() -> None:
    data = drawn()
    ((_, scorer),) = fit_candidate("rfm", data, seed=1)
    assert {name for name, weight in zip(NAMES, scorer.weight, strict=True) if weight} == set(candidates.RFM)


def test_the_first_day_claims_no_percentage_but_ranks() -> None:
    model = first_day(NAMES, 90, yearly_churn=0.18)
    assert not model.claims_probability
    assert model.base_rate == pytest.approx(1 - 0.82 ** (90 / 365))
    typical = np.full((1, len(NAMES)), np.nan)
    assert model.probability(typical)[0] == pytest.approx(model.base_rate)
    silent = typical.copy()
    silent[0, NAMES.index("silence")] = 2.0
    assert model.probability(silent)[0] > 2 * model.base_rate


def test_bands_follow_the_lift_over_the_base_rate() -> None:
    model = first_day(NAMES, 90, yearly_churn=0.18)
    rate = model.base_rate
    lifts = {1.0: Band.CALM, 1.4: Band.CALM, 1.6: Band.WARMING, 3.1: Band.SIMMERING, 6.1: Band.BOILING}
    assert {lift: model.band(lift * rate) for lift in lifts} == lifts
    assert replace(model, base_rate=0.4).band(0.5) is Band.BOILING


def test_pushes_keep_the_whole_and_name_the_strongest_first() -> None:
    contributions = np.array([0.2, -0.5, 0.4, 0.1])
    found = explain.pushes(contributions, ["a", "b", "a", "c"])
    assert [push.family for push in found] == ["a", "c", "b"]
    assert sum(push.total for push in found) == pytest.approx(contributions.sum())
    assert found[0].columns == (2, 0)
