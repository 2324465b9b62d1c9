"""How the panel is cut in time, so that nothing is learned from the future."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panels_of_numbers import STEP_DAYS, drawn

from churnwatch.core.table import US_PER_DAY
from churnwatch.model.dataset import folds, purged


@given(st.lists(st.integers(0, 400), min_size=1, max_size=50), st.integers(0, 500), st.integers(7, 200))
def test_purged_rows_had_their_outcome_before_the_origin(days: list[int], origin: int, horizon: int) -> None:
    as_of = np.array(days) * US_PER_DAY
    kept = purged(as_of, origin * US_PER_DAY, horizon)
    assert kept.tolist() == [row for row, day in enumerate(days) if day + horizon <= origin]


def test_no_training_outcome_reaches_past_the_origin_of_its_fold() -> None:
    data = drawn(clients=60, months=20)
    cut, how = folds(data)
    assert how == "later in time"
    assert len(cut) == 4
    for fold in cut:
        complete = data.as_of[fold.train] + data.horizon_days * US_PER_DAY
        assert complete.max() <= data.as_of[fold.test].min()
        assert complete.max() > data.as_of[fold.test].min() - STEP_DAYS * US_PER_DAY, "more was purged than must be"
    tested = np.concatenate([fold.test for fold in cut])
    assert len(np.unique(tested)) == len(tested)
    assert data.as_of[tested].max() == data.as_of.max()


@pytest.mark.parametrize("months", [1, 5])
def test_where_time_allows_no_folds_clients_are_kept_apart(months: int) -> None:
    data = drawn(clients=60, months=months, level=-1.0)
    cut, how = folds(data)
    assert how == "other clients"
    assert len(cut) == 5
    for fold in cut:
        assert not set(data.client[fold.train]) & set(data.client[fold.test])
    assert sorted(np.concatenate([fold.test for fold in cut])) == list(range(len(data)))


def test_without_losses_there_are_no_folds() -> None:
    data = drawn(clients=20)
    assert folds(replace(data, y=np.zeros(len(data), dtype=np.int64)))[0] == []


def test_many_slices_of_one_loss_are_one_loss() -> None:
    data = drawn(clients=20)
    y = (data.client == 3).astype(np.int64)
    assert replace(data, y=y).losses == 1


def test_rows_and_columns_are_taken_by_number_and_name() -> None:
    data = drawn(clients=5)
    part = data.rows(np.array([4, 2]))
    assert part.as_of.tolist() == data.as_of[[4, 2]].tolist()
    np.testing.assert_array_equal(part.columns(["tenure", "recency"]), data.x[[4, 2]][:, [6, 0]])
