"""Writing over HTTP: events, outcomes, transitions, each as good sent twice as once; and scores on demand."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from api_world import COMPLAINT, NOW, TODAY, World, publish_model, rows, world_of

from churnwatch import nightly, scoring
from churnwatch.api import questions
from churnwatch.core.config import OwnPhrase, ToneSettings
from churnwatch.core.types import CaseState, Cue, Departure, Outcome

MESSAGE = {
    "event_id": "n-1", "client_id": "c-17", "kind": "message", "direction": "in", "at": "2026-03-02T09:14:00Z", "text": COMPLAINT,
}  # fmt: skip


def changed(**more: Any) -> dict[str, Any]:
    return MESSAGE | more


def test_events_are_kept_once_however_often_they_are_sent(world: World) -> None:
    before = world.store.events.count()
    body = {"events": [MESSAGE, changed(event_id="n-2")]}
    assert world.post("/v1/events", body).json() == {"new": 2, "known": 0, "rejected": [], "notes": []}
    assert world.post("/v1/events", body).json() == {"new": 0, "known": 2, "rejected": [], "notes": []}
    assert world.store.events.count() == before + 2
    kept = world.store.events.messages("c-17", limit=1)[0]
    assert (kept.event_id, kept.text) == ("n-2", COMPLAINT)


def test_an_event_is_read_with_the_phrases_of_the_firm(world: World) -> None:
    phrase = OwnPhrase(text="Zimtstern", cue="exit_words")
    config = world.config.model_copy(update={"tone": ToneSettings(phrases=(phrase,))})
    own = world_of(config, world.store, world.keys)
    assert own.post("/v1/events", {"events": [changed(text="Zimtstern, please.")]}).json()["new"] == 1
    kept = world.store.events.frame(["c-17"]).set_index("event_id").loc["n-1"]
    assert Cue.EXIT_WORDS in Cue(int(kept["cues"]))
    stale = world.store.readings.to_read_again(scoring.reader_of(config).model_id, world.store.events.count())
    assert stale
    assert "n-1" not in {message.event_id for message in stale}


def test_a_bad_row_costs_only_itself(world: World) -> None:
    events = [
        MESSAGE,
        changed(event_id="n-2", client_id="stranger"),
        changed(event_id="n-3", at="yesterday"),
        changed(event_id="n-4", kind="letter"),
        changed(event_id="n-5", text={"deep": 1}),
        changed(event_id="n-6", amount=10**30),
        {"event_id": "n-7"},
        changed(event_id=8, client_id=" c-18 "),
    ]
    answer = world.post("/v1/events", {"events": events}).json()
    assert (answer["new"], answer["known"]) == (2, 0)
    assert [row["index"] for row in answer["rejected"]] == [1, 2, 3, 4, 5, 6]
    assert answer["rejected"][0]["problem"] == "client_id is none of our clients"
    assert COMPLAINT not in json.dumps(answer)
    assert [one.event_id for one in world.store.events.messages("c-18", limit=1)] == ["8"]


def test_rows_far_down_are_reported_at_their_own_place(world: World) -> None:
    events = [changed(event_id=f"n-{number}") for number in range(2500)]
    events[2345]["at"] = "never"
    answer = world.post("/v1/events", {"events": events}).json()
    assert answer["new"] == 2499
    assert [row["index"] for row in answer["rejected"]] == [2345]


def test_json_lines_are_events_too(world: World) -> None:
    lines = [
        json.dumps(MESSAGE).encode(),
        b"{broken",
        b"",
        b"[1, 2]",
        b'"\xff"',
        json.dumps(changed(event_id="n-2")).encode(),
    ]
    headers = world.bearer("write") | {"Content-Type": "application/x-ndjson; charset=utf-8"}
    answer = world.http.post("/v1/events", content=b"\r\n".join(lines), headers=headers).json()
    assert (answer["new"], answer["known"]) == (2, 0)
    assert [row["index"] for row in answer["rejected"]] == [1, 2, 3]


def test_an_invoice_may_become_paid(world: World) -> None:
    invoice = {"event_id": "i-1", "client_id": "c-17", "kind": "invoice", "direction": "out", "at": "2026-02-01",
               "due_on": "2026-02-15", "amount": 100}  # fmt: skip
    assert world.post("/v1/events", {"events": [invoice]}).json()["new"] == 1
    assert world.post("/v1/events", {"events": [invoice | {"paid_on": "2026-02-20"}]}).json()["known"] == 1
    frame = world.store.events.frame(["c-17"]).set_index("event_id")
    assert frame.loc["i-1", "paid_on"].date() == date(2026, 2, 20)
    assert frame.loc["i-1", "paid_known_at"] == NOW


def test_where_no_texts_are_kept_the_tone_stays_and_the_text_goes(wordless_world: World) -> None:
    world = wordless_world
    meeting = changed(
        event_id="n-2", kind="meeting", starts_at="2026-03-05T10:00:00Z", status="invited", subject="secret"
    )
    answer = world.post("/v1/events", {"events": [changed(subject="secret"), meeting]})
    assert answer.json()["new"] == 2
    kept = next(one for one in world.store.events.messages("c-17") if one.event_id == "n-1")
    assert (kept.text, kept.subject) == (None, "")
    assert world.store.events.frame(["c-17"]).set_index("event_id").loc["n-1", "irritation"] > 0.5


@pytest.mark.parametrize("content_type", ["text/plain", "", "application/xml"])
def test_events_of_another_media_type_are_refused(world: World, content_type: str) -> None:
    headers = world.bearer("write") | {"Content-Type": content_type}
    assert world.http.post("/v1/events", content=b"{}", headers=headers).status_code == 415


def test_too_many_events_are_refused_as_a_whole(world: World) -> None:
    before = world.store.events.count()
    assert world.post("/v1/events", {"events": [MESSAGE] * (questions.MAX_EVENTS + 1)}).status_code == 413
    assert world.store.events.count() == before


def test_outcomes_are_kept_once_and_replaced_by_what_is_told_later(world: World) -> None:
    told = {"client_id": "c-18", "ended_on": "2026-02-28", "departure": "left", "note": "too slow"}
    assert world.post("/v1/outcomes", {"outcomes": [told]}).json() == {"changed": 1, "known": 0, "rejected": []}
    world.app.state.service.clock.now = NOW + timedelta(days=3)
    assert world.post("/v1/outcomes", {"outcomes": [told]}).json() == {"changed": 0, "known": 1, "rejected": []}
    later = told | {"departure": "silent"}
    stranger = told | {"client_id": "stranger"}
    answer = world.post("/v1/outcomes", {"outcomes": [later, stranger]}).json()
    assert (answer["changed"], [row["index"] for row in answer["rejected"]]) == (1, [1])
    assert world.store.people.outcomes() == [
        Outcome("c-18", date(2026, 2, 28), Departure.SILENT, NOW, "too slow")  # known since it was first told
    ]


def test_an_outcome_told_twice_in_one_call_counts_once(world: World) -> None:
    told = {"client_id": "c-18", "ended_on": "2026-02-28", "departure": "left"}
    assert world.post("/v1/outcomes", {"outcomes": [told, told]}).json() == {"changed": 1, "known": 1, "rejected": []}


def test_a_transition_is_stored_with_who_and_why(world: World) -> None:
    told = {"to": "acknowledged", "why": "I call them today.", "version": 1}
    answer = world.post("/v1/alerts/c-17:2026-03-01/transitions", told)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["version"]) == ("acknowledged", 2)
    last = answer.json()["transitions"][-1]
    assert (last["who"], last["why"], last["from_state"]) == ("key of write", "I call them today.", "open")


def test_the_same_transition_again_answers_like_the_first_time(world: World) -> None:
    told = {"to": "in_plan", "why": "review booked", "version": 1}
    first = world.post("/v1/alerts/c-17:2026-03-01/transitions", told)
    again = world.post("/v1/alerts/c-17:2026-03-01/transitions", told)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()


@pytest.mark.parametrize("told", [{"to": "snoozed", "version": 1}, {"to": "in_plan", "why": "mine", "version": 1}])
def test_a_lost_race_is_a_conflict(world: World, told: dict[str, Any]) -> None:
    world.store.cases.move("c-17:2026-03-01", CaseState.IN_PLAN, 1, "somebody", "faster", NOW)
    answer = world.post("/v1/alerts/c-17:2026-03-01/transitions", told)
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.json()["detail"]


def test_a_closed_case_stays_closed(world: World) -> None:
    world.store.cases.move("c-17:2026-03-01", CaseState.SAVED, 1, "somebody", "", NOW)
    answer = world.post("/v1/alerts/c-17:2026-03-01/transitions", {"to": "open", "version": 2})
    assert answer.status_code == 409


def test_a_transition_of_no_alert_is_404(world: World) -> None:
    assert world.post("/v1/alerts/none/transitions", {"to": "saved", "version": 1}).status_code == 404


# --- scores -----------------------------------------------------------------------------------------------------------


def test_known_clients_are_scored_like_the_night_does_it(world: World) -> None:
    taken = nightly.take(world.config, world.store, TODAY)
    _, night = nightly.score(world.config, world.store, nightly.model_in_service(world.config), TODAY, taken)
    answer = world.post("/v1/score", {"client_ids": ["c-18", "c-17", "nobody", "c-18"]}, "score").json()
    assert answer["as_of"] == "2026-03-03"
    assert answer["problems"] == [{"index": 2, "problem": "no client has this id"}]
    by_id = {risk.client_id: risk for risk in night}
    assert [item["client_id"] for item in answer["items"]] == ["c-18", "c-17"]
    for item in answer["items"]:
        risk = by_id[item["client_id"]]
        assert (item["band"], item["probability"]) == (risk.band, risk.probability)
        assert [one["contribution"] for one in item["reasons"]] == [one.contribution for one in risk.reasons]


def test_events_are_scored_and_forgotten(world: World) -> None:
    before = world.store.events.count()
    mine = [row for row in rows() if row["client_id"] == "c-17"]
    body = {"events": [*mine, mine[0], {"event_id": "x"}], "as_of": "2026-03-03"}
    first = world.post("/v1/score", body, "score")
    assert first.status_code == 200
    item = first.json()["items"][0]
    assert (item["client_id"], item["insufficient"]) == ("c-17", None)
    assert item["reasons"][0]["family"] == "tone"
    assert [problem["index"] for problem in first.json()["problems"]] == [len(mine) + 1]
    assert world.post("/v1/score", body, "score").json() == first.json()
    assert world.store.events.count() == before


def test_the_future_does_not_reach_into_a_score(world: World) -> None:
    early = {"events": rows(), "as_of": "2025-12-01"}
    late = {"events": [*rows(), changed(event_id="later")], "as_of": "2025-12-01"}
    assert (
        world.post("/v1/score", early, "score").json()["items"]
        == world.post("/v1/score", late, "score").json()["items"]
    )


def test_a_client_that_left_is_not_scored(world: World) -> None:
    world.store.people.put([Outcome("c-18", date(2026, 2, 1), Departure.LEFT, datetime(2026, 2, 2, tzinfo=UTC))])
    item = world.post("/v1/score", {"client_ids": ["c-18"]}, "score").json()["items"][0]
    assert (item["insufficient"], item["band"], item["reasons"], item["frozen"]) == ("ended", None, [], None)


def test_without_a_trained_model_practice_scores(empty_world: World) -> None:
    answer = empty_world.post("/v1/score", {"events": rows(), "as_of": "2026-03-03"}, "score").json()
    assert answer["model_id"].startswith("prior")
    assert all(item["probability"] is None for item in answer["items"])
    assert {item["band"] for item in answer["items"]} > {None}


def test_a_broken_model_is_503_and_a_mended_one_is_seen_at_once(world: World) -> None:
    assert world.post("/v1/score", {"client_ids": ["c-17"]}, "score").status_code == 200
    (world.config.path("model") / "manifest.json").write_text("{}", encoding="utf-8")
    answer = world.post("/v1/score", {"client_ids": ["c-17"]}, "score")
    assert answer.status_code == 503
    assert "churnwatch train" in answer.json()["detail"]
    assert str(world.config.root) not in answer.text
    publish_model(world.config)
    assert world.post("/v1/score", {"client_ids": ["c-17"]}, "score").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"events": [MESSAGE] * (questions.MAX_EVENTS + 1)},
        {"client_ids": ["c"] * (questions.MAX_CLIENTS + 1)},
        {"events": [changed(client_id=f"c{number}") for number in range(questions.MAX_CLIENTS + 1)]},
    ],
    ids=["events", "clients", "clients in events"],
)
def test_too_much_to_score_at_once_is_413(world: World, body: Any) -> None:
    assert world.post("/v1/score", body, "score").status_code == 413


@pytest.mark.parametrize(
    "body", [{}, {"events": []}, {"client_ids": []}, {"client_ids": ["a"], "events": [MESSAGE]}, {"client_ids": "c-17"}]
)
def test_a_question_must_be_one_of_the_two(world: World, body: Any) -> None:
    assert world.post("/v1/score", body, "score").status_code == 422


def test_today_is_the_firms_today(world: World) -> None:
    world.app.state.service.clock.now = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # past midnight in Berlin
    assert world.post("/v1/score", {"client_ids": ["c-17"]}, "score").json()["as_of"] == "2026-03-04"
