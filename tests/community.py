"""Eighty clients over a year and a half, drawn from a seed: who will leave writes less and less for three months before."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from churnwatch.core.types import Departure, Direction, Event, Message, Outcome

FIRST_DAY = date(2023, 1, 2)
WEEKS = 84
_FADING_WEEKS = 12
_WEEKLY_CHANCE_OF_FADING = 0.013


@dataclass(frozen=True, slots=True)
class Community:
    """What passed, and how it ended."""

    events: tuple[Event, ...]
    outcomes: tuple[Outcome, ...]
    joined: dict[str, date]

    def ends(self) -> dict[str, date]:
        return {outcome.client_id: outcome.ended_on for outcome in self.outcomes}


@cache
def community(clients: int = 80, seed: int = 4) -> Community:
    """Rates differ between clients; silence of itself is no loss, but a loss is always preceded by it."""
    dice = random.Random(seed)  # noqa: S311 - dice, not secrets
    events: list[Event] = []
    outcomes: list[Outcome] = []
    joined: dict[str, date] = {}
    for number in range(clients):
        client = f"client-{number:03d}"
        begins, rate = dice.randrange(20), dice.choice((1, 1, 2, 3))
        joined[client] = FIRST_DAY + timedelta(weeks=begins)
        fades_at: int | None = None
        for week in range(begins, WEEKS):
            if fades_at is None and week > begins + 8 and dice.random() < _WEEKLY_CHANCE_OF_FADING:
                fades_at = week
            faded = 0 if fades_at is None else week - fades_at
            if faded >= _FADING_WEEKS:
                ended_on = FIRST_DAY + timedelta(weeks=week)
                known_at = datetime.combine(ended_on, datetime.min.time(), UTC) + timedelta(days=2)
                outcomes.append(Outcome(client, ended_on, Departure.LEFT, known_at))
                break
            chance = (1 - faded / _FADING_WEEKS) ** 2
            for _ in range(rate):
                if dice.random() < 0.9 * chance:
                    at = datetime.combine(FIRST_DAY, datetime.min.time(), UTC) + timedelta(
                        weeks=week, days=dice.randrange(5), hours=8 + dice.randrange(9), minutes=dice.randrange(60)
                    )
                    events.append(Message(f"{client}-{len(events)}", client, Direction.IN, at, at))
                    after = at + timedelta(hours=1 + dice.randrange(5))
                    events.append(Message(f"{client}-{len(events)}", client, Direction.OUT, after, after))
    return Community(tuple(events), tuple(outcomes), joined)
