"""Reasons in words: what a signal's push means for a person, in English and Russian, with the client's own numbers."""

import math
from typing import Literal

from churnwatch.features.sentences import OF_FAMILIES, SENTENCES
from churnwatch.features.signal import Signal, Unit

Language = Literal["en", "ru"]

# Any at all is news:
_ABSOLUTE = frozenset({"exit_words", "our_unanswered", "overdue", "their_promises", "broken_promises"})
_LEVELS_FALL = frozenset({"volume_cusum"})  # a shortage: it rises as what is shown falls
_NEWS_FROM = {  # values that are told by themselves, and from where on the risky side they are news; 0 for the rest
    "irritation_peak": 0.3,
    "client_latency_slope": 0.3,
    "address_shift": 0.6,
    "senior_joins": 0.25,  # one person, four weeks ago
    "manager_change": 0.3,  # ten weeks ago
    "answered_share": 0.5,
}
_LEAST_CHANGE: dict[Unit, float] = {"share": 0.05}  # by how much levels must differ to be told as a change …
_LEAST_RATIO = 1.1  # … or, for other units, how many times


def speaks(signal: Signal, value: float, now: float, before: float) -> bool:
    """Whether the client's own numbers bear the sentence out.

    A push by what is missing, usual or not there at all (no word of leaving, no day overdue) tells nobody anything.
    """
    if signal.name not in SENTENCES or math.isnan(value):
        return False
    higher = signal.risky == "higher"
    if signal.shown_in is None or signal.name in _NEWS_FROM:
        news_from = _NEWS_FROM.get(signal.name, 0.0)
        return value > news_from if higher else value < news_from
    if signal.name in _ABSOLUTE:
        return now > 0
    if signal.unit == "decades" and value <= 0:
        return False
    high, low = (now, before) if higher and signal.name not in _LEVELS_FALL else (before, now)
    if signal.shown_in in _LEAST_CHANGE:
        return high - low >= _LEAST_CHANGE[signal.shown_in]
    return high > low and high >= _LEAST_RATIO * low


def sentence(signal: Signal, now: float, before: float, language: Language) -> str:
    """The reason as a clause about the client, without a full stop."""
    forms = SENTENCES.get(signal.name)
    if forms is None:
        return family_sentence(str(signal.family), language)
    numbered, plain = (forms[0], forms[1]) if language == "en" else (forms[2], forms[3])
    unit = signal.shown_in
    if not numbered or unit is None or math.isnan(now):
        return plain
    told, was = quantity(now, unit, language), quantity(before, unit, language)
    if "{before}" in numbered and (math.isnan(before) or told == was):  # "1 person, was 1 person" would tell nothing
        return plain
    return numbered.format(now=told, before=was)


def family_sentence(family: str, language: Language) -> str:
    """What a family says when none of its signals has words of its own."""
    english, russian = OF_FAMILIES[family]
    return english if language == "en" else russian


def quantity(value: float, unit: Unit, language: Language) -> str:
    r"""A number with its unit as a person would write it.

    >>> quantity(0.5, "hours", "en"), quantity(12, "hours", "ru"), quantity(0.333, "share", "en"), quantity(21, "days", "ru")
    ('30 min', '12 рабочих часов', '33\xa0%', '21 день')
    """
    if math.isnan(value):
        return "—"
    if unit == "share":
        return f"{100 * value:.0f}\u00a0%"
    if unit == "hours" and value < 1:
        return f"{max(1, round(60 * value))} {'min' if language == 'en' else 'мин'}"
    words = _UNITS.get(unit)
    if unit == "hours" and value >= _HOURS_TOLD_AS_DAYS:
        value, words = value / _HOURS_A_WORKING_DAY, _WORKING_DAYS
    whole = unit == "people" or (unit == "days" and value >= 3)
    shown = _rounded(round(value) if whole else value, language)
    if words is None:
        return shown
    if language == "en":
        return f"{shown} {words[0] if shown == '1' else words[1]}"
    return f"{shown} {_russian_plural(shown, words[2:])}"


_HOURS_A_WORKING_DAY = 9.0
_HOURS_TOLD_AS_DAYS = 18.0
_WORKING_DAYS = ("working day", "working days", "рабочий день", "рабочих дня", "рабочих дней")
_UNITS: dict[Unit, tuple[str, str, str, str, str]] = {
    "seconds": ("second", "seconds", "секунда", "секунды", "секунд"),
    "hours": ("business hour", "business hours", "рабочий час", "рабочих часа", "рабочих часов"),
    "days": ("day", "days", "день", "дня", "дней"),
    "months": ("month", "months", "месяц", "месяца", "месяцев"),
    "messages": ("message", "messages", "сообщение", "сообщения", "сообщений"),
    "words": ("word", "words", "слово", "слова", "слов"),
    "people": ("person", "people", "человек", "человека", "человек"),
    "promises": ("promise", "promises", "обещание", "обещания", "обещаний"),
}


def _rounded(value: float, language: Language) -> str:
    text = f"{value:.0f}" if value >= 10 or value == round(value) else f"{value:.1f}".removesuffix(".0")
    return text if language == "en" else text.replace(".", ",")


def _russian_plural(shown: str, forms: tuple[str, ...]) -> str:
    if not shown.isdigit():
        return forms[1]
    number = int(shown)
    if number % 100 in range(11, 15):
        return forms[2]
    return forms[0] if number % 10 == 1 else forms[1] if number % 10 in (2, 3, 4) else forms[2]
