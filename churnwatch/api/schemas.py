"""The shapes of the API's answers and questions; their descriptions and examples are what OpenAPI shows."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from churnwatch.api.board import DEFAULT_SORT, SortName
from churnwatch.core.types import Band, CaseState, Departure

MAX_EVENTS, MAX_CLIENTS, MAX_OUTCOMES = 10_000, 1_000, 1_000
_LARGEST_VERSION = 2**31 - 1

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
# Outside these years the calendar knows no office hours.
AsOf = Annotated[
    date,
    Field(ge=date(1990, 1, 1), le=date(2045, 12, 31), description="The midnight that starts this date, in the firm's zone."),
]  # fmt: skip
_Share = Annotated[float, Field(ge=0, le=1)]
_Prose = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class _Question(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


# --- risks ------------------------------------------------------------------------------------------------------------


class RiskQuery(_Question):
    """Which risks, in which order."""

    as_of: AsOf | None = Field(None, description="The date of the scores; by default the latest there is.")
    manager_id: Identifier | None = None
    band: list[Band] = Field(default=[], max_length=4, description="One of these; may be repeated.")
    min_band: Band | None = Field(None, description="This band or a hotter one.")
    min_probability: _Share | None = None
    q: str = Field("", max_length=100, description="A part of the client's name.")
    sort: SortName = Field(DEFAULT_SORT, description="A minus in front turns the order round.")
    limit: int = Field(50, ge=1, le=500)
    cursor: str | None = Field(None, max_length=2000, description="`next_cursor` of the page before.")


class Words(_Answer):
    """A sentence in both languages."""

    en: str
    ru: str


class ReasonOut(_Answer):
    """One signal family's push on the risk, in words and in the client's own numbers."""

    family: str
    signal: str
    text: Words
    now: float | None = Field(description="The recent level, in `unit`.")
    before: float | None = Field(description="The client's own former level.")
    unit: str
    contribution: float = Field(description="Log-odds against the firm's typical client.")
    event_ids: list[str]


class ScoreOut(_Answer):
    """What is believed of a client. Without a probability `band` still ranks, or `insufficient` says why nothing is said."""

    probability: _Share | None
    low: _Share | None = Field(description="90 % interval.")
    high: _Share | None
    band: Band | None
    insufficient: str | None = Field(description="few_events, new_client or ended: why there is no score.")
    reasons: list[ReasonOut]


class ClientBrief(_Answer):
    """Who the client is, in short."""

    id: str
    name: str
    manager_id: str | None
    manager_name: str | None
    monthly_value: float | None


class RiskItem(ScoreOut):
    """A line of the risk list."""

    client: ClientBrief
    expected_loss: float | None = Field(description="Probability times monthly value, a month.")
    silent_days: int | None = Field(description="Days since the client's last sign of life.")


class RiskPage(_Answer):
    """A page of the risk list; everything empty before the first night."""

    as_of: date | None
    horizon_days: int | None
    model_id: str | None
    items: list[RiskItem]
    next_cursor: str | None


# --- clients ----------------------------------------------------------------------------------------------------------


class ContractOut(_Answer):
    """A contract's life."""

    id: str
    starts_on: date
    ends_on: date | None


class OutcomeOut(_Answer):
    """How the relation ended."""

    ended_on: date
    departure: Departure


class ClientOut(_Answer):
    """A client; its people are counted, not listed."""

    client: ClientBrief
    language: str | None
    country: str | None
    contacts: int
    contracts: list[ContractOut]
    outcome: OutcomeOut | None
    open_case_id: str | None


class HistoryPoint(_Answer):
    """The belief of one date."""

    as_of: date
    probability: float | None
    low: float | None
    high: float | None
    band: Band | None
    insufficient: str | None
    horizon_days: int
    model_id: str


class History(_Answer):
    """Beliefs about one client, oldest first."""

    client_id: str
    items: list[HistoryPoint]


class LimitQuery(_Question):
    """How many."""

    limit: int = Field(400, ge=1, le=1000)


class EvidenceItem(_Answer):
    """A message behind a reason: the sentence with the cue, or its beginning; at most 200 characters, without addresses."""

    event_id: str
    at: datetime
    direction: Literal["in", "out"]
    families: list[str] = Field(description="The reasons that point to it.")
    text: str
    cue_start: int = Field(
        description="Where the telling words stand in `text`; equal to `cue_end` where there are none."
    )
    cue_end: int


class Evidence(_Answer):
    """The messages behind the latest reasons, newest first."""

    client_id: str
    as_of: date | None
    items: list[EvidenceItem]


# --- alerts -----------------------------------------------------------------------------------------------------------


class AlertQuery(_Question):
    """Which alerts."""

    state: CaseState | None = None
    manager_id: Identifier | None = None
    client_id: Identifier | None = None


class AlertOut(_Answer):
    """One case of one client."""

    id: str
    client_id: str
    client_name: str | None
    manager_id: str | None
    state: CaseState
    opened_on: date
    changed_at: datetime
    version: int = Field(description="Send it with a transition: it tells that nobody was faster.")
    band: Band
    probability: float | None
    play: str
    reasons: list[ReasonOut]


class Alerts(_Answer):
    """Alerts, oldest first."""

    items: list[AlertOut]


class TransitionOut(_Answer):
    """One change of a case's state."""

    at: datetime
    from_state: CaseState | None
    to_state: CaseState
    who: str
    why: str


class AlertDetail(AlertOut):
    """A case and how it came to where it stands."""

    transitions: list[TransitionOut]


class TransitionIn(_Question):
    """Where a case shall go."""

    to: CaseState
    why: _Prose = ""
    version: int = Field(ge=0, le=_LARGEST_VERSION, description="The version of the case as you saw it.")


# --- events, outcomes, scores -----------------------------------------------------------------------------------------

_ROW: dict[str, Any] = {
    "type": "array",
    "maxItems": MAX_EVENTS,
    "items": {
        "type": "object",
        "title": "EventRow",
        "description": "One event of the interchange format. A row that cannot be read is reported, the others count.",
        "properties": {
            "event_id": {"description": "Yours, and the same whenever you send the event."},
            "client_id": {"description": "The client's id."},
            "kind": {"description": "message, meeting, call or invoice."},
            "direction": {"description": "in = from the client, out = from you."},
            "at": {"description": "When, as an ISO text or seconds since 1970; without a zone: UTC."},
            "known_at": {"description": "When you could know it; by default `at`."},
            "contact_id": {"description": "Which of the client's people."},
            "channel": {"description": "email, telegram, phone…"},
            "thread_id": {"description": "The conversation; of a meeting: the meeting that this is a revision of."},
            "reply_to": {"description": "The event that a message answers."},
            "subject": {"description": "Of a message or meeting."},
            "text": {"description": "A message's own text, without quotes and signature."},
            "automatic": {"description": "Yes for out-of-office, newsletters, bounces."},
            "starts_at": {"description": "Of a meeting."},
            "status": {"description": "Of a meeting: invited, accepted, tentative, declined, moved, cancelled, held, no_show."},
            "duration_s": {"description": "Of a call."},
            "answered": {"description": "Of a call."},
            "due_on": {"description": "Of an invoice."},
            "paid_on": {"description": "Of an invoice."},
            "amount": {"description": "Of an invoice."},
        },
    },
}  # fmt: skip
EVENT_EXAMPLES: list[dict[str, Any]] = [
    {
        "event_id": "mail-4711", "client_id": "c-17", "kind": "message", "direction": "in", "at": "2026-03-02T09:14:00Z",
        "thread_id": "t-80", "text": "We still have no answer. How much longer?",
    },
    {
        "event_id": "call-12", "client_id": "c-17", "kind": "call", "direction": "out", "at": "2026-03-02T13:00:00+03:00",
        "duration_s": 0, "answered": False,
    },
]  # fmt: skip

Rows = Annotated[list[dict[str, Any]], Field(json_schema_extra=_ROW)]


class EventsIn(_Question):
    """Events to keep."""

    events: Rows


class RowProblem(_Answer):
    """A row that was left out, by its place from 0."""

    index: int
    problem: str


class EventsOut(_Answer):
    """What became of the rows: their number is new + known + rejected."""

    new: int
    known: int
    rejected: list[RowProblem]
    notes: list[str] = Field(description="What concerns the whole call, like a column that the format does not have.")


class OutcomeIn(_Question):
    """The end of a relation."""

    client_id: Identifier
    ended_on: Annotated[date, Field(ge=date(1990, 1, 1), le=date(2045, 12, 31))]
    departure: Departure
    note: _Prose = ""


class OutcomesIn(_Question):
    """Ends of relations: what the model learns from."""

    outcomes: list[OutcomeIn] = Field(json_schema_extra={"maxItems": MAX_OUTCOMES})


class OutcomesOut(_Answer):
    """What became of the outcomes."""

    changed: int = Field(description="New ones, and those that were told otherwise before.")
    known: int
    rejected: list[RowProblem]


class ScoreIn(_Question):
    """Either clients that the store knows, or events that are scored and forgotten."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["client_ids"]}, {"required": ["events"]}], "minProperties": 1}
    )

    client_ids: list[Identifier] = Field(default=[], json_schema_extra={"maxItems": MAX_CLIENTS, "minItems": 1})
    events: Rows = []
    as_of: AsOf | None = Field(None, description="By default today in the firm's zone.")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if {"client_ids", "events"} <= self.model_fields_set or not (self.client_ids or self.events):
            raise ValueError("give either client_ids or events, and at least one of them")
        return self


class ScoredClient(ScoreOut):
    """One client's score."""

    client_id: str


class Scores(_Answer):
    """Scores as of a date."""

    as_of: date
    horizon_days: int
    model_id: str
    catalogue: str = Field(description="The version of the signals that the model reads.")
    items: list[ScoredClient]
    problems: list[RowProblem] = Field(description="Events or client ids that were left out, by their place.")
    notes: list[str]


# --- health -----------------------------------------------------------------------------------------------------------


class StageOut(_Answer):
    """A finished stage of the latest night."""

    as_of: date
    stage: str
    counts: dict[str, int]
    seconds: float
    finished_at: datetime


class HealthDetail(_Answer):
    """How the latest night went, and what waits."""

    version: str
    as_of: date | None
    model_id: str | None
    model_problem: str | None
    stages: list[StageOut]
    source_problems: int
    outbox: dict[str, int]


class Health(_Answer):
    """`status` alone without a key."""

    status: Literal["ok"]
    detail: HealthDetail | None = None
