"""The pages as they come from the server: who may see them, in which language, and what stands on them."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from api_world import NOW, TICKET, TODAY, World
from starlette.testclient import TestClient

from churnwatch.api.app import create_app
from churnwatch.api.pages import chart
from churnwatch.api.sessions import TICKET_LIFETIME, Sessions
from churnwatch.core.errors import StoreError
from churnwatch.core.types import Band, CaseState, Departure, Freeze, Outcome, Risk, Standstill

ORIGIN = {"Origin": "http://testserver"}
CASE = "c-17:2026-03-01"


def sign_in(world: World, scope: str = "all") -> TestClient:
    browser = TestClient(world.app, follow_redirects=False, headers={"Accept": "text/html", "Accept-Language": "en"})
    answer = browser.post("/sign-in", data={"key": world.keys[scope]}, headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return browser


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    """Someone who is signed in with every scope."""
    return sign_in(world)


def rows_of(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="/clients/([^"]+)"', html)


def test_a_stranger_is_led_to_the_way_in_and_back(world: World) -> None:
    answer = world.http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    answer = world.http.get("/clients/c%2F19?x=1")
    assert answer.headers["location"] == "/sign-in?next=%2Fclients%2Fc%2F19%3Fx%3D1"
    form = world.http.get(answer.headers["location"]).text
    assert 'name="next" value="/clients/c/19?x=1"' in form
    answer = world.http.post("/sign-in", data={"key": world.keys["read"], "next": "/clients/c%2F19"}, headers=ORIGIN)
    assert answer.headers["location"] == "/clients/c%2F19"


@pytest.mark.parametrize(
    "goal", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nX: y"]
)
def test_signing_in_leads_nowhere_else(world: World, goal: str) -> None:
    answer = world.http.post("/sign-in", data={"key": world.keys["read"], "next": goal}, headers=ORIGIN)
    assert answer.headers["location"] == "/"
    assert 'name="next" value="/"' in world.http.get("/sign-in", params={"next": goal}).text


@pytest.mark.parametrize("key", ["", "cw_a_b", "\x00", "write"])
def test_a_key_that_may_not_read_does_not_sign_in(world: World, key: str) -> None:
    answer = world.http.post("/sign-in", data={"key": world.keys.get(key, key)}, headers=ORIGIN)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert 'role="alert"' in answer.text


def test_the_session_cookie_is_out_of_reach_and_stays_home(world: World) -> None:
    answer = world.http.post("/sign-in", data={"key": world.keys["read"]}, headers=ORIGIN)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age=43200" in cookie
    assert world.keys["read"] not in cookie


def test_a_session_ends_by_time_by_signing_out_and_with_its_key(world: World) -> None:
    first, second, third = sign_in(world), sign_in(world), sign_in(world, "read")
    assert second.post("/sign-out", headers=ORIGIN).status_code == 303
    world.store.access.revoke(world.keys["read"].split("_")[1])
    assert [one.get("/").status_code for one in (first, second, third)] == [200, 303, 303]
    world.app.state.service.clock.now = NOW + timedelta(hours=12)
    assert first.get("/").status_code == 303


def test_a_ticket_signs_in_once(world: World) -> None:
    answer = world.http.get(f"/?ticket={TICKET}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert world.http.get("/").status_code == 200
    other = TestClient(world.app, follow_redirects=False)
    for ticket in (TICKET, "", "guess"):
        assert other.get(f"/?ticket={ticket}").status_code == 401
    assert other.get("/").status_code == 303


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://testserver.evil.example", "http://"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/clients/c-17"])
def test_a_form_from_elsewhere_is_refused(browser: TestClient, world: World, path: str, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    form = {"key": world.keys["all"], "case": CASE, "version": "1", "to": "lost"}
    assert browser.post(path, data=form, headers=headers).status_code == 403
    case = world.store.cases.case(CASE)
    assert case is not None
    assert case.state is CaseState.OPEN


def test_a_link_in_a_mail_finds_the_session_again(browser: TestClient, world: World) -> None:
    stranger = TestClient(world.app, follow_redirects=False)
    answer = stranger.get("/clients/c%2F19", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert 'content="0;url=/clients/c/19"' in answer.text
    assert stranger.get("/clients/c-17", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert browser.get("/clients/c-17", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_the_list_shows_who_why_and_how_much(browser: TestClient) -> None:
    html = browser.get("/").text
    assert rows_of(html) == ["c-18", "c-17", "c%2F19", "c-20"]
    for piece in ("ООО «Ромашка»", "John Smith", "22\u00a0%", "12–37\u00a0%", "€2,750", "simmering", "Silent", "113\u00a0days",
                  "too few messages to judge", "Northwind &amp; Sons", "North Wind"):  # fmt: skip
        assert piece in html
    assert "<script" not in html
    assert " style=" not in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("manager=m-1", ["c-17", "c%2F19"]),
        ("band=simmering", ["c-18", "c-17"]),
        ("only=simmering", ["c-18"]),
        ("only=nonsense&q=north", ["c-17"]),
        ("sort=client", ["c-20", "c-17", "c%2F19", "c-18"]),
        ("manager=nobody", []),
        ("band=nonsense&sort=nonsense&cursor=nonsense", ["c-18", "c-17", "c%2F19", "c-20"]),
        ("q=%00&manager=%00", []),
    ],
)
def test_the_list_can_be_filtered_and_sorted(browser: TestClient, query: str, expected: list[str]) -> None:
    answer = browser.get(f"/?{query}")
    assert answer.status_code == 200
    assert rows_of(answer.text) == expected


def test_a_click_on_a_bands_count_shows_it_alone_and_a_second_everyone(browser: TestClient) -> None:
    there = re.search(r'href="([^"]*only=boiling)"', browser.get("/").text)
    assert there is not None
    shown = browser.get(there[1].replace("&amp;", "&")).text
    assert rows_of(shown) == ["c-17"]
    assert 'class="chosen" aria-current="true"' in shown
    assert "only=boiling" not in re.findall(r'<ul class="tally".*?</ul>', shown, re.DOTALL)[0]


def test_a_long_list_has_pages(browser: TestClient, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("churnwatch.api.pages.risk_list._PAGE_CLIENTS", 3)
    first = browser.get("/?sort=client").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert rows_of(first) + rows_of(second) == ["c-20", "c-17", "c%2F19", "c-18"]


def test_old_scores_say_that_they_are_old(browser: TestClient, world: World) -> None:
    assert "has not finished" not in browser.get("/").text
    world.app.state.service.clock.now = NOW + timedelta(days=5)
    assert "5\u00a0days old" in sign_in(world).get("/").text


def test_without_percentages_none_are_shown(world: World) -> None:
    bare = [replace(risk, probability=None, low=None, high=None) for risk in world.store.scores.risks()]
    world.store.scores.put_risks([replace(risk, as_of=TODAY + timedelta(days=1)) for risk in bare])
    html = sign_in(world).get("/").text
    assert "No percentages yet" in html
    assert 'class="number chance"' not in html
    assert rows_of(html)[0] == "c-17"  # the hottest first
    assert sign_in(world).get("/clients/c-17").status_code == 200


@pytest.mark.parametrize(("tongue", "words"), [("en", "cannot be read"), ("ru", "не читается")])
def test_a_clients_page_says_that_its_source_is_down(
    browser: TestClient, world: World, tongue: str, words: str
) -> None:
    assert words not in browser.get("/clients/c-17", headers={"Accept-Language": tongue}).text
    frozen = Freeze(TODAY - timedelta(4), Standstill.SOURCE_DOWN)
    world.store.scores.put_risks([replace(one, frozen=frozen) for one in world.store.scores.risks()])
    assert words in browser.get("/clients/c-17", headers={"Accept-Language": tongue}).text


def test_before_the_first_night_the_page_says_what_to_run(empty_world: World) -> None:
    html = sign_in(empty_world).get("/").text
    assert "There are no scores yet" in html
    assert re.search(r"<pre>churnwatch \w+", html)


def test_the_language_is_asked_kept_and_told(world: World, browser: TestClient) -> None:
    assert "Risk list" in browser.get("/").text
    asked = browser.get("/?lang=ru&band=calm")
    assert 'lang="ru"' in asked.text
    assert asked.headers["content-language"] == "ru"
    assert "Список рисков" in browser.get("/").text  # from now on
    assert "Risk list" in browser.get("/?lang=en").text
    assert "/?lang" not in browser.get("/?lang=zz").headers.get("set-cookie", "")
    fresh = TestClient(world.app)
    assert "Вход" in fresh.get("/sign-in", headers={"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.8"}).text
    assert "Sign in" in fresh.get("/sign-in", headers={"Accept-Language": "de"}).text  # the firm's own


def test_a_russian_page_is_set_in_russian(world: World) -> None:
    html = sign_in(world).get("/?lang=ru").text
    for piece in ("закипает", "2\u00a0750\u00a0€", "113\u00a0дней", "3\u00a0марта 2026\u00a0г.", "22\u00a0%"):
        assert piece in html
    html = sign_in(world).get("/clients/c-17?lang=ru").text
    for piece in ("Открытый случай", "Почему", "от клиента", "01.05.2024 – 31.12.2026", "4\u00a0200\u00a0€"):
        assert piece in html


def test_a_client_shows_reasons_history_case_and_words(browser: TestClient) -> None:
    html = browser.get("/clients/c-17").text
    for piece in ("41\u00a0%", "23–70\u00a0%", "Ask whether all is well", "<mark>How much longer do we have</mark>", "€4,200",
                  '<path class="line"', "Seen, I am on it", "Ursula"):  # fmt: skip
        assert piece in html
    assert "ursula@northwind.example" not in html


def test_texts_are_shown_to_those_who_may_read_them(world: World) -> None:
    html = sign_in(world, "read").get("/clients/c-17").text
    assert "How much longer" not in html
    assert "does not show texts" in html
    assert 'name="to"' not in html  # nor may this key write


def test_what_a_client_wrote_stays_text(world: World) -> None:
    row = {"event_id": "x-1", "client_id": "c-17", "kind": "message", "direction": "in", "at": "2026-03-02T09:14:00Z",
           "text": "How much longer do we have to wait <script>alert(1)</script>?!!"}  # fmt: skip
    assert world.post("/v1/events", {"events": [row]}).json()["new"] == 1
    risk = next(one for one in world.store.scores.risks() if one.client_id == "c-17")
    reason = replace(risk.reasons[0], event_ids=("x-1",), words={"en": "<b>x</b>", "ru": "<b>x</b>"})
    world.store.scores.put_risks([replace(risk, reasons=(reason,))])
    html = sign_in(world).get("/clients/c-17").text
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<b>x</b>" not in html


@pytest.mark.parametrize("path", ["/clients/nobody", "/clients/%00", "/clients/", "/nowhere", "/static/nothing.css"])
def test_a_page_that_is_not_there_says_so_as_a_page(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Not found" in answer.text


def test_a_case_is_moved_by_a_button(browser: TestClient, world: World) -> None:
    form = {"case": CASE, "version": "1", "to": "acknowledged", "why": " I call them "}
    answer = browser.post("/clients/c-17", data=form, headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/clients/c-17")
    last = world.store.cases.transitions(CASE)[-1]
    assert (last.to_state, last.who, last.why) == (CaseState.ACKNOWLEDGED, "key of all", "I call them")
    again = browser.post("/clients/c-17", data=form, headers=ORIGIN)
    assert again.headers["location"] == "/clients/c-17"  # a double click is one click
    late = browser.post("/clients/c-17", data=form | {"to": "lost"}, headers=ORIGIN)
    assert late.headers["location"] == "/clients/c-17?case=changed"
    assert "Look at it again" in browser.get("/clients/c-17?case=changed").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"case": CASE, "version": "1", "to": "nonsense"}, 400),
        ({"case": CASE, "version": "x", "to": "lost"}, 400),
        ({"case": "none", "version": "1", "to": "lost"}, 404),
        ({}, 400),
    ],
)
def test_a_broken_form_moves_nothing(browser: TestClient, form: dict[str, str], status: int) -> None:
    assert browser.post("/clients/c-17", data=form, headers=ORIGIN).status_code == status


def test_a_case_is_moved_on_its_own_clients_page_alone(browser: TestClient, world: World) -> None:
    form = {"case": CASE, "version": "1", "to": "lost"}
    assert browser.post("/clients/c-18", data=form, headers=ORIGIN).status_code == 404
    assert sign_in(world, "read").post("/clients/c-17", data=form, headers=ORIGIN).status_code == 403


def test_a_form_that_is_no_form_is_400(browser: TestClient) -> None:
    for body in (b"\xff", b"&".join(b"a%d=1" % number for number in range(50))):
        assert browser.post("/sign-in", content=body, headers=ORIGIN).status_code == 400


def test_an_ended_relation_says_when(browser: TestClient, world: World) -> None:
    world.store.people.put([Outcome("c-18", date(2026, 2, 20), Departure.LEFT, NOW)])
    assert "Relation ended on 20\u00a0February 2026" in browser.get("/clients/c-18").text


def test_both_languages_have_the_same_phrases_with_the_same_gaps() -> None:
    tables = tomllib.loads(files("churnwatch.api.pages").joinpath("words.toml").read_text(encoding="utf-8"))
    assert tables["en"].keys() == tables["ru"].keys()
    for name, phrase in tables["en"].items():
        assert set(re.findall(r"{\w+}", phrase)) == set(re.findall(r"{\w+}", tables["ru"][name])), name


def test_every_phrase_is_used() -> None:
    room = Path(str(files("churnwatch.api")))
    used = "\n".join(path.read_text(encoding="utf-8") for path in [*room.rglob("*.html"), *room.rglob("*.py")])
    tables = tomllib.loads((room / "pages" / "words.toml").read_text(encoding="utf-8"))
    made = {f"state_{state.value}" for state in CaseState} | {f"do_{state.value}" for state in CaseState} | set(Band)
    made |= {"few_events", "new_client", *Standstill}
    assert [name for name in tables["en"] if name not in made and not re.search(rf"\b{name}\b", used)] == []


def test_a_lost_store_is_told_as_a_page(browser: TestClient, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise StoreError("The database is locked.", remedy="Wait.")

    monkeypatch.setattr(type(world.store.scores), "latest_as_of", lost)
    answer = browser.get("/")
    assert answer.status_code == 503
    assert "out of reach" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


# --- the drawing ------------------------------------------------------------------------------------------------------


def risk(day: int, probability: float | None, band: Band | None = Band.CALM) -> Risk:
    low, high = (None, None) if probability is None else (probability / 2, min(probability * 2, 1))
    return Risk("c", date(2026, 1, 1) + timedelta(days=day), 90, "m", probability, low, high, band)


def test_one_point_is_no_line() -> None:
    assert chart.draw([]) is None
    assert chart.draw([risk(0, 0.1)]) is None
    assert chart.draw([risk(0, None, None), risk(7, None, None)]) is None


def test_a_line_rises_with_the_risk_and_ends_at_the_last_day() -> None:
    drawn = chart.draw([risk(0, 0.1), risk(7, 0.2), risk(14, 0.4)])
    assert drawn is not None
    heights = [float(point.split()[1]) for point in drawn.line[1:].split(" L")]
    assert heights == sorted(heights, reverse=True)
    assert drawn.last == (float(chart.WIDTH - 6), heights[-1])
    assert [level for _, level in drawn.levels] == [0.0, 0.5, 1.0]


def test_a_long_pause_is_a_hole_in_the_line() -> None:
    drawn = chart.draw([risk(0, 0.1), risk(7, 0.1), risk(100, 0.1), risk(107, 0.1)])
    assert drawn is not None
    assert drawn.line.count("M") == 2
    assert drawn.range.count("Z") == 2


def test_without_percentages_the_bands_are_drawn() -> None:
    drawn = chart.draw([risk(0, None, Band.CALM), risk(7, None, Band.BOILING)])
    assert drawn is not None
    assert drawn.range == ""
    assert [level for _, level in drawn.levels] == list(Band)


def test_a_made_up_firm_says_so_on_every_page_and_in_every_answer(world: World) -> None:
    made_up = world.config.model_copy(update={"firm": world.config.firm.model_copy(update={"synthetic": True})})
    app = create_app(made_up, world.store, clock=lambda: NOW)
    browser = TestClient(app, follow_redirects=False, headers={"Accept": "text/html", "Accept-Language": "en"})
    browser.post("/sign-in", data={"key": world.keys["all"]}, headers=ORIGIN)
    assert "Synthetic data" in browser.get("/").text
    assert "Синтетические данные" in browser.get("/", params={"lang": "ru"}).text
    assert browser.get("/v1/health").headers["Churnwatch-Synthetic"] == "true"
    real = world.http.get("/v1/health")
    assert "Churnwatch-Synthetic" not in real.headers


def test_a_ticket_gets_old() -> None:
    sessions = Sessions("ticket", NOW)
    assert sessions.exchange("ticket", ("read",), NOW + TICKET_LIFETIME) is None
    assert sessions.exchange("ticket", ("read",), NOW + TICKET_LIFETIME - timedelta(seconds=1)) is not None
