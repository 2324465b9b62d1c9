"""One client as a page: the risk now and why, how it came, what to do about it, and in whose words."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from churnwatch.alerts.playbook import read_playbook
from churnwatch.api import casework, evidence
from churnwatch.api.evidence import Exhibit
from churnwatch.api.pages import chart, display, language
from churnwatch.api.pages.frame import OwnForm, ThisVisitor, Visitor, client_path, draw
from churnwatch.api.problems import ProblemError
from churnwatch.core.types import Case, CaseState, Client, Contact, Reason, Risk
from churnwatch.store import ToneLabel

router = APIRouter()
_LONGEST_NOTE = 1000  # characters
_STEPS = {
    CaseState.OPEN: ("acknowledged", "in_plan", "snoozed", "dismissed"),
    CaseState.ACKNOWLEDGED: ("in_plan", "snoozed", "saved", "lost", "dismissed"),
    CaseState.SNOOZED: ("acknowledged", "in_plan", "saved", "lost", "dismissed"),
    CaseState.IN_PLAN: ("snoozed", "saved", "lost", "dismissed"),
}


@router.get("/clients/{client_id:path}")
def client_page(visitor: ThisVisitor, client_id: str) -> Response:
    """The client."""
    store = visitor.service.store
    client = _known(visitor, client_id)
    history = store.scores.history(client_id)
    risk = history[-1] if history else None
    contacts = store.people.contacts(client_id)
    ends = [one for one in store.people.outcomes() if one.client_id == client_id]
    case = next((one for one in store.cases.cases(client_id=client_id) if not one.state.closed), None)
    managers = {manager.manager_id: manager for manager in store.people.managers()}
    shown: dict[str, Any] = {
        "client": client,
        "manager": managers.get(client.manager_id or ""),
        "contacts": contacts,
        "contracts": [one for one in store.people.contracts() if one.client_id == client_id],
        "outcome": ends[-1] if ends else None,
        "risk": risk,
        "reasons": risk.reasons if risk else (),
        "chart": chart.draw(history),
        "size": (chart.WIDTH, chart.HEIGHT),
        "case": case,
        "play": _play(visitor, case, client, contacts, risk) if case else None,
        "steps": _STEPS.get(case.state, ()) if case and visitor.may("write") else (),
        "conflict": visitor.request.query_params.get("case") == "changed",
        "may_read": visitor.may("text"),
        "may_judge": visitor.may("text") and visitor.may("write"),
        "judged": _judged(visitor, client_id),
        "exhibits": _exhibits(visitor, client_id, risk.reasons) if risk and visitor.may("text") else [],
    }
    return draw(visitor.request, "client.html", shown)


@router.post("/clients/{client_id:path}/quotes")
def judge_quote(visitor: ThisVisitor, client_id: str, form: OwnForm) -> Response:
    """Keep what somebody says of a quote's tone."""
    for scope in ("text", "write"):
        if not visitor.may(scope):
            raise ProblemError(HTTPStatus.FORBIDDEN, f"This key lacks the scope {scope!r}.")
    _known(visitor, client_id)
    service, event_id = visitor.service, _plain(form.get("event", ""))
    try:
        label = ToneLabel(form.get("label", ""))
    except ValueError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The form cannot be read.") from error
    if event_id not in service.store.events.texts([(event_id, client_id)]):
        raise ProblemError(HTTPStatus.NOT_FOUND, "This client has no such message.")
    if service.store.labels.put(event_id, label, visitor.session.label, service.clock()) is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "No message has this id.")
    judged = f"?{urlencode({'judged': event_id})}" if label is not ToneLabel.IRRITATED else ""
    return RedirectResponse(f"{client_path(client_id)}{judged}#words", HTTPStatus.SEE_OTHER)


@router.post("/clients/{client_id:path}")
def move_case(visitor: ThisVisitor, client_id: str, form: OwnForm) -> Response:
    """Move the client's case one step."""
    if not visitor.may("write"):
        raise ProblemError(HTTPStatus.FORBIDDEN, "This key lacks the scope 'write'.")
    _known(visitor, client_id)
    service = visitor.service
    try:
        to, version = CaseState(form.get("to", "")), int(form.get("version", "")[:9])
    except ValueError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The form cannot be read.") from error
    case_id = _plain(form.get("case", ""))
    case = service.store.cases.case(case_id)
    if case is None or case.client_id != client_id:
        raise ProblemError(HTTPStatus.NOT_FOUND, "This client has no such case.")
    goal = client_path(client_id)
    why = _plain(form.get("why", ""))[:_LONGEST_NOTE].strip()
    try:
        casework.move(service.store, case_id, to, version, visitor.session.label, why, service.clock())
    except ProblemError as problem:
        if problem.status != HTTPStatus.CONFLICT:
            raise
        goal += "?case=changed"
    return RedirectResponse(goal, HTTPStatus.SEE_OTHER)


def _known(visitor: Visitor, client_id: str) -> Client:
    client = visitor.service.store.people.client(client_id) if _plain(client_id) == client_id else None
    if client is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "No client has this id.")
    return client


def _plain(text: str) -> str:
    return text.replace("\x00", "")


def _play(visitor: Visitor, case: Case, client: Client, contacts: list[Contact], risk: Risk | None) -> dict[str, Any]:
    playbook = read_playbook()
    reasons = case.reasons or (risk.reasons if risk else ())
    known = sorted(contacts, key=lambda one: (not one.decision_maker, one.contact_id))
    contact = next((display.one_line(one.name) for one in known if one.name.strip()), None)
    unnamed = language.words(visitor.language)["unnamed_contact"]
    families = [reason.family for reason in reasons if reason.contribution > 0]
    name = display.one_line(client.name)
    return {
        "text": playbook.play(case.play).said_in(visitor.language),
        "words": playbook.opening_words(case.play, families, contact or unnamed, name, visitor.language),
    }


def _judged(visitor: Visitor, client_id: str) -> str | None:
    """The message that the visitor has just put aside, if it may be taken back."""
    event_id = _plain(visitor.request.query_params.get("judged", ""))
    store = visitor.service.store
    put_aside = event_id in store.labels.not_irritated([event_id]) and store.events.texts([(event_id, client_id)])
    return event_id if put_aside else None


def _exhibits(visitor: Visitor, client_id: str, reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [_exhibit(visitor, one) for one in evidence.behind(visitor.service, client_id, reasons)]


def _exhibit(visitor: Visitor, one: Exhibit) -> dict[str, Any]:
    quote = one.quote
    service = visitor.service
    return {
        "event_id": quote.event_id,
        "of_tone": one.of_tone,
        "said_by": display.one_line(one.judgement.who) if one.judgement else None,
        "direction": quote.direction.word,
        "at": quote.at.isoformat(),
        "when": display.moment(quote.at, service.config.firm.zone, service.today(), visitor.language),
        "before": quote.text[: quote.cue_start],
        "cue": quote.text[quote.cue_start : quote.cue_end],
        "after": quote.text[quote.cue_end :],
    }
