"""A client of the demo agency: who they are, what they pay, how often they write, who of us looks after them, and their story."""

from dataclasses import dataclass
from datetime import date, timedelta

from churnwatch.demo import cast, names, story
from churnwatch.demo.cast import OurManager, Person
from churnwatch.demo.dice import Dice
from churnwatch.demo.office import AS_OF, FIRST_DAY, next_workday
from churnwatch.demo.story import Mood, Story

_SINCE_BEFORE = 0.68  # share of clients who were with us when the mailboxes start
_LAST_START_DAYS = 150  # nobody joins in the last months: a newcomer has no story yet


@dataclass(frozen=True, slots=True)
class Account:
    """One client with everything that shapes its two years."""

    client_id: str
    number: int
    name: str
    domain: str
    language: str
    country: str
    started_on: date
    contract_ends_on: date | None
    value: float  # EUR a month
    people: tuple[Person, ...]
    managers: tuple[tuple[date, str], ...]  # since when, who
    topics: tuple[names.Topic, ...]
    talks_per_week: float
    opens: float  # share of conversations that the client opens
    meets_every_days: int
    calls_per_week: float
    pays_late_days: float
    due_days: int
    story: Story
    moods: dict[date, Mood]

    @property
    def western(self) -> bool:
        """Whether the client keeps western holidays."""
        return self.country != "RU"

    def manager_on(self, day: date) -> str:
        """Who of us looked after them on that day."""
        return next(key for since, key in reversed(self.managers) if since <= day or since == self.started_on)

    def mood(self, day: date) -> Mood:
        """The mood of that day's week."""
        return self.moods.get(day - timedelta(days=day.weekday()), Mood())

    @property
    def silent_from(self) -> date:
        """The first day without any word from the client."""
        return self.story.leaves_on or date.max

    @property
    def closed_from(self) -> date:
        """The first day on which we don't write either."""
        if self.story.leaves_on is None or self.story.known_on is None:
            return date.max
        return max(self.story.leaves_on, self.story.known_on) + timedelta(days=3)


def accounts(seed: int, count: int, managers: tuple[OurManager, ...]) -> tuple[Account, ...]:
    """All clients, each from its own stream of chance."""
    dice = Dice(seed, 2)
    kinds = story.kinds(count, dice)
    firms_ru, firms_en = dice.shuffled(names.FIRMS_RU), dice.shuffled(names.FIRMS_EN)
    result = []
    for number, kind in enumerate(kinds):
        russian = number % 2 == 0
        firms = firms_ru if russian else firms_en
        name, label = firms[number // 2 % len(firms)]
        if number // 2 >= len(firms):
            name, label = f"{name} {number // 2 // len(firms) + 1}", f"{label}-{number // 2 // len(firms) + 1}"
        result.append(_account(seed, number, kind, name, f"{label}.example", russian, managers))
    return tuple(result)


def _account(
    seed: int, number: int, kind: str, name: str, domain: str, russian: bool, managers: tuple[OurManager, ...]
) -> Account:
    dice = Dice(seed, 3, number)
    client_id = f"C{number + 1:03d}"
    language, country = ("ru", "RU") if russian else ("en", "GB" if dice.chance(0.65) else "DE")
    if dice.chance(_SINCE_BEFORE):
        started_on = FIRST_DAY - timedelta(days=dice.whole(40, 1300))
    else:
        span = (AS_OF - FIRST_DAY).days - _LAST_START_DAYS - (120 if kind in story.LEAVING else 0)
        started_on = FIRST_DAY + timedelta(days=dice.whole(7, span))
    started_on = next_workday(started_on, not russian)
    told = story.tell(kind, started_on, dice)
    months = dice.weighted((0, 12, 24, 36), (0.4, 0.3, 0.2, 0.1))
    return Account(
        client_id=client_id,
        number=number,
        name=name,
        domain=domain,
        language=language,
        country=country,
        started_on=started_on,
        contract_ends_on=started_on + timedelta(days=round(30.4375 * months)) if months else None,
        value=float(round(min(15_000.0, max(800.0, 2600 * dice.spread(0.75))) / 50) * 50),
        people=cast.people(client_id, number, domain, language, country, dice),
        managers=_managers(started_on, told.leaves_on or AS_OF, language, managers, dice),
        topics=tuple(dice.shuffled(names.TOPICS)[: dice.whole(4, 7)]),
        talks_per_week=min(2.6, max(0.7, 1.3 * dice.spread(0.3))),
        opens=dice.between(0.45, 0.75),
        meets_every_days=dice.weighted((7, 14, 30, 60), (0.15, 0.3, 0.4, 0.15)),
        calls_per_week=min(2.0, 0.55 * dice.spread(0.6)),
        pays_late_days=dice.weighted((-4.0, 1.0, 9.0), (0.5, 0.35, 0.15)),
        due_days=dice.pick((7, 10, 14, 30)),
        story=told,
        moods=story.moods(told, started_on, dice),
    )


def _managers(
    started_on: date, until: date, language: str, managers: tuple[OurManager, ...], dice: Dice
) -> tuple[tuple[date, str], ...]:
    # Russian clients mostly go to those who think in Russian, and one manager has more clients than she can serve.
    weights = [1.0 if manager.language == language else 0.3 for manager in managers]
    weights = [weight * (1.9 if manager.overloaded else 1.0) for weight, manager in zip(weights, managers, strict=True)]
    stay = [0.0 if manager.left_on else weight for weight, manager in zip(weights, managers, strict=True)]
    first = dice.weighted(managers, weights if started_on < cast.LEAVING_ON else stay)
    spans = [(started_on, first.key)]
    if first.left_on:
        if first.left_on < min(until, AS_OF):
            spans.append((first.left_on, dice.weighted(managers, stay).key))
    elif dice.chance(0.12):
        moved = FIRST_DAY + timedelta(days=dice.whole(60, (AS_OF - FIRST_DAY).days - 30))
        others = [manager for manager in managers if manager.key != first.key and not manager.left_on]
        if started_on + timedelta(days=60) < moved < min(until, AS_OF) - timedelta(days=5):
            spans.append((next_workday(moved), dice.pick(others).key))
    return tuple(spans)
