"""One look at a client's events serves many dates: to the same numbers as a look at each date alone, whatever came late."""

from dataclasses import replace
from functools import cache, partial

import builders
import numpy as np
import pandas as pd
import pytest
import random_tables
from cut_off import frame_before, roster_before
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.interchange import frame_of_events
from churnwatch.core.panel import panels
from churnwatch.core.roster import Roster
from churnwatch.core.table import US_PER_DAY, EventTable
from churnwatch.core.types import Direction, Event, Meeting, MeetingStatus, Message
from churnwatch.features import Snapshots

OFFICE = BusinessCalendar("Europe/Berlin", "DE")
ALWAYS = BusinessCalendar(always_open=True)
PARTS = ("values", "now", "before")
Rows = list[dict[str, object]]


def measured(
    frame: pd.DataFrame, clients: tuple[str, ...], as_of: list[int], calendar: BusinessCalendar, roster: Roster
) -> Snapshots:
    table = EventTable.from_frame(frame, roster)
    asked = [client for client in clients for _ in as_of]
    index = scoring.index_of(table, asked, np.array(as_of * len(clients), dtype=np.int64))
    return features.measure(table, index, calendar)


def measured_apart(*given_: object) -> Snapshots:
    """With a lane for every snapshot: the slow and obvious way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "panels", partial(panels, apart=True))
        return measured(*given_)


def differing(one: Snapshots, other: Snapshots) -> list[str]:
    """The signals that two ways of measuring do not agree on to the last bit."""
    return [
        f"{part} of {name}"
        for part in PARTS
        for name in features.NAMES
        if not np.array_equal(getattr(one, part)[name], getattr(other, part)[name], equal_nan=True)
    ]


def rows_of(snapshots: Snapshots, place: slice) -> Snapshots:
    return Snapshots(*(getattr(snapshots, part).iloc[place].reset_index(drop=True) for part in PARTS))


LATE = pd.Timestamp("2025-08-25", tz="UTC")
WROTE_AT = random_tables.BEGIN + pd.Timedelta(days=600)
UNHEARD_OF: dict[str, object] = {  # a client of whom nothing but a change of manager could be known on day 400
    "client_id": "a", "kind": "message", "direction": "in", "at": WROTE_AT, "known_at": WROTE_AT,
}  # fmt: skip


@given(
    st.lists(random_tables.event_rows(), max_size=60),
    st.lists(random_tables.moments, min_size=1, max_size=5),
    st.booleans(),
)
@example([UNHEARD_OF], [random_tables.BEGIN + pd.Timedelta(days=400)], False)
@example(random_tables.dense(3, 1, 0.3), [LATE - pd.Timedelta(days=9 * n) for n in range(5)], False)
@example(random_tables.dense(4, 3, 0.05), [LATE - pd.Timedelta(days=20 * n) for n in range(4)], True)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_many_dates_at_once_are_each_date_alone_without_what_came_later(
    rows: Rows, moments: list[pd.Timestamp], always_open: bool
) -> None:
    calendar = ALWAYS if always_open else OFFICE
    as_of = [micros(calendar.midnight(moment.date())) for moment in moments]
    frame, roster = random_tables.frame_of_rows(rows), random_tables.ROSTER
    clients = (*random_tables.CLIENTS, "nobody")
    together = measured(frame, clients, as_of, calendar, roster)
    assert differing(together, measured_apart(frame, clients, as_of, calendar, roster)) == []
    for place, day in enumerate(as_of):
        alone = measured(frame_before(frame, day), clients, [day], calendar, roster_before(roster, day))
        assert differing(rows_of(together, slice(place, None, len(as_of))), alone) == []


# --- late arrivals ------------------------------------------------------------------------------------------------------

WEEKS = tuple(micros(OFFICE.midnight(builders.AS_OF - builders.timedelta(weeks=weeks))) for weeks in range(16))
KNOWN_WEEK = 6  # the late letters are known from the midnight of this week's as-of on


def letters(known_late: bool) -> list[Event]:
    """Angry letters of weeks 8 to 12 from the steady client; found later, or known at once."""
    angry = builders.relation("steady", lambda _: builders.Manner(texts=builders._ANGRY), weeks=16, seed=5)
    written = [one for one in angry if isinstance(one, Message) and 8 * 7 < (builders.MIDNIGHT - one.at).days < 12 * 7]
    known = builders.datetime.fromtimestamp(WEEKS[KNOWN_WEEK] / 1e6, builders.UTC)
    return [
        replace(one, event_id=f"found-{number}", known_at=known if known_late else one.at)
        for number, one in enumerate(written)
    ]


@cache
def by_week(added: str) -> Snapshots:
    news = [] if added == "nothing" else letters(added == "late")
    events = [*builders.steady(), *news]
    frame = frame_of_events(events, scoring.readings(events))
    return measured(frame, ("steady",), list(WEEKS), OFFICE, builders.roster())


def test_what_comes_late_changes_nothing_before_it_was_known() -> None:
    later_weeks = slice(KNOWN_WEEK, None)
    assert len(letters(known_late=True)) > 20
    assert differing(rows_of(by_week("late"), later_weeks), rows_of(by_week("nothing"), later_weeks)) == []


# The pool takes an event as of when it became known, and answers in it may be counted otherwise: these draw on no pool.
WITHOUT_POOL = [signal.name for signal in features.CATALOGUE if not signal.habits and signal.name != "firm_trend"]


@pytest.mark.parametrize("name", WITHOUT_POOL)
def test_once_known_it_counts_exactly_as_if_it_had_been_there(name: str) -> None:
    afterwards = slice(0, KNOWN_WEEK)
    late, punctual = (rows_of(by_week(added), afterwards) for added in ("late", "at once"))
    for part in PARTS:
        np.testing.assert_array_equal(getattr(late, part)[name], getattr(punctual, part)[name], err_msg=part)


def test_with_its_own_pool_it_counts_as_if_it_had_been_there() -> None:
    tables = []
    for known_late in (True, False):
        events = [*builders.steady(), *letters(known_late)]
        tables.append(EventTable.from_events(events, scoring.readings(events), builders.roster()))
    as_of = np.array(WEEKS[:KNOWN_WEEK])
    firm = features.surveyed(tables[1], as_of, OFFICE)
    late, punctual = (
        features.measure(table, scoring.index_of(table, ["steady"] * len(as_of), as_of), OFFICE, firm=firm)
        for table in tables
    )
    assert differing(late, punctual) == []
    assert late.values["irritation_rate"].notna().all()


def test_the_late_letters_are_seen_once_known() -> None:
    late, nothing = by_week("late").values, by_week("nothing").values
    moved = [name for name in features.NAMES if not np.array_equal(late[name], nothing[name], equal_nan=True)]
    assert {"in_180", "irritation_rate", "irritation_peak", "silence", "client_latency_z", "length_z"} <= set(moved)


# --- revisions of a meeting -----------------------------------------------------------------------------------------------


def revision(number: int, days_before: float, status: MeetingStatus, known_days_before: float | None = None) -> Meeting:
    at = builders.MIDNIGHT - builders.timedelta(days=days_before)
    known_at = at if known_days_before is None else builders.MIDNIGHT - builders.timedelta(days=known_days_before)
    starts_at = builders.MIDNIGHT - builders.timedelta(days=20)
    return Meeting(f"revision-{number}", "the meeting", "steady", Direction.IN, at, known_at, starts_at, status)


def avoidance(news: list[Meeting], *days_before: int) -> list[float]:
    events = [*builders.steady(), *news]
    table = builders.table_of(events)
    as_of = np.array([micros(OFFICE.midnight(builders.AS_OF)) - days * US_PER_DAY for days in days_before])
    index = scoring.index_of(table, ["steady"] * len(as_of), as_of)
    return features.measure(table, index, OFFICE, names=("meeting_avoidance",)).now["meeting_avoidance"].tolist()


def test_a_meetings_fate_is_what_its_last_known_revision_says_on_each_day() -> None:
    news = [
        revision(0, 40, MeetingStatus.INVITED),
        revision(1, 30, MeetingStatus.DECLINED),
        revision(2, 25, MeetingStatus.ACCEPTED),
        revision(3, 10, MeetingStatus.NO_SHOW),
    ]
    steady = avoidance([], 35, 27, 22, 15, 5)
    assert steady == [0.0] * 5
    invited, declined, accepted, held, missed = avoidance(news, 35, 27, 22, 15, 5)
    assert (invited, accepted, held) == (0.0, 0.0, 0.0)
    assert declined > 0.1
    assert missed > 0.1


def test_a_revision_that_comes_late_leaves_the_history_before_it_as_it_was() -> None:
    news = [revision(0, 40, MeetingStatus.INVITED), revision(1, 30, MeetingStatus.DECLINED, known_days_before=12)]
    before, after = avoidance(news, 15, 5)
    assert before == 0.0
    assert after > 0.1
