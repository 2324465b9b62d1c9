"""The comparable panel as its definition reads, event by event in plain Python: what the peers must find."""

import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq

from benchmarks.engine import subset

Event = dict[str, Any]
Booked = list[tuple[datetime, float]]


def plain_panel(path: Path, dates: subset.Instants) -> subset.Floats:
    """One client and one date after the other."""
    events = sorted(pq.read_table(path).to_pylist(), key=lambda event: event["at"])
    clients = sorted({event["client_id"] for event in events})
    panel = subset.empty_panel(len(dates), len(clients))
    for place, client in enumerate(clients):
        of_client = [event for event in events if event["client_id"] == client]
        for number, date in enumerate(dates.tolist()):
            for name, value in _measured(of_client, date.replace(tzinfo=UTC)).items():
                panel[number, place, subset.COLUMN[name]] = value
    subset.add_volume_drop(panel)
    return panel


def _measured(events: list[Event], now: datetime) -> dict[str, float]:
    known = [event for event in events if event["at"] < now]
    letters = [event for event in known if event["kind"] == "message" and event["direction"] == "in"]
    ours = [event for event in known if event["kind"] == "message" and event["direction"] == "out"]
    acks = [event for event in letters if event["cues"] & subset.SHORT_ACK]
    found: dict[str, float] = {}
    for side, rows, spans in (("in", letters, subset.COUNT_DAYS), ("out", ours, subset.OUT_DAYS)):
        found |= {f"{side}_{span}": len(_between(_times(rows), now, span)) for span in spans}
    if letters:
        found["recency"] = (now - letters[-1]["at"]) / timedelta(days=1)
        found["tenure"] = (now - letters[0]["at"]) / timedelta(days=1)
    found |= _level([(event["at"], math.log1p(event["words"])) for event in letters], now, "length", "in")
    found |= _level(_waits(known, "in"), now, "client_wait", "client_answers")
    found |= _level(_waits(known, "out"), now, "our_wait", "our_answers")
    found["short_w"] = len(_between(_times(acks), now, 28))
    found["short_b"] = len(_between(_times(acks), now, 208, 28))
    for span, (from_days, to_days) in {"w": (56, 0), "b": (236, 56)}.items():
        settled = _between(_fates(known), now, from_days, to_days)
        found |= {f"meetings_{span}": len(settled), f"avoided_{span}": sum(settled)}
    return found


def _times(events: list[Event]) -> Booked:
    return [(event["at"], 1.0) for event in events]


def _between(booked: Booked, now: datetime, from_days: int, to_days: int = 0) -> list[float]:
    oldest, newest = now - timedelta(days=from_days), now - timedelta(days=to_days)
    return [value for at, value in booked if oldest <= at < newest]


def _level(booked: Booked, now: datetime, name: str, counted: str) -> dict[str, float]:
    recent, past = _between(booked, now, 28), _between(booked, now, 208, 28)
    found: dict[str, float] = {f"{counted}_w": len(recent), f"{counted}_b": len(past)}
    if recent:
        found[f"{name}_w"] = median(recent)
    if past:
        found[f"{name}_b"] = median(past)
        found[f"{name}_mad"] = median(abs(value - median(past)) for value in past)
    return found


def _waits(known: list[Event], answering: str) -> Booked:
    """From the first message of the other side's turn to the first answer, for every answer known."""
    waits = []
    for thread in _by_thread(known, "message"):
        turn = thread[0]
        for event in thread:
            if event["direction"] != turn["direction"]:
                if event["direction"] == answering:
                    hours = (event["at"] - turn["at"]) / timedelta(hours=1)
                    waits.append((event["at"], math.log2(1 + hours)))
                turn = event
    return waits


def _fates(known: list[Event]) -> Booked:
    """When each meeting was settled, as its last known revision has it, and whether the client avoided it."""
    fates = []
    for revisions in _by_thread(known, "meeting"):
        last = revisions[-1]
        if last["status"] not in {"declined", "cancelled"}:
            fates.append((last["starts_at"], 0.0))
        elif last["direction"] == "in":
            fates.append((last["at"], 1.0))
    return fates


def _by_thread(known: list[Event], kind: str) -> list[list[Event]]:
    threads = defaultdict(list)
    for event in known:
        if event["kind"] == kind:
            threads[event["thread_id"]].append(event)
    return list(threads.values())
