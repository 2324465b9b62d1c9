from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.model.promises.due import phrases

TUESDAY = date(2026, 5, 12)
FRIDAY = date(2026, 2, 20)
SATURDAY = date(2026, 7, 25)
NEW_YEARS_EVE = date(2025, 12, 31)


def days(folded: str, written_on: date = TUESDAY) -> list[str]:
    return [due.day.isoformat() for due in phrases(folded, written_on)]


@pytest.mark.parametrize(
    ("named", "day"),
    [
        ("сегодня до 18:00", "2026-05-12"),
        ("до конца дня", "2026-05-12"),
        ("в течение часа", "2026-05-12"),
        ("завтра утром", "2026-05-13"),
        ("послезавтра", "2026-05-14"),
        ("в пятницу", "2026-05-15"),
        ("не позднее среды", "2026-05-13"),
        ("во вторник", "2026-05-19"),
        ("в следующую среду", "2026-05-20"),
        ("в среду на следующей неделе", "2026-05-20"),
        ("до конца недели", "2026-05-15"),
        ("на следующей неделе", "2026-05-22"),
        ("на выходных", "2026-05-17"),
        ("до конца месяца", "2026-05-31"),
        ("до конца следующего месяца", "2026-06-30"),
        ("до конца июня", "2026-06-30"),
        ("до конца года", "2026-12-31"),
        ("14 мая", "2026-05-14"),
        ("до 14.05", "2026-05-14"),
        ("до 01.06.2026", "2026-06-01"),
        ("к 20 числу", "2026-05-20"),
        ("до 5-го", "2026-06-05"),
        ("через неделю", "2026-05-19"),
        ("в течение двух рабочих дней", "2026-05-14"),
        ("через 3-5 рабочих дней", "2026-05-19"),
        ("через пару дней", "2026-05-14"),
        ("в пятницу, 15 мая", "2026-05-15"),
        ("завтра или послезавтра", "2026-05-14"),
        ("today", "2026-05-12"),
        ("by 6pm", "2026-05-12"),
        ("within the hour", "2026-05-12"),
        ("by tomorrow noon", "2026-05-13"),
        ("the day after tomorrow", "2026-05-14"),
        ("by eod thursday", "2026-05-14"),
        ("by friday", "2026-05-15"),
        ("next friday", "2026-05-22"),
        ("by monday next week", "2026-05-18"),
        ("by the end of the week", "2026-05-15"),
        ("next week", "2026-05-22"),
        ("over the weekend", "2026-05-17"),
        ("by the end of the month", "2026-05-31"),
        ("by 14 may", "2026-05-14"),
        ("may 20th, 2026", "2026-05-20"),
        ("by the 21st", "2026-05-21"),
        ("on 2026-06-01", "2026-06-01"),
        ("by 20/05/2026", "2026-05-20"),
        ("within 48 hours", "2026-05-14"),
        ("in two weeks", "2026-05-26"),
        ("within 3 business days", "2026-05-15"),
        ("on tuesday, may 19", "2026-05-19"),
    ],
)
def test_name_of_a_day_resolves_against_the_day_of_writing(named: str, day: str) -> None:
    assert days(named) == [day]


@pytest.mark.parametrize(
    "named",
    [
        "с пятницы", "после среды", "от 14 мая", "за сегодня", "по пятницам", "в прошлую пятницу", "на пятницу", "каждую пятницу",
        "с 14 мая", "12 января", "31 июня", "версия 14.05", "скоро", "на днях", "в двух словах",
        "since friday", "from monday", "until 20 may", "every friday", "last monday", "after tomorrow's call", "by 05/06",
        "before the friday meeting", "in a few days", "may i ask", "the march of time", "on 31 june", "in may",
    ],
)  # fmt: skip
def test_beginning_habit_past_and_vagueness_name_no_day_to_come(named: str) -> None:
    assert days(named) == []


@pytest.mark.parametrize(
    ("named", "written_on", "day"),
    [
        ("by friday", FRIDAY, "2026-02-27"),
        ("до конца недели", FRIDAY, "2026-02-20"),
        ("до конца недели", SATURDAY, "2026-07-31"),
        ("on monday", SATURDAY, "2026-07-27"),
        ("до 15 января", NEW_YEARS_EVE, "2026-01-15"),
        ("до конца месяца", NEW_YEARS_EVE, "2025-12-31"),
        ("by the end of january", NEW_YEARS_EVE, "2026-01-31"),
        ("by the end of next month", NEW_YEARS_EVE, "2026-01-31"),
        ("by the 5th", NEW_YEARS_EVE, "2026-01-05"),
        ("в течение двух рабочих дней", FRIDAY, "2026-02-24"),
    ],
)
def test_edges_of_week_month_and_year(named: str, written_on: date, day: str) -> None:
    assert days(named, written_on) == [day]


def test_an_hour_alone_is_told_from_a_day() -> None:
    assert [due.clock_only for due in phrases("до 18:00, до пятницы", TUESDAY)] == [True, False]


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_every_name_is_a_day_of_the_coming_year_whenever_written(written_on: date) -> None:
    named = (
        "by friday. до среды. next week. до конца недели. до конца месяца. by the end of next month. до конца года. by the 31st."
        " до 29 февраля. within 3 business days. in 2 months."
    )
    found = phrases(named, written_on)
    assert all(timedelta(0) <= due.day - written_on <= timedelta(366) for due in found)
    assert len(found) >= 9  # there may be no 31st of the month, and no leap day near
