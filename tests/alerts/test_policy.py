"""Which clients get an alert tonight."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from churnwatch.alerts.policy import Decision, case_id, decide
from churnwatch.core.config import PolicySettings
from churnwatch.core.types import Band, Case, CaseState, Client, Freeze, Reason, Risk, Standstill

NIGHT = date(2024, 3, 12)
NOW = datetime(2024, 3, 12, 3, tzinfo=UTC)
SETTINGS = PolicySettings(open_band=Band.SIMMERING, cooldown_days=21, per_manager_per_week=2)


def risk(client_id: str, band: Band | None = Band.SIMMERING, probability: float | None = 0.3, **rest: object) -> Risk:
    base = Risk(client_id, NIGHT, 90, "m1", probability, None, None, band)
    return replace(base, **rest)  # type: ignore[arg-type]


def clients(*ids: str, manager_id: str | None = "anna", value: float | None = 1000.0) -> dict[str, Client]:
    return {name: Client(name, name.title(), manager_id, value) for name in ids}


def exit_words(contribution: float = 1.0) -> Reason:
    return Reason("exit_words", "exit_words", contribution, 1.0, 0.0, "messages", {"en": "…", "ru": "…"})


def night(
    risks: list[Risk],
    known: dict[str, Client] | None = None,
    open_cases: dict[str, Case] | None = None,
    last_opened: dict[str, date] | None = None,
    opened_this_week: dict[str | None, int] | None = None,
    settings: PolicySettings = SETTINGS,
) -> Decision:
    known = clients(*(item.client_id for item in risks)) if known is None else known
    return decide(risks, known, open_cases or {}, last_opened or {}, opened_this_week or {}, settings, NIGHT)


def opened(decision: Decision) -> list[str]:
    return [candidate.client_id for candidate in decision.open]


def test_a_source_that_is_down_opens_no_case_not_even_for_words_of_leaving() -> None:
    down = Freeze(NIGHT, Standstill.SOURCE_DOWN)
    decision = night([risk("deaf", frozen=down, reasons=(exit_words(),)), risk("heard")])

    assert opened(decision) == ["heard"]
    assert decision.held == {"source_down": ("deaf",)}


def test_a_band_at_the_threshold_opens_and_one_below_is_held() -> None:
    decision = night([risk("hot"), risk("tepid", Band.WARMING)])

    assert opened(decision) == ["hot"]
    assert decision.held == {"below_band": ("tepid",)}


def test_every_client_held_back_is_listed_under_the_first_reason_that_applies() -> None:
    known = clients("busy", "gone", "quiet", "recent", "cool")
    case = Case("c", "busy", "anna", CaseState.OPEN, NIGHT, NOW, 1, Band.BOILING, None, "check_in")

    decision = night(
        [
            risk("busy", Band.BOILING),
            risk("gone", None, None, insufficient="ended"),
            risk("quiet", None, None, insufficient="few_events"),
            risk("recent"),
            risk("cool", Band.CALM),
            risk("stranger"),
        ],
        known,
        {"busy": case},
        {"recent": NIGHT - timedelta(days=20), "busy": NIGHT},
    )

    assert decision.open == ()
    assert decision.held == {
        "below_band": ("cool",),
        "cooldown": ("recent",),
        "ended": ("gone",),
        "not_enough_data": ("quiet",),
        "open_case": ("busy",),
        "unknown_client": ("stranger",),
    }


def test_the_cooldown_is_over_on_its_last_day() -> None:
    assert opened(night([risk("a")], last_opened={"a": NIGHT - timedelta(days=21)})) == ["a"]


def test_the_dearest_expected_losses_fill_the_budget_of_each_manager() -> None:
    known = {
        **clients("small", value=100.0),
        **clients("large", value=9000.0),
        **clients("middle", value=1000.0),
        **clients("other", manager_id="boris", value=1.0),
    }

    decision = night([risk(name) for name in ("small", "middle", "large", "other")], known)

    assert opened(decision) == ["large", "middle", "other"]
    assert decision.held == {"budget": ("small",)}


def test_cases_opened_earlier_this_week_count_against_the_budget() -> None:
    assert night([risk("a")], opened_this_week={"anna": 2}).held == {"budget": ("a",)}


def test_clients_without_a_manager_share_one_budget() -> None:
    known = clients("a", "b", "c", manager_id=None)

    assert len(night([risk(name) for name in known], known).open) == 2


def test_an_unknown_value_counts_as_the_median_of_the_known_ones() -> None:
    known = {**clients("low", value=10.0), **clients("mid", "mid2", value=500.0), **clients("unknown", value=None)}

    decision = night(
        [risk(name) for name in known], known, settings=SETTINGS.model_copy(update={"per_manager_per_week": 9})
    )

    losses = {item.client_id: item.expected_loss for item in decision.open}
    assert losses["unknown"] == losses["mid"] == 150.0
    assert opened(decision)[-1] == "low"


def test_without_probabilities_the_band_decides_then_the_value() -> None:
    known = {**clients("rich", value=900.0), **clients("poor", value=1.0), **clients("boiling", value=2.0)}
    risks = [risk("poor", probability=None), risk("rich", probability=None), risk("boiling", Band.BOILING, None)]

    decision = night(risks, known)

    assert opened(decision) == ["boiling", "rich"]
    assert [item.expected_loss for item in decision.open] == [None, None]


def test_words_of_leaving_come_first_and_ignore_the_budget() -> None:
    known = {**clients("rich", "rich2", value=9000.0), **clients("leaving", value=1.0)}
    risks = [risk("rich"), risk("rich2"), risk("leaving", reasons=(exit_words(),))]

    assert opened(night(risks, known)) == ["leaving", "rich"]
    assert opened(night(risks, known, opened_this_week={"anna": 7})) == ["leaving"]


def test_words_of_leaving_do_not_reopen_an_open_case_nor_break_the_cooldown() -> None:
    case = Case("c", "a", "anna", CaseState.IN_PLAN, NIGHT, NOW, 3, Band.BOILING, None, "check_in")
    leaving = [risk("a", reasons=(exit_words(),))]

    assert night(leaving, open_cases={"a": case}).held == {"open_case": ("a",)}
    assert night(leaving, last_opened={"a": NIGHT - timedelta(days=1)}).held == {"cooldown": ("a",)}


def test_exit_words_that_lower_the_risk_are_no_fast_path() -> None:
    assert night([risk("a", reasons=(exit_words(-0.4),))], opened_this_week={"anna": 2}).held == {"budget": ("a",)}


def test_a_client_scored_twice_gets_one_case_for_the_hotter_belief() -> None:
    (candidate,) = night([risk("a", horizon_days=30), risk("a", Band.BOILING, 0.8)]).open

    assert (candidate.band, candidate.risk.probability) == (Band.BOILING, 0.8)


def test_the_case_id_depends_on_client_and_night_alone() -> None:
    assert case_id("a", NIGHT) == case_id("a", NIGHT)
    assert len({case_id("a", NIGHT), case_id("b", NIGHT), case_id("a", NIGHT + timedelta(days=1))}) == 3


def test_a_candidate_becomes_an_open_case_with_the_same_belief() -> None:
    (candidate,) = night([risk("a", reasons=(exit_words(),))]).open

    case = candidate.case("own_fault", NOW)

    assert (case.case_id, case.state, case.opened_on, case.version) == (candidate.case_id, CaseState.OPEN, NIGHT, 1)
    assert (case.play, case.probability, case.reasons) == ("own_fault", 0.3, (exit_words(),))


_risks = st.lists(
    st.builds(
        risk,
        client_id=st.sampled_from("abcdefgh"),
        band=st.sampled_from([None, *Band]),
        probability=st.none() | st.floats(0, 1),
        reasons=st.sampled_from([(), (exit_words(),)]),
    ),
    unique_by=lambda item: item.client_id,
)


@settings(deadline=None)
@given(_risks, st.permutations("abcdefgh"), st.integers(0, 8), st.integers(1, 3))
def test_a_night_killed_at_any_point_opens_the_rest_and_nothing_else(
    risks: list[Risk], order: list[str], killed_after: int, cap: int
) -> None:
    settings = SETTINGS.model_copy(update={"per_manager_per_week": cap})
    known = {name: Client(name, name, "anna" if name in "abcd" else None, float(ord(name))) for name in "abcdefgh"}
    whole = night(risks, known, settings=settings)

    done = whole.open[:killed_after]
    again = night(
        sorted(risks, key=lambda item: order.index(item.client_id)),
        known,
        {item.client_id: item.case("check_in", NOW) for item in done},
        {item.client_id: NIGHT for item in done},
        {name: sum(item.manager_id == name for item in done) for name in ("anna", None)},
        settings,
    )

    assert again.open == whole.open[killed_after:]
    assert again.held.get("budget") == whole.held.get("budget")
