"""Notices on their way out: each is claimed with a lease, sent at least once, and marked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from churnwatch.core.errors import StoreError
from churnwatch.core.types import Notice
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.upsert import add

_outbox = schema.outbox
_PENDING, _SENT, _DEAD = "pending", "sent", "dead"
_LONGEST_ERROR = 500  # characters


@dataclass(frozen=True, slots=True)
class Parcel:
    """A notice to send now; `attempts` counts every claim of it, this one included."""

    key: str  # idempotency key: case:transition:channel:recipient
    channel: str
    notice: Notice
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadParcel:
    """A notice that will not be tried again unless someone asks for it."""

    key: str
    channel: str
    recipient: str
    error: str
    attempts: int


def add_parcels(
    connection: Connection, case_id: str, version: int, at: datetime, notices: Sequence[tuple[str, Notice]]
) -> None:
    """Put the notices of one transition into the outbox, due at once."""
    rows = [
        {
            "key": f"{case_id}:{version}:{channel}:{notice.recipient}",
            "case_id": case_id,
            "channel": channel,
            "recipient": notice.recipient,
            "notice": asdict(notice),
            "state": _PENDING,
            "attempts": 0,
            "created_at": at,
            "due_at": at,
        }
        for channel, notice in notices
    ]
    add(connection, _outbox, rows)


class Outbox:
    """The notices that wait, went out, or failed for good."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: datetime, lease_s: float, limit: int) -> list[Parcel]:
        """Take up to `limit` due notices that nobody holds. A lease that ran out holds nothing: the notice is taken again."""
        free = (
            (_outbox.c.state == _PENDING)
            & (_outbox.c.due_at <= now)
            & or_(_outbox.c.leased_until.is_(None), _outbox.c.leased_until <= now)
        )
        query = select(_outbox).where(free).order_by(_outbox.c.due_at, _outbox.c.key).limit(limit)
        lease = {"leased_until": now + timedelta(seconds=lease_s), "attempts": _outbox.c.attempts + 1}
        with self._database.write() as connection:
            return [
                Parcel(row.key, row.channel, Notice(**row.notice), row.attempts + 1)
                for row in connection.execute(query).all()
                if connection.execute(_outbox.update().where(_outbox.c.key == row.key, free).values(lease)).rowcount
            ]

    def sent(self, key: str, now: datetime) -> None:
        """The notice went out."""
        change = {"state": _SENT, "sent_at": now, "leased_until": None, "error": None}
        with self._database.write() as connection:
            connection.execute(_outbox.update().where(_outbox.c.key == key).values(change))

    def failed(self, key: str, now: datetime, error: str, permanent: bool, next_try: datetime | None) -> None:
        """It did not. Without a next try, or if it can never work, it is dead; a notice that went out stays sent."""
        dead = permanent or next_try is None
        change = {"state": _DEAD if dead else _PENDING, "error": error[:_LONGEST_ERROR], "leased_until": None}
        waiting = (_outbox.c.key == key) & (_outbox.c.state == _PENDING)
        with self._database.write() as connection:
            connection.execute(_outbox.update().where(waiting).values(change | {"due_at": next_try or now}))

    def counts(self) -> dict[str, int]:
        """How many notices are pending, sent and dead."""
        query = select(_outbox.c.state, func.count()).group_by(_outbox.c.state)
        with self._database.read() as connection:
            return dict.fromkeys((_PENDING, _SENT, _DEAD), 0) | {row[0]: row[1] for row in connection.execute(query)}

    def dead(self) -> list[DeadParcel]:
        """The notices that failed for good, oldest first."""
        columns = (_outbox.c[name] for name in ("key", "channel", "recipient", "error", "attempts"))
        query = select(*columns).where(_outbox.c.state == _DEAD).order_by(_outbox.c.created_at, _outbox.c.key)
        with self._database.read() as connection:
            return [DeadParcel(**row) for row in connection.execute(query).mappings()]

    def requeue(self, key: str) -> None:
        """Try a dead notice anew, from the first attempt."""
        change = {"state": _PENDING, "attempts": 0, "due_at": _outbox.c.created_at, "error": None}
        gone = (_outbox.c.key == key) & (_outbox.c.state == _DEAD)
        with self._database.write() as connection:
            if not connection.execute(_outbox.update().where(gone).values(change)).rowcount:
                raise StoreError(f"There is no dead notice {key!r}.", remedy="List the dead ones to see their keys.")
