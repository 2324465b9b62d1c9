"""A small firm in a real store: four clients with a history, a model, one open case, keys of every kind."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from churnwatch import scoring
from churnwatch.api.app import create_app
from churnwatch.core.calendar import micros
from churnwatch.core.config import Config, Firm, ModelSettings, PrivacySettings
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.table import EventTable
from churnwatch.core.types import Band, Case, CaseState, Client, Contact, Contract, Manager, Risk
from churnwatch.model import artifact
from churnwatch.model.estimator import first_day
from churnwatch.sources.events_table import events_of_rows
from churnwatch.store import Store

NOW = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
TODAY = date(2026, 3, 3)
TICKET = "let-me-in"
MANAGERS = [Manager("m-1", "Anna Petrova", "anna@firm.example", "ru"), Manager("m-2", "John Smith", None, "en")]
CLIENTS = [
    Client("c-17", "Northwind & Sons", "m-1", 4200.0, "en", "DE", ("northwind.example",)),
    Client("c-18", "ООО «Ромашка»", "m-2", 12500.0, "ru", "RU"),
    Client("c/19", "Steady GmbH", "m-1", None),
    Client("c-20", "Newcomer", None, 900.0),
]
COMPLAINT = "Hello. We have asked for this three times already. How much longer do we have to wait?!!"


def rows() -> list[dict[str, Any]]:
    """About sixty events: c-17 cools down and complains, c-18 falls silent, c/19 goes on, c-20 is new."""
    found: list[dict[str, Any]] = []

    def add(client_id: str, day: int, direction: str, text: str, **more: Any) -> None:
        at = datetime(2025, 9, 1, 9, tzinfo=UTC) + timedelta(days=day, minutes=len(found))
        event_id = f"e{len(found):03d}"
        row = {"event_id": event_id, "client_id": client_id, "kind": "message", "direction": direction}
        found.append(row | {"at": at.isoformat(), "text": text, "thread_id": f"{client_id}:{day}"} | more)

    for week in range(12):
        add("c-17", week * 14, "in", "Hello! Could you send the report this week? Thank you, kind regards")
        add("c-17", week * 14 + 1, "out", "Here it is.")
    for day in (160, 170, 178, 181):
        add("c-17", day, "in", COMPLAINT)
    for week in range(8):
        add("c-18", week * 10, "in", "Добрый день! Пришлите, пожалуйста, макет. Спасибо!")
        add("c-18", week * 10 + 1, "out", "Добрый день, отправили.")
    for week in range(9):
        add("c/19", week * 20, "in", "Great work, thank you! See you on Monday.")
    add("c-20", 180, "in", "Hello")
    call = {"kind": "call", "duration_s": 0, "answered": False}
    add("c-17", 175, "out", "", **call)
    for row in found:
        if row["kind"] != "message":
            del row["text"], row["thread_id"]
    return found


@dataclass(frozen=True)
class World:
    """Everything a test asks: the application, its store, and a browser without cookies."""

    app: FastAPI
    http: TestClient
    store: Store
    config: Config
    keys: dict[str, str]  # by scope; "all" has every scope

    def bearer(self, scope: str) -> dict[str, str]:
        """The header of a key with one scope."""
        return {"Authorization": f"Bearer {self.keys[scope]}"}

    def get(self, path: str, scope: str = "read", **more: Any) -> Any:
        """GET with a key."""
        return self.http.get(path, headers=self.bearer(scope), **more)

    def post(self, path: str, body: Any, scope: str = "write") -> Any:
        """POST JSON with a key."""
        return self.http.post(path, json=body, headers=self.bearer(scope))


class Clock:
    """A clock that a test can set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def config_in(folder: Path, **more: Any) -> Config:
    """The firm's settings."""
    firm = Firm(name="North Wind", timezone="Europe/Berlin", country="DE")
    return Config(root=folder, firm=firm, model=ModelSettings(path="model"), **more)


def publish_model(config: Config) -> artifact.Artifact:
    """The model of the first day, which ranks and claims no percentage."""
    names = tuple(name for name in scoring.SIGNAL_NAMES if name in {"recency", "in_90", "silence", "irritation_rate"})
    model = first_day(names, 90, 0.18)
    return artifact.save(config.path(config.model.path), model, scoring.CATALOGUE_VERSION, NOW, "2026-03-01")


def fill(store: Store, config: Config) -> None:
    """Parties, events, two months of risks, one case."""
    store.people.put([*MANAGERS, *CLIENTS])
    store.people.put([
        Contact("p-1", "c-17", "Ursula Graf", ("ursula@northwind.example",), decision_maker=True),
        Contract("k-1", "c-17", date(2024, 5, 1), date(2026, 12, 31)),
    ])  # fmt: skip
    events, errors = events_of_rows(rows())
    assert not errors
    store.events.add(events, scoring.readings(events))
    model = publish_model(config)
    table = EventTable.from_frame(store.events.frame())
    ids = [client.client_id for client in CLIENTS]
    calendar = config.firm.calendar
    for weeks in range(8, -1, -1):
        as_of = TODAY - timedelta(weeks=weeks)
        risks = scoring.score(model, table, ids, as_of, calendar)
        store.scores.put_risks([with_probability(risk, weeks) for risk in risks])
    index: SnapshotIndex = scoring.index_of(table, ids, instants(calendar.midnight(TODAY), len(ids)))
    measured = scoring.snapshots(table, index, calendar)
    store.scores.put_snapshots(TODAY, scoring.CATALOGUE_VERSION, measured.values.set_axis(ids, axis="index"))
    reasons = next(risk for risk in store.scores.risks() if risk.client_id == "c-17").reasons
    case = Case(
        "c-17:2026-03-01", "c-17", "m-1", CaseState.OPEN, date(2026, 3, 1), NOW, 1, Band.BOILING, 0.41, "check_in", reasons
    )  # fmt: skip
    assert store.cases.open(case, NOW, "boiling", [])
    store.runs.put(TODAY, "ingest", {"events_new": 60}, 1.5, NOW)


def instants(moment: datetime, count: int) -> Any:
    """The same moment for every client, as microseconds."""
    return np.full(count, micros(moment), dtype=np.int64)


def with_probability(risk: Risk, weeks: int) -> Risk:
    """The first day's model claims none; a trained one would."""
    chances = {"c-17": 0.41, "c-18": 0.22, "c/19": 0.03}
    if risk.insufficient or risk.client_id not in chances:
        return risk
    chance = chances[risk.client_id] / (1 + weeks / 4)
    band = (
        Band.BOILING
        if chance > 0.3
        else Band.SIMMERING
        if chance > 0.15
        else Band.WARMING
        if chance > 0.06
        else Band.CALM
    )
    return replace(risk, probability=chance, low=chance / 1.8, high=min(chance * 1.7, 0.95), band=band)


SCOPES = ("read", "text", "write", "score")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with the firm's store and model, to be copied, and the keys that its store knows."""
    folder = tmp_path_factory.mktemp("firm")
    with Store.open(database_in(folder)) as store:
        fill(store, config_in(folder))
        keys = create_keys(store)
    return folder, keys


def database_in(folder: Path) -> str:
    """Where a firm's store is."""
    return f"sqlite:///{folder / 'firm.db'}"


def create_keys(store: Store) -> dict[str, str]:
    """One key of each scope, and one of all."""
    keys = {scope: store.access.create_key(f"key of {scope}", [scope], NOW) for scope in SCOPES}
    return keys | {"all": store.access.create_key("key of all", SCOPES, NOW)}


def world_of(config: Config, store: Store, keys: dict[str, str]) -> World:
    """An application over that store."""
    app = create_app(config, store, clock=Clock(), ticket=TICKET)
    return World(app, TestClient(app, follow_redirects=False), store, config, keys)


@pytest.fixture
def world(tmp_path: Path, filled: tuple[Path, dict[str, str]]) -> Iterator[World]:
    """The firm with everything."""
    shutil.copytree(filled[0], tmp_path, dirs_exist_ok=True)
    with Store.open(database_in(tmp_path)) as store:
        yield world_of(config_in(tmp_path), store, filled[1])


@pytest.fixture
def wordless_world(tmp_path: Path, filled: tuple[Path, dict[str, str]]) -> Iterator[World]:
    """A firm that decided to keep no more texts."""
    shutil.copytree(filled[0], tmp_path, dirs_exist_ok=True)
    with Store.open(database_in(tmp_path)) as store:
        yield world_of(config_in(tmp_path, privacy=PrivacySettings(keep_text=False)), store, filled[1])


@pytest.fixture
def empty_world(tmp_path: Path) -> Iterator[World]:
    """A firm before its first night: no clients, no scores, no model."""
    with Store.open(database_in(tmp_path)) as store:
        yield world_of(config_in(tmp_path), store, create_keys(store))
