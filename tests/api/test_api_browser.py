"""The pages in a real browser: nothing is fetched from elsewhere, nothing is complained of, everything is reachable by keyboard."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from api_world import TICKET, World
from playwright.sync_api import Browser, Error, Page, Request, sync_playwright

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or playwright's own."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=["--no-sandbox"]
            )
        except Error:
            reason = "no Chromium: apt-get install chromium, or playwright install chromium"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        yield browser
        browser.close()


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The firm's server on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(world.app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


class Watched:
    """A page that remembers what it fetched and what the browser complained of."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.fetched: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.fetched.append(request.url))
        self.page.on("requestfailed", self._failed)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type in {"error", "warning"} else None
        )
        self.page.goto(f"{address}/?ticket={TICKET}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # given up for the next page
            self.complaints.append(f"{request.url}: {request.failure}")

    def fits(self) -> bool:
        """Whether nothing sticks out to the side."""
        fits: bool = self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        return fits


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 1280, "height": 800}},
        {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "locale": "ru-RU"},
        {"viewport": {"width": 820, "height": 1180}, "color_scheme": "dark", "locale": "ru-RU"},
    ],
    ids=["desktop", "phone", "dark"],
)
def test_the_way_through_the_pages_is_quiet_and_fits(chromium: Browser, address: str, options: dict[str, Any]) -> None:
    watched = Watched(chromium, address, **options)
    page = watched.page
    assert page.locator("tbody tr").count() == 4
    assert watched.fits()
    page.get_by_role("link", name="Northwind & Sons").click()
    page.wait_for_selector(".history")
    for details in page.locator("summary").all():
        details.click()
    assert page.locator("mark").count() > 0
    assert watched.fits()
    page.locator(".out button").click()
    page.wait_for_url("**/sign-in")
    assert watched.fits()
    assert watched.complaints == []
    assert {url for url in watched.fetched if not url.startswith(f"{address}/")} == set()
    watched.context.close()


def test_colours_follow_the_system_and_differ_from_their_ground(chromium: Browser, address: str) -> None:
    watched = Watched(chromium, address)
    ratios = {}
    for scheme in ("light", "dark"):
        watched.page.emulate_media(color_scheme=scheme)
        ratios[scheme] = watched.page.evaluate(_CONTRASTS)
    assert ratios["light"] != ratios["dark"]
    for scheme, found in ratios.items():
        assert len(found) > 10
        for text, ratio in found:
            assert ratio >= 4.5, (scheme, text, ratio)
    watched.context.close()


def test_everything_is_reached_and_shown_by_the_keyboard(chromium: Browser, address: str) -> None:
    watched = Watched(chromium, address)
    page = watched.page
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "[document.activeElement.name || document.activeElement.innerText, getComputedStyle(document.activeElement).outlineStyle]"
        )
        if name is None or document_is_left(page):
            break
        assert outline == "solid", name
        reached.append(name)
    assert reached[0] == "Skip to the content"
    assert {"Northwind & Sons", "q", "manager", "Show", "Client"} <= {name.strip(" ↑↓") for name in reached}
    watched.context.close()


def document_is_left(page: Page) -> bool:
    left: bool = page.evaluate("document.activeElement === document.body")
    return left


def test_filters_and_sorting_work_without_any_script(chromium: Browser, address: str) -> None:
    watched = Watched(chromium, address, java_script_enabled=False)
    page = watched.page
    page.get_by_label("Manager").select_option("m-1")
    page.get_by_role("button", name="Show").click()
    assert page.locator("tbody tr").count() == 2
    page.get_by_role("link", name="Clear").click()
    page.get_by_role("columnheader", name="Client").get_by_role("link").click()
    assert page.locator("tbody th a").first.inner_text() == "Newcomer"
    assert page.locator("thead [aria-sort]").get_attribute("aria-sort") == "ascending"
    page.get_by_role("link", name="RU").click()
    assert page.locator("h1").inner_text() == "Список рисков"
    assert page.locator("tbody th a").first.inner_text() == "Newcomer"  # the order is kept
    watched.context.close()


def test_a_case_is_answered_with_one_click(chromium: Browser, address: str, world: World) -> None:
    watched = Watched(chromium, address)
    watched.page.goto(f"{address}/clients/c-17")
    watched.page.get_by_role("button", name="Seen, I am on it").click()
    watched.page.get_by_text("acknowledged", exact=True).wait_for()
    case = world.store.cases.case("c-17:2026-03-01")
    assert case is not None
    assert case.state == "acknowledged"
    assert watched.complaints == []
    watched.context.close()


def test_a_link_from_another_site_finds_the_session(chromium: Browser, address: str) -> None:
    watched = Watched(chromium, address)
    watched.page.route(
        "http://mail.example/",
        lambda route: route.fulfill(body=f'<a href="{address}/clients/c-17">x</a>', content_type="text/html"),
    )
    watched.page.goto("http://mail.example/")
    watched.page.get_by_role("link").click()
    watched.page.wait_for_selector(".history")
    watched.context.close()


_CONTRASTS = """() => {
  const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = parts(getComputedStyle(element).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .filter(element => !element.closest("option, .skip"))
    .map(element => {
      const [a, b] = [light(parts(getComputedStyle(element).color)), light(ground(element))];
      return [element.textContent.trim(), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    });
}"""
