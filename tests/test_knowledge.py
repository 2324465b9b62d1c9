"""Which sources count as down, and what the store tells of people."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from churnwatch import knowledge
from churnwatch.core.config import Config, IngestSettings, SourceKind, SourceSettings
from churnwatch.core.config import Firm as FirmSettings
from churnwatch.core.types import (
    Client,
    Contact,
    Departure,
    Direction,
    Freeze,
    ManagerChange,
    Message,
    Outcome,
    Standstill,
)
from churnwatch.store import Batch, Store

# In Moscow it is the 2nd of June already.
READ_AT = datetime(2025, 6, 1, 22, 30, tzinfo=UTC)
READ_ON = date(2025, 6, 2)
DAY = timedelta(1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/firm.db") as opened:
        opened.people.put([Client("acme", "Acme"), Client("bee", "Bee")])
        opened.ingest.commit(
            Batch("mail", "1", events=[letter("acme", READ_AT - DAY), letter("bee", READ_AT - 300 * DAY)])
        )
        opened.ingest.read_well("mail", "mbox", READ_AT)
        yield opened


def letter(client: str, at: datetime) -> Message:
    return Message(f"{client}-1", client, Direction.IN, at, at)


def config(*sources: tuple[str, SourceKind], patience: int = 3) -> Config:
    return Config(
        firm=FirmSettings(timezone="Europe/Moscow"),
        sources=tuple(SourceSettings(name=name, kind=kind, path="somewhere") for name, kind in sources),
        ingest=IngestSettings(stale_after_days=patience),
    )


MAIL: tuple[str, SourceKind] = ("mail", "mbox")


def down(store: Store, settings: Config, as_of: date) -> list[str]:
    return [source.source for source in knowledge.down(settings, store, as_of)]


def test_a_source_that_fails_is_down_from_the_midnight_after_its_last_reading(store: Store) -> None:
    store.ingest.failed("mail", READ_AT + DAY)
    assert [down(store, config(MAIL), READ_ON + n * DAY) for n in (-5, 0, 1, 9)] == [[], [], ["mail"], ["mail"]]


@pytest.mark.parametrize("patience", [1, 3, 10])
def test_a_source_that_nobody_reads_is_down_after_so_many_days(store: Store, patience: int) -> None:
    settings = config(MAIL, patience=patience)
    assert down(store, settings, READ_ON + patience * DAY) == []
    assert down(store, settings, READ_ON + (patience + 1) * DAY) == ["mail"]


def test_a_source_taken_out_of_the_configuration_is_down_unless_another_of_its_kind_is_read(store: Store) -> None:
    much_later = READ_ON + 20 * DAY
    store.ingest.read_well("post", "mbox", READ_AT + 20 * DAY)
    store.ingest.read_well("calendar", "ics", READ_AT + 20 * DAY)
    assert down(store, config(("calendar", "ics")), much_later) == ["mail"]
    assert down(store, config(("calendar", "ics"), ("post", "mbox")), much_later) == []
    assert down(store, config(MAIL, ("post", "mbox")), much_later) == ["mail"], "it is still meant to be read"


def test_only_clients_that_were_lately_heard_through_a_source_miss_it(store: Store) -> None:
    store.ingest.failed("mail", READ_AT + DAY)
    known = knowledge.known_at(config(MAIL), store, READ_ON + 5 * DAY)
    assert known.frozen == {"acme": Freeze(READ_ON + DAY, Standstill.SOURCE_DOWN)}
    assert [problem.partition(";")[0] for problem in known.problems] == ["mail: last read on 2025-06-02"]


def test_of_an_ended_project_and_a_source_that_is_down_the_earlier_stops_the_clock(store: Store) -> None:
    store.ingest.failed("mail", READ_AT + DAY)
    store.people.put([Outcome("acme", READ_ON - DAY, Departure.PROJECT_ENDED, READ_AT)])
    known = knowledge.known_at(config(MAIL), store, READ_ON + 5 * DAY)
    assert known.frozen == {"acme": Freeze(READ_ON - DAY, Standstill.ENDED)}
    assert known.client_ids == ("bee",)


def test_an_end_that_is_not_known_yet_stops_nothing(store: Store) -> None:
    store.people.put([Outcome("acme", READ_ON - 9 * DAY, Departure.PROJECT_ENDED, READ_AT + 3 * DAY)])
    assert knowledge.known_at(config(MAIL), store, READ_ON).frozen == {}
    assert set(knowledge.known_at(config(MAIL), store, READ_ON + 4 * DAY).frozen) == {"acme"}


def test_the_roster_is_what_the_crm_told_with_the_firms_midnights(store: Store) -> None:
    settings = config(MAIL)
    store.people.put([
        Client("acme", "Acme", country=" ru "),
        Contact("k-1", "acme", role="Юрист", decision_maker=True),
        ManagerChange("acme", "anna", READ_ON - 90 * DAY),
        ManagerChange("acme", "ben", READ_ON),
    ])  # fmt: skip
    roster, problems = knowledge.known_people(store, settings.firm.calendar)
    assert problems == ()
    assert roster.countries == {"acme": "RU"}
    assert roster.deciders == {"k-1": "acme"}
    assert set(roster.ranks) == {"k-1"}
    midnight = datetime(2025, 6, 1, 21, tzinfo=UTC)
    assert roster.manager_changes == {"acme": (int(midnight.timestamp()) * 1_000_000,)}
