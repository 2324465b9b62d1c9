"""The shapes of what is asked of the API and told to it, with the limits and examples that OpenAPI shows."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from churnwatch.api.board import DEFAULT_SORT, SortName
from churnwatch.core.types import Band, CaseState, Departure
from churnwatch.store import ToneLabel

MAX_EVENTS, MAX_CLIENTS, MAX_OUTCOMES, MAX_TEXTS = 10_000, 1_000, 1_000, 10_000
_LARGEST_VERSION = 2**31 - 1

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
# Outside these years the calendar knows no office hours.
AsOf = Annotated[
    date,
    Field(ge=date(1990, 1, 1), le=date(2045, 12, 31), description="The midnight that starts it, in the firm's zone; from 1990 to 2045."),
]  # fmt: skip
_Share = Annotated[float, Field(ge=0, le=1)]
_Prose = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class _Question(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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


class LimitQuery(_Question):
    """How many."""

    limit: int = Field(400, ge=1, le=1000)


class AlertQuery(_Question):
    """Which alerts."""

    state: CaseState | None = None
    manager_id: Identifier | None = None
    client_id: Identifier | None = None


class TransitionIn(_Question):
    """Where a case shall go."""

    to: CaseState
    why: _Prose = ""
    version: int = Field(ge=0, le=_LARGEST_VERSION, description="The version of the case as you saw it.")


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
            "paid_known_at": {"description": "When you could know of the payment; see the interchange format."},
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


class OutcomeIn(_Question):
    """The end of a relation."""

    client_id: Identifier
    ended_on: Annotated[date, Field(ge=date(1990, 1, 1), le=date(2045, 12, 31))]
    departure: Departure
    note: _Prose = ""


class OutcomesIn(_Question):
    """Ends of relations: what the model learns from."""

    outcomes: list[OutcomeIn] = Field(json_schema_extra={"maxItems": MAX_OUTCOMES})


class ToneLabelIn(_Question):
    """What somebody says of a message."""

    event_id: Identifier
    label: ToneLabel


def _of_whole_characters(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds half a character, a surrogate without its other one") from error
    return text


class ToneIn(_Question):
    """Texts to hear."""

    texts: list[Annotated[str, AfterValidator(_of_whole_characters)]] = Field(json_schema_extra={"maxItems": MAX_TEXTS})


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
