"""A fixed cast of clients, built from a seed: the same people, the same letters, on every machine.

Steady keeps its pace. Cooling answers late and short, avoids meetings and pays late; it got another manager three weeks ago. Boiling
writes as much as ever, but angrily: on formal terms all of a sudden, with a lawyer in copy, and we don't keep what we promise it.
Gone left half a year ago. Newcomer wrote for the first time last week. OnHoliday was steady until its out-of-office replies began.

At each client a contact writes most; a clerk writes now and then, and a chief, who decides, answers every other question of ours.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from churnwatch.core.calendar import micros
from churnwatch.core.roster import Rank, Roster
from churnwatch.core.table import EventTable
from churnwatch.core.types import Call, Departure, Direction, Event, Invoice, Meeting, MeetingStatus, Message, Outcome
from churnwatch.scoring import readings

AS_OF = date(2025, 6, 2)  # a Monday
MIDNIGHT = datetime(2025, 6, 2, tzinfo=UTC)
HISTORY_WEEKS = 60
GONE_ON = date(2024, 12, 2)
BACK_ON = date(2025, 6, 5)  # when OnHoliday is back
HANDED_OVER_AT = MIDNIGHT - timedelta(weeks=3)  # when Cooling got another manager

_FRIENDLY = (
    "Good morning! Thank you for the draft, we have read it with the whole team. Could you send the figures for the second "
    "quarter as well, so that we can plan the next campaign together? Best regards",
    "Hello, many thanks for yesterday. The new page looks right to us. When could we look at the budget for the autumn? "
    "We would like to start in September. Kind regards",
    "Здравствуйте! Спасибо за макеты, всё посмотрели вместе с коллегами. Пришлите, пожалуйста, цифры за второй квартал, чтобы "
    "мы успели спланировать следующую кампанию. Когда вам удобно созвониться? С уважением",
    "Добрый день! Спасибо, новая страница нам нравится. Давайте на следующей неделе обсудим бюджет на осень. Какие числа вам "
    "подходят? С уважением",
)
_WARM = (
    "Привет, Анна! Спасибо за макеты, всё посмотрел. Пришли, пожалуйста, цифры за второй квартал, чтобы мы успели спланировать "
    "следующую кампанию. Когда тебе удобно созвониться? До связи",
    "Привет, Анна! Спасибо, новая страница нам нравится. Давай на следующей неделе обсудим бюджет на осень. Какие числа тебе "
    "подходят? До связи",
)
_THANKS = (
    "Thank you, that answers my question completely. We will come back to you next week with our plan. Best regards",
    "Спасибо, теперь всё понятно. На следующей неделе вернёмся к вам с планом работ. С уважением",
)
_SHORT = ("ok", "noted", "fine.", "ок", "принято", "ясно")
_ANGRY = (
    "This is the third time I am asking!!! Why did you not send the report? You promised it last week. This is unacceptable.",
    "As I already wrote, nothing works. How much longer must we wait?! WHY IS NOBODY ANSWERING???",
    "Я уже в третий раз прошу прислать отчёт!!! Почему вы до сих пор ничего не сделали? Вы же обещали. Это безобразие.",
    "Ещё раз повторяю: ничего не работает. Сколько можно ждать?! ПОЧЕМУ НИКТО НЕ ОТВЕЧАЕТ???",
)
_OURS = (
    "Good afternoon, here is the draft of the report. Could you tell us by Thursday whether the second part suits you?",
    "Добрый день! Направляем проект отчёта. Подскажите, пожалуйста, подходит ли вам вторая часть?",
)
_OUR_ANSWERS = ("Thank you, here are the figures. Best regards", "Спасибо за письмо, направляем цифры. С уважением")
_OUR_QUESTIONS = (
    "Good afternoon, could you tell us by Thursday whether the second part suits you?",
    "Добрый день! Подскажите, пожалуйста, подходит ли вам вторая часть?",
)
_OUR_PROMISES = (
    "Thank you for your letter. We will send you the report by Friday. Best regards",
    "Спасибо за письмо. Мы пришлём вам отчёт до пятницы. С уважением",
)
_AWAY = (
    "I am out of the office until further notice and will read your message on my return.",
    "Я в отпуске, отвечу на ваше письмо после возвращения.",
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a client behaves in one week."""

    asks: int = 3  # threads it opens
    answers: float = 1.0  # share of our questions it answers
    latency_hours: float = 3.0
    texts: Sequence[str] = _FRIENDLY
    replies: Sequence[str] = _THANKS
    ours: Sequence[str] = _OURS
    our_answers: Sequence[str] = _OUR_ANSWERS
    attachments: int = 1  # to the first letter of the week
    copied: tuple[str, ...] = ()  # who else reads the client's letters
    writers: tuple[str, ...] = ("contact", "contact", "clerk")  # of the week's threads in turn
    answerers: tuple[str, ...] = ("contact", "chief")  # of our questions in turn
    invited: tuple[str, ...] = ("contact", "chief")
    comes: float = 1.0  # share of invitations it accepts
    picks_up: float = 1.0
    talk_s: float = 900.0
    days_late: int | None = 0  # invoices of this week; None = never paid
    back_on: date | None = None  # automatic replies only, until that day


STEADY = Manner()
SILENT = Manner(asks=0, answers=0.0, comes=0.0, picks_up=0.0, days_late=None)


@dataclass(slots=True)
class Diary:
    """Collects the events of one client; ids count up, so that a diary is the same every time."""

    client_id: str
    dice: random.Random
    events: list[Event] = field(default_factory=list)

    def _id(self) -> str:
        return f"{self.client_id}-{len(self.events):04d}"

    def message(
        self,
        direction: Direction,
        at: datetime,
        text: str,
        thread: str | None = None,
        person: str = "contact",
        *,
        reply_to: str | None = None,
        known_at: datetime | None = None,
        attachments: int = 0,
        copied: Sequence[str] = (),
        back_on: date | None = None,
    ) -> str:
        event_id = self._id()
        self.events.append(
            Message(
                event_id, self.client_id, direction, at, known_at or at, self.person(person),
                thread_id=thread, reply_to=reply_to, text=text, automatic=back_on is not None, attachments=attachments,
                people=tuple(map(self.person, (person, *copied))),
                away_since=None if back_on is None else at.date(), away_until=back_on,
            )
        )  # fmt: skip
        return event_id

    def person(self, who: str) -> str:
        return f"{self.client_id}-{who}"

    def meeting(
        self,
        direction: Direction,
        at: datetime,
        starts_at: datetime,
        status: MeetingStatus,
        meeting: str,
        invited: Sequence[str] = ("contact", "chief"),
    ) -> None:
        people = tuple(map(self.person, invited))
        self.events.append(
            Meeting(self._id(), meeting, self.client_id, direction, at, at, starts_at, status, people=people)
        )

    def call(self, direction: Direction, at: datetime, duration_s: float, *, answered: bool) -> None:
        caller = self.person("contact")
        self.events.append(Call(self._id(), self.client_id, direction, at, at, duration_s, answered, caller))

    def invoice(self, at: datetime, due_on: date, amount: float, paid_on: date | None) -> None:
        self.events.append(Invoice(self._id(), self.client_id, Direction.OUT, at, at, due_on, amount, paid_on))


def relation(
    client_id: str,
    manner: Callable[[int], Manner],
    *,
    weeks: int = HISTORY_WEEKS,
    until: datetime = MIDNIGHT,
    seed: int = 0,
) -> list[Event]:
    """The events of a relation; `manner(n)` tells how the client behaves in the n-th week before `until` (1 = the last)."""
    diary = Diary(client_id, random.Random(f"{client_id} {seed}"))  # noqa: S311 - dice, not secrets
    for back in range(weeks, 0, -1):
        _week(diary, until - timedelta(weeks=back), back, manner(back))
    return [event for event in diary.events if event.known_at < until]


def _week(diary: Diary, monday: datetime, number: int, manner: Manner) -> None:
    dice = diary.dice
    for ask in range(manner.asks):
        at = monday + timedelta(days=dice.randrange(5), hours=9 + dice.randrange(5), minutes=dice.randrange(60))
        thread = f"{diary.client_id}-w{number}-in{ask}"
        writer = manner.writers[ask % len(manner.writers)]
        attachments = 0 if ask else manner.attachments
        text = dice.choice(manner.texts)
        diary.message(Direction.IN, at, text, thread, writer, attachments=attachments, copied=manner.copied)
        answered = at + timedelta(minutes=40 + dice.randrange(80))
        diary.message(Direction.OUT, answered, dice.choice(manner.our_answers), thread, writer)
    for question in range(2):
        at = monday + timedelta(days=2 * question, hours=9, minutes=dice.randrange(60))
        thread = f"{diary.client_id}-w{number}-out{question}"
        person = manner.answerers[question]
        diary.message(Direction.OUT, at, dice.choice(manner.ours), thread, person)
        if manner.latency_hours > 24:
            diary.message(Direction.OUT, at + timedelta(hours=24), dice.choice(manner.ours), thread, person)
        if manner.back_on is not None:
            notice = at + timedelta(minutes=1)
            diary.message(Direction.IN, notice, dice.choice(_AWAY), thread, person, back_on=manner.back_on)
        elif dice.random() < manner.answers:
            late = timedelta(hours=manner.latency_hours * (0.6 + 0.8 * dice.random()))
            diary.message(Direction.IN, at + late, dice.choice(manner.replies), thread, person, copied=manner.copied)
    if number % 2:
        starts_at = monday + timedelta(days=3, hours=10)
        meeting = f"{diary.client_id}-m{number}"
        asked, answered = monday + timedelta(hours=9), monday + timedelta(hours=11)
        diary.meeting(Direction.OUT, asked, starts_at, MeetingStatus.INVITED, meeting, manner.invited)
        answer = MeetingStatus.ACCEPTED if dice.random() < manner.comes else MeetingStatus.DECLINED
        diary.meeting(Direction.IN, answered, starts_at, answer, meeting, manner.invited)
    picks_up = dice.random() < manner.picks_up
    diary.call(
        Direction.OUT, monday + timedelta(days=4, hours=15),
        manner.talk_s * (0.8 + 0.4 * dice.random()) if picks_up else 0.0, answered=picks_up,
    )  # fmt: skip
    if number % 4 == 0:
        due_on = (monday + timedelta(days=14)).date()
        paid_on = None if manner.days_late is None else due_on + timedelta(manner.days_late + dice.randrange(2))
        diary.invoice(monday + timedelta(hours=12), due_on, 1000.0 + 10 * dice.randrange(5), paid_on)


def steady(client_id: str = "steady") -> list[Event]:
    """Nothing happens here, and nothing should be said of it."""
    return relation(client_id, lambda _: STEADY)


def cooling(client_id: str = "cooling", weeks: int = 8) -> list[Event]:
    """Slower, shorter and rarer for `weeks`, silent in the last two; the call it still takes is a short one."""
    cool = Manner(
        asks=1,
        latency_hours=50,
        texts=_SHORT,
        replies=_SHORT,
        attachments=0,
        comes=0.0,
        picks_up=0.0,
        talk_s=60,
        days_late=None,
    )
    one_call = replace(cool, picks_up=1.0)

    def manner(back: int) -> Manner:
        if back > weeks:
            return STEADY
        return SILENT if back <= 2 else one_call if back == 3 else cool

    return relation(client_id, manner)


def boiling(client_id: str = "boiling") -> list[Event]:
    """As many letters as ever; on first-name terms until it grew angry a month ago, and brought in a lawyer a fortnight ago."""
    warm = Manner(texts=_WARM)
    angry = Manner(asks=4, texts=_ANGRY, replies=_ANGRY, ours=_OUR_QUESTIONS, our_answers=_OUR_PROMISES)
    with_lawyer = replace(angry, copied=("lawyer",))
    return relation(client_id, lambda back: warm if back > 4 else angry if back > 2 else with_lawyer)


def gone(client_id: str = "gone") -> list[Event]:
    """Fell silent and left; we went on writing for a while."""
    return relation(client_id, lambda back: STEADY if back > 30 else SILENT)


def newcomer(client_id: str = "newcomer") -> list[Event]:
    """Two letters of the last week."""
    return relation(client_id, lambda _: Manner(asks=2, answers=0.0, picks_up=0.0), weeks=1)


def on_holiday(client_id: str = "on_holiday") -> list[Event]:
    """Steady until a fortnight ago; only its mail robot has answered since."""
    away = Manner(asks=0, comes=1.0, picks_up=0.0, back_on=BACK_ON)
    return relation(client_id, lambda back: away if back <= 2 else STEADY)


GONE_OUTCOME = Outcome("gone", GONE_ON, Departure.LEFT, datetime.combine(GONE_ON, time(12), tzinfo=UTC))
CAST = ("boiling", "cooling", "gone", "newcomer", "on_holiday", "steady")


@cache
def cast() -> tuple[Event, ...]:
    """Everything that passed between us and the six, up to the as-of midnight."""
    people = (boiling, cooling, gone, newcomer, on_holiday, steady)
    return tuple(event for person in people for event in person())


def roster(clients: Iterable[str] = CAST) -> Roster:
    """Who is who at some clients: their chiefs, who decide, and their lawyers; and that Cooling was handed over."""
    clients = tuple(clients)
    ranks = {"chief": Rank.EXECUTIVE, "lawyer": Rank.LEGAL}
    return Roster(
        ranks={f"{client}-{who}": rank for client in clients for who, rank in ranks.items()},
        deciders={f"{client}-chief": client for client in clients},
        manager_changes={"cooling": (micros(HANDED_OVER_AT),)},
    )


def table_of(events: Sequence[Event]) -> EventTable:
    """Events as the night sees them: read for tone, as columns, with the roster of their clients."""
    return EventTable.from_events(events, readings(events), roster({event.client_id for event in events}))


@cache
def cast_table() -> EventTable:
    """The cast as columns."""
    return table_of(cast())
