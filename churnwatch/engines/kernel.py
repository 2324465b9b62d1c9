"""What is done to clients wherever they are: raw rows become events, a bucket is surveyed, a bucket is measured.

An engine calls these functions and no other; all state is in their arguments, so that they run in any process that can import
churnwatch. Texts are read where the rows are read, and go no further.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.interchange import REQUIRED_COLUMNS
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.table import EventTable, IntArray
from churnwatch.engines import Skipped
from churnwatch.engines.buckets import Plan
from churnwatch.engines.findings import Findings
from churnwatch.features.survey import Survey, arrivals, before_all, count, pool_clients, pool_dates
from churnwatch.model.tone import Reader
from churnwatch.sources.arrow_events import KNOWN_COLUMNS, checked

FILE, ROW = "source_file", "source_row"  # where a raw row stands; rows count from 1

_INSTANT = pa.timestamp("us", tz="UTC")
_COLUMNS: Mapping[pa.DataType, tuple[str, ...]] = {
    pa.string(): (
        "event_id", "client_id", "contact_id", "kind", "direction", "channel", "thread_id", "reply_to", "status", "people",
    ),
    _INSTANT: (
        "at", "known_at", "starts_at", "due_on", "paid_on", "paid_known_at", "away_since", "away_until", "promise_due",
    ),
    pa.float64(): ("duration_s", "amount", "attachments", "words", "irritation", "warmth", "cues"),
    pa.bool_(): ("answered", "automatic", "question", "expects_reply", "delivers"),
}  # fmt: skip
EVENT = pa.schema([(name, kind) for kind, names in _COLUMNS.items() for name in names])
PREPARED = pa.schema([*EVENT, ("problem", pa.string()), (FILE, pa.string()), (ROW, pa.int64()), ("bucket", pa.int32())])

_REPEATED = "repeats an event_id of the same client; the one known first is kept"
_SNAPSHOTS_AT_ONCE = 20_000  # about 50 MB of signals


def wanted(present: Iterable[str], where: str) -> list[str]:
    """Those columns of a table of events that the format has."""
    found = [name for name in present if name in KNOWN_COLUMNS]
    if missing := [name for name in REQUIRED_COLUMNS if name not in found]:
        raise SourceUnavailableError(
            f"{where} has no column {missing[0]!r}.", remedy=f"A table of events needs {', '.join(REQUIRED_COLUMNS)}."
        )
    return found


def prepare(rows: pa.Table, plan: Plan, zone: tzinfo, reader: Reader) -> pa.Table:
    """Raw rows with their places as events (`PREPARED`), texts read and dropped; of a bad row the problem and the place are left.

    `zone` is the writers': a promise for Friday is one for the Friday after the day on which it was written there.
    """
    frame, problems = checked(rows.drop_columns([FILE, ROW]))
    good = problems == ""
    spoken = good & frame["text"].notna().to_numpy(dtype=bool) if "text" in frame else np.zeros(len(frame), dtype=bool)
    pieces = [_shaped(_columns(frame[good & ~spoken]), int((good & ~spoken).sum()))]
    if spoken.any():
        from churnwatch import scoring  # not before: a worker would wait seconds for the model's libraries

        pieces.append(_shaped(_columns(scoring.with_readings(frame[spoken], zone, reader)), int(spoken.sum())))
    bad = rows.select([FILE, ROW]).filter(pa.array(~good))
    pieces.append(
        _shaped({FILE: bad[FILE], ROW: bad[ROW], "problem": pa.array(problems[~good], pa.string())}, len(bad))
    )
    events = pa.concat_tables(pieces).combine_chunks()
    bucket = plan.bucket_of(events["client_id"])
    return events.set_column(PREPARED.get_field_index("bucket"), PREPARED.field("bucket"), bucket)


def find(events: pa.Table, as_of: Sequence[date], calendar: BusinessCalendar) -> Findings:
    """What there is in a bucket (`PREPARED`, in any order), and what of it concerns the whole firm."""
    good, skipped = _sifted(events)
    table = EventTable.from_arrow(good)
    instants = _instants(as_of, calendar)
    return Findings(
        len(table.clients),
        len(table),
        len(_index(table, as_of, calendar)[0]),
        count(table, instants, calendar),
        pool_clients(arrivals(table, before_all(pool_dates(instants, calendar)))),
        skipped,
    )


def survey(
    events: pa.Table, as_of: Sequence[date], calendar: BusinessCalendar, names: Sequence[str], found: Findings
) -> Survey:
    """What the firm as a whole says, from the events of (at least) the clients of `found.pool` and the counts of all."""
    table = EventTable.from_arrow(_sifted(events)[0])
    return features.surveyed(table, _instants(as_of, calendar), calendar, names, found.counts)


def measure(
    events: pa.Table, as_of: Sequence[date], calendar: BusinessCalendar, names: Sequence[str], firm: Survey
) -> Iterator[pa.Table]:
    """The snapshots (`result`) of a bucket by client and date, in pieces."""
    table = EventTable.from_arrow(_sifted(events)[0])
    index, days = _index(table, as_of, calendar)
    clients = np.array(table.clients, dtype=object)
    for start in range(0, len(index), _SNAPSHOTS_AT_ONCE):
        rows = np.arange(start, min(start + _SNAPSHOTS_AT_ONCE, len(index)))
        part = index.only(rows)
        values = features.measure(table, part, calendar, names=names, firm=firm).values
        columns = [pa.array(clients[part.client], pa.string()), pa.array(days[rows], pa.date32())]
        columns += [pa.array(values[name].to_numpy(dtype=np.float64)) for name in names]
        yield pa.table(columns, schema=result(names))


def result(names: Sequence[str]) -> pa.Schema:
    """What a snapshot looks like: its client and date, and a number per signal; NaN = not enough evidence."""
    return pa.schema([("client_id", pa.string()), ("as_of", pa.date32()), *((name, pa.float64()) for name in names)])


def _index(
    table: EventTable, as_of: Sequence[date], calendar: BusinessCalendar
) -> tuple[SnapshotIndex, NDArray[np.datetime64]]:
    """The snapshots of every client from the first as-of by which something of it was known, with their dates."""
    days, instants = sorted(set(as_of)), _instants(as_of, calendar)
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


def _instants(as_of: Sequence[date], calendar: BusinessCalendar) -> IntArray:
    return np.array([micros(calendar.midnight(day)) for day in sorted(set(as_of))], dtype=np.int64)


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
