"""Turns intents into a letter's own text: picks sentences, fills their slots, and lets the writer's temper show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from churnwatch.demo.cast import Person
from churnwatch.demo.dice import Dice
from churnwatch.demo.names import Topic
from churnwatch.demo.phrases_en_client import CLIENT_EN
from churnwatch.demo.phrases_en_firm import FIRM_EN
from churnwatch.demo.phrases_en_strain import STRAIN_EN
from churnwatch.demo.phrases_ru_client import CLIENT_RU
from churnwatch.demo.phrases_ru_firm import FIRM_RU
from churnwatch.demo.phrases_ru_strain import STRAIN_RU

_GRAVE = ("irritated", "escalation", "exit", "cold", "excuse", "apology", "farewell")  # no pleasantries go with these
_ASKING = ("ask", "question")  # intents whose sentences have an answer each
_BANKS: Mapping[tuple[str, bool], Mapping[str, tuple[str, ...]]] = {
    ("ru", False): {**CLIENT_RU, **STRAIN_RU},
    ("ru", True): FIRM_RU,
    ("en", False): {**CLIENT_EN, **STRAIN_EN},
    ("en", True): FIRM_EN,
}

_ON_DAY_RU = ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье")
_BY_DAY_RU = ("до понедельника", "до вторника", "до среды", "до четверга", "до пятницы", "до субботы", "до воскресенья")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_RU = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
_MONTHS_RU_OF = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
_MONTHS_RU_IN = [
    "январе",
    "феврале",
    "марте",
    "апреле",
    "мае",
    "июне",
    "июле",
    "августе",
    "сентябре",
    "октябре",
    "ноябре",
    "декабре",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is about and when: the topic, today, the day a promise or wish refers to, a day in the past or of return."""

    topic: Topic
    today: date
    target: date
    past: date


def day_and_month(day: date, language: str) -> str:
    """A date as people write it in a letter."""
    return f"{day.day} {(_MONTHS_RU_OF if language == 'ru' else _MONTHS_EN)[day.month - 1]}"


def month_name(day: date, language: str) -> str:
    """The month's name, in Russian in the nominative."""
    return (_MONTHS_RU if language == "ru" else _MONTHS_EN)[day.month - 1]


def sentence(intent: str, language: str, ours: bool, slots: Mapping[str, str], dice: Dice) -> str:
    """One sentence of an intent, its slots filled."""
    return dice.pick(_BANKS[language, ours][intent]).format_map(slots)


@dataclass(frozen=True, slots=True)
class Question:
    """What is waiting for an answer: the intent it was asked by, and which of its sentences it was."""

    intent: str
    number: int


def compose(
    intents: Sequence[str],
    writer: Person,
    reader: Person,
    language: str,
    ours: bool,
    occasion: Occasion,
    clipped: float,
    pending: Question | None,
    dice: Dice,
) -> tuple[str, Question | None]:
    """A letter's own text, and what is still waiting for an answer after it.

    `clipped` in 0..1 is how far greeting and courtesies are left out.
    """
    slots = _slots(writer, reader, language, occasion)
    said: list[str] = []
    for intent in intents:
        bank = _BANKS[language, ours]
        if intent == "answer":
            # Questions and their answers stand at the same place of two banks.
            named = f"answer_{pending.intent}" if pending else "ack"
            options = bank.get(named) or bank["answer_status" if ours else "ack"]
            number = pending.number if pending and pending.intent in _ASKING else dice.whole(0, len(options) - 1)
            pending = None
        else:
            options = bank[intent]
            number = dice.whole(0, len(options) - 1)
            if intent in _ASKING or (intent == "status" and pending is None):
                pending = Question(intent, number)
        words = options[number % len(options)].format_map(slots)
        if words not in said:
            said.append(words)
    grave = intents[0].startswith(_GRAVE)
    if not ours and writer.temper == "choleric":
        glad = intents[0].startswith(("thanks", "agree"))
        mood = None if grave or len(said) == 1 else "choleric_joy" if glad else "choleric_push"
        said = _boil(said, mood, language, slots, dice)
    body = _paragraphs(said, dice)
    courteous = {"dry": 0.45, "choleric": 0.4, "warm": 0.95}.get(writer.temper, 0.8) * (1 - clipped)
    parts = [body]
    if dice.chance(courteous):
        greeting = "greeting" if dice.chance(0.8) else "greeting_bare"
        parts.insert(0, sentence(greeting, language, ours, slots, dice))
    if dice.chance(courteous * 0.9):
        closing = "closing_warm" if writer.temper == "warm" and not grave and dice.chance(0.6) else "closing"
        parts.append(sentence(closing, language, ours, slots, dice))
    return "\n\n".join(parts), pending


def _boil(said: list[str], mood: str | None, language: str, slots: Mapping[str, str], dice: Dice) -> list[str]:
    """A choleric's ordinary letter: exclamation marks and capitals that mean nothing for this person."""
    if mood is not None and dice.chance(0.5):
        said = [sentence(mood, language, False, slots, dice), *said]
    marks = dice.pick(("!", "!!", "!!!"))
    said = [f"{words[:-1]}{marks}" if words.endswith((".", "!")) and dice.chance(0.6) else words for words in said]
    if dice.chance(0.12):
        said[-1] = said[-1].upper()
    return said


def _paragraphs(said: Sequence[str], dice: Dice) -> str:
    text = said[0]
    for words in said[1:]:
        text += ("\n\n" if len(said) > 3 and dice.chance(0.4) else " ") + words
    return text


def _slots(writer: Person, reader: Person, language: str, occasion: Occasion) -> Mapping[str, str]:
    target, today = occasion.target, occasion.today
    coming = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    near = 0 < (target - today).days < 6 and target.weekday() < 5
    shared = {
        "you": reader.called,
        "me": writer.signs,
        "a": "а" if writer.female else "",
        "date": day_and_month(occasion.past, language),
        "month": month_name(coming, language),
        "last_month": month_name(today.replace(day=1) - timedelta(days=1), language),
    }
    if language == "ru":
        nominative, genitive, dative, accusative, instrumental, prepositional = occasion.topic.cases
        spelled = day_and_month(target, "ru")
        return shared | {
            "t_nom": nominative,
            "t_gen": genitive,
            "t_dat": dative,
            "t_acc": accusative,
            "t_ins": instrumental,
            "t_pre": prepositional,
            "on_day": _ON_DAY_RU[target.weekday()] if near else spelled,
            "by_day": _BY_DAY_RU[target.weekday()] if near else f"до {spelled}",
            "month_pre": _MONTHS_RU_IN[coming.month - 1],
        }
    named = _DAYS_EN[target.weekday()] if near else day_and_month(target, "en")
    return shared | {
        "t_nom": occasion.topic.english,
        "t_Nom": occasion.topic.english[0].upper() + occasion.topic.english[1:],
        "on_day": f"on {named}",
        "by_day": f"by {named}",
    }


def next_target(today: date, days: int) -> date:
    """A working day about `days` ahead."""
    day = today + timedelta(days=days)
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
