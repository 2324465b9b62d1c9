"""What passes between a firm and its clients in three invented years: who they are, their dialogues, their meetings.

Clients differ in weight by orders of magnitude, begin and end when they like, and some cool off: they answer later and shorter.
Waits are lognormal in *open hours*, which run through a weekly profile: most mail is written in the office, some at night and
little at weekends. A meeting comes with every revision.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.types import Cue, Kind, MeetingStatus

END = np.datetime64("2026-06-01T00:00:00", "s")  # a Monday
WEEKS = 157
START = END - np.timedelta64(7 * WEEKS, "D")

MESSAGES_A_CLIENT = 500
MESSAGES_A_MEETING = 1000 / 30
CHANNELS = ("email", "chat", "calendar")

_MESSAGES_A_THREAD = 6
_LONGEST_THREAD = 40
_LONGEST_WAIT = 100.0  # open hours
_SHORTEST_WAIT = 0.02

_WORKDAY = np.repeat([0.01, 0.15, 1.0, 0.2, 0.03], [6, 2, 10, 4, 2])  # share of full activity in each hour of the day
_OPEN_DAY = float(_WORKDAY.sum())  # open hours in a working day
_HOURS_OPEN = np.concatenate([[0.0], np.cumsum(np.concatenate([np.tile(_WORKDAY, 5), 0.06 * np.tile(_WORKDAY, 2)]))])
_OPEN_WEEK = float(_HOURS_OPEN[-1])
_OPEN_TOTAL = WEEKS * _OPEN_WEEK

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Columns = dict[str, NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Clients:
    """What makes one client differ from another; times in open hours since `START`."""

    messages: Ints
    meetings: Ints
    begin: Floats
    end: Floats
    contacts: Ints
    initiative: Floats  # share of conversations that the client opens
    wait: Floats  # its median wait
    our_wait: Floats  # ours towards it
    cooling: Floats  # how many e-folds later and shorter it answers at the very end
    words: Floats  # its median length of a mail

    @classmethod
    def invent(cls, rng: np.random.Generator, messages: int) -> "Clients":
        size = max(messages // MESSAGES_A_CLIENT, 1)
        begin = np.where(rng.random(size) < 0.45, 0.0, rng.uniform(0, 0.85, size)) * _OPEN_TOTAL
        lasts = np.where(rng.random(size) < 0.7, 1.0, rng.uniform(0.1, 1.0, size))
        end = begin + lasts * (_OPEN_TOTAL - begin)
        weight = rng.lognormal(0.0, 1.1, size) * (end - begin)
        return cls(
            messages=1 + rng.multinomial(messages - size, weight / weight.sum()),
            meetings=rng.multinomial(round(messages / MESSAGES_A_MEETING), np.sqrt(weight) / np.sqrt(weight).sum()),
            begin=begin,
            end=end,
            contacts=rng.integers(1, 6, size),
            initiative=rng.beta(4, 4, size),
            wait=rng.lognormal(np.log(2.5), 0.6, size),
            our_wait=rng.lognormal(np.log(1.5), 0.4, size),
            cooling=np.where(rng.random(size) < 0.2, rng.uniform(0.3, 1.5, size), 0.0),
            words=rng.lognormal(np.log(40), 0.4, size),
        )

    def between(self, first: int, stop: int) -> "Clients":
        return Clients(**{name: getattr(self, name)[first:stop] for name in self.__slots__})


def dialogues(rng: np.random.Generator, clients: Clients) -> Columns:
    """The messages of some clients; `client` and `thread` count from 0 within them."""
    client = np.repeat(np.arange(len(clients.messages)), clients.messages)
    size = len(client)
    opens = rng.random(size) < 1 / _MESSAGES_A_THREAD
    opens[np.flatnonzero(np.diff(client, prepend=-1))] = True
    opens |= (np.arange(size) - _last_of(opens)) % _LONGEST_THREAD == 0
    thread = np.cumsum(opens) - 1
    head = np.flatnonzero(opens)
    owner = client[head]

    answers = (rng.random(size) < 0.78) & ~opens  # the side changes
    turns = np.cumsum(answers)
    we_open = rng.random(len(head)) > clients.initiative[owner]
    ours = (we_open[thread] + turns - turns[head][thread]) % 2 == 1

    start = rng.uniform(clients.begin[owner], clients.end[owner])
    cooled = (clients.cooling[owner] * (start / _OPEN_TOTAL) ** 2)[thread]
    usual = np.where(ours, clients.our_wait[client], clients.wait[client] * np.exp(cooled))
    wait = np.where(answers, usual, 0.4) * rng.lognormal(0.0, 1.2, size)
    wait = np.where(opens, 0.0, np.clip(wait, _SHORTEST_WAIT, _LONGEST_WAIT))
    passed = np.cumsum(wait)
    passed -= passed[head][thread]
    lasts = passed[np.append(head[1:], size) - 1]
    start = np.clip(start, 0.0, _OPEN_TOTAL - lasts - _SHORTEST_WAIT)

    chat = (rng.random(len(head)) < 0.25)[thread]
    median = np.where(chat, 9.0, clients.words[client]) * np.where(ours, 1.2, np.exp(-cooled))
    words = 1 + np.floor(median * rng.lognormal(0.0, 0.8, size)).astype(np.int64)
    question = rng.random(size) < 0.3
    return {
        "client": client,
        "thread": thread,
        "contact": _contacts(rng, clients, client, thread, len(head)),
        "kind": np.full(size, int(Kind.MESSAGE)),
        "direction": ours.astype(np.int64),
        "at": _on_the_clock(start[thread] + passed),
        "channel": chat.astype(np.int64),
        "words": words,
        "question": question,
        "expects_reply": question | (rng.random(size) < 0.15),
        "irritation": np.round(rng.beta(0.6, 9.0, size) * np.where(ours, 0.5, 1.0), 3),
        "cues": _cues(rng, words),
        "starts_at": np.zeros(size, dtype=np.int64),
        "status": np.zeros(size, dtype=np.int64),
    }


def meetings(rng: np.random.Generator, clients: Clients) -> Columns:
    """Every revision, made before `END`, of some clients' meetings: invited, answered, perhaps moved, perhaps cancelled."""
    owner = np.repeat(np.arange(len(clients.meetings)), clients.meetings)
    size = len(owner)
    invited = rng.uniform(clients.begin[owner], clients.end[owner])
    lead = np.clip(rng.lognormal(np.log(4 * _OPEN_DAY), 0.9, size), 2, 40 * _OPEN_DAY)
    starts = _next_full_hour(invited + lead)
    inviter = (rng.random(size) < 0.65).astype(np.int64)

    answered, declined = rng.random(size) < 0.85, rng.random(size) < 0.08
    refused = answered & declined
    moved = rng.random(size) < np.where(refused, 0.25, 0.15)
    moved_to = _next_full_hour(invited + lead + rng.integers(1, 8, size) * _OPEN_DAY)
    cancelled = (rng.random(size) < 0.08) & (~refused | moved)
    answer = np.where(declined, int(MeetingStatus.DECLINED), int(MeetingStatus.ACCEPTED))
    last_start = np.where(moved, moved_to, starts)
    steps = (  # whether it is taken, how far on the way to the meeting, by whom, to what state, for when
        (np.ones(size, dtype=np.bool_), np.zeros(size), inviter, int(MeetingStatus.INVITED), starts),
        (answered, rng.uniform(0.02, 0.4, size), 1 - inviter, answer, starts),
        (moved, rng.uniform(0.45, 0.7, size), rng.random(size) > 0.55, int(MeetingStatus.MOVED), moved_to),
        (cancelled, rng.uniform(0.75, 0.95, size), rng.random(size) > 0.6, int(MeetingStatus.CANCELLED), last_start),
    )
    happens = np.concatenate([step[0] for step in steps])
    at = np.concatenate([_on_the_clock(invited + step[1] * lead) for step in steps])
    kept = np.flatnonzero(happens & (at < END.astype(np.int64)))
    client, thread = np.tile(owner, len(steps))[kept], np.tile(np.arange(size), len(steps))[kept]
    rows = len(kept)
    return {
        "client": client,
        "thread": thread,
        "contact": _contacts(rng, clients, client, thread, size),
        "kind": np.full(rows, int(Kind.MEETING)),
        "direction": np.concatenate([step[2].astype(np.int64) for step in steps])[kept],
        "at": at[kept],
        "channel": np.full(rows, CHANNELS.index("calendar")),
        "words": np.zeros(rows, dtype=np.int64),
        "question": np.zeros(rows, dtype=np.bool_),
        "expects_reply": np.zeros(rows, dtype=np.bool_),
        "irritation": np.zeros(rows),
        "cues": np.zeros(rows, dtype=np.int64),
        "starts_at": np.concatenate([step[4] for step in steps])[kept],
        "status": np.concatenate([np.broadcast_to(step[3], size) for step in steps])[kept],
    }


def _last_of(flags: NDArray[np.bool_]) -> Ints:
    """For each row the nearest row at or before it whose flag is set."""
    return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), 0))


def _on_the_clock(open_hours: Floats) -> Ints:
    """Open hours since `START` as UTC seconds since 1970."""
    week, rest = np.divmod(open_hours, _OPEN_WEEK)
    hours = 168 * week + np.interp(rest, _HOURS_OPEN, np.arange(len(_HOURS_OPEN)))
    return START.astype(np.int64) + np.floor(3600 * hours).astype(np.int64)


def _next_full_hour(open_hours: Floats) -> Ints:
    return -(-_on_the_clock(open_hours) // 3600) * 3600


def _contacts(rng: np.random.Generator, clients: Clients, client: Ints, thread: Ints, threads: int) -> Ints:
    """Who at the client takes part: mostly the thread's own person, now and then a colleague; five numbers a client."""
    person = rng.integers(0, 60, threads)[thread] + np.where(rng.random(len(thread)) < 0.15, 1, 0)
    return 5 * client + person % clients.contacts[client]


def _cues(rng: np.random.Generator, words: Ints) -> Ints:
    """Marks of tone, each with its own rarity; few words are a short acknowledgement."""
    marks = np.where((words <= 3) | (rng.random(len(words)) < 0.02), int(Cue.SHORT_ACK), 0)
    for cue, share in (
        (Cue.BLAME, 0.01),
        (Cue.SHOUTING, 0.01),
        (Cue.GRATITUDE, 0.3),
        (Cue.GREETING, 0.6),
        (Cue.PLANS, 0.1),
    ):
        marks |= np.where(rng.random(len(words)) < share, int(cue), 0)
    return marks
