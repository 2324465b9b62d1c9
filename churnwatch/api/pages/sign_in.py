"""The way in and out."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from churnwatch.api.pages.frame import OwnForm, draw, own_path, secure
from churnwatch.api.service import Service, TheService
from churnwatch.api.sessions import COOKIE, LIFETIME

router = APIRouter()


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """The form that asks for a key."""
    return draw(request, "sign_in.html", {"next": own_path(request.query_params.get("next")), "failed": ""})


@router.post("/sign-in")
def sign_in(request: Request, service: TheService, form: OwnForm) -> Response:
    """A session for a key with the scope "read"."""
    now = service.clock()
    key = service.store.access.verify(form.get("key", "").replace("\x00", "").strip(), now)
    goal = own_path(form.get("next"))
    if key is None or "read" not in key.scopes:
        return draw(request, "sign_in.html", {"next": goal, "failed": "sign_in_failed"}, HTTPStatus.UNAUTHORIZED)
    return welcome(service, service.sessions.open(key.label, key.scopes, key.prefix, now), goal)


@router.post("/sign-out")
def sign_out(request: Request, service: TheService, _form: OwnForm) -> Response:
    """End the session."""
    service.sessions.close(request.cookies.get(COOKIE))
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=secure(service))
    return answer


def by_ticket(request: Request, service: Service, ticket: str) -> Response:
    """A session for the link that the server printed; it works once."""
    token = service.sessions.exchange(ticket, ("read", "text", "write"), service.clock())
    if token is None:
        return draw(request, "sign_in.html", {"next": "/", "failed": "sign_in_ticket_used"}, HTTPStatus.UNAUTHORIZED)
    return welcome(service, token, "/")


def welcome(service: Service, token: str, goal: str) -> Response:
    """Hand over the session's cookie and go on."""
    answer = RedirectResponse(goal, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=secure(service),
    )
    return answer
