"""What every request passes first and every answer last: its size, its id, the headers that keep a browser safe."""

import re
import secrets
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnwatch.api import problems

MAX_BODY_BYTES = 20_000_000
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TOO_LARGE = f"A request may have {MAX_BODY_BYTES // 1_000_000} MB at most. Send it in parts."
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": a browser would then send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Shield:
    """ASGI middleware, the outermost of ours."""

    def __init__(self, app: ASGIApp, *, synthetic: bool) -> None:
        self._app = app
        # A tool that reads one answer must be able to tell a made-up firm from a real one.
        self._headers = _HEADERS | ({"Churnwatch-Synthetic": "true"} if synthetic else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["Request-Id"] = request_id
                for name, value in self._headers.items():
                    headers[name] = value
                # Our style sheet may be kept, if it is asked each time whether it changed; all else is private.
                headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith("/static/") else "no-store")
            await send(message)

        if _told_size(scope) > MAX_BODY_BYTES:
            problem = problems.ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
            await problems.response(scope["path"], problem)(scope, receive, dressed)
            return
        try:
            await self._app(scope, _limited(receive), dressed)
        except Exception as error:  # noqa: BLE001 - the server's own handler would log the error's text
            problem = problems.of_accident(error, scope["method"], scope["path"], request_id)
            if not started:
                await problems.response(scope["path"], problem)(scope, receive, dressed)


def _limited(receive: Receive) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MAX_BODY_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
        return message

    return counted


def _request_id(scope: Scope) -> str:
    told = Headers(scope=scope).get("request-id", "")
    return told if _REQUEST_ID.fullmatch(told) else secrets.token_hex(8)


def _told_size(scope: Scope) -> int:
    told = Headers(scope=scope).get("content-length", "")
    return int(told) if told.isdecimal() and len(told) < 20 else 0
