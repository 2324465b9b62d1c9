"""Sliding windows in numpy. Facts of one key lie side by side, sorted by when they were booked; windows are half-open places.

Shapes: facts have one row each; queries (a key and an instant, or a window `low:high`) have one row each. Empty windows give NaN.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.table import FloatArray, IntArray

Places = NDArray[np.int64]
_MAX_GATHERED = 4_000_000  # facts held at once when windows are written out
US_PER_DAY = 86_400_000_000
MAD_TO_SD = 1.4826  # the normal-consistent scale of a median absolute deviation


def bounds(booked: IntArray, start: Places, key: Places, instant: IntArray) -> Places:
    """The place of the key's first fact booked at the instant or later (the end of the key's facts where there is none).

    >>> bounds(np.array([1, 5, 9, 2]), np.array([0, 3, 4]), np.array([0, 0, 1]), np.array([5, 10, 0]))
    array([1, 3, 3])
    """
    low, high = start[key].astype(np.int64), start[key + 1].astype(np.int64)
    while (open_ := np.flatnonzero(low < high)).size:
        middle = (low[open_] + high[open_]) // 2
        before = booked[middle] < instant[open_]
        low[open_[before]] = middle[before] + 1
        high[open_[~before]] = middle[~before]
    return low


def grouped(key: Places, keys: int) -> tuple[Places, Places]:
    """The stable order that puts equal keys side by side, and where each key's rows start in it (`keys` + 1 places).

    >>> order, start = grouped(np.array([1, 0, 1]), 3)
    >>> order.tolist(), start.tolist()
    ([1, 0, 2], [0, 1, 3, 3])
    """
    order = np.argsort(key, kind="stable")
    return order, np.searchsorted(key[order], np.arange(keys + 1))


def distinct(lane: Places, code: Places, codes: int) -> tuple[Places, Places]:
    """Number the pairs of lane (sorted) and code (0 to `codes` - 1): each row's number, and `lane * codes + code` of each number.

    >>> distinct(np.array([0, 0, 1]), np.array([3, 1, 3]), 5)
    (array([1, 0, 2]), array([1, 3, 8]))
    """
    pairs, number = np.unique(lane * codes + code, return_inverse=True)
    return number, pairs


def centre_and_spread(values: FloatArray, low: Places, high: Places) -> tuple[FloatArray, FloatArray]:
    """Median of each window, and 1.4826 times the median absolute deviation from it."""
    centre, spread = np.full(len(low), np.nan), np.full(len(low), np.nan)
    for part, window, row in _written_out(low, high):
        centre[part] = _middle(values[row], window, part.stop - part.start)
        spread[part] = MAD_TO_SD * _middle(np.abs(values[row] - centre[part][window]), window, part.stop - part.start)
    return centre, spread


def quantile(values: FloatArray, low: Places, high: Places, share: float) -> FloatArray:
    """The `share` quantile of each window, interpolated linearly as numpy does.

    >>> quantile(np.array([4.0, 1.0, 2.0]), np.array([0, 1, 1]), np.array([3, 3, 1]), 0.5)
    array([2. , 1.5, nan])
    """
    found = np.full(len(low), np.nan)
    for part, window, row in _written_out(low, high):
        found[part] = _quantile(values[row], window, part.stop - part.start, share)
    return found


def at_least(values: FloatArray, low: Places, high: Places, limit: FloatArray) -> FloatArray:
    """How many values of each window reach the query's limit.

    >>> at_least(np.array([4.0, 1.0, 2.0]), np.array([0, 1]), np.array([3, 3]), np.array([2.0, 5.0]))
    array([2., 0.])
    """
    found = np.zeros(len(low))
    for part, window, row in _written_out(low, high):
        reached = values[row] >= limit[part][window]
        found[part] = np.bincount(window[reached], minlength=part.stop - part.start)
    return found


def faded_peak(
    values: FloatArray, booked: IntArray, low: Places, high: Places, instant: IntArray, half_life_days: float
) -> FloatArray:
    """The greatest value of each window, each halved every `half_life_days` from its booking to the instant."""
    found = np.full(len(low), -np.inf)
    for part, window, row in _written_out(low, high):
        age = (instant[part][window] - booked[row]) / US_PER_DAY
        np.maximum.at(found[part], window, values[row] * np.exp2(-age / half_life_days))
    return np.where(low < high, found, np.nan)


def faded_sum(
    booked: IntArray, start: Places, key: Places, high: Places, instant: IntArray, half_life_days: float
) -> FloatArray:
    """How many facts of the key stand before the place `high`, each halved every `half_life_days` from its booking on."""
    log = np.full(len(booked) + 1, -np.inf)  # log2 of the sum so far, as of the key's first booking
    for begin, end in pairwise(start):
        half_lives = (booked[begin:end] - booked[begin : begin + 1]) / US_PER_DAY / half_life_days
        log[begin + 1 : end + 1] = np.logaddexp2.accumulate(half_lives)
    some = high > start[key]
    age = (instant[some] - booked[start[key[some]]]) / US_PER_DAY / half_life_days
    found = np.zeros(len(key))
    found[some] = np.exp2(log[high[some]] - age)
    return found


def running_max(values: FloatArray, start: Places) -> FloatArray:
    """The greatest value of a key so far, per fact."""
    found = np.empty_like(values)
    for begin, end in pairwise(start):
        np.maximum.accumulate(values[begin:end], out=found[begin:end])
    return found


@dataclass(frozen=True, slots=True)
class Runs:
    """One row per turn: a run of messages of one side in one thread, in the order of their first rows."""

    first: Places  # row of the first message
    asked: Places  # row of the first message that expects an answer, -1 where none does
    answered: Places  # row of the other side's next message in the thread, -1 where there is none
    messages: Places  # how many it has until then


def turns(
    lane: Places, thread: Places, theirs: NDArray[np.bool_], expects: NDArray[np.bool_], at: IntArray, pause_us: int
) -> tuple[Runs, IntArray]:
    """The turns of a conversation, and how long each message's thread had been quiet before it (-1 for its first).

    Rows are messages sorted by lane and time. After a pause longer than `pause_us` a thread begins anew: what was open before
    is never answered.
    """
    rows = len(lane)
    order = np.lexsort((thread, lane))
    quiet = np.full(rows, -1, dtype=np.int64)
    same = (lane[order][1:] == lane[order][:-1]) & (thread[order][1:] == thread[order][:-1])
    quiet[order[1:][same]] = (at[order][1:] - at[order][:-1])[same]
    anew = (quiet[order] < 0) | (quiet[order] > pause_us)
    turned = np.append(True, theirs[order][1:] != theirs[order][:-1])[:rows]
    begins = np.flatnonzero(anew | turned)
    ends = np.append(begins[1:], rows)[: len(begins)]
    next_row = np.append(begins[1:], -1)[: len(begins)]
    answered = np.where((next_row >= 0) & ~anew[next_row], order[next_row], -1) if rows else next_row
    asking = np.where(expects[order], np.arange(rows), rows)
    asked = np.minimum.reduceat(asking, begins) if rows else begins
    asked = np.where(asked < ends, order[np.minimum(asked, rows - 1)], -1) if rows else begins
    first = order[begins]
    by_first = np.argsort(first)
    return Runs(*(part[by_first] for part in (first, asked, answered, ends - begins))), quiet


def _middle(values: FloatArray, window: Places, windows: int) -> FloatArray:
    return _quantile(values, window, windows, 0.5)


def _quantile(values: FloatArray, window: Places, windows: int, share: float) -> FloatArray:
    values = values[np.lexsort((values, window))]
    counts = np.bincount(window, minlength=windows)
    start = np.cumsum(counts) - counts
    filled = counts > 0
    position = share * (counts[filled] - 1)
    low = np.floor(position).astype(np.int64)
    high = np.minimum(low + 1, counts[filled] - 1)
    at_low, at_high = values[start[filled] + low], values[start[filled] + high]
    found = np.full(windows, np.nan)
    found[filled] = at_low + (at_high - at_low) * (position - low)
    return found


def _written_out(low: Places, high: Places) -> Iterator[tuple[slice, Places, Places]]:
    """The windows' facts as rows, in parts: (which windows, each row's window within the part, each row's fact)."""
    ends = np.cumsum(high - low)
    begun = 0
    while begun < len(low):
        done = ends[begun - 1] if begun else 0
        stop = max(int(np.searchsorted(ends, done + _MAX_GATHERED, "right")), begun + 1)
        counts = high[begun:stop] - low[begun:stop]
        window = np.repeat(np.arange(stop - begun), counts)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        yield slice(begun, stop), window, low[begun:stop][window] + within
        begun = stop
