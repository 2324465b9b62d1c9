"""The interchange format of the docs: the names of its columns, and events as its rows."""

from collections.abc import Mapping, Sequence

import pandas as pd

from churnwatch.core.types import Call, Event, Invoice, Meeting, Message, Reading

INTERCHANGE_COLUMNS = (
    "event_id", "client_id", "contact_id", "kind", "direction", "at", "known_at", "channel", "thread_id", "reply_to",
    "subject", "text", "starts_at", "status", "duration_s", "answered", "due_on", "paid_on", "paid_known_at",
    "amount", "people", "attachments", "away_since", "away_until",
)  # fmt: skip
READING_COLUMNS = (
    "words", "question", "expects_reply", "irritation", "warmth", "cues", "automatic", "promise_due", "delivers",
)  # fmt: skip
REQUIRED_COLUMNS = ("event_id", "client_id", "kind", "direction", "at")
TIME_COLUMNS = (
    "at", "known_at", "starts_at", "due_on", "paid_on", "paid_known_at", "away_since", "away_until", "promise_due",
)  # fmt: skip
PEOPLE_SEPARATOR = ";"


def frame_of_events(events: Sequence[Event], readings: Mapping[str, Reading]) -> pd.DataFrame:
    """Event objects as interchange rows, with the readings' columns beside them."""
    columns: dict[str, list[object]] = {name: [] for name in (*INTERCHANGE_COLUMNS, *READING_COLUMNS)}
    for event in events:
        row = row_of_event(event) | row_of_reading(readings.get(event.event_id))
        for name, values in columns.items():
            values.append(row.get(name))
    frame = pd.DataFrame(columns, columns=[*columns])
    for name in TIME_COLUMNS:
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def row_of_event(event: Event) -> dict[str, object]:
    """One event as an interchange row; the columns that are meaningless for its kind are left out."""
    row: dict[str, object] = {
        "event_id": event.event_id,
        "client_id": event.client_id,
        "contact_id": event.contact_id,
        "direction": event.direction.word,
        "at": event.at,
        "known_at": event.known_at,
        "channel": event.channel,
    }
    match event:
        case Message():
            row |= {"kind": "message", "thread_id": event.thread_id, "reply_to": event.reply_to}
            row |= {"subject": event.subject, "text": event.text, "automatic": event.automatic}
            row |= {"people": _joined(event.people), "attachments": event.attachments}
            row |= {"away_since": event.away_since, "away_until": event.away_until}
        case Meeting():
            row |= {"kind": "meeting", "thread_id": event.meeting_id, "subject": event.subject}
            row |= {"starts_at": event.starts_at, "status": event.status.word, "people": _joined(event.people)}
        case Call():
            row |= {"kind": "call", "duration_s": event.duration_s, "answered": event.answered}
        case Invoice():
            row |= {"kind": "invoice", "due_on": event.due_on, "amount": event.amount}
            row |= {"paid_on": event.paid_on, "paid_known_at": event.paid_known_at}
    return row


def row_of_reading(reading: Reading | None) -> dict[str, object]:
    """The reading's columns; empty where a message was not read."""
    if reading is None:
        return {}
    return {
        "words": reading.words,
        "question": reading.question,
        "expects_reply": reading.expects_reply,
        "irritation": reading.irritation,
        "warmth": reading.warmth,
        "cues": int(reading.cues),
        "promise_due": reading.promise_due,
        "delivers": reading.delivers,
    }


def _joined(people: Sequence[str]) -> str | None:
    return PEOPLE_SEPARATOR.join(people) or None
