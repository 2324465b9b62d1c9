"""Whoever has said to be away keeps nobody waiting: the clocks for this contact stand still, and only those."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from exchanges import CALENDAR, Row, exchanges, message, table_of, weeks

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros

ASKED = datetime(2025, 5, 19, 9, tzinfo=UTC)  # a Monday; our question to x that stays open
NOTICE = ASKED + timedelta(minutes=1)
MINUTE = 1 / 60
A_DAY = 9.0  # of business hours
HISTORY = (*exchanges("x", weeks(40, 3)), *exchanges("y", weeks(40, 3)))
QUESTION = message("out", ASKED, "x", thread_id="open")


def notice(at: datetime = NOTICE, until: date | None = None, contact: str | None = "x", **more: object) -> Row:
    """An out-of-office reply."""
    return message("in", at, contact, automatic=True, away_since=at.date(), away_until=until, **more)


def measured(
    name: str, rows: list[Row], day: date = date(2025, 6, 2), calendar: BusinessCalendar = CALENDAR
) -> tuple[float, float]:
    """A signal's value, and what it shows as now, at the midnight that starts a day."""
    table = table_of([*HISTORY, *rows])
    index = scoring.index_of(table, ["acme"], np.array([micros(calendar.midnight(day))]))
    found = features.measure(table, index, calendar, names=(name,))
    return float(found.values[name][0]), float(found.now[name][0])


def waited(rows: list[Row], day: date = date(2025, 6, 2), calendar: BusinessCalendar = CALENDAR) -> float:
    """Business hours for which our question has been open."""
    return measured("open_wait", [QUESTION, *rows], day, calendar)[1]


def test_without_a_notice_the_question_waits_ten_working_days() -> None:
    assert waited([]) == 10 * A_DAY


def test_an_absence_ends_at_the_midnight_of_the_day_its_writer_is_back() -> None:
    assert waited([notice(until=date(2025, 5, 22))]) == pytest.approx(7 * A_DAY + MINUTE)


def test_a_notice_without_a_date_counts_for_two_weeks() -> None:
    assert waited([notice()]) == pytest.approx(MINUTE)
    assert waited([notice()], date(2025, 6, 9)) == pytest.approx(5 * A_DAY)


def test_who_writes_again_is_back_before_the_time() -> None:
    back = message("in", datetime(2025, 5, 21, 12, tzinfo=UTC), "x", thread_id="else")
    away = notice(until=date(2025, 5, 30))
    assert waited([away, back]) == pytest.approx(MINUTE + 6 + 7 * A_DAY)
    others = back | {"contact_id": "y"}
    assert waited([away, others]) == pytest.approx(MINUTE + A_DAY)


@pytest.mark.parametrize("until", [date(2025, 5, 22), None])
def test_a_notice_repeated_for_each_of_our_letters_adds_only_what_goes_beyond(until: date | None) -> None:
    day = date(2025, 6, 16)
    last = date(2025, 6, 4) if until is None else until  # two weeks from the last of them, at noon
    expected = MINUTE + (8 * A_DAY - 3 if until is None else 17 * A_DAY)
    repeated = [
        notice(at, until)
        for at in (NOTICE, datetime(2025, 5, 20, 10, tzinfo=UTC), datetime(2025, 5, 21, 12, tzinfo=UTC))
    ]
    assert waited(repeated, day) == pytest.approx(expected)
    assert last < day


def test_two_absences_are_both_left_out() -> None:
    first, second = notice(until=date(2025, 5, 20)), notice(datetime(2025, 5, 28, 9, tzinfo=UTC), date(2025, 5, 30))
    assert waited([first, second]) == pytest.approx(10 * A_DAY - (A_DAY - MINUTE) - 2 * A_DAY)


def test_an_absence_that_was_told_ahead_begins_on_its_day() -> None:
    ahead = notice(until=date(2025, 5, 28)) | {"away_since": date(2025, 5, 26)}
    in_between = message("in", datetime(2025, 5, 23, 12, tzinfo=UTC), "x", thread_id="else")
    sooner = notice(datetime(2025, 5, 20, 9, tzinfo=UTC), date(2025, 5, 21))
    assert waited([ahead]) == 8 * A_DAY
    assert waited([ahead, in_between]) == 8 * A_DAY
    assert waited([ahead, sooner]) == 7 * A_DAY


def test_an_absence_is_not_dated_back() -> None:
    late = notice(datetime(2025, 5, 21, 12, tzinfo=UTC), date(2025, 5, 30)) | {"away_since": date(2025, 5, 12)}
    assert waited([late]) == 2 * A_DAY + 3 + A_DAY


@pytest.mark.parametrize("contact", ["y", None, "stranger"])
def test_nobody_elses_absence_stops_the_clock(contact: str | None) -> None:
    assert waited([notice(contact=contact)]) == 10 * A_DAY


def test_a_notice_of_nobody_known_stops_the_clock_of_letters_to_nobody_known() -> None:
    asked = QUESTION | {"contact_id": None}
    assert measured("open_wait", [asked, notice(contact=None)])[1] == pytest.approx(MINUTE)


def test_our_own_absence_stops_nothing() -> None:
    assert waited([notice() | {"direction": "out"}]) == 10 * A_DAY


def test_weekends_and_holidays_in_an_absence_are_not_left_out_twice() -> None:
    over_a_weekend = notice(datetime(2025, 5, 23, 9, tzinfo=UTC), date(2025, 5, 27))
    assert waited([over_a_weekend]) == 8 * A_DAY
    germany = BusinessCalendar("UTC", "DE")  # 29 May 2025 is Ascension Day
    over_a_holiday = notice(datetime(2025, 5, 28, 9, tzinfo=UTC), date(2025, 5, 30))
    assert waited([], calendar=germany) == 9 * A_DAY
    assert waited([over_a_holiday], calendar=germany) == 8 * A_DAY


def test_the_day_of_return_begins_at_the_firms_midnight() -> None:
    new_york = BusinessCalendar("America/New_York")
    away = notice(datetime(2025, 5, 19, 13, 1, tzinfo=UTC), date(2025, 5, 22))  # a minute past nine in New York
    asked = QUESTION | {"at": ASKED + timedelta(hours=4), "known_at": ASKED + timedelta(hours=4)}
    assert measured("open_wait", [asked, away], calendar=new_york)[1] == pytest.approx(7 * A_DAY + MINUTE)


def test_before_a_notice_was_known_nothing_changes() -> None:
    late = notice(until=date(2025, 5, 30), known_at=datetime(2025, 5, 28, 9, tzinfo=UTC))
    assert waited([late], date(2025, 5, 27)) == waited([], date(2025, 5, 27)) == 6 * A_DAY
    assert waited([late]) == pytest.approx(A_DAY + MINUTE)


# --- silence --------------------------------------------------------------------------------------------------------------


def test_the_absence_of_whom_we_heard_from_last_is_no_silence() -> None:
    last_words = message("in", datetime(2025, 5, 16, 12, tzinfo=UTC), "x")
    silent, _ = measured("silence", [last_words])
    away, days = measured("silence", [last_words, notice(), QUESTION])
    others, _ = measured("silence", [last_words, notice(contact="y"), QUESTION])
    assert silent > 1.5
    assert away == pytest.approx(measured("silence", [last_words], date(2025, 5, 20))[0], abs=0.3)
    assert others == silent
    assert days == 16.5  # what a person is shown is the time on the wall


def test_an_absence_that_is_over_is_no_longer_an_excuse() -> None:
    last_words = message("in", datetime(2025, 5, 16, 12, tzinfo=UTC), "x")
    away = notice(until=date(2025, 5, 26))
    found = [measured("silence", [last_words, away], day)[0] for day in (date(2025, 5, 26), date(2025, 6, 16))]
    assert found[0] < 0.5
    assert found[1] > 1.5


def test_a_call_is_a_sign_of_the_contact_who_called() -> None:
    call: Row = {
        "client_id": "acme", "kind": "call", "direction": "in", "at": ASKED, "known_at": ASKED, "contact_id": "x",
        "answered": True, "duration_s": 60.0,
    }  # fmt: skip
    called, somebody = (measured("silence", [call | {"contact_id": who}, notice()])[0] for who in ("x", "y"))
    assert called < 0.5
    assert somebody > 1.5


# --- questions left without an answer --------------------------------------------------------------------------------------


def left_open(rows: list[Row], day: date = date(2025, 6, 2)) -> float:
    """The share of our questions of four weeks that are overdue: there are four answered ones, and one or two more."""
    return measured("no_reply", [QUESTION, *rows], day)[1]


def test_a_question_to_somebody_away_is_not_overdue() -> None:
    answered = 8  # of x and y, in the weeks from 5 to 18 May
    assert left_open([]) == pytest.approx(1 / (answered + 1))
    assert left_open([notice(until=date(2025, 6, 5))]) == 0.0
    assert left_open([notice(until=date(2025, 6, 5), contact="y")]) == pytest.approx(1 / (answered + 1))


def test_a_question_falls_due_when_its_time_has_passed_after_the_return() -> None:
    away = notice(until=date(2025, 5, 22))
    assert left_open([away], date(2025, 5, 22)) == 0.0
    assert left_open([away], date(2025, 5, 23)) > 0.0


def test_however_long_the_absence_nothing_falls_due_in_it() -> None:
    stranger = message("out", ASKED, "z", thread_id="z")  # whose ways are not known: a day and more is given
    away = notice(contact="z", until=date(2025, 7, 1))
    firm = [*exchanges("z", [25, 20]), stranger, away]
    overdue_of_x = measured("no_reply", [QUESTION, *firm[:-1]], date(2025, 6, 2))[1]
    only_x = measured("no_reply", [QUESTION, *firm], date(2025, 6, 2))[1]
    assert overdue_of_x > only_x
