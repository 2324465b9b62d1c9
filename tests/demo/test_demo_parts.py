"""The parts of the demo firm: chance, office hours, stories, words."""

import string
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import pytest

from churnwatch.demo import cast, office, scenes, story
from churnwatch.demo.account import accounts
from churnwatch.demo.dice import Dice
from churnwatch.demo.names import FIRMS_EN, FIRMS_RU, TOPICS
from churnwatch.demo.phrases_en_client import CLIENT_EN
from churnwatch.demo.phrases_en_firm import FIRM_EN
from churnwatch.demo.phrases_en_strain import STRAIN_EN
from churnwatch.demo.phrases_ru_client import CLIENT_RU
from churnwatch.demo.phrases_ru_firm import FIRM_RU
from churnwatch.demo.phrases_ru_strain import STRAIN_RU

_SEED = 20240229
_SHARED_SLOTS = {"you", "me", "date", "month", "last_month", "t_nom", "on_day", "by_day"}
_SLOTS = {
    "ru": _SHARED_SLOTS | {"a", "t_gen", "t_dat", "t_acc", "t_ins", "t_pre", "month_pre"},
    "en": _SHARED_SLOTS | {"t_Nom"},
}
_BANKS = {"ru": (CLIENT_RU, STRAIN_RU, FIRM_RU), "en": (CLIENT_EN, STRAIN_EN, FIRM_EN)}


def test_a_stream_of_chance_is_the_same_everywhere() -> None:
    dice = Dice(1, 2, 3)
    assert [dice.whole(0, 99) for _ in range(6)] == [67, 11, 51, 35, 70, 47]


def test_chance_keeps_its_promises() -> None:
    dice = Dice(5)
    assert sum(dice.poisson(1.7) for _ in range(4000)) / 4000 == pytest.approx(1.7, abs=0.08)
    assert sum(dice.normal() for _ in range(4000)) / 4000 == pytest.approx(0, abs=0.06)
    drawn = Counter(dice.weighted("ab", (3, 1)) for _ in range(4000))
    assert drawn["a"] / 4000 == pytest.approx(0.75, abs=0.03)


def test_office_hours_pass_over_nights_weekends_and_holidays() -> None:
    eve_of_may_day = datetime.combine(date(2026, 4, 30), time(17))  # which is a Friday in 2026
    assert office.after(eve_of_may_day, 2) == datetime.combine(date(2026, 5, 4), time(10))
    saturday = datetime.combine(date(2026, 9, 26), time(12))
    assert office.after(saturday, 1, shift_h=2) == datetime.combine(date(2026, 9, 28), time(12))


def test_shares_of_stories_are_kept_for_any_number_of_clients() -> None:
    for count in (1, 8, 120, 333):
        assert len(story.kinds(count, Dice(1))) == count
    dealt = Counter(story.kinds(120, Dice(1)))
    assert set(dealt) == set(story.SHARES)
    churned = sum(dealt[kind] for kind in story.LEAVING)
    assert 36 <= churned <= 48
    assert 0.08 <= dealt["sudden"] / churned <= 0.18
    assert dealt["bankruptcy"] == 1


def test_trouble_begins_before_the_end_and_the_end_is_known_in_time() -> None:
    managers = cast.our_managers(_SEED)
    for account in accounts(_SEED, 120, managers):
        told = account.story
        assert all(since >= account.started_on for since, _ in account.managers)
        if told.leaves_on is None:
            assert told.departure is None
            continue
        assert account.started_on < told.begins < told.leaves_on
        assert told.known_on is not None
        assert told.notice_on is None or (told.notice_on <= told.known_on and office.works(told.notice_on))
        assert (told.departure == "silent") <= (told.notice_on is None)
        assert all(since < told.leaves_on for since, _ in account.managers)


def test_value_says_nothing_about_leaving() -> None:
    firm = accounts(_SEED, 400, cast.our_managers(_SEED))
    left = sorted(account.value for account in firm if account.story.base in story.LEAVING)
    stayed = sorted(account.value for account in firm if account.story.base not in story.LEAVING)
    assert left[len(left) // 2] / stayed[len(stayed) // 2] == pytest.approx(1, abs=0.25)


def test_a_silent_leaver_fades_and_a_loud_one_does_not() -> None:
    managers = cast.our_managers(_SEED)
    by_key = {manager.key: manager for manager in managers}
    ratios: dict[str, list[float]] = {"silent": [], "loud": []}
    for account in accounts(_SEED, 120, managers):
        told = account.story
        if told.kind not in ratios or told.leaves_on is None:
            continue
        written = [letter.at.date() for letter in scenes.letters(account, by_key, _SEED) if not letter.ours]
        last = told.leaves_on - timedelta(days=42)
        late = sum(last <= day for day in written) / 42
        first = max(office.FIRST_DAY, account.started_on)
        early = sum(day < told.begins for day in written) / max(1, (told.begins - first).days)
        ratios[told.kind].append(late / early)
    median = {kind: sorted(values)[len(values) // 2] for kind, values in ratios.items()}
    assert median["silent"] < 0.45
    assert median["loud"] > 0.8


@pytest.mark.parametrize("language", ["ru", "en"])
def test_banks_are_large_and_use_only_known_slots(language: str) -> None:
    sentences = [words for bank in _BANKS[language] for options in bank.values() for words in options]
    assert len(set(sentences)) > 400
    for words in sentences:
        used = {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
        assert used <= _SLOTS[language], words


def test_both_languages_have_the_same_intents_and_every_question_its_answer() -> None:
    def intents(banks: tuple[Mapping[str, tuple[str, ...]], ...]) -> list[set[str]]:
        return [set(bank) for bank in banks]

    assert intents(_BANKS["ru"]) == intents(_BANKS["en"])
    for client, _, firm in _BANKS.values():
        assert len(client["question"]) == len(firm["answer_question"])
        assert len(firm["ask"]) == len(client["answer_ask"])
        for area in {topic.area for topic in TOPICS}:
            assert len(client[f"detail_{area}"]) == len(firm[f"done_detail_{area}"])
            assert firm[f"propose_{area}"]


def test_names_are_unique_and_topics_have_all_cases() -> None:
    labels = [label for _, label in (*FIRMS_RU, *FIRMS_EN)]
    assert len(labels) == len(set(labels)) >= 120
    assert all(all(topic.cases) and topic.english.startswith("the ") for topic in TOPICS)


def test_phones_and_addresses_belong_to_one_person_each() -> None:
    firm = accounts(_SEED, 120, cast.our_managers(_SEED))
    people = [person for account in firm for person in account.people]
    for values in ([p for person in people for p in person.phones], [a for person in people for a in person.addresses]):
        assert len(values) == len(set(values))
    assert all(sum(person.decision_maker for person in account.people) == 1 for account in firm)


def test_the_as_of_date_is_a_monday() -> None:
    assert office.AS_OF.weekday() == 0
    assert date(2026, 9, 28) == office.AS_OF
