"""How an event lies in its row, and which of its columns may still change once it is there."""

import math
from datetime import datetime

from churnwatch.core.types import Call, Direction, Event, Invoice, Kind, Meeting, Message, Reading
from churnwatch.store import schema
from churnwatch.store.upsert import Row

TONE = ("words", "question", "expects_reply", "irritation", "warmth", "cues")  # what of a reading the tone model says
# The tone reader's numbers, or a table's own; `delivers` is null where an earlier reader read.
_READ = (*TONE, "promise_due", "delivers", "read_by")
_SEEN = ("attachments", "people", "away_since", "away_until")
LATER = ("paid_on", "kind", *_READ, *_SEEN)  # all that `lacking` must know of a row
WHO = (
    "contact_id",
    "people",
    "direction",
    "automatic",
    "away_since",
    "away_until",
)  # depends on who is known to be who


def row_of(event: Event, reading: Reading | None) -> Row:
    """The event's own columns, and the reading's where it is a message."""
    row: Row = dict.fromkeys(schema.events.c.keys())
    row |= {
        "client_id": event.client_id,
        "event_id": event.event_id,
        "contact_id": event.contact_id,
        "direction": int(event.direction),
        "at": event.at,
        "known_at": event.known_at,
        "channel": event.channel,
        "automatic": False,
        "people": (),
    }
    match event:
        case Message():
            row |= {"kind": int(Kind.MESSAGE), "thread_id": event.thread_id, "reply_to": event.reply_to}
            row |= {"automatic": event.automatic, "people": event.people, "attachments": int(event.attachments)}
            row |= {"away_since": event.away_since, "away_until": event.away_until}
        case Meeting():
            row |= {"kind": int(Kind.MEETING), "thread_id": event.meeting_id, "people": event.people}
            row |= {"starts_at": event.starts_at, "status": int(event.status)}
        case Call():
            row |= {"kind": int(Kind.CALL), "duration_s": event.duration_s, "answered": event.answered}
        case Invoice():
            row |= {"kind": int(Kind.INVOICE), "due_on": event.due_on, "amount": event.amount}
            row |= {"paid_on": event.paid_on, "paid_known_at": event.paid_known_at}
    if reading is not None and isinstance(event, Message):
        row |= row_of_reading(reading)
    return row


def row_of_reading(reading: Reading) -> Row:
    """The columns of a reading."""
    # Plain, because they may come from arrays.
    row: Row = {"words": None if reading.words is None else int(reading.words), "cues": int(reading.cues)}
    row |= {name: _yes_or_no(getattr(reading, name)) for name in ("question", "expects_reply", "delivers")}
    row |= {name: _known(getattr(reading, name)) for name in ("irritation", "warmth")}
    return row | {"promise_due": reading.promise_due, "read_by": reading.read_by}


def message_of(row: Row) -> Message:
    """The message from its columns, subject and text among them."""
    given = {"direction": Direction(row["direction"]), "subject": row["subject"] or ""}
    return Message(**row | given | {"attachments": row["attachments"] or 0})


def _yes_or_no(answer: bool | None) -> bool | None:
    return None if answer is None else bool(answer)


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def lacking(stored: Row, told: Row, now: datetime | None) -> Row:
    """What is told now and was not known before: a payment, a reading, and what was not asked when the row was kept.

    A reading by another model takes the place of the one kept. A payment that says nothing of when it could be known became
    known `now`; None = once its day was over.
    """
    found: Row = {}
    if stored["paid_on"] is None and told["paid_on"] is not None:
        found |= {"paid_on": told["paid_on"], "paid_known_at": told["paid_known_at"] or now}
    of_another_model = told["read_by"] is not None and told["read_by"] != stored["read_by"]
    if of_another_model or any(stored[name] is None and told[name] is not None for name in ("words", "delivers")):
        found |= {name: told[name] for name in _READ}
    if stored["kind"] == Kind.MESSAGE and stored["attachments"] is None and told["attachments"] is not None:
        found |= {name: told[name] for name in _SEEN}
    if stored["kind"] == Kind.MEETING and told["people"] and not stored["people"]:
        found["people"] = told["people"]
    return found
