"""A few clients with one of everything, for the tests of the store."""

from datetime import UTC, date, datetime, timedelta

from churnwatch.core.types import (
    Band,
    Call,
    Case,
    CaseState,
    Client,
    Contact,
    Contract,
    Cue,
    Departure,
    Direction,
    Event,
    Invoice,
    Manager,
    ManagerChange,
    Meeting,
    MeetingStatus,
    Message,
    Notice,
    Outcome,
    Party,
    Reading,
    Reason,
    Risk,
)

DAY = date(2026, 3, 2)
BACK = date(2026, 3, 16)
NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)  # to the microsecond
HOUR = timedelta(hours=1)

PARTIES: tuple[Party, ...] = (
    Manager("anna", "Анна", "anna@firm.example", "ru"),
    Client("acme", "Acme", "anna", 1250.1, "en", "DE", ("acme.example", "acme.test")),
    Client("bee", "Bee"),
    Contact("carl", "acme", "Carl", ("carl@acme.example", "+4930123"), decision_maker=True, role="Директор"),
    Contact("dora", "bee"),
    Contract("k1", "acme", date(2024, 1, 1), date(2024, 12, 31)),
    Contract("k2", "acme", date(2025, 1, 1)),
    Outcome("bee", DAY, Departure.SILENT, NOON, "слов нет"),
    ManagerChange("acme", "anna", DAY),
)

MESSAGE = Message(
    "m1",
    "acme",
    Direction.IN,
    NOON,
    NOON + HOUR,
    "carl",
    "email",
    "t1",
    "m0",
    "Срочно",
    "Сколько можно ждать? ☎",
    people=("carl", "eva"),
    attachments=2,
)
MEETING = Meeting(
    "c1",
    "uid-1",
    "acme",
    Direction.OUT,
    NOON,
    NOON,
    NOON + 48 * HOUR,
    MeetingStatus.MOVED,
    subject="Sync",
    people=("carl",),
)
CALL = Call("p1", "acme", Direction.IN, NOON + HOUR, NOON + HOUR, 61.5, answered=True)
MISSED = Call("p2", "bee", Direction.OUT, NOON - HOUR, NOON, 0.0, answered=False)
INVOICE = Invoice("i1", "acme", Direction.OUT, NOON - 72 * HOUR, NOON, date(2026, 3, 16), 990.5)
BARE = Message("m2", "bee", Direction.OUT, NOON - 24 * HOUR, NOON, automatic=True)  # everything optional left out
AWAY = Message("m3", "bee", Direction.IN, NOON - HOUR, NOON, "dora", automatic=True, away_since=DAY, away_until=BACK)
EVENTS: tuple[Event, ...] = (MESSAGE, MEETING, CALL, MISSED, INVOICE, BARE, AWAY)
READING = Reading(4, True, 0.875, Cue.EXASPERATION | Cue.WE_PROMISED, True, promise_due=BACK, delivers=True)
READINGS = {"m1": READING}

REASON = Reason("reply_gap", "latency", 0.75, 50.5, None, "hours", {"en": "slower", "ru": "медленнее"}, ("m1", "m2"))


def risk(client_id: str = "acme", as_of: date = DAY, model_id: str = "model-1", probability: float = 0.3) -> Risk:
    """A risk with a reason."""
    return Risk(client_id, as_of, 90, model_id, probability, 0.1, 0.6, Band.SIMMERING, (REASON,))


def case(case_id: str = "acme-1", client_id: str = "acme", manager_id: str | None = "anna", on: date = DAY) -> Case:
    """A case that opens at `NOON`."""
    return Case(case_id, client_id, manager_id, CaseState.OPEN, on, NOON, 1, Band.BOILING, 0.7, "check_in", (REASON,))


def notice(case_id: str = "acme-1", recipient: str = "anna@firm.example") -> Notice:
    """What one person would read."""
    return Notice(
        case_id, "acme", recipient, "ru", "Acme закипает", "текст", "<p>текст</p>", {"risk": 0.7, "as_of": None}
    )
