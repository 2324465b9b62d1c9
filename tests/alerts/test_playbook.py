"""The plays are complete in both languages, and each situation gets the play an account manager would choose."""

import re
from pathlib import Path
from typing import cast, get_args

import pytest

from churnwatch.alerts.playbook import FAMILIES, PLAYS, SLOTS, Playbook, PlayText, Situation, choose, read_playbook
from churnwatch.core.config import Language
from churnwatch.core.errors import ConfigError
from churnwatch.core.types import Band, Reason
from churnwatch.features import Family

LANGUAGES = cast("tuple[Language, ...]", get_args(Language))
EVERY_TEXT = [(name, language) for name in PLAYS for language in LANGUAGES]


def pushes(**families: float) -> list[Reason]:
    return [
        Reason("invoice_late_z" if family == "account" else family, family, push, None, None, "", {"en": "", "ru": ""})
        for family, push in families.items()
    ]


BOILING, SIMMERING = Situation(Band.BOILING), Situation(Band.SIMMERING)


@pytest.mark.parametrize(
    ("families", "situation", "play"),
    [
        ({"our_side": 1.2, "latency": 0.9, "tone": 0.8}, BOILING, "own_fault"),
        ({"our_side": 1.2, "account": 0.9}, SIMMERING, "own_fault"),
        ({"account": 1.1, "latency": 0.2}, SIMMERING, "receivables_handoff"),
        ({"latency": 1.1, "account": 0.2}, Situation(Band.SIMMERING, invoice_overdue=True), "check_in"),
        ({"rhythm": 1.3, "latency": 0.4}, SIMMERING, "reopen_after_silence"),
        ({"activity": 1.3, "rhythm": 1.2, "latency": 0.4}, BOILING, "reopen_after_silence"),
        ({"tone": 1.0, "latency": 0.4}, Situation(Band.SIMMERING, we_promised=True), "align_expectations"),
        (
            {"latency": 1.0, "tone": 0.4, "meetings": 0.2},
            Situation(Band.BOILING, we_promised=True),
            "align_expectations",
        ),
        ({"latency": 1.0}, Situation(Band.SIMMERING, we_promised=True), "check_in"),
        ({"meetings": 0.9, "latency": 0.5}, SIMMERING, "change_channel"),
        ({"meetings": 0.9, "latency": 0.5, "tone": 0.5}, BOILING, "relationship_reset"),
        ({"tone": 0.9, "latency": 0.5, "engagement": 0.5}, BOILING, "relationship_reset"),
        ({"tone": 0.9, "latency": 0.5, "engagement": 0.5}, SIMMERING, "check_in"),
        ({"tone": 0.9, "latency": 0.5}, BOILING, "check_in"),
        ({"tone": 0.9, "latency": -0.5, "engagement": -0.5}, BOILING, "check_in"),
        ({"latency": 0.9, "exit_words": 0.5}, SIMMERING, "relationship_reset"),
        ({"our_side": 0.9, "exit_words": 0.5}, SIMMERING, "own_fault"),
        ({"tone": 0.9}, Situation(Band.SIMMERING, nights_hot=1), "wait_it_out"),
        ({"tone": 0.9}, Situation(Band.SIMMERING, nights_hot=3), "check_in"),
        ({"tone": 0.9, "latency": 0.1}, Situation(Band.SIMMERING, nights_hot=1), "check_in"),
        ({"tone": 0.9}, Situation(Band.BOILING, nights_hot=1), "check_in"),
        ({"initiative": 0.9}, Situation(Band.SIMMERING, review_overdue=True), "client_review"),
        ({"tone": 0.9}, Situation(Band.SIMMERING, review_overdue=True), "check_in"),
        ({"initiative": 0.9}, Situation(Band.SIMMERING, review_overdue=True, outgrown=True), "growth_offer"),
        ({"latency": 0.9}, SIMMERING, "check_in"),
        ({}, SIMMERING, "check_in"),
        ({"a_family_of_tomorrow": 0.9}, SIMMERING, "check_in"),
    ],
)
def test_the_reasons_choose_the_play(families: dict[str, float], situation: Situation, play: str) -> None:
    assert choose(pushes(**families), situation) == play


def test_the_order_in_which_reasons_are_given_does_not_matter() -> None:
    reasons = pushes(latency=0.4, rhythm=1.3)

    assert choose(reasons, SIMMERING) == choose(reasons[::-1], SIMMERING) == "reopen_after_silence"


def test_the_playbook_has_the_ten_plays_and_a_fact_for_every_family() -> None:
    playbook = read_playbook()

    assert set(FAMILIES) == set(Family)
    assert set(playbook.plays) == set(PLAYS)
    assert {*FAMILIES, "other"} == set(playbook.facts)


@pytest.mark.parametrize(("name", "language"), EVERY_TEXT)
def test_words_to_start_with_are_two_to_four_sentences_that_address_the_contact(name: str, language: Language) -> None:
    words = read_playbook().play(name).said_in(language).words

    assert 2 <= len(re.findall(r"[.?!](?=\s|$)", words)) <= 4
    assert words.startswith("{contact}, ")
    assert "\n" not in words
    assert "  " not in words


@pytest.mark.parametrize(("name", "language"), EVERY_TEXT)
def test_every_text_has_steps_and_warnings_in_its_own_script(name: str, language: Language) -> None:
    text: PlayText = read_playbook().play(name).said_in(language)
    prose = " ".join([text.title, text.goal, *text.steps, text.words, *text.avoid])
    for slot in SLOTS:
        prose = prose.replace(slot, "")

    assert 3 <= len(text.steps) <= 6
    assert 2 <= len(text.avoid) <= 4
    assert bool(re.search("[а-яё]", prose)) is (language == "ru")
    assert not re.search("[a-z]", prose) if language == "ru" else True


@pytest.mark.parametrize(("name", "language"), EVERY_TEXT)
def test_opening_words_leave_no_slot_open(name: str, language: Language) -> None:
    words = read_playbook().opening_words(name, ["latency"], "Anna", "Northwind", language)

    assert words.startswith("Anna, ")
    assert "{" not in words


def test_the_strongest_reason_with_a_fact_is_the_one_named() -> None:
    words = read_playbook().opening_words("check_in", ["unheard_of", "initiative", "tone"], "Anna", "Northwind", "en")

    assert "lately the questions come mostly from our side" in words


def test_a_name_that_looks_like_a_slot_stays_a_name() -> None:
    words = read_playbook().opening_words("align_expectations", [], "{client}", "{fact}", "en")

    assert words.startswith("{client}, ")
    assert "promised to {fact}:" in words


def test_an_unknown_play_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"'make_coffee'.*check_in"):
        read_playbook().play("make_coffee")


def _edited(tmp_path: Path, old: str, new: str) -> Path:
    shipped = (Path(__file__).parents[2] / "churnwatch/alerts/plays.toml").read_text(encoding="utf-8")
    assert old in shipped
    path = tmp_path / "plays.toml"
    path.write_text(shipped.replace(old, new), encoding="utf-8")
    return path


def test_an_edited_playbook_is_read_from_its_own_file(tmp_path: Path) -> None:
    playbook: Playbook = read_playbook(_edited(tmp_path, "Own up first", "Say it first"))

    assert playbook.play("own_fault").en.title == "Say it first"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("{contact}, good morning", "{name}, good morning", "slots"),
        ("[plays.wait_it_out", "[plays.wait_it_off", "wait_it_out"),
        ("[facts.rhythm]", "[facts.rythm]", "facts.rhythm"),
        ("[roles.head]", "[roles.boss]", "roles.head"),
        ("working_days = 2", "working_days = 0", "working_days"),
        ("[facts.rhythm]", "[facts.rhythm", "TOML"),
    ],
)
def test_a_playbook_edited_wrongly_is_refused_with_the_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        read_playbook(_edited(tmp_path, old, new))
