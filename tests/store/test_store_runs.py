from datetime import timedelta

from relations import DAY, HOUR, NOON

from churnwatch.store import Stage, Store


def test_stages_come_in_the_order_they_finished(store: Store) -> None:
    store.runs.put(DAY, "score", {"clients": 4}, 1.5, NOON + HOUR)
    store.runs.put(DAY, "ingest", {"new": 3, "known": 0}, 0.25, NOON)
    assert store.runs.stages(DAY) == [
        Stage(DAY, "ingest", {"new": 3, "known": 0}, 0.25, NOON),
        Stage(DAY, "score", {"clients": 4}, 1.5, NOON + HOUR),
    ]


def test_a_stage_that_ran_again_replaces_its_line(store: Store) -> None:
    store.runs.put(DAY, "ingest", {"new": 3}, 0.25, NOON)
    store.runs.put(DAY, "ingest", {"new": 0}, 0.5, NOON + HOUR)
    assert store.runs.stages(DAY) == [Stage(DAY, "ingest", {"new": 0}, 0.5, NOON + HOUR)]


def test_the_latest_night_is_the_one_with_the_latest_date(store: Store) -> None:
    assert store.runs.latest() == []
    store.runs.put(DAY, "ingest", {}, 0.25, NOON + HOUR)
    store.runs.put(DAY - timedelta(1), "ingest", {}, 0.25, NOON + 2 * HOUR)
    assert [stage.as_of for stage in store.runs.latest()] == [DAY]
