"""What all pages share: who looks, in which language, and the frame that a page is drawn in."""

import hashlib
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Depends, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from churnwatch.api.pages import display, language
from churnwatch.api.problems import ProblemError
from churnwatch.api.service import Service, service_of
from churnwatch.api.sessions import COOKIE, Session
from churnwatch.core.config import Language
from churnwatch.core.types import Band

_STYLE = Path(__file__).parent.parent / "static" / "churnwatch.css"
_LANGUAGE_COOKIE_S = 365 * 24 * 3600
_NOT_IN_A_PATH = frozenset("\\\r\n\t\0")


class SignInNeededError(Exception):
    """Someone without a session asked for a page."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page."""

    service: Service
    request: Request
    session: Session
    language: Language

    def may(self, scope: str) -> bool:
        """Whether the key that signed in allows it."""
        return scope in self.session.scopes


def signed_in(request: Request) -> Visitor:
    """A dependency: the visitor, if signed in with a key that still counts."""
    service = service_of(request)
    token = request.cookies.get(COOKIE)
    session = service.sessions.find(token, service.clock())
    if session is not None and session.key_prefix is not None:
        every_key = service.store.access.keys()
        if not any(key.prefix == session.key_prefix and not key.revoked for key in every_key):
            service.sessions.close(token)
            session = None
    if session is None:
        raise SignInNeededError
    return Visitor(service, request, session, language.chosen(request, service.config.firm.language))


async def own_form(request: Request) -> dict[str, str]:
    """A dependency: the fields of a form, if one of our own pages sent it."""
    origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
    if not host or urlsplit(origin).netloc != host:
        raise ProblemError(HTTPStatus.FORBIDDEN, "This form was not sent by one of our own pages.")
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode("utf-8"), max_num_fields=20, keep_blank_values=True))
    except ValueError as error:  # not UTF-8, or too many fields
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The form cannot be read.") from error


def ask_to_sign_in(request: Request, _error: Exception) -> Response:
    """Lead someone without a session to the way in, and from there back to the page."""
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
        # A browser that follows a link in a mail leaves a strict cookie at home; asked by our own page, it brings it.
        return draw(request, "bounce.html", {"to": address})
    asked = request.method == "GET" and request.url.path != "/"
    where = "/sign-in" + (f"?{urlencode({'next': address})}" if asked else "")
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)


def own_path(told: str | None) -> str:
    """Where to go after signing in: a path of ours, or the first page.

    >>> own_path("/clients/a?x=1"), own_path("//evil.example"), own_path("https://evil.example")
    ('/clients/a?x=1', '/', '/')
    """
    path = told or "/"
    safe = path.startswith("/") and not path.startswith("//") and not _NOT_IN_A_PATH.intersection(path)
    return path if safe else "/"


def draw(request: Request, template: str, shown: dict[str, Any], status: int = HTTPStatus.OK) -> HTMLResponse:
    """A page in the visitor's language."""
    service = service_of(request)
    chosen = language.chosen(request, service.config.firm.language)
    session = service.sessions.find(request.cookies.get(COOKIE), service.clock())
    frame = {
        "lang": chosen,
        "say": language.words(chosen),
        "firm": service.config.firm.name,
        "synthetic": service.config.firm.synthetic,
        "session": session,
        "style": f"/static/churnwatch.css?v={_style_mark()}",
        "languages": [(one, _in_language(request, one)) for one in language.LANGUAGES],
        "today": service.today(),
        "bands": list(Band),
    }
    html = _environment(chosen, service.config.firm.currency).get_template(template).render(frame | shown)
    answer = HTMLResponse(html, status, headers={"Content-Language": chosen, "Vary": "Accept-Language, Cookie"})
    if request.query_params.get("lang") == chosen:
        answer.set_cookie(
            language.COOKIE,
            chosen,
            max_age=_LANGUAGE_COOKIE_S,
            httponly=True,
            samesite="lax",
            secure=secure(service),
        )
    return answer


def problem_page(request: Request, problem: ProblemError) -> Response:
    """A problem as a person reads it."""
    page = draw(request, "problem.html", {"problem": problem}, problem.status)
    for name, value in problem.headers.items():
        page.headers[name] = value
    return page


def secure(service: Service) -> bool:
    """Whether cookies may go over HTTPS alone."""
    return service.config.api.base_url.startswith("https:")


def client_path(client_id: str) -> str:
    """The address of a client's page."""
    return f"/clients/{quote(client_id, safe='')}"


def _in_language(request: Request, one: Language) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in {"lang", "ticket"}]
    return f"?{urlencode([*kept, ('lang', one)])}"


@cache
def _environment(chosen: Language, currency: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("churnwatch.api"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": lambda amount: display.money(amount, currency, chosen),
        "percent": display.percent,
        "day": lambda when: display.day(when, chosen, year=True),
        "days": lambda count: display.days(count, chosen),
        "short_day": lambda when: display.short_day(when, chosen),
        "typeset": display.typeset,
        "quantity": lambda value, unit: display.quantity(value, unit, chosen),
    }
    environment.globals |= {"percent_range": display.percent_range, "client_path": client_path}
    return environment


@cache
def _style_mark() -> str:
    return hashlib.sha256(_STYLE.read_bytes()).hexdigest()[:12]


ThisVisitor = Annotated[Visitor, Depends(signed_in)]
OwnForm = Annotated[dict[str, str], Depends(own_form)]
