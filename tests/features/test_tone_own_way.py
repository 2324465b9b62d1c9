"""Tone against the person's own way: letters in, through the shipped reader, signals out, in a firm of many temperaments."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

import pytest
from builders import AS_OF, MIDNIGHT
from temperaments import ANGRY, COLD, HABITS, WRONGED

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.table import EventTable
from churnwatch.core.types import Direction, Message
from churnwatch.model.tone import SHIPPED

CALENDAR = BusinessCalendar("Europe/Berlin", "DE")
RATES = ("irritation_rate", "politeness_drop", "shouting", "blame", "address_shift", "repetition", "short_ack")
SIGNALS = (*RATES, "irritation_peak")
LANGUAGES = ("en", "ru")
WEEKS, LETTERS_A_WEEK = 40, 3
RECENT = 12  # letters of the last four weeks

Letters = Sequence[str]  # what somebody writes, the oldest first


def habit(temperament: str, language: str) -> list[str]:
    """A repertoire over and over again."""
    repertoire = HABITS[temperament][language]
    return [repertoire[number % len(repertoire)] for number in range(WEEKS * LETTERS_A_WEEK)]


def ending(letters: Letters, texts: Letters, count: int) -> list[str]:
    """The same person, with `count` letters of another sort in the end."""
    return [*letters[:-count], *(texts[number % len(texts)] for number in range(count))]


def messages(client_id: str, letters: Letters, writer: str = "x", hour: int = 10) -> list[Message]:
    """Letters of one person on Mondays, Wednesdays and Fridays up to the as-of."""
    found = []
    for number, text in enumerate(letters, start=WEEKS * LETTERS_A_WEEK - len(letters)):
        week, place = divmod(number, LETTERS_A_WEEK)
        at = MIDNIGHT - timedelta(weeks=WEEKS - week) + timedelta(days=2 * place, hours=hour)
        event_id = f"{client_id}-{writer}-{number}"
        found.append(Message(event_id, client_id, Direction.IN, at, at, writer, thread_id=event_id, text=text))
    return found


@cache
def changes() -> dict[str, Letters]:
    """Who has changed, and how."""
    found: dict[str, Letters] = {}
    for language in LANGUAGES:
        for temperament in HABITS:
            letters = habit(temperament, language)
            found[f"{temperament} grows angry, {language}"] = ending(letters, ANGRY[language], RECENT)
            found[f"{temperament} is wronged, {language}"] = ending(letters, WRONGED[language], RECENT)
        warm = habit("warm", language)
        found[f"warm, one cold word, {language}"] = ending(warm, COLD[language], 1)
        found[f"warm turns cold, {language}"] = ending(warm, COLD[language], RECENT)
        found[f"warm, one angry letter, {language}"] = ending(warm, ANGRY[language], 1)
    return found


@cache
def measured() -> dict[tuple[str, str], float]:
    """Each tone signal of each person of one firm, with the sign that makes more of it riskier."""
    firm = {
        f"{temperament}, {language}": habit(temperament, language) for temperament in HABITS for language in LANGUAGES
    }
    return signals([one for name, letters in {**firm, **changes()}.items() for one in messages(name, letters)])


def signals(events: Sequence[Message]) -> dict[tuple[str, str], float]:
    read = SHIPPED.read_all([event.text or "" for event in events])
    table = EventTable.from_events(events, {event.event_id: one for event, one in zip(events, read, strict=True)})
    index = scoring.index_of(table, table.clients, scoring.instants(CALENDAR, AS_OF, len(table.clients)))
    values = features.measure(table, index, CALENDAR, names=SIGNALS).values
    return {
        (client_id, name): float(values[name][row]) * (-1 if features.BY_NAME[name].risky == "lower" else 1)
        for row, client_id in enumerate(table.clients)
        for name in SIGNALS
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("temperament", HABITS)
def test_whoever_writes_as_ever_raises_nothing(temperament: str, language: str) -> None:
    for name in SIGNALS:
        value = measured()[f"{temperament}, {language}", name]
        assert not value > 0.3, name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("temperament", ["loud", "terse"])
def test_so_it_is_in_a_firm_where_nobody_else_writes_like_that(temperament: str, language: str) -> None:
    quiet = [one for number in range(8) for one in messages(f"quiet {number}", habit("formal", language))]
    found = signals([*quiet, *messages("the one", habit(temperament, language))])
    for name in SIGNALS:
        assert not found["the one", name] > 0.3, name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("temperament", HABITS)
@pytest.mark.parametrize("change", ["grows angry", "is wronged"])
def test_irritation_is_seen_in_everybody_whatever_their_temper(temperament: str, change: str, language: str) -> None:
    assert measured()[f"{temperament} {change}, {language}", "irritation_rate"] > 0.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_anger_without_exclamation_marks_is_seen_in_one_who_used_them(language: str) -> None:
    angry = f"loud grows angry, {language}"
    assert measured()[angry, "shouting"] < 0
    assert measured()[angry, "blame"] > 1
    assert measured()[angry, "repetition"] > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warm_persons_first_cold_word_is_news_and_a_terse_persons_is_none(language: str) -> None:
    warm, terse = f"warm, one cold word, {language}", f"terse, {language}"
    assert measured()[warm, "short_ack"] > 0.4
    assert measured()[warm, "politeness_drop"] > 0.1
    assert abs(measured()[terse, "short_ack"]) < 0.1
    assert abs(measured()[terse, "politeness_drop"]) < 0.1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warm_person_who_turns_cold_is_louder_news_than_one_cold_word(language: str) -> None:
    once, ever_since = f"warm, one cold word, {language}", f"warm turns cold, {language}"
    for name in ("short_ack", "politeness_drop"):
        assert measured()[ever_since, name] > measured()[once, name] + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_angry_letter_is_a_peak_in_a_calm_person_and_none_in_one_who_sounds_so_by_habit(language: str) -> None:
    assert measured()[f"warm, one angry letter, {language}", "irritation_peak"] > 0.4
    assert measured()[f"terse, {language}", "irritation_peak"] < 0.1
    assert measured()[f"complaining, {language}", "irritation_peak"] < 0.1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choleric_who_joins_says_nothing_of_the_calm_one(language: str) -> None:
    calm = messages("acme", habit("formal", language))
    choleric = messages("acme", habit("loud", language)[-RECENT:], "y", hour=12)
    found = signals([*calm, *choleric])
    for name in RATES:
        assert not found["acme", name] > 0.3, name
