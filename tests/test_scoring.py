"""From events to risks with reasons: what is said, what is not said, and that nothing later is ever seen."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import builders
import numpy as np
import pytest

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.interchange import frame_of_events
from churnwatch.core.table import EventTable
from churnwatch.core.types import Band, Event, Freeze, Invoice, Risk, Standstill
from churnwatch.model import artifact, forest
from churnwatch.model.artifact import Artifact
from churnwatch.model.calibration import Calibration
from churnwatch.model.estimator import first_day
from churnwatch.model.linear import LinearScorer

CALENDAR = BusinessCalendar("Europe/Berlin", "DE")
EVERYONE = (*builders.CAST, "nobody")
PRIOR = artifact.unsaved(first_day(scoring.SIGNAL_NAMES, 90, 0.18), scoring.CATALOGUE_VERSION)


@pytest.fixture(scope="module")
def trained() -> Artifact:
    """A model that claims percentages: half belief, half a forest grown on noise, with an interval."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, len(scoring.SIGNAL_NAMES)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "_TREES", 8)
        grown = forest.fit_forest(x, rng.integers(0, 2, 200), balanced=False, seed=1)
    calibration = Calibration(1.0, -0.5, rng.normal(1, 0.1, 30), rng.normal(-0.5, 0.2, 30))
    parts = ((0.9, PRIOR.model.parts[0][1]), (0.1, grown))
    model = replace(PRIOR.model, name="half", parts=parts, calibration=calibration, claims_probability=True)
    return artifact.unsaved(model, scoring.CATALOGUE_VERSION)


def scores(
    model: Artifact, events: Sequence[Event] = (), as_of: date = builders.AS_OF, ended: dict[str, date] | None = None
) -> dict[str, Risk]:
    table = builders.table_of(events) if events else builders.cast_table()
    return {risk.client_id: risk for risk in scoring.score(model, table, EVERYONE, as_of, CALENDAR, ended=ended)}


# --- what is said -------------------------------------------------------------------------------------------------------


def test_the_first_day_ranks_the_cast_as_a_manager_would() -> None:
    x = scoring.snapshots(
        builders.cast_table(),
        scoring.index_of(builders.cast_table(), EVERYONE, scoring.instants(CALENDAR, builders.AS_OF, len(EVERYONE))),
        CALENDAR,
    ).values.to_numpy()
    chance = dict(zip(EVERYONE, PRIOR.model.probability(x), strict=True))
    assert chance["steady"] < chance["boiling"] / 2
    assert chance["steady"] < chance["cooling"] / 4


def test_the_first_day_gives_bands_and_reasons_but_no_percentage() -> None:
    risks = scores(PRIOR)
    assert {risk.probability for risk in risks.values()} == {None}
    assert risks["steady"].band is Band.CALM
    for client in ("cooling", "boiling"):
        band = risks[client].band
        assert band is not None
        assert band.rank >= Band.SIMMERING.rank


def test_a_trained_model_gives_a_probability_within_its_interval(trained: Artifact) -> None:
    for risk in scores(trained).values():
        if risk.insufficient:
            continue
        assert risk.probability is not None
        assert risk.low is not None
        assert risk.high is not None
        assert 0 < risk.low <= risk.probability <= risk.high < 1
        assert risk.band is trained.model.band(risk.probability)
        assert (risk.model_id, risk.horizon_days, risk.as_of) == (trained.model_id, 90, builders.AS_OF)


def test_why_nothing_can_be_said_is_named() -> None:
    risks = scores(PRIOR, ended={"gone": builders.GONE_ON})
    assert {client: risk.insufficient for client, risk in risks.items()} == {
        "boiling": None, "cooling": None, "gone": "ended", "newcomer": "few_events", "nobody": "few_events",
        "on_holiday": None, "steady": None,
    }  # fmt: skip
    for client in ("gone", "newcomer", "nobody"):
        assert (risks[client].band, risks[client].probability, risks[client].reasons) == (None, None, ())


def test_a_lively_newcomer_is_new_for_a_fortnight() -> None:
    def first_weeks(weeks: int) -> str | None:
        events = builders.relation("steady", lambda _: builders.STEADY, weeks=weeks)
        return scores(PRIOR, events)["steady"].insufficient

    assert [first_weeks(weeks) for weeks in (1, 2, 3)] == ["new_client", "new_client", None]


# --- reasons ------------------------------------------------------------------------------------------------------------


def told(risk: Risk) -> set[str]:
    return {reason.family for reason in risk.reasons}


def test_reasons_are_those_that_the_cast_was_written_with() -> None:
    risks = scores(PRIOR)
    assert {"rhythm", "meetings", "latency"} <= told(risks["cooling"])
    assert "tone" not in told(risks["cooling"])
    assert risks["boiling"].reasons[0].family == "tone"
    assert "rhythm" not in told(risks["boiling"])
    assert "tone" not in told(risks["steady"])


@pytest.mark.parametrize("kind", ["prior", "trained"])
def test_reasons_have_words_in_both_languages_and_events_of_the_client(kind: str, trained: Artifact) -> None:
    model = trained if kind == "trained" else PRIOR
    by_id = {event.event_id: event for event in builders.cast()}
    midnights = [builders.AS_OF - timedelta(weeks=weeks) for weeks in (0, 4, 12, 30)]
    found = [risk for day in midnights for risk in scores(model, as_of=day).values()]
    assert sum(len(risk.reasons) for risk in found) > 20
    evidence = 0
    for risk in found:
        assert len(risk.reasons) <= 4
        contributions = [reason.contribution for reason in risk.reasons]
        assert contributions == sorted(contributions, reverse=True)
        assert all(contribution >= 0.05 for contribution in contributions)
        assert len(told(risk)) == len(risk.reasons)
        for reason in risk.reasons:
            assert reason.family == features.BY_NAME[reason.signal].family
            assert set(reason.words) == {"en", "ru"}
            assert re.search(r"[a-z]", reason.words["en"])
            assert not re.search(r"[а-яё]", reason.words["en"])
            assert re.search(r"[а-яё]", reason.words["ru"])
            assert not re.search(r"\bnan\b|\binf\b", " ".join(reason.words.values()).lower())
            assert len(reason.event_ids) <= 5
            for event_id in reason.event_ids:
                evidence += 1
                assert by_id[event_id].client_id == risk.client_id
                assert by_id[event_id].known_at < CALENDAR.midnight(risk.as_of)
    assert evidence > 20


def test_the_evidence_of_irritation_is_the_angry_letters() -> None:
    tone = scores(PRIOR)["boiling"].reasons[0]
    by_id = {event.event_id: event for event in builders.cast()}
    texts = {getattr(by_id[event_id], "text", None) for event_id in tone.event_ids}
    assert texts
    assert texts <= set(builders._ANGRY)


# --- the future ---------------------------------------------------------------------------------------------------------


def as_if_reading_stopped(events: Sequence[Event], as_of: date) -> list[Event]:
    """What was known before the midnight; payments of later days were not entered yet."""
    seen = [event for event in events if event.known_at < CALENDAR.midnight(as_of)]
    return [
        replace(event, paid_on=None)
        if isinstance(event, Invoice) and event.paid_on and event.paid_on >= as_of
        else event
        for event in seen
    ]


@pytest.mark.parametrize("weeks", [0, 1, 3, 10, 26])
@pytest.mark.parametrize("kind", ["prior", "trained"])
def test_deleting_everything_later_does_not_move_a_score(kind: str, weeks: int, trained: Artifact) -> None:
    model = trained if kind == "trained" else PRIOR
    day = builders.AS_OF - timedelta(weeks=weeks)
    assert scores(model, as_of=day) == scores(model, as_if_reading_stopped(builders.cast(), day), as_of=day)


def test_a_letter_that_arrives_late_moves_only_later_scores(trained: Artifact) -> None:
    day = builders.AS_OF - timedelta(weeks=4)
    midnight = CALENDAR.midnight(day)
    letters = [
        replace(event, event_id=f"late-{event.event_id}", known_at=midnight)
        for event in builders.boiling("steady")
        if midnight - timedelta(days=40) < event.at < midnight
    ]
    assert letters
    with_late = [*builders.cast(), *letters]
    assert scores(trained, with_late, as_of=day) == scores(trained, as_of=day)
    tomorrow = day + timedelta(days=1)
    assert scores(trained, with_late, as_of=tomorrow)["steady"] != scores(trained, as_of=tomorrow)["steady"]


def test_snapshots_taken_before_give_the_same_risks(trained: Artifact) -> None:
    table = builders.cast_table()
    index = scoring.index_of(table, EVERYONE, scoring.instants(CALENDAR, builders.AS_OF, len(EVERYONE)))
    measured = scoring.snapshots(table, index, CALENDAR)
    given = scoring.score(trained, table, EVERYONE, builders.AS_OF, CALENDAR, measured=measured)
    assert given == list(scores(trained).values())


@pytest.mark.parametrize("client", builders.CAST)
def test_a_client_scores_alone_as_among_others(client: str, trained: Artifact) -> None:
    whole = scores(trained)[client]
    (alone,) = scoring.score(trained, builders.cast_table(), [client], builders.AS_OF, CALENDAR)
    assert alone.probability == pytest.approx(whole.probability)
    assert [replace(reason, contribution=0.0) for reason in alone.reasons] == [
        replace(reason, contribution=0.0) for reason in whole.reasons
    ]


def test_a_clock_that_stands_still_is_scored_as_of_the_day_it_stopped(trained: Artifact) -> None:
    then = builders.AS_OF - timedelta(weeks=5)
    frozen = {"cooling": Freeze(then, Standstill.SOURCE_DOWN)}
    risks = scoring.score(trained, builders.cast_table(), EVERYONE, builders.AS_OF, CALENDAR, frozen=frozen)
    running, earlier = scores(trained), scores(trained, as_of=then)
    for risk in risks:
        if risk.client_id == "cooling":
            expected = replace(earlier["cooling"], as_of=builders.AS_OF, frozen=frozen["cooling"])
            assert replace(risk, reasons=()) == replace(expected, reasons=())
            assert [reason.event_ids for reason in risk.reasons] == [reason.event_ids for reason in expected.reasons]
        else:
            assert risk == running[risk.client_id]


def test_nobody_to_score_is_no_error() -> None:
    assert scoring.score(PRIOR, builders.cast_table(), [], builders.AS_OF, CALENDAR) == []
    (risk,) = scoring.score(PRIOR, EventTable.from_events([]), ["nobody"], builders.AS_OF, CALENDAR)
    assert risk.insufficient == "few_events"


def test_a_frame_is_read_for_tone_and_loses_its_texts() -> None:
    events = builders.newcomer()
    frame = scoring.with_readings(frame_of_events(events, {}))
    assert not {"text", "subject"} & set(frame.columns)
    readings = scoring.readings(events)
    for event_id, words in zip(frame["event_id"], frame["words"], strict=True):
        assert (words == readings[event_id].words) if event_id in readings else np.isnan(words)


def test_a_frame_without_texts_is_left_as_it_is() -> None:
    frame = frame_of_events(builders.newcomer(), scoring.readings(builders.newcomer())).drop(columns=["text"])
    kept = scoring.with_readings(frame)
    assert kept["words"].notna().any()


def test_a_few_clients_alone_say_nothing_of_the_firms_own_ebb() -> None:
    """A score of posted events must not take one client's trend for the firm's."""
    table = builders.cast_table()
    names = scoring.SIGNAL_NAMES
    weight = np.array([5.0 if name in features.OF_THE_FIRM else 0.0 for name in names])
    ebb = LinearScorer(np.zeros(len(names)), np.ones(len(names)), weight, -2.0)
    model = replace(first_day(names, 90, 0.2), parts=((1.0, ebb),), claims_probability=True)
    told = artifact.unsaved(model, scoring.CATALOGUE_VERSION)
    risks = scoring.score(told, table, table.clients, builders.AS_OF, CALENDAR, whole_firm=False)
    known = {risk.probability for risk in risks if risk.probability is not None}
    assert len(known) == 1
    assert known.pop() == pytest.approx(1 / (1 + np.exp(2.0)))
