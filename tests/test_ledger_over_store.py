"""The ledger over a real store: thirty nights of the demo firm, and of the cast with events that the store is told of late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import builders
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from churnwatch import features, ingestion, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.config import load
from churnwatch.core.roster import Roster
from churnwatch.core.table import EventTable
from churnwatch.demo.folder import build
from churnwatch.features.ledger import ledger, shelf
from churnwatch.knowledge import known_people
from churnwatch.store import Store

NIGHTS = 30


@dataclass
class Kept:
    """A store as the ledger asks it."""

    store: Store

    def changes_after(self, number: int) -> tuple[int, list[str]]:
        return self.store.events.changes_after(number)

    def events(self, client_ids: Sequence[str] | None = None, changed_after: int | None = None) -> pa.Table:
        frame = self.store.events.frame(client_ids, changed_after=changed_after)
        return pa.Table.from_pandas(frame, preserve_index=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/firm.db") as opened:
        yield opened


def live_a_night(
    kept: shelf.Shelf, store: Store, roster: Roster, as_of: date, calendar: BusinessCalendar
) -> tuple[list[str], features.Snapshots]:
    found, problems = ledger.night(kept, Kept(store), roster, micros(calendar.midnight(as_of)), calendar)
    assert problems == ()
    clients = sorted(client for book in found.books for client in book.table.clients)
    return clients, ledger.measured(found, clients, calendar)


def assert_as_from_all_events(
    told: tuple[list[str], features.Snapshots], store: Store, roster: Roster, as_of: date, calendar: BusinessCalendar
) -> None:
    clients, found = told
    table = EventTable.from_frame(store.events.frame(known_before=calendar.midnight(as_of)), roster)
    index = scoring.index_of(table, clients, np.full(len(clients), micros(calendar.midnight(as_of))))
    expected = features.measure(table, index, calendar)
    for part in ("values", "now", "before"):
        pd.testing.assert_frame_equal(getattr(found, part), getattr(expected, part), rtol=1e-11, atol=1e-12)


def test_thirty_nights_of_the_demo_firm(store: Store, tmp_path: Path) -> None:
    firm = build(tmp_path / "demo", clients=4)
    config = load(firm.config)
    ingestion.ingest(config, store, datetime(2030, 1, 1, tzinfo=UTC))
    calendar, last = config.firm.calendar, store.events.span()
    assert last is not None
    roster, _ = known_people(store, calendar)
    kept = shelf.Shelf(tmp_path / "ledger", shelf.stamp_of(calendar, roster))
    for back in range(NIGHTS, 0, -1):
        as_of = last[1].date() - timedelta(back)
        told = live_a_night(kept, store, roster, as_of, calendar)
        assert_as_from_all_events(told, store, roster, as_of, calendar)


def test_thirty_nights_in_which_some_events_come_late(store: Store, tmp_path: Path) -> None:
    calendar, roster = BusinessCalendar("Europe/Berlin", "DE"), Roster()
    events = sorted(builders.cast(), key=lambda event: (event.known_at, event.event_id, event.client_id))
    arrival = {
        id(event): event.known_at + timedelta(20 if number % 40 == 7 else 0) for number, event in enumerate(events)
    }
    readings = scoring.readings(events)
    kept = shelf.Shelf(tmp_path / "ledger", "stamp")
    before = datetime.min.replace(tzinfo=UTC)
    for back in range(NIGHTS, -1, -1):
        as_of = builders.AS_OF - timedelta(back)
        now = calendar.midnight(as_of) + timedelta(hours=4)
        store.events.add([event for event in events if before <= arrival[id(event)] < now], readings)
        told = live_a_night(kept, store, roster, as_of, calendar)
        assert_as_from_all_events(told, store, roster, as_of, calendar)
        before = now
