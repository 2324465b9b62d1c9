"""What a signal is: a number about a client as of a date, with all that a reader must know of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from churnwatch.core.table import FloatArray
from churnwatch.features.facts import Facts
from churnwatch.features.habit import Habit
from churnwatch.features.measure import Measure


class Family(StrEnum):
    """Signals of one family are explained together, as one reason."""

    ACTIVITY = "activity"
    RHYTHM = "rhythm"
    LATENCY = "latency"
    ENGAGEMENT = "engagement"
    INITIATIVE = "initiative"
    MEETINGS = "meetings"
    PEOPLE = "people"
    TONE = "tone"
    EXIT_WORDS = "exit_words"
    OUR_SIDE = "our_side"
    ACCOUNT = "account"
    CONTEXT = "context"


Unit = Literal[
    "z",
    "log_odds",
    "log",
    "doublings",
    "decades",
    "seconds",
    "hours",
    "days",
    "messages",
    "share",
    "words",
    "months",
    "ratio",
    "weeks",
    "calls",
    "turns",
    "people",
    "promises",
    "amount",  # of the firm's currency per 30 days
]
Risky = Literal["higher", "lower", "both"]


@dataclass(frozen=True, slots=True)
class Signal:
    """One number about a client as of a date: pure, vectorised over snapshots, finite or NaN.

    `evidence` weighs each event row (0 = not evidence) of a panel whose snapshots have a lane each, so that a reason can point
    to what is behind it.
    """

    name: str
    family: Family
    unit: Unit
    risky: Risky
    window: str  # what span it looks at, in words
    least: str  # the evidence under which it is NaN
    en: str  # one-line definition
    ru: str
    source: str  # a paper, or "practice"
    compute: Callable[[Facts], Measure]
    shown_in: Unit | None = None  # unit of now and before
    evidence: Callable[[Facts], FloatArray] | None = None
    habits: tuple[Habit, ...] = ()  # of which the firm's pool is asked
