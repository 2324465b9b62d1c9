"""Who may ask what, the one shape of errors, and what no request can do to the server."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from api_world import COMPLAINT, NOW, World
from starlette.testclient import TestClient

from churnwatch.api import shield
from churnwatch.api.server import WithoutQuery, log_config
from churnwatch.core.errors import StoreError

EVENT = {"event_id": "n-1", "client_id": "c-17", "kind": "message", "direction": "in", "at": "2026-03-02T09:14:00Z"}
ROUTES: list[tuple[str, str, str, Any]] = [
    ("GET", "/v1/risks", "read", None),
    ("GET", "/v1/clients/c-17", "read", None),
    ("GET", "/v1/clients/c-17/history", "read", None),
    ("GET", "/v1/clients/c-17/evidence", "text", None),
    ("POST", "/v1/score", "score", {"client_ids": ["c-17"]}),
    ("GET", "/v1/alerts", "read", None),
    ("GET", "/v1/alerts/c-17:2026-03-01", "read", None),
    ("POST", "/v1/alerts/c-17:2026-03-01/transitions", "write", {"to": "acknowledged", "version": 1}),
    ("POST", "/v1/events", "write", {"events": [EVENT]}),
    ("POST", "/v1/outcomes", "write", {"outcomes": []}),
    ("POST", "/v1/tone", "score", {"texts": ["Thank you!"]}),
    ("POST", "/v1/tone/labels", "write", {"event_id": "e027", "label": "neutral"}),
]


def assert_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors"}
    assert problem["status"] == status
    assert answer.headers["request-id"]
    return problem


def test_the_routes_above_are_all_there_are(world: World) -> None:
    told = {(method.upper(), path) for path, item in world.app.openapi()["paths"].items() for method in item}
    known = {
        (method, path.replace("c-17:2026-03-01", "{case_id}").replace("c-17", "{client_id}"))
        for method, path, *_ in ROUTES
    }
    assert told == known | {("GET", "/v1/health")}


@pytest.mark.parametrize(("method", "path", "scope", "body"), ROUTES)
def test_a_route_asks_for_a_key_and_its_scope(world: World, method: str, path: str, scope: str, body: Any) -> None:
    missing = world.http.request(method, path, json=body)
    assert_problem(missing, 401)
    assert missing.headers["www-authenticate"] == 'Bearer realm="churnwatch"'
    wrong = world.http.request(method, path, json=body, headers={"Authorization": "Bearer cw_a_b"})
    assert_problem(wrong, 401)
    assert "invalid_token" in wrong.headers["www-authenticate"]
    for other in {"read", "text", "write", "score"} - {scope}:
        refused = world.http.request(method, path, json=body, headers=world.bearer(other))
        assert_problem(refused, 403)
        assert f'scope="{scope}"' in refused.headers["www-authenticate"]
    assert world.http.request(method, path, json=body, headers=world.bearer(scope)).status_code == 200


def test_nothing_of_a_body_is_read_without_a_key(world: World) -> None:
    assert_problem(world.http.post("/v1/score", content=b"{", headers={"Content-Type": "application/json"}), 401)


@pytest.mark.parametrize("told", ["", "Bearer", "Basic eDp5", "Bearer  ", "Bearer cw_\u00e9_x", "cw_a_b"])
def test_odd_authorizations_are_401(world: World, told: str) -> None:
    assert_problem(world.http.get("/v1/risks", headers={"Authorization": told.encode("latin-1")}), 401)
    assert_problem(world.http.get("/v1/health", headers={"Authorization": told.encode("latin-1")}), 401)


def test_a_revoked_key_is_worth_nothing(world: World) -> None:
    world.store.access.revoke(world.keys["read"].split("_")[1])
    assert_problem(world.get("/v1/risks"), 401)


def test_every_error_has_the_one_shape(world: World) -> None:
    assert_problem(world.get("/v1/nothing"), 404)
    assert_problem(world.http.get("/nothing"), 404)
    refused = world.http.delete("/v1/risks", headers=world.bearer("read"))
    assert_problem(refused, 405)
    assert refused.headers["allow"] == "GET"
    problem = assert_problem(world.get("/v1/risks?limit=0&nonsense=1&as_of=tomorrow"), 422)
    assert {flaw["parameter"] for flaw in problem["errors"]} == {"limit", "nonsense", "as_of"}
    problem = assert_problem(world.post("/v1/outcomes", {"outcomes": [{"client_id": "c", "departure": "x/y"}]}), 422)
    assert {flaw["pointer"] for flaw in problem["errors"]} == {"/outcomes/0/ended_on", "/outcomes/0/departure"}
    headers = world.bearer("write") | {"Content-Type": "application/json"}
    for path in ("/v1/outcomes", "/v1/events"):
        problem = assert_problem(world.http.post(path, content=b'{"a":', headers=headers), 422)
        assert "JSON" in problem["errors"][0]["detail"]


def test_an_accident_shows_and_logs_no_text(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def accident(*_: object) -> None:
        raise ValueError(COMPLAINT)

    monkeypatch.setattr(type(world.store.scores), "history", accident)
    with caplog.at_level(logging.DEBUG):
        answer = world.get("/v1/clients/c-17/history")
    problem = assert_problem(answer, 500)
    assert answer.headers["request-id"] in problem["detail"]
    logged = "\n".join(caplog.messages)
    assert "ValueError in accident" in logged
    assert answer.headers["request-id"] in logged
    for text in (answer.text, logged):
        assert "How much longer" not in text


def test_a_lost_store_is_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise StoreError("The database is locked.", remedy="Wait.")

    monkeypatch.setattr(type(world.store.scores), "latest_as_of", lost)
    assert_problem(world.http.get("/v1/health"), 503)
    assert_problem(world.get("/v1/risks"), 503)
    monkeypatch.setattr(type(world.store.access), "verify", lost)
    assert_problem(world.get("/v1/risks"), 503)


def test_a_request_id_comes_back_unless_it_is_odd(world: World) -> None:
    assert world.http.get("/v1/health", headers={"Request-Id": "a.B-7_x"}).headers["request-id"] == "a.B-7_x"
    for odd in (b"x" * 65, b"a b", b"\xff", b""):
        answered = world.http.get("/v1/health", headers={"Request-Id": odd}).headers["request-id"]
        assert len(answered) == 16


def test_every_answer_carries_the_headers_that_keep_a_browser_safe(world: World) -> None:
    for path in ("/v1/health", "/sign-in", "/nothing", "/static/churnwatch.css"):
        headers = world.http.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_other_origins_get_no_permission(world: World) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = world.http.options("/v1/events", headers=asked | world.bearer("write"))
    assert answer.status_code == 405
    answers = [answer, world.http.get("/v1/health", headers=asked)]
    assert not [name for one in answers for name in one.headers if name.startswith("access-control")]


def test_a_body_that_says_it_is_too_large_is_refused_unread(world: World) -> None:
    headers = world.bearer("write") | {"Content-Length": str(shield.MAX_BODY_BYTES + 1)}
    assert_problem(world.http.post("/v1/events", content=b"{}", headers=headers), 413)


@pytest.mark.parametrize("path", ["/v1/events", "/v1/outcomes", "/sign-in"])
def test_a_body_that_does_not_say_it_is_too_large_is_cut_off(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(shield, "MAX_BODY_BYTES", 1000)
    read = 0

    def stream() -> Any:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b"x" * 100

    headers = world.bearer("write") | {"Content-Type": "application/json", "Origin": "http://testserver"}
    assert_problem(world.http.post(path, content=stream(), headers=headers), 413)


HOSTILE_PATHS = [
    "/v1/clients/%00", "/v1/clients/a%00b", "/v1/clients/a%0Ab/history", "/v1/clients/%ff%fe", "/v1/clients/..%2f..%2fetc",
    "/v1/clients/%F0%9F%92%A9", "/v1/alerts/%00", "/v1/alerts?client_id=%00", "/v1/alerts?state=%00", "/v1/risks?q=%00",
    "/v1/risks?q=%ed%a0%80", "/v1/risks?manager_id=%00", "/v1/risks?limit=99999999999999999999999", "/v1/risks?limit=1e400",
    "/v1/risks?min_probability=nan", "/v1/risks?as_of=0000-00-00", "/v1/risks?as_of=9999-12-31", "/v1/risks?as_of=1e9999",
    "/v1/risks?cursor=%00", "/v1/risks?sort=;drop", "/v1/clients/" + "x" * 5000, "/v1/risks?" + "band=calm&" * 500,
    "/v1/clients/c-17/history?limit=-1", "/v1/clients/", "/v1//", "/v1/clients//history",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_hostile_addresses_are_answered_calmly(world: World, path: str) -> None:
    answer = world.get(path, "all")
    assert answer.status_code in {200, 404, 422}
    assert answer.status_code == 200 or answer.headers["content-type"] == "application/problem+json"


HOSTILE_BODIES: list[bytes] = [
    b"", b"null", b"[]", b'"x"', b"{" * 100_000, b"[" * 100_000, b'{"events": 1}', b'{"events": [1, null, []]}', b"\xff\xfe", b"\x00",
    b'{"events": [{"event_id": 1' + b"0" * 5000 + b"}]}", b'{"events": [{"at": 1e999, "amount": -1e999}]}', b'{"events": [{"at": NaN}]}',
    b'{"events": [{"event_id": "\\ud800", "client_id": "\\u0000", "kind": "message", "direction": "in", "at": "2026-03-01"}]}',
    b'{"events": [{"\\ud800": "x"}]}', b'{"\\ud800": 1}', b'{"client_ids": ["\\ud800"]}', b'{"client_ids": ["\\u0000"]}',
    b'{"client_ids": ["c-17"], "as_of": "1989-12-31"}', b'{"client_ids": ["c-17"], "as_of": 1e300}',
    b'{"client_ids": ["c-17"], "as_of": -1}',
    b'{"outcomes": [{"client_id": "c-17", "ended_on": "9999-12-31", "departure": "left"}]}',
    b'{"outcomes": [{"client_id": "c-17", "ended_on": "2026-01-01", "departure": "left", "note": "\\u0000"}]}',
    b'{"to": "saved", "version": 99999999999999999999}', b'{"to": "saved", "version": 1, "why": "\\ud800"}',
]  # fmt: skip


@pytest.mark.parametrize("path", ["/v1/events", "/v1/score", "/v1/outcomes", "/v1/alerts/c-17:2026-03-01/transitions"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
def test_hostile_bodies_are_answered_calmly(world: World, path: str, kind: str) -> None:
    for body in HOSTILE_BODIES:
        answer = world.http.post(path, content=body, headers=world.bearer("all") | {"Content-Type": kind})
        assert answer.status_code in {200, 400, 422}, (body[:60], answer.text)
        json.loads(answer.text)
        assert answer.status_code == 200 or answer.headers["content-type"] == "application/problem+json"


def test_a_key_is_not_asked_for_its_session(world: World) -> None:
    """A browser that is signed in opens no door to the API: only a header does."""
    browser = TestClient(world.app, follow_redirects=False)
    form = {"key": world.keys["all"]}
    assert browser.post("/sign-in", data=form, headers={"Origin": "http://testserver"}).status_code == 303
    assert_problem(browser.get("/v1/risks"), 401)


def test_the_access_log_names_no_query() -> None:
    record = logging.LogRecord("uvicorn.access", 20, "", 1, '%s - "%s %s HTTP/%s" %d',
                               ("127.0.0.1:1", "GET", "/?ticket=secret", "1.1", 200), None)  # fmt: skip
    assert WithoutQuery().filter(record)
    assert record.getMessage() == '127.0.0.1:1 - "GET / HTTP/1.1" 200'
    assert log_config()["handlers"]["access"]["filters"] == ["without_query"]


def test_a_key_works_on_though_time_passes(world: World) -> None:
    world.app.state.service.clock.now = NOW + timedelta(days=400)
    assert world.get("/v1/risks").status_code == 200
