"""The downward CUSUM of weekly letters: how often it cries wolf, and how soon it sees a client that writes half as much."""

from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.table import US_PER_DAY, EventTable

RATES_A_WEEK = (1, 2, 5, 10, 20, 40, 60)
CLIENTS_A_RATE = 30
WEEKS = 104
HALVED_FROM = 60
MONDAY = 19_723  # 1 January 2024, in days since 1970
CALENDAR = BusinessCalendar(always_open=True)
Counts = NDArray[np.int64]
Values = NDArray[np.float64]


def weekly_counts(seed: int, halved_from: int = WEEKS) -> Counts:
    """Letters by (client, week), the clients of one rate side by side: negative binomial, variance twice the mean."""
    dice = np.random.default_rng(seed)
    mean = np.repeat(np.array(RATES_A_WEEK, dtype=np.float64), CLIENTS_A_RATE)[:, None] * np.ones(WEEKS)
    mean[:, halved_from:] /= 2
    return dice.negative_binomial(mean, 0.5)


def measured(counts: Counts) -> Values:
    """volume_cusum by (client, week), at the midnight that ends the week."""
    clients = len(counts)
    client, week = (np.repeat(part, counts.ravel()) for part in np.indices(counts.shape).reshape(2, -1))
    at = (MONDAY + 7 * week + np.arange(len(week)) % 5) * US_PER_DAY + US_PER_DAY // 2
    names = pa.array([f"client {number:03d}" for number in range(clients)])
    table = EventTable.from_arrow(
        pa.table(
            {
                "event_id": pa.array(np.arange(len(client)).astype(str)),
                "client_id": names.take(pa.array(client)),
                "kind": pa.array(np.zeros(len(client), dtype=np.int8)),
                "direction": pa.array(np.zeros(len(client), dtype=np.int8)),
                "at": pa.array(at, pa.timestamp("us", "UTC")),
            }
        )
    )
    code = {name: number for number, name in enumerate(table.clients)}
    codes = np.array([code.get(name, -1) for name in names.to_pylist()], dtype=np.int32)
    ends = (MONDAY + 7 * np.arange(1, WEEKS + 1)) * US_PER_DAY
    index = SnapshotIndex(np.repeat(codes, WEEKS), np.tile(ends, clients))
    values = features.measure(table, index, CALENDAR, names=("volume_cusum",)).values["volume_cusum"]
    return values.to_numpy().reshape(clients, WEEKS)


@cache
def alarm_weeks(seed: int, halved_from: int = WEEKS) -> NDArray[np.bool_]:
    """By (rate, client, week), whether an alarm begins."""
    raised = np.nan_to_num(measured(weekly_counts(seed, halved_from))) >= 1
    begins = raised & ~np.insert(raised, 0, False, axis=1)[:, :-1]
    return begins.reshape(len(RATES_A_WEEK), CLIENTS_A_RATE, WEEKS)


def test_a_client_that_keeps_its_pace_gives_at_most_one_alarm_in_two_years() -> None:
    by_rate = alarm_weeks(seed=20_250_602).sum(axis=2).mean(axis=1)
    for rate, alarms in zip(RATES_A_WEEK, by_rate, strict=True):
        print(f"{rate:3d} letters a week: {alarms:.2f} false alarms per client in two years")  # noqa: T201
    print(f"all: {by_rate.mean():.2f}")  # noqa: T201
    assert by_rate.mean() <= 1
    assert by_rate.max() <= 1


def test_a_client_of_ten_letters_a_week_that_writes_half_as_much_is_seen_within_the_quarter() -> None:
    begins = alarm_weeks(seed=20_250_603, halved_from=HALVED_FROM)[:, :, HALVED_FROM:]
    seen = begins.any(axis=2)
    weeks = np.where(seen, begins.argmax(axis=2) + 1, WEEKS)
    for rate, found, delay in zip(RATES_A_WEEK, seen.mean(axis=1), np.median(weeks, axis=1), strict=True):
        print(f"{rate:3d} letters a week, halved: {found:.0%} seen, after {delay:.0f} weeks in the median")  # noqa: T201
    busy = np.array(RATES_A_WEEK) >= 10  # of fewer letters a half is within chance: so few alarms have their price
    assert seen[busy].mean() > 0.9
    assert np.median(weeks[busy]) <= 13


def reference(counts: NDArray[np.int64]) -> list[float]:
    """The signal of one client as its definition reads; weeks count from the first letter on."""
    found, raised = [], 0.0
    first = int(np.flatnonzero(counts)[0]) if counts.any() else len(counts)
    for week in range(len(counts)):
        lived = week - first
        if lived < 12:
            found.append(np.nan)
            continue
        mean = counts[max(first, week - 26) : week].mean()
        raised = max(0.0, raised + (mean - counts[week]) / np.sqrt(2 * mean + 0.5) - 0.5)
        found.append(raised / 3)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_what_its_definition_says(seed: int) -> None:
    counts = weekly_counts(seed, halved_from=70)[::7]
    counts[0, :30] = 0  # a newcomer of the thirtieth week
    found = measured(counts)
    for client, mine in enumerate(counts):
        np.testing.assert_allclose(found[client], reference(mine), rtol=1e-9, atol=1e-9)
