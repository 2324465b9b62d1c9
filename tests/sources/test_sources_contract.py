"""What every source promises, over the whole catalogue."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from mail_builders import cast_identity, mail, mbox

import churnwatch.sources
from churnwatch.core.config import Config, SourceKind, SourceSettings
from churnwatch.core.contracts import Checkpoint, OutOfReach, Reread, Source, SourceError, SourceItem
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.types import Call, Invoice, Meeting, Message
from churnwatch.sources import EVENT_KINDS, PARTY_KINDS, open_sources, party_sources
from churnwatch.sources.identity import Identity

UNREADABLE = Path("/proc/self/mem")  # can be opened, and not be read
RECORDS = 700  # enough for a checkpoint on the way
BROKEN_AT = 300


def lines(header: str, row: str, broken: str) -> Callable[[Path, bool], None]:
    def write(path: Path, corrupted: bool) -> None:
        rows = [row.format(n=n, day=f"2024-{1 + n % 12:02}-{1 + n % 28:02}") for n in range(RECORDS)]
        rows[BROKEN_AT:BROKEN_AT] = [broken] * corrupted
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

    return write


def mails() -> list[bytes]:
    return [mail(f"Question {n}", message_id=f"<{n}@romashka.example>") for n in range(RECORDS)]


def write_mbox(path: Path, corrupted: bool) -> None:
    parts = mails()
    parts[BROKEN_AT:BROKEN_AT] = [mail(sender="")] * corrupted
    path.write_bytes(mbox(*parts))


def write_single_mails(folder: Path, corrupted: bool) -> None:
    target = folder / "cur" if folder.suffix == ".maildir" else folder
    target.mkdir(parents=True)
    for number, raw in enumerate(mails()):
        (target / f"{number}.eml").write_bytes(raw)
    if corrupted:
        (target / "3x.eml").write_bytes(mail(date=None))


def write_calendar(path: Path, corrupted: bool) -> None:
    meeting = (
        "BEGIN:VEVENT\r\nUID:{n}@buro.example\r\nDTSTAMP:20240311T090000Z\r\nDTSTART:{start}\r\n"
        "ORGANIZER:mailto:petrov@buro.example\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@romashka.example\r\nEND:VEVENT\r\n"
    )
    parts = [meeting.format(n=n, start="20240312T100000Z") for n in range(RECORDS)]
    parts[BROKEN_AT:BROKEN_AT] = [meeting.format(n="broken", start="someday")] * corrupted
    path.write_bytes(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(parts)}END:VCALENDAR\r\n".encode())


def write_events(path: Path, corrupted: bool) -> None:
    row = {"client_id": "c", "kind": "message", "direction": "in", "at": 1709632800}
    rows = [json.dumps({"event_id": f"e{n}", **row}) for n in range(RECORDS)]
    rows[BROKEN_AT:BROKEN_AT] = ["{"] * corrupted
    path.write_text("\n".join(rows))


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of source, and how to write a file for it, with or without a corrupted record."""

    kind: SourceKind
    path: str
    write: Callable[[Path, bool], None]


CASES = (
    Case("clients", "clients.csv", lines("client_id,name,started_on", "c{n},Name {n},{day}", ",nameless,")),
    Case("contacts", "contacts.csv", lines("contact_id,client_id,email", "k{n},c,k{n}@x.example", "k,,")),
    Case("contracts", "contracts.csv", lines("contract_id,client_id,starts_on", "d{n},c,{day}", "d,c,soon")),
    Case("calls", "calls.csv", lines("at,client_id,direction,duration_s", "{day} 10:00,c,in,{n}", "{day},c,in,5")),
    Case("invoices", "i.csv", lines("invoice_id,client_id,issued_on,due_on,amount", "{n},c,{day},{day},5", "x,c,,,")),
    Case("events", "events.jsonl", write_events),
    Case("mbox", "mail.mbox", write_mbox),
    Case("maildir", "mail.maildir", write_single_mails),
    Case("eml", "mails", write_single_mails),
    Case("ics", "calendar.ics", write_calendar),
)
every_source = pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])
_OF_FILES = [case for case in CASES if case.write is not write_single_mails]
every_source_of_files = pytest.mark.parametrize("case", _OF_FILES, ids=[case.kind for case in _OF_FILES])


def opened(case: Case, folder: Path, *, corrupted: bool = False, written: bool = True) -> Source:
    if written:
        folder.mkdir(exist_ok=True)
        case.write(folder / case.path, corrupted)
    settings = SourceSettings(name="it", kind=case.kind, path=case.path)
    config = Config(root=folder, sources=(settings,))
    (source,) = [*party_sources(config), *open_sources(config, cast_identity())]
    return source


def part(case: Case, folder: Path) -> str:
    """How tallies and errors name the file; single mails are too many to be told apart."""
    return "" if case.write is write_single_mails else str(folder / case.path)


def records(items: list[SourceItem]) -> list[SourceItem]:
    return [item for item in items if not isinstance(item, Checkpoint)]


@every_source
def test_every_good_record_is_read_with_checkpoints_and_one_at_the_end(case: Case, tmp_path: Path) -> None:
    items = list(opened(case, tmp_path).read(None))
    assert len(records(items)) >= RECORDS
    assert not any(isinstance(item, SourceError) for item in items)
    assert isinstance(items[-1], Checkpoint)
    places = [-1, *(place for place, item in enumerate(items) if isinstance(item, Checkpoint))]
    assert max(later - earlier for earlier, later in pairwise(places)) <= 1001


@every_source
def test_two_reads_say_the_same(case: Case, tmp_path: Path) -> None:
    source = opened(case, tmp_path)
    assert list(source.read(None)) == list(source.read(None))


@every_source
def test_every_instant_is_utc(case: Case, tmp_path: Path) -> None:
    for item in opened(case, tmp_path).read(None):
        if isinstance(item, Message | Meeting | Call | Invoice):
            instants: list[datetime] = [item.at, item.known_at, getattr(item, "starts_at", item.at)]
            assert all(instant.utcoffset() == timedelta(0) for instant in instants)


@every_source
def test_a_restart_from_any_checkpoint_yields_the_rest_and_nothing_else(case: Case, tmp_path: Path) -> None:
    source = opened(case, tmp_path)
    items = list(source.read(None))
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            assert item.source == "it"
            assert records(list(source.read(item.cursor))) == records(items[place + 1 :])


@every_source
def test_an_unchanged_source_yields_a_checkpoint_alone(case: Case, tmp_path: Path) -> None:
    source = opened(case, tmp_path)
    *_, last = source.read(None)
    assert isinstance(last, Checkpoint)
    assert list(source.read(last.cursor)) == [last]


@every_source
def test_a_corrupted_record_is_an_error_and_the_rest_is_read(case: Case, tmp_path: Path) -> None:
    whole = records(list(opened(case, tmp_path / "whole").read(None)))
    found = records(list(opened(case, tmp_path / "broken", corrupted=True).read(None)))
    errors = [item for item in found if isinstance(item, SourceError)]
    assert len(errors) == 1
    assert (errors[0].source, errors[0].part) == ("it", part(case, tmp_path / "broken"))
    assert [item for item in found if not isinstance(item, SourceError)] == whole


@every_source
def test_a_cursor_of_nonsense_reads_all_again(case: Case, tmp_path: Path) -> None:
    source = opened(case, tmp_path)
    again = records(list(source.read('{"strange": 1}')))
    assert again == [Reread("it", part(case, tmp_path)), *records(list(source.read(None)))]


@every_source_of_files
def test_a_changed_file_is_announced_once_and_before_its_items(case: Case, tmp_path: Path) -> None:
    *_, last = opened(case, tmp_path, corrupted=True).read(None)
    assert isinstance(last, Checkpoint)
    source = opened(case, tmp_path)  # mended
    items = list(source.read(last.cursor))
    announcement = Reread("it", part(case, tmp_path))
    assert records(items) == [announcement, *records(list(source.read(None)))]
    places = [place for place, item in enumerate(items) if isinstance(item, Checkpoint)]
    assert len(places) > 1
    for place in places:  # killed here and started again, it goes on
        checkpoint = items[place]
        assert isinstance(checkpoint, Checkpoint)
        assert records(list(source.read(checkpoint.cursor))) == records(items[place + 1 :])


@every_source_of_files
def test_of_two_files_the_changed_one_alone_is_announced_and_a_missing_one_too(case: Case, tmp_path: Path) -> None:
    first, second = (tmp_path / f"{name}-{case.path}" for name in "ab")
    for path in (first, second):
        case.write(path, True)
    settings = SourceSettings(name="it", kind=case.kind, path=f"*-{case.path}")
    config = Config(root=tmp_path, sources=(settings,))

    def read(cursor: str | None) -> tuple[list[SourceItem], str]:
        (source,) = [*party_sources(config), *open_sources(config, cast_identity())]
        *items, last = source.read(cursor)
        assert isinstance(last, Checkpoint)
        return [item for item in items if isinstance(item, Reread | SourceError)], last.cursor

    errors, cursor = read(None)
    assert [getattr(error, "part", "") for error in errors] == [str(first), str(second)]
    case.write(second, False)
    changed, cursor = read(cursor)
    assert changed == [Reread("it", str(second))]
    first.unlink()
    gone, cursor = read(cursor)
    assert gone == [Reread("it", str(first))]
    case.write(first, True)
    assert read(cursor)[0] == errors[:1]


@every_source
def test_a_path_that_leads_to_nothing_stops_with_the_remedy(case: Case, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="nothing matches") as error:
        opened(case, tmp_path, written=False)
    assert "`path`" in error.value.remedy


def test_no_source_is_forgotten() -> None:
    folder = Path(churnwatch.sources.__file__).parent
    files = (file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    written = {name for text in files for name in re.findall(r"^class (\w+Source)\b", text, re.MULTILINE)}
    opening = Path(churnwatch.sources.__file__).read_text(encoding="utf-8")
    assert written == set(re.findall(r": lambda o: (\w+Source)\(", opening))
    kinds = set(get_args(SourceKind))
    assert kinds == {*PARTY_KINDS, *EVENT_KINDS} == {case.kind for case in CASES}


def test_patterns_and_folders_stand_for_their_files_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".~lock.a.csv", "notes.md"):
        (tmp_path / name).write_text(f"client_id\n{name}\n")
    for path in ("*.csv", "."):
        config = Config(root=tmp_path, sources=(SourceSettings(name="crm", kind="clients", path=path),))
        (source,) = party_sources(config)
        assert [getattr(item, "client_id", None) for item in source.read(None)] == ["a.csv", None, "b.csv", None]


def test_parties_come_first_clients_before_their_people(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("client_id\n")
    kinds: list[SourceKind] = ["calls", "contracts", "contacts", "clients"]
    config = Config(root=tmp_path, sources=tuple(SourceSettings(name=kind, kind=kind, path="x.csv") for kind in kinds))
    assert [source.name for source in party_sources(config)] == ["clients", "contacts", "contracts"]
    assert [source.name for source in open_sources(config, Identity())] == ["calls"]


def test_a_changed_file_is_read_whole_and_a_touched_one_is_not(tmp_path: Path) -> None:
    case = CASES[0]
    source = opened(case, tmp_path)
    *_, last = source.read(None)
    assert isinstance(last, Checkpoint)
    path = tmp_path / case.path
    path.write_bytes(path.read_bytes())
    assert records(list(source.read(last.cursor))) == []
    path.write_text(path.read_text(encoding="utf-8") + "new,New,2024-01-01\n", encoding="utf-8")
    assert len(records(list(source.read(last.cursor)))) == 1 + 2 * (RECORDS + 1)


def test_what_changes_the_meaning_of_a_file_makes_it_read_again(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("at,phone,direction,duration_s\n2024-01-02 10:00,5550100,in,5\n")
    settings = SourceSettings(name="it", kind="calls", path="calls.csv")
    config = Config(root=tmp_path, sources=(settings,))
    (before,) = open_sources(config, Identity())
    (after,) = open_sources(config, cast_identity())
    *_, last = before.read(None)
    assert isinstance(last, Checkpoint)
    assert records(list(before.read(last.cursor))) == []
    announced, _ = records(list(after.read(last.cursor)))
    assert announced == Reread("it", str(tmp_path / "calls.csv"))


def test_a_file_that_vanishes_before_it_is_read_stops_the_source(tmp_path: Path) -> None:
    source = opened(CASES[0], tmp_path)
    (tmp_path / CASES[0].path).unlink()
    with pytest.raises(SourceUnavailableError, match="cannot be read"):
        list(source.read(None))


TABLES: dict[SourceKind, str] = {
    "clients": "client_id\n{}\n",
    "events": "event_id,client_id,kind,direction,at\n{},c,message,in,1709632800\n",
}


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("broken", ["a.csv", "b.csv", "c.csv"])
def test_one_unreadable_file_among_several_is_an_error_until_it_is_mended(
    kind: SourceKind, broken: str, tmp_path: Path
) -> None:
    names = ("a.csv", "b.csv", "c.csv")
    for name in names:
        (tmp_path / name).write_text(TABLES[kind].format(name))
    (tmp_path / broken).write_text("colour\nred\n")
    config = Config(root=tmp_path, sources=(SourceSettings(name="it", kind=kind, path="*.csv"),))
    (source,) = [*party_sources(config), *open_sources(config, cast_identity())]
    *items, last = source.read(None)
    assert isinstance(last, Checkpoint)
    (error,) = [item for item in items if isinstance(item, SourceError)]
    assert (error.place, error.part) == (broken, str(tmp_path / broken))
    assert "has no column" in error.problem
    good = [item for item in records(items) if not isinstance(item, SourceError)]
    assert len(good) == 2
    *again, last = source.read(last.cursor)
    assert again == [Reread("it", str(tmp_path / broken)), error]
    (tmp_path / broken).write_text(TABLES[kind].format(broken))
    assert isinstance(last, Checkpoint)
    announced, mended = records(list(source.read(last.cursor)))
    assert announced == again[0]
    assert broken in {getattr(mended, "client_id", None), getattr(mended, "event_id", None)}


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs Linux")
def test_one_file_out_of_reach_among_several_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLES["clients"].format("a.csv"))
    (tmp_path / "b.csv").symlink_to(UNREADABLE)
    config = Config(root=tmp_path, sources=(SourceSettings(name="crm", kind="clients", path="*.csv"),))
    (source,) = party_sources(config)
    assert OutOfReach("crm", str(tmp_path / "b.csv")) in list(source.read(None))


def test_where_no_file_can_be_read_the_source_is_unavailable(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("colour\nred\n")
    config = Config(root=tmp_path, sources=(SourceSettings(name="crm", kind="clients", path="*.csv"),))
    (source,) = party_sources(config)
    found: list[SourceItem] = []
    with pytest.raises(SourceUnavailableError, match=r"b\.csv has no column"):
        found.extend(source.read(None))
    assert not any(isinstance(item, Checkpoint) for item in found)


def test_the_files_before_an_unreadable_one_are_kept_where_the_run_is_killed(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"client_id\n{name}\n")
    config = Config(root=tmp_path, sources=(SourceSettings(name="crm", kind="clients", path="*.csv"),))
    (source,) = party_sources(config)
    items = source.read(None)
    next(items)
    checkpoint = next(items)
    assert isinstance(checkpoint, Checkpoint)
    assert [getattr(item, "client_id", None) for item in source.read(checkpoint.cursor)] == ["b.csv", None]
