"""Which messages another model has read, and new readings in the place of theirs."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select

from churnwatch.core.types import Message, Reading
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.event_rows import TONE, message_of, row_of_reading
from churnwatch.store.events import next_write, select_messages
from churnwatch.store.upsert import Row, put

_events, _texts = schema.events, schema.texts


class OutOfDate(NamedTuple):
    """How many messages another model has read: those whose text is kept, and the others."""

    with_text: int
    without_text: int


class Readings:
    """What was read in the texts of all messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def out_of_date(self, model_id: str) -> OutOfDate:
        """How many messages another model than this one has read."""
        query = select(func.count(), func.count(_texts.c.text)).select_from(_events.join(_texts, isouter=True))
        with self._database.read() as connection:
            total, with_text = connection.execute(query.where(_read_by_another(model_id))).one()
        return OutOfDate(with_text, total - with_text)

    def to_read_again(self, model_id: str, limit: int) -> list[Message]:
        """Up to `limit` messages whose text is kept, and that another model than this one has read."""
        query = select_messages().where(_read_by_another(model_id), _texts.c.text.is_not(None)).limit(limit)
        with self._database.read() as connection:
            return [message_of(dict(row)) for row in connection.execute(query).mappings()]

    def put(self, model_id: str, read: Sequence[Message], readings: Sequence[Reading]) -> None:
        """Replace what was said of the tone of some messages, in one write; a message that is gone by now stays gone."""
        if not read:
            return
        is_it = (_events.c.client_id == bindparam("of_client")) & (_events.c.event_id == bindparam("of_event"))
        with self._database.write() as connection:
            number = next_write(connection)
            told: Row = {name: bindparam(name) for name in TONE}
            statement = _events.update().where(is_it).values(told | {"read_by": model_id, "changed": number})
            rows = [
                {"of_client": one.client_id, "of_event": one.event_id, **{name: row[name] for name in TONE}}
                for one, row in zip(read, map(row_of_reading, readings), strict=True)
            ]
            connection.execute(statement, rows)
            clients = sorted({one.client_id for one in read})
            put(connection, schema.rewritten, [{"client_id": client_id, "changed": number} for client_id in clients])


def _read_by_another(model_id: str) -> ColumnElement[bool]:
    # Two ranges, because no index finds what is unequal.
    return (_events.c.read_by < model_id) | (_events.c.read_by > model_id)
