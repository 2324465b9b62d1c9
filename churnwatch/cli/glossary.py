"""The words around the catalogue in both languages: what a family is about, what a unit means, how windows and limits read."""

import re
from typing import NamedTuple

from churnwatch.cli.console import Language
from churnwatch.features import Family
from churnwatch.features.signal import Risky, Unit


class Said(NamedTuple):
    """One text in each language."""

    en: str
    ru: str

    def said_in(self, language: Language) -> str:
        """The text in one language."""
        return self.ru if language == "ru" else self.en


FAMILIES: dict[Family, tuple[Said, Said]] = {
    # title, and a sentence on what the family is about
    Family.ACTIVITY: (
        Said("Activity", "Активность"),
        Said("How recently, how often and for how long the client has been writing and calling.",
             "Как давно, как часто и как долго клиент пишет и звонит."),
    ),
    Family.RHYTHM: (
        Said("Rhythm", "Ритм"),
        Said("Today's silence against the pauses that this client used to make.",
             "Нынешнее молчание в сравнении с паузами, которые этот клиент делал раньше."),
    ),
    Family.LATENCY: (
        Said("Waiting for the client", "Ожидание клиента"),
        Said("How long the client lets us wait for an answer, against how long it used to.",
             "Сколько клиент заставляет ждать ответа, в сравнении с тем, что было раньше."),
    ),
    Family.ENGAGEMENT: (
        Said("Engagement", "Вовлечённость"),
        Said("How much the client says when it writes: length, questions, answers in a word.",
             "Сколько клиент говорит, когда пишет: длина, вопросы, ответы в одно слово."),
    ),
    Family.INITIATIVE: (
        Said("Initiative", "Инициатива"),
        Said("Who starts the conversation, and how often we must ask before an answer comes.",
             "Кто начинает разговор и сколько раз приходится писать, прежде чем ответят."),
    ),
    Family.MEETINGS: (
        Said("Meetings and calls", "Встречи и звонки"),
        Said("Invitations that the client turns down, moves or misses, and calls that it does not pick up.",
             "Встречи, от которых клиент отказывается, которые переносит или пропускает, и звонки без ответа."),
    ),
    Family.PEOPLE: (
        Said("People", "Люди"),
        Said("Who at the client takes part: who has joined, who has gone quiet, how many still write.",
             "Кто участвует со стороны клиента: кто подключился, кто замолчал, сколько людей ещё пишет."),
    ),
    Family.TONE: (
        Said("Tone", "Тон"),
        Said("Irritation and courtesy in the client's own words, against that client's own manner.",
             "Раздражение и вежливость в словах самого клиента, в сравнении с его обычной манерой."),
    ),
    Family.EXIT_WORDS: (
        Said("Talk of parting", "Разговоры о расставании"),
        Said("Words that speak of leaving: termination, handover, other vendors.",
             "Слова об уходе: расторжение, передача дел, другие подрядчики."),
    ),
    Family.OUR_SIDE: (
        Said("Our side", "Наша сторона"),
        Said("What we do ourselves, so that a cold client can be told from one that we let cool.",
             "Что делаем мы сами: чтобы отличить остывшего клиента от того, кому дали остыть."),
    ),
    Family.ACCOUNT: (
        Said("Account", "Расчёты"),
        Said("Invoices: how they are paid, and whether they shrink.",
             "Счета: как их оплачивают и не становятся ли они меньше."),
    ),
    Family.CONTEXT: (
        Said("Context", "Обстановка"),
        Said("The season and the whole firm's ebb, so that a quiet August is not taken for a cooling client.",
             "Время года и общий спад переписки: чтобы тихий август не сочли охлаждением."),
    ),
}  # fmt: skip

TERMS: tuple[tuple[Said, Said], ...] = (
    # term, and what it means
    (Said("as-of", "на дату"), Said(
        "The midnight that starts the date asked for, in the firm's time zone. What became known later is not seen. "
        "Ranks, decision-makers and countries alone are those of today for every date: a CRM gives no dates for them.",
        "Полночь, с которой начинается указанная дата, по времени фирмы. Всё, что стало известно позже, не видно. "
        "Только должности, решающие лица и страны на любую дату сегодняшние: дат для них CRM не даёт.")),
    (Said("W", "W"), Said(
        "The 28 days before the as-of: how things are now.",
        "28 дней до этой полуночи: как дела сейчас.")),
    (Said("B", "B"), Said(
        "The 180 days before W: the client's own past, which is the measure of everything.",
        "180 дней до W: собственное прошлое клиента, с которым всё и сравнивается.")),
    (Said("Z", "Z"), Said(
        "(median in W − median in B) / standard error: by how many of their own usual deviations people are off their own past. "
        "Each contact is compared, channel by channel, with itself alone; its median and spread in B are drawn towards the firm's "
        "as far as little is known of it; then contacts are weighed by their evidence, a decision-maker twice. Clipped to ±6.",
        "(медиана в W − медиана в B) / стандартная ошибка: на сколько своих обычных отклонений люди отошли от собственного прошлого. "
        "Каждого, канал за каналом, сравнивают только с ним самим; его медиана и разброс в B притянуты к обычным для фирмы тем "
        "сильнее, чем меньше о нём известно; затем людей взвешивают по числу сведений, решающего — вдвойне. Не дальше ±6.")),
    (Said("dR", "dR"), Said(
        "A share in W against the share that each contact's own rate in B would give there, in log-odds; both are drawn towards "
        "the firm's share with the weight of ten observations. 0 = as before, 0.7 = twice the odds.",
        "Доля в W против той, которую дала бы привычка каждого собеседника в B, в логарифмах шансов; обе притянуты к обычной "
        "для фирмы с весом десяти наблюдений. 0 = как раньше, 0,7 = шансы вдвое выше.")),
    (Said("decades", "порядки"), Said(
        "−log10 of the share of the client's own past that was at least as extreme: 1 = one case in ten, 2 = one in a hundred.",
        "−log10 доли случаев в прошлом самого клиента, не менее крайних: 1 = один случай из десяти, 2 = один из ста.")),
    (Said("log", "log"), Said(
        "Natural logarithm: of a count log(1 + n), of a ratio 0.7 = doubled and −0.7 = halved.",
        "Натуральный логарифм: числа — log(1 + n); отношения: 0,7 = вдвое больше, −0,7 = вдвое меньше.")),
    (Said("doublings", "удвоения"), Said(
        "Logarithm of a ratio to the base of two: 1 = twice as long, 2 = four times, −1 = half.",
        "Двоичный логарифм отношения: 1 = вдвое дольше, 2 = вчетверо, −1 = вдвое быстрее.")),
    (Said("business hours", "рабочие часы"), Said(
        "The firm's office hours on days that both the firm's and the client's country work, less the absences that "
        "the client's person waited for has declared: no nights, weekends, public holidays of either country, or leave.",
        "Часы работы фирмы в дни, рабочие и в её стране, и в стране клиента, за вычетом объявленного отсутствия того, кого у клиента "
        "ждут: без ночей, выходных, праздников обеих стран и отпусков.")),
    (Said("NaN", "NaN"), Said(
        "“Not enough evidence”: under the least evidence a signal says nothing. That is never the same as 0.",
        "«Мало данных»: если сведений меньше необходимого, сигнал молчит. Это не то же самое, что 0.")),
)  # fmt: skip

UNITS: dict[Unit, Said] = {
    "z": Said("Z", "Z"),
    "log_odds": Said("dR", "dR"),
    "log": Said("log", "log"),
    "doublings": Said("doublings", "удвоения"),
    "decades": Said("decades", "порядки"),
    "seconds": Said("seconds", "секунды"),
    "hours": Said("business hours", "рабочие часы"),
    "days": Said("days", "дни"),
    "messages": Said("messages", "сообщения"),
    "share": Said("share", "доля"),
    "words": Said("words", "слова"),
    "months": Said("months", "месяцы"),
    "ratio": Said("ratio", "отношение"),
    "weeks": Said("weeks", "недели"),
    "calls": Said("calls", "звонки"),
    "turns": Said("turns", "реплики"),
    "people": Said("people", "люди"),
    "promises": Said("promises", "обещания"),
    "amount": Said("money per 30 days", "деньги за 30 дней"),
}

RISKY: dict[Risky, Said] = {
    "higher": Said("higher", "выше"),
    "lower": Said("lower", "ниже"),
    "both": Said("either", "по-разному"),
}

# What windows and least evidence are made of. A longer phrase stands before those that it contains.
_RUSSIAN_PHRASES = {
    "half-life": "полураспад",
    "of the main contact": "главного собеседника",
    "fading over": "угасание за",
    "weekly": "по неделям",
    "of each side": "каждой стороны",
    "of the firm": "фирмы",
    "of tenure": "отношений",
    "in each": "в каждом",
    "in B": "в B",
    "in W": "в W",
    "before": "раньше",
    "recent": "недавно",
    "against": "против",
    "as-of": "на дату",
    "all": "всё время",
    "none": "ничего",
}
_RUSSIAN_COUNTS = {
    # singular in English: after 1, 2, 5 in Russian
    "sign of life": ("признак жизни", "признака жизни", "признаков жизни"),
    "d": ("день", "дня", "дней"),
    "month": ("месяц", "месяца", "месяцев"),
    "message": ("сообщение", "сообщения", "сообщений"),
    "word": ("слово", "слова", "слов"),
    "answer": ("ответ", "ответа", "ответов"),
    "of our message": ("наше сообщение", "наших сообщения", "наших сообщений"),
    "contact of rank": (
        "руководитель, юрист или закупщик",
        "руководителя, юриста или закупщика",
        "руководителей, юристов или закупщиков",
    ),
    "conversation": ("разговор", "разговора", "разговоров"),
    "week": ("неделя", "недели", "недель"),
    "people": ("человек", "человека", "человек"),
    "wait": ("ожидание", "ожидания", "ожиданий"),
    "turn": ("реплика", "реплики", "реплик"),
    "run": ("серия", "серии", "серий"),
    "thread": ("разговор", "разговора", "разговоров"),
    "gap": ("пауза", "паузы", "пауз"),
    "meeting": ("встреча", "встречи", "встреч"),
    "call": ("звонок", "звонка", "звонков"),
    "invoice": ("счёт", "счёта", "счетов"),
}
_COUNTED = re.compile(rf"(\d+) ({'|'.join(_RUSSIAN_COUNTS)})s?\b")
_PHRASE = re.compile(rf"\b(?:{'|'.join(_RUSSIAN_PHRASES)})(?!\w)")


def in_russian(span: str) -> str:
    """A signal's window or least evidence in Russian; a word that is not known here stays as it is.

    >>> in_russian("28 d against 180 d"), in_russian("5 answers in B, 2 in W")
    ('28 дней против 180 дней', '5 ответов в B, 2 в W')
    """
    counted = _COUNTED.sub(_counted_in_russian, span)
    return _PHRASE.sub(lambda found: _RUSSIAN_PHRASES[found.group()], counted)


def _counted_in_russian(found: re.Match[str]) -> str:
    number = int(found[1])
    one, few, many = _RUSSIAN_COUNTS[found[2]]
    if number % 100 in range(11, 15):
        return f"{number} {many}"
    return f"{number} {one if number % 10 == 1 else few if number % 10 in (2, 3, 4) else many}"
