"""Vectorised statistics over groups of rows: the arithmetic every signal is made of.

A group is a snapshot's number, 0 to size - 1; rows may come in any order. Empty groups give 0 for sums and counts and NaN for
the rest. Source: textbook definitions; medians and quantiles interpolate linearly as numpy does.
"""

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.table import BoolArray, FloatArray, IntArray

Groups = NDArray[np.intp]


def count(groups: Groups, size: int, where: BoolArray | None = None) -> FloatArray:
    """Rows per group.

    >>> count(np.array([0, 0, 2]), 3)
    array([2., 0., 1.])
    """
    chosen = groups if where is None else groups[where]
    return np.bincount(chosen, minlength=size).astype(np.float64)


def total(values: FloatArray, groups: Groups, size: int) -> FloatArray:
    """Sum per group; NaN values count as 0.

    >>> total(np.array([1.0, np.nan, 5.0]), np.array([0, 0, 2]), 3)
    array([1., 0., 5.])
    """
    return np.bincount(groups, weights=np.nan_to_num(values), minlength=size).astype(np.float64)


def mean(values: FloatArray, groups: Groups, size: int) -> FloatArray:
    """Mean of the known values per group, NaN where none is known.

    >>> mean(np.array([1.0, np.nan, 5.0]), np.array([0, 0, 2]), 3)
    array([ 1., nan,  5.])
    """
    known = ~np.isnan(values)
    return ratio(total(values, groups, size), count(groups, size, known))


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """`part / whole`, NaN where the whole is 0.

    >>> ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    array([0.5, nan])
    """
    result = np.full(np.shape(part), np.nan)
    np.divide(part, whole, out=result, where=whole != 0)
    return result


def largest(values: FloatArray, groups: Groups, size: int) -> FloatArray:
    """Maximum per group, NaN where empty.

    >>> largest(np.array([3.0, 2.0]), np.array([1, 1]), 2)
    array([nan,  3.])
    """
    result = np.full(size, -np.inf)
    np.maximum.at(result, groups, values)
    return np.where(np.isinf(result), np.nan, result)


def quantile(values: FloatArray, groups: Groups, size: int, share: float) -> FloatArray:
    """The `share` quantile of the known values per group, NaN where none is known.

    >>> quantile(np.array([4.0, 1.0, 2.0, 9.0]), np.array([0, 0, 0, 1]), 3, 0.5)
    array([ 2.,  9., nan])
    """
    known = ~np.isnan(values)
    values, groups = values[known], groups[known]
    order = np.lexsort((values, groups))
    values = values[order]
    counts = count(groups, size).astype(np.intp)
    starts = np.cumsum(counts) - counts
    filled = counts > 0
    position = share * np.maximum(counts - 1, 0)
    low = np.floor(position).astype(np.intp)
    high = np.minimum(low + 1, np.maximum(counts - 1, 0))
    result = np.full(size, np.nan)
    at_low, at_high = values[(starts + low)[filled]], values[(starts + high)[filled]]
    result[filled] = at_low + (at_high - at_low) * (position - low)[filled]
    return result


def first_of_run(*keys: IntArray | NDArray[np.generic]) -> BoolArray:
    """Whether a row differs from the row before it in any of `keys` (rows already sorted).

    >>> first_of_run(np.array([0, 0, 1]), np.array([5, 6, 6]))
    array([ True,  True,  True])
    """
    size = len(keys[0])
    fresh = np.ones(size, dtype=np.bool_)
    if size > 1:
        fresh[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return fresh
