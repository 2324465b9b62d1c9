"""A meeting counts as held until a revision says that it was not, on each day as was known then."""

from datetime import timedelta

import numpy as np
import pytest
from builders import MIDNIGHT

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.table import EventTable
from churnwatch.core.types import Call, Direction, Event, Meeting, MeetingStatus

OFFICE = BusinessCalendar("Europe/Berlin", "DE")
HELD_DAYS_AGO = (70, 60, 50, 40, 30, 20)
ACCEPTED, HELD, NO_SHOW = MeetingStatus.ACCEPTED, MeetingStatus.HELD, MeetingStatus.NO_SHOW


def revision(meeting: str, status: MeetingStatus, started_days_ago: float, told_hours_later: float) -> Meeting:
    starts_at = MIDNIGHT - timedelta(days=started_days_ago) + timedelta(hours=10)
    at = starts_at + timedelta(hours=told_hours_later)
    return Meeting(f"{meeting} {status.word}", meeting, "c", Direction.IN, at, at, starts_at, status)


def history() -> list[Event]:
    return [revision(f"meeting {days}", HELD, days, 0) for days in HELD_DAYS_AGO]


def shown(name: str, events: list[Event], *days_ago: int) -> list[tuple[float, float, float]]:
    """A signal's value, now and before on some days."""
    table = EventTable.from_events(events)
    as_of = np.array([micros(OFFICE.midnight((MIDNIGHT - timedelta(days=days)).date())) for days in days_ago])
    found = features.measure(table, scoring.index_of(table, ["c"] * len(as_of), as_of), OFFICE, names=(name,))
    return [
        tuple(float(part[name][place]) for part in (found.values, found.now, found.before))
        for place in range(len(as_of))
    ]


def test_a_no_show_told_within_the_hour_was_no_meeting() -> None:
    missed = [revision("missed", ACCEPTED, 6, -48), revision("missed", NO_SHOW, 6, 1)]
    assert shown("meeting_silence", [*history(), *missed], 0, 3) == shown("meeting_silence", history(), 0, 3)


def test_a_no_show_told_days_later_is_a_meeting_until_then_and_none_after() -> None:
    missed = [revision("missed", ACCEPTED, 8, -48), revision("missed", NO_SHOW, 8, 4 * 24)]
    told_later = [*history(), *missed]
    held = [*history(), revision("missed", HELD, 8, 0)]
    assert shown("meeting_silence", told_later, 6, 2, 0) == [
        *shown("meeting_silence", held, 6), *shown("meeting_silence", history(), 2, 0),
    ]  # fmt: skip


def test_what_was_held_after_it_follows_on_the_last_real_one() -> None:
    called_at = MIDNIGHT - timedelta(days=5, hours=10)
    call = Call("call", "c", Direction.IN, called_at, called_at, 60.0, answered=True)
    missed = [revision("missed", ACCEPTED, 12, -48), revision("missed", NO_SHOW, 12, 24)]
    assert shown("meeting_silence", [*history(), *missed, call], 0) == shown("meeting_silence", [*history(), call], 0)


@pytest.mark.parametrize("name", ["meeting_avoidance", "decision_maker_absent"])
def test_the_pool_counts_no_fate_that_was_void_before_anyone_could_see_it(name: str) -> None:
    missed = [
        revision(f"m{days}", status, days, told)
        for days in (60, 50, 40)
        for status, told in ((ACCEPTED, -48), (NO_SHOW, 1))
    ]
    table = EventTable.from_events(missed)
    as_of = np.array([micros(OFFICE.midnight(MIDNIGHT.date()))])
    (pool,) = features.surveyed(table, as_of, OFFICE, names=(name,)).pools.values()
    n, rate = pool.n[0, -1], pool.centre[0, -1]
    assert (n, rate) == ((3, 1.0) if name == "meeting_avoidance" else (0, 0.0))
