"""Where the one signal kernel runs when there is more than one machine's worth of clients: what is asked, what came of it.

An engine decides only where buckets of clients run: `local.run` in this process, `spark.run` on a cluster. Both pass over the
same buckets with the same functions of `kernel`: find what is there, survey what the firm as a whole says, measure each client.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.model.tone import SHIPPED, Reader


@dataclass(frozen=True, slots=True)
class Job:
    """Snapshots of every client in a Parquet table of events, on each as-of date of which something was known by then."""

    events: str  # a file, a folder, or an object store's address
    out: str
    as_of: tuple[date, ...]
    calendar: BusinessCalendar
    names: tuple[str, ...]  # of signals, in column order
    buckets: int | None = None  # about so many; by default as many as hold `buckets.BUCKET_EVENTS` each
    overwrite: bool = False
    reader: Reader = SHIPPED  # of the texts


@dataclass(frozen=True, slots=True)
class Skipped:
    """How many rows of the table were left out for one reason, and the first of them."""

    rows: int
    file: str = ""  # of the first of them, where that is known
    row: int = 0

    @property
    def place(self) -> str:
        """Where the first of them stands, like "part-003.parquet row 17"."""
        return f"{self.file} row {self.row}" if self.file else ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was measured, and what was left out, by its reason."""

    clients: int
    events: int
    rows: int  # snapshots written
    buckets: int
    skipped: Mapping[str, Skipped] = field(default_factory=dict)


class Tell(Protocol):
    """Hears what an engine is at: a stage, and the share of it that is done or a word on it."""

    def __call__(self, stage: str, at: float | str = "") -> None:
        """Hear it."""
        ...
