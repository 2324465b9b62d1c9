"""The one shape of every error: RFC 9457 problem details, without a stack and without a word of anybody's message."""

import json
import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS = 50  # listed in one answer
_log = logging.getLogger("churnwatch.api")


class Flaw(TypedDict):
    """One thing that is wrong with a request, and where."""

    detail: str
    pointer: NotRequired[str]  # JSON pointer into the body
    parameter: NotRequired[str]


@dataclass(eq=False)
class ProblemError(Exception):
    """Ends a request with this answer."""

    status: int
    detail: str
    errors: Sequence[Flaw] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.detail)


def response(path: str, problem: ProblemError) -> Response:
    """The answer; `path` names the request that it is about."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": path,
        "errors": list(problem.errors),
    }
    # Pure ASCII: what a request brought may hold half a surrogate pair, which UTF-8 cannot write.
    body = json.dumps(content, ensure_ascii=True).encode("ascii")
    return Response(body, problem.status, dict(problem.headers), media_type=MEDIA_TYPE)


def of_validation(error: RequestValidationError | ValidationError) -> ProblemError:
    """What the schema says is wrong; never the value itself, which may be private."""
    found = error.errors()
    flaws = [_flaw(item) for item in found[:_MOST_ERRORS]]
    more = f" The first {_MOST_ERRORS} are listed." if len(found) > _MOST_ERRORS else ""
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY, f"The request does not fit the schema (errors: {len(found)}).{more}", flaws
    )


def of_parameter(name: str, detail: str) -> ProblemError:
    """One wrong parameter."""
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY, f"The parameter {name} is wrong.", [{"detail": detail, "parameter": name}]
    )


def of_accident(error: Exception, method: str, path: str, request_id: str) -> ProblemError:
    """An error nobody planned: the log gets its kind and place, but not its text, which may quote a message."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    places = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))
    _log.error("%s %s failed [%s]: %s in %s", method, path, request_id, type(error).__name__, places)
    return ProblemError(
        HTTPStatus.INTERNAL_SERVER_ERROR, f"Something went wrong here. The log has it under {request_id}."
    )


def note(error: Exception, path: str) -> None:
    """Log an error that says by itself what failed."""
    _log.error("%s: %s", path, error)


def _flaw(item: Mapping[str, Any]) -> Flaw:
    where, *steps = item["loc"] or ("body",)
    detail = str(item["msg"])
    if item["type"] == "json_invalid":
        return {"detail": f"This is not JSON: {item['ctx']['error']}.", "pointer": ""}
    if where in {"query", "path", "header", "cookie"}:
        return {"detail": detail, "parameter": ".".join(str(step) for step in steps)}
    if where != "body":
        steps = [where, *steps]
    return {"detail": detail, "pointer": "".join(f"/{_escaped(step)}" for step in steps)}


def _escaped(step: object) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
