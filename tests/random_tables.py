"""Tables of events as chance has them: for what must hold whatever a firm's correspondence looks like."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from churnwatch.core.calendar import micros
from churnwatch.core.interchange import INTERCHANGE_COLUMNS, READING_COLUMNS, TIME_COLUMNS
from churnwatch.core.roster import Rank, Roster
from churnwatch.core.table import US_PER_DAY
from churnwatch.core.types import Kind, MeetingStatus

CLIENTS = ("a", "b", "c")
BEGIN = pd.Timestamp("2023-01-01", tz="UTC")
DAYS = 900

moments = st.integers(0, DAYS * 24 * 60).map(lambda minutes: BEGIN + pd.Timedelta(minutes=minutes))
days = moments.map(lambda moment: moment.normalize())
few = st.sampled_from(CLIENTS)
people = st.sampled_from([None, "a", "b", "a;b", "b;c;lawyer"])

ROSTER = Roster(
    ranks={"a": Rank.HEAD, "b": Rank.EXECUTIVE, "lawyer": Rank.LEGAL},
    deciders={"b": "a", "c": "b"},
    countries={"a": "RU", "b": "DE"},
    manager_changes={"a": (micros(BEGIN) + 300 * US_PER_DAY, micros(BEGIN) + 500 * US_PER_DAY)},
)


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


@st.composite
def event_rows(draw: st.DrawFn) -> dict[str, object]:
    """One event, known at once or up to forty days later."""
    kind = draw(st.sampled_from([kind.word for kind in Kind]))
    at = draw(moments)
    row: dict[str, object] = {
        "client_id": draw(few), "kind": kind, "direction": draw(st.sampled_from(["in", "out"])), "at": at,
        "known_at": at + pd.Timedelta(minutes=draw(st.sampled_from([0, 0, 1, 60 * 24 * 40]))),
        "contact_id": draw(maybe(few)), "channel": draw(maybe(few)), "thread_id": draw(maybe(few)),
    }  # fmt: skip
    match kind:
        case "message":
            row |= {"reply_to": draw(maybe(st.integers(0, 40).map(str))), "automatic": draw(st.booleans())}
            row |= {"words": draw(maybe(st.integers(0, 100_000))), "irritation": draw(maybe(st.floats(0, 1)))}
            row |= {"question": draw(maybe(st.booleans())), "expects_reply": draw(maybe(st.booleans()))}
            row |= {"cues": draw(st.integers(0, 2**17 - 1)), "delivers": draw(maybe(st.booleans()))}
            row |= {"attachments": draw(st.sampled_from([0, 0, 2])), "people": draw(people)}
            row |= {"promise_due": draw(maybe(days))}
            row |= {"away_since": draw(maybe(days)), "away_until": draw(maybe(days))}
        case "meeting":
            row |= {"starts_at": draw(moments), "status": draw(st.sampled_from([one.word for one in MeetingStatus]))}
            row |= {"people": draw(people)}
        case "call":
            row |= {"duration_s": draw(st.floats(0, 1e6)), "answered": draw(st.booleans())}
        case _:
            row |= {"due_on": draw(days), "paid_on": draw(maybe(days)), "amount": draw(st.floats(-1e9, 1e9))}
            row |= {"paid_known_at": draw(maybe(moments))}
    return row


def frame_of_rows(rows: list[dict[str, object]]) -> pd.DataFrame:
    """The rows as an interchange frame, numbered."""
    frame = pd.DataFrame(rows, columns=[*INTERCHANGE_COLUMNS, *READING_COLUMNS])
    frame["event_id"] = [str(number) for number in range(len(rows))]
    for column in TIME_COLUMNS:
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


def dense(seed: int, clients: int = 1, late_share: float = 0.0) -> list[dict[str, object]]:
    """Many rows within the windows, so that most signals have their evidence; some of them known weeks late."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2025-01-01", tz="UTC")
    rows: list[dict[str, object]] = []
    for kind, size in (("message", 500), ("call", 60), ("meeting", 60), ("invoice", 30)):
        for _ in range(size * clients):
            client = CLIENTS[rng.integers(clients)]
            at = start + pd.Timedelta(minutes=int(rng.integers(0, 240 * 24 * 60)))
            day = at.normalize() + pd.Timedelta(days=int(rng.integers(-5, 40)))
            late = pd.Timedelta(minutes=int(rng.integers(0, 60 * 24 * 60)) if rng.random() < late_share else 0)
            rows.append(
                {
                    "client_id": client, "kind": kind, "direction": str(rng.choice(["in", "out"])), "at": at,
                    "known_at": at + late, "contact_id": str(rng.choice(CLIENTS)), "channel": str(rng.choice(["email", "chat"])),
                    "thread_id": f"{client}{rng.integers(0, 40)}", "words": float(rng.choice([0, 1, 50])),
                    "cues": int(rng.integers(2**17)), "irritation": float(rng.choice([0, 1])), "question": bool(rng.integers(2)),
                    "starts_at": at + pd.Timedelta(days=2), "status": str(rng.choice([one.word for one in MeetingStatus])),
                    "duration_s": float(rng.choice([0, 1e5])), "answered": bool(rng.integers(2)), "due_on": day,
                    "paid_on": day if rng.integers(2) else pd.NaT, "amount": float(rng.choice([0, -50, 100])),
                    "paid_known_at": at + late + pd.Timedelta(days=20) if rng.random() < late_share else pd.NaT,
                    "people": str(rng.choice(["a", "b;a", "c"])), "attachments": int(rng.integers(2)),
                    "delivers": bool(rng.integers(2)), "promise_due": day if rng.random() < 0.1 else pd.NaT,
                    "automatic": kind == "message" and bool(rng.random() < 0.05),
                    "away_since": at.normalize() if rng.random() < 0.05 else pd.NaT,
                    "away_until": day if rng.integers(2) else pd.NaT,
                }
            )  # fmt: skip
    return rows
