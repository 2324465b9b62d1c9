"""The signals against the cast: each points the way that its catalogue entry says it does."""

from functools import cache

import builders
import numpy as np
import pytest
from builders import STEADY, Manner

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.types import Event, Message

CALENDAR = BusinessCalendar("Europe/Berlin", "DE")
COOLS = (
    "recency", "in_7", "in_30", "in_90", "active_days_30", "decayed_14", "trend_30", "trend_90", "volume_drop",
    "silence", "gap_ratio", "client_latency_z", "open_wait", "no_reply", "latency_asymmetry", "length_z", "short_ack",
    "initiative_share", "nudges", "meeting_avoidance", "meeting_silence", "missed_calls", "call_shrink", "politeness_drop",
    "invoice_late_z", "overdue",
)  # fmt: skip
BOILS = ("irritation_rate", "irritation_peak", "politeness_drop", "shouting", "blame", "repetition")
CHANGES = tuple(
    signal.name
    for signal in features.CATALOGUE
    if signal.unit in ("z", "log_odds") or signal.name in ("volume_drop", "trend_30", "trend_90", "irritation_rate")
)


def worth(name: str, event_lists: list[list[Event]]) -> list[float]:
    """A signal's value per list of events, with the sign that makes more of it riskier."""
    return [_signed(tuple(events))[name] for events in event_lists]


@cache
def _signed(events: tuple[Event, ...]) -> dict[str, float]:
    table = builders.table_of(events)
    index = scoring.index_of(table, table.clients, scoring.instants(CALENDAR, builders.AS_OF, 1))
    values = features.measure(table, index, CALENDAR).values.iloc[0]
    return {signal.name: values[signal.name] * (-1 if signal.risky == "lower" else 1) for signal in features.CATALOGUE}


@pytest.mark.parametrize("name", COOLS)
def test_cooling_is_riskier_than_steady(name: str) -> None:
    cooling, steady = worth(name, [builders.cooling(), builders.steady()])
    assert cooling > steady + 0.1


@pytest.mark.parametrize("name", BOILS)
def test_boiling_is_riskier_than_steady_in_tone(name: str) -> None:
    boiling, steady = worth(name, [builders.boiling(), builders.steady()])
    assert boiling > steady + 0.5


@pytest.mark.parametrize("name", ["in_30", "in_90", "silence", "volume_drop", "client_latency_z", "meeting_avoidance"])
def test_boiling_does_not_look_cool(name: str) -> None:
    boiling, steady = worth(name, [builders.boiling(), builders.steady()])
    assert boiling <= steady + 0.1


@pytest.mark.parametrize("name", CHANGES)
def test_who_keeps_its_manner_has_no_change(name: str) -> None:
    (steady,) = worth(name, [builders.steady()])
    assert np.isnan(steady) or abs(steady) < 0.7


@pytest.mark.parametrize("asks", [1, 6, 12])
@pytest.mark.parametrize("name", ["irritation_rate", "shouting", "blame", "repetition", "short_ack", "no_reply"])
def test_a_busy_clients_calm_is_no_news(name: str, asks: int) -> None:
    (value,) = worth(name, [builders.relation("even", lambda _: Manner(asks=asks))])
    assert abs(value) < 0.3


def test_words_of_leaving_are_heard_in_both_languages() -> None:
    for text in (
        "We have decided to terminate the contract and move to another vendor.",
        "Мы решили расторгнуть договор и перейти к другому подрядчику.",
    ):
        events = builders.relation("leaver", lambda back, text=text: Manner(texts=(text,)) if back == 1 else STEADY)
        assert worth("exit_words", [events, builders.steady()]) == [pytest.approx(np.log1p(3)), 0.0]


def test_clients_that_move_meetings_are_seen() -> None:
    moving = builders.steady("mover")
    diary = builders.Diary("mover", builders.random.Random(1))
    for event in moving:
        if hasattr(event, "meeting_id") and (builders.MIDNIGHT - event.at).days < 50 and event.direction == 0:
            day = builders.timedelta(days=1)
            diary.meeting(
                event.direction,
                event.at + day / 2,
                event.starts_at + day,
                builders.MeetingStatus.MOVED,
                event.meeting_id,
            )
    late = [
        type(one)(**{n: getattr(one, n) for n in one.__slots__} | {"event_id": f"moved {k}"})
        for k, one in enumerate(diary.events)
    ]
    moved, steady = worth("meeting_moves", [moving + late, moving])
    assert moved > steady + 0.3


@pytest.mark.parametrize("name", features.NAMES)
def test_automatic_replies_are_not_conversation(name: str) -> None:
    events = builders.on_holiday()
    silent = [event for event in events if not (isinstance(event, Message) and event.automatic)]
    assert len(silent) == len(events) - 4
    with_robot, without = worth(name, [events, silent])
    np.testing.assert_equal(with_robot, without)


def test_the_evidence_behind_a_signal_is_heaviest_first_and_limited() -> None:
    table = builders.table_of(builders.boiling())
    index = scoring.index_of(table, ["boiling"], scoring.instants(CALENDAR, builders.AS_OF, 1))
    wanted = {0: ("irritation_peak", "exit_words", "typical_gap")}
    found = features.evidence(table, index, CALENDAR, wanted, limit=3)
    by_id = {event.event_id: event for event in builders.boiling()}
    angry = [by_id[event_id] for event_id in found[0, "irritation_peak"]]
    assert len(angry) == 3
    assert all(event.text in builders._ANGRY for event in angry)
    assert found[0, "exit_words"] == ()
    assert (0, "typical_gap") not in found
