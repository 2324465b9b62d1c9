"""What earlier revisions said of each meeting, so that a move can be told from an invitation; kept in the source's cursor."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

_MAX_KEPT = 1000  # meetings in a cursor, the latest touched


class _Known(NamedTuple):
    sequence: int
    starts_s: int
    moved_s: int  # when the revision that moved it was made; 0 = it was not moved by that revision


@dataclass(slots=True)
class MeetingMemory:
    """The latest revision of each meeting met so far; the same revision always gets the same answer."""

    _known: dict[str, _Known] = field(default_factory=dict)

    def moves(self, meeting_id: str, sequence: int, starts_at: datetime, made_at: datetime) -> bool:
        """Whether this revision puts the meeting at another time than an earlier one did; notes the revision."""
        key, starts_s, made_s = _key(meeting_id), _seconds(starts_at), _seconds(made_at)
        known = self._known.get(key)
        if known is not None and sequence < known.sequence:
            return False
        if known is not None and sequence == known.sequence:
            return (known.starts_s, known.moved_s) == (starts_s, made_s)
        moved = known is not None and known.starts_s != starts_s
        self._known.pop(key, None)
        self._known[key] = _Known(sequence, starts_s, made_s if moved else 0)
        return moved

    def starts_at(self, meeting_id: str) -> datetime | None:
        """When the meeting was last said to start: answers and cancellations often leave it out."""
        known = self._known.get(_key(meeting_id))
        return None if known is None else datetime.fromtimestamp(known.starts_s, UTC)

    def dump(self) -> dict[str, list[int]]:
        """For the cursor."""
        return {key: list(known) for key, known in list(self._known.items())[-_MAX_KEPT:]}

    @classmethod
    def load(cls, dumped: Mapping[str, list[int]]) -> "MeetingMemory":
        """From a cursor."""
        return cls({key: _Known(*numbers) for key, numbers in dumped.items()})


def _key(meeting_id: str) -> str:
    return hashlib.sha256(meeting_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
