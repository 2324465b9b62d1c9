"""Putting away: rows that no signal will look at again become the past of their client.

What may still be asked for stays: rows of the last `LOOK_BACK_DAYS`, from a day with a sign of life and the last word on; all that
are no messages; turns of a thread that were open then, what those answer, and the few that date something for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.panel import SnapshotIndex, panels
from churnwatch.core.table import HANDED_OVER, UNKNOWN, US_PER_DAY, BoolArray, FloatArray, IntArray
from churnwatch.core.types import Kind
from churnwatch.features import absences, kernel, segments
from churnwatch.features.facts import PAUSE_DAYS, Facts
from churnwatch.features.kernel import plain
from churnwatch.features.kernel.plain import Places
from churnwatch.features.ledger.book import Book
from churnwatch.features.past import Past
from churnwatch.features.stream import tally
from churnwatch.features.survey import FirmCounts, Survey

LOOK_BACK_DAYS = 430  # the firm's own ebb looks back 425 days, a promise of a year ahead that was broken 422


def folded(book: Book, as_of: int, calendar: BusinessCalendar, counts: FirmCounts) -> Book:
    """The book with all put away that no as-of from this midnight on will ask for. `counts` are the whole firm's."""
    table, clients = book.table, len(book.table.clients)
    index = SnapshotIndex(np.arange(clients, dtype=np.int32), np.full(clients, as_of))
    latest_day = _latest_day(book, as_of, calendar)
    keep = table.known_at >= as_of
    parts = []
    for panel in panels(table, index):
        chosen = kernel.choose(len(table), clients)
        facts = Facts(panel, calendar, Survey(counts), chosen, book.past)
        since = _since(facts, latest_day[panel.client])
        keep[panel.rows[_kept(facts, since)]] = True
        parts.append(_put_away(facts, since))
    if not parts:
        return book
    _keep_what_is_answered(keep, table.parent)
    gone = np.concatenate([book.gone, book.ids[~keep]])
    client = np.concatenate([np.repeat(np.arange(clients), np.diff(book.gone_start)), table.client[~keep]])
    order, gone_start = plain.grouped(client, clients)
    taken = table.taken(np.flatnonzero(keep))
    used = np.unique(taken.thread[taken.thread >= 0])
    code = np.full(len(book.threads) + 1, UNKNOWN, dtype=np.int32)
    code[used] = np.arange(len(used))
    table = replace(taken, thread=code[taken.thread])
    return Book(table, _joined(parts), book.threads[used], book.named[keep], gone[order], gone_start)


def _keep_what_is_answered(keep: BoolArray, parent: IntArray) -> None:
    answered = parent[keep & (parent >= 0)]
    while len(answered := answered[~keep[answered]]):
        keep[answered] = True
        answered = parent[answered][parent[answered] >= 0]


def _latest_day(book: Book, as_of: int, calendar: BusinessCalendar) -> IntArray:
    """The day, by client, from which on rows stay: what was told late keeps all that came after it."""
    days = np.full(len(book.table.clients), _day(calendar, as_of) - LOOK_BACK_DAYS)
    horizon = int(calendar.midnights(days[:1])[0]) if len(days) else as_of
    late = np.flatnonzero((book.table.known_at >= horizon) & (book.table.at < horizon))
    np.minimum.at(days, book.table.client[late], calendar.local_day(book.table.at[late]).astype(np.int64))
    return days


def _day(calendar: BusinessCalendar, instant: int) -> int:
    return int(calendar.local_day(np.array([instant]))[0])


def _since(facts: Facts, latest_day: IntArray) -> IntArray:
    """From when on each lane's rows stay: the midnight before its last sign of life and its last word at the latest."""
    talk = facts.ask(facts.by_lane(facts.talk))
    last_word = talk.last(facts.calendar.local_day(talk.stream.booked).astype(np.int64))
    last_sign = facts.days.view.last(facts.days.day)
    day = np.fmin(np.fmin(latest_day, last_word), last_sign).astype(np.int64)
    return np.asarray(np.maximum(facts.calendar.midnights(day), facts.past.since))


def _kept(facts: Facts, since: IntArray) -> BoolArray:
    kept: BoolArray = (facts.at >= since[facts.lane]) | ~facts.is_kind(Kind.MESSAGE) | absences.told_by(facts)
    for rows in _for_ever(facts):
        kept[rows] = True
    kept[_open_turns(facts, since)] = True
    return kept


def _for_ever(facts: Facts) -> Iterator[Places]:
    """A client's first event, first message and first read one, and its first in each channel that names what it answers."""
    events = np.flatnonzero(~facts.is_kind(HANDED_OVER))
    yield events[segments.first_of_run(facts.lane[events])]
    lane, message = facts.lane, facts.is_kind(Kind.MESSAGE)
    channel = facts.column("channel").astype(np.int64) + 1
    channels = len(facts.panel.table.channels) + 1
    known_at = facts.column("known_at")
    for rows, key in (
        (np.flatnonzero(message), lane),
        (np.flatnonzero(message & ~np.isnan(facts.column("words"))), lane),
        (np.flatnonzero(facts.column("answers")), lane * channels + channel),
    ):
        order = rows[np.lexsort((known_at[rows], key[rows]))]
        yield order[np.append(True, key[order][1:] != key[order][:-1])[: len(order)]]


def _open_turns(facts: Facts, since: IntArray) -> Places:
    """The rows of each thread's last turn before `since`, if the thread had not fallen quiet by then."""
    rows = np.flatnonzero(facts.talk)
    rows = rows[np.lexsort((facts.threads[rows], facts.lane[rows]))]
    lane, thread, at, theirs = facts.lane[rows], facts.threads[rows], facts.at[rows], facts.inbound[rows]
    same = (lane[1:] == lane[:-1]) & (thread[1:] == thread[:-1]) & (np.diff(at) <= round(PAUSE_DAYS * US_PER_DAY))
    begins = np.flatnonzero(np.append(True, ~same | (theirs[1:] != theirs[:-1]))[: len(rows)])
    ends = np.append(begins[1:], len(rows))[: len(begins)]
    limit = since[lane[begins]]
    open_then = at[ends - 1] >= limit - round(PAUSE_DAYS * US_PER_DAY)
    following = np.append(begins[1:], -1)[: len(begins)]
    goes_on = np.append(same, False)[ends - 1] & (following >= 0)
    last_before = ~goes_on | (at[following] >= limit)
    chosen = np.repeat(open_then & last_before, ends - begins)
    return np.asarray(rows[chosen])


@dataclass(frozen=True, slots=True)
class _PutAway:
    since: IntArray
    received: IntArray
    received_counts: Places
    day_first: IntArray
    day_last: IntArray
    day_quiet: FloatArray
    days_counts: Places


def _put_away(facts: Facts, since: IntArray) -> _PutAway:
    received, days = facts.received.stream, facts.days.view.stream
    old, old_days = (stream.booked < since[stream.key] for stream in (received, days))
    return _PutAway(
        since,
        received.booked[old],
        np.diff(tally(old)[received.start]),
        days.booked[old_days],
        facts.days.last_at[old_days],
        facts.days.quiet[old_days],
        np.diff(tally(old_days)[days.start]),
    )


def _joined(parts: list[_PutAway]) -> Past:
    since, received, received_counts, first, last, quiet, days_counts = (
        np.concatenate([getattr(part, name) for part in parts]) for name in _PutAway.__slots__
    )
    received_start, days_start = (np.append(0, np.cumsum(counts)) for counts in (received_counts, days_counts))
    return Past(since, received, received_start, first, last, quiet, days_start)
