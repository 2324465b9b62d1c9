"""Turns intents into a letter's own text: picks sentences, fills their slots, and lets the writer's temper show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
MONTHS_RU_OF = [
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
    return f"{day.day} {(MONTHS_RU_OF if language == 'ru' else _MONTHS_EN)[day.month - 1]}"


def month_name(day: date, language: str) -> str:
    """The month's name, in Russian in the nominative."""
    return (_MONTHS_RU if language == "ru" else _MONTHS_EN)[day.month - 1]


def sentence(intent: str, language: str, ours: bool, slots: Mapping[str, str], dice: Dice) -> str:
    """One sentence of an intent, its slots filled."""
    return dice.pick(_BANKS[language, ours][intent]).format_map(slots)


@dataclass(slots=True)
class Memory:
    """What was said in one thread, and what in it waits for an answer."""

    question: tuple[str, int] | None = None  # the intent it was asked by, and which of its sentences it was
    wishes: list[tuple[str, int]] = field(default_factory=list)
    said: set[str] = field(default_factory=set)


def compose(
    intents: Sequence[str],
    writer: Person,
    reader: Person,
    language: str,
    ours: bool,
    occasion: Occasion,
    clipped: float,
    memory: Memory,
    dice: Dice,
) -> str:
    """A letter's own text; `clipped` in 0..1 is how far greeting and courtesies are left out."""
    slots = _slots(writer, reader, language, occasion)
    bank = _BANKS[language, ours]
    said = [words.format_map(slots) for intent in intents if (words := _words(intent, bank, memory, dice)) is not None]
    if not said:
        said = [dice.pick(bank["done" if ours else "ack"]).format_map(slots)]
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
    return "\n\n".join(parts)


def _words(intent: str, bank: Mapping[str, tuple[str, ...]], memory: Memory, dice: Dice) -> str | None:
    """A sentence of the intent that was not yet said in the thread; questions and answers stand at the same place of two banks."""
    if intent == "answer":
        asked, memory.question = memory.question, None
        if asked is not None and (answers := bank.get(f"answer_{asked[0]}")):
            return answers[asked[1] % len(answers)] if asked[0] in _ASKING else dice.pick(answers)
        intent = "answer_status" if "answer_status" in bank else "ack"
    if intent.startswith("done_detail"):
        if not memory.wishes:
            return None
        area, number = memory.wishes.pop(0)
        return bank[f"done_{area}"][number]
    fresh = [number for number, words in enumerate(bank[intent]) if words not in memory.said]
    number = dice.pick(fresh or range(len(bank[intent])))
    memory.said.add(bank[intent][number])
    if intent.startswith("detail_"):
        memory.wishes.append((intent, number))
    if intent in _ASKING or (intent == "status" and memory.question is None):
        memory.question = (intent, number)
    return bank[intent][number]


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
