"""Who asks over HTTP: an API key in the Authorization header, and what its scopes allow."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from churnwatch.api import problems
from churnwatch.api.problems import ProblemError
from churnwatch.core.errors import StoreError
from churnwatch.store import ApiKey, Store

ScopeName = Literal["read", "text", "write", "score"]
API = "/v1/"
_WITHOUT_KEY = frozenset({"/v1/openapi.json"})
_KEY_IS_CHOICE = frozenset({"/v1/health"})
_REALM = 'Bearer realm="churnwatch"'
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="api_key",
    description="`Authorization: Bearer cw_…`. The administrator makes keys and gives them scopes: "
    "`read` (risks, clients, alerts), `text` (quotes of messages), `write` (events, outcomes, alerts), `score`.",
)


class KeyGate:
    """ASGI middleware: nothing of a request to the API is read before its key is known."""

    def __init__(self, app: ASGIApp, store: Store, clock: Callable[[], datetime]) -> None:
        self._app, self._store, self._clock = app, store, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with its key, or answer 401."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(API) or path in _WITHOUT_KEY:
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("authorization")
        if told is None and path in _KEY_IS_CHOICE:
            await self._app(scope, receive, send)
            return
        try:
            key = await run_in_threadpool(self._key, told)
        except StoreError:
            problem = ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "The store is out of reach. Try again later.")
            await problems.response(path, problem)(scope, receive, send)
            return
        if key is None:
            why = "Send an API key: Authorization: Bearer cw_…" if told is None else "This API key is not valid."
            error = "" if told is None else ', error="invalid_token"'
            problem = ProblemError(HTTPStatus.UNAUTHORIZED, why, headers={"WWW-Authenticate": _REALM + error})
            await problems.response(path, problem)(scope, receive, send)
            return
        scope.setdefault("state", {})["key"] = key
        await self._app(scope, receive, send)

    def _key(self, told: str | None) -> ApiKey | None:
        kind, _, plaintext = (told or "").partition(" ")
        return self._store.access.verify(plaintext.strip(), self._clock()) if kind.lower() == "bearer" else None


class Needs:
    """A dependency: the request's key, if it has the scope, else 403."""

    def __init__(self, scope: ScopeName) -> None:
        self.scope = scope

    def __call__(
        self, request: Request, _told: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
    ) -> ApiKey:
        """The key."""
        key: ApiKey = request.state.key
        if self.scope not in key.scopes:
            raise ProblemError(
                HTTPStatus.FORBIDDEN,
                f"This key lacks the scope {self.scope!r}.",
                headers={"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{self.scope}"'},
            )
        return key


def key_if_any(
    request: Request, _told: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> ApiKey | None:
    """The request's key, where one was sent."""
    key: ApiKey | None = getattr(request.state, "key", None)
    return key
