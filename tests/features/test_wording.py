"""Reasons in words: grammatical in both languages, and never with a number that is not there."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch import features
from churnwatch.features import wording

NAN = math.nan
levels = st.floats(0, 1e5) | st.just(NAN)


@given(st.sampled_from(features.CATALOGUE), levels, levels)
def test_a_sentence_never_shows_what_is_not_known(signal: features.Signal, now: float, before: float) -> None:
    english, russian = (wording.sentence(signal, now, before, language) for language in ("en", "ru"))
    for text in (english, russian):
        assert text
        assert not re.search(r"\bnan\b|inf\b", text.lower())
        assert not set("{}") & set(text)
    assert any("а" <= letter <= "я" for letter in russian)
    assert not any("а" <= letter <= "я" for letter in english)


@pytest.mark.parametrize(
    ("number", "russian"),
    [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (14, "14 дней"), (21, "21 день"), (22, "22 дня"),
     (111, "111 дней"), (121, "121 день"), (1.5, "1,5 дня"), (0, "0 дней")],
)  # fmt: skip
def test_russian_counts_in_three_forms(number: float, russian: str) -> None:
    assert wording.quantity(number, "days", "ru") == russian


@pytest.mark.parametrize(("number", "english"), [(1, "1 day"), (1.04, "1 day"), (2, "2 days"), (0.5, "0.5 days")])
def test_english_counts_in_two_forms(number: float, english: str) -> None:
    assert wording.quantity(number, "days", "en") == english


def test_a_reason_is_not_told_by_levels_that_point_the_other_way() -> None:
    latency, volume = features.BY_NAME["client_latency_z"], features.BY_NAME["volume_drop"]
    assert wording.speaks(latency, 1.0, now=9.0, before=3.0)
    assert not wording.speaks(latency, 1.0, now=3.0, before=9.0)
    assert wording.speaks(volume, -1.0, now=3.0, before=9.0)
    assert not wording.speaks(volume, -1.0, now=9.0, before=3.0)


@pytest.mark.parametrize(
    ("name", "value", "now", "before", "told"),
    [
        ("volume_cusum", 1.2, 2.0, 6.0, True),  # a shortage shows in fewer messages
        ("volume_cusum", 1.2, 7.0, 6.0, False),
        ("senior_joins", 0.9, NAN, NAN, True),
        ("senior_joins", 0.1, NAN, NAN, False),
        ("manager_change", 0.8, 13.0, NAN, True),
        ("manager_change", 0.05, 180.0, NAN, False),
        ("answered_share", 0.3, NAN, NAN, True),
        ("answered_share", 0.9, NAN, NAN, False),
        ("address_shift", 0.9, NAN, NAN, True),
        ("address_shift", 0.2, NAN, NAN, False),
        ("champion_quiet", 1.5, 30.0, 9.0, True),
        ("champion_quiet", 0.0, 30.0, 9.0, False),  # others are as quiet
        ("our_tone", -0.3, 0.4, 0.7, True),
        ("our_tone", -0.02, 0.69, 0.7, False),
        ("our_tone", 0.2, 0.9, 0.7, False),
        ("future_talk", -0.8, 0.0, 0.02, False),  # two in a hundred are no change
        ("nudges", 0.07, 1.5, 1.4, False),
    ],
)
def test_a_reason_is_told_where_there_is_news(name: str, value: float, now: float, before: float, told: bool) -> None:
    assert wording.speaks(features.BY_NAME[name], value, now, before) is told


@pytest.mark.parametrize(
    ("name", "now", "before", "english", "russian"),
    [
        ("breadth", 1.2, 2.8, "fewer of its people write to us: 1 person, was 3 people",
         "нам пишет меньше людей: 1 человек, было 3 человека"),
        ("breadth", 1.2, 1.4, "fewer of its people write to us than used to", "нам пишет меньше людей, чем раньше"),
        ("broken_promises", 2, NAN, "we have not kept 2 promises in time", "мы не выполнили в срок 2 обещания"),
        ("their_promises", 1, NAN, "has not kept 1 promise to us in time", "не выполнил в срок 1 обещание"),
        ("manager_change", 5, NAN, "got another manager 5 days ago", "менеджер сменился 5 дней назад"),
    ],
)  # fmt: skip
def test_a_sentence_carries_the_clients_own_numbers(
    name: str, now: float, before: float, english: str, russian: str
) -> None:
    told = [wording.sentence(features.BY_NAME[name], now, before, language) for language in ("en", "ru")]
    assert told == [english, russian]


@given(st.sampled_from(features.CATALOGUE), levels, levels)
def test_what_is_not_known_is_not_told(signal: features.Signal, now: float, before: float) -> None:
    assert not wording.speaks(signal, NAN, now, before)


@pytest.mark.parametrize("name", ["exit_words", "overdue", "our_unanswered", "their_promises", "broken_promises"])
def test_nothing_at_all_is_no_reason(name: str) -> None:
    assert not wording.speaks(features.BY_NAME[name], 0.0, now=0.0, before=NAN)
    assert wording.speaks(features.BY_NAME[name], 1.0, now=1.0, before=NAN)


@pytest.mark.parametrize(
    ("hours", "language", "words"),
    [(0.5, "en", "30 min"), (9, "ru", "9 рабочих часов"), (27, "en", "3 working days"), (18, "ru", "2 рабочих дня")],
)
def test_long_waits_are_told_in_working_days(hours: float, language: wording.Language, words: str) -> None:
    assert wording.quantity(hours, "hours", language) == words
