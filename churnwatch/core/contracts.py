"""What can be added to churnwatch, and what each addition promises: a source, a channel.

The third thing that can be added, a signal, is described in `churnwatch.features`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from churnwatch.core.types import Event, Message, Notice, Party, Reading


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message and what whoever wrote the table found in its text, which we may never see."""

    message: Message
    reading: Reading


@dataclass(frozen=True, slots=True)
class SourceError:
    """A record that could not be read: reported with its place, counted, skipped; it never stops a run."""

    source: str
    place: str  # "inbox.mbox message 17", "calls.csv line 4"
    problem: str  # never contains a message's text
    part: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A good record that is not ours to keep (internal mail, a to-do in a calendar): counted by `why`, not reported."""

    source: str
    why: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class UnknownCorrespondent:
    """Someone outside the firm whom no client claims; listed for the administrator, never guessed."""

    source: str
    address: str
    at: datetime
    part: str = ""


@dataclass(frozen=True, slots=True)
class Reread:
    """A part is read again from its start, or is gone: what was tallied and reported of it is void."""

    source: str
    part: str


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A part is there and could not be read now: until it is, the source counts as one that cannot be read."""

    source: str
    part: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All records yielded so far are complete: reading again from `cursor` yields what comes after them."""

    source: str
    cursor: str


SourceItem = (
    Event | ReadMessage | Party | SourceError | Skipped | UnknownCorrespondent | Reread | OutOfReach | Checkpoint
)


class Source(Protocol):
    """Somewhere interactions or parties are read from.

    Restartable from any `Checkpoint.cursor` (None = from the start); the same record always has the same `event_id`. A bad
    record is yielded as `SourceError`; only the loss of the whole source raises (`SourceUnavailableError`).

    What is tallied or reported names its `part`: the file it comes from, as the cursor names it ("" where every record is
    read once). Before the first item of a part that was read before and now starts anew comes one `Reread`; going on in the
    middle of a part is none.
    """

    @property
    def name(self) -> str:
        """Unique in the configuration; the key of its cursor."""
        ...

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield records, with a `Checkpoint` at least every thousand of them and at the end."""
        ...


class Channel(Protocol):
    """A way a notice reaches someone."""

    @property
    def name(self) -> str:
        """Unique in the configuration; part of the idempotency key."""
        ...

    def send(self, notice: Notice, idempotency_key: str) -> None:
        """Hand the notice over, or raise `DeliveryError(permanent=…)`: 401/404 permanent, 5xx/429/time-outs transient."""
        ...
