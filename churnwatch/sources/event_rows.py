"""How the clean rows of a table of events become event objects, with the numbers that the table itself has of a message's text."""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from churnwatch.core.contracts import ReadMessage
from churnwatch.core.interchange import PEOPLE_SEPARATOR
from churnwatch.core.types import Call, Cue, Direction, Event, Invoice, Meeting, MeetingStatus, Message, Reading
from churnwatch.sources.table_columns import AnySeries

_READ = ("words", "question", "expects_reply", "irritation", "warmth", "cues", "promise_due", "delivers")


def events_in(frame: pd.DataFrame) -> Iterator[Event]:
    """The events, in the order of the rows."""
    for row in _rows(frame):
        yield _event(row)


def items_in(frame: pd.DataFrame) -> Iterator[Event | ReadMessage]:
    """The events; a message comes with its reading where the row has any number of one."""
    for row in _rows(frame):
        event = _event(row)
        if isinstance(event, Message) and any(row[name] is not None for name in _READ):
            yield ReadMessage(event, _reading(row))
        else:
            yield event


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    columns = {name: _objects(frame[name]) for name in frame.columns}
    for values in zip(*columns.values(), strict=True):
        yield defaultdict(_nothing, zip(columns, values, strict=True))


def _nothing() -> None:
    """What a column that the table does not have says."""


def _reading(row: dict[str, Any]) -> Reading:
    return Reading(
        words=None if row["words"] is None else int(row["words"]),
        question=row["question"],
        irritation=math.nan if row["irritation"] is None else row["irritation"],
        cues=Cue(int(row["cues"] or 0)),
        expects_reply=row["expects_reply"],
        warmth=math.nan if row["warmth"] is None else row["warmth"],
        promise_due=_day(row["promise_due"]),
        delivers=row["delivers"],
    )


def _event(row: dict[str, Any]) -> Event:
    kind = row["kind"]
    shared = {
        "event_id": row["event_id"],
        "client_id": row["client_id"],
        "direction": Direction[row["direction"].upper()],
        "at": row["at"],
        "known_at": row["known_at"],
        "contact_id": row["contact_id"],
        "channel": row["channel"],
    }
    subject = row["subject"] or ""
    match kind:
        case "message":
            return Message(
                **shared,
                thread_id=row["thread_id"],
                reply_to=row["reply_to"],
                subject=subject,
                text=row["text"],
                automatic=bool(row["automatic"]),
                people=_people(row),
                attachments=int(row["attachments"] or 0),
                away_since=_day(row["away_since"]),
                away_until=_day(row["away_until"]),
            )
        case "meeting":
            return Meeting(
                **shared,
                meeting_id=row["thread_id"],
                starts_at=row["starts_at"],
                status=MeetingStatus[row["status"].upper()],
                subject=subject,
                people=_people(row),
            )
        case "call":
            return Call(**shared, duration_s=row["duration_s"], answered=bool(row["answered"]))
        case _:
            return Invoice(
                **shared,
                due_on=row["due_on"].date(),
                amount=row["amount"],
                paid_on=_day(row["paid_on"]),
                paid_known_at=row["paid_known_at"],
            )


def _objects(column: AnySeries) -> list[Any]:
    """Plain Python values, None for missing; times as aware datetimes."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        naive: list[Any] = column.dt.tz_localize(None).to_numpy(dtype="datetime64[us]").tolist()
        return [None if value is None else value.replace(tzinfo=UTC) for value in naive]
    found: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return found


def _people(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row["people"].split(PEOPLE_SEPARATOR)) if row["people"] else ()


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else instant.date()
