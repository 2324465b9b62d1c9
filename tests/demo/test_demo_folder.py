"""The demo folder: the same bytes every time, readable by any mail and calendar program, and nothing from the future in it."""

import csv
import hashlib
import mailbox
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_binary_file, policy
from email.message import EmailMessage
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from churnwatch import demo
from churnwatch.core import config
from churnwatch.demo import DemoFirm

_AS_OF = datetime(2026, 9, 28, tzinfo=ZoneInfo("Europe/Moscow"))
_CLIENTS = 20


def _parse(stream: IO[bytes]) -> EmailMessage:
    message = message_from_binary_file(stream, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _mails(folder: Path) -> Iterator[EmailMessage]:
    for path in sorted((folder / "mail").glob("*.mbox")):
        box = mailbox.mbox(path, factory=_parse, create=False)  # type: ignore[arg-type]
        yield from box  # type: ignore[misc]
        box.close()


def _rows(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def _digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> DemoFirm:
    return demo.build(tmp_path_factory.mktemp("demo"), clients=_CLIENTS)


@pytest.fixture(scope="module")
def mails(firm: DemoFirm) -> list[EmailMessage]:
    return list(_mails(firm.folder))


@pytest.fixture(scope="module")
def invitations(firm: DemoFirm) -> list[Calendar]:
    files = sorted((firm.folder / "calendar").glob("*.ics"))
    return [calendar for path in files for calendar in Calendar.from_ical(path.read_bytes(), multiple=True)]


def test_two_builds_are_equal_byte_for_byte(tmp_path: Path) -> None:
    first = demo.build(tmp_path / "a", clients=8)
    second = demo.build(tmp_path / "b", clients=8)
    assert first.built
    assert second.built
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b")


def test_another_seed_makes_another_firm(tmp_path: Path) -> None:
    demo.build(tmp_path / "a", clients=3)
    demo.build(tmp_path / "b", seed=1, clients=3)
    assert _digest(tmp_path / "a")["truth.csv"] != _digest(tmp_path / "b")["truth.csv"]


def test_a_finished_folder_is_left_alone_and_a_damaged_one_is_built_again(tmp_path: Path) -> None:
    first = demo.build(tmp_path, clients=3)
    box = next((tmp_path / "mail").glob("*.mbox"))
    before = box.stat().st_mtime_ns
    again = demo.build(tmp_path, clients=3)
    assert not again.built
    assert box.stat().st_mtime_ns == before
    assert (again.mails, again.meetings, again.left) == (first.mails, first.meetings, first.left)
    whole = box.read_bytes()
    box.write_bytes(whole[:100])
    assert demo.build(tmp_path, clients=3).built
    assert box.read_bytes() == whole


def test_a_changed_configuration_survives_a_second_build(tmp_path: Path) -> None:
    demo.build(tmp_path, clients=2)
    (tmp_path / "churnwatch.toml").write_text("# mine\n", encoding="utf-8")
    demo.build(tmp_path, clients=2)
    assert (tmp_path / "churnwatch.toml").read_text(encoding="utf-8") == "# mine\n"


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    seen: list[float] = []
    demo.build(tmp_path, clients=2, progress=lambda _stage, share: seen.append(share))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_every_mail_parses_without_a_defect(firm: DemoFirm, mails: list[EmailMessage]) -> None:
    assert len(mails) == firm.mails
    for mail in mails:
        assert not mail.defects
        assert mail["Message-ID"]
        body = mail.get_body(("plain", "html"))
        assert body is not None
        assert isinstance(body, EmailMessage)
        text = body.get_content()
        assert text.strip()
        assert "\N{REPLACEMENT CHARACTER}" not in text
        assert "{" not in text, "a slot was left open"


def test_mail_comes_in_the_dialects_of_real_programs(mails: list[EmailMessage]) -> None:
    kinds = Counter(mail.get_content_type() for mail in mails)
    charsets = Counter(part.get_content_charset() for mail in mails for part in mail.walk())
    codings = Counter(str(part.get("Content-Transfer-Encoding", "")) for mail in mails for part in mail.walk())
    assert {"text/plain", "text/html", "multipart/alternative"} <= set(kinds)
    assert {"utf-8", "windows-1251", "koi8-r"} <= set(charsets)
    assert {"7bit", "8bit", "base64", "quoted-printable"} <= set(codings)
    assert sum(mail["Auto-Submitted"] == "auto-replied" for mail in mails) > 10
    assert sum("List-Unsubscribe" in mail for mail in mails) > 10


def test_message_ids_are_unique_and_answers_come_after_what_they_answer(mails: list[EmailMessage]) -> None:
    sent = {str(mail["Message-ID"]): mail["Date"].datetime for mail in mails}
    assert len(sent) == len(mails)
    answers = [mail for mail in mails if mail["In-Reply-To"]]
    assert len(answers) > len(mails) / 3
    for mail in answers:
        assert sent[str(mail["In-Reply-To"])] < mail["Date"].datetime
        assert str(mail["References"]).split()[-1] == str(mail["In-Reply-To"])


def test_nothing_is_dated_on_or_after_the_as_of_date(firm: DemoFirm, mails: list[EmailMessage]) -> None:
    assert firm.as_of == _AS_OF.date()
    assert max(mail["Date"].datetime for mail in mails) < _AS_OF
    for row in _rows(firm.folder / "calls.csv", "cp1251"):
        assert datetime.strptime(row["Дата и время"], "%d.%m.%Y %H:%M").replace(tzinfo=_AS_OF.tzinfo) < _AS_OF
    for row in _rows(firm.folder / "invoices.csv"):
        for name in ("issued_on", "paid_on"):
            if row[name]:
                assert datetime.strptime(row[name], "%d.%m.%Y").replace(tzinfo=UTC).date() < firm.as_of
    for row in _rows(firm.folder / "crm" / "clients.csv"):
        for name in ("started_on", "ended_on", "known_on"):
            assert not row[name] or date.fromisoformat(row[name]) < firm.as_of
    for row in _rows(firm.folder / "crm" / "contracts.csv"):
        assert date.fromisoformat(row["starts_on"]) < firm.as_of


def test_every_calendar_file_parses_and_tells_when_each_revision_was_made(
    firm: DemoFirm, invitations: list[Calendar]
) -> None:
    methods: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    for calendar in invitations:
        event = calendar.events[0]
        methods[str(calendar["METHOD"])] += 1
        answers[str(event["ATTENDEE"].params["PARTSTAT"])] += 1
        assert event["DTSTAMP"].dt < _AS_OF
        assert event["DTSTART"].dt > event["DTSTAMP"].dt or calendar["METHOD"] != "REQUEST"
    assert len(invitations) == firm.meetings
    assert {"REQUEST", "REPLY", "CANCEL", "COUNTER"} <= set(methods)
    assert {"NEEDS-ACTION", "ACCEPTED", "DECLINED"} <= set(answers)


def test_revisions_of_a_meeting_are_in_order(invitations: list[Calendar]) -> None:
    seen: dict[str, tuple[datetime, int]] = {}
    for calendar in sorted(invitations, key=lambda calendar: calendar.events[0]["DTSTAMP"].dt):
        event = calendar.events[0]
        uid, made, sequence = str(event["UID"]), event["DTSTAMP"].dt, int(event["SEQUENCE"])
        if uid in seen:
            assert seen[uid][0] < made
            assert seen[uid][1] <= sequence
        else:
            assert calendar["METHOD"] == "REQUEST"
        seen[uid] = (made, sequence)
    assert any(sequence > 0 for _, sequence in seen.values())


def test_a_client_who_left_writes_nothing_afterwards_and_we_stop_soon(
    firm: DemoFirm, mails: list[EmailMessage]
) -> None:
    leaves = {row["client_id"]: row["leaves_on"] for row in _rows(firm.folder / "truth.csv") if row["leaves_on"]}
    domains = {row["domains"]: row["client_id"] for row in _rows(firm.folder / "crm" / "clients.csv")}
    checked = 0
    for mail in mails:
        sender, reader = (mail[name].addresses[0].domain for name in ("From", "To"))
        left = leaves.get(domains.get(sender, domains.get(reader, "")))
        if left:
            checked += 1
            day = mail["Date"].datetime.astimezone(_AS_OF.tzinfo).date()
            assert day < date.fromisoformat(left) + timedelta(days=0 if sender in domains else 75)
    assert checked > 100


def test_the_crm_tells_an_end_only_once_it_was_known_and_agrees_with_the_truth(firm: DemoFirm) -> None:
    truth = {row["client_id"]: row for row in _rows(firm.folder / "truth.csv")}
    clients = _rows(firm.folder / "crm" / "clients.csv")
    assert len(clients) == len(truth) == firm.clients == _CLIENTS
    told = [row for row in clients if row["ended_on"]]
    assert sum(row["departure"] in ("left", "silent") for row in told) == firm.left > 0
    for row in told:
        assert row["ended_on"] == truth[row["client_id"]]["leaves_on"]
        assert row["departure"] == truth[row["client_id"]]["departure"]
        assert row["started_on"] < row["ended_on"]
        assert row["known_on"]
    untold = [truth[row["client_id"]] for row in clients if not row["ended_on"]]
    assert any(row["leaves_on"] >= firm.as_of.isoformat() for row in untold), "someone should be on the way out"


def test_a_planned_end_of_a_contract_does_not_give_the_leaving_away(firm: DemoFirm) -> None:
    truth = {row["client_id"]: row["leaves_on"] for row in _rows(firm.folder / "truth.csv")}
    contracts = _rows(firm.folder / "crm" / "contracts.csv")
    assert sum(bool(row["ends_on"]) for row in contracts) > len(contracts) / 4
    assert not [row for row in contracts if row["ends_on"] and row["ends_on"] == truth[row["client_id"]]]


def test_the_configuration_is_valid_and_names_what_is_there(firm: DemoFirm) -> None:
    settings = config.load(firm.config, environment={})
    assert settings.firm.timezone == "Europe/Moscow"
    for source in settings.sources:
        assert list(firm.folder.glob(source.path)), source.name


def test_the_readme_says_in_both_languages_that_nobody_here_exists(firm: DemoFirm) -> None:
    text = (firm.folder / "README.txt").read_text(encoding="utf-8")
    assert "synthetic" in text
    assert "вымышлено" in text
