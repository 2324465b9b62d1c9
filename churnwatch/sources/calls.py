"""Telephone calls, as a switchboard or a CRM exports them to CSV."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from churnwatch.core.config import SourceSettings
from churnwatch.core.contracts import Skipped, SourceItem, UnknownCorrespondent
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.types import Call, Direction
from churnwatch.sources.csv_table import Column, Row, Table, read_csv, row_id
from churnwatch.sources.identity import Identity, canonical

CALL_COLUMNS: Final = (
    Column("call_id", ("event_id", "id звонка", "id", "uniqueid", "call id", "uuid")),
    Column("at", ("дата и время", "дата", "дата звонка", "начало", "calldate", "date", "start", "started at", "timestamp"),
           required=True, holds="date"),
    Column("time", ("время", "время звонка", "call time")),
    Column("phone", ("телефон", "номер", "номер телефона", "номер клиента", "phone number", "number", "client phone", "tel")),
    Column("client_id", ("client", "id клиента", "код клиента", "клиент", "customer id", "account id", "customer")),
    Column("direction", ("направление", "тип", "тип звонка", "type", "call type"), required=True),
    Column("duration_s", ("длительность", "продолжительность", "длительность сек", "duration", "duration sec", "billsec",
                          "talk time", "seconds"), required=True),
    Column("answered", ("отвечен", "принят", "статус", "результат", "disposition", "status", "result")),
)  # fmt: skip

_DIRECTIONS: Final = {
    Direction.IN: ("in", "incoming", "inbound", "входящий", "входящая", "вх", "вход", "входящий звонок"),
    Direction.OUT: ("out", "outgoing", "outbound", "исходящий", "исходящая", "исх", "исход", "исходящий звонок"),
}
_DIRECTION_OF: Final = {word: direction for direction, words in _DIRECTIONS.items() for word in words}
_ANSWERED: Final = {
    **dict.fromkeys(("answered", "отвечен", "отвеченный", "принят", "состоялся", "разговор", "success", "успешно"), True),
    **dict.fromkeys(
        ("no answer", "noanswer", "busy", "failed", "missed", "cancel", "cancelled", "congestion", "не отвечен",
         "неотвеченный", "пропущен", "пропущенный", "занято", "не принят", "нет ответа", "сброшен"),
        False,
    ),
}  # fmt: skip
_WITHHELD: Final = frozenset(
    ("", "anonymous", "hidden", "private", "unknown", "restricted", "скрыт", "скрытый", "неизвестен")
)


@dataclass(frozen=True, slots=True)
class CallsSource:
    """Calls by `client_id` or by the client's phone; a number that no client has is reported as unknown."""

    name: str
    paths: tuple[Path, ...]
    settings: SourceSettings
    identity: Identity
    zone: ZoneInfo

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield `Call` items."""
        knowledge = f"{self.zone.key} {self.identity.fingerprint}"
        return read_csv(self.name, self.paths, self.settings, CALL_COLUMNS, knowledge, cursor, self._items)

    def _items(self, table: Table) -> Iterator[SourceItem]:
        if not table.has("phone") and not table.has("client_id"):
            raise SourceUnavailableError(
                f"{table.sheet.file} has neither a column 'phone' nor 'client_id'; "
                f"its header is: {', '.join(table.sheet.header)}.",
                remedy=f'Name one on the source {self.name!r}: columns = {{ phone = "…" }}.',
            )
        same: Counter[str] = Counter()
        yield from table.rows(lambda row: self._call(row, same))

    def _call(self, row: Row, same: Counter[str]) -> Iterator[SourceItem]:
        at = row.given(row.instant("at", self.zone, row.text("time")), "at")
        direction = _DIRECTION_OF.get(row.needed("direction").casefold())
        if direction is None:
            raise row.complaint("direction", "is neither in nor out")
        duration_s = row.seconds("duration_s")
        answered = _answered(row)
        if duration_s is None and answered is False:
            duration_s = 0.0
        duration_s = row.given(duration_s, "duration_s")
        phone = row.text("phone")
        client_id = row.text("client_id")
        event_id = row.text("call_id")
        if not event_id:
            event_id = row_id("call", at.isoformat(), canonical(phone), client_id, direction.word, duration_s)
            same[event_id] += 1
            if same[event_id] > 1:  # two calls that the file cannot tell apart are still two
                event_id = f"{event_id}:{same[event_id]}"
        person = self.identity.resolve(phone) if phone else None
        contact_id = person.contact_id if person is not None and client_id in ("", person.client_id) else None
        if not client_id:
            if phone.casefold() in _WITHHELD:
                yield Skipped(self.name, "withheld number")
                return
            if self.identity.is_ours(phone):
                yield Skipped(self.name, "internal call")
                return
            if person is None:
                yield UnknownCorrespondent(self.name, canonical(phone), at)
                return
            client_id = person.client_id
        answered = duration_s > 0 if answered is None else answered
        yield Call(event_id, client_id, direction, at, at, duration_s, answered, contact_id)


def _answered(row: Row) -> bool | None:
    word = row.text("answered").casefold().replace("_", " ")
    return _ANSWERED[word] if word in _ANSWERED else row.flag("answered")
