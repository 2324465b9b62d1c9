"""What every signal of the catalogue promises, whatever it measures."""

import importlib
import pkgutil
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial

import builders
import numpy as np
import pandas as pd
import pytest
import random_tables
from builders import Diary, Manner
from cut_off import frame_before, roster_before
from hypothesis import example, given, settings
from hypothesis import strategies as st

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.interchange import TIME_COLUMNS, frame_of_events
from churnwatch.core.panel import SnapshotIndex, panels
from churnwatch.core.roster import Roster
from churnwatch.core.table import US_PER_DAY, EventTable, IntArray
from churnwatch.core.types import Direction, Event, MeetingStatus
from churnwatch.features import Snapshots, wording

every_signal = pytest.mark.parametrize("name", features.NAMES)
OFFICE = BusinessCalendar("Europe/Berlin", "DE")
PLAIN_OFFICE = BusinessCalendar()
ROSTER = builders.roster()
NOBODY = "nobody"
CLIENTS = (*builders.CAST, NOBODY)
_BACK = (-350, -182, -56, -28, -21, -14, -7, -3, 0, 45)  # one of them long after the last event
DAYS = tuple(micros(OFFICE.midnight(builders.AS_OF + timedelta(back))) for back in _BACK)
UTC_DAYS = tuple(micros(builders.MIDNIGHT) + back * US_PER_DAY for back in _BACK)


@cache
def cast_frame() -> pd.DataFrame:
    events = builders.cast()
    return frame_of_events(events, scoring.readings(events))


def index_over(table: EventTable, days: tuple[int, ...]) -> SnapshotIndex:
    clients = [client for client in CLIENTS for _ in days]
    return scoring.index_of(table, clients, np.array(days * len(CLIENTS), dtype=np.int64))


def measured(
    frame: pd.DataFrame,
    days: tuple[int, ...],
    calendar: BusinessCalendar = OFFICE,
    roster: Roster = ROSTER,
) -> Snapshots:
    table = EventTable.from_frame(frame, roster)
    return features.measure(table, index_over(table, days), calendar)


@cache
def whole() -> Snapshots:
    """The cast on all days, with everything that ever became known in the table."""
    return measured(cast_frame(), DAYS)


def assert_same(ours: Snapshots, theirs: Snapshots, name: str) -> None:
    for part in ("values", "now", "before"):
        one, other = getattr(ours, part)[name].to_numpy(), getattr(theirs, part)[name].to_numpy()
        np.testing.assert_array_equal(one, other, err_msg=f"{part} of {name}")


# --- the future ---------------------------------------------------------------------------------------------------------


@cache
def deleted() -> Snapshots:
    """The cast on all days, each day measured on a table from which everything later was deleted."""
    parts = [measured(frame_before(cast_frame(), day), (day,), roster=roster_before(ROSTER, day)) for day in DAYS]
    order = np.arange(len(DAYS) * len(CLIENTS)).reshape(len(DAYS), len(CLIENTS)).T.ravel()
    return Snapshots(
        *(
            pd.concat([getattr(part, name) for part in parts], ignore_index=True).iloc[order].reset_index(drop=True)
            for name in ("values", "now", "before")
        )
    )


@every_signal
def test_deleting_everything_later_changes_nothing(name: str) -> None:
    assert_same(whole(), deleted(), name)


AS_OF_OF_NOISE = DAYS[3]


def late_news() -> list[Event]:
    """Events of the cast's clients that happened before the day of noise but were known only from its midnight on."""
    midnight = datetime.fromtimestamp(AS_OF_OF_NOISE / 1e6, UTC)
    events: list[Event] = []
    for client in ("steady", "cooling", NOBODY):
        rude = builders.relation(
            client, lambda _: Manner(asks=5, texts=builders._ANGRY, comes=0.0), weeks=30, until=midnight, seed=9
        )
        diary = Diary(client, builders.random.Random(client))
        diary.events.extend(
            type(event)(**{name: getattr(event, name) for name in event.__slots__} | news)
            for number, event in enumerate(rude)
            for news in ({"event_id": f"late-{client}-{number}", "known_at": midnight + timedelta(hours=number)},)
        )
        # Later revisions of meetings, answers to old questions, and replies in old threads.
        for event in builders.cast():
            if event.client_id != client or event.known_at >= midnight:
                continue
            if hasattr(event, "meeting_id"):
                for status in (MeetingStatus.CANCELLED, MeetingStatus.MOVED, MeetingStatus.NO_SHOW):
                    at = midnight + timedelta(hours=3)
                    diary.meeting(Direction.IN, at, event.starts_at + timedelta(days=3), status, event.meeting_id)
            elif getattr(event, "thread_id", None) and len(diary.events) % 5 == 0:
                known_at = midnight + timedelta(minutes=1)
                diary.message(Direction.IN, event.at, "ok", event.thread_id, reply_to=event.event_id, known_at=known_at)
        events += diary.events
    return events


@cache
def with_late_news() -> Snapshots:
    noise = late_news()
    assert len(noise) > 1000
    frame = pd.concat([cast_frame(), frame_of_events(noise, scoring.readings(noise))], ignore_index=True)
    return measured(frame, tuple(day for day in DAYS if day <= AS_OF_OF_NOISE))


@cache
def without_late_news() -> Snapshots:
    return measured(cast_frame(), tuple(day for day in DAYS if day <= AS_OF_OF_NOISE))


@every_signal
def test_what_becomes_known_later_changes_nothing(name: str) -> None:
    assert_same(without_late_news(), with_late_news(), name)


def test_the_late_news_would_be_seen_afterwards() -> None:
    noise = late_news()
    frame = pd.concat([cast_frame(), frame_of_events(noise, scoring.readings(noise))], ignore_index=True)
    days = (DAYS[-2],)
    before, after = measured(cast_frame(), days).values, measured(frame, days).values
    moved = [name for name in features.NAMES if not np.array_equal(before[name], after[name], equal_nan=True)]
    assert {"silence", "in_180", "irritation_rate", "meeting_avoidance", "overdue", "firm_trend"} <= set(moved)


# --- the table's form ---------------------------------------------------------------------------------------------------


@cache
def shuffled() -> Snapshots:
    return measured(cast_frame().sample(frac=1, random_state=3), DAYS)


@every_signal
def test_the_order_of_rows_is_irrelevant(name: str) -> None:
    assert_same(whole(), shuffled(), name)


@cache
def shifted(weeks: int, calendar: BusinessCalendar) -> tuple[Snapshots, Snapshots]:
    frame = cast_frame().copy()
    for column in TIME_COLUMNS:
        frame[column] += pd.Timedelta(weeks=weeks)
    moved = weeks * 7 * US_PER_DAY
    changes = {client: tuple(at + moved for at in told) for client, told in ROSTER.manager_changes.items()}
    days = tuple(day + moved for day in UTC_DAYS)
    return (
        measured(cast_frame(), UTC_DAYS, calendar),
        measured(frame, days, calendar, replace(ROSTER, manager_changes=changes)),
    )


@pytest.mark.parametrize("weeks", [-31, 5])
@pytest.mark.parametrize("calendar", [BusinessCalendar(always_open=True), PLAIN_OFFICE], ids=["always open", "office"])
@pytest.mark.parametrize("name", [name for name in features.NAMES if not name.startswith("season_")])
def test_whole_weeks_earlier_or_later_change_nothing(name: str, calendar: BusinessCalendar, weeks: int) -> None:
    assert_same(*shifted(weeks, calendar), name)


@cache
def cut_into(rows: int) -> Snapshots:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "panels", partial(panels, max_rows=rows))
        return measured(cast_frame(), DAYS)


@pytest.mark.parametrize("rows", [1, 700])
@every_signal
def test_small_panels_measure_what_one_big_panel_does(name: str, rows: int) -> None:
    assert_same(whole(), cut_into(rows), name)


# --- evidence -----------------------------------------------------------------------------------------------------------


@every_signal
def test_a_client_without_events_is_nan_unless_nothing_is_needed(name: str) -> None:
    empty = measured(cast_frame().iloc[:0], (DAYS[0],), roster=Roster()).values[name]
    assert len(empty) == len(CLIENTS)
    needs_nothing = features.BY_NAME[name].least == "none"
    assert (empty.notna() if needs_nothing else empty.isna()).all()


@every_signal
def test_the_cast_is_finite_or_nan(name: str) -> None:
    values = whole().values[name].to_numpy()
    assert not np.isinf(values).any()
    assert np.isfinite(values).any(), "the cast never has the least evidence"


@given(st.lists(random_tables.event_rows(), max_size=40), random_tables.moments, st.booleans())
@example(random_tables.dense(1), pd.Timestamp("2025-08-20", tz="UTC"), False)
@example(random_tables.dense(2), pd.Timestamp("2025-08-01 13:00", tz="UTC"), True)
@settings(max_examples=35)
def test_any_table_gives_finite_values_or_nan(
    rows: list[dict[str, object]], as_of: pd.Timestamp, always_open: bool
) -> None:
    table = EventTable.from_frame(random_tables.frame_of_rows(rows), random_tables.ROSTER)
    calendar = BusinessCalendar(always_open=True) if always_open else OFFICE
    at: IntArray = np.full(4, micros(calendar.midnight(as_of.date())), dtype=np.int64)
    values = features.measure(table, scoring.index_of(table, ["a", "b", "c", NOBODY], at), calendar).values
    infinite = np.isinf(values.to_numpy()).any(axis=0)
    assert not infinite.any(), list(values.columns[infinite])


def test_credit_notes_that_cancel_the_floor_stay_finite() -> None:
    as_of = pd.Timestamp(OFFICE.midnight(builders.AS_OF))
    rows = [
        {"client_id": "a", "kind": "invoice", "direction": "out", "at": at, "known_at": at, "due_on": at.normalize(), "amount": amount}
        for days, amount in ((100, 600.0), (10, -15.0))
        for at in (as_of - pd.Timedelta(days=days),)
    ]  # fmt: skip
    table = EventTable.from_frame(random_tables.frame_of_rows(rows))
    index = scoring.index_of(table, ["a"], np.array([micros(as_of.to_pydatetime())]))
    assert np.isfinite(features.measure(table, index, OFFICE).values["spend_trend"][0])


# --- papers -------------------------------------------------------------------------------------------------------------


@every_signal
def test_a_signal_is_documented_in_both_languages(name: str) -> None:
    signal = features.BY_NAME[name]
    assert re.search(r"[a-z]", signal.en)
    assert not re.search(r"[а-яё]", signal.en, re.IGNORECASE)
    assert re.search(r"[а-яё]", signal.ru)
    assert signal.source
    assert signal.window
    assert signal.least
    compute = signal.compute.func if isinstance(signal.compute, partial) else signal.compute
    assert compute.__doc__


@every_signal
def test_what_a_signal_shows_has_a_unit(name: str) -> None:
    shows = bool(whole().now[name].notna().any())
    assert shows == (features.BY_NAME[name].shown_in is not None)


@pytest.mark.parametrize("family", sorted({str(signal.family) for signal in features.CATALOGUE}))
def test_a_family_has_words_in_both_languages(family: str) -> None:
    assert re.fullmatch(r"[a-z', ]+", wording.family_sentence(family, "en"))
    assert re.fullmatch(r"[а-яё, ]+", wording.family_sentence(family, "ru"))


def test_names_are_unique() -> None:
    assert len(set(features.NAMES)) == len(features.CATALOGUE)


def test_every_module_with_signals_is_in_the_catalogue_whole() -> None:
    modules = [
        importlib.import_module(f"churnwatch.features.{one.name}") for one in pkgutil.iter_modules(features.__path__)
    ]
    found = [signal for module in modules for signal in getattr(module, "SIGNALS", ())]
    assert len(found) == len(features.CATALOGUE)
    assert set(found) == set(features.CATALOGUE)
