"""Reading over HTTP: risks, clients, alerts, health."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from api_world import TODAY, World

from churnwatch.api import board
from churnwatch.core.contracts import SourceError
from churnwatch.core.types import Departure, Freeze, Outcome, Standstill
from churnwatch.store import Batch


def ids(answer: Any) -> list[str]:
    return [item["client"]["id"] for item in answer.json()["items"]]


def test_the_list_is_ordered_by_expected_loss_and_explains_itself(world: World) -> None:
    answer = world.get("/v1/risks").json()
    assert [item["client"]["id"] for item in answer["items"]] == ["c-18", "c-17", "c/19", "c-20"]
    assert (answer["as_of"], answer["horizon_days"], answer["next_cursor"]) == ("2026-03-03", 90, None)
    first = answer["items"][0]
    assert first["client"] == {
        "id": "c-18", "name": "ООО «Ромашка»", "manager_id": "m-2", "manager_name": "John Smith", "monthly_value": 12500.0,
    }  # fmt: skip
    assert first["expected_loss"] == pytest.approx(0.22 * 12500)
    assert first["silent_days"] == 113
    assert first["reasons"][0]["text"]["ru"].startswith("молчит 113 дней")
    assert first["reasons"][0]["event_ids"]


def test_what_is_unknown_is_null_and_comes_last(world: World) -> None:
    steady, newcomer = world.get("/v1/risks").json()["items"][2:]
    assert steady["expected_loss"] is None  # nobody told its value
    assert (newcomer["probability"], newcomer["band"], newcomer["insufficient"]) == (None, None, "few_events")


def test_signals_that_stand_still_say_since_when_and_why(world: World) -> None:
    frozen = Freeze(TODAY - timedelta(4), Standstill.SOURCE_DOWN)
    world.store.scores.put_risks(
        [replace(one, frozen=frozen) for one in world.store.scores.risks() if one.client_id == "c-17"]
    )
    told = {item["client"]["id"]: item["frozen"] for item in world.get("/v1/risks").json()["items"]}
    assert told == {"c-17": {"since": "2026-02-27", "why": "source_down"}, "c-18": None, "c/19": None, "c-20": None}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("manager_id=m-1", ["c-17", "c/19"]),
        ("band=boiling&band=calm", ["c-17", "c/19"]),
        ("min_band=simmering", ["c-18", "c-17"]),
        ("min_probability=0.3", ["c-17"]),
        ("q=РОМАШ", ["c-18"]),
        ("sort=-probability", ["c-17", "c-18", "c/19", "c-20"]),
        ("sort=probability", ["c/19", "c-18", "c-17", "c-20"]),
        ("sort=expected_loss", ["c-17", "c-18", "c/19", "c-20"]),
        ("sort=client", ["c-20", "c-17", "c/19", "c-18"]),
        ("sort=-recency", ["c-18", "c/19", "c-20", "c-17"]),
        ("as_of=2026-01-06&sort=client", ["c-20", "c-17", "c/19", "c-18"]),
        ("as_of=2020-01-01", []),
    ],
)
def test_filters_and_orders(world: World, query: str, expected: list[str]) -> None:
    assert ids(world.get(f"/v1/risks?{query}")) == expected


@pytest.mark.parametrize("sort", ["-expected_loss", "client", "-recency", "probability"])
def test_pages_hold_everyone_once_in_the_order_of_the_whole(world: World, sort: str) -> None:
    whole = ids(world.get(f"/v1/risks?sort={sort}"))
    pages, cursor = [], ""
    while cursor is not None:
        answer = world.get(f"/v1/risks?sort={sort}&limit=1" + (f"&cursor={cursor}" if cursor else ""))
        pages += ids(answer)
        cursor = answer.json()["next_cursor"]
    assert pages == whole


def test_a_night_between_two_pages_changes_nothing_in_the_second(world: World) -> None:
    first = world.get("/v1/risks?limit=2").json()
    tomorrow = [risk for risk in world.store.scores.risks() if risk.client_id == "c-17"]
    world.store.scores.put_risks([replace(tomorrow[0], as_of=TODAY + timedelta(days=1))])
    second = world.get(f"/v1/risks?limit=2&cursor={first['next_cursor']}").json()
    assert second["as_of"] == "2026-03-03"
    assert [item["client"]["id"] for item in second["items"]] == ["c/19", "c-20"]
    assert ids(world.get("/v1/risks")) == ["c-17"]


@pytest.mark.parametrize("cursor", ["x", "W10=", "bnVsbA==", "é", "A" * 1999, "WyIyMDI2LTAzLTAzIiwgIngiLCAieSJd"])
def test_a_cursor_that_is_not_ours_is_refused(world: World, cursor: str) -> None:
    answer = world.get("/v1/risks", params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "cursor"


def test_a_cursor_keeps_to_its_question(world: World) -> None:
    cursor = world.get("/v1/risks?limit=1").json()["next_cursor"]
    assert world.get(f"/v1/risks?limit=1&sort=client&cursor={cursor}").status_code == 422


def test_a_cursor_whose_client_is_gone_says_start_again(world: World) -> None:
    line = board.Line(world.store.scores.risks()[0], world.store.people.clients()[0], None, None)
    with pytest.raises(board.CursorError, match="Start again"):
        board.page([line], TODAY, (), 10, "somebody else")


def test_before_the_first_night_the_list_is_empty(empty_world: World) -> None:
    assert empty_world.get("/v1/risks").json() == {
        "as_of": None, "horizon_days": None, "model_id": None, "items": [], "next_cursor": None,
    }  # fmt: skip


def test_a_client_shows_how_many_people_but_no_address(world: World) -> None:
    known_at = datetime(2026, 3, 1, tzinfo=UTC)
    world.store.people.put([Outcome("c-17", date(2026, 2, 20), Departure.LEFT, known_at, "secret note")])
    answer = world.get("/v1/clients/c-17")
    assert answer.json() == {
        "client": {
            "id": "c-17", "name": "Northwind & Sons", "manager_id": "m-1", "manager_name": "Anna Petrova", "monthly_value": 4200.0,
        },
        "language": "en", "country": "DE", "contacts": 1,
        "contracts": [{"id": "k-1", "starts_on": "2024-05-01", "ends_on": "2026-12-31"}],
        "outcome": {"ended_on": "2026-02-20", "departure": "left"},
        "open_case_id": "c-17:2026-03-01",
    }  # fmt: skip
    assert "ursula" not in answer.text


def test_an_id_with_a_slash_is_an_id(world: World) -> None:
    assert world.get("/v1/clients/c%2F19").json()["client"]["name"] == "Steady GmbH"
    assert world.get("/v1/clients/c%2F19/history").json()["client_id"] == "c/19"


def test_history_runs_from_old_to_new_and_stops_at_the_limit(world: World) -> None:
    items = world.get("/v1/clients/c-17/history?limit=3").json()["items"]
    assert [item["as_of"] for item in items] == ["2026-02-17", "2026-02-24", "2026-03-03"]
    assert items[-1]["band"] == "boiling"


def test_evidence_quotes_the_telling_words_newest_first(world: World) -> None:
    items = world.get("/v1/clients/c-17/evidence", "text").json()["items"]
    assert items
    assert [item["at"] for item in items] == sorted((item["at"] for item in items), reverse=True)
    newest = items[0]
    assert newest["text"][newest["cue_start"] : newest["cue_end"]] == "How much longer do we have"
    assert newest["families"] == ["tone"]


def test_evidence_without_a_cue_is_shown_from_its_beginning(world: World) -> None:
    items = world.get("/v1/clients/c-18/evidence", "text").json()["items"]
    assert items[0]["text"] == "Добрый день! Пришлите, пожалуйста, макет. Спасибо!"
    assert items[0]["cue_start"] == items[0]["cue_end"] == 0


@pytest.mark.parametrize("path", ["/v1/clients/nobody", "/v1/clients/nobody/history", "/v1/alerts/none"])
def test_who_is_not_there_is_404(world: World, path: str) -> None:
    answer = world.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_alerts_can_be_asked_by_state_manager_and_client(world: World) -> None:
    for query in ("", "?state=open", "?manager_id=m-1", "?client_id=c-17"):
        found = world.get(f"/v1/alerts{query}").json()["items"]
        assert [(one["id"], one["client_name"]) for one in found] == [("c-17:2026-03-01", "Northwind & Sons")]
    for query in ("?state=saved", "?manager_id=m-2", "?client_id=c-18"):
        assert world.get(f"/v1/alerts{query}").json()["items"] == []


def test_an_alert_tells_how_it_came_to_where_it_stands(world: World) -> None:
    alert = world.get("/v1/alerts/c-17:2026-03-01").json()
    assert (alert["state"], alert["version"], alert["play"]) == ("open", 1, "check_in")
    assert [(step["from_state"], step["to_state"], step["who"]) for step in alert["transitions"]] == [
        (None, "open", "churnwatch")
    ]


def test_health_tells_a_stranger_only_that_it_lives(world: World) -> None:
    assert world.http.get("/v1/health").json() == {"status": "ok"}


def test_health_tells_a_key_how_the_night_went(world: World) -> None:
    error = SourceError("mail", "inbox.mbox message 17", "has no date")
    world.store.ingest.commit(Batch("mail", None, errors=[error]))
    detail = world.get("/v1/health", "score").json()["detail"]
    assert detail["as_of"] == "2026-03-03"
    assert detail["stages"][0]["counts"] == {"events_new": 60}
    assert detail["source_problems"] == 1
    assert detail["outbox"] == {"pending": 0, "sent": 0, "dead": 0}
    assert detail["model_id"].startswith("prior-")
    assert detail["model_problem"] is None


def test_health_names_a_broken_model_without_its_place(world: World) -> None:
    (world.config.path("model") / "manifest.json").write_text("{}", encoding="utf-8")
    answer = world.get("/v1/health")
    assert "churnwatch train" in answer.json()["detail"]["model_problem"]
    assert str(world.config.root) not in answer.text
