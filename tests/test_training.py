"""Which rows teach, with which label, and what comes into service."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import builders
import community
import numpy as np
import pytest

from churnwatch import scoring, training
from churnwatch.core.calendar import BusinessCalendar, instant_of, micros
from churnwatch.core.config import Config, Firm, ModelSettings
from churnwatch.core.roster import Roster
from churnwatch.core.table import EventTable
from churnwatch.core.types import Departure, Freeze, Outcome, Standstill
from churnwatch.model import artifact, calibration, forest
from churnwatch.model.dataset import TrainingSet
from churnwatch.store import Store

CALENDAR = BusinessCalendar("Europe/Berlin")
HORIZON_DAYS = 90
AS_OF = builders.AS_OF
NOW = datetime(2025, 6, 2, 3, tzinfo=UTC)
END = date(2025, 1, 15)


@pytest.fixture(scope="module", autouse=True)
def small_forests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "_TREES", 25)
        patch.setattr(calibration, "_ROUNDS", 10)
        yield


def outcome(departure: Departure, ended_on: date = END, client: str = "steady") -> Outcome:
    return Outcome(client, ended_on, departure, datetime(2025, 2, 1, tzinfo=UTC))


def labels(*outcomes: Outcome, as_of: date = AS_OF, horizon_days: int = HORIZON_DAYS) -> dict[date, int]:
    """The label of each of Steady's rows."""
    table = builders.table_of(builders.steady())
    data = training.panel(table, outcomes, CALENDAR, as_of, horizon_days)
    days = [CALENDAR.day_of(instant_of(int(one))) for one in data.as_of]
    assert all(CALENDAR.midnight(day) == instant_of(int(one)) for day, one in zip(days, data.as_of, strict=True))
    return dict(zip(days, data.y.tolist(), strict=True))


def test_a_client_seen_through_its_horizon_stayed() -> None:
    found = labels()
    assert set(found.values()) == {0}
    assert max(found) == AS_OF - timedelta(HORIZON_DAYS)
    assert {(max(found) - day).days % 28 for day in found} == {0}
    assert min(found) >= AS_OF - timedelta(weeks=builders.HISTORY_WEEKS) + timedelta(28)


@pytest.mark.parametrize("horizon_days", [30, 90, 180])
def test_no_row_has_a_horizon_that_is_not_complete(horizon_days: int) -> None:
    for as_of in (AS_OF, AS_OF - timedelta(10)):
        found = labels(as_of=as_of, horizon_days=horizon_days)
        assert max(found) + timedelta(horizon_days) <= as_of


@pytest.mark.parametrize("departure", [Departure.LEFT, Departure.SILENT])
def test_who_left_within_the_horizon_left_and_nothing_is_asked_afterwards(departure: Departure) -> None:
    found = labels(outcome(departure))
    assert max(found) < END
    for day, label in found.items():
        assert label == (1 if (END - day).days < HORIZON_DAYS else 0)
    assert sum(found.values()) == 3
    assert set(found) == {day for day in labels() if day < END}


@pytest.mark.parametrize("departure", [Departure.PROJECT_ENDED, Departure.INVOLUNTARY])
def test_an_end_that_is_not_churn_censors(departure: Departure) -> None:
    found = labels(outcome(departure))
    assert set(found.values()) == {0}
    assert set(found) == {day for day in labels() if day + timedelta(HORIZON_DAYS) <= END}


def test_a_client_whose_clock_stands_still_teaches_up_to_then() -> None:
    table = builders.table_of(builders.steady())
    frozen = {"steady": Freeze(END, Standstill.SOURCE_DOWN)}
    data = training.panel(table, [], CALENDAR, AS_OF, HORIZON_DAYS, frozen=frozen)
    assert {CALENDAR.day_of(instant_of(int(one))) for one in data.as_of} == {day for day in labels() if day <= END}


def test_a_change_of_manager_before_the_first_letter_begins_no_relation() -> None:
    moment = micros(CALENDAR.midnight(AS_OF - timedelta(weeks=builders.HISTORY_WEEKS + 50)))
    events = builders.steady()
    handed_over = Roster(manager_changes={"steady": (moment,)})
    table = EventTable.from_events(events, scoring.readings(events), handed_over)
    data = training.panel(table, [], CALENDAR, AS_OF, HORIZON_DAYS)
    assert {CALENDAR.day_of(instant_of(int(one))) for one in data.as_of} == set(labels())


def test_the_first_of_two_ends_counts_in_whatever_order_they_come() -> None:
    ends = [outcome(Departure.LEFT), outcome(Departure.PROJECT_ENDED, date(2025, 4, 1))]
    assert labels(*ends) == labels(*ends[::-1]) == labels(ends[0])


def test_an_end_on_the_last_day_of_the_horizon_is_not_within_it() -> None:
    day = max(labels())
    last = day + timedelta(HORIZON_DAYS)
    assert labels(outcome(Departure.LEFT, last))[day] == 0
    assert labels(outcome(Departure.LEFT, last - timedelta(1)))[day] == 1
    assert day not in labels(outcome(Departure.LEFT, day))


def test_clients_of_whom_nothing_can_be_said_teach_nothing() -> None:
    table = builders.table_of([*builders.newcomer(), *builders.steady()])
    data = training.panel(table, [], CALENDAR, AS_OF + timedelta(200), HORIZON_DAYS)
    assert {table.clients[code] for code in data.client} == {"steady"}


def test_each_row_is_measured_as_of_its_own_day() -> None:
    table = builders.cast_table()
    data = training.panel(table, [], CALENDAR, AS_OF, HORIZON_DAYS)
    row = len(data) // 2
    (client,), day = [table.clients[data.client[row]]], CALENDAR.day_of(instant_of(int(data.as_of[row])))
    known = [event for event in builders.cast() if event.known_at < CALENDAR.midnight(day)]
    alone = builders.table_of(known)
    index = scoring.index_of(alone, [client], data.as_of[[row]])
    expected = scoring.snapshots(alone, index, CALENDAR).values.to_numpy()[0]
    np.testing.assert_array_equal(data.x[row], expected)


# --- the whole of it, on a real database ----------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(root=tmp_path, firm=Firm(timezone="Europe/Berlin"), model=ModelSettings(yearly_churn=0.3))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    firm = community.community()
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('training')}/firm.db") as opened:
        opened.events.add(firm.events, {})
        opened.people.put(firm.outcomes)
        yield opened


LAST_DAY = community.FIRST_DAY + timedelta(weeks=community.WEEKS)


def test_enough_losses_put_a_learned_model_into_service(config: Config, store: Store) -> None:
    stages: list[tuple[str, float]] = []
    done = training.train(config, store, LAST_DAY, NOW, lambda stage, share: stages.append((stage, share)))
    assert done.note == ""
    assert done.losses >= 10
    assert done.clients == 80
    assert done.months == pytest.approx(community.WEEKS * 7 / 30.4, abs=0.5)
    served = artifact.load(config.path(config.model.path))
    assert served.model_id == done.artifact.model_id
    assert served.catalogue == scoring.CATALOGUE_VERSION
    assert served.trained_at == NOW
    assert date.fromisoformat(served.trained_to) == LAST_DAY - timedelta(config.model.horizon_days)
    assert served.model.claims_probability
    assert max(one.roc_auc for one in served.model.comparisons) > 0.6
    assert {stage for stage, _ in stages} >= {"measuring", "comparing forest"}


def test_what_became_known_later_teaches_nothing(config: Config, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    day = LAST_DAY - timedelta(weeks=20)
    seen: list[TrainingSet] = []

    def remembering(data: TrainingSet, seed: int, progress: object) -> object:
        seen.append(data)
        raise training.NotEnoughDataError("looked at only")

    monkeypatch.setattr(training, "fit", remembering)
    training.train(config, store, day, NOW)
    midnight = CALENDAR.midnight(day)
    firm = community.community()
    with Store.open(f"sqlite:///{config.root}/earlier.db") as earlier:
        earlier.events.add([event for event in firm.events if event.known_at < midnight], {})
        earlier.people.put([one for one in firm.outcomes if one.known_at < midnight])
        training.train(config, earlier, day, NOW)
    later, then = seen
    assert len(then) > 200
    np.testing.assert_array_equal(later.x, then.x)
    np.testing.assert_array_equal(later.y, then.y)


def test_too_few_losses_leave_the_expert_prior_in_service(config: Config) -> None:
    with Store.open(f"sqlite:///{config.root}/small.db") as small:
        small.events.add(builders.cast(), scoring.readings(builders.cast()))
        small.people.put([builders.GONE_OUTCOME])
        done = training.train(config, small, AS_OF, NOW)
    assert "1 lost clients" in done.note
    assert done.losses == 1
    served = artifact.load(config.path(config.model.path)).model
    assert (served.name, served.claims_probability) == ("prior", False)
    assert served.base_rate == pytest.approx(1 - 0.7 ** (90 / 365))


def test_an_empty_database_is_no_error(config: Config) -> None:
    with Store.open(f"sqlite:///{config.root}/empty.db") as empty:
        done = training.train(config, empty, AS_OF, NOW)
    assert (done.clients, done.rows, done.losses) == (0, 0, 0)
    assert done.note
    assert artifact.load(config.path(config.model.path)).model.name == "prior"


def test_an_outcome_that_was_known_late_is_not_known_before(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    late = replace(builders.GONE_OUTCOME, known_at=builders.MIDNIGHT + timedelta(days=1))
    with Store.open(f"sqlite:///{config.root}/late.db") as late_store:
        late_store.events.add(builders.cast(), {})
        late_store.people.put([late])
        assert training.train(config, late_store, AS_OF, NOW).losses == 0
        assert training.train(config, late_store, AS_OF + timedelta(7), NOW).losses == 1
