"""Sliding windows compiled by numba: the same arithmetic as `plain`, one pass over the facts of each key.

Queries of one key stand side by side with rising windows, as panels give them, so that a window slides instead of being read
anew; any other order is right too, only slower. Nothing here holds the interpreter's lock.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from churnwatch.core.table import FloatArray, IntArray
from churnwatch.features.kernel.plain import MAD_TO_SD, US_PER_DAY, Places, Runs

Function = TypeVar("Function", bound=Callable[..., object])


def _compiled(function: Function) -> Function:
    return cast("Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@_compiled
def bounds(booked: IntArray, start: Places, key: Places, instant: IntArray) -> Places:
    """As `plain.bounds`."""
    found = np.empty(len(key), dtype=np.int64)
    place, last_key, last_instant = 0, -1, 0
    for query in range(len(key)):
        one, sought = key[query], instant[query]
        end = start[one + 1]
        if one == last_key and sought >= last_instant:
            # Near the last answer as a rule: gallop, then halve.
            step, low = 1, place
            while low + step < end and booked[low + step] < sought:
                low += step
                step *= 2
            high = min(low + step, end)
        else:
            low, high = start[one], end
        while low < high:
            middle = (low + high) // 2
            if booked[middle] < sought:
                low = middle + 1
            else:
                high = middle
        found[query] = place = low
        last_key, last_instant = one, sought
    return found


@_compiled
def grouped(key: Places, keys: int) -> tuple[Places, Places]:
    """As `plain.grouped`, by counting."""
    start = np.zeros(keys + 1, dtype=np.int64)
    for row in range(len(key)):
        start[key[row] + 1] += 1
    for one in range(keys):
        start[one + 1] += start[one]
    filled = start[:-1].copy()
    order = np.empty(len(key), dtype=np.int64)
    for row in range(len(key)):
        order[filled[key[row]]] = row
        filled[key[row]] += 1
    return order, start


@_compiled
def _sort(values: NDArray[Any], begin: int, end: int) -> None:
    """Shell's sort in place: numpy's own would take longer to compile than all the rest."""
    for gap in (701, 301, 132, 57, 23, 10, 4, 1):
        for place in range(begin + gap, end):
            value, back = values[place], place
            while back >= begin + gap and values[back - gap] > value:
                values[back] = values[back - gap]
                back -= gap
            values[back] = value


@_compiled
def _rank(window: FloatArray, size: int, value: float) -> int:
    """How many of the sorted window's values are below the value."""
    low = 0
    high = size
    while low < high:
        middle = (low + high) // 2
        if window[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def distinct(lane: Places, code: Places, codes: int) -> tuple[Places, Places]:
    """As `plain.distinct`: pairs are collected lane by lane, and only those of a lane are sorted."""
    number = np.empty(len(lane), dtype=np.int64)
    slot = np.full(codes, -1, dtype=np.int64)
    pairs = np.empty(len(lane), dtype=np.int64)
    total, row = 0, 0
    while row < len(lane):
        end, first = row, total
        while end < len(lane) and lane[end] == lane[row]:
            if slot[code[end]] < 0:
                slot[code[end]] = 0
                pairs[total] = code[end]
                total += 1
            end += 1
        _sort(pairs, first, total)
        for place in range(first, total):
            slot[pairs[place]] = place
        for each in range(row, end):
            number[each] = slot[code[each]]
        for place in range(first, total):
            slot[pairs[place]] = -1
            pairs[place] += lane[row] * codes
        row = end
    return number, pairs[:total].copy()


@_compiled
def _insert(window: FloatArray, size: int, value: float) -> int:
    low = _rank(window, size, value)
    for place in range(size, low, -1):
        window[place] = window[place - 1]
    window[low] = value
    return size + 1


@_compiled
def _remove(window: FloatArray, size: int, value: float) -> int:
    for place in range(_rank(window, size, value), size - 1):
        window[place] = window[place + 1]
    return size - 1


@_compiled
def _exchange(window: FloatArray, size: int, old: float, new: float) -> None:
    """Put one value in another's stead: only what stands between them moves."""
    place = _rank(window, size, old)
    if new >= old:
        while place + 1 < size and window[place + 1] < new:
            window[place] = window[place + 1]
            place += 1
    else:
        while place > 0 and window[place - 1] > new:
            window[place] = window[place - 1]
            place -= 1
    window[place] = new


@_compiled
def _slide(window: FloatArray, values: FloatArray, old: tuple[int, int], new: tuple[int, int]) -> int:
    """Bring the sorted window from the places `old` to `new`; its size."""
    size = old[1] - old[0]
    if new[0] < old[0] or new[1] < old[1] or new[0] >= old[1]:  # not further on, or nothing in common
        size = new[1] - new[0]
        for place in range(size):
            window[place] = values[new[0] + place]
        _sort(window, 0, size)
        return size
    gone, come = new[0] - old[0], new[1] - old[1]
    both = min(gone, come)
    for step in range(both):
        _exchange(window, size, values[old[0] + step], values[old[1] + step])
    for place in range(old[0] + both, new[0]):
        size = _remove(window, size, values[place])
    for place in range(old[1] + both, new[1]):
        size = _insert(window, size, values[place])
    return size


@_compiled
def _of_sorted(window: FloatArray, size: int, share: float) -> float:
    position = share * (size - 1)
    low = int(np.floor(position))
    high = min(low + 1, size - 1)
    between: float = window[low] + (window[high] - window[low]) * (position - low)
    return between


@_compiled
def _deviation(window: FloatArray, size: int, centre: float) -> float:
    """The median of |x - centre| over a sorted window, whose nearest half stands side by side: its outermost values tell."""
    half = size // 2 + 1
    low, high = 0, size - half
    while low < high:
        middle = (low + high) // 2
        if centre - window[middle] > window[middle + half] - centre:
            low = middle + 1
        else:
            high = middle
    left, right = centre - window[low], window[low + half - 1] - centre
    at = below = max(left, right)
    if size % 2 == 0:  # the mean of the two middle ones
        below = max(centre - window[low + 1], right) if left > right else max(left, window[low + half - 2] - centre)
    deviation: float = below + (at - below) * 0.5
    return deviation


@_compiled
def _largest_window(low: Places, high: Places) -> int:
    largest = 1
    for query in range(len(low)):
        largest = max(largest, high[query] - low[query])
    return largest + 1


@_compiled
def centre_and_spread(values: FloatArray, low: Places, high: Places) -> tuple[FloatArray, FloatArray]:
    """As `plain.centre_and_spread`."""
    centre, spread = np.full(len(low), np.nan), np.full(len(low), np.nan)
    window = np.empty(_largest_window(low, high), dtype=np.float64)
    held = (0, 0)
    for query in range(len(low)):
        if low[query] == high[query]:
            continue
        size = _slide(window, values, held, (low[query], high[query]))
        held = (low[query], high[query])
        centre[query] = _of_sorted(window, size, 0.5)
        spread[query] = MAD_TO_SD * _deviation(window, size, centre[query])
    return centre, spread


@_compiled
def quantile(values: FloatArray, low: Places, high: Places, share: float) -> FloatArray:
    """As `plain.quantile`."""
    found = np.full(len(low), np.nan)
    window = np.empty(_largest_window(low, high), dtype=np.float64)
    held = (0, 0)
    for query in range(len(low)):
        if low[query] == high[query]:
            continue
        size = _slide(window, values, held, (low[query], high[query]))
        held = (low[query], high[query])
        found[query] = _of_sorted(window, size, share)
    return found


@_compiled
def at_least(values: FloatArray, low: Places, high: Places, limit: FloatArray) -> FloatArray:
    """As `plain.at_least`."""
    found = np.zeros(len(low))
    window = np.empty(_largest_window(low, high), dtype=np.float64)
    held = (0, 0)
    for query in range(len(low)):
        if low[query] == high[query] or np.isnan(limit[query]):
            continue
        size = _slide(window, values, held, (low[query], high[query]))
        held = (low[query], high[query])
        found[query] = size - _rank(window, size, limit[query])
    return found


@_compiled
def faded_peak(
    values: FloatArray, booked: IntArray, low: Places, high: Places, instant: IntArray, half_life_days: float
) -> FloatArray:
    """As `plain.faded_peak`."""
    found = np.full(len(low), np.nan)
    for query in range(len(low)):
        for place in range(low[query], high[query]):
            faded = values[place] * np.exp2(-((instant[query] - booked[place]) / US_PER_DAY) / half_life_days)
            if not faded <= found[query]:
                found[query] = faded
    return found


@_compiled
def faded_sum(
    booked: IntArray, start: Places, key: Places, high: Places, instant: IntArray, half_life_days: float
) -> FloatArray:
    """As `plain.faded_sum`."""
    sums = np.empty(len(booked))
    for one in range(len(start) - 1):
        total = 0.0
        for place in range(start[one], start[one + 1]):
            if place > start[one]:
                total *= np.exp2(-((booked[place] - booked[place - 1]) / US_PER_DAY) / half_life_days)
            total += 1.0
            sums[place] = total
    found = np.zeros(len(key))
    for query in range(len(key)):
        last = high[query] - 1
        if last >= start[key[query]]:
            found[query] = sums[last] * np.exp2(-((instant[query] - booked[last]) / US_PER_DAY) / half_life_days)
    return found


@_compiled
def running_max(values: FloatArray, start: Places) -> FloatArray:
    """As `plain.running_max`."""
    found = np.empty(len(values))
    for one in range(len(start) - 1):
        for place in range(start[one], start[one + 1]):
            earlier = found[place - 1] if place > start[one] else values[place]
            found[place] = max(earlier, values[place])
    return found


@_compiled
def _turns(
    lane: Places,
    thread: IntArray,
    lowest: int,
    threads: int,
    theirs: NDArray[np.bool_],
    expects: NDArray[np.bool_],
    at: IntArray,
    pause_us: int,
) -> tuple[Places, Places, Places, Places, IntArray]:
    rows = len(lane)
    first, asked = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int64)
    answered, messages = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int64)
    quiet = np.full(rows, -1, dtype=np.int64)
    turn_of, last_of = np.full(threads, -1, dtype=np.int64), np.full(threads, -1, dtype=np.int64)
    number = 0
    for row in range(rows):
        one = thread[row] - lowest
        last = last_of[one]
        known = last >= 0 and lane[last] == lane[row]
        if known:
            quiet[row] = at[row] - at[last]
        goes_on = known and quiet[row] <= pause_us
        if goes_on and theirs[row] == theirs[last]:
            turn = turn_of[one]
        else:
            if goes_on:
                answered[turn_of[one]] = row
            turn = number
            first[turn], asked[turn], answered[turn], messages[turn] = row, -1, -1, 0
            turn_of[one] = turn
            number += 1
        messages[turn] += 1
        if expects[row] and asked[turn] < 0:
            asked[turn] = row
        last_of[one] = row
    return first[:number].copy(), asked[:number].copy(), answered[:number].copy(), messages[:number].copy(), quiet


def turns(
    lane: Places, thread: IntArray, theirs: NDArray[np.bool_], expects: NDArray[np.bool_], at: IntArray, pause_us: int
) -> tuple[Runs, IntArray]:
    """As `plain.turns`, in one pass that remembers where each thread stands."""
    lowest = int(thread.min(initial=0))
    threads = int(thread.max(initial=0)) - lowest + 1
    *runs, quiet = _turns(lane, thread, lowest, threads, theirs, expects, at, pause_us)
    return Runs(*runs), quiet
