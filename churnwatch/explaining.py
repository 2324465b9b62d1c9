"""What each signal says of one client as of a date, which of them point to leaving, and the events behind those."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from churnwatch import features, scoring
from churnwatch.alerts import quotes
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.table import EventTable
from churnwatch.core.types import Call, Direction, Event, Freeze, Invoice, Kind, Meeting, MeetingStatus, Message, Quote
from churnwatch.features import Signal, wording
from churnwatch.features.signal import Unit
from churnwatch.model.tone import Reader
from churnwatch.store import Store

# What counts as notable, in the signal's own unit …
_NOTABLE: Mapping[Unit, float] = {
    "z": 1.0,
    "log_odds": math.log(2),  # twice the odds
    "decades": 1.0,  # one case in ten
    "log": math.log(1.5),
    "doublings": math.log2(1.5),
    "weeks": 1.0,
    "share": 0.3,
}
_NOTABLE_VALUE: Mapping[str, float] = {
    "volume_cusum": 1.0,  # its alarm
    "senior_joins": 0.25,  # one person, four weeks ago
}
# … or, where the signal is a level, as the ratio of now to the own past, each raised by a little so that 1 against 0 is no news.
_NOTABLE_RATIO = 1.5
_RAISED_BY: Mapping[Unit, float] = {"share": 0.05, "ratio": 0.5}


@dataclass(frozen=True, slots=True)
class Finding:
    """One signal's number. `value` is NaN for "not enough evidence"; `now` and `before` are in `signal.shown_in`, or NaN.

    `push` says how far the number lies on the risky side, in multiples of what is notable; 0 where it does not, or has no side.
    """

    signal: Signal
    value: float
    now: float
    before: float
    push: float
    event_ids: tuple[str, ...] = ()
    connected: bool = True  # False: the firm has not connected what the signal looks at

    @property
    def missing(self) -> bool:
        """Whether there was not enough evidence."""
        return math.isnan(self.value)

    @property
    def notable(self) -> bool:
        """Whether the number is clearly on the risky side."""
        return self.push >= 1

    @property
    def speaks(self) -> bool:
        """Whether the client's own numbers bear the signal's sentence out."""
        return wording.speaks(self.signal, self.value, self.now, self.before)


@dataclass(frozen=True, slots=True)
class Explanation:
    """All signals of one client, in catalogue order, with the events that the notable ones point to."""

    client_id: str
    as_of: date
    last_sign_of_life: date | None
    findings: tuple[Finding, ...]
    events: Mapping[str, Event]
    frozen: Freeze | None = None  # since when the signals have been standing still


def explain(
    store: Store,
    table: EventTable,
    client_id: str,
    as_of: date,
    calendar: BusinessCalendar,
    limit: int = 3,
    frozen: Freeze | None = None,
) -> Explanation:
    """Measure one client on the whole firm's events as known at the as-of midnight; up to `limit` events a notable signal.

    A client that is `frozen` is measured as of the midnight at which its clock stopped.
    """
    index = scoring.index_of(table, [client_id], scoring.instants(calendar, as_of, 1))
    measured = scoring.snapshots(table, index, calendar, frozen=(frozen,))
    numbers = zip(*(part.to_numpy()[0] for part in (measured.values, measured.now, measured.before)), strict=True)
    findings = [
        Finding(
            signal,
            float(value),
            float(now),
            float(before),
            push(signal, value, now, before),
            connected=signal.name not in measured.unconnected,
        )
        for signal, (value, now, before) in zip(features.CATALOGUE, numbers, strict=True)
    ]
    wanted = tuple(finding.signal.name for finding in findings if finding.notable)
    behind = features.evidence(table, index, calendar, {0: wanted}, limit, frozen=(frozen,))
    frame = store.events.frame([client_id], known_before=calendar.midnight(as_of))
    cited = {event_id for event_ids in behind.values() for event_id in event_ids}
    return Explanation(
        client_id=client_id,
        as_of=as_of,
        last_sign_of_life=_last_sign_of_life(frame, calendar),
        findings=tuple(replace(one, event_ids=behind.get((0, one.signal.name), ())) for one in findings),
        events=_events(frame, cited, as_of, calendar.midnight(as_of)),
        frozen=frozen,
    )


def push(signal: Signal, value: float, now: float, before: float) -> float:
    """How far a signal lies on the risky side, 1 = just notable; 0 on the other side, at what is usual, or without a side.

    >>> latency = features.BY_NAME["client_latency_z"]
    >>> push(latency, 2.5, 9.0, 3.0), push(latency, -2.5, 3.0, 9.0)
    (2.5, 0.0)
    """
    if math.isnan(value) or signal.risky == "both":
        return 0.0
    sign = 1.0 if signal.risky == "higher" else -1.0
    levels = not (math.isnan(now) or math.isnan(before))
    if signal.unit in ("z", "log_odds", "decades", "weeks") or signal.name in _NOTABLE_VALUE:
        if levels and not wording.speaks(signal, value, now, before):
            return 0.0  # the number owes more to the firm's pool than to the client
        return max(0.0, sign * float(value) / _NOTABLE_VALUE.get(signal.name, _NOTABLE.get(signal.unit, 1.0)))
    if levels:
        more = _RAISED_BY.get(signal.shown_in or signal.unit, 1.0)
        ratio = (max(now, 0.0) + more) / (max(before, 0.0) + more)
        return max(0.0, sign * math.log(ratio) / math.log(_NOTABLE_RATIO))
    if wording.speaks(signal, value, now, before):
        lacking = 1.0 - float(value) if signal.unit == "share" and signal.risky == "lower" else abs(float(value))
        return lacking / _NOTABLE.get(signal.unit, 1.0)
    return 0.0


def quotes_of(store: Store, explanation: Explanation, reader: Reader) -> dict[str, Quote]:
    """A short quote of each cited message that has a text, by event id; none of one that somebody found not irritated."""
    wrong = store.labels.not_irritated(explanation.events)
    keys = [(event_id, explanation.client_id) for event_id in explanation.events if event_id not in wrong]
    found = {event_id: quotes.of(message, reader) for event_id, message in store.events.texts(keys).items()}
    return {event_id: quote for event_id, quote in found.items() if quote is not None}


def _last_sign_of_life(frame: pd.DataFrame, calendar: BusinessCalendar) -> date | None:
    """The day of the client's last message, or call that it took or made."""
    theirs = frame["direction"] == Direction.IN
    talk = (frame["kind"] == Kind.MESSAGE) & theirs & ~frame["automatic"].fillna(value=False)
    calls = (frame["kind"] == Kind.CALL) & (theirs | frame["answered"].fillna(value=False))
    alive = frame.loc[talk | calls, "at"]
    return None if alive.empty else calendar.day_of(alive.max().to_pydatetime())


def _events(frame: pd.DataFrame, event_ids: Collection[str], as_of: date, midnight: datetime) -> dict[str, Event]:
    """The events with these ids, oldest first, without any text."""
    chosen = frame[frame["event_id"].isin(event_ids)].sort_values(["at", "event_id"])
    return {row["event_id"]: _event(row, as_of, midnight) for row in chosen.to_dict("records")}


def _event(row: Mapping[Any, Any], as_of: date, midnight: datetime) -> Event:
    told: dict[str, Any] = {name: row[name] for name in ("event_id", "client_id", "channel")}
    told |= {"at": row["at"].to_pydatetime(), "known_at": row["known_at"].to_pydatetime()}
    told |= {"direction": Direction(row["direction"]), "contact_id": _known(row["contact_id"])}
    match Kind(row["kind"]):
        case Kind.MESSAGE:
            return Message(**told, automatic=bool(row["automatic"]))
        case Kind.MEETING:
            starts_at = row["starts_at"].to_pydatetime()
            return Meeting(
                **told, meeting_id=row["thread_id"], starts_at=starts_at, status=MeetingStatus(row["status"])
            )
        case Kind.CALL:
            return Call(**told, duration_s=_known(row["duration_s"]) or 0.0, answered=bool(row["answered"]))
        case Kind.INVOICE:
            paid_on = None if pd.isna(row["paid_on"]) else row["paid_on"].date()
            told_later = not pd.isna(row["paid_known_at"]) and row["paid_known_at"] >= midnight
            if paid_on is not None and (paid_on >= as_of or told_later):  # known once its day is over
                paid_on = None
            return Invoice(**told, due_on=row["due_on"].date(), amount=row["amount"], paid_on=paid_on)


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value
