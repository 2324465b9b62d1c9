import base64
import hashlib
import hmac
import json
import math
import os
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import firms
import pytest
from alert_peers import HttpPeer, MailPeer, http_peer, mail_peer
from firms import AS_OF, NOW, Firm, rows, state

from churnwatch import knowledge, nightly
from churnwatch.core.config import load
from churnwatch.core.errors import ArtifactError
from churnwatch.core.types import Band, CaseState, Freeze, ManagerChange, Risk, Standstill

WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ...").decode()


@pytest.fixture
def post() -> Iterator[MailPeer]:
    with mail_peer() as peer:
        yield peer


@pytest.fixture
def hook() -> Iterator[HttpPeer]:
    with http_peer() as peer:
        yield peer


def by_mail(firm: Firm, port: int) -> None:
    firm.set(
        f'[delivery.email]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "churnwatch@buro.example"'
    )


def by_hook(firm: Firm, port: int) -> None:
    firm.set(f'[delivery.webhook]\nurl = "http://127.0.0.1:{port}/hook"\nallow_private = true')


def scored(firm: Firm) -> list[Risk]:
    with firm.open() as store:
        return store.scores.risks()


# --- the straight line ------------------------------------------------------------------------------------------------


def test_the_mail_reaches_the_manager_in_his_language_with_reason_quote_and_play(firm: Firm, post: MailPeer) -> None:
    by_mail(firm, post.port)
    night = firm.night()
    assert [stage.stage for stage in night.stages] == ["ingest", "snapshot", "score", "decide", "deliver"]
    assert night.problems == ()
    mails = {str(mail["Subject"]).split()[0]: mail for mail in post.mails}
    assert set(mails) == {"Ромашка", "Northwind", "Harbor"}
    russian, english = mails["Ромашка"], mails["Northwind"]
    assert (russian["To"], english["To"]) == ("anna@buro.example", "ben@buro.example")
    assert (russian["Content-Language"], english["Content-Language"]) == ("ru", "en")
    for mail, reason, quote, play in (
        (russian, "Раздражение в 99\u00a0% сообщений", "Вы же обещали", "ЧТО ДЕЛАТЬ"),
        (english, "Silent for 16 days", "fine.", "WHAT TO DO"),
    ):
        text = mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
        page = mail.get_body(("html",)).get_content()  # type: ignore[attr-defined]
        assert reason in text
        assert quote in text
        assert play in text
        assert reason in page
    assert "https://churnwatch.buro.example/clients/northwind" in english.as_string()


def test_the_signature_of_the_webhook_verifies(firm: Firm, hook: HttpPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    by_hook(firm, hook.port)
    config = load(firm.config_path, {"CHURNWATCH__DELIVERY__WEBHOOK__SECRET": WEBHOOK_SECRET})
    firm.night(config=config)
    assert len(hook.seen) == 3
    for path, headers, body in hook.seen:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert (path, headers["webhook-signature"]) == ("/hook", f"v1,{expected}")
    told = {json.loads(body)["data"]["client"]["id"]: json.loads(body)["data"] for _, _, body in hook.seen}
    assert set(told) == {"romashka", "northwind", "harbor"}
    assert told["romashka"]["reasons"][0]["event_ids"]
    assert told["romashka"]["quotes"]
    assert told["romashka"]["play"]["title"]


def test_without_a_configured_channel_the_notices_stay_in_the_default_folder(firm: Firm) -> None:
    assert firm.night().problems == ()
    assert len(list((firm.folder / "data" / "outbox").glob("*.txt"))) == 3


def test_the_same_night_twice_changes_nothing_and_sends_nothing(firm: Firm, post: MailPeer, hook: HttpPeer) -> None:
    by_mail(firm, post.port)
    by_hook(firm, hook.port)
    firm.night()
    before, cursors = state(firm), rows(firm, "SELECT * FROM cursors")
    assert (len(post.mails), len(hook.seen)) == (3, 3)
    again = firm.night(now=NOW + timedelta(hours=1))
    assert state(firm) == before
    assert rows(firm, "SELECT * FROM cursors") == cursors
    assert (len(post.mails), len(hook.seen)) == (3, 3)
    assert again.problems == ()


def test_the_next_night_opens_no_second_case_for_the_same_client(firm: Firm, post: MailPeer) -> None:
    by_mail(firm, post.port)
    firm.night()
    night = firm.night(AS_OF + timedelta(1), NOW + timedelta(1))
    assert len(post.mails) == 3
    counts = {stage.stage: stage.counts for stage in night.stages}
    assert counts["decide"] == {"opened": 0, "held_below_band": 1, "held_open_case": 3}


def test_every_stage_of_the_night_is_on_record(firm: Firm) -> None:
    firm.night()
    assert rows(firm, "SELECT as_of, stage FROM runs ORDER BY stage") == [
        (AS_OF.isoformat(), stage) for stage in ("decide", "deliver", "ingest", "score", "snapshot")
    ]


# --- as of a day in the past ------------------------------------------------------------------------------------------


def test_a_night_as_of_a_past_day_sees_nothing_later(firm: Firm, tmp_path: Path) -> None:
    day = AS_OF - timedelta(weeks=2)
    then = firms.write_firm(tmp_path / "then", before=firm.config.firm.calendar.midnight(day))
    for one in (firm, then):
        one.set('[delivery]\nfolder = "outbox"')
        one.night(day)
    later = rows(firm, "SELECT count(*) FROM events")[0][0] - rows(then, "SELECT count(*) FROM events")[0][0]
    assert later > 50
    assert scored(firm) == scored(then)
    assert {risk.client_id for risk in scored(firm)} == {"romashka", "northwind", "harbor", "uhrwerk"}
    assert {risk.band for risk in scored(firm)} > {None} - {None}
    for table in ("snapshots", "cases", "outbox"):
        assert state(firm)[table] == state(then)[table], table
    assert state(then)["outbox"]


def test_until_the_end_was_known_the_client_is_scored(firm: Firm) -> None:
    firm.edit("crm/clients.csv", "2025-05-04,left,", "2025-05-04,left,2025-05-20")
    scored_on = []
    for day in (date(2025, 5, 1), date(2025, 5, 12), date(2025, 5, 26)):
        firm.night(day)
        scored_on.append("vechta" in {risk.client_id for risk in scored(firm)})
    assert scored_on == [True, True, False]


def test_a_client_whose_relation_is_over_is_not_scored(firm: Firm) -> None:
    firm.night()
    assert {risk.client_id for risk in scored(firm)} == {"romashka", "northwind", "harbor", "uhrwerk"}
    assert {row[0] for row in rows(firm, "SELECT DISTINCT client_id FROM snapshots")} == {
        "romashka", "northwind", "harbor", "uhrwerk",
    }  # fmt: skip


def test_a_letter_of_the_first_hours_of_the_as_of_day_is_not_quoted(firm: Firm, post: MailPeer) -> None:
    # In Berlin it is the 2nd of June already, in UTC still the 1st.
    at = datetime(2025, 6, 1, 22, 30, tzinfo=UTC)
    text = "Вы же обещали! Это безобразие, мы уходим к другим."
    mail = firms.write_mail(
        text, sender="lee@romashka.example", to="anna@buro.example", at=at, message_id="<late@mail.example>"
    )
    firms.append(firm.mailbox, mail)
    by_mail(firm, post.port)
    firm.night()
    assert rows(firm, "SELECT count(*) FROM texts WHERE text LIKE '%мы уходим к другим%'") == [(1,)]
    quoted = [mail.get_body(("plain",)).get_content() for mail in post.mails if mail["To"] == "anna@buro.example"]  # type: ignore[attr-defined]
    assert len(quoted) == 1
    assert "ИХ СЛОВАМИ" in quoted[0]
    assert "уходим" not in quoted[0]


# --- what goes wrong without stopping the night -----------------------------------------------------------------------


def test_a_manager_without_an_address_is_a_problem_that_names_the_client(firm: Firm, post: MailPeer) -> None:
    firm.edit("crm/clients.csv", "ben@buro.example", "")
    by_mail(firm, post.port)
    firm.set('[delivery]\nfolder = "outbox"')
    problems = firm.night().problems
    assert [problem.split(":")[0] for problem in problems] == ["northwind", "harbor"]
    assert all("policy.fallback_email" in problem for problem in problems)
    assert [mail["To"] for mail in post.mails] == ["anna@buro.example"]
    assert len(state(firm)["cases"]) == 3
    assert len(list((firm.folder / "outbox").glob("*.txt"))) == 3


def test_the_fallback_address_gets_what_nobody_else_can(firm: Firm, post: MailPeer) -> None:
    firm.edit("crm/clients.csv", "ben@buro.example", "")
    firm.set('[policy]\nfallback_email = "head@buro.example"')
    by_mail(firm, post.port)
    assert firm.night().problems == ()
    assert sorted(mail["To"] for mail in post.mails) == ["anna@buro.example", "head@buro.example", "head@buro.example"]


def test_a_mail_server_that_is_down_leaves_the_notices_for_the_next_night(firm: Firm, post: MailPeer) -> None:
    by_mail(firm, post.port)
    post.at_mail = "451 Try later"
    night = firm.night()
    assert night.stages[-1].counts == {"sent": 0, "retrying": 3, "dead": 0}
    assert "not out yet: 3" in "".join(night.problems)
    post.at_mail = "250 OK"
    assert firm.night(AS_OF + timedelta(1), NOW + timedelta(1)).problems == ()
    assert len(post.mails) == 3


def test_a_notice_that_can_never_go_out_is_a_problem(firm: Firm, post: MailPeer) -> None:
    by_mail(firm, post.port)
    post.at_recipient = "550 No such user"
    night = firm.night()
    assert night.stages[-1].counts == {"sent": 0, "retrying": 0, "dead": 3}
    assert "churnwatch alerts" in "".join(night.problems)


def test_a_model_of_another_horizon_is_refused_with_the_remedy(firm: Firm) -> None:
    from churnwatch import training

    firm.night()
    with firm.open() as store:
        training.train(firm.config, store, AS_OF, NOW)
    assert firm.night().problems == ()
    firm.edit("churnwatch.toml", "[model]", "[model]\nhorizon_days = 30")
    with pytest.raises(ArtifactError, match="another horizon") as refused:
        firm.night()
    assert "churnwatch train" in refused.value.remedy


def test_no_sources_is_a_night_without_clients(tmp_path: Path) -> None:
    empty = firms.write_firm(tmp_path / "empty", sources=())
    night = empty.night()
    assert {stage.stage: stage.counts for stage in night.stages}["score"] == {"clients": 0, "not_enough_data": 0}
    assert scored(empty) == []


def test_a_closed_case_is_opened_again_only_after_the_cooldown(firm: Firm, post: MailPeer) -> None:
    firm.set("[policy]\ncooldown_days = 3")
    by_mail(firm, post.port)
    firm.night()
    with firm.open() as store:
        for case in store.cases.open_cases():
            store.cases.move(case.case_id, CaseState.DISMISSED, case.version, "ben", "a holiday", NOW)
    firm.night(AS_OF + timedelta(2), NOW + timedelta(2))
    assert len(post.mails) == 3
    firm.night(AS_OF + timedelta(3), NOW + timedelta(3))
    assert len(post.mails) > 3


# --- a source that cannot be read -------------------------------------------------------------------------------------

LATER = 10  # nights


def later_night(firm: Firm, nights: int) -> nightly.Night:
    return firm.night(AS_OF + timedelta(nights), NOW + timedelta(nights))


def counted(night: nightly.Night, stage: str) -> dict[str, int]:
    return next(one.counts for one in night.stages if one.stage == stage)


def break_mail(firm: Firm) -> None:
    (firm.folder / "mail").rename(firm.folder / "mail of nobody")


def mend_mail(firm: Firm) -> None:
    (firm.folder / "mail of nobody").rename(firm.folder / "mail")


def write_on(mailbox: Path) -> None:
    """Uhrwerk goes on as ever, whether or not anyone can read it."""
    for day in range(LATER):
        at = NOW + timedelta(day, hours=6)
        letter = firms.write_mail(
            "Thank you, we have read it. When could we meet next week? Best regards",
            sender="lee@uhrwerk.example", to="anna@buro.example", at=at, message_id=f"<on{day}@mail.example>",
        )  # fmt: skip
        firms.append(mailbox, letter)


@pytest.fixture
def with_folder(firm: Firm) -> Firm:
    firm.set('[delivery]\nfolder = "outbox"')
    firm.night()
    return firm


def test_nobody_looks_silent_while_the_mail_cannot_be_read(with_folder: Firm, tmp_path: Path) -> None:
    silent, broken = with_folder, with_folder.copy(tmp_path / "broken")
    assert (
        counted(later_night(silent, LATER), "decide")["opened"] == 1
    )  # ten days without mail are a reason, if it can come
    break_mail(broken)
    for nights in range(1, LATER + 1, 3):
        night = later_night(broken, nights)
        assert counted(night, "snapshot")["frozen_source_down"] == 4
        assert counted(night, "decide") == {"opened": 0, "held_open_case": 3, "held_source_down": 1}
        assert f"mail: last read on {AS_OF}" in night.problems[-1]
    for risk in scored(broken):
        assert risk.frozen == Freeze(AS_OF + timedelta(1), Standstill.SOURCE_DOWN)
    assert {risk.client_id: risk.band for risk in scored(broken)}["uhrwerk"] is Band.CALM
    told = rows(broken, "SELECT DISTINCT frozen_since, frozen_why FROM snapshots WHERE frozen_since IS NOT NULL")
    assert told == [((AS_OF + timedelta(1)).isoformat(), "source_down")]


def test_one_mailbox_out_of_reach_among_several_stops_the_clocks_too(with_folder: Firm) -> None:
    held = with_folder.mailbox.read_bytes()
    with_folder.mailbox.unlink()
    os.mknod(with_folder.mailbox, 0o600 | stat.S_IFSOCK)  # is there, and opens for nobody
    night = later_night(with_folder, LATER)
    assert counted(night, "decide") == {"opened": 0, "held_open_case": 3, "held_source_down": 1}
    assert night.problems[0] == "mail: a part of it could not be read; `churnwatch ingest` says which."
    with_folder.mailbox.unlink()
    with_folder.mailbox.write_bytes(held)
    night = later_night(with_folder, LATER + 1)
    assert night.problems == ()
    assert counted(night, "ingest")["new"] == 0
    assert {risk.frozen for risk in scored(with_folder)} == {None}


def test_a_source_that_is_read_again_thaws_with_nothing_lost(with_folder: Firm, tmp_path: Path) -> None:
    broken, lucky = with_folder, with_folder.copy(tmp_path / "lucky")
    break_mail(broken)
    assert counted(later_night(broken, 4), "snapshot")["frozen_source_down"] == 4
    mend_mail(broken)
    for firm in (broken, lucky):
        write_on(firm.mailbox)
        night = later_night(firm, LATER)
        assert night.problems == ()
        assert "frozen_source_down" not in counted(night, "snapshot")
    assert state(broken)["events"] == state(lucky)["events"]
    measured = f"SELECT * FROM snapshots WHERE as_of = '{AS_OF + timedelta(LATER)}' ORDER BY client_id"  # noqa: S608 - a date of ours
    assert rows(broken, measured) == rows(lucky, measured)


def test_without_a_night_for_days_nobody_is_taken_for_silent(with_folder: Firm) -> None:
    with with_folder.open() as store:
        for nights, frozen in ((3, 0), (4, 5)):
            known = knowledge.known_at(with_folder.config, store, AS_OF + timedelta(nights))
            assert len(known.frozen) == frozen, "three days of patience, and vechta counts as well"


# --- what the CRM tells of people -------------------------------------------------------------------------------------


def test_a_country_that_nobody_knows_is_a_problem_and_no_more(firm: Firm) -> None:
    firm.edit("crm/clients.csv", "domains,started_on", "domains,country,started_on")
    for domain, country in (
        ("romashka", "ru"),
        ("northwind", "Atlantis"),
        ("harbor", ""),
        ("uhrwerk", "DE"),
        ("vechta", ""),
    ):
        firm.edit("crm/clients.csv", f"{domain}.example,", f"{domain}.example,{country},")
    night = firm.night()
    assert [problem for problem in night.problems if "'Atlantis' (clients: 1)" in problem] == [*night.problems]
    with firm.open() as store:
        table = knowledge.known_at(firm.config, store, AS_OF).table
    assert dict(zip(table.clients, table.countries, strict=True)) == {
        "harbor": None, "northwind": None, "romashka": "RU", "uhrwerk": "DE", "vechta": None,
    }  # fmt: skip


def test_the_night_knows_ranks_deciders_and_changes_of_managers(firm: Firm) -> None:
    firm.edit("crm/contacts.csv", "decision_maker\n", "decision_maker,role\n")
    for client in ("romashka", "northwind", "harbor", "uhrwerk", "vechta"):
        phone = next(one.phone for one in firms.RELATIONS if one.client_id == client)
        firm.edit("crm/contacts.csv", f"{phone},yes", f"{phone},yes,Head of legal")
    firm.night()
    change = ManagerChange("uhrwerk", "ben", AS_OF - timedelta(3))
    with firm.open() as store:
        store.people.put([ManagerChange("uhrwerk", "anna", AS_OF - timedelta(300)), change])
        taken = nightly.take(firm.config, store, AS_OF)
    values = taken.measured.values.set_axis(list(taken.known.client_ids), axis="index")
    assert values["senior_joins"].notna().all()
    assert values.loc["uhrwerk", "manager_change"] == pytest.approx(math.exp(-3 / 60))
    assert values["manager_change"].drop("uhrwerk").eq(0).all()


def test_a_project_that_ended_stands_still_and_is_not_scored(firm: Firm) -> None:
    firm.edit("crm/clients.csv", "2025-05-04,left,", "2025-05-04,project_ended,2025-05-05")
    firm.night()
    assert "vechta" not in {risk.client_id for risk in scored(firm)}
    with firm.open() as store:
        known = knowledge.known_at(firm.config, store, AS_OF)
        assert known.frozen == {"vechta": Freeze(firms.LEFT_ON, Standstill.ENDED)}
        assert knowledge.known_at(firm.config, store, date(2025, 5, 3)).frozen == {}
