"""The signals against the cast: each points the way that its catalogue entry says it does."""

from dataclasses import replace
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
    "silence", "gap_ratio", "client_latency_z", "open_wait", "no_reply", "latency_asymmetry", "length_z",
    "short_ack", "initiative_share", "nudges", "volume_cusum", "future_talk", "manager_change", "meeting_avoidance",
    "meeting_silence", "missed_calls", "call_shrink", "politeness_drop", "invoice_late_z", "overdue",
)  # fmt: skip
BOILS = (
    "irritation_rate",
    "irritation_peak",
    "politeness_drop",
    "shouting",
    "blame",
    "repetition",
    "address_shift",
    "senior_joins",
)
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
    one_sigma = 1.0 if features.BY_NAME[name].unit == "z" else 0.1
    assert boiling <= steady + one_sigma


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


def test_the_main_contacts_silence_is_seen_while_others_write() -> None:
    quiet = Manner(writers=("clerk",), answerers=("chief", "chief"))
    champion, steady = worth(
        "champion_quiet", [builders.relation("quiet", lambda back: quiet if back <= 6 else STEADY), builders.steady()]
    )
    assert steady == 0.0
    assert champion > 1.5


def test_fewer_people_is_riskier_and_more_people_is_not() -> None:
    alone = Manner(writers=("contact",), answerers=("contact", "contact"))
    fewer, steady, more = worth(
        "breadth",
        [
            builders.relation("fewer", lambda back: alone if back <= 4 else STEADY),
            builders.steady(),
            builders.relation(
                "more", lambda back: STEADY if back <= 4 else Manner(writers=("contact", "clerk", "contact", "contact"))
            ),
        ],
    )
    assert fewer > steady + 0.5
    assert abs(steady) < 0.1
    assert more < 0.1


def test_meetings_without_the_decision_maker_are_seen() -> None:
    without = Manner(invited=("contact",))
    absent, steady = worth(
        "decision_maker_absent",
        [builders.relation("absent", lambda back: without if back <= 8 else STEADY), builders.steady()],
    )
    assert absent > 1.0
    assert abs(steady) < 0.3


def test_promises_that_we_do_not_keep_are_seen() -> None:
    boiling, steady = worth("broken_promises", [builders.boiling(), builders.steady()])
    assert boiling > 0.5
    assert steady == 0.2


def test_promises_that_the_client_does_not_keep_are_seen() -> None:
    sloppy, steady = worth(
        "their_promises", [builders.relation("sloppy", lambda _: Manner(attachments=0)), builders.steady()]
    )
    assert sloppy > 0.5
    assert steady < 0.1


def test_answers_that_grow_later_week_by_week_have_a_slope() -> None:
    def slowing(back: int) -> Manner:
        return Manner(latency_hours=2.0 * 1.4 ** max(0, 12 - back))

    slope, steady = worth("client_latency_slope", [builders.relation("slowing", slowing), builders.steady()])
    assert slope > 0.5
    assert abs(steady) < 0.2


def test_a_lawyer_in_copy_joins_and_fades() -> None:
    def measured(weeks: int) -> float:
        table = builders.table_of(builders.boiling())
        day = builders.AS_OF + builders.timedelta(weeks=weeks)
        index = scoring.index_of(table, ["boiling"], scoring.instants(CALENDAR, day, 1))
        return float(features.measure(table, index, CALENDAR, names=("senior_joins",)).values.iloc[0, 0])

    assert measured(-2) == 0.0
    assert measured(2) == pytest.approx(measured(0) / 2)


def test_another_manager_is_news_that_fades() -> None:
    (value,) = worth("manager_change", [builders.cooling()])
    assert value == pytest.approx(np.exp(-21 / 60), abs=1e-3)


def test_our_courtesy_is_measured_against_the_firms_own() -> None:
    curt = Manner(ours=builders._SHORT, our_answers=builders._SHORT)
    everybody = [*builders.relation("curt", lambda _: curt), *builders.steady(), *builders.gone("courted")]
    table = builders.table_of(everybody)
    index = scoring.index_of(table, ["curt", "steady"], scoring.instants(CALENDAR, builders.AS_OF, 2))
    curtness, courtesy = features.measure(table, index, CALENDAR, names=("our_tone",)).values["our_tone"]
    assert curtness < -0.3
    assert courtesy > 0.1


def test_a_declared_absence_is_no_silence() -> None:
    on_holiday = builders.on_holiday()
    untold = [replace(one, away_since=None, away_until=None) if isinstance(one, Message) else one for one in on_holiday]
    for name in ("silence", "open_wait"):
        told, silent = worth(name, [on_holiday, untold])
        assert told < 0.3
        assert silent > told + 1.0


@pytest.mark.parametrize("name", features.NAMES)
def test_automatic_replies_are_not_conversation(name: str) -> None:
    events = [
        replace(event, away_since=None, away_until=None) if isinstance(event, Message) else event
        for event in builders.on_holiday()
    ]
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
