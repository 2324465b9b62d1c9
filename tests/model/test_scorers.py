"""The scorers say exactly what the fitted estimators say, and their contributions add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.ensemble import BalancedRandomForestClassifier
from imblearn.under_sampling import RandomUnderSampler
from panels_of_numbers import NAMES, drawn
from scipy.special import expit, logit
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from churnwatch.core.table import FloatArray
from churnwatch.model import candidates, forest, linear
from churnwatch.model.forest import ForestScorer, fit_forest
from churnwatch.model.linear import LinearScorer, fit_ridge, fit_undersampled

DATA = drawn()
FREE = np.ones(len(NAMES))
HALF = np.where(np.arange(len(NAMES)) < 7, 1.0, 0.1)


def design(x: FloatArray, fitted_on: FloatArray) -> FloatArray:
    """Columns in standard deviations from their mean, no more than four, missing at the mean."""
    z = (x - np.nanmean(fitted_on, axis=0)) / np.nanstd(fitted_on, axis=0)
    return np.nan_to_num(np.clip(z, -4, 4))


@pytest.mark.parametrize("freedom", [FREE, HALF], ids=["even", "tilted"])
def test_ridge_equals_scikit_learns_logistic_regression(freedom: FloatArray) -> None:
    scorer = fit_ridge(DATA.x, DATA.y, freedom, c=0.3)
    model = LogisticRegression(C=0.3 * 1000 / len(DATA), max_iter=4000).fit(design(DATA.x, DATA.x) * freedom, DATA.y)
    fresh = drawn(seed=5).x
    expected = model.decision_function(design(fresh, DATA.x) * freedom)
    np.testing.assert_allclose(scorer.log_odds(fresh), expected, atol=1e-9)


def test_a_column_without_freedom_has_no_weight() -> None:
    scorer = fit_ridge(DATA.x, DATA.y, np.where(np.arange(len(NAMES)) == 7, 0.0, 1.0), c=1.0)
    assert scorer.weight[7] == 0
    assert abs(scorer.weight[0]) > 0.3


def test_the_undersampled_bag_is_the_mean_of_regressions_on_balanced_samples() -> None:
    scorer = fit_undersampled(DATA.x, DATA.y, FREE, c=0.3, seed=11)
    rows = design(DATA.x, DATA.x)
    odds = []
    for bag in range(15):
        part, labels = RandomUnderSampler(random_state=11 + bag).fit_resample(rows, DATA.y)
        assert labels.mean() == 0.5
        odds.append(
            LogisticRegression(C=0.3 * 1000 / len(part), max_iter=4000).fit(part, labels).decision_function(rows)
        )
    np.testing.assert_allclose(scorer.log_odds(DATA.x), np.mean(odds, axis=0), atol=1e-9)


@pytest.mark.parametrize("balanced", [False, True], ids=["forest", "balanced forest"])
def test_the_forest_equals_the_fitted_trees(balanced: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forest, "_TREES", 40)
    scorer = fit_forest(DATA.x, DATA.y, balanced=balanced, seed=3)
    settings = {"n_estimators": 40, "max_features": 0.3, "random_state": 3}
    model = (
        BalancedRandomForestClassifier(
            sampling_strategy="all", replacement=True, bootstrap=False, min_samples_leaf=4, **settings
        )
        if balanced
        else RandomForestClassifier(min_samples_leaf=8, **settings)
    )
    fill = np.nanmedian(DATA.x, axis=0)
    model.fit(np.where(np.isnan(DATA.x), fill, DATA.x), DATA.y)
    fresh = drawn(seed=5).x
    expected = model.predict_proba(np.where(np.isnan(fresh), fill, fresh))[:, 1]
    np.testing.assert_allclose(scorer.log_odds(fresh), logit(np.clip(expected, 0.001, 0.999)), atol=1e-9)


def test_the_forest_splits_in_single_precision_as_its_trees_do() -> None:
    # Two values that single precision cannot tell apart must fall on the same side.
    near, far = 1.0, np.nextafter(np.float32(1.0), np.float32(2.0))
    x = np.repeat(np.array([[near], [float(far)]]), 40, axis=0)
    y = np.repeat([0, 1], 40)
    scorer = fit_forest(x, y, balanced=False, seed=1)
    model = RandomForestClassifier(n_estimators=300, min_samples_leaf=8, max_features=0.3, random_state=1).fit(x, y)
    between = np.linspace(near, float(far), 41)[:, None]
    expected = model.predict_proba(between)[:, 1]
    np.testing.assert_allclose(expit(scorer.log_odds(between)), np.clip(expected, 0.001, 0.999), atol=1e-12)


@pytest.fixture(scope="module")
def grown() -> ForestScorer:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "_TREES", 40)
        return fit_forest(DATA.x, DATA.y, balanced=False, seed=3)


def test_linear_contributions_and_intercept_are_the_log_odds() -> None:
    scorer = fit_ridge(DATA.x, DATA.y, FREE, c=1.0)
    contributions = scorer.contributions(DATA.x)
    np.testing.assert_allclose(scorer.intercept + contributions.sum(axis=1), scorer.log_odds(DATA.x), rtol=1e-12)
    assert (contributions[np.isnan(DATA.x)] == 0).all()


def test_forest_contributions_are_the_change_in_log_odds(grown: ForestScorer) -> None:
    contributions = grown.contributions(DATA.x)
    change = grown.log_odds(DATA.x) - logit(grown.base)
    np.testing.assert_allclose(contributions.sum(axis=1), change, atol=1e-6)
    assert (contributions != 0).sum(axis=1).min() > 1


@pytest.mark.parametrize("level", [-5.5, -4.0])
def test_forest_contributions_add_up_where_losses_are_rare(level: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forest, "_TREES", 25)
    data = drawn(seed=8, level=level)
    assert 0 < data.y.mean() < 0.1
    scorer = fit_forest(data.x, data.y, balanced=False, seed=3)
    change = scorer.log_odds(data.x) - logit(max(scorer.base, 0.001))
    np.testing.assert_allclose(scorer.contributions(data.x).sum(axis=1), change, atol=1e-6)


def test_a_blend_is_the_mean_of_its_members(grown: ForestScorer) -> None:
    ridge = fit_ridge(DATA.x, DATA.y, FREE, c=1.0)
    parts = candidates.blend([((1.0, ridge),), ((1.0, grown),)])
    expected = (ridge.log_odds(DATA.x) + grown.log_odds(DATA.x)) / 2
    np.testing.assert_allclose(candidates.log_odds(parts, DATA.x), expected)
    expected = (ridge.contributions(DATA.x) + grown.contributions(DATA.x)) / 2
    np.testing.assert_allclose(candidates.contributions(parts, DATA.x), expected)


def test_scorers_survive_being_taken_apart(grown: ForestScorer) -> None:
    ridge = fit_ridge(DATA.x, DATA.y, FREE, c=1.0)
    np.testing.assert_array_equal(LinearScorer.from_arrays(ridge.arrays()).log_odds(DATA.x), ridge.log_odds(DATA.x))
    again = ForestScorer.from_arrays(grown.arrays())  # type: ignore[arg-type]
    np.testing.assert_array_equal(again.log_odds(DATA.x), grown.log_odds(DATA.x))


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.floats(-1e30, 1e30) | st.just(float("nan")), min_size=10, max_size=10), min_size=1, max_size=5)
)
def test_any_row_gets_finite_log_odds(grown: ForestScorer, rows: list[list[float]]) -> None:
    x = np.array(rows)
    assert np.isfinite(grown.log_odds(x)).all()
    assert np.isfinite(fit_ridge(DATA.x, DATA.y, FREE, c=1.0).log_odds(x)).all()


def test_columns_that_are_never_known_or_never_differ_are_harmless() -> None:
    x = DATA.x.copy()
    x[:, 2], x[:, 3] = np.nan, 5.0
    ridge = fit_ridge(x, DATA.y, FREE, c=1.0)
    assert (ridge.contributions(DATA.x)[:, 2:4] == 0).all()
    mean, scale = linear.standardise(x)
    assert np.isinf(scale[2:4]).all()
    assert (mean[2:4] == 0).all()
    assert np.isfinite(fit_forest(x[:200], DATA.y[:200], balanced=False, seed=1).log_odds(x)).all()
