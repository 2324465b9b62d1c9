"""Who is signed in to the pages: random tokens that live in this process and in one cookie each."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

COOKIE = "churnwatch_session"
LIFETIME = timedelta(hours=12)
TICKET_LIFETIME = timedelta(minutes=15)  # it was printed, and may stand in a log
_MOST_SESSIONS = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who signed in. `key_prefix` is None for the one who started the server and used its ticket."""

    label: str
    scopes: tuple[str, ...]
    key_prefix: str | None
    ends_at: datetime


class Sessions:
    """The sessions of one running server; they end with it."""

    def __init__(self, ticket: str | None, started_at: datetime) -> None:
        self._ticket = ticket
        self._ticket_ends_at = started_at + TICKET_LIFETIME
        self._by_hash: dict[bytes, Session] = {}
        self._lock = Lock()

    def open(self, label: str, scopes: tuple[str, ...], key_prefix: str | None, now: datetime) -> str:
        """A new session; returns the token for its cookie."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._by_hash = {mark: one for mark, one in self._by_hash.items() if one.ends_at > now}
            while len(self._by_hash) >= _MOST_SESSIONS:
                del self._by_hash[next(iter(self._by_hash))]
            self._by_hash[_mark(token)] = Session(label, scopes, key_prefix, now + LIFETIME)
        return token

    def exchange(self, ticket: str, scopes: tuple[str, ...], now: datetime) -> str | None:
        """A session for the server's ticket, which works once; None where it is wrong, old or was used."""
        with self._lock:
            right = self._ticket is not None and secrets.compare_digest(_mark(ticket), _mark(self._ticket))
            right = right and now < self._ticket_ends_at
            if not right:
                return None
            self._ticket = None
        return self.open("ticket", scopes, None, now)

    def find(self, token: str | None, now: datetime) -> Session | None:
        """The session of a cookie, if it lasts."""
        with self._lock:
            session = self._by_hash.get(_mark(token)) if token else None
        return session if session is not None and session.ends_at > now else None

    def close(self, token: str | None) -> None:
        """End a session."""
        with self._lock:
            self._by_hash.pop(_mark(token or ""), None)


def _mark(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
