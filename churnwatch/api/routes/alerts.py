"""Alerts: cases with a life."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query

from churnwatch.api import casework, views
from churnwatch.api.keys import Needs
from churnwatch.api.problems import ProblemError
from churnwatch.api.questions import AlertQuery, Identifier, TransitionIn
from churnwatch.api.schemas import AlertDetail, Alerts, TransitionOut
from churnwatch.api.service import Service, TheService
from churnwatch.core.types import Case
from churnwatch.store import ApiKey

router = APIRouter(prefix="/v1", tags=["alerts"])
CaseId = Annotated[Identifier, Path(examples=["c-17:2026-03-03"])]
_EXAMPLES = {
    "acknowledge": {
        "summary": "I have seen it",
        "value": {"to": "acknowledged", "why": "I call them today.", "version": 1},
    }
}


@router.get("/alerts", dependencies=[Depends(Needs("read"))])
def list_alerts(service: TheService, query: Annotated[AlertQuery, Query()]) -> Alerts:
    """Alerts, oldest first."""
    names = {client.client_id: client.name for client in service.store.people.clients()}
    found = service.store.cases.cases(query.state, query.manager_id, query.client_id)
    return Alerts(items=[views.alert(case, names.get(case.client_id)) for case in found])


@router.get("/alerts/{case_id:path}", dependencies=[Depends(Needs("read"))])
def read_alert(service: TheService, case_id: CaseId) -> AlertDetail:
    """An alert and how it came to where it stands."""
    case = service.store.cases.case(case_id)
    if case is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "No alert has this id.")
    return _detail(service, case)


@router.post("/alerts/{case_id:path}/transitions")
def move_alert(
    service: TheService,
    case_id: CaseId,
    told: Annotated[TransitionIn, Body(openapi_examples=_EXAMPLES)],
    key: Annotated[ApiKey, Depends(Needs("write"))],
) -> AlertDetail:
    """Acknowledge, snooze, plan or close an alert.

    409 when somebody was faster (the version is not the latest) or when the alert cannot go there from where it stands.
    Sending the same transition again answers like the first time.
    """
    case = casework.move(service.store, case_id, told.to, told.version, key.label, told.why, service.clock())
    return _detail(service, case)


def _detail(service: Service, case: Case) -> AlertDetail:
    client = service.store.people.client(case.client_id)
    return AlertDetail(
        transitions=[
            TransitionOut(at=one.at, from_state=one.from_state, to_state=one.to_state, who=one.who, why=one.why)
            for one in service.store.cases.transitions(case.case_id)
        ],
        **dict(views.alert(case, client.name if client else None)),
    )
