import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import firms
import numpy as np
import pytest
from firms import LEFT_ON, NOW, STRANGER, SUBJECT, Firm, rows

from churnwatch import ingestion
from churnwatch.core.calendar import micros
from churnwatch.core.contracts import Checkpoint
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.table import EventTable
from churnwatch.ingestion import Ingested
from churnwatch.sources.events_table import read_frame
from churnwatch.store import Added, Batch
from churnwatch.store.ingest import Ingest

LATER = datetime(2025, 6, 1, 9, tzinfo=UTC)


def ingest(firm: Firm) -> Ingested:
    with firm.open() as store:
        return ingestion.ingest(firm.config, store, NOW)


def unknown(firm: Firm) -> dict[str, int]:
    with firm.open() as store:
        return {one.address: one.messages for one in store.ingest.unknown()}


def test_everything_is_read_once(firm: Firm) -> None:
    first = ingest(firm)
    assert first.problems == ()
    assert first.counts["new"] == rows(firm, "SELECT count(*) FROM events")[0][0] > 1000
    assert first.counts["errors"] == 1
    kinds = dict(rows(firm, "SELECT kind, count(*) FROM events GROUP BY kind"))
    assert set(kinds) == {0, 1, 2, 3}
    assert ingest(firm).counts == dict.fromkeys(first.counts, 0)


def test_mail_that_came_in_later_is_all_that_the_next_run_reads(firm: Firm) -> None:
    ingest(firm)
    mail = firms.write_mail(
        "One more.", sender="lee@harbor.example", to="ben@buro.example", at=LATER, message_id="<more@mail.example>"
    )
    firms.append(firm.folder / "mail" / "ben.mbox", mail)
    counts = ingest(firm).counts
    assert (counts["new"], counts["known"]) == (1, 0)


def test_parties_reach_the_store_as_the_crm_tells_them(firm: Firm) -> None:
    ingest(firm)
    with firm.open() as store:
        clients = {one.client_id: one for one in store.people.clients()}
        managers = {one.manager_id: one for one in store.people.managers()}
        assert clients["northwind"].monthly_value == 4000
        assert managers[clients["romashka"].manager_id or ""].language == "ru"
        assert [(one.client_id, one.ended_on) for one in store.people.outcomes()] == [("vechta", LEFT_ON)]


def test_progress_names_the_source_and_how_far_it_is(firm: Firm) -> None:
    said: list[str] = []
    with firm.open() as store:
        ingestion.ingest(firm.config, store, NOW, said.append)
    assert any(one.startswith("mail: 5") for one in said)
    assert {one.split(":")[0] for one in said} == set(firms.EVERY_SOURCE)


# --- what cannot be read ----------------------------------------------------------------------------------------------


def test_a_missing_file_is_a_problem_by_name_and_the_others_are_read(firm: Firm) -> None:
    (firm.folder / "calls.csv").unlink()
    done = ingest(firm)
    assert len(done.problems) == 1
    assert done.problems[0].startswith("calls: ")
    assert "calls.csv" in done.problems[0]
    kinds = dict(rows(firm, "SELECT kind, count(*) FROM events GROUP BY kind"))
    assert set(kinds) == {0, 1, 3}


def test_a_crm_that_is_gone_for_a_night_does_not_make_clients_unknown(firm: Firm) -> None:
    ingest(firm)
    before = rows(firm, "SELECT * FROM clients"), unknown(firm)
    (firm.folder / "crm" / "clients.csv").rename(firm.folder / "crm" / "moved")
    assert [one.split(":")[0] for one in ingest(firm).problems] == ["clients"]
    assert (rows(firm, "SELECT * FROM clients"), unknown(firm)) == before


def test_a_table_without_its_columns_is_a_problem_and_the_others_are_read(firm: Firm) -> None:
    (firm.folder / "invoices.csv").write_text("colour,taste\nred,sweet\n", encoding="utf-8")
    done = ingest(firm)
    assert [one.split(":")[0] for one in done.problems] == ["invoices"]
    assert done.counts["new"] > 1000


def test_hostile_files_are_counted_record_by_record(firm: Firm) -> None:
    with firm.mailbox.open("ab") as file:
        file.write(b"From - Mon Mar 11 12:30:00 2024\nSubject: \xff\n\n" + bytes(range(256)) * 40 + b"\n\n")
        file.write(b"From - Mon Mar 11 12:30:00 2024\nFrom: lee@romashka.example\nDate: yesterday\n\nhello\n\n")
    with (firm.folder / "calls.csv").open("ab") as calls:
        calls.write(b"not a date,+4930,in,1,yes\n\xff\xfe\x00,,,,\n")
    (firm.folder / "calendar" / "broken.ics").write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never\r\n")
    done = ingest(firm)
    assert done.problems == ()
    assert done.counts["new"] > 1000
    with firm.open() as store:
        errors = store.ingest.problems()
    assert {one.source for one in errors} == {"mail", "calls", "calendar"}
    # The mail without a usable date counts by its envelope's.
    assert len(errors) == done.counts["errors"] == 5, errors
    assert any("calls.csv" in one.place for one in errors)


def test_no_problem_quotes_a_letter(firm: Firm) -> None:
    phrase = "a sentence that nobody outside may read"
    with firm.mailbox.open("ab") as file:
        file.write(f"From - Mon Mar 11 12:30:00 2024\nSubject: {phrase}\n\n{phrase}\n\n".encode())
    ingest(firm)
    with firm.open() as store:
        errors = store.ingest.problems()
    assert len(errors) == 2
    assert phrase not in repr(errors)


def test_a_firm_without_sources_is_read_without_complaint(tmp_path: Path) -> None:
    done = ingest(firms.write_firm(tmp_path / "empty", sources=()))
    assert (set(done.counts.values()), done.problems) == ({0}, ())


def test_a_crm_without_a_client_makes_every_outsider_unknown(firm: Firm) -> None:
    for name in ("clients", "contacts"):
        path = firm.folder / "crm" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    done = ingest(firm)
    assert done.problems == ()
    assert rows(firm, "SELECT count(*) FROM clients") == [(0,)]
    assert {"lee@romashka.example", "lee@harbor.example", STRANGER} < set(unknown(firm))
    assert firm.night().problems == ()


# --- who is who -------------------------------------------------------------------------------------------------------


def test_a_contact_added_later_makes_its_old_mail_known(firm: Firm) -> None:
    ingest(firm)
    assert unknown(firm) == {STRANGER: 2}
    with (firm.folder / "crm" / "contacts.csv").open("a", encoding="utf-8") as file:
        file.write(f"uhrwerk-2,uhrwerk,Mara,{STRANGER},,no\n")
    counts = ingest(firm).counts
    assert counts["new"] == 2
    assert unknown(firm) == {}
    assert rows(firm, "SELECT client_id FROM events WHERE contact_id = 'uhrwerk-2'") == [("uhrwerk",)] * 2


def test_reading_everything_again_counts_nothing_twice(firm: Firm) -> None:
    ingest(firm)
    before = [sorted(rows(firm, query)) for query in firms.TALLIES.values()]
    assert all(before)
    with (firm.folder / "crm" / "contacts.csv").open("a", encoding="utf-8") as file:
        file.write("uhrwerk-3,uhrwerk,Nobody yet,nobody@uhrwerk.example,,no\n")
    assert ingest(firm).counts["known"] > 1000
    assert [sorted(rows(firm, query)) for query in firms.TALLIES.values()] == before


def test_a_call_list_that_grew_counts_its_unknown_callers_once(firm: Firm) -> None:
    calls = firm.folder / "calls.csv"
    with calls.open("a", encoding="utf-8") as file:
        file.write("2025-05-20T10:00:00Z,+4989000111,in,60,yes\n")
    ingest(firm)
    assert unknown(firm)["+4989000111"] == 1
    with calls.open("a", encoding="utf-8") as file:
        file.write(f"2025-05-21T10:00:00Z,{firms.RELATIONS[0].phone},in,60,yes\n")
    assert ingest(firm).counts["new"] == 1
    assert unknown(firm)["+4989000111"] == 1


def told(firm: Firm) -> tuple[dict[tuple[str, str], int], dict[str, int], set[tuple[str, str]]]:
    """Everything that is tallied and reported."""
    with firm.open() as store:
        errors = {(one.place, one.problem) for one in store.ingest.problems()}
        return store.ingest.skipped(), {one.address: one.messages for one in store.ingest.unknown()}, errors


def test_a_line_that_was_mended_is_no_problem_any_more(firm: Firm) -> None:
    ingest(firm)
    before = told(firm)
    with (firm.folder / "calls.csv").open("a", encoding="utf-8") as file:
        file.write("someday,+4989000111,in,60,yes\n")
    ingest(firm)
    assert len(told(firm)[2]) == len(before[2]) + 1
    firm.edit("calls.csv", "someday,", "2025-05-20T10:00:00Z,")
    ingest(firm)
    assert told(firm) == (before[0], before[1] | {"+4989000111": 1}, before[2])


def test_a_calendar_that_changed_counts_what_it_skips_once(firm: Firm) -> None:
    to_do = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:1\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    other = firm.folder / "calendar" / "other.ics"
    other.write_text(to_do, encoding="utf-8", newline="")
    with (firm.folder / "calendar" / "meetings.ics").open("a", encoding="utf-8", newline="") as file:
        file.write(to_do)
    ingest(firm)
    assert told(firm)[0]["calendar", "VTODO"] == 2
    other.write_text(to_do * 3, encoding="utf-8", newline="")
    ingest(firm)
    assert told(firm)[0]["calendar", "VTODO"] == 4


def test_a_mailbox_that_shrank_keeps_the_tallies_of_the_other_mailbox(firm: Firm) -> None:
    lunch = firms.write_mail(
        "Lunch?", sender="anna@buro.example", to="ben@buro.example", at=LATER, message_id="<lunch2@buro.example>"
    )
    firms.append(firm.folder / "mail" / "ben.mbox", lunch)
    ingest(firm)
    before = told(firm)
    assert (before[0]["mail", "internal"], before[1], len(before[2])) == (2, {STRANGER: 2}, 1)
    firm.mailbox.write_bytes(firm.mailbox.read_bytes().partition(b"\nFrom ")[0] + b"\n")
    ingest(firm)
    assert told(firm) == ({("mail", "internal"): 1}, {}, set())


def test_a_file_that_was_away_for_a_night_is_not_counted_twice(firm: Firm) -> None:
    ingest(firm)
    before = told(firm)
    away = firm.mailbox.rename(firm.folder / "away")
    assert ingest(firm).problems == ()
    assert told(firm) == ({}, {}, set())
    away.rename(firm.mailbox)
    ingest(firm)
    assert told(firm) == before


def test_other_settings_replace_what_was_said_under_the_old_ones(firm: Firm) -> None:
    with (firm.folder / "calls.csv").open("a", encoding="utf-8") as file:
        file.write("2025-05-20T10:00:00Z,+4989000111,in,60,yes\nsomeday,+4989000111,in,60,yes\n")
    ingest(firm)
    before = told(firm)
    firm.edit("churnwatch.toml", 'kind = "calls"', 'kind = "calls"\nencoding = "utf-8"')
    assert ingest(firm).counts["known"] > 0
    assert told(firm) == before


# Enough for several checkpoints.
CALLS_OF_STRANGERS = (
    "2025-05-20T10:00:00Z,+4989000111,in,60,yes\n2025-05-20T10:00:00Z,anonymous,in,60,yes\n" * 500
    + "someday,+4989000111,in,60,yes\n"
)


class KilledError(BaseException):
    """The process was killed here."""


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("nth", range(3, 7))  # those before are of clients and contacts
def test_a_kill_while_a_changed_file_is_read_again_counts_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int, after: bool
) -> None:
    firm = firms.write_firm(tmp_path, sources=("clients", "contacts", "calls"))
    calls = firm.folder / "calls.csv"
    calls.write_text("at,phone,direction,duration,answered\n" + CALLS_OF_STRANGERS, encoding="utf-8")
    ingest(firm)
    calls.write_text("at,phone,direction,duration,answered\n" + 2 * CALLS_OF_STRANGERS, encoding="utf-8")
    real = Ingest.commit
    commits = 0

    def fatal(rooms: Ingest, batch: Batch) -> Added:
        nonlocal commits
        commits += 1
        if commits == nth and not after:
            raise KilledError
        added = real(rooms, batch)
        if commits == nth:
            raise KilledError
        return added

    with monkeypatch.context() as patched:
        patched.setattr(Ingest, "commit", fatal)
        with pytest.raises(KilledError):
            ingest(firm)
    ingest(firm)
    skipped, strangers, errors = told(firm)
    assert skipped == {("calls", "withheld number"): 1000}
    assert strangers == {"+4989000111": 1000}
    assert len(errors) == 2


def test_an_address_of_two_clients_is_a_problem_said_aloud(firm: Firm) -> None:
    with (firm.folder / "crm" / "contacts.csv").open("a", encoding="utf-8") as file:
        file.write("harbor-9,harbor,Lee again,lee@northwind.example,,no\n")
    problems = ingest(firm).problems
    assert len(problems) == 1
    assert "lee@northwind.example" in problems[0]


# --- privacy ----------------------------------------------------------------------------------------------------------


def test_where_texts_may_not_be_kept_none_is_anywhere_but_the_numbers_read_from_them_stay(firm: Firm) -> None:
    phrases = [text.encode() for text in ("обещали", "figures for the second", SUBJECT, "Zimtstern")]
    kept = firm.copy(firm.folder.parent / "kept")
    firm.set('[privacy]\nkeep_text = false\n\n[delivery]\nfolder = "outbox"')
    kept.set('[delivery]\nfolder = "outbox"')
    for one in (firm, kept):
        one.night()
    assert [phrase in firms.bytes_on_disk(kept) for phrase in phrases] == [True] * 4
    assert [phrase in firms.bytes_on_disk(firm) for phrase in phrases] == [False] * 4
    readings = "SELECT event_id, words, irritation, cues FROM events WHERE kind = 0 ORDER BY event_id"
    assert rows(firm, readings) == rows(kept, readings)
    assert any(irritation > 0.5 for _, _, irritation, _ in rows(firm, readings))
    beliefs = "SELECT client_id, band, reasons FROM risks ORDER BY client_id"
    assert rows(firm, beliefs) == rows(kept, beliefs)
    notices = [json.loads(path.read_text(encoding="utf-8")) for path in (firm.folder / "outbox").glob("*.json")]
    assert [notice["data"]["quotes"] for notice in notices] == [[], [], []]


# --- one by one -------------------------------------------------------------------------------------------------------


def test_sources_open_one_by_one_so_that_a_missing_one_keeps_no_other_shut(firm: Firm) -> None:
    (firm.folder / "crm" / "contacts.csv").unlink()
    with firm.open() as store:
        opened = dict(ingestion.opened_one_by_one(firm.config, store))
    assert set(opened) == set(firms.EVERY_SOURCE)
    shut = {name for name, source in opened.items() if isinstance(source, SourceUnavailableError)}
    assert shut == {"contacts"}


def test_every_source_of_the_firm_ends_with_a_checkpoint(firm: Firm) -> None:
    with firm.open() as store:
        ingestion.ingest(firm.config, store, NOW)
        for name, source in ingestion.opened_one_by_one(firm.config, store):
            assert not isinstance(source, SourceUnavailableError)
            items = list(source.read(None))
            assert isinstance(items[-1], Checkpoint), name
            assert len(items) > 4, name


# --- what the CRM corrects --------------------------------------------------------------------------------------------


def ends(firm: Firm) -> list[tuple[str, str]]:
    with firm.open() as store:
        return [(one.client_id, one.ended_on.isoformat()) for one in store.people.outcomes()]


def test_the_end_of_a_relation_goes_and_moves_with_the_file_that_tells_it(firm: Firm) -> None:
    clients = firm.folder / "crm" / "clients.csv"
    ingest(firm)
    (firm.folder / "crm" / "clients.csv").write_text(
        clients.read_text(encoding="utf-8").replace(LEFT_ON.isoformat(), "2025-03-03"), encoding="utf-8"
    )
    assert ingest(firm).counts["parties"] == 2  # one went, one came
    assert ends(firm) == [("vechta", "2025-03-03")]
    clients.write_text(clients.read_text(encoding="utf-8").replace("2025-03-03", ""), encoding="utf-8")
    assert ingest(firm).counts["parties"] == 1
    assert ends(firm) == []


def test_another_file_of_the_same_source_keeps_its_ends_when_one_changes(firm: Firm) -> None:
    heading, *lines = (firm.folder / "crm" / "clients.csv").read_text(encoding="utf-8").splitlines()
    (gone,) = (line for line in lines if line.startswith("vechta,"))
    (firm.folder / "crm" / "clients.csv").unlink()
    folder = firm.folder / "crm" / "parts"
    folder.mkdir()
    (folder / "gone.csv").write_text(f"{heading}\n{gone}\n", encoding="utf-8")
    rest = "\n".join([heading, *(line for line in lines if line != gone)]) + "\n"
    (folder / "here.csv").write_text(rest, encoding="utf-8")
    firm.edit("churnwatch.toml", "crm/clients.csv", "crm/parts")
    ingest(firm)
    (folder / "here.csv").write_text(rest.replace("4000", "4100"), encoding="utf-8")
    assert ingest(firm).counts["parties"] == 1
    assert ends(firm) == [("vechta", LEFT_ON.isoformat())]


def test_an_end_told_over_http_stays_when_the_file_withdraws_its_own(firm: Firm) -> None:
    ingest(firm)
    with firm.open() as store:
        store.people.put(store.people.outcomes())
    firm.edit("crm/clients.csv", LEFT_ON.isoformat(), "")
    ingest(firm)
    assert ends(firm) == [("vechta", LEFT_ON.isoformat())]


def test_mail_moves_to_the_client_and_the_contact_whose_address_it_is_now(firm: Firm) -> None:
    ingest(firm)
    (before,) = rows(firm, "SELECT count(*) FROM events WHERE kind = 0 AND contact_id = 'harbor-1'")
    assert before[0] > 0
    firm.edit("crm/contacts.csv", "harbor-1,harbor,Lee Berg,", "uhrwerk-9,uhrwerk,Lee Berg,")
    ingest(firm)
    moved = "SELECT client_id, count(*) FROM events WHERE kind = 0 AND contact_id = 'uhrwerk-9' GROUP BY client_id"
    assert rows(firm, moved) == [("uhrwerk", before[0])]
    assert rows(firm, "SELECT count(*) FROM events WHERE contact_id = 'harbor-1'") == [(0,)]


# --- who takes part, who is away, and what a table brings -------------------------------------------------------------

_SEEN = (
    "SELECT event_id, client_id, people, attachments, away_since, away_until, words, delivers FROM events ORDER BY 1, 2"
)


def test_people_attachments_and_absences_reach_the_store(firm: Firm) -> None:
    notice = firms.write_mail(
        "I am out of the office until 9 June.",
        sender="lee@harbor.example",
        to="ben@buro.example",
        at=LATER,
        message_id="<away@mail.example>",
        subject="Automatic reply: report",
    )
    report = firms.write_mail(
        "As agreed.", sender="ben@buro.example", to="lee@harbor.example", at=LATER, message_id="<sent@mail.example>"
    )
    report.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="report.pdf")
    firms.append(firm.folder / "mail" / "ben.mbox", notice, report)
    ingest(firm)
    with firm.open() as store:
        rows_by_id = store.events.frame(["harbor"]).set_index("event_id")
    away, sent = rows_by_id.loc["mail:away@mail.example"], rows_by_id.loc["mail:sent@mail.example"]
    assert (away["people"], bool(away["automatic"])) == ("harbor-1", True)
    assert (away["away_since"].date(), away["away_until"].date()) == (date(2025, 6, 1), date(2025, 6, 9))
    assert (sent["people"], sent["attachments"]) == ("harbor-1", 1)
    assert (rows_by_id.loc[rows_by_id["kind"] == 1, "people"] == "harbor-1").all()


def test_a_database_that_an_earlier_reader_filled_is_read_again_once(firm: Firm) -> None:
    ingest(firm)
    with firm.open() as store:
        fingerprint = ingestion.known_people(firm.config, store).fingerprint
    now = rows(firm, _SEEN)
    with closing(sqlite3.connect(firm.folder / "churnwatch.db")) as database, database:
        unseen = "people = NULL, attachments = NULL, away_since = NULL, away_until = NULL, delivers = NULL"
        database.execute(f"UPDATE events SET {unseen}")  # noqa: S608 - constants
        database.execute("UPDATE cursors SET cursor = ? WHERE source = '(identity)'", (fingerprint,))
    assert ingest(firm).counts["new"] == 0
    assert rows(firm, _SEEN) == now
    assert ingest(firm).counts["known"] == 0


def test_a_table_without_texts_is_measured_from_the_store_as_it_is_by_itself(firm: Firm) -> None:
    table = firm.folder / "chat.csv"
    table.write_text(
        "event_id,client_id,kind,direction,at,words,question,irritation,cues,promise_due,text\n"
        "t1,harbor,message,in,2025-06-01T09:00:00Z,12,yes,0.5,3,2025-06-05,\n"
        "t2,harbor,message,in,2025-06-01T10:00:00Z,4,,,,,\n"
        "t3,harbor,message,out,2025-06-01T11:00:00Z,99,,,,,Three own words\n"
        "t4,harbor,message,in,2025-06-01T12:00:00Z,-4,,,,,\n",
        encoding="utf-8",
    )
    with firm.config_path.open("a", encoding="utf-8") as settings:
        settings.write('\n[[sources]]\nname = "chat"\nkind = "events"\npath = "chat.csv"\n')
    ingest(firm)
    with firm.open() as store:
        kept = store.events.frame(["harbor"])
        problems = [(one.place, one.problem) for one in store.ingest.problems("chat")]
    assert problems == [("chat.csv row 4", "words is not a whole number from 0")]
    kept = kept[kept["event_id"].isin(["t1", "t2"])]
    brought, _ = read_frame(table)
    from_store = EventTable.from_frame(kept)
    from_table = EventTable.from_frame(brought[brought["event_id"].isin(["t1", "t2"])])
    for name in ("words", "question", "expects_reply", "irritation", "cues", "promise_due", "delivers"):
        np.testing.assert_array_equal(getattr(from_store, name), getattr(from_table, name), err_msg=name)
    assert rows(firm, "SELECT words FROM events WHERE event_id = 't3'") == [(3,)]


# --- two runs at once -------------------------------------------------------------------------------------------------


def test_two_runs_at_once_count_nothing_twice(firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = firm.copy(tmp_path / "alone")
    ingest(alone)
    real = Ingest.cursor
    both_at_mail = threading.Barrier(2)

    def cursor(rooms: Ingest, source: str) -> str | None:
        found = real(rooms, source)
        if source == "mail":
            both_at_mail.wait(60)
        return found

    monkeypatch.setattr(Ingest, "cursor", cursor)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(ingest, [firm, firm]))
    monkeypatch.undo()
    problems = [problem for one in done for problem in one.problems]
    (refused,) = (problem for problem in problems if problem.startswith("mail: "))
    assert "Another run is reading the source 'mail'" in refused
    ingest(firm)
    assert rows(firm, "SELECT count(*) FROM events") == rows(alone, "SELECT count(*) FROM events")
    assert [told(firm)[n] for n in (0, 1)] == [told(alone)[n] for n in (0, 1)]


def test_a_promise_counts_from_the_day_that_it_is_where_the_firm_is(firm: Firm) -> None:
    at = datetime(2025, 6, 1, 22, 30, tzinfo=UTC)  # in Berlin the 2nd of June
    mail = firms.write_mail(
        "I will send the logo tomorrow.",
        sender="lee@uhrwerk.example",
        to="anna@buro.example",
        at=at,
        message_id="<p@x>",
    )
    firms.append(firm.mailbox, mail)
    ingest(firm)
    assert rows(firm, f"SELECT promise_due FROM events WHERE at = {micros(at)}") == [("2025-06-03",)]  # noqa: S608 - a number
