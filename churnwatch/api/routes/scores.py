"""Scores on demand: of clients in the store, or of events that are scored and forgotten."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends

from churnwatch import scoring
from churnwatch.api import intake, views
from churnwatch.api.keys import Needs
from churnwatch.api.problems import ProblemError
from churnwatch.api.questions import EVENT_EXAMPLES, MAX_CLIENTS, MAX_EVENTS, ScoreIn
from churnwatch.api.schemas import RowProblem, ScoredClient, Scores
from churnwatch.api.service import Service, TheService
from churnwatch.core.errors import ArtifactError
from churnwatch.core.table import EventTable
from churnwatch.core.types import Risk
from churnwatch.knowledge import known_at
from churnwatch.model.artifact import Artifact

router = APIRouter(prefix="/v1", tags=["scores"])
_TOO_MANY = f"One call takes at most {MAX_EVENTS} events and {MAX_CLIENTS} clients. Send it in parts."
_EXAMPLES = {
    "clients": {"summary": "Clients in the store", "value": {"client_ids": ["c-17"], "as_of": "2026-03-03"}},
    "events": {"summary": "Events, not stored", "value": {"events": EVENT_EXAMPLES, "as_of": "2026-03-03"}},
}


@router.post("/score", dependencies=[Depends(Needs("score"))])
def score(service: TheService, asked: Annotated[ScoreIn, Body(openapi_examples=_EXAMPLES)]) -> Scores:
    """The risk of clients as of a date. Nothing is stored, so asking again gives the same answer.

    Clients in the store are scored like the night does it, against the whole firm. Events in the body stand alone: the firm's
    own ebb and flow is then that of these events.
    """
    if len(asked.events) > MAX_EVENTS or len(asked.client_ids) > MAX_CLIENTS:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_MANY)
    try:
        artifact = service.models.current()
    except ArtifactError as error:
        raise ProblemError(
            HTTPStatus.SERVICE_UNAVAILABLE, f"There is no model that can score. {error.remedy}"
        ) from error
    as_of = asked.as_of or service.today()
    problems: dict[int, str]
    notes: list[str] = []
    if asked.client_ids:
        risks, problems = _of_clients(service, artifact, asked.client_ids, as_of)
    else:
        read = intake.read(asked.events)
        risks, problems, notes = _of_events(service, artifact, read, as_of), read.problems, read.notes
    return Scores(
        as_of=as_of,
        horizon_days=artifact.model.horizon_days,
        model_id=artifact.model_id,
        catalogue=artifact.catalogue,
        items=[ScoredClient(client_id=risk.client_id, **dict(views.score(risk))) for risk in risks],
        problems=[RowProblem(index=index, problem=problem) for index, problem in sorted(problems.items())],
        notes=notes,
    )


def _of_clients(
    service: Service, artifact: Artifact, client_ids: Sequence[str], as_of: date
) -> tuple[list[Risk], dict[int, str]]:
    ours = {client.client_id for client in service.store.people.clients()}
    problems = {index: "no client has this id" for index, client_id in enumerate(client_ids) if client_id not in ours}
    wanted = [client_id for client_id in dict.fromkeys(client_ids) if client_id in ours]
    if not wanted:
        return [], problems
    known = known_at(service.config, service.store, as_of)
    ended = dict.fromkeys(set(wanted).difference(known.client_ids), as_of)
    calendar = service.config.firm.calendar
    return scoring.score(artifact, known.table, wanted, as_of, calendar, ended=ended, frozen=known.frozen), problems


def _of_events(service: Service, artifact: Artifact, read: intake.Intake, as_of: date) -> list[Risk]:
    wanted = sorted({event.client_id for event in read.events})
    if len(wanted) > MAX_CLIENTS:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_MANY)
    if not wanted:
        return []
    table = EventTable.from_events(read.events, scoring.readings(read.events, service.config.firm.zone, service.reader))
    return scoring.score(artifact, table, wanted, as_of, service.config.firm.calendar, whole_firm=False)
