"""The reading of one client: found by name, told in two languages and any width, private unless asked, exact for scripts."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from cli_answers import Answer, Run, width_of
from firms import AS_OF, Firm

from churnwatch import features
from churnwatch.cli.events import event_line
from churnwatch.cli.reading import Reading, frozen_note, print_reading
from churnwatch.core.config import Firm as FirmSettings
from churnwatch.core.types import (
    Call,
    Client,
    Contact,
    Direction,
    Event,
    Invoice,
    Meeting,
    MeetingStatus,
    Message,
    Quote,
    Standstill,
)
from churnwatch.explaining import Explanation, Finding

FIVE_DAYS_BEFORE = AS_OF - timedelta(5)
IN, OUT = Direction.IN, Direction.OUT
SETTINGS = FirmSettings(timezone="Europe/Berlin")


@pytest.fixture
def explain(run: Run, settled: Firm):
    def explained(client: str, *options: object, as_of: date = AS_OF) -> Answer:
        return run("explain", client, "--config", settled.config_path, "--as-of", as_of, *options)

    return explained


def _told(kind: type[Event], direction: Direction, **more: object) -> Event:
    at = SETTINGS.calendar.midnight(FIVE_DAYS_BEFORE) + timedelta(hours=12)
    return kind(event_id="e", client_id="c", direction=direction, at=at, known_at=at, **more)


# --- what is told -----------------------------------------------------------------------------------------------------


def test_the_reading_says_who_when_why_and_with_which_events(explain) -> None:
    answer = explain("northwind")
    assert (answer.code, answer.err) == (0, "")
    assert "Northwind" in answer.out
    assert "Account manager: Ben Hall." in answer.out
    assert "As of the morning of 2 June 2025." in answer.out.replace("\u00a0", " ")
    assert re.search(r"▲ Silent for \d+ days; its own long pauses are \d+ days", answer.out)
    assert re.search(r"May, \d\d:\d\d: (mail from the client|our mail) \(Lee Berg\)", answer.out.replace("\u00a0", " "))
    assert "Not enough evidence" in answer.out
    assert re.search(r"needs \d", answer.out)


def test_what_is_notable_comes_first_and_the_rest_is_counted_or_named(explain) -> None:
    shown = explain("romashka").out
    told, _, rest = shown.partition("Nothing notable: ")
    assert "\nTone\n" in told
    assert "tone" not in rest.split(".")[0]
    assert "silence " not in told


def test_all_shows_every_signal_that_has_a_value(explain) -> None:
    signals = explain("northwind", "--json").data["signals"]
    told = explain("northwind", "--all").out.partition("Not enough evidence")[0]
    assert {one["signal"] for one in signals if one["value"] is not None} <= set(told.split())
    assert not {one["signal"] for one in signals if one["value"] is None} & set(told.split())


def test_what_is_missing_is_listed_with_what_it_needs(explain) -> None:
    missing = [
        one for one in explain("northwind", "--json").data["signals"] if one["value"] is None and one["connected"]
    ]
    assert missing
    page, _, needed = (" ".join(part.split()) for part in explain("northwind").out.partition("Not enough evidence"))
    unconnected = page.partition("Not connected")[2]
    for one in missing:
        signal = features.BY_NAME[one["signal"]]
        assert one["needs"] == signal.least
        assert one["needs"].split(",")[0] in needed if one["connected"] else signal.en[:20] in unconnected


def test_what_the_firm_has_not_connected_stands_apart(explain) -> None:
    apart = {one["signal"] for one in explain("northwind", "--json").data["signals"] if not one["connected"]}
    assert apart == {"senior_joins"}  # the contacts of this firm have no job titles
    shown = " ".join(explain("northwind").out.split())
    assert "Not connected no job titles of contacts people of higher rank" in shown
    assert "Не подключено нет должностей контактов" in " ".join(explain("northwind", "--lang", "ru").out.split())


def test_the_reading_is_in_russian_where_that_is_asked_for(explain) -> None:
    shown = explain("northwind", "--lang", "ru").out
    assert re.search(r"▲ Молчит \d+ д", shown)
    assert "Менеджер клиента: Ben Hall." in shown
    assert "Мало данных" in shown
    for english in ("own past", "needs", "Nothing notable", "mail", "May"):
        assert english not in shown


def test_an_earlier_date_knows_less(explain) -> None:
    earlier = AS_OF - timedelta(weeks=10)
    shown = explain("northwind", as_of=earlier).out
    assert "Silent for" not in shown
    data = explain("northwind", "--json", as_of=earlier).data
    assert data["as_of"] == earlier.isoformat()
    assert all(event["at"] < earlier.isoformat() for event in data["events"])


def test_an_ended_relation_says_so(explain) -> None:
    assert "The relation is over" in explain("vechta").out
    assert explain("vechta", "--json").data["frozen"] == "ended"
    assert explain("northwind", "--json").data["frozen"] is None


@pytest.mark.parametrize("columns", [20, 80, 120])
@pytest.mark.parametrize("options", [(), ("--all", "--text"), ("--lang", "ru")])
def test_any_width_will_do(explain, monkeypatch: pytest.MonkeyPatch, columns: int, options: tuple[str, ...]) -> None:
    width_of(monkeypatch, columns)
    answer = explain("romashka", *options)
    assert answer.code == 0
    assert max(map(len, answer.out.splitlines())) <= columns


# --- privacy ----------------------------------------------------------------------------------------------------------


def test_no_word_of_theirs_is_shown_unless_asked_for(explain) -> None:
    assert "обещали" not in explain("romashka").out
    assert "обещали" not in explain("romashka", "--json").out
    assert "обещали" in explain("romashka", "--text").out
    quotes = [event["quote"] for event in explain("romashka", "--text", "--json").data["events"]]
    assert any(quote and "обещали" in quote for quote in quotes)


def test_where_no_texts_are_kept_it_is_said_that_there_is_nothing_to_quote(run: Run, firm: Firm) -> None:
    firm.set('[privacy]\nkeep_text = false\n[delivery]\nfolder = "outbox"')
    firm.night()
    answer = run("explain", "romashka", "--config", firm.config_path, "--as-of", AS_OF, "--text")
    assert answer.code == 0
    assert "nothing to quote" in answer.out


# --- for scripts ------------------------------------------------------------------------------------------------------


def test_scripts_get_every_signal_and_the_events_they_point_to(explain) -> None:
    data = explain("romashka", "--json").data
    assert (data["client_id"], data["name"], data["manager_id"]) == ("romashka", "Ромашка", data["manager_id"])
    assert [one["signal"] for one in data["signals"]] == list(features.NAMES)
    events = {event["event_id"] for event in data["events"]}
    assert events == {event_id for one in data["signals"] for event_id in one["event_ids"]}
    assert all("quote" not in event for event in data["events"])
    assert any(one["notable"] for one in data["signals"])


# --- which client -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["harbor", "HARBOR", "Harbor & Sons", "harbor & sons", "& son"])
def test_a_client_is_found_by_id_name_or_a_part_that_no_other_has(explain, wanted: str) -> None:
    assert explain(wanted, "--json").data["client_id"] == "harbor"


def test_a_name_that_fits_several_is_refused_with_all_of_them(explain) -> None:
    answer = explain("r")
    assert (answer.code, answer.out) == (1, "")
    for name in ("Harbor & Sons (harbor)", "Northwind (northwind)", "Uhrwerk (uhrwerk)"):
        assert name in answer.err


def test_an_unknown_name_is_refused_with_the_nearest(explain) -> None:
    answer = explain("nortwhind")
    assert (answer.code, answer.out) == (1, "")
    assert "Northwind (northwind)" in answer.err
    assert "Harbor" not in answer.err
    assert "risks --json" in explain("xyzzy").err
    assert explain("").code == 1


def test_a_wrong_date_is_wrong_usage(run: Run, settled: Firm) -> None:
    answer = run("explain", "northwind", "--config", settled.config_path, "--as-of", "yesterday")
    assert (answer.code, answer.out) == (2, "")


# --- one page ---------------------------------------------------------------------------------------------------------


def _page(pointing: dict[str, tuple[str, ...]], capsys: pytest.CaptureFixture[str], *, everything: bool = False) -> str:
    """A page of notable signals that point to messages, each quoted by its own id."""
    found = tuple(Finding(features.BY_NAME[name], 3.0, 9.0, 3.0, 3.0, ids) for name, ids in pointing.items())
    ids = sorted({one for cited in pointing.values() for one in cited})
    events: dict[str, Event] = {one: replace(_told(Message, IN), event_id=one) for one in ids}
    quotes = {one: Quote(one, event.at, IN, f"words {one}", 0, 0) for one, event in events.items()}
    explanation = Explanation("c", AS_OF, None, found, events)
    reading = Reading(explanation, Client("c", "Client"), None, {}, quotes)
    capsys.readouterr()
    print_reading(reading, SETTINGS, "en", everything=everything)
    return capsys.readouterr().out


def test_an_event_is_quoted_once_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    shown = _page({"blame": ("a", "b"), "open_wait": ("b", "c"), "overdue": ("a",)}, capsys)
    assert [shown.count(f"“words {one}”") for one in "abc"] == [1, 1, 1]
    assert shown.count("mail from the client") == 4
    assert shown.count("the events above") == 1


def test_signals_that_share_no_event_name_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    shown = _page({"blame": ("a", "b"), "repetition": ("b",)}, capsys)
    last = [line for line in shown.splitlines() if line.startswith("–")]
    assert [("blame" in line, "repetition" in line) for line in last] == [(True, False), (False, False)]


def test_a_family_with_much_to_say_is_cut_unless_all_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("client_latency_z", "open_wait", "no_reply", "latency_asymmetry")
    many = dict.fromkeys((*names, *(f"in_{days}" for days in (7, 14, 30, 60, 90, 180))), ())
    cut, whole = _page(many, capsys), _page(many, capsys, everything=True)
    assert (cut.count("▲ "), whole.count("▲ ")) == (4 + 4 + 1, 10 + 1)  # one in the legend
    assert "+2 more: --all" in cut
    assert "more: --all" not in whole


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "english", "russian"),
    [
        (_told(Message, OUT), "28 May, 12:00: our mail", "28 мая, 12:00: наше письмо"),
        (_told(Message, IN, channel="chat"), "28 May, 12:00: message from the client", "28 мая, 12:00: сообщение клиента"),
        (_told(Call, IN, duration_s=250.0, answered=True), "28 May, 12:00: call from the client, 4 min",
         "28 мая, 12:00: звонок клиента, 4 мин"),
        (_told(Call, OUT, duration_s=0.0, answered=False), "28 May, 12:00: our call, not answered",
         "28 мая, 12:00: наш звонок, без ответа"),
        (_told(Meeting, IN, meeting_id="m", status=MeetingStatus.DECLINED,
               starts_at=SETTINGS.calendar.midnight(date(2024, 12, 31)) + timedelta(hours=9)),
         "28 May: meeting on 31 December 2024, declined by the client", "28 мая: встреча 31 декабря 2024 г., отклонена клиентом"),
        (_told(Invoice, OUT, due_on=date(2025, 5, 9), amount=10.0), "28 May: invoice due on 9 May, not paid",
         "28 мая: счёт со сроком 9 мая, не оплачен"),
        (_told(Invoice, OUT, due_on=date(2025, 5, 9), amount=10.0, paid_on=date(2025, 5, 20)),
         "28 May: invoice due on 9 May, paid on 20 May", "28 мая: счёт со сроком 9 мая, оплачен 20 мая"),
    ],
)  # fmt: skip
def test_an_event_is_told_in_a_line(event: Event, english: str, russian: str) -> None:
    told = [event_line(event, AS_OF, {}, None, SETTINGS, language).plain for language in ("en", "ru")]
    assert [line.replace("\u00a0", " ") for line in told] == [english, russian]


@pytest.mark.parametrize("status", MeetingStatus)
def test_every_fate_of_a_meeting_has_its_words(status: MeetingStatus) -> None:
    meeting = _told(Meeting, IN, meeting_id="m", status=status, starts_at=SETTINGS.calendar.midnight(AS_OF))
    assert event_line(meeting, AS_OF, {}, None, SETTINGS, "ru").plain.endswith("клиентом")


def test_a_name_cannot_steer_the_terminal() -> None:
    contact = Contact("k", "c", "Lee\x1b[2J\nBerg")
    line = event_line(replace(_told(Message, IN), contact_id="k"), AS_OF, {"k": contact}, None, SETTINGS, "en")
    assert line.plain.endswith("(Lee [2J Berg)")


def test_the_telling_words_of_a_quote_are_marked() -> None:
    message = _told(Message, IN)
    quote = Quote("e", message.at, IN, "Where is it?! You promised.", 14, 26)
    line = event_line(message, AS_OF, {}, quote, SETTINGS, "en")
    assert line.plain.endswith("“Where is it?! You promised.”")
    assert [line.plain[span.start : span.end] for span in line.spans if span.style == "bold"] == ["You promised"]


@pytest.mark.parametrize("why", Standstill)
def test_a_clock_that_stands_still_is_explained_in_both_languages(why: Standstill) -> None:
    english, russian = frozen_note(why, AS_OF, "en"), frozen_note(why, AS_OF, "ru")
    assert english.replace("\u00a0", " ").endswith("2 June 2025.")
    assert not re.search("[a-z]", russian)


def test_a_client_that_left_has_a_note_and_signals_that_go_on() -> None:
    assert frozen_note("ended", None, "en") == "The relation is over; no risk is claimed."


def test_a_running_clock_needs_no_note() -> None:
    assert frozen_note(None, None, "en") == ""
