"""What is booked of a conversation: who answers what, where a conversation opens, and how long a silence is."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from exchanges import AS_OF, CALENDAR, Row, exchanges, message, table_of, weeks

from churnwatch import features, scoring
from churnwatch.core.calendar import micros
from churnwatch.core.panel import panels
from churnwatch.core.types import Direction
from churnwatch.features import survey
from churnwatch.features.facts import Facts
from churnwatch.features.latency import waits
from churnwatch.features.survey import Survey

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def facts_of(rows: list[Row], day: datetime = AS_OF) -> Facts:
    table = table_of(rows)
    index = scoring.index_of(table, ["acme"], np.array([micros(day)]))
    (panel,) = panels(table, index)
    return Facts(panel, CALENDAR, Survey(survey.count(table, index.as_of, CALENDAR)))


def measured(name: str, rows: list[Row], day: date = date(2025, 6, 2)) -> tuple[float, float]:
    """A signal's value and what it shows as now."""
    table = table_of(rows)
    index = scoring.index_of(table, ["acme"], np.array([micros(CALENDAR.midnight(day))]))
    found = features.measure(table, index, CALENDAR, names=(name,))
    return float(found.values[name][0]), float(found.now[name][0])


def said(direction: str, hours: float, thread: str | None = "t", **more: object) -> Row:
    """A letter so many hours after nine o'clock on a Monday."""
    return message(direction, MONDAY + hours * HOUR, "x", thread_id=thread, **more)


def hours_waited(rows: list[Row], asker: Direction = Direction.OUT) -> list[float]:
    return waits(facts_of(rows), asker).hours.tolist()


# --- answers --------------------------------------------------------------------------------------------------------------


def test_a_wait_runs_from_the_start_of_a_turn_to_the_start_of_the_answer() -> None:
    rows = [said("out", 0), said("out", 2), said("in", 5), said("in", 6), said("out", 8)]
    assert hours_waited(rows) == [5.0]
    assert hours_waited(rows, Direction.IN) == [3.0]


def test_a_wait_counts_business_hours_only() -> None:
    assert hours_waited([said("out", 0), said("in", 24)]) == [9.0]
    assert hours_waited([said("out", 4 * 24 + 8), said("in", 7 * 24 + 1)]) == [2.0]  # Friday at five to Monday at ten


def test_another_thread_is_no_answer_and_neither_is_a_robot() -> None:
    assert hours_waited([said("out", 0), said("in", 5, "else"), said("in", 6, automatic=True)]) == []


@pytest.mark.parametrize(("days", "answers"), [(89, 1), (91, 0)])
def test_after_ninety_quiet_days_nobody_waits_for_an_answer_any_more(days: int, answers: int) -> None:
    asked = AS_OF - timedelta(days=days, hours=1)
    rows = [message("out", asked, "x", thread_id="t"), message("in", asked + timedelta(days=days), "x", thread_id="t")]
    assert len(hours_waited(rows)) == answers


def test_the_contact_of_a_wait_is_whoever_answered_us_or_asked_us() -> None:
    rows = [said("out", 0), said("in", 1) | {"contact_id": "y"}, said("out", 2)]
    facts = facts_of(rows)
    table = facts.panel.table
    for asker in (Direction.OUT, Direction.IN):
        stream = waits(facts, asker).by_party.stream
        who = table.contact[facts.panel.rows[np.flatnonzero(facts.parties.of_row == stream.key[0])[0]]]
        assert table.contacts[who] == "y"


# --- threads --------------------------------------------------------------------------------------------------------------


def together(rows: list[Row]) -> list[int]:
    """The rows' threads, numbered by appearance."""
    threads = facts_of(rows).threads.tolist()
    return [list(dict.fromkeys(threads)).index(one) for one in threads]


SHOWN = said("in", -100, None, reply_to="lost")  # so that the firm knows that its mail names what it answers


def test_a_chain_of_answers_is_a_thread() -> None:
    rows = [SHOWN, said("out", 0, None), said("in", 1, None, reply_to="1"), said("out", 2, None, reply_to="2")]
    assert together(rows) == [0, 1, 1, 1]
    assert together([*rows, said("in", 3, None, reply_to="lost"), said("in", 4, None)]) == [0, 1, 1, 1, 2, 3]


def test_a_channel_without_threads_is_one_stream_until_it_shows_that_it_knows_answers() -> None:
    stream = [said("out", -200, None), said("in", -150, None)]
    assert together(stream) == [0, 0]
    assert together([*stream, SHOWN, said("out", 0, None), said("in", 1, None)]) == [0, 0, 1, 2, 3]
    other = [said("out", 2, None, channel="chat"), said("in", 3, None, channel="chat")]
    assert together([*stream, SHOWN, *other]) == [0, 0, 1, 2, 2]


@pytest.mark.parametrize(
    ("thread", "hours", "opens"), [("t", 71, False), ("t", 73, True), (None, 3.9, False), (None, 4.1, True)]
)
def test_a_conversation_opens_with_a_thread_or_after_a_break(thread: str | None, hours: float, opens: bool) -> None:
    rows = [said("in", 0, thread), said("out", hours, thread)]
    assert len(facts_of(rows).openings.stream) == 1 + opens


def test_the_share_of_opening_messages_is_drawn_to_three_tenths_by_five() -> None:
    rows = [message("in", AS_OF - timedelta(days=day, hours=-9), "x", thread_id=str(day // 3)) for day in range(3, 12)]
    assert measured("starts_share", rows)[0] == pytest.approx((3 + 1.5) / (9 + 5))


# --- days and silences ----------------------------------------------------------------------------------------------------


def test_a_gap_lies_between_the_last_sign_of_a_day_and_the_first_of_the_next_that_has_one() -> None:
    rows = [said("in", 0), said("in", 7), said("in", 25), said("in", 4 * 24), said("in", 7 * 24 + 3)]
    days = facts_of(rows).days
    assert days.gap_days.tolist() == [1.0, 3.0, 3.0]
    assert days.gap_hours.tolist() == [2.0 + 1.0, 8.0 + 2 * 9.0, 9.0 + 3.0]


def test_a_weekend_is_no_silence() -> None:
    daily = [said("in", 24 * day + 8) for day in range(40) if day % 7 < 5]
    rhythm = [measured("silence", daily, date(2025, 4, day)) for day in (12, 13, 14, 16)]
    saturday, sunday, monday, wednesday = (value for value, _ in rhythm)
    assert saturday == sunday == monday < 0.1
    assert wednesday > 1
    assert [days for _, days in rhythm][2] == pytest.approx(2 + 7 / 24)


@pytest.mark.parametrize(
    ("direction", "answered", "alive"),
    [("in", True, True), ("in", False, True), ("out", True, True), ("out", False, False)],
)
def test_a_call_is_a_sign_of_life_unless_it_is_ours_and_missed(direction: str, answered: bool, alive: bool) -> None:
    call = {
        "client_id": "acme", "kind": "call", "direction": direction, "at": MONDAY, "known_at": MONDAY, "answered": answered,
    }  # fmt: skip
    assert facts_of([call]).alive.tolist() == [alive]


# --- questions that fall due ------------------------------------------------------------------------------------------------


def overdue(rows: list[Row], hours: float) -> bool:
    """Whether a question of Monday morning, 5 May, counts as unanswered so many business hours later."""
    question = message("out", datetime(2025, 5, 5, 9, tzinfo=UTC), "x", thread_id="open")
    day, left = divmod(hours, 9)
    answered = datetime(2025, 5, 5, 9, tzinfo=UTC) + timedelta(days=int(day), hours=left)
    answer = message("in", answered, "x", thread_id="open")
    return measured("no_reply", [*rows, question, answer])[1] > 0


def test_late_is_twice_the_time_in_which_nine_in_ten_of_ones_own_answers_came() -> None:
    steady = [
        row | {"known_at": row["at"]}
        for back in weeks(25, 6)
        for day in (0, 2)
        for asked in (AS_OF - timedelta(weeks=back) + timedelta(days=day, hours=9),)
        for row in (
            message("out", asked, "x", thread_id=f"{back} {day}"),
            message("in", asked + 5 * HOUR, "x", thread_id=f"{back} {day}"),
        )
    ]
    recent = exchanges("x", [3, 2])
    assert not overdue([*steady, *recent], 9.9)
    assert overdue([*steady, *recent], 10.1)


def test_someone_whose_ways_are_not_known_is_given_24_business_hours() -> None:
    strangers = exchanges("y", weeks(25, 1))
    few = exchanges("x", [20, 10])
    assert not overdue([*strangers, *few], 23.9)
    assert overdue([*strangers, *few], 24.1)
