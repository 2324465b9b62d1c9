"""Who joins, who goes quiet and how many take part."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from exchanges import AS_OF, CALENDAR, Row, exchanges, message, table_of, weeks

from churnwatch import features, scoring
from churnwatch.core.calendar import micros
from churnwatch.core.roster import Rank, Roster

ROSTER = Roster(ranks={"head": Rank.HEAD, "chief": Rank.EXECUTIVE, "lawyer": Rank.LEGAL, "buyer": Rank.LEGAL})


def value(name: str, rows: list[Row], days_later: int = 0, roster: Roster = ROSTER) -> float:
    table = table_of(rows, roster)
    day: date = (AS_OF + timedelta(days=days_later)).date()
    index = scoring.index_of(table, ["acme"], np.array([micros(CALENDAR.midnight(day))]))
    return float(features.measure(table, index, CALENDAR, names=(name,)).values[name][0])


def letter(days_before: float, *people: str, direction: str = "in") -> Row:
    return message(direction, AS_OF - timedelta(days=days_before), "clerk", people=";".join(("clerk", *people)))


def test_where_nobody_of_rank_was_ever_seen_nothing_is_known() -> None:
    assert np.isnan(value("senior_joins", [letter(100), letter(14)]))


def test_who_joins_counts_one_and_halves_every_fortnight() -> None:
    rows = [letter(100), letter(14, "lawyer")]
    assert [value("senior_joins", rows, days) for days in (0, 14, 28)] == pytest.approx([1 / 2, 1 / 4, 1 / 8])


@pytest.mark.parametrize("direction", ["in", "out"])
def test_who_is_written_to_joins_too_and_joins_once(direction: str) -> None:
    rows = [letter(100), letter(28, "lawyer", direction=direction), letter(14, "lawyer"), letter(7, "lawyer")]
    assert value("senior_joins", rows) == pytest.approx(1 / 4)


def test_who_was_there_in_the_first_four_weeks_is_no_news() -> None:
    assert value("senior_joins", [letter(100), letter(73, "lawyer"), letter(14, "lawyer")]) == 0.0
    assert value("senior_joins", [letter(100), letter(71, "lawyer")]) > 0.0


def test_a_higher_rank_than_any_before_is_news_and_a_lower_or_equal_one_is_not() -> None:
    first = [letter(100, "head")]
    assert value("senior_joins", [*first, letter(14, "chief")]) == pytest.approx(1 / 2)
    assert value("senior_joins", [letter(100, "chief"), letter(14, "head")]) == 0.0


def test_a_second_lawyer_is_news_as_well() -> None:
    rows = [letter(100, "chief"), letter(28, "lawyer"), letter(14, "buyer")]
    assert value("senior_joins", rows) == pytest.approx(1 / 4 + 1 / 2)


@pytest.mark.parametrize("people", [("head", "chief"), ("chief", "head")])
def test_who_joins_in_one_letter_joins_in_any_order(people: tuple[str, str]) -> None:
    assert value("senior_joins", [letter(100), letter(14, *people)]) == pytest.approx(2 * 1 / 2)
    one_by_one = [letter(100), *(letter(14, one) for one in people)]
    assert value("senior_joins", one_by_one) == pytest.approx(2 * 1 / 2)


def test_the_acquaintance_begins_with_the_first_event_and_not_with_a_change_of_manager() -> None:
    handed_over = replace(ROSTER, manager_changes={"acme": (micros(AS_OF - timedelta(days=100)),)})
    rows = [letter(20), letter(10, "lawyer")]
    assert value("senior_joins", rows, roster=handed_over) == 0.0


def test_a_main_contact_that_stays_away_while_others_write_is_quiet() -> None:
    others = exchanges("other", weeks(30, 1))
    main = [*exchanges("main", weeks(30, 6)), *exchanges("main", weeks(30, 6), channel="chat")]
    assert value("champion_quiet", [*main, *others]) > 1.0
    assert value("champion_quiet", main) == 0.0  # nobody writes: that is the client's silence
    back = exchanges("main", [1])
    assert value("champion_quiet", [*main, *others, *back]) == 0.0


def test_six_gaps_are_needed_to_know_what_is_usual() -> None:
    others = exchanges("other", [1])
    days = [letter(day) for day in range(60, 60 - 8, -1)]
    assert np.isnan(value("champion_quiet", [*days[:6], *others]))
    assert value("champion_quiet", [*days[:7], *others]) == pytest.approx(np.log10(7))


def test_breadth_is_the_log_ratio_of_effective_numbers_of_people() -> None:
    both = [*exchanges("x", weeks(20, 5)), *exchanges("y", weeks(20, 5))]
    assert value("breadth", [*both, *exchanges("x", weeks(4, 1))]) == pytest.approx(-np.log(2))
    assert value("breadth", [*both, *exchanges("x", weeks(4, 1)), *exchanges("y", weeks(4, 1))]) == pytest.approx(
        0, abs=1e-12
    )
    thrice = [row for who in "xyz" for row in exchanges(who, weeks(4, 1))]
    assert value("breadth", [*both, *thrice]) == pytest.approx(np.log(3 / 2))


def test_one_person_has_no_breadth() -> None:
    assert np.isnan(value("breadth", exchanges("x", weeks(20, 1))))
    assert np.isnan(value("breadth", [*exchanges("x", weeks(20, 5)), *exchanges("y", weeks(20, 5))]))  # nobody writes
