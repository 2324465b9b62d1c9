"""One client: who it is, its risk over time, and the messages behind the reasons."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from churnwatch.api import evidence, views
from churnwatch.api.keys import Needs
from churnwatch.api.problems import ProblemError
from churnwatch.api.questions import Identifier, LimitQuery
from churnwatch.api.schemas import ClientOut, ContractOut, Evidence, EvidenceItem, History, OutcomeOut
from churnwatch.api.service import Service, TheService
from churnwatch.core.types import Client

router = APIRouter(prefix="/v1", tags=["clients"])
# As a path an id may hold slashes, as ids from some CRMs do; the routes with more after it therefore come first.
ClientId = Annotated[Identifier, Path(examples=["c-17"])]


@router.get("/clients/{client_id:path}/history", dependencies=[Depends(Needs("read"))])
def read_history(service: TheService, client_id: ClientId, query: Annotated[LimitQuery, Query()]) -> History:
    """The client's risk by date, oldest first: the latest `limit` dates."""
    _known(service, client_id)
    risks = service.store.scores.history(client_id, query.limit)
    return History(client_id=client_id, items=[views.point(risk) for risk in risks])


@router.get("/clients/{client_id:path}/evidence", dependencies=[Depends(Needs("text"))])
def read_evidence(service: TheService, client_id: ClientId) -> Evidence:
    """Quotes from the messages that the latest reasons point to. Empty where texts are not kept."""
    _known(service, client_id)
    latest = service.store.scores.history(client_id, 1)
    shown = evidence.behind(service, client_id, latest[0].reasons) if latest else []
    return Evidence(
        client_id=client_id,
        as_of=latest[0].as_of if latest else None,
        items=[
            EvidenceItem(
                event_id=one.quote.event_id,
                at=one.quote.at,
                direction="in" if one.quote.direction.word == "in" else "out",
                families=list(one.families),
                label=one.judgement.label if one.judgement else None,
                text=one.quote.text,
                cue_start=one.quote.cue_start,
                cue_end=one.quote.cue_end,
            )
            for one in shown
        ],
    )


@router.get("/clients/{client_id:path}", dependencies=[Depends(Needs("read"))])
def read_client(service: TheService, client_id: ClientId) -> ClientOut:
    """Who the client is. Its people are counted; their addresses stay inside."""
    client = _known(service, client_id)
    people = service.store.people
    managers = {manager.manager_id: manager for manager in people.managers()}
    ends = [outcome for outcome in people.outcomes() if outcome.client_id == client_id]
    open_case = next((case for case in service.store.cases.cases(client_id=client_id) if not case.state.closed), None)
    return ClientOut(
        client=views.client(client, managers.get(client.manager_id or "")),
        language=client.language,
        country=client.country,
        contacts=len(people.contacts(client_id)),
        contracts=[
            ContractOut(id=one.contract_id, starts_on=one.starts_on, ends_on=one.ends_on)
            for one in people.contracts()
            if one.client_id == client_id
        ],
        outcome=OutcomeOut(ended_on=ends[-1].ended_on, departure=ends[-1].departure) if ends else None,
        open_case_id=open_case.case_id if open_case else None,
    )


def _known(service: Service, client_id: str) -> Client:
    client = service.store.people.client(client_id)
    if client is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "No client has this id.")
    return client
