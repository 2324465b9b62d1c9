"""Events that come over HTTP: rows of the interchange format as events, and each row's problem at its place."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pandas as pd

from churnwatch.core.types import Event
from churnwatch.sources.events_table import events_of_rows
from churnwatch.sources.table_columns import words

_PART_ROWS = 1000
_PLACE = re.compile(r"event (\d+)")
_LARGEST = 2**63
_LONGEST_TEXT = 1_000_000  # characters of one value
_DEEP = "is not a plain value"


@dataclass(slots=True)
class Intake:
    """What was read: events in the order of their rows, problems by row (from 0), and what concerns all rows."""

    events: list[Event] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    rows: int = 0


def parts(rows: Iterable[object], clients: Collection[str] | None = None) -> Iterator[Intake]:
    """Read rows a thousand at a time; a client that is not among `clients` makes a row wrong."""
    numbered = iter(rows)
    start = 0
    while part := list(islice(numbered, _PART_ROWS)):
        yield _read(part, start, clients)
        start += len(part)


def read(rows: Iterable[object]) -> Intake:
    """Read all rows; of those that repeat an event of the same client the first counts."""
    whole = Intake()
    kept: dict[tuple[str, str], Event] = {}
    for part in parts(rows):
        whole.rows += part.rows
        whole.problems |= part.problems
        whole.notes += [note for note in part.notes if note not in whole.notes]
        for event in part.events:
            kept.setdefault((event.client_id, event.event_id), event)
    whole.events = list(kept.values())
    return whole


def lines(content: bytes) -> Iterator[object]:
    """The rows of a body of JSON lines; a line that is no JSON comes as the text of its problem."""
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):  # also a number of too many digits, and text that is not UTF-8
            yield "is not a line of JSON in UTF-8"


def _read(rows: Sequence[object], start: int, clients: Collection[str] | None) -> Intake:
    found = Intake(rows=len(rows))
    good: list[Mapping[str, Any]] = []
    places: list[int] = []
    for place, row in enumerate(rows, start):
        if isinstance(row, Mapping):
            if (problem := _unfit(row)) is None:
                good.append(row)
                places.append(place)
            else:
                found.problems[place] = problem
        else:
            found.problems[place] = row if isinstance(row, str) else "is not an object with named values"
    if clients is not None:
        good, places = _of_clients(good, places, clients, found.problems)
    if not good:
        return found
    events, errors = events_of_rows(good)
    found.events = events
    for error in errors:
        if (match := _PLACE.fullmatch(error.place)) is not None:
            found.problems[places[int(match[1]) - 1]] = error.problem
        else:
            found.notes.append(error.problem.encode("utf-8", "replace").decode("utf-8"))
    return found


def _unfit(row: Mapping[str, Any]) -> str | None:
    for value in row.values():
        if isinstance(value, dict | list):
            return _DEEP
        if isinstance(value, int) and abs(value) >= _LARGEST:
            return "has a number that is too large"
        if isinstance(value, str) and len(value) > _LONGEST_TEXT:
            return "has a text that is too long"
    return None


def _of_clients(
    rows: list[Mapping[str, Any]], places: list[int], clients: Collection[str], problems: dict[int, str]
) -> tuple[list[Mapping[str, Any]], list[int]]:
    # Read like the table reads it, so that 17 and " 17 " are the client "17" here as well.
    told = words(pd.Series([row.get("client_id") for row in rows], dtype=object)).values
    kept: tuple[list[Mapping[str, Any]], list[int]] = ([], [])
    for row, place, client_id, missing in zip(rows, places, told, told.isna(), strict=True):
        if missing or client_id in clients:
            kept[0].append(row)
            kept[1].append(place)
        else:
            problems[place] = "client_id is none of our clients"
    return kept
