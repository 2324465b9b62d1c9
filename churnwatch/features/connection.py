"""What a firm must have connected for a signal to have any evidence, and what a table of events shows to be connected."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from churnwatch.core.table import SEEN, UNKNOWN, EventTable
from churnwatch.core.types import Kind
from churnwatch.features.signal import Family, Signal

Channel = Literal["messages", "texts", "meetings", "calls", "invoices", "ranks", "deciders"]

_MESSAGES: frozenset[Channel] = frozenset({"messages"})
_TEXTS: frozenset[Channel] = frozenset({"texts"})
_LIFE: frozenset[Channel] = frozenset({"messages", "calls"})
_TALKS: frozenset[Channel] = frozenset({"meetings", "calls"})
_OF_FAMILY: Mapping[Family, frozenset[Channel]] = {
    Family.ACTIVITY: _LIFE,
    Family.RHYTHM: _LIFE,
    Family.LATENCY: _MESSAGES,
    Family.ENGAGEMENT: _TEXTS,
    Family.INITIATIVE: _MESSAGES,
    Family.MEETINGS: frozenset({"meetings"}),
    Family.PEOPLE: _MESSAGES,
    Family.TONE: _TEXTS,
    Family.EXIT_WORDS: _TEXTS,
    Family.OUR_SIDE: _MESSAGES,
    Family.ACCOUNT: frozenset({"invoices"}),
    Family.CONTEXT: frozenset(),
}
# Signals that look at something else than the rest of their family.
_OF_SIGNAL: Mapping[str, frozenset[Channel]] = {
    "their_promises": _TEXTS,
    "broken_promises": _TEXTS,
    "future_talk": _TEXTS,
    "our_tone": _TEXTS,
    "meeting_silence": _TALKS,
    "missed_calls": frozenset({"calls"}),
    "call_shrink": frozenset({"calls"}),
    "decision_maker_absent": frozenset({"deciders"}),
    "senior_joins": frozenset({"ranks"}),
    "manager_change": frozenset(),  # "never changed" is told by silence too
    "firm_trend": _MESSAGES,
}


def needs(signal: Signal) -> frozenset[Channel]:
    """What the signal sees clients through: any of these is enough, and nothing means that it needs none."""
    return _OF_SIGNAL.get(signal.name, _OF_FAMILY[signal.family])


def connected(table: EventTable, before: int) -> frozenset[Channel]:
    """What the firm's events that were known before an instant (UTC microseconds) have come through, over all clients.

    "texts" are messages that were read; "ranks" and "deciders" are contacts known as such who took part in anything.
    """
    known = table.known_at < before
    message = known & (table.kind == Kind.MESSAGE)
    shown: Mapping[Channel, bool] = {
        "messages": bool(message.any()),
        "texts": bool((message & ~np.isnan(table.words)).any()),
        "meetings": bool((known & (table.kind == Kind.MEETING)).any()),
        "calls": bool((known & (table.kind == Kind.CALL)).any()),
        "invoices": bool((known & (table.kind == Kind.INVOICE)).any()),
        "ranks": bool((known & (table.kind == SEEN)).any()),
        "deciders": bool((known & (table.decider != UNKNOWN)).any()),
    }
    return frozenset(channel for channel, there in shown.items() if there)
