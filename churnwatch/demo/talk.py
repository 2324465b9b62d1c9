"""A conversation by mail: who writes next, how long it takes them, what tone they take, and whether they answer at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from churnwatch.demo import office, wording
from churnwatch.demo.account import Account
from churnwatch.demo.cast import OurManager, Person
from churnwatch.demo.dice import Dice
from churnwatch.demo.names import Topic
from churnwatch.demo.story import Mood

_CLIENT_SIGMA = 0.95
_OUR_SIGMA = 0.85
_PATIENCE_H = (9.0, 34.0)  # office hours until a client asks again
_AWAY_INTENT = "away"
_SORRY = ("apology", "excuse", "farewell", "nudge", "nudge_topic")
_BY_AREA = ("detail", "done_detail", "propose")
_PROMISES = ("promise", "sketch")
_FIXED = ("irritated", "cold", "exit", "calmed", "project", "escalation")  # intents that already carry their tone


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail before it is written out. `at` is Moscow wall-clock time."""

    number: int
    client_id: str
    at: datetime
    ours: bool
    person: Person
    manager: Person
    sender: str
    subject: str
    text: str
    reply_to: "Letter | None"
    cc: tuple[Person, ...] = ()
    automatic: bool = False


@dataclass(slots=True)
class Post:
    """All letters of one client, and which absences were already answered automatically."""

    account: Account
    managers: Mapping[str, OurManager]
    dice: Dice
    letters: list[Letter] = field(default_factory=list)
    told_away: set[tuple[str, date]] = field(default_factory=set)


class Talk:
    """One thread. Each call writes the next letter, or none where the relation has ended or the client stays silent."""

    def __init__(self, post: Post, contact: Person, topic: Topic, subject: str, starts: datetime) -> None:
        self.post, self.contact, self.topic, self.subject = post, contact, topic, subject
        self.account, self.dice = post.account, post.dice
        self.at = starts
        self.last: Letter | None = None
        self.due: datetime | None = None
        self.memory = wording.Memory()
        self.cross = False  # whether the client's last letter was an angry one
        self.closes = post.account.story.notice_on or date.max  # nobody goes on about work after notice was given
        self._days = 0  # between the next promise and its date
        self.over = False

    def client(self, *intents: str, answers: float = 0.92, nudge: str | None = None) -> bool:
        """The client writes; False if they don't, even after we asked again with the intent `nudge`."""
        if self.over:
            return False
        if self.last is None:
            return self._say(False, self.at, intents)
        mood = self.account.mood(self.at.date())
        if not self.dice.chance(answers * (1 - 0.7 * mood.brevity)):
            return nudge is not None and self._nudged(nudge, intents, mood)
        return self._say(False, self._client_time(mood), intents)

    def firm(self, *intents: str, at: datetime | None = None) -> bool:
        """We write; a client who waits too long asks again first."""
        if self.over:
            return False
        if at is not None or self.last is None:
            return self._say(True, at or self.at, intents)
        day = self.at.date()
        mood, ours = self.account.mood(day), self._manager(day)
        slower = ours.factor if any(start <= day < end for start, end in ours.overloaded) else 1.0
        hours = ours.russian.latency_h * mood.our_slow * slower * self.dice.spread(_OUR_SIGMA)
        patience = self.dice.between(*_PATIENCE_H) * (0.5 if self.contact.temper == "choleric" else 1.0)
        if hours > patience and not self.last.ours and self.dice.chance(0.7):
            asked = office.after(self.at, patience, self.contact.shift_h, self.account.western)
            if self._say(False, asked, (self._chase(mood),)):
                hours = max(0.5, (hours - patience) * 0.5)
                intents = (("excuse",) if self.dice.chance(ours.careless * 2) else ("apology",)) + intents
        return self._say(True, office.after(self.at, hours), intents)

    def promise(self, *intents: str, said: str = "promise") -> bool:
        """We answer with a date."""
        self._days = self.dice.weighted((1, 2, 3, 5, 8, 12), (0.15, 0.25, 0.25, 0.2, 0.1, 0.05))
        return self.firm(*intents, said)

    def deliver(self, *intents: str) -> bool:
        """We do what was promised, on the day or after being asked."""
        due = self.due or self.at
        due = datetime.combine(office.next_workday(max(due, self.at).date()), time(10))
        due += timedelta(minutes=self.dice.whole(0, 460))
        mood = self.account.mood(due.date())
        if not self.dice.chance(min(0.9, mood.broken + self._manager(due.date()).careless)):
            return self.firm(*intents, at=max(due, self.at + timedelta(minutes=40)))
        asked = office.after(max(due, self.at), self.dice.between(4, 14), self.contact.shift_h, self.account.western)
        if self.dice.chance(0.75) and not self.over:
            heat = max(mood.heat, 0.9 if self.dice.chance(0.3) else 0.0)
            self._say(False, asked, (self._chase(mood, heat),))
            if self.dice.chance(0.8):
                self.promise("apology" if self.dice.chance(0.7) else "excuse")
        late = office.after(max(asked, self.at), self.dice.between(4, 30))
        return self.firm(*intents, at=late)

    def _nudged(self, nudge: str, intents: Sequence[str], mood: Mood) -> bool:
        for _ in range(2):
            if not self.dice.chance(0.55):
                return False
            asked = office.after(self.at, self.dice.between(16, 45))
            if not self._say(True, asked, (nudge if self.dice.chance(0.6) else "nudge",)):
                return False
            if self.dice.chance(0.62 * (1 - 0.6 * mood.brevity)):
                return self._say(False, self._client_time(mood), intents)
        return False

    def _chase(self, mood: Mood, heat: float | None = None) -> str:
        heat = mood.heat if heat is None else heat
        if heat < 0.5:
            return "status" if self.dice.chance(0.8) else "irritated_1"
        return self._irritated(heat)

    def _irritated(self, heat: float) -> str:
        return f"irritated_{min(4, max(1, round(heat + 0.6 * self.dice.normal())))}"

    def _client_time(self, mood: Mood) -> datetime:
        person = self.contact
        hours = person.latency_h * mood.slow * self.dice.spread(_CLIENT_SIGMA)
        at = office.after(self.at + timedelta(minutes=2), hours, person.shift_h, self.account.western)
        if back := person.back_on(at.date()):
            at = office.after(datetime.combine(back, time(9)), min(hours, 6.0), person.shift_h, self.account.western)
        if self.dice.chance(0.06):
            at += timedelta(hours=self.dice.between(0.5, 3.0))
        return at

    def _manager(self, day: date) -> OurManager:
        keys = list(self.post.managers)
        key = self.account.manager_on(day)
        for _ in keys:
            chosen = self.post.managers[key]
            gone = chosen.left_on is not None and chosen.left_on <= day
            if not gone and chosen.russian.back_on(day) is None:
                return chosen
            key = keys[(keys.index(key) + 1) % len(keys)]  # the next desk covers
        return self.post.managers[self.account.manager_on(day)]

    def _say(self, ours: bool, at: datetime, intents: Sequence[str]) -> bool:
        at = at.replace(microsecond=0) + timedelta(seconds=self.dice.whole(0, 59))
        account, day = self.account, at.date()
        if at >= office.END or day >= (account.closed_from if ours else account.silent_from):
            self.over = True
            return False
        if day > self.closes:
            self.over = True
            return False
        mood = account.mood(day)
        promises = ours and any(intent in _PROMISES for intent in intents)
        if promises:
            self.due = datetime.combine(wording.next_target(day, max(1, self._days)), time(15))
        manager = self._manager(day)
        us = manager.russian if account.language == "ru" else manager.english
        if ours:
            intents, clipped = self._our_words(intents, manager, mood)
        else:
            intents, clipped = self._client_words(intents, mood)
        occasion = wording.Occasion(
            self.topic,
            day,
            self.due.date() if self.due and self.due.date() > day else wording.next_target(day, self.dice.whole(1, 6)),
            self.due.date() if self.due and self.due.date() < day else day - timedelta(days=self.dice.whole(2, 6)),
        )
        if promises and self.due:
            occasion = wording.Occasion(self.topic, day, self.due.date(), self.due.date())
        writer, reader = (us, self.contact) if ours else (self.contact, us)
        text = wording.compose(
            intents, writer, reader, account.language, ours, occasion, clipped, self.memory, self.dice
        )
        self.cross = not ours and any(intent.startswith(("irritated", "escalation")) for intent in intents)
        self._append(ours, at, us, text)
        if ours:
            self._away(at, us)
        return True

    def _append(self, ours: bool, at: datetime, us: Person, text: str, automatic: bool = False) -> None:
        person, dice = self.contact, self.dice
        sender = us.addresses[0] if ours else person.addresses[0]
        if not ours and not automatic and len(person.addresses) > 1 and dice.chance(0.12):
            sender = person.addresses[1]
        others = [other for other in self.account.people if other.key != person.key]
        cc: tuple[Person, ...] = self.last.cc if self.last and not automatic else ()
        if self.last is None and others and dice.chance(0.22):
            cc = (dice.pick(others),)
        prefix = "Re: " if self.last else ""
        letter = Letter(
            len(self.post.letters), self.account.client_id, at, ours, person, us, sender, prefix + self.subject, text,
            self.last, cc, automatic,
        )  # fmt: skip
        self.post.letters.append(letter)
        if not automatic:
            self.last, self.at = letter, at

    def _away(self, at: datetime, us: Person) -> None:
        """The contact's out-of-office answer, once per absence."""
        back = self.contact.back_on(at.date())
        if back is None or (self.contact.key, back) in self.post.told_away:
            return
        self.post.told_away.add((self.contact.key, back))
        slots = {"date": wording.day_and_month(back, self.account.language)}
        text = wording.sentence(_AWAY_INTENT, self.account.language, False, slots, self.dice)
        at += timedelta(seconds=self.dice.whole(5, 70))
        if at < office.END and at.date() < self.account.silent_from:
            self._append(False, at, us, text, automatic=True)

    def _our_words(self, intents: Sequence[str], manager: OurManager, mood: Mood) -> tuple[list[str], float]:
        if self.cross and intents[0] not in _SORRY:
            kept = [intent for intent in intents if intent in (*_PROMISES, "answer") or intent.startswith("done")]
            sorry = "excuse" if self.dice.chance(manager.careless * 2) else "apology"
            intents = [sorry, *(kept or ["answer_complaint"])]
        elif intents[0] == "answer" and self.dice.chance(manager.careless * 2 + 0.1 * (mood.our_slow > 2)):
            return ["answer_curt"], 0.6
        return self._chosen(intents, 0.15 + manager.careless), 0.1

    def _client_words(self, intents: Sequence[str], mood: Mood) -> tuple[list[str], float]:
        dice, person = self.dice, self.contact
        cross = 0.012 + 0.2 * mood.heat + (0.05 if person.temper == "choleric" else 0.0)
        if dice.chance(min(0.75, cross)) and not intents[0].startswith(_FIXED):
            heat = max(mood.heat, 0.8)
            words = [self._irritated(heat)] + ([self._irritated(heat)] if dice.chance(0.45) else [])
            matter = [intent for intent in intents if intent.startswith(("detail", "reason"))]
            return (words if self.last or not matter else [*words, *self._chosen(matter, 0.3)]), 0.35
        if (
            self.last
            and dice.chance(mood.brevity)
            and not intents[0].startswith(("irritated", "exit", "calmed", "project"))
        ):
            later = 0.0 if intents[0].startswith(("thanks", "ack")) else 0.3
            return [dice.weighted(("cold", "ack", "postpone"), (0.45, 0.3, later))], 0.7
        reserve = {"dry": 0.5, "phlegmatic": 0.45, "warm": 0.0}.get(person.temper, 0.2)
        return self._chosen(intents, min(0.9, reserve + 0.5 * mood.brevity)), min(0.8, mood.brevity)

    def _chosen(self, intents: Sequence[str], reserve: float) -> list[str]:
        """Intents with the optional ones (marked `?`) drawn, and `detail` made that of the topic's area."""
        chosen = []
        for intent in intents:
            if intent.endswith("?") and not self.dice.chance(0.55 * (1 - reserve)):
                continue
            name = intent.removesuffix("?")
            chosen.append(f"{name}_{self.topic.area}" if name in _BY_AREA else name)
        return chosen or [intents[0].removesuffix("?")]
