"""The arithmetic of windows, against its definition in plain Python, and compiled against numpy."""

import math
from collections.abc import Callable
from dataclasses import astuple
from functools import cache
from types import ModuleType

import builders
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.features import Snapshots, kernel
from churnwatch.features.kernel import plain
from churnwatch.features.kernel.plain import US_PER_DAY

Stream = tuple[list[list[int]], list[tuple[int, int]]]  # what is booked by key; queries (key, instant)
Windows = tuple[list[float], list[tuple[int, int]]]  # values; half-open places

instants = st.integers(0, 400 * US_PER_DAY) | st.integers(0, 5)
numbers = st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, 2.0])
HALF_LIVES_DAYS = st.sampled_from([14.0, 90.0, 365.0])


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    booked = [sorted(one) for one in draw(st.lists(st.lists(instants, max_size=12), min_size=1, max_size=5))]
    queries = draw(st.lists(st.tuples(st.integers(0, len(booked) - 1), instants), max_size=20))
    return booked, sorted(queries) if draw(st.booleans()) else queries


@st.composite
def windows(draw: st.DrawFn) -> Windows:
    values = draw(st.lists(numbers, max_size=60))
    places = st.integers(0, len(values))
    cut = [(min(pair), max(pair)) for pair in draw(st.lists(st.tuples(places, places), max_size=20))]
    return values, sorted(cut) if draw(st.booleans()) else cut


def as_arrays(stream: Stream) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Booked, start, key and instant."""
    booked, queries = stream
    start = np.cumsum([0, *map(len, booked)])
    key, instant = np.array(queries, dtype=np.int64).reshape(-1, 2).T.copy()
    return np.array([one for part in booked for one in part], dtype=np.int64), start.astype(np.int64), key, instant


def as_places(given_: Windows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values, cut = given_
    low, high = np.array(cut, dtype=np.int64).reshape(-1, 2).T.copy()
    return np.array(values, dtype=np.float64), low, high


# --- numpy against the definition -----------------------------------------------------------------------------------------


@given(streams())
def test_a_bound_is_how_many_facts_of_the_key_came_before(stream: Stream) -> None:
    booked, start, key, instant = as_arrays(stream)
    expected = [int(start[k]) + sum(one < t for one in stream[0][k]) for k, t in stream[1]]
    assert plain.bounds(booked, start, key, instant).tolist() == expected


@given(windows(), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
def test_quantiles_centres_and_spreads_are_those_of_numpy(given_: Windows, share: float) -> None:
    values, low, high = as_places(given_)
    quantiles = plain.quantile(values, low, high, share)
    centres, spreads = plain.centre_and_spread(values, low, high)
    for query, (begin, end) in enumerate(given_[1]):
        held = values[begin:end]
        if not len(held):
            assert np.isnan([quantiles[query], centres[query], spreads[query]]).all()
            continue
        assert quantiles[query] == pytest.approx(np.quantile(held, share), rel=1e-12, abs=1e-9)
        assert centres[query] == pytest.approx(np.median(held), rel=1e-12, abs=1e-9)
        deviation = np.median(np.abs(held - np.median(held)))
        assert spreads[query] == pytest.approx(1.4826 * deviation, rel=1e-9, abs=1e-6)


@given(windows(), st.lists(numbers | st.just(math.nan), min_size=20, max_size=20))
def test_at_least_counts_the_values_that_reach_the_limit(given_: Windows, limits: list[float]) -> None:
    values, low, high = as_places(given_)
    limit = np.array(limits[: len(low)])
    expected = [
        sum(one >= bar for one in values[begin:end]) for (begin, end), bar in zip(given_[1], limit, strict=True)
    ]
    assert plain.at_least(values, low, high, limit).tolist() == expected


@given(streams(), HALF_LIVES_DAYS)
def test_faded_sums_and_peaks_halve_every_half_life(stream: Stream, half_life_days: float) -> None:
    booked, start, key, instant = as_arrays(stream)
    high = plain.bounds(booked, start, key, instant)
    values = np.arange(len(booked)) % 7 / 7
    sums = plain.faded_sum(booked, start, key, high, instant, half_life_days)
    peaks = plain.faded_peak(values, booked, start[key], high, instant, half_life_days)
    for query, (one, until) in enumerate(zip(key, high, strict=True)):
        place = slice(start[one], until)
        weight = [0.5 ** ((instant[query] - at) / US_PER_DAY / half_life_days) for at in booked[place]]
        assert sums[query] == pytest.approx(sum(weight), rel=1e-9)
        faded = [value * part for value, part in zip(values[place], weight, strict=True)]
        assert peaks[query] == pytest.approx(max(faded, default=math.nan), rel=1e-9, nan_ok=True)


@given(st.lists(st.lists(numbers, max_size=8), min_size=1, max_size=4))
def test_the_running_maximum_starts_anew_with_every_key(keys: list[list[float]]) -> None:
    start = np.cumsum([0, *map(len, keys)])
    expected = [max(one[: place + 1]) for one in keys for place in range(len(one))]
    assert plain.running_max(np.array([value for one in keys for value in one]), start).tolist() == expected


Letter = tuple[int, int, bool, bool, int]  # lane, thread, theirs, expects an answer, hours since the letter before
letters = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-3, 3), st.booleans(), st.booleans(), st.integers(0, 40)), max_size=40
)
PAUSE_HOURS = 60


def as_talk(given_: list[Letter]) -> tuple[np.ndarray, ...]:
    """Lane, thread, theirs, expects and at, sorted by lane and time."""
    ordered = sorted(given_, key=lambda letter: letter[0])
    at = np.cumsum([hours for *_, hours in ordered], dtype=np.int64)
    lane, thread = (np.array([letter[place] for letter in ordered], dtype=np.int64) for place in (0, 1))
    theirs, expects = (np.array([letter[place] for letter in ordered], dtype=np.bool_) for place in (2, 3))
    return lane, thread, theirs, expects, at


@given(letters)
def test_turns_are_runs_of_one_side_that_the_other_side_ends(given_: list[Letter]) -> None:
    lane, thread, theirs, expects, at = as_talk(given_)
    turns: list[list[int]] = []  # first, asked, answered, messages
    quiet = [-1] * len(at)
    last: dict[tuple[int, int], tuple[int, list[int]]] = {}
    for row in range(len(at)):
        place = (int(lane[row]), int(thread[row]))
        before, turn = last.get(place, (-1, []))
        if before >= 0:
            quiet[row] = int(at[row] - at[before])
        goes_on = before >= 0 and quiet[row] <= PAUSE_HOURS
        if not goes_on or theirs[row] != theirs[before]:
            if goes_on:
                turn[2] = row
            turn = [row, -1, -1, 0]
            turns.append(turn)
        turn[3] += 1
        if expects[row] and turn[1] < 0:
            turn[1] = row
        last[place] = (row, turn)
    runs, found = plain.turns(lane, thread, theirs, expects, at, PAUSE_HOURS)
    assert np.array(astuple(runs)).T.tolist() == turns
    assert found.tolist() == quiet


# --- compiled against numpy -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    pytest.importorskip("numba", reason="numba is not installed (the extra `fast`): nothing is compiled here")
    from churnwatch.features.kernel import compiled as found

    return found


def both(compiled: ModuleType, name: str, *arguments: object) -> tuple[np.ndarray, np.ndarray]:
    """What the two kernels find: several arrays as one."""
    found = []
    for one in (plain, compiled):
        function: Callable[..., object] = getattr(one, name)
        told = function(*arguments)
        found.append(np.concatenate(told) if isinstance(told, tuple) else told)
    return found[0], found[1]


@given(streams())
def test_compiled_bounds_are_the_same(compiled: ModuleType, stream: Stream) -> None:
    np.testing.assert_array_equal(*both(compiled, "bounds", *as_arrays(stream)))


@given(st.lists(st.integers(0, 6), max_size=40))
def test_compiled_groups_are_the_same(compiled: ModuleType, key: list[int]) -> None:
    np.testing.assert_array_equal(*both(compiled, "grouped", np.array(key, dtype=np.int64), 7))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=60).map(sorted),
    st.randoms(use_true_random=False),
)
def test_compiled_distinct_pairs_are_the_same(
    compiled: ModuleType, pairs: list[tuple[int, int]], dice: builders.random.Random
) -> None:
    dice.shuffle(pairs)
    lane, code = np.array(sorted(pairs, key=lambda pair: pair[0]), dtype=np.int64).reshape(-1, 2).T.copy()
    np.testing.assert_array_equal(*both(compiled, "distinct", lane, code, 6))


MANY = [float(number * 7919 % 1000) for number in range(3000)]


@given(windows(), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
@example((MANY, [(0, 3000), (10, 3000), (1500, 1800), (0, 1200)]), 0.9)
def test_compiled_quantiles_and_spreads_are_the_same(compiled: ModuleType, given_: Windows, share: float) -> None:
    values, low, high = as_places(given_)
    np.testing.assert_array_equal(*both(compiled, "quantile", values, low, high, share))
    np.testing.assert_array_equal(*both(compiled, "centre_and_spread", values, low, high))


@given(windows(), st.lists(numbers | st.just(math.nan), min_size=20, max_size=20))
def test_compiled_counts_of_what_reaches_a_limit_are_the_same(
    compiled: ModuleType, given_: Windows, limits: list[float]
) -> None:
    values, low, high = as_places(given_)
    np.testing.assert_array_equal(*both(compiled, "at_least", values, low, high, np.array(limits[: len(low)])))


@given(streams(), HALF_LIVES_DAYS)
def test_compiled_fading_is_the_same_to_rounding(compiled: ModuleType, stream: Stream, half_life_days: float) -> None:
    booked, start, key, instant = as_arrays(stream)
    high = plain.bounds(booked, start, key, instant)
    values = np.arange(len(booked)) % 7 / 7
    sums = both(compiled, "faded_sum", booked, start, key, high, instant, half_life_days)
    peaks = both(compiled, "faded_peak", values, booked, start[key], high, instant, half_life_days)
    np.testing.assert_allclose(*sums, rtol=1e-12)
    np.testing.assert_allclose(*peaks, rtol=1e-12)


@given(st.lists(st.lists(numbers, max_size=8), min_size=1, max_size=4))
def test_the_compiled_running_maximum_is_the_same(compiled: ModuleType, keys: list[list[float]]) -> None:
    values = np.array([value for one in keys for value in one])
    np.testing.assert_array_equal(*both(compiled, "running_max", values, np.cumsum([0, *map(len, keys)])))


@given(letters)
@settings(max_examples=80)
def test_compiled_turns_are_the_same(compiled: ModuleType, given_: list[Letter]) -> None:
    talk = as_talk(given_)
    (one, quiet), (other, quiet_too) = (kernel_.turns(*talk, PAUSE_HOURS) for kernel_ in (plain, compiled))
    np.testing.assert_array_equal(astuple(one), astuple(other))
    np.testing.assert_array_equal(quiet, quiet_too)


# --- the whole catalogue --------------------------------------------------------------------------------------------------

CALENDAR = BusinessCalendar("Europe/Berlin", "DE")
FADING = frozenset({"decayed_14", "decayed_90", "decayed_365", "irritation_peak", "senior_joins"})


@cache
def of_the_cast(compiled_from: int) -> Snapshots:
    table = builders.cast_table()
    days = [builders.AS_OF - builders.timedelta(weeks=weeks) for weeks in range(40)]
    as_of = np.concatenate([scoring.instants(CALENDAR, day, len(builders.CAST)) for day in days])
    index = scoring.index_of(table, builders.CAST * len(days), as_of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "COMPILED_FROM", compiled_from)
        return features.measure(table, index, CALENDAR)


@pytest.mark.parametrize("name", features.NAMES)
def test_the_compiled_catalogue_is_the_same_on_the_cast(compiled: ModuleType, name: str) -> None:
    assert kernel.choose(10**9, 0) is compiled
    assert kernel.choose(10, 10) is plain
    in_numpy, in_numba = of_the_cast(10**9), of_the_cast(0)
    for part in ("values", "now", "before"):
        one, other = getattr(in_numpy, part)[name], getattr(in_numba, part)[name]
        np.testing.assert_allclose(one, other, rtol=1e-12 if name in FADING else 0, atol=0, err_msg=part)
