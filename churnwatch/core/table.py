"""Events as columns: the one in-memory shape between whoever read them and whoever measures them.

The frame that `EventTable.from_frame` takes is the interchange format of the README (a table of events), plus the numbers that
the tone reader found in each text. No text stays in an `EventTable`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnwatch.core.types import Call, Event, Invoice, Kind, Meeting, MeetingStatus, Message, Reading

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

US_PER_SECOND = 1_000_000
US_PER_HOUR = 3600 * US_PER_SECOND
US_PER_DAY = 24 * US_PER_HOUR
NO_TIME = np.iinfo(np.int64).min
UNKNOWN = -1  # for small codes and for yes/no/unknown columns

INTERCHANGE_COLUMNS = (
    "event_id", "client_id", "contact_id", "kind", "direction", "at", "known_at", "channel", "thread_id", "reply_to",
    "subject", "text", "starts_at", "status", "duration_s", "answered", "due_on", "paid_on", "amount",
)  # fmt: skip
READING_COLUMNS = ("words", "question", "expects_reply", "irritation", "cues", "automatic")
REQUIRED_COLUMNS = ("event_id", "client_id", "kind", "direction", "at")


@dataclass(frozen=True, slots=True)
class EventTable:
    """Columns of equal length, sorted by (client, at, event_id); times are int64 UTC microseconds.

    `key` is a hash of the event id and `reply_key` of the parent's (0 = none); `thread`, `contact`, `channel` are codes with
    -1 for none; `meeting` codes the revisions of one meeting together. NaN, -1 or NO_TIME mean "not known".
    """

    clients: tuple[str, ...]
    event_id: NDArray[np.object_]
    client: NDArray[np.int32]
    kind: NDArray[np.int8]
    direction: NDArray[np.int8]
    at: IntArray
    known_at: IntArray
    contact: NDArray[np.int32]
    channel: NDArray[np.int32]
    thread: NDArray[np.int32]
    key: IntArray
    reply_key: IntArray
    automatic: BoolArray
    words: FloatArray
    question: NDArray[np.int8]
    expects_reply: NDArray[np.int8]
    irritation: FloatArray
    cues: IntArray
    starts_at: IntArray
    status: NDArray[np.int8]
    duration_s: FloatArray
    answered: NDArray[np.int8]
    due_on: IntArray
    paid_on: IntArray
    amount: FloatArray

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: NDArray[np.intp]) -> dict[str, NDArray[np.generic]]:
        """Every event column at `rows`, by name."""
        return {name: getattr(self, name)[rows] for name in EVENT_COLUMNS}

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> "EventTable":
        """Build from interchange columns (times as UTC datetimes, kind/direction/status as words or codes).

        Columns that are absent count as unknown; `known_at` defaults to `at`. Rows are expected to be valid: the readers in
        `sources` report and drop what is not.
        """
        size = len(frame)
        at = _micros(frame, "at", size)
        known_at = np.where((known := _micros(frame, "known_at", size)) == NO_TIME, at, known)
        client_codes, clients = pd.factorize(frame["client_id"].astype(str), sort=True)
        event_id = frame["event_id"].astype(str).to_numpy(dtype=object)
        kind = _words_to_codes(frame, "kind", {kind.word: int(kind) for kind in Kind}, size)
        thread_ids = _strings(frame, "thread_id", size)
        # Revisions of a meeting that come without a thread id are meetings of their own.
        alone = (kind == Kind.MEETING) & (thread_ids == "")
        thread_ids[alone] = event_id[alone]
        columns: dict[str, NDArray[np.generic]] = {
            "event_id": event_id,
            "client": client_codes.astype(np.int32),
            "kind": kind,
            "direction": _words_to_codes(frame, "direction", {"in": 0, "out": 1}, size),
            "at": at,
            "known_at": known_at,
            "contact": _codes(_strings(frame, "contact_id", size)),
            "channel": _codes(_strings(frame, "channel", size)),
            "thread": _codes(thread_ids),
            "key": hash_ids(event_id),
            "reply_key": _hash_or_zero(_strings(frame, "reply_to", size)),
            "automatic": _yes_no(frame, "automatic", size) == 1,
            "words": _floats(frame, "words", size),
            "question": _yes_no(frame, "question", size),
            "expects_reply": _yes_no(frame, "expects_reply", size),
            "irritation": _floats(frame, "irritation", size),
            "cues": np.nan_to_num(_floats(frame, "cues", size)).astype(np.int64),
            "starts_at": _micros(frame, "starts_at", size),
            "status": _words_to_codes(frame, "status", {s.word: int(s) for s in MeetingStatus}, size),
            "duration_s": _floats(frame, "duration_s", size),
            "answered": _yes_no(frame, "answered", size),
            "due_on": _micros(frame, "due_on", size),
            "paid_on": _micros(frame, "paid_on", size),
            "amount": _floats(frame, "amount", size),
        }
        order = np.lexsort((columns["key"], at, client_codes))
        return cls(clients=tuple(clients), **{name: column[order] for name, column in columns.items()})  # type: ignore[arg-type]

    @classmethod
    def from_events(cls, events: Iterable[Event], readings: Mapping[str, Reading] | None = None) -> "EventTable":
        """Build from event objects and, by event id, what the tone reader found in them."""
        return cls.from_frame(frame_of_events(list(events), readings or {}))


EVENT_COLUMNS = tuple(field.name for field in fields(EventTable) if field.name != "clients")


def frame_of_events(events: Sequence[Event], readings: Mapping[str, Reading]) -> pd.DataFrame:
    """Event objects as interchange rows, with the readings' columns beside them."""
    columns: dict[str, list[object]] = {name: [] for name in (*INTERCHANGE_COLUMNS, *READING_COLUMNS)}
    for event in events:
        row = row_of_event(event) | row_of_reading(readings.get(event.event_id))
        for name, values in columns.items():
            values.append(row.get(name))
    frame = pd.DataFrame(columns, columns=[*columns])
    for name in ("at", "known_at", "starts_at", "due_on", "paid_on"):
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
        case Meeting():
            row |= {"kind": "meeting", "thread_id": event.meeting_id, "subject": event.subject}
            row |= {"starts_at": event.starts_at, "status": event.status.word}
        case Call():
            row |= {"kind": "call", "duration_s": event.duration_s, "answered": event.answered}
        case Invoice():
            row |= {"kind": "invoice", "due_on": event.due_on, "paid_on": event.paid_on, "amount": event.amount}
    return row


def hash_ids(ids: NDArray[np.object_]) -> IntArray:
    """A stable 63-bit hash of each id, never 0."""
    hashed = pd.util.hash_array(ids, categorize=False).astype(np.uint64) >> np.uint64(1)
    positive: IntArray = np.maximum(hashed, np.uint64(1)).astype(np.int64)
    return positive


def row_of_reading(reading: Reading | None) -> dict[str, object]:
    """The reading's columns; empty where a message was not read."""
    if reading is None:
        return {}
    return {
        "words": reading.words,
        "question": reading.question,
        "expects_reply": reading.expects_reply,
        "irritation": reading.irritation,
        "cues": int(reading.cues),
    }


def _micros(frame: pd.DataFrame, name: str, size: int) -> IntArray:
    if name not in frame:
        return np.full(size, NO_TIME, dtype=np.int64)
    times = pd.to_datetime(frame[name], utc=True).dt.as_unit("us")
    return np.where(times.isna(), NO_TIME, times.astype("int64")).astype(np.int64)


def _floats(frame: pd.DataFrame, name: str, size: int) -> FloatArray:
    if name not in frame:
        return np.full(size, np.nan)
    return pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _strings(frame: pd.DataFrame, name: str, size: int) -> NDArray[np.object_]:
    if name not in frame:
        return np.full(size, "", dtype=object)
    column = frame[name]
    return np.array(column.astype(str).where(column.notna(), "").to_numpy(dtype=object), dtype=object)


def _codes(values: NDArray[np.object_]) -> NDArray[np.int32]:
    codes, _ = pd.factorize(pd.Series(values, dtype=object).replace("", None), sort=True)
    return codes.astype(np.int32)


def _hash_or_zero(ids: NDArray[np.object_]) -> IntArray:
    return np.where(ids == "", 0, hash_ids(ids)).astype(np.int64)


def _yes_no(frame: pd.DataFrame, name: str, size: int) -> NDArray[np.int8]:
    if name not in frame:
        return np.full(size, UNKNOWN, dtype=np.int8)
    values = pd.to_numeric(frame[name].map({True: 1, False: 0}).astype("Float64"), errors="coerce")
    return np.asarray(values.fillna(UNKNOWN), dtype=np.int8)


def _words_to_codes(frame: pd.DataFrame, name: str, codes: Mapping[str, int], size: int) -> NDArray[np.int8]:
    if name not in frame:
        return np.full(size, UNKNOWN, dtype=np.int8)
    column = frame[name]
    if pd.api.types.is_numeric_dtype(column):
        return column.fillna(UNKNOWN).to_numpy(dtype=np.int8)
    return np.asarray(column.map(codes).astype("Float64").fillna(UNKNOWN), dtype=np.int8)
