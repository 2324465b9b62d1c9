"""The shapes of the API's answers; their descriptions are what OpenAPI shows."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from churnwatch.core.types import Band, CaseState, Departure, Standstill
from churnwatch.store import ToneLabel

_Share = Annotated[float, Field(ge=0, le=1)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


# --- risks ------------------------------------------------------------------------------------------------------------


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


class FreezeOut(_Answer):
    """Signals that stand still: they are what they were at the midnight that starts `since`."""

    since: date
    why: Standstill


class ScoreOut(_Answer):
    """What is believed of a client. Without a probability `band` still ranks, or `insufficient` says why nothing is said."""

    probability: _Share | None
    low: _Share | None = Field(description="90 % interval.")
    high: _Share | None
    band: Band | None
    insufficient: str | None = Field(description="few_events, new_client or ended: why there is no score.")
    frozen: FreezeOut | None = Field(
        description="Set while the signals stand still: the project ended, or a source that tells of the client cannot be read."
    )
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


class EvidenceItem(_Answer):
    """A message behind a reason: the sentence with the cue, or its beginning; at most 200 characters, without addresses."""

    event_id: str
    at: datetime
    direction: Literal["in", "out"]
    families: list[str] = Field(description="The reasons that point to it.")
    label: ToneLabel | None = Field(
        description="What somebody said of its tone; one that is not irritated is left out."
    )
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


# --- events, outcomes, scores -----------------------------------------------------------------------------------------


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


class OutcomesOut(_Answer):
    """What became of the outcomes."""

    changed: int = Field(description="New ones, and those that were told otherwise before.")
    known: int
    rejected: list[RowProblem]


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


# --- tone -------------------------------------------------------------------------------------------------------------


class CueOut(_Answer):
    """A named cue and where it stands: characters (code points) from 0, the end exclusive."""

    cue: str = Field(description="repetition, blame, pressure, gratitude…")
    start: int
    end: int
    text: str


class ToneOut(_Answer):
    """How one text sounds. `irritated` and `warm` are null where it is empty; what is left to 1 is neutral."""

    irritated: _Share | None
    warm: _Share | None
    cues: list[CueOut]
    lang: Literal["ru", "en", "mixed", "other"] = Field(description="By the letters: any language in Latin ones is en.")


class Tone(_Answer):
    """How texts sound, in the order in which they were sent."""

    model: str = Field(description="One id for all that an answer depends on: weights, cues, what the firm has taught.")
    items: list[ToneOut]


class ToneLabelOut(_Answer):
    """The word that holds, and what the reader had said of the message until then."""

    event_id: str
    label: ToneLabel
    who: str = Field(description="The label of the key that said it.")
    at: datetime
    model: str | None = Field(description="The id of the reader; null where nothing was read.")
    irritated: _Share | None


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
