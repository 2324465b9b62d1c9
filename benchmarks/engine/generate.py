"""The invented history as one Parquet file in the interchange format: as large as asked for, the same for the same seed."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.engine.invention import CHANNELS, Clients, Columns, dialogues, meetings
from churnwatch.core.types import Direction, Kind, MeetingStatus

_CHUNK_MESSAGES = 235_000  # with its meetings, a chunk of clients fills one row group
_ROW_GROUP = 262_144
_WORD = pa.dictionary(pa.int32(), pa.string())
_INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("event_id", pa.string()),
        ("client_id", _WORD),
        ("contact_id", _WORD),
        ("kind", _WORD),
        ("direction", _WORD),
        ("at", _INSTANT),
        ("channel", _WORD),
        ("thread_id", _WORD),
        ("words", pa.int32()),
        ("expects_reply", pa.bool_()),
        ("question", pa.bool_()),
        ("irritation", pa.float64()),
        ("cues", pa.int64()),
        ("starts_at", _INSTANT),
        ("status", _WORD),
    ]
)


def generate(path: Path, messages: int, seed: int = 1) -> None:
    """Write `messages` messages and their share of clients and meetings to `path`, sorted by client, then time.

    The file appears under its name only when it is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    order = [pq.SortingColumn(SCHEMA.get_field_index(name)) for name in ("client_id", "at")]
    worded = [field.name for field in SCHEMA if pa.types.is_dictionary(field.type)]
    with pq.ParquetWriter(
        unfinished, SCHEMA, compression="zstd", use_dictionary=worded, sorting_columns=order
    ) as writer:
        for table in _tables(messages, seed):
            writer.write_table(table, row_group_size=_ROW_GROUP)
    unfinished.rename(path)


def _tables(messages: int, seed: int) -> Iterator[pa.Table]:
    clients = Clients.invent(np.random.default_rng([seed, 0]), messages)
    chunk = np.cumsum(clients.messages) // _CHUNK_MESSAGES
    borders = np.append(np.flatnonzero(np.diff(chunk, prepend=-1)), len(chunk)).tolist()
    rows = threads = 0
    for number, (first, stop) in enumerate(itertools.pairwise(borders), start=1):
        rng = np.random.default_rng([seed, number])
        part = clients.between(first, stop)
        talk, held = dialogues(rng, part), meetings(rng, part)
        held["thread"] = held["thread"] + talk["thread"].max(initial=-1) + 1
        columns = {name: np.concatenate([talk[name], held[name]]) for name in talk}
        order = np.lexsort((columns["at"], columns["client"]))
        columns = {name: values[order] for name, values in columns.items()}
        last_thread = threads + int(columns["thread"].max(initial=-1))
        yield _table(columns, (first, stop), (threads, last_thread + 1), rows)
        rows += len(order)
        threads = last_thread + 1


def _table(columns: Columns, clients: tuple[int, int], threads: tuple[int, int], row: int) -> pa.Table:
    """A chunk as interchange rows; `clients`, `threads` and `row` say from (and to) where ids are counted."""
    first, stop = clients
    meeting = columns["kind"] == int(Kind.MEETING)

    def coded(name: str, words: pa.Array, absent: NDArray[np.bool_] | None = None) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(columns[name], pa.int32(), mask=absent), words)

    def instants(name: str, absent: NDArray[np.bool_] | None = None) -> pa.Array:
        return pa.array(columns[name] * 1_000_000, _INSTANT, mask=absent)

    arrays = {
        "event_id": _numbered("m", row, row + len(meeting)),
        "client_id": coded("client", _numbered("c", first, stop, width=6)),
        "contact_id": coded("contact", _numbered("p", 5 * first, 5 * stop)),
        "kind": coded("kind", pa.array([kind.word for kind in Kind])),
        "direction": coded("direction", pa.array([side.word for side in Direction])),
        "at": instants("at"),
        "channel": coded("channel", pa.array(CHANNELS)),
        "thread_id": coded("thread", _numbered("t", *threads)),
        **{
            name: pa.array(columns[name], SCHEMA.field(name).type, mask=meeting)
            for name in ("words", "expects_reply", "question", "irritation", "cues")
        },
        "starts_at": instants("starts_at", ~meeting),
        "status": coded("status", pa.array([status.word for status in MeetingStatus]), ~meeting),
    }
    return pa.table(arrays, schema=SCHEMA)


def _numbered(letter: str, first: int, stop: int, width: int = 0) -> pa.Array:
    """Short ids: `m0`, `m1`, …; padded to `width` digits where they should sort as they count."""
    digits = pc.utf8_lpad(pa.array(np.arange(first, stop)).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(letter, digits, "")
