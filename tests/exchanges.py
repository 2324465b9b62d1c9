"""Questions of ours and their answers, week by week, as interchange rows that bring their own readings: no text, no dice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd
import random_tables

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.roster import Roster
from churnwatch.core.table import EventTable
from churnwatch.core.types import Cue

AS_OF = datetime(2025, 6, 2, tzinfo=UTC)  # a Monday, midnight of the calendar
CALENDAR = BusinessCalendar()  # 9 to 18 in UTC, Monday to Friday
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Manner:
    """How one person answers."""

    hours: float = 1.0
    words: int = 60
    cues: Cue = Cue.GREETING | Cue.GRATITUDE


WARM = Manner()
TERSE = Manner(hours=29.0, words=2, cues=Cue.SHORT_ACK)


def message(direction: str, at: datetime, contact: str | None, client: str = "acme", **more: object) -> Row:
    """One letter; what is not told is a calm and readable one."""
    row: Row = {
        "client_id": client, "kind": "message", "direction": direction, "at": at, "known_at": at, "contact_id": contact,
        "channel": "email", "words": 40, "cues": 0, "irritation": 0.01, "question": False, "expects_reply": direction == "out",
    }  # fmt: skip
    return row | more


def weeks(first: int, last: int) -> range:
    """Weeks by how many lie between their Monday and the as-of: from the `first` ago to the `last` ago."""
    return range(first, last - 1, -1)


def exchanges(
    contact: str | None, during: Iterable[int], manner: Manner = WARM, client: str = "acme", channel: str = "email"
) -> list[Row]:
    """Two questions of ours a week, each in a thread of its own, and this person's answers."""
    rows = []
    for back in during:
        for day in (0, 2):
            asked = AS_OF - timedelta(weeks=back) + timedelta(days=day, hours=9)
            answered = asked + timedelta(hours=manner.hours * (1 + 0.05 * (back % 5 - 2)))
            about: Row = {
                "thread_id": f"{client} {contact} {channel} {back} {day}",
                "channel": channel,
                "client": client,
            }
            rows.append(message("out", asked, contact, **about))
            rows.append(message("in", answered, contact, words=manner.words + back % 3, cues=int(manner.cues), **about))
    return rows


def table_of(rows: list[Row], roster: Roster | None = None) -> EventTable:
    """The rows as columns."""
    return EventTable.from_frame(frame_of(rows), roster)


def frame_of(rows: list[Row]) -> pd.DataFrame:
    """The rows as an interchange frame."""
    return random_tables.frame_of_rows(rows)
