"""Group statistics against pandas, which is slower and known to be right."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from churnwatch.features import segments

SIZE = 5
numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
Rows = list[tuple[int, float]]
rows = st.lists(st.tuples(st.integers(0, SIZE - 1), numbers), max_size=40)
rows_with_gaps = st.lists(st.tuples(st.integers(0, SIZE - 1), numbers | st.just(float("nan"))), max_size=40)


def split(pairs: Rows) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    groups = np.array([group for group, _ in pairs], dtype=np.intp)
    values = np.array([value for _, value in pairs], dtype=np.float64)
    return values, groups, pd.Series(values)


def of_pandas(grouped: pd.Series) -> np.ndarray:
    return grouped.reindex(range(SIZE)).to_numpy(dtype=np.float64)


@given(rows_with_gaps)
def test_count_total_and_mean(pairs: Rows) -> None:
    values, groups, series = split(pairs)
    by_group = series.groupby(groups)
    np.testing.assert_array_equal(segments.count(groups, SIZE), np.nan_to_num(of_pandas(by_group.size())))
    known = ~np.isnan(values)
    np.testing.assert_array_equal(segments.count(groups, SIZE, known), np.nan_to_num(of_pandas(by_group.count())))
    np.testing.assert_allclose(
        segments.total(values, groups, SIZE), np.nan_to_num(of_pandas(by_group.sum())), atol=1e-6
    )
    np.testing.assert_allclose(segments.mean(values, groups, SIZE), of_pandas(by_group.mean()), atol=1e-6)


@given(rows)
def test_largest(pairs: Rows) -> None:
    values, groups, series = split(pairs)
    np.testing.assert_array_equal(segments.largest(values, groups, SIZE), of_pandas(series.groupby(groups).max()))


@given(rows_with_gaps, st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
def test_quantile_interpolates_as_pandas_does(pairs: Rows, share: float) -> None:
    values, groups, series = split(pairs)
    expected = of_pandas(series.groupby(groups).quantile(share))
    np.testing.assert_allclose(segments.quantile(values, groups, SIZE, share), expected, rtol=1e-9, atol=1e-6)


@given(hnp.arrays(np.int64, st.tuples(st.just(2), st.integers(0, 30)), elements=st.integers(0, 2)))
def test_first_of_run_marks_every_change(keys: np.ndarray) -> None:
    pairs = list(zip(*keys.tolist(), strict=True))
    expected = [place == 0 or pair != pairs[place - 1] for place, pair in enumerate(pairs)]
    assert segments.first_of_run(*keys).tolist() == expected


@pytest.mark.parametrize("statistic", [segments.largest, segments.mean])
def test_a_group_without_rows_is_nan(statistic: object) -> None:
    assert np.isnan(statistic(np.array([]), np.array([], dtype=np.intp), 2)).all()  # type: ignore[operator]
