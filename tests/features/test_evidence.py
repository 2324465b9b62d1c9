"""Evidence is what the number counted: open questions that are open, moves and meetings that are the client's, calls that are ours."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from builders import MIDNIGHT

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.roster import Rank, Roster
from churnwatch.core.table import EventTable
from churnwatch.core.types import Call, Cue, Direction, Event, Meeting, MeetingStatus, Message, Reading

IN, OUT = Direction.IN, Direction.OUT
ASKS = Reading(words=20, question=True, expects_reply=True, irritation=0.0, cues=Cue(0))
SAYS = Reading(words=20, question=False, expects_reply=False, irritation=0.0, cues=Cue(0))
RANKS = Roster(ranks={"boss": Rank.EXECUTIVE, "lawyer": Rank.LEGAL}, deciders={"boss": "c"})


def told(days_ago: float, direction: Direction, name: str) -> dict[str, Any]:
    at = MIDNIGHT - timedelta(days=days_ago) + timedelta(hours=10)
    return {"event_id": name, "client_id": "c", "direction": direction, "at": at, "known_at": at}


def letter(
    days_ago: float, direction: Direction, name: str, thread: str = "t", people: tuple[str, ...] = ()
) -> Message:
    return Message(**told(days_ago, direction, name), contact_id="k", channel="email", thread_id=thread, people=people)


def meeting(
    days_ago: float, direction: Direction, name: str, status: MeetingStatus, people: tuple[str, ...] = ()
) -> Meeting:
    facts = told(days_ago, direction, name)
    return Meeting(**facts, meeting_id=name, starts_at=facts["at"], status=status, people=people)


def call(days_ago: float, direction: Direction, name: str, *, answered: bool) -> Call:
    return Call(**told(days_ago, direction, name), duration_s=60.0 if answered else 0.0, answered=answered)


def cited(name: str, events: Iterable[Event], asking: Iterable[str] = ()) -> tuple[str, ...]:
    events, asking = list(events), set(asking)
    readings = {
        event.event_id: ASKS if event.event_id in asking else SAYS for event in events if isinstance(event, Message)
    }
    table = EventTable.from_events(events, readings, RANKS)
    index = SnapshotIndex(np.zeros(1, dtype=np.int32), np.array([micros(MIDNIGHT)]))
    return features.evidence(table, index, BusinessCalendar(), {0: (name,)})[0, name]


@pytest.mark.parametrize(("name", "asker"), [("our_unanswered", IN), ("open_wait", OUT)])
def test_an_open_question_is_cited_and_an_answered_one_is_not_the_oldest_first(name: str, asker: Direction) -> None:
    answerer = OUT if asker is IN else IN
    events = [
        letter(40, asker, "answered", "a"), letter(12, answerer, "answer", "a"),
        letter(10, asker, "newer", "b"), letter(20, asker, "older", "c"), letter(15, asker, "no question", "d"),
    ]  # fmt: skip
    assert cited(name, events, asking=("answered", "newer", "older")) == ("older", "newer")


@pytest.mark.parametrize(("name", "asker"), [("our_latency_z", IN), ("client_latency_z", OUT)])
def test_late_answers_of_these_weeks_are_cited_the_latest_first(name: str, asker: Direction) -> None:
    answerer = OUT if asker is IN else IN
    events = [
        letter(60, asker, "long ago", "a"), letter(50, answerer, "then", "a"), letter(20, asker, "soon", "b"),
        letter(19, answerer, "next day", "b"), letter(14, asker, "late", "c"), letter(7, answerer, "a week on", "c"),
        letter(6, asker, "open", "d"),
    ]  # fmt: skip
    assert cited(name, events) == ("late", "soon")


def test_a_question_of_today_is_not_yet_one_that_we_left() -> None:
    assert cited("our_unanswered", [letter(1, IN, "fresh", "a")], asking=("fresh",)) == ()


def test_questions_that_fell_due_lately_are_cited_as_left_without_a_reply() -> None:
    events = [
        letter(90, OUT, "left long ago", "a"), letter(14, OUT, "left", "b"),
        letter(12, OUT, "answered", "c"), letter(11.9, IN, "answer", "c"), letter(1, OUT, "not due yet", "d"),
    ]  # fmt: skip
    asking = ("left long ago", "left", "answered", "not due yet")
    assert cited("no_reply", events, asking) == ("left",)


def test_only_the_clients_own_moves_are_cited() -> None:
    moved = MeetingStatus.MOVED
    assert cited("meeting_moves", [meeting(9, IN, "theirs", moved), meeting(8, OUT, "ours", moved)]) == ("theirs",)


def test_only_our_calls_are_cited_as_missed() -> None:
    events = [
        call(9, OUT, "ours", answered=False), call(8, IN, "theirs", answered=False), call(7, OUT, "taken", answered=True),
    ]  # fmt: skip
    assert cited("missed_calls", events) == ("ours",)


def test_only_held_meetings_are_cited_as_without_the_decision_maker() -> None:
    held, declined = MeetingStatus.HELD, MeetingStatus.DECLINED
    events = [
        meeting(9, IN, "without", held, ("k",)), meeting(8, IN, "with", held, ("k", "boss")),
        meeting(7, IN, "declined", declined, ("k",)),
    ]  # fmt: skip
    assert cited("decision_maker_absent", events) == ("without",)


def test_whoever_joins_is_cited_by_the_first_letter_and_whoever_was_there_from_the_start_is_not() -> None:
    events = [
        letter(200, IN, "first", people=("boss",)), letter(20, IN, "boss again", people=("boss",)),
        letter(10, IN, "lawyer joins", people=("lawyer",)), letter(5, IN, "lawyer again", people=("lawyer",)),
    ]  # fmt: skip
    assert cited("senior_joins", events) == ("lawyer joins",)


def test_a_change_of_manager_points_to_no_event_of_anybody() -> None:
    assert features.BY_NAME["manager_change"].evidence is None
