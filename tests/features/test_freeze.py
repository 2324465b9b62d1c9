"""A clock that stands still: the signals are those of the midnight at which it stopped, and so is what stands behind them."""

from datetime import UTC, date, datetime, timedelta

import builders
import numpy as np
import pandas as pd
import pytest
from builders import AS_OF

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, instant_of
from churnwatch.core.types import Departure, Freeze, Outcome, Standstill
from churnwatch.features import Snapshots, freeze

CALENDAR = BusinessCalendar("Europe/Berlin", "DE")
STOPPED_ON = AS_OF - timedelta(weeks=5)
DOWN = Freeze(STOPPED_ON, Standstill.SOURCE_DOWN)
KNOWN = datetime(2025, 1, 1, tzinfo=UTC)


def measured(as_of: date, frozen: dict[str, Freeze] | None = None) -> Snapshots:
    table = builders.cast_table()
    index = scoring.index_of(table, builders.CAST, scoring.instants(CALENDAR, as_of, len(builders.CAST)))
    return scoring.snapshots(table, index, CALENDAR, frozen=freeze.of_clients(frozen or {}, builders.CAST))


def of(client: str, found: Snapshots) -> pd.DataFrame:
    place = builders.CAST.index(client)
    return pd.DataFrame({name: getattr(found, name).iloc[place] for name in ("values", "now", "before")})


def test_a_frozen_client_is_measured_as_of_the_day_it_stopped() -> None:
    now = measured(AS_OF, {"cooling": DOWN})
    pd.testing.assert_frame_equal(of("cooling", now), of("cooling", measured(STOPPED_ON)), check_exact=True)
    assert not of("cooling", now).equals(of("cooling", measured(AS_OF)))


def test_the_others_are_measured_as_if_nothing_had_stopped() -> None:
    now, running = measured(AS_OF, {"cooling": DOWN}), measured(AS_OF)
    for client in set(builders.CAST) - {"cooling"}:
        pd.testing.assert_frame_equal(of(client, now), of(client, running), check_exact=True)


def test_the_snapshots_say_whose_clock_stands_still_and_since_when() -> None:
    assert measured(AS_OF).frozen == (None,) * len(builders.CAST)
    frozen = dict(zip(builders.CAST, measured(AS_OF, {"cooling": DOWN}).frozen, strict=True))
    assert {client: one for client, one in frozen.items() if one} == {"cooling": DOWN}


def test_a_freeze_of_a_later_day_moves_nothing() -> None:
    later = Freeze(AS_OF + timedelta(1), Standstill.SOURCE_DOWN)
    pd.testing.assert_frame_equal(measured(AS_OF, {"cooling": later}).values, measured(AS_OF).values, check_exact=True)


@pytest.mark.parametrize("signal", ["client_latency_z", "meeting_avoidance"])
def test_the_evidence_of_a_frozen_client_is_older_than_its_freeze(signal: str) -> None:
    table = builders.cast_table()
    index = scoring.index_of(table, ["cooling"], scoring.instants(CALENDAR, AS_OF, 1))
    at = {event.event_id: event.at for event in builders.cast()}
    running = features.evidence(table, index, CALENDAR, {0: (signal,)})[0, signal]
    stopped = features.evidence(table, index, CALENDAR, {0: (signal,)}, frozen=(DOWN,))[0, signal]
    assert max(at[one] for one in running) > CALENDAR.midnight(STOPPED_ON)
    assert max(at[one] for one in stopped) < CALENDAR.midnight(STOPPED_ON)


def test_an_index_is_cut_where_clocks_stopped() -> None:
    table = builders.cast_table()
    index = scoring.index_of(table, ["steady", "cooling"], scoring.instants(CALENDAR, AS_OF, 2))
    cut = freeze.stopped(index, (None, DOWN), CALENDAR)
    assert [instant_of(int(one)) for one in cut.as_of] == [CALENDAR.midnight(AS_OF), CALENDAR.midnight(STOPPED_ON)]
    np.testing.assert_array_equal(cut.client, index.client)


def test_only_ends_that_are_no_churn_stop_the_clock() -> None:
    ends = [Outcome(str(departure), AS_OF, departure, KNOWN) for departure in Departure]
    assert set(freeze.ended(ends)) == {"project_ended", "involuntary"}
    assert freeze.ended(ends)["involuntary"] == Freeze(AS_OF, Standstill.ENDED)


def test_of_two_freezes_the_earlier_holds_in_whatever_order_they_come() -> None:
    ended = Freeze(STOPPED_ON - timedelta(1), Standstill.ENDED)
    told = [("cooling", DOWN), ("cooling", ended)]
    assert freeze.earliest(told) == freeze.earliest(told[::-1]) == {"cooling": ended}
