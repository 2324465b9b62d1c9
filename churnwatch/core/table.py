"""Events as columns: the one in-memory shape between whoever read them and whoever measures them.

The Arrow table (or frame) that an `EventTable` is made from is the interchange format of the docs, plus the numbers that the
readers of texts found. No text stays in an `EventTable`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from churnwatch.core.groups import NOBODY_SEEN, Groups
from churnwatch.core.interchange import INTERCHANGE_COLUMNS, READING_COLUMNS, frame_of_events
from churnwatch.core.roster import Roster
from churnwatch.core.types import Event, Kind, MeetingStatus, Reading

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Column = NDArray[Any]

US_PER_SECOND = 1_000_000
US_PER_HOUR = 3600 * US_PER_SECOND
US_PER_DAY = 24 * US_PER_HOUR
NO_TIME = np.iinfo(np.int64).min
UNKNOWN = -1  # for small codes and for yes/no/unknown columns
SEEN, HANDED_OVER = 4, 5  # kinds of rows beside events: a contact of rank took part; the client got another manager


@dataclass(frozen=True, slots=True)
class EventTable:
    """Columns of equal length, sorted by (client, at, event id); times are int64 UTC microseconds.

    `contact`, `channel` and `thread` are codes with -1 for none; `thread` also ties the revisions of one meeting. `parent` is
    the row that a message answers, -1 where it is not there. `at` is never later than `known_at`. NaN, -1 or NO_TIME mean
    "not known".
    """

    clients: tuple[str, ...]
    contacts: tuple[str, ...]
    channels: tuple[str, ...]
    countries: tuple[str | None, ...]  # of the clients
    deciders: BoolArray  # of the contacts, and a last one for nobody
    event_ids: pa.Array
    client: NDArray[np.int32]
    kind: NDArray[np.int8]
    direction: NDArray[np.int8]
    at: IntArray
    known_at: IntArray
    contact: NDArray[np.int32]
    channel: NDArray[np.int32]
    thread: NDArray[np.int32]
    parent: NDArray[np.int64]
    answers: BoolArray  # a message that names a parent, whether or not that is there
    automatic: BoolArray
    words: FloatArray
    question: NDArray[np.int8]
    expects_reply: NDArray[np.int8]
    irritation: FloatArray
    cues: IntArray
    attachments: NDArray[np.int32]
    delivers: NDArray[np.int8]
    promise_due: IntArray
    away_since: IntArray
    away_until: IntArray
    starts_at: IntArray
    status: NDArray[np.int8]
    decider: NDArray[np.int8]  # whether a decision-maker takes part; unknown where nobody is known as one
    rank: NDArray[np.int8]  # of the contact of a SEEN row
    duration_s: FloatArray
    answered: NDArray[np.int8]
    due_on: IntArray
    paid_on: IntArray
    paid_known_at: IntArray  # NO_TIME = once the day of payment was over
    amount: FloatArray

    def __len__(self) -> int:
        return len(self.at)

    def ids(self, rows: NDArray[np.intp]) -> list[str]:
        """The event ids of some rows."""
        return list(self.event_ids.take(pa.array(rows)).to_pylist())

    def taken(self, rows: NDArray[np.intp]) -> "EventTable":
        """Some of the rows, in an order in which clients stay side by side; a parent that is not among the earlier ones is lost."""
        columns = {name: getattr(self, name)[rows] for name in EVENT_COLUMNS}
        place = np.full(len(self) + 1, UNKNOWN, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        parent = place[columns["parent"]]
        columns["parent"] = np.where(parent < np.arange(len(rows)), parent, UNKNOWN)
        return replace(self, event_ids=self.event_ids.take(pa.array(rows)), **columns)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, roster: Roster | None = None) -> "EventTable":
        """Build from interchange columns as a data frame: times as UTC datetimes, kind/direction/status as words or codes."""
        kept = [name for name in frame.columns if name in INTERCHANGE_COLUMNS or name in READING_COLUMNS]
        kept = [name for name in kept if name not in ("subject", "text")]
        return cls.from_arrow(pa.Table.from_pandas(frame[kept], preserve_index=False), roster)

    @classmethod
    def from_arrow(cls, given: pa.Table, roster: Roster | None = None) -> "EventTable":
        """Build from interchange columns as an Arrow table.

        Columns that are absent count as unknown; `known_at` defaults to `at`. Rows are expected to be valid: the readers in
        `sources` report and drop what is not. Ties in time are settled by event id, or by the order given where there is none.
        """
        read = _Reader(given)
        client, clients = read.codes("client_id", in_order=True)
        contact, contacts = read.codes("contact_id", in_order=True)
        channel, channels = read.codes("channel", in_order=True)
        kind = read.words("kind", {kind.word: int(kind) for kind in Kind})
        thread = _threads(read, kind)
        at = read.micros("at")
        known_at = read.micros("known_at", default=at)
        roster = roster or Roster()
        deciding, seen = _constant(UNKNOWN, read.size, np.int8), NOBODY_SEEN
        if roster.ranks or roster.deciders:
            groups = Groups(*read.codes("people", in_order=True))
            deciding = groups.deciding(roster, kind == Kind.MEETING, client, clients)
            seen = groups.seen(roster, contacts)
        contacts += seen.others
        columns: dict[str, Column] = {
            "client": client,
            "kind": kind,
            "direction": read.words("direction", {"in": 0, "out": 1}),
            "at": np.minimum(at, known_at),
            "known_at": known_at,
            "contact": contact,
            "channel": channel,
            "thread": thread,
            "automatic": read.flags("automatic") == 1,
            "words": read.floats("words"),
            "question": read.flags("question"),
            "expects_reply": read.flags("expects_reply"),
            "irritation": read.floats("irritation"),
            "cues": read.ints("cues"),
            "attachments": read.ints("attachments").astype(np.int32),
            "delivers": read.flags("delivers"),
            "promise_due": read.micros("promise_due"),
            "away_since": read.micros("away_since"),
            "away_until": read.micros("away_until"),
            "starts_at": read.micros("starts_at"),
            "status": read.words("status", {status.word: int(status) for status in MeetingStatus}),
            "decider": deciding,
            "rank": _constant(0, read.size, np.int8),
            "duration_s": read.floats("duration_s"),
            "answered": read.flags("answered"),
            "due_on": read.micros("due_on"),
            "paid_on": read.micros("paid_on"),
            "paid_known_at": read.micros("paid_known_at"),
            "amount": read.floats("amount"),
        }
        event_ids = read.strings("event_id")
        parent_ids = read.strings("reply_to")
        if len(seen.row):
            columns, event_ids, parent_ids = _more_rows(columns, event_ids, parent_ids, seen.row)
            for name, told in (("kind", SEEN), ("contact", seen.contact), ("rank", seen.rank)):
                columns[name][read.size :] = told
        if handed_over := [
            (code, at) for code, one in enumerate(clients) for at in roster.manager_changes.get(one, ())
        ]:
            size = len(columns["at"])
            columns, event_ids, parent_ids = _more_rows(
                columns, event_ids, parent_ids, np.zeros(len(handed_over), dtype=np.intp)
            )
            columns["client"][size:], columns["at"][size:] = np.array(handed_over, dtype=np.int64).T
            columns["known_at"][size:], columns["kind"][size:] = columns["at"][size:], HANDED_OVER
            columns["contact"][size:] = columns["thread"][size:] = columns["channel"][size:] = UNKNOWN
        order = _order(columns["client"], columns["at"], event_ids)
        if order is not None:
            moved = np.flatnonzero(order != np.arange(len(order)))
            columns = {name: _reordered(column, order, moved) for name, column in columns.items()}
            event_ids, parent_ids = event_ids.take(pa.array(order)), parent_ids.take(pa.array(order))
        columns["answers"] = np.asarray(pc.is_valid(parent_ids).to_numpy(zero_copy_only=False))
        columns["parent"] = _parents(columns, event_ids, parent_ids)
        return cls(
            clients=clients,
            contacts=contacts,
            channels=channels,
            countries=tuple(roster.countries.get(client) for client in clients),
            deciders=np.array([*(contact in roster.deciders for contact in contacts), False], dtype=np.bool_),
            event_ids=event_ids,
            **columns,
        )

    @classmethod
    def from_events(
        cls, events: Iterable[Event], readings: Mapping[str, Reading] | None = None, roster: Roster | None = None
    ) -> "EventTable":
        """Build from event objects and, by event id, what the readers of texts found in them."""
        return cls.from_frame(frame_of_events(list(events), readings or {}), roster)


_OF_THE_TABLE = ("clients", "contacts", "channels", "countries", "deciders", "event_ids")
EVENT_COLUMNS = tuple(field.name for field in fields(EventTable) if field.name not in _OF_THE_TABLE)

# --- from rows to columns ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reader:
    """Columns of an Arrow table as arrays; one that is absent costs no memory."""

    given: pa.Table

    @property
    def size(self) -> int:
        return int(self.given.num_rows)

    def _column(self, name: str) -> pa.Array | None:
        if name not in self.given.column_names:
            return None
        column = self.given.column(name)
        if pa.types.is_null(column.type):
            return None
        if pa.types.is_dictionary(column.type):
            column = pa.chunked_array([_of_words_in_use(chunk) for chunk in column.chunks], column.type)
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def strings(self, name: str) -> pa.Array:
        column = self._column(name)
        if column is None:
            return pa.nulls(self.size, pa.large_string())
        text = column.cast(pa.large_string())
        empty = pc.equal(text, "")
        return pc.if_else(empty, pa.scalar(None, pa.large_string()), text) if pc.any(empty).as_py() else text

    def codes(self, name: str, *, in_order: bool) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """Codes of a column of words, -1 where empty, and the words; `in_order` sorts them."""
        column = self._column(name)
        if column is None:
            return _constant(UNKNOWN, self.size, np.int32), ()
        if not pa.types.is_dictionary(column.type):
            column = column.cast(pa.large_string()).dictionary_encode()
        codes = _plain(column.indices, UNKNOWN).astype(np.int32, copy=False)
        dictionary = column.dictionary.cast(pa.large_string())
        if not in_order and not pc.any(pc.equal(dictionary, "")).as_py():
            return codes, ()
        used = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=1))
        words = np.array(dictionary.take(pa.array(used)).to_pylist() if len(dictionary) else [], dtype=object)
        used, words = used[: len(words)][words != ""], words[words != ""]
        ranked = np.argsort(words.astype(str), kind="stable")
        anew = np.full(len(dictionary) + 1, UNKNOWN, dtype=np.int32)
        anew[used[ranked]] = np.arange(len(ranked), dtype=np.int32)
        return anew[codes], tuple(words[ranked].tolist())

    def micros(self, name: str, default: IntArray | None = None) -> IntArray:
        column = self._column(name)
        if column is None:
            return _constant(NO_TIME, self.size, np.int64) if default is None else default
        if not pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", "UTC"))  # days
        times = column.cast(pa.timestamp("us", "UTC"), safe=False)
        missing = times.null_count
        plain = times.cast(pa.int64())
        found: IntArray = (plain.fill_null(NO_TIME) if missing else plain).to_numpy(zero_copy_only=False)
        return np.where(found == NO_TIME, default, found) if missing and default is not None else found

    def floats(self, name: str) -> FloatArray:
        column = self._column(name)
        if column is None:
            return _constant(np.nan, self.size, np.float64)
        return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))

    def ints(self, name: str) -> IntArray:
        column = self._column(name)
        if column is None:
            return _constant(0, self.size, np.int64)
        if pa.types.is_floating(column.type):  # how a frame keeps integers beside nothing
            return np.asarray(np.nan_to_num(column.to_numpy(zero_copy_only=False)), dtype=np.int64)
        numbers: IntArray = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
        return numbers

    def flags(self, name: str) -> NDArray[np.int8]:
        """1 yes, 0 no, -1 unknown."""
        column = self._column(name)
        if column is None:
            return _constant(UNKNOWN, self.size, np.int8)
        if pa.types.is_floating(column.type):
            column = pc.if_else(pc.is_finite(column), column, None)
        flags = column.cast(pa.bool_()).cast(pa.int8()).fill_null(UNKNOWN)
        return np.asarray(flags.to_numpy(zero_copy_only=False))

    def words(self, name: str, codes: Mapping[str, int]) -> NDArray[np.int8]:
        """Codes of a column of known words; codes that are given already are taken as they are."""
        column = self._column(name)
        if column is None:
            return _constant(UNKNOWN, self.size, np.int8)
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            return np.asarray(np.nan_to_num(column.to_numpy(zero_copy_only=False), nan=UNKNOWN), dtype=np.int8)
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        known = np.array(
            [codes.get(word, UNKNOWN) for word in column.dictionary.to_pylist()] + [UNKNOWN], dtype=np.int8
        )
        found: NDArray[np.int8] = known[_plain(column.indices, UNKNOWN)]
        return found


def _plain(column: pa.Array, missing: int) -> Column:
    """The column's values; copied only where some are missing."""
    return np.asarray((column.fill_null(missing) if column.null_count else column).to_numpy(zero_copy_only=False))


def _of_words_in_use(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    """The chunk without the words that it does not use, where most are such: a piece of a table has the words of all of it."""
    if len(chunk) >= len(chunk.dictionary):
        return chunk
    used = chunk.indices.dictionary_encode()
    return pa.DictionaryArray.from_arrays(used.indices, chunk.dictionary.take(used.dictionary))


def _constant(value: float, size: int, kind: Any) -> Column:
    return np.broadcast_to(np.array(value, dtype=kind), size)


def _more_rows(
    columns: Mapping[str, Column], event_ids: pa.Array, parent_ids: pa.Array, rows: NDArray[np.intp]
) -> tuple[dict[str, Column], pa.Array, pa.Array]:
    """The columns with some of their rows repeated at the end, as a form to fill in."""
    more = {name: np.concatenate([column, column[rows]]) for name, column in columns.items()}
    ids = pa.concat_arrays([event_ids, event_ids.take(pa.array(rows))])
    return more, ids, pa.concat_arrays([parent_ids, pa.nulls(len(rows), parent_ids.type)])


def _threads(read: _Reader, kind: NDArray[np.int8]) -> NDArray[np.int32]:
    """Thread codes; revisions of a meeting that come without a thread id are meetings of their own."""
    thread, _ = read.codes("thread_id", in_order=False)
    alone = (kind == Kind.MEETING) & (thread < 0)
    if alone.any():
        thread = thread.copy()
        thread[alone] = thread.max(initial=-1) + 1 + np.arange(alone.sum(), dtype=np.int32)
    return thread


def _order(client: NDArray[np.int32], at: IntArray, event_ids: pa.Array) -> NDArray[np.intp] | None:
    """The order by (client, at, event id), None where the rows stand in it already."""
    same_client = client[1:] == client[:-1]
    tied = same_client & (at[1:] == at[:-1])
    in_order = bool(np.all((client[1:] > client[:-1]) | (same_client & (at[1:] >= at[:-1]))))
    if in_order and not tied.any():
        return None
    order = np.arange(len(at)) if in_order else np.lexsort((at, client))
    if not in_order:
        tied = (client[order][1:] == client[order][:-1]) & (at[order][1:] == at[order][:-1])
    if tied.any() and event_ids.null_count == 0:
        among = np.flatnonzero(np.append(tied, False) | np.append(False, tied))
        rows = order[among]
        key = hash_ids(event_ids.take(pa.array(rows)))
        order[among] = rows[np.lexsort((key, at[rows], client[rows]))]
    return order


def _reordered(column: Column, order: NDArray[np.intp], moved: NDArray[np.intp]) -> Column:
    """The column in another order; one that is the same everywhere costs nothing, and one that is nearly in order little."""
    if column.strides == (0,):
        return column
    if len(moved) > len(order) // 4:
        return column[order]
    anew = column.copy()
    anew[moved] = column[order[moved]]
    return anew


def _parents(columns: Mapping[str, Column], event_ids: pa.Array, parent_ids: pa.Array) -> IntArray:
    """The row of each message's parent among the same client's earlier rows, -1 where it is not."""
    size = len(columns["at"])
    asks = np.flatnonzero(columns["answers"] & (columns["thread"] < 0))  # a given thread needs no parents
    if not len(asks):
        return _constant(UNKNOWN, size, np.int64)
    pair = np.dtype([("client", np.int64), ("key", np.int64)])
    mine, theirs = np.empty(size, dtype=pair), np.empty(len(asks), dtype=pair)
    mine["client"], mine["key"] = columns["client"], hash_ids(event_ids)
    theirs["client"], theirs["key"] = columns["client"][asks], hash_ids(parent_ids.take(pa.array(asks)))
    order = np.lexsort((mine["key"], mine["client"]))
    mine = mine[order]
    place = np.minimum(np.searchsorted(mine, theirs), size - 1)
    candidate = order[place]
    found = (mine[place] == theirs) & (candidate < asks)
    parent = np.full(size, UNKNOWN, dtype=np.int64)
    parent[asks[found]] = candidate[found]
    return parent


def hash_ids(ids: pa.Array) -> IntArray:
    """A stable 63-bit hash of each id, never 0."""
    hashed = pd.util.hash_array(np.asarray(ids.to_numpy(zero_copy_only=False), dtype=object), categorize=False)
    positive: IntArray = np.maximum(hashed.astype(np.uint64) >> np.uint64(1), np.uint64(1)).astype(np.int64)
    return positive
