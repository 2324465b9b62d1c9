"""Who may ask over HTTP: API keys of the form cw_<prefix>_<secret>, of which only a hash is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from churnwatch.core.errors import StoreError
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.upsert import Row

_PREFIX_BYTES = 6
_SECRET_BYTES = 32  # random enough that a plain hash cannot be guessed back
_NOTE_USE_EVERY = timedelta(minutes=5)  # a write per request would make every reader wait for the writer
_NOBODY = hashlib.sha256(b"").hexdigest()
_keys = schema.api_keys


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret; `last_used` is true to five minutes."""

    prefix: str
    label: str
    scopes: tuple[str, ...]
    created: datetime
    last_used: datetime | None
    revoked: bool


class Access:
    """The API keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_key(self, label: str, scopes: Sequence[str], now: datetime) -> str:
        """A new key in plain text: the only time that it can be seen."""
        prefix, secret = secrets.token_hex(_PREFIX_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
        row = {"prefix": prefix, "secret_sha256": _hash(secret), "label": label, "scopes": list(scopes)}
        with self._database.write() as connection:
            connection.execute(_keys.insert().values(row | {"created_at": now, "revoked": False}))
        return f"cw_{prefix}_{secret}"

    def verify(self, plaintext: str, now: datetime) -> ApiKey | None:
        """The key this text is, or None; an unknown prefix takes as long as a wrong secret."""
        mark, _, rest = plaintext.partition("_")
        prefix, _, secret = rest.partition("_")
        with self._database.read() as connection:
            row = connection.execute(select(_keys).where(_keys.c.prefix == prefix)).mappings().one_or_none()
        right = secrets.compare_digest(_hash(secret), row["secret_sha256"] if row else _NOBODY)
        if row is None or not right or mark != "cw" or row["revoked"]:
            return None
        key = _api_key(dict(row))
        if key.last_used is None or now - key.last_used >= _NOTE_USE_EVERY:
            with self._database.write() as connection:
                connection.execute(_keys.update().where(_keys.c.prefix == prefix).values(last_used_at=now))
        return key

    def keys(self) -> list[ApiKey]:
        """Every key ever made, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(_keys).order_by(_keys.c.created_at, _keys.c.prefix)).mappings()
            return [_api_key(dict(row)) for row in rows]

    def revoke(self, prefix: str) -> None:
        """Make a key worthless, for good."""
        with self._database.write() as connection:
            if not connection.execute(_keys.update().where(_keys.c.prefix == prefix).values(revoked=True)).rowcount:
                raise StoreError(f"There is no API key {prefix!r}.", remedy="List the keys to see their prefixes.")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _api_key(row: Row) -> ApiKey:
    return ApiKey(
        prefix=row["prefix"],
        label=row["label"],
        scopes=tuple(row["scopes"]),
        created=row["created_at"],
        last_used=row["last_used_at"],
        revoked=row["revoked"],
    )
