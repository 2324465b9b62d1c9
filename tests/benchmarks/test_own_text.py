"""How the benchmark of own text counts."""

import pytest

from benchmarks.own_text import Mail, collections, score, timed_mix

MAILS = [Mail("Да.\n\n> Как?", None, "Да."), Mail("Нет.\n\nАнна", None, "Нет."), Mail("", "<p>Ок</p>", "Ок")]


def test_a_parser_that_drops_nothing_leaves_all_foreign_text_and_loses_none() -> None:
    kept = score(MAILS, lambda body, _html: body or "Ок")
    assert (kept.mails, kept.exact, kept.with_left, kept.with_lost) == (3, 1, 2, 0)
    assert (kept.left_share, kept.lost_share) == (1, 0)


def test_a_parser_that_drops_everything_loses_all_own_text() -> None:
    lost = score(MAILS, lambda _body, _html: "")
    assert (lost.exact, lost.with_left, lost.with_lost, lost.lost_share) == (0, 0, 3, 1)


def test_blank_lines_between_paragraphs_do_not_count() -> None:
    assert score([Mail("а\n\n\nб", None, "а\n\nб")], lambda body, _html: body).exact == 1


@pytest.mark.parametrize("listed", [0, 2, 5])
def test_each_collection_has_its_half_of_the_mails_that_are_timed(listed: int) -> None:
    mails = [Mail(str(number), None, "") for number in range(listed)]
    mix = timed_mix(MAILS, mails)
    assert sum(mail in mails for mail in mix) == (len(mix) // 2 if listed else 0)


def test_both_halves_of_the_invented_mails_are_measured() -> None:
    found = collections()
    assert len(found["tune"]) >= 40
    assert len(found["test"]) >= 40
