"""The application: the API, the pages, and what stands in front of both."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from churnwatch import __version__
from churnwatch.api import openapi, pages, problems
from churnwatch.api.keys import API, KeyGate
from churnwatch.api.problems import ProblemError
from churnwatch.api.routes import ROUTERS, TAGS
from churnwatch.api.service import ModelShelf, Service
from churnwatch.api.sessions import Sessions
from churnwatch.api.shield import Shield
from churnwatch.core.config import Config
from churnwatch.core.errors import ArtifactError, StoreError
from churnwatch.store import Store

_STATIC = Path(__file__).with_name("static")
_OUT_OF_REACH = "The store is out of reach. Try again later; the server's log says more."
# Unset, FastAPI would send spans and logs with the text of exceptions to whatever collector it finds.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def create_app(config: Config, store: Store, *, clock: Callable[[], datetime], ticket: str | None = None) -> FastAPI:
    """The application over an open store. `ticket` signs in whoever opens /?ticket=… first."""
    app = FastAPI(
        title="churnwatch",
        version=__version__,
        summary="Early warning for client relations: calibrated, explained risk of leaving.",
        description=openapi.DESCRIPTION,
        openapi_tags=TAGS,
        openapi_url="/v1/openapi.json",
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        telemetry=_NO_TELEMETRY,
    )
    app.state.service = Service(config, store, clock, ModelShelf(config), Sessions(ticket, clock()))
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.openapi = partial(openapi.describe, app)  # type: ignore[method-assign] # FastAPI's documented way
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(RequestValidationError, _problem)
    app.add_exception_handler(HTTPException, _problem)
    app.add_exception_handler(StoreError, _problem)
    app.add_exception_handler(ArtifactError, _problem)
    app.add_exception_handler(pages.SignInNeededError, pages.ask_to_sign_in)
    app.add_middleware(KeyGate, store=store, clock=clock)
    app.add_middleware(Shield, synthetic=config.firm.synthetic)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _problem(request: Request, error: Exception) -> Response:
    match error:
        case ProblemError():
            problem = error
        case RequestValidationError():
            problem = problems.of_validation(error)
        case HTTPException():
            problem = ProblemError(error.status_code, _detail(error), headers=error.headers or {})
        case ArtifactError():
            problems.note(error, request.url.path)
            problem = ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, f"A model cannot serve. {error.remedy}")
        case _:
            problems.note(error, request.url.path)
            problem = ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, _OUT_OF_REACH)
    if not request.url.path.startswith(API) and "text/html" in request.headers.get("accept", ""):
        return pages.problem_page(request, problem)
    return problems.response(request.url.path, problem)


def _detail(error: HTTPException) -> str:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return "There is nothing at this address."
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return "This address does not take this method."
        case HTTPStatus.BAD_REQUEST:
            return "The body cannot be parsed."
        case _:
            return str(error.detail)
