"""One book of the ledger: some clients' rows and past, and how books are put together."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnwatch.core.roster import Roster
from churnwatch.core.table import EVENT_COLUMNS, UNKNOWN, BoolArray, Column, EventTable, IntArray, hash_ids
from churnwatch.features.kernel.plain import Places
from churnwatch.features.past import Past, laid, spans

Told = TypeVar("Told")

NO_ID = 0  # where a row names no parent, or belongs to no thread


@dataclass(frozen=True, slots=True)
class Book:
    """Events as an `EventTable` whose event ids are hashes, and the past of its clients.

    `threads` are the hashes of the thread ids by code, ascending. `named` is, per row, the hash of the id of the message that it
    answers. `gone[gone_start[c]:gone_start[c + 1]]` are the ids of client c's rows that are no more in the table.
    """

    table: EventTable
    past: Past
    threads: IntArray
    named: IntArray
    gone: IntArray
    gone_start: Places

    @property
    def ids(self) -> IntArray:
        """The hash of each row's event id."""
        return np.asarray(self.table.event_ids.to_numpy(zero_copy_only=False))

    @property
    def begins(self) -> Places:
        """Where each client's rows begin, and where the last one's end."""
        return np.searchsorted(self.table.client, np.arange(len(self.table.clients) + 1))


def written(events: pa.Table, roster: Roster) -> Book:
    """All rows of an interchange table as a book without a past."""
    table = EventTable.from_arrow(events, roster)
    size, clients = len(table), len(table.clients)
    of_row = pc.index_in(table.event_ids, value_set=_strings(events, "event_id"))
    given = [_strings(events, name).take(of_row) for name in ("thread_id", "reply_to")]
    thread_ids = pc.coalesce(given[0], table.event_ids)  # a meeting without one is a thread of its own
    threads = np.where(table.thread < 0, NO_ID, hash_ids(thread_ids))
    own = np.unique(threads[table.thread >= 0])
    codes = np.where(table.thread < 0, UNKNOWN, np.searchsorted(own, threads)).astype(np.int32)
    named = (
        np.where(table.answers, hash_ids(given[1]), NO_ID)
        if table.answers.any()
        else np.broadcast_to(np.int64(NO_ID), size)
    )
    ids = pa.array(hash_ids(table.event_ids))
    nothing = np.empty(0, dtype=np.int64), np.zeros(clients + 1, dtype=np.int64)
    return Book(replace(table, thread=codes, event_ids=ids), Past.nothing(clients), own, named, *nothing)


def without(book: Book, clients: Collection[str]) -> Book:
    """The book less some clients."""
    left = np.array([code for code, one in enumerate(book.table.clients) if one not in clients], dtype=np.int64)
    if len(left) == len(book.table.clients):
        return book
    rows, start = spans(book.begins, left)
    rows = np.arange(len(book.table))[rows]
    table = book.table.taken(rows)
    gone, gone_start = spans(book.gone_start, left)
    return Book(
        replace(
            table,
            clients=tuple(book.table.clients[code] for code in left),
            countries=tuple(book.table.countries[code] for code in left),
            client=np.repeat(np.arange(len(left), dtype=np.int32), np.diff(start)),
        ),
        book.past.of(left),
        book.threads,
        book.named[rows],
        book.gone[gone],
        gone_start,
    )


def joined(book: Book, more: Book) -> Book:
    """Both books as one. Of a client in both, the rows of `more` come after all others and may answer them."""
    if not more.table.clients:
        return book
    if not book.table.clients:
        return more
    one, two = book.table, more.table
    size = len(one)
    clients, *of_client = _united(one.clients, two.clients)
    contacts, *of_contact = _united(one.contacts, two.contacts)
    channels, *of_channel = _united(one.channels, two.channels)
    place = np.searchsorted(book.threads, more.threads)
    new = np.append(book.threads, NO_ID)[place] != more.threads
    fresh, threads = more.threads[new], np.insert(book.threads, place[new], more.threads[new])
    of_thread = [
        _with_none(np.arange(len(book.threads)) + np.searchsorted(fresh, book.threads)),
        _with_none(np.searchsorted(threads, more.threads)),
    ]
    anew = {"client": of_client, "contact": of_contact, "channel": of_channel, "thread": of_thread}
    columns = {name: [getattr(one, name), getattr(two, name)] for name in EVENT_COLUMNS}
    for name, places in anew.items():
        columns[name] = [place[column] for place, column in zip(places, columns[name], strict=True)]
    answered = _answered(book, more, columns["client"])
    columns["parent"][1] = np.where(two.parent >= 0, two.parent + size, answered)
    added = np.searchsorted(columns["client"][0], columns["client"][1], "right") + np.arange(
        len(two)
    )  # after their client's
    rows = {name: _laid_out(parts[0], parts[1], added) for name, parts in columns.items()}
    if rows["parent"].strides != (0,):
        is_added = np.zeros(size + len(two), dtype=np.bool_)
        is_added[added] = True
        place = np.concatenate([np.flatnonzero(~is_added), added, [UNKNOWN]])
        rows["parent"] = place[rows["parent"]]
    ids = _laid_out(book.ids, more.ids, added)
    table = EventTable(
        clients=clients,
        contacts=contacts,
        channels=channels,
        countries=_of_both(clients, (one.clients, one.countries), (two.clients, two.countries)),
        deciders=np.array([*_of_both(contacts, (one.contacts, one.deciders), (two.contacts, two.deciders)), False]),
        event_ids=pa.array(ids),
        **rows,
    )
    back = [_turned_round(place[:-1], len(clients)) for place in of_client]
    pasts = [part.past.of(where) for part, where in zip((book, more), back, strict=True)]
    gone = [spans(part.gone_start, where) for part, where in zip((book, more), back, strict=True)]
    all_gone = [part.gone[places] for part, (places, _) in zip((book, more), gone, strict=True)]
    earlier, later, gone_start = laid(gone[0][1], gone[1][1])
    return Book(
        table,
        _past_of_both(*pasts),
        threads,
        _laid_out(book.named, more.named, added),
        _put(earlier, later, *all_gone),
        gone_start,
    )


def answers_gone(book: Book, fresh: Book, code: Places) -> BoolArray:
    """Which rows of `fresh` answer a row of theirs that the book has put away; `code` is each row's client in the book, -1 = none."""
    found = np.zeros(len(fresh.table), dtype=np.bool_)
    for row in np.flatnonzero((fresh.named != NO_ID) & (fresh.table.thread < 0) & (code >= 0)):
        gone = book.gone[book.gone_start[code[row]] : book.gone_start[code[row] + 1]]
        found[row] = bool((gone == fresh.named[row]).any())
    return found


def _answered(book: Book, more: Book, client: Sequence[Column]) -> IntArray:
    """The row of `book` that each row of `more` answers, -1 where none."""
    found = np.full(len(more.table), UNKNOWN, dtype=np.int64)
    asks = np.flatnonzero((more.named != NO_ID) & (more.table.thread < 0) & (more.table.parent < 0))
    if not len(asks):
        return found
    concerned = np.flatnonzero(np.isin(client[0], client[1][asks]))
    pair = np.dtype([("client", np.int64), ("id", np.int64)])
    theirs, mine = np.empty(len(concerned), dtype=pair), np.empty(len(asks), dtype=pair)
    theirs["client"], theirs["id"] = client[0][concerned], book.ids[concerned]
    mine["client"], mine["id"] = client[1][asks], more.named[asks]
    order = np.argsort(theirs, kind="stable")
    if len(order):
        place = np.minimum(np.searchsorted(theirs[order], mine), len(order) - 1)
        there = theirs[order][place] == mine
        found[asks[there]] = concerned[order[place[there]]]
    return found


def _past_of_both(one: Past, two: Past) -> Past:
    messages, days = laid(one.received_start, two.received_start), laid(one.days_start, two.days_start)
    return Past(
        np.maximum(one.since, two.since),
        _put(*messages[:2], one.received, two.received),
        messages[2],
        _put(*days[:2], one.day_first, two.day_first),
        _put(*days[:2], one.day_last, two.day_last),
        _put(*days[:2], one.day_quiet, two.day_quiet),
        days[2],
    )


def _united(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[tuple[str, ...], Places, Places]:
    """The words of both in order, and the new code of each old one; -1 stays."""
    words = one if set(two) <= set(one) else tuple(sorted({*one, *two}))
    place = {word: code for code, word in enumerate(words)}
    of_one, of_two = (_with_none(np.array([place[word] for word in part], dtype=np.int64)) for part in (one, two))
    return words, of_one, of_two


def _with_none(codes: Places) -> Column:
    return np.append(codes, UNKNOWN).astype(np.int32)


def _turned_round(place: Column, size: int) -> Places:
    found = np.full(size, UNKNOWN, dtype=np.int64)
    found[place] = np.arange(len(place))
    return found


def _of_both(words: Sequence[str], *parts: tuple[Sequence[str], Iterable[Told]]) -> tuple[Told, ...]:
    told = {word: value for known, values in parts for word, value in zip(known, values, strict=False)}
    return tuple(told[word] for word in words)


def _laid_out(one: Column, two: Column, added: Places) -> Column:
    """The rows of `one` with those of `two` at the places `added`; what is the same everywhere stays so."""
    if one.strides == two.strides == (0,) and np.array_equal(one[:1], two[:1], equal_nan=one.dtype.kind == "f"):
        return np.broadcast_to(one[:1].reshape(()), len(one) + len(two))
    return np.insert(one, added - np.arange(len(added)), two)


def _put(earlier: Places, later: Places, one: Column, two: Column) -> Column:
    found = np.empty(len(one) + len(two), dtype=one.dtype)
    found[earlier], found[later] = one, two
    return found


def _strings(events: pa.Table, name: str) -> pa.Array:
    if name not in events.column_names:
        return pa.nulls(len(events), pa.large_string())
    text = events.column(name).cast(pa.large_string()).combine_chunks()
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.large_string()), text)
