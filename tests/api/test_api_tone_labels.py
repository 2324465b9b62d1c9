"""What people say of a message's tone, over HTTP and on a client's page: kept once, the last word holds, a wrong quote goes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from api_world import COMPLAINT, NOW, World
from starlette.testclient import TestClient

from churnwatch.store import ToneLabel

ORIGIN = {"Origin": "http://testserver"}
NEWEST = "e027"  # the last complaint of c-17


@pytest.fixture
def browser(world: World) -> TestClient:
    """Someone who is signed in with every scope."""
    return sign_in(world)


def sign_in(world: World, scope: str = "all") -> TestClient:
    browser = TestClient(world.app, follow_redirects=False, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert browser.post("/sign-in", data={"key": world.keys[scope]}, headers=ORIGIN).status_code == 303
    return browser


def quoted(world: World) -> list[str]:
    return [item["event_id"] for item in world.get("/v1/clients/c-17/evidence", "text").json()["items"]]


def judge(
    browser: TestClient, event_id: str = NEWEST, label: str = "neutral", client: str = "c-17", **more: Any
) -> Any:
    form = {"event": event_id, "label": label}
    return browser.post(f"/clients/{client}/quotes", data=form, headers=ORIGIN, **more)


# --- over HTTP --------------------------------------------------------------------------------------------------------


def test_a_label_is_kept_with_who_when_and_what_had_been_read(world: World) -> None:
    answer = world.post("/v1/tone/labels", {"event_id": NEWEST, "label": "neutral"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["irritated"] > 0.5
    assert told["model"] == world.app.state.service.reader.model_id
    assert (told["event_id"], told["label"], told["who"]) == (NEWEST, "neutral", "key of write")
    assert COMPLAINT not in answer.text


def test_the_same_label_again_answers_like_the_first_time(world: World) -> None:
    first = world.post("/v1/tone/labels", {"event_id": NEWEST, "label": "warm"})
    world.app.state.service.clock.now = NOW + timedelta(hours=1)
    assert world.post("/v1/tone/labels", {"event_id": NEWEST, "label": "warm"}).json() == first.json()
    assert len(world.store.labels.history(NEWEST)) == 1


def test_a_message_that_is_not_irritated_is_quoted_no_more_until_somebody_says_it_is(world: World) -> None:
    assert NEWEST in quoted(world)
    world.post("/v1/tone/labels", {"event_id": NEWEST, "label": "neutral"})
    assert NEWEST not in quoted(world)
    world.post("/v1/tone/labels", {"event_id": NEWEST, "label": "irritated"})
    items = world.get("/v1/clients/c-17/evidence", "text").json()["items"]
    assert {item["event_id"]: item["label"] for item in items}[NEWEST] == "irritated"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"event_id": "nothing", "label": "neutral"}, 404),
        ({"event_id": "e062", "label": "neutral"}, 404),  # a call
        ({"event_id": NEWEST, "label": "angry"}, 422),
        ({"event_id": NEWEST}, 422),
    ],
)
def test_what_cannot_be_labelled_is_refused(world: World, told: dict[str, str], status: int) -> None:
    assert world.post("/v1/tone/labels", told).status_code == status
    assert world.store.labels.judged() == []


def test_a_label_needs_a_key_that_may_write(world: World) -> None:
    told = {"event_id": NEWEST, "label": "neutral"}
    assert world.post("/v1/tone/labels", told, "read").status_code == 403
    assert world.http.post("/v1/tone/labels", json=told).status_code == 401


def test_a_calibration_that_cannot_serve_is_told_and_not_passed_over(browser: TestClient, world: World) -> None:
    file = world.config.path(world.config.tone.path)
    file.parent.mkdir()
    file.write_text("{", encoding="utf-8")
    answer = world.get("/v1/clients/c-17/evidence", "text")
    assert answer.status_code == 503
    assert "churnwatch train-tone" in answer.json()["detail"]
    assert browser.get("/clients/c-17").status_code == 503


# --- on the page ------------------------------------------------------------------------------------------------------


def test_a_quote_that_is_no_irritation_goes_and_can_be_taken_back(browser: TestClient, world: World) -> None:
    assert f'name="event" value="{NEWEST}"' in browser.get("/clients/c-17").text
    answer = judge(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/clients/c-17?judged={NEWEST}#words")
    page = browser.get(answer.headers["location"]).text
    assert "no longer shown as evidence" in page
    assert re.findall(rf'value="{NEWEST}">\s*<button[^>]*value="(\w+)"', page) == ["irritated"]  # to take it back alone
    assert f'value="{NEWEST}"' not in browser.get("/clients/c-17").text
    answer = judge(browser, label="irritated")
    assert answer.headers["location"] == "/clients/c-17#words"
    page = browser.get("/clients/c-17").text
    assert "It is irritation, says key of all." in page
    assert [(one.label, one.who) for one in world.store.labels.history(NEWEST)] == [
        (ToneLabel.NEUTRAL, "key of all"),
        (ToneLabel.IRRITATED, "key of all"),
    ]


def test_the_question_is_asked_in_the_visitors_language(browser: TestClient) -> None:
    assert "Is this irritation?" in browser.get("/clients/c-17").text
    assert "Это раздражение?" in browser.get("/clients/c-17", headers={"Accept-Language": "ru"}).text


def test_a_quote_that_stands_for_its_time_is_not_asked_about(browser: TestClient) -> None:
    page = browser.get("/clients/c-18").text
    assert "<blockquote>" in page
    assert "Is this irritation?" not in page


@pytest.mark.parametrize("scope", ["read", "text"])
def test_only_who_may_read_and_write_is_asked(world: World, scope: str) -> None:
    world.keys["both"] = world.store.access.create_key("reader of texts", ["read", "text"], NOW)
    visitor = sign_in(world, "both" if scope == "text" else "read")
    assert "Is this irritation?" not in visitor.get("/clients/c-17").text
    assert judge(visitor).status_code == 403
    assert world.store.labels.judged() == []


@pytest.mark.parametrize(
    ("event_id", "label", "client", "status"),
    [
        (NEWEST, "angry", "c-17", 400),
        ("", "neutral", "c-17", 404),
        ("\x00", "neutral", "c-17", 404),
        (NEWEST, "neutral", "c-18", 404),  # another client's message
        (NEWEST, "neutral", "nobody", 404),
    ],
)
def test_a_broken_form_labels_nothing(
    browser: TestClient, world: World, event_id: str, label: str, client: str, status: int
) -> None:
    assert judge(browser, event_id, label, client).status_code == status
    assert world.store.labels.judged() == []


def test_a_clients_id_may_hold_a_slash(browser: TestClient, world: World) -> None:
    thanks = world.store.events.messages("c/19", limit=1)[0].event_id
    assert judge(browser, thanks, "warm", "c%2F19").headers["location"] == f"/clients/c%2F19?judged={thanks}#words"
    assert world.store.labels.of([thanks])[thanks].label is ToneLabel.WARM


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_a_label_from_a_form_elsewhere_is_refused(browser: TestClient, world: World, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    form = {"event": NEWEST, "label": "neutral"}
    assert browser.post("/clients/c-17/quotes", data=form, headers=headers).status_code == 403
    assert world.store.labels.judged() == []


def test_nobody_is_told_of_a_message_of_another_client(browser: TestClient) -> None:
    judge(browser)
    assert "no longer shown" not in browser.get(f"/clients/c-18?judged={NEWEST}").text
    assert "no longer shown" not in browser.get("/clients/c-17?judged=%00nothing").text
