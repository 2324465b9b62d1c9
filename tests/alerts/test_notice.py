"""A notice says all that a tired reader needs, in their language, and nothing can be smuggled through it."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import cast

import pytest

from churnwatch.alerts import notice as notice_module
from churnwatch.alerts.notice import compose
from churnwatch.alerts.playbook import PLAYS
from churnwatch.core.config import Firm, Language
from churnwatch.core.types import (
    Band,
    Case,
    CaseState,
    Client,
    Contact,
    Direction,
    Manager,
    Notice,
    Quote,
    Reason,
    Risk,
)

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES: tuple[Language, ...] = ("en", "ru")
NIGHT = date(2024, 3, 8)  # a Friday, and a public holiday in Russia
NAMES = {"en": "Northwind", "ru": "Северный ветер"}
PEOPLE = {"en": ("Anna Petrova", "Olga"), "ru": ("Анна Петрова", "Ольга")}
WORDS = {
    "latency": ("They take 9.4 h to answer; 3.1 h is usual for them.", "Отвечают через 9,4 ч, обычно через 3,1 ч."),
    "meetings": ("Moved 3 of the last 4 meetings; before, 1 in 10.", "Перенесли 3 встречи из 4; раньше 1 из 10."),
    "tone": (
        "Repeated a request in 2 of 14 messages; before, never.",
        "Повторяют просьбу в 2 письмах из 14; раньше нет.",
    ),
    "rhythm": ("Silent for 12 days; 3 is usual for them.", "Молчат 12 дней, обычно не больше 3."),
}
SAID = {
    "en": ("The report is late again, as I already wrote on Monday, and nobody has called.", "as I already wrote"),
    "ru": ("Отчёт опять опаздывает, как я уже писала в понедельник, и никто не позвонил.", "как я уже писала"),
}


def reason(family: str, contribution: float, now: float | None = 9.4) -> Reason:
    english, russian = WORDS[family]
    return Reason(f"{family}_z", family, contribution, now, 3.1, "h", {"en": english, "ru": russian}, ("e1", "e2"))


REASONS = (reason("tone", 0.4), reason("latency", 1.1), reason("rhythm", -0.5), reason("meetings", 0.7))
RISK = Risk("nw/1", NIGHT, 90, "model-1", 0.324, 0.2, 0.45, Band.SIMMERING, REASONS)


def quote(language: Language) -> Quote:
    text, cue = SAID[language]
    start = text.index(cue)
    return Quote("e9", datetime(2024, 3, 5, 22, 30, tzinfo=UTC), Direction.IN, text, start, start + len(cue))


def composed(
    language: Language = "en",
    risk: Risk = RISK,
    play: str = "check_in",
    client: Client | None = None,
    quotes: tuple[Quote, ...] | None = None,
    *,
    owned: bool = True,
    contact: Contact | None = None,
) -> Notice:
    owner, person = PEOPLE[language]
    case = Case(
        "case_1",
        "nw/1",
        "anna",
        CaseState.OPEN,
        NIGHT,
        datetime(2024, 3, 8, 3, tzinfo=UTC),
        1,
        Band.SIMMERING,
        0.3,
        play,
    )
    return compose(
        case,
        risk,
        client or Client("nw/1", NAMES[language], "anna"),
        Manager("anna", owner, "anna@firm.example", language) if owned else None,
        "anna@firm.example",
        (quote(language),) if quotes is None else quotes,
        language,
        Firm(timezone="Europe/Moscow", country="RU", language=language),
        "https://watch.firm.example/",
        contact or Contact("k1", "nw/1", person),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_reads_as_the_golden_file(language: Language) -> None:
    notice = composed(language)
    golden = (GOLDEN / f"notice.{language}.txt").read_text(encoding="utf-8")

    assert f"Subject: {notice.subject}\n\n{notice.text}" == golden


def test_the_subject_alone_says_who_how_hot_how_likely_and_why() -> None:
    plain = composed("en").subject.replace("\u00a0", " ")

    assert plain == "Northwind is simmering (32 %): They take 9.4 h to answer; 3.1 h is usual for them"
    assert (
        composed("ru").subject.replace("\u00a0", " ").startswith("Северный ветер закипает (32 %): Отвечают через 9,4")
    )


def test_a_long_subject_is_cut_at_a_word() -> None:
    client = Client("nw/1", "Northwind " * 30)

    subject = composed(client=client).subject

    assert len(subject) <= 140
    assert subject.endswith("Northwind…")


@pytest.mark.parametrize(
    "attack", ["Nord\r\nBcc: all@x.example", "Nord\nBcc: x", "Nord\u2028Bcc: x", "Nord\x0bBcc", "Nord\x85B"]
)
def test_a_line_end_in_a_name_starts_no_header(attack: str) -> None:
    harmful = replace(REASONS[1], words={"en": f"why {attack}", "ru": "…"})

    notice = composed(client=Client("nw/1", attack), risk=replace(RISK, reasons=(harmful,)))

    assert len(notice.subject.splitlines()) == 1
    assert notice.subject.isprintable() or "\u00a0" in notice.subject
    assert not re.search(r"^Bcc", notice.text, re.MULTILINE)


def test_the_three_strongest_reasons_that_raise_the_risk_are_listed_in_order() -> None:
    text = composed().text

    places = [text.index(WORDS[family][0]) for family in ("latency", "meetings", "tone")]
    assert places == sorted(places)
    assert WORDS["rhythm"][0] not in text


def test_without_reasons_it_says_so_instead_of_listing_nothing() -> None:
    notice = composed(risk=replace(RISK, reasons=()))

    assert "many small changes add up" in notice.text
    assert "many small changes add up" in notice.html


@pytest.mark.parametrize(
    ("insufficient", "said"),
    [("few_events", "too little correspondence"), ("new_client", "too new"), (None, "too few departures")],
)
def test_without_a_percentage_it_says_why(insufficient: str | None, said: str) -> None:
    risk = replace(RISK, probability=None, low=None, high=None, insufficient=insufficient)

    notice = composed(risk=risk)

    assert said in notice.text
    assert "\u00a0%" not in notice.text + notice.html + notice.subject
    assert notice.payload["probability"] is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("play", PLAYS)
def test_every_play_renders_in_both_languages_with_no_slot_left(play: str, language: Language) -> None:
    notice = composed(language, play=play)

    assert "{" not in notice.text
    assert all(len(line) <= 78 for line in notice.text.splitlines())
    assert _problems_of(notice.html) == []


def test_the_day_by_which_to_act_skips_weekends_and_holidays() -> None:
    assert "By Tuesday, 12\u00a0March (within 2\u00a0working days)." in composed().text
    assert (
        "Не позднее понедельника, 11\u00a0марта (в течение 1\u00a0рабочего дня)."
        in composed("ru", play="own_fault").text
    )


def test_a_quote_is_marked_and_dated_in_the_firms_time_zone() -> None:
    notice = composed()

    assert "6\u00a0March, the client" in notice.text  # 22:30 UTC on the fifth
    assert "*as I already wrote*" in " ".join(notice.text.split())
    assert '<span style="background-color:#fef08a;font-weight:bold;">as I already wrote</span>' in notice.html


def test_a_quote_without_a_cue_has_no_mark_in_it() -> None:
    notice = composed(quotes=(replace(quote("en"), cue_start=0, cue_end=0),))

    assert f"“{SAID['en'][0]}”" in " ".join(notice.text.split())
    assert f"“{SAID['en'][0]}”" in notice.html


def test_without_quotes_no_word_of_the_client_is_in_the_notice() -> None:
    notice = composed(quotes=())

    assert "In their words" not in notice.html
    assert notice.payload["quotes"] == []
    assert "as I already wrote" not in notice.text + notice.html + json.dumps(notice.payload)


def test_markup_in_names_and_quotes_is_shown_not_obeyed() -> None:
    text = "<img src=x onerror=alert(1)> & more"
    harmful = Quote("e9", datetime(2024, 3, 5, tzinfo=UTC), Direction.IN, text, 0, 4)
    client = Client("nw/1", "<script>alert(1)</script>")

    notice = composed(client=client, quotes=(harmful,), contact=Contact("k", "nw/1", "<b>Olga</b>"))

    assert "<script" not in notice.html
    assert "<b>" not in notice.html
    assert "&lt;img</span> src=x" in notice.html
    assert "*<img* src=x" in notice.text


def test_the_link_leads_to_the_client_whatever_its_id() -> None:
    assert 'href="https://watch.firm.example/clients/nw%2F1"' in composed().html


def test_without_an_owner_the_reader_is_asked_to_find_one() -> None:
    assert "decide who takes it" in composed(owned=False).text
    assert composed(owned=False).payload["manager"] is None


def test_without_a_known_contact_the_name_is_left_to_fill_in() -> None:
    assert "“[name], good morning." in composed(contact=Contact("k", "nw/1")).text
    assert "«[имя], добрый день." in composed("ru", contact=Contact("k", "nw/1")).text


def test_the_payload_says_the_same_to_machines_in_json() -> None:
    risk = replace(RISK, reasons=(reason("latency", 1.1, float("nan")),))

    payload = cast("dict[str, object]", json.loads(json.dumps(composed(risk=risk).payload, allow_nan=False)))

    assert (payload["schema"], payload["version"]) == ("churnwatch.notice", 1)
    assert (payload["band"], payload["probability"], payload["as_of"]) == ("simmering", 0.324, "2024-03-08")
    (only,) = cast("list[dict[str, object]]", payload["reasons"])
    assert (only["now"], only["before"], only["event_ids"]) == (None, 3.1, ["e1", "e2"])
    assert payload["play"] == {
        "name": "check_in",
        "title": "Ask whether all is well",
        "by": "manager",
        "channel": "call",
        "due_on": "2024-03-12",
    }


def test_both_languages_have_the_same_phrases() -> None:
    phrases = notice_module._phrases()

    assert phrases["en"].keys() == phrases["ru"].keys()
    slots = {key: set(re.findall(r"\{\w+\}", phrase)) for key, phrase in phrases["en"].items()}
    assert slots == {key: set(re.findall(r"\{\w+\}", phrase)) for key, phrase in phrases["ru"].items()}


def test_the_html_needs_nothing_from_elsewhere() -> None:
    html = composed().html

    assert re.findall(r"(?:src|href)=\"([^\"]+)\"", html) == ["https://watch.firm.example/clients/nw%2F1"]
    assert "<style" not in html
    assert "class=" not in html


def _problems_of(html: str) -> list[str]:
    checker = _Balance()
    checker.feed(html)
    checker.close()
    return checker.problems + [f"<{tag}> is never closed" for tag in checker.open]


class _Balance(HTMLParser):
    """Finds tags that are not closed in order: mail programs forgive them, each in its own way."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes another")
