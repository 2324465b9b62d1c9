"""The API's description of itself: FastAPI's, with our one shape of errors in place of its own."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from churnwatch.api.problems import MEDIA_TYPE

DESCRIPTION = """\
Every error is an [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem (`application/problem+json`). Every answer carries a
`Request-Id`; send your own (up to 64 letters, digits, `.`, `_`, `-`) and it comes back. A body has 20 MB at most.

Every POST can be sent again after any failure: the same call twice leaves the same state as once.
"""
_REFERENCE = {"$ref": "#/components/schemas/Problem"}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong, where, and what to do about it.",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The path that was asked."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "A JSON pointer into the body."},
                    "parameter": {"type": "string", "description": "A parameter's name."},
                },
            },
        },
    },
}
_MEANINGS = {
    "400": "The body cannot be parsed.",
    "401": "The key is missing or not valid.",
    "403": "The key lacks the scope.",
    "404": "There is no such thing.",
    "409": "Somebody was faster, or it cannot go there from where it stands.",
    "413": "Too much in one call.",
    "415": "Another media type is needed.",
    "422": "The request does not fit the schema.",
    "503": "The store or the model is out of reach.",
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        schemas = document["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas["Problem"] = _PROBLEM
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _tell_problems(path, method, operation)
        app.openapi_schema = document
    return app.openapi_schema


def _tell_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    codes = {"401", "422", "503"}
    if path == "/v1/health":
        codes -= {"422"}
        operation["security"] = [*operation["security"], {}]
    else:
        codes |= {"403"}
    if "{" in path or path.endswith("/labels"):
        codes |= {"404"}
    if method == "post":
        codes |= {"400", "413"}
        codes |= {"409"} if path.endswith("/transitions") else set()
        codes |= {"415"} if path.endswith("/events") else set()
    responses = operation["responses"]
    responses.pop("422", None)
    for code in sorted(codes):
        responses[code] = {"description": _MEANINGS[code], "content": {MEDIA_TYPE: {"schema": _REFERENCE}}}
    responses["200"]["headers"] = {"Request-Id": {"schema": {"type": "string"}, "description": "Names this answer."}}
