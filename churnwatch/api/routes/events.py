"""What other tools tell: events and outcomes, each kept once however often it is sent."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from churnwatch import scoring
from churnwatch.api import intake, problems
from churnwatch.api.keys import Needs
from churnwatch.api.problems import ProblemError
from churnwatch.api.questions import EVENT_EXAMPLES, MAX_EVENTS, MAX_OUTCOMES, EventsIn, OutcomeIn, OutcomesIn
from churnwatch.api.schemas import EventsOut, OutcomesOut, RowProblem
from churnwatch.api.service import Service, TheService
from churnwatch.core.types import Outcome
from churnwatch.ingestion import without_text

router = APIRouter(prefix="/v1", tags=["events"])
_LINES = "application/x-ndjson"
_EVENTS_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": EventsIn.model_json_schema(),
                "examples": {"two": {"summary": "A message and a missed call", "value": {"events": EVENT_EXAMPLES}}},
            },
            _LINES: {
                "schema": {"type": "string", "description": "One event a line; no limit but the size of the body."},
            },
        },
    }
}
_OUTCOMES = {
    "left": {
        "summary": "A client left",
        "value": {"outcomes": [{"client_id": "c-17", "ended_on": "2026-02-28", "departure": "left"}]},
    }
}


@router.post("/events", dependencies=[Depends(Needs("write"))], openapi_extra=_EVENTS_BODY)
async def add_events(request: Request, service: TheService) -> EventsOut:
    """Keep events, as JSON or as JSON lines.

    An event is known by its event_id and client_id: one that is kept already stays as it is (except that an invoice may become
    paid), so a call can be repeated after any failure. Bad rows and unknown clients are reported row by row. Where the
    configuration keeps no texts, a text is read for its tone and dropped.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if content_type == _LINES:
        return await run_in_threadpool(_keep, service, intake.lines(body))
    if content_type != "application/json":
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send application/json or {_LINES}.")
    try:
        told = await run_in_threadpool(EventsIn.model_validate_json, body)
    except ValidationError as error:
        raise problems.of_validation(error) from error
    if len(told.events) > MAX_EVENTS:
        raise ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"One call takes at most {MAX_EVENTS} events. Send parts, or {_LINES}."
        )
    return await run_in_threadpool(_keep, service, told.events)


@router.post("/outcomes", dependencies=[Depends(Needs("write"))])
def add_outcomes(service: TheService, told: Annotated[OutcomesIn, Body(openapi_examples=_OUTCOMES)]) -> OutcomesOut:
    """Tell how relations ended: `left` and `silent` are what the model learns from.

    An outcome is known by client_id and ended_on: sent again it changes nothing, sent with another departure it replaces.
    """
    if len(told.outcomes) > MAX_OUTCOMES:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"One call takes at most {MAX_OUTCOMES} outcomes.")
    people = service.store.people
    clients = {client.client_id for client in people.clients()}
    before = {(one.client_id, one.ended_on): one for one in people.outcomes()}
    now = service.clock()
    good = [one for one in told.outcomes if one.client_id in clients]
    known_at = {key: one.known_at for key, one in before.items()}
    changed = people.put([_outcome(one, known_at.get((one.client_id, one.ended_on), now)) for one in good])
    return OutcomesOut(
        changed=changed,
        known=len(good) - changed,
        rejected=[
            RowProblem(index=index, problem="client_id is none of our clients")
            for index, one in enumerate(told.outcomes)
            if one.client_id not in clients
        ],
    )


def _outcome(told: OutcomeIn, known_at: datetime) -> Outcome:
    return Outcome(told.client_id, told.ended_on, told.departure, known_at, told.note)


def _keep(service: Service, rows: Iterable[object]) -> EventsOut:
    clients = {client.client_id for client in service.store.people.clients()}
    reader = service.reader
    new = known = 0
    rejected: list[RowProblem] = []
    notes: list[str] = []
    for part in intake.parts(rows, clients):
        readings = scoring.readings(part.events, service.config.firm.zone, reader)
        events = part.events if service.config.privacy.keep_text else [without_text(event) for event in part.events]
        added = service.store.events.add(events, readings, service.clock()).new if events else 0
        new += added
        known += part.rows - len(part.problems) - added
        rejected += [RowProblem(index=index, problem=problem) for index, problem in sorted(part.problems.items())]
        notes += [note for note in part.notes if note not in notes]
    return EventsOut(new=new, known=known, rejected=rejected, notes=notes)
