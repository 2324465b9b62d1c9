"""What is done to clients wherever they are: raw rows become events, a bucket is surveyed, a bucket is measured.

An engine calls these functions and no other; all state is in their arguments, so that they run in any process that can import
churnwatch. Texts are read where the rows are read, and go no further.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.errors import NotEnoughDataError, SourceUnavailableError
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.table import REQUIRED_COLUMNS, EventTable
from churnwatch.engines import Skipped
from churnwatch.engines.buckets import Plan
from churnwatch.sources.arrow_events import KNOWN_COLUMNS, checked

FILE, ROW = "source_file", "source_row"  # where a raw row stands; rows count from 1

_INSTANT = pa.timestamp("us", tz="UTC")
_COLUMNS: Mapping[pa.DataType, tuple[str, ...]] = {
    pa.string(): (
        "event_id", "client_id", "contact_id", "kind", "direction", "channel", "thread_id", "reply_to", "status", "people",
    ),
    _INSTANT: ("at", "known_at", "starts_at", "due_on", "paid_on", "away_since", "away_until", "promise_due"),
    pa.float64(): ("duration_s", "amount", "attachments", "words", "irritation", "cues"),
    pa.bool_(): ("answered", "automatic", "question", "expects_reply", "delivers"),
}  # fmt: skip
EVENT = pa.schema([(name, kind) for kind, names in _COLUMNS.items() for name in names])
PREPARED = pa.schema([*EVENT, ("problem", pa.string()), (FILE, pa.string()), (ROW, pa.int64()), ("bucket", pa.int32())])

_REPEATED = "repeats an event_id of the same client; the one known first is kept"
_SNAPSHOTS_AT_ONCE = 20_000  # about 50 MB of signals


@dataclass(frozen=True, slots=True)
class Part:
    """What the first pass learned of some clients; parts of different clients add up."""

    clients: int = 0
    events: int = 0
    rows: int = 0  # snapshots that will be measured
    skipped: Mapping[str, Skipped] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """As it travels to whoever adds the parts up."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, written: bytes) -> "Part":
        """What `to_json` wrote."""
        values = json.loads(written)
        skipped = {problem: Skipped(**found) for problem, found in values.pop("skipped").items()}
        return cls(**values, skipped=skipped)


def wanted(present: Iterable[str], where: str) -> list[str]:
    """Those columns of a table of events that the format has."""
    found = [name for name in present if name in KNOWN_COLUMNS]
    if missing := [name for name in REQUIRED_COLUMNS if name not in found]:
        raise SourceUnavailableError(
            f"{where} has no column {missing[0]!r}.", remedy=f"A table of events needs {', '.join(REQUIRED_COLUMNS)}."
        )
    return found


def prepare(rows: pa.Table, plan: Plan) -> pa.Table:
    """Raw rows with their places as events (`PREPARED`), texts read and dropped; of a bad row the problem and the place are left."""
    frame, problems = checked(rows.drop_columns([FILE, ROW]))
    good = problems == ""
    spoken = good & frame["text"].notna().to_numpy(dtype=bool) if "text" in frame else np.zeros(len(frame), dtype=bool)
    pieces = [_shaped(_columns(frame[good & ~spoken]), int((good & ~spoken).sum()))]
    if spoken.any():
        from churnwatch import scoring  # not before: a worker would wait seconds for the model's libraries

        pieces.append(_shaped(_columns(scoring.with_readings(frame[spoken])), int(spoken.sum())))
    bad = rows.select([FILE, ROW]).filter(pa.array(~good))
    pieces.append(
        _shaped({FILE: bad[FILE], ROW: bad[ROW], "problem": pa.array(problems[~good], pa.string())}, len(bad))
    )
    events = pa.concat_tables(pieces).combine_chunks()
    bucket = plan.bucket_of(events["client_id"])
    return events.set_column(PREPARED.get_field_index("bucket"), PREPARED.field("bucket"), bucket)


def survey(events: pa.Table, as_of: Sequence[date], calendar: BusinessCalendar) -> Part:
    """The first pass over the events of some clients (`PREPARED`, in any order)."""
    good, skipped = _sifted(events)
    table = _table(good)
    return Part(len(table.clients), len(table), len(_index(table, as_of, calendar)[0]), skipped)


def merged(parts: Iterable[Part]) -> Part:
    """Parts of different clients as one."""
    whole = Part()
    for part in parts:
        skipped = dict(whole.skipped)
        for problem, found in part.skipped.items():
            skipped[problem] = _both(skipped[problem], found) if problem in skipped else found
        whole = Part(whole.clients + part.clients, whole.events + part.events, whole.rows + part.rows, skipped)
    return whole


def check_enough(whole: Part, where: str) -> None:
    """A table without a single usable event is a mistake, not a result."""
    if whole.clients == 0:
        why = "; ".join(f"{skipped.place} {problem}" for problem, skipped in whole.skipped.items()) or "it is empty"
        raise NotEnoughDataError(f"No event of {where} can be used: {why}.", remedy="See docs/interchange.md.")


def measure(
    events: pa.Table, as_of: Sequence[date], calendar: BusinessCalendar, names: Sequence[str], whole: Part
) -> Iterator[pa.Table]:
    """The second pass: snapshots (`result`) by client and date, in pieces; `whole` is what the first learned of all clients."""
    del whole  # until the survey holds the firm's own ebb: a bucket alone cannot tell it
    table = _table(_sifted(events)[0])
    index, days = _index(table, as_of, calendar)
    clients = np.array(table.clients, dtype=object)
    for start in range(0, len(index), _SNAPSHOTS_AT_ONCE):
        part = slice(start, start + _SNAPSHOTS_AT_ONCE)
        values = features.measure(table, index.part(part.start, part.stop), calendar).values
        values = values.assign(**dict.fromkeys(features.OF_THE_FIRM, np.nan))
        columns = [pa.array(clients[index.client[part]], pa.string()), pa.array(days[part], pa.date32())]
        columns += [pa.array(values[name].to_numpy(dtype=np.float64)) for name in names]
        yield pa.table(columns, schema=result(names))


def result(names: Sequence[str]) -> pa.Schema:
    """What a snapshot looks like: its client and date, and a number per signal; NaN = not enough evidence."""
    return pa.schema([("client_id", pa.string()), ("as_of", pa.date32()), *((name, pa.float64()) for name in names)])


def _index(
    table: EventTable, as_of: Sequence[date], calendar: BusinessCalendar
) -> tuple[SnapshotIndex, NDArray[np.datetime64]]:
    """The snapshots of every client from the first as-of by which something of it was known, with their dates."""
    days = sorted(set(as_of))
    instants = np.array([micros(calendar.midnight(day)) for day in days], dtype=np.int64)
    first_known = np.full(len(table.clients), np.iinfo(np.int64).max)
    np.minimum.at(first_known, table.client, table.known_at)
    client, when = np.nonzero(first_known[:, np.newaxis] < instants[np.newaxis, :])
    return SnapshotIndex(client.astype(np.int32), instants[when]), np.array(days, dtype="datetime64[D]")[when]


def _sifted(events: pa.Table) -> tuple[pa.Table, dict[str, Skipped]]:
    """The good events, each once, and what was left out."""
    is_good = pc.is_null(events["problem"])
    skipped: dict[str, Skipped] = {}
    bad = events.filter(pc.invert(is_good)).select(["problem", FILE, ROW])
    for row in bad.sort_by([(FILE, "ascending"), (ROW, "ascending")]).to_pylist():
        seen = skipped.get(row["problem"])
        skipped[row["problem"]] = (
            Skipped(seen.rows + 1, seen.file, seen.row) if seen else Skipped(1, row[FILE], row[ROW])
        )
    good = events.filter(is_good).select(EVENT.names)
    twice = _duplicated(good, keep=False)
    if not twice.any():
        return good, skipped
    # Whichever machine read them first, the same one is kept.
    order = ["known_at", "at", *(name for name in EVENT.names if name not in ("known_at", "at"))]
    alike = good.filter(pa.array(twice)).sort_by([(name, "ascending") for name in order])
    later = _duplicated(alike, keep="first")
    skipped[_REPEATED] = Skipped(int(later.sum()))
    return pa.concat_tables([good.filter(pa.array(~twice)), alike.filter(pa.array(~later))]), skipped


def _duplicated(events: pa.Table, keep: Literal["first", False]) -> NDArray[np.bool_]:
    ids = events.select(["client_id", "event_id"]).to_pandas()
    return np.asarray(ids.duplicated(keep=keep), dtype=bool)


def _both(one: Skipped, other: Skipped) -> Skipped:
    first = min((one, other), key=lambda skipped: (skipped.file, skipped.row))
    return Skipped(one.rows + other.rows, first.file, first.row)


def _table(events: pa.Table) -> EventTable:
    return EventTable.from_frame(events.to_pandas())


def _columns(frame: pd.DataFrame) -> dict[str, pa.Array]:
    """Clean columns in the types that travel."""
    columns: dict[str, pa.Array] = {}
    for name in EVENT.names:
        if name in frame:
            kind, column = EVENT.field(name).type, frame[name]
            if kind == _INSTANT:
                column = pd.to_datetime(column, utc=True).dt.as_unit("us")
            elif kind == pa.float64():
                column = pd.to_numeric(column).astype("float64")
            elif kind == pa.bool_():
                column = column.astype("boolean")
            columns[name] = pa.array(column, kind, from_pandas=True)
    return columns


def _shaped(columns: Mapping[str, pa.Array], size: int) -> pa.Table:
    """`PREPARED` of these columns; the others are empty."""
    return pa.table(
        [columns.get(name, pa.nulls(size, PREPARED.field(name).type)) for name in PREPARED.names], schema=PREPARED
    )
