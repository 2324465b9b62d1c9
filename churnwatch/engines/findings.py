"""What buckets find out about the firm on their way to whoever adds it up, as JSON: never a pickled object."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from churnwatch.core.errors import NotEnoughDataError
from churnwatch.engines import Skipped
from churnwatch.features.survey import FirmCounts, Pooled, Survey, pool_clients


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in some clients' events; findings of different clients add up."""

    clients: int
    events: int
    rows: int  # snapshots that will be measured
    counts: FirmCounts
    pool: Mapping[str, int]  # the clients on whose habits the firm's pool is learned, and when each was first heard of
    skipped: Mapping[str, Skipped]

    def __add__(self, other: "Findings") -> "Findings":
        skipped = dict(self.skipped)
        for problem, found in other.skipped.items():
            skipped[problem] = _both(skipped[problem], found) if problem in skipped else found
        return Findings(
            self.clients + other.clients,
            self.events + other.events,
            self.rows + other.rows,
            self.counts + other.counts,
            pool_clients({**self.pool, **other.pool}),
            skipped,
        )

    def to_json(self) -> bytes:
        """As it travels."""
        return json.dumps(asdict(self), default=_plain).encode()

    @classmethod
    def from_json(cls, written: bytes) -> "Findings":
        """What `to_json` wrote."""
        values = json.loads(written)
        values["counts"] = _counts(values["counts"])
        values["skipped"] = {problem: Skipped(**found) for problem, found in values["skipped"].items()}
        return cls(**values)


def added(found: Iterable[Findings], where: str) -> Findings:
    """The sum; a table without a single usable event is a mistake, not a result."""
    parts = list(found)
    if not parts:
        raise NotEnoughDataError(f"{where} holds no event.", remedy="See docs/interchange.md.")
    whole = sum(parts[1:], start=parts[0])
    if whole.clients == 0:
        why = "; ".join(f"{skipped.place} {problem}" for problem, skipped in whole.skipped.items())
        raise NotEnoughDataError(f"No event of {where} can be used: {why}.", remedy="See docs/interchange.md.")
    return whole


def survey_to_json(survey: Survey) -> bytes:
    """The firm's survey as it travels; numbers keep every digit."""
    return json.dumps({part.name: getattr(survey, part.name) for part in fields(Survey)}, default=_plain).encode()


def survey_from_json(written: bytes) -> Survey:
    """What `survey_to_json` wrote."""
    values = json.loads(written)
    pools = {
        habit: Pooled(**{name: np.array(numbers, dtype=np.float64) for name, numbers in pooled.items()})
        for habit, pooled in values["pools"].items()
    }
    dates = np.array(values["dates"], dtype=np.int64)
    return Survey(_counts(values["counts"]), dates, tuple(values["channels"]), pools)


def _counts(values: Mapping[str, Any]) -> FirmCounts:
    edges, inbound = (np.array(values[name], dtype=np.int64) for name in ("edges", "inbound"))
    return FirmCounts(edges, inbound, values["answering"])


def _both(one: Skipped, other: Skipped) -> Skipped:
    first = min((one, other), key=lambda skipped: (skipped.file, skipped.row))
    return Skipped(one.rows + other.rows, first.file, first.row)


def _plain(value: object) -> object:
    match value:
        case np.ndarray():
            return value.tolist()
        case FirmCounts() | Pooled():
            return {part.name: getattr(value, part.name) for part in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} does not travel")
