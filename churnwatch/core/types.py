"""The words of the product as frozen types: who the client is, what passed between us, what we believe, what we say.

Every instant is timezone-aware UTC. `known_at` is when the firm could know a fact: it, not `at`, decides what a score may see.
"""

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, IntFlag, StrEnum
from typing import NamedTuple

# --- what passed between us -------------------------------------------------------------------------------------------


class Kind(IntEnum):
    """What sort of interaction an event is; the value is its code in `EventTable`."""

    MESSAGE = 0
    MEETING = 1
    CALL = 2
    INVOICE = 3

    @property
    def word(self) -> str:
        """The word used in the interchange format."""
        return self.name.lower()


class Direction(IntEnum):
    """`IN` = from the client, `OUT` = from us; the value is its code in `EventTable`."""

    IN = 0
    OUT = 1

    @property
    def word(self) -> str:
        """The word used in the interchange format."""
        return self.name.lower()


class MeetingStatus(IntEnum):
    """What one observed revision of a meeting says; the value is its code in `EventTable`."""

    INVITED = 0
    ACCEPTED = 1
    TENTATIVE = 2
    DECLINED = 3
    MOVED = 4
    CANCELLED = 5
    HELD = 6
    NO_SHOW = 7

    @property
    def word(self) -> str:
        """The word used in the interchange format."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Message:
    """A mail or chat message. `automatic`: out-of-office, newsletter, bounce, calendar mail: never conversation.

    An absence notice is automatic and has `away_since`; `away_until` is the day its writer is back, None where it does not say.
    """

    event_id: str
    client_id: str
    direction: Direction
    at: datetime
    known_at: datetime
    contact_id: str | None = None
    channel: str = "email"
    thread_id: str | None = None
    reply_to: str | None = None
    subject: str = ""
    text: str | None = None  # own text only: no quotes, no signature; None where text is not kept
    automatic: bool = False
    people: tuple[str, ...] = ()  # contacts of this client who take part: sender, to and cc
    attachments: int = 0
    away_since: date | None = None
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One observed revision of a meeting. `direction` is who made the revision; `at` when it was made."""

    event_id: str  # of this revision
    meeting_id: str  # the same over all revisions of one meeting (UID and recurrence)
    client_id: str
    direction: Direction
    at: datetime
    known_at: datetime
    starts_at: datetime
    status: MeetingStatus
    contact_id: str | None = None
    channel: str = "calendar"
    subject: str = ""
    people: tuple[str, ...] = ()  # contacts of this client who are invited


@dataclass(frozen=True, slots=True)
class Call:
    """A phone call; `answered` False is a missed one."""

    event_id: str
    client_id: str
    direction: Direction
    at: datetime
    known_at: datetime
    duration_s: float
    answered: bool
    contact_id: str | None = None
    channel: str = "phone"


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as issued (`at`); `paid_on` is visible to a score only after that day, and after `paid_known_at`."""

    event_id: str
    client_id: str
    direction: Direction
    at: datetime
    known_at: datetime
    due_on: date
    amount: float
    paid_on: date | None = None
    paid_known_at: datetime | None = None  # None = once that day was over
    contact_id: str | None = None
    channel: str = "invoice"


Event = Message | Meeting | Call | Invoice


class Cue(IntFlag):
    """Named marks of tone and form found in one message's own text."""

    REPETITION = 1 << 0  # as I already wrote / в третий раз
    EXASPERATION = 1 << 1  # how much longer / сколько можно
    BLAME = 1 << 2  # why did you / почему вы
    COLD_COMPLIANCE = 1 << 3  # noted. / принято.
    PRESSURE = 1 << 4  # immediately, by tonight / срочно, немедленно
    ULTIMATUM = 1 << 5  # otherwise we will / иначе будем вынуждены
    SHOUTING = 1 << 6  # capital runs, !!!, ???
    GRATITUDE = 1 << 7  # thank you / спасибо
    GREETING = 1 << 8
    CLOSING = 1 << 9
    SHORT_ACK = 1 << 10  # at most three words, or a bare acknowledgement
    PLANS = 1 << 11  # talk of dates and plans ahead
    EXIT_WORDS = 1 << 12  # terminate, other vendors / расторгнуть, акт сверки
    WE_PROMISED = 1 << 13  # you promised / вы обещали
    FORMAL_YOU = 1 << 14  # вы, ваш; a verb in the polite plural
    FAMILIAR_YOU = 1 << 15  # ты, твой
    NAMED_GREETING = 1 << 16  # Добрый день, Анна! / Dear Anna,


class CueSpan(NamedTuple):
    """A cue and where it stands in the text (half-open character range), for evidence quotes."""

    cue: Cue
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tone reader says of one message; numbers only, so it may be kept where the text may not.

    None, and NaN of a probability, is what a table of events that brings its own numbers does not tell.
    """

    words: int | None
    question: bool | None
    irritation: float  # P(irritated), 0..1
    cues: Cue
    expects_reply: bool | None
    warmth: float = math.nan  # P(warm), 0..1
    promise_due: date | None = None  # the day the writer promised something for, the earliest of several
    delivers: bool | None = False  # says that something promised is sent or done
    read_by: str | None = None  # the id of the model that read it; None = a table told the numbers


# --- who they are -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Manager:
    """One of ours who owns clients and receives alerts."""

    manager_id: str
    name: str
    email: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Client:
    """A firm we serve. `domains` are the mail domains that belong to it alone."""

    client_id: str
    name: str
    manager_id: str | None = None
    monthly_value: float | None = None  # in the firm's currency
    language: str | None = None
    country: str | None = None
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a client, with every address, phone and handle we know (`a@b.c`, `+4930…`, `@nick`)."""

    contact_id: str
    client_id: str
    name: str = ""
    addresses: tuple[str, ...] = ()
    decision_maker: bool = False
    role: str = ""  # job title, as the CRM or a signature has it


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract's life as the CRM tells it."""

    contract_id: str
    client_id: str
    starts_on: date
    ends_on: date | None = None  # planned end


class Departure(StrEnum):
    """Why a relation ended. Only `LEFT` and `SILENT` are churn; the others censor."""

    LEFT = "left"  # the client decided to go
    SILENT = "silent"  # silent churn, confirmed afterwards
    PROJECT_ENDED = "project_ended"  # by agreement
    INVOLUNTARY = "involuntary"  # bankruptcy, merger, our own decision

    @property
    def churn(self) -> bool:
        """Whether this end is what the model warns of."""
        return self in (Departure.LEFT, Departure.SILENT)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a relation: when, why, and when the firm knew."""

    client_id: str
    ended_on: date
    departure: Departure
    known_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class ManagerChange:
    """From `since` on, the client belonged to this manager."""

    client_id: str
    manager_id: str
    since: date


Party = Manager | Client | Contact | Contract | Outcome | ManagerChange

# --- what we believe --------------------------------------------------------------------------------------------------


class Band(StrEnum):
    """Heat of a relation, in rising order."""

    CALM = "calm"
    WARMING = "warming"
    SIMMERING = "simmering"
    BOILING = "boiling"

    @property
    def rank(self) -> int:
        """0 for calm to 3 for boiling."""
        return list(Band).index(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal family's push on a client's risk, with the client's own numbers and the events behind it."""

    signal: str  # the strongest signal of the family
    family: str
    contribution: float  # log-odds against the firm's typical client; positive raises the risk
    now: float | None  # in the signal's unit
    before: float | None  # the client's own baseline, same unit
    unit: str
    words: dict[str, str]  # the reason as a sentence, by language: {"en": …, "ru": …}
    event_ids: tuple[str, ...] = ()


class Standstill(StrEnum):
    """Why a client's clock stands still."""

    ENDED = "ended"  # by agreement, or by no decision of the client's
    SOURCE_DOWN = "source_down"  # what we hear this client through cannot be read


@dataclass(frozen=True, slots=True)
class Freeze:
    """A clock that stands still: the client's signals stay what they were at the midnight that starts `since`."""

    since: date
    why: Standstill


@dataclass(frozen=True, slots=True)
class Risk:
    """What we believe of one client as of a date. `probability` is None where there is not enough data."""

    client_id: str
    as_of: date
    horizon_days: int
    model_id: str
    probability: float | None
    low: float | None  # 90 % interval
    high: float | None
    band: Band | None
    reasons: tuple[Reason, ...] = ()
    insufficient: str | None = None  # why there is no score, in a word: "few_events", "new_client", "ended"
    frozen: Freeze | None = None  # since when the signals behind it have been standing still


# --- what we say ------------------------------------------------------------------------------------------------------


class CaseState(StrEnum):
    """Where a case stands; a client has at most one that is not closed."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    IN_PLAN = "in_plan"
    SAVED = "saved"
    LOST = "lost"
    DISMISSED = "dismissed"

    @property
    def closed(self) -> bool:
        """Whether nothing more happens in this case."""
        return self in (CaseState.SAVED, CaseState.LOST, CaseState.DISMISSED)


@dataclass(frozen=True, slots=True)
class Case:
    """One open alert per client, with a life."""

    case_id: str
    client_id: str
    manager_id: str | None
    state: CaseState
    opened_on: date
    changed_at: datetime
    version: int  # compare-and-set
    band: Band
    probability: float | None
    play: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """A short piece of a message shown as evidence; `cue_start:cue_end` is the part to mark."""

    event_id: str
    at: datetime
    direction: Direction
    text: str
    cue_start: int
    cue_end: int


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert's text as one person receives it; `payload` is the same for machines."""

    case_id: str
    client_id: str
    recipient: str  # an e-mail address, or a webhook's name
    language: str
    subject: str
    text: str
    html: str
    payload: dict[str, object] = field(default_factory=dict)
