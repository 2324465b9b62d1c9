"""Calendars become revisions of meetings: invited, answered, moved, cancelled, and by whom."""

import os
import re
import tarfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import mail_builders as build
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.core.contracts import (
    Checkpoint,
    OutOfReach,
    Reread,
    Skipped,
    SourceError,
    SourceItem,
    UnknownCorrespondent,
)
from churnwatch.core.types import Client, Contact, Direction, Meeting, MeetingStatus
from churnwatch.sources.ics import IcsSource, calendar_items
from churnwatch.sources.identity import Identity
from churnwatch.sources.meeting_memory import MeetingMemory

UNREADABLE = Path("/proc/self/mem")  # can be opened, and not be read
PARSERS = Path(__file__).parents[3] / "shared" / "data" / "parsers"
RECEIVED = datetime(2024, 4, 1, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
OURS, ANNA, BOB = "mailto:petrov@buro.example", "mailto:anna@romashka.example", "mailto:bob@northwind.example"


def event(
    *lines: str, start: str = "DTSTART:20240320T100000Z", stamp: str = "20240311T093000Z", uid: str = "m1"
) -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}", start, *lines, "END:VEVENT", ""])


def calendar(*events: str, method: str = "") -> str:
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{f'METHOD:{method}' if method else 'X-NO:1'}\r\n"
    return head + "".join(events) + "END:VCALENDAR\r\n"


def read(text: str, memory: MeetingMemory | None = None) -> list[SourceItem]:
    return list(
        calendar_items(text, "cal", "a.ics", build.cast_identity(), MOSCOW, memory or MeetingMemory(), RECEIVED)
    )


def meetings(text: str, memory: MeetingMemory | None = None) -> list[Meeting]:
    return [item for item in read(text, memory) if isinstance(item, Meeting)]


def outline(text: str) -> list[tuple[str, str]]:
    return [(found.status.word, found.direction.word) for found in meetings(text)]


INVITED = (f"ORGANIZER:{OURS}", f"ATTENDEE;PARTSTAT=NEEDS-ACTION:{ANNA}", "SUMMARY:Обзор\\, март")
BY_CLIENT = (
    f"ORGANIZER;CN=Anna:{ANNA}",
    f"ATTENDEE;PARTSTAT=NEEDS-ACTION:{OURS}",
    f"ATTENDEE;PARTSTAT=ACCEPTED:{ANNA}",
)


def test_our_invitation_is_one_meeting() -> None:
    (found,) = meetings(calendar(event(*INVITED), method="REQUEST"))
    stamp = datetime(2024, 3, 11, 9, 30, tzinfo=UTC)
    assert found == Meeting(
        event_id=found.event_id,
        meeting_id="meeting:m1",
        client_id="romashka",
        direction=Direction.OUT,
        at=stamp,
        known_at=stamp,
        starts_at=datetime(2024, 3, 20, 10, tzinfo=UTC),
        status=MeetingStatus.INVITED,
        contact_id="anna",
        channel="calendar",
        people=("anna",),
        subject="Обзор, март",
    )


@pytest.mark.parametrize(
    ("method", "lines", "expected"),
    [
        ("REQUEST", BY_CLIENT, ("invited", "in")),
        ("CANCEL", INVITED, ("cancelled", "out")),
        ("CANCEL", BY_CLIENT, ("cancelled", "in")),
        ("PUBLISH", (*BY_CLIENT, "STATUS:CANCELLED"), ("cancelled", "in")),
        ("REPLY", (f"ORGANIZER:{OURS}", f"ATTENDEE;PARTSTAT=ACCEPTED:{ANNA}"), ("accepted", "in")),
        ("REPLY", (f"ORGANIZER:{OURS}", f"ATTENDEE;PARTSTAT=TENTATIVE:{ANNA}"), ("tentative", "in")),
        ("REPLY", (f"ORGANIZER:{ANNA}", f"ATTENDEE;PARTSTAT=DECLINED:{OURS}"), ("declined", "out")),
        ("COUNTER", (f"ORGANIZER:{OURS}", f"ATTENDEE;PARTSTAT=TENTATIVE:{ANNA}"), ("moved", "in")),
        ("", (f"ORGANIZER:{OURS}", f"ATTENDEE;PARTSTAT=DECLINED:{ANNA}"), ("declined", "in")),
        ("", (f"ATTENDEE:{ANNA}",), ("invited", "out")),
        (
            "",
            ("ORGANIZER;EMAIL=petrov@buro.example:urn:uuid:1", "ATTENDEE;EMAIL=anna@romashka.example:/principals/2"),
            ("invited", "out"),
        ),
    ],
)
def test_status_and_who_made_it(method: str, lines: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert outline(calendar(event(*lines), method=method)) == [expected]


def test_the_clients_contacts_who_are_invited_are_told_each_once() -> None:
    boss = "mailto:boss@romashka.example"
    contacts = (
        Contact("anna", "romashka", addresses=(build.ANNA, "anna@free.example")),
        Contact("boss", "romashka", addresses=("boss@romashka.example",)),
        Contact("bob", "northwind", addresses=(build.BOB,)),
    )
    identity = Identity(("buro.example",), (), (), contacts)
    people = (ANNA, boss, "mailto:anna@free.example", f"mailto:{build.BOB}", "mailto:who@else.example")
    text = calendar(event(f"ORGANIZER:{OURS}", *(f"ATTENDEE:{one}" for one in people)), method="REQUEST")
    found = calendar_items(text, "cal", "a.ics", identity, MOSCOW, MeetingMemory(), RECEIVED)
    assert [(one.client_id, one.people) for one in found if isinstance(one, Meeting)] == [
        ("romashka", ("anna", "boss")),
        ("northwind", ("bob",)),
    ]


def test_a_later_sequence_with_another_start_is_a_move_by_the_organizer() -> None:
    moved = event(*BY_CLIENT, "SEQUENCE:1", start="DTSTART:20240321T100000Z", stamp="20240312T090000Z")
    assert outline(calendar(moved, event(*BY_CLIENT, "SEQUENCE:0"))) == [("invited", "in"), ("moved", "in")]


def test_a_later_sequence_with_the_same_start_is_no_move() -> None:
    again = event(*INVITED, "SEQUENCE:2", stamp="20240312T090000Z")
    assert outline(calendar(event(*INVITED), again)) == [("invited", "out"), ("invited", "out")]


def test_an_instance_that_does_not_start_where_its_series_puts_it_was_moved() -> None:
    master = event(*INVITED, "RRULE:FREQ=WEEKLY")
    moved = event(*INVITED, "RECURRENCE-ID:20240327T100000Z", start="DTSTART:20240328T100000Z")
    kept = event(*INVITED, "RECURRENCE-ID;TZID=Europe/Moscow:20240403T130000", start="DTSTART:20240403T100000Z")
    assert outline(calendar(master, moved, kept)) == [("invited", "out"), ("moved", "out"), ("invited", "out")]
    assert len({found.meeting_id for found in meetings(calendar(master, moved, kept))}) == 3


def test_the_same_revision_says_the_same_however_much_was_known_before() -> None:
    memory = MeetingMemory()
    both = calendar(
        event(*INVITED), event(*INVITED, "SEQUENCE:1", start="DTSTART:20240321T100000Z", stamp="20240312T090000Z")
    )
    first = meetings(both, memory)
    assert meetings(both, MeetingMemory.load(memory.dump())) == first
    alone = meetings(
        calendar(event(*INVITED, "SEQUENCE:1", start="DTSTART:20240321T100000Z", stamp="20240312T090000Z"))
    )
    assert [found.event_id for found in alone] == [first[1].event_id]


def test_a_cancellation_without_a_start_takes_the_known_one() -> None:
    memory = MeetingMemory()
    meetings(calendar(event(*INVITED)), memory)
    (found,) = meetings(calendar(event(*INVITED, start="X-NO:1"), method="CANCEL"), memory)
    assert found.starts_at == datetime(2024, 3, 20, 10, tzinfo=UTC)


def test_two_clients_have_one_meeting_each_with_their_own_answer() -> None:
    text = calendar(
        event(f"ORGANIZER:{OURS}", f"ATTENDEE;PARTSTAT=ACCEPTED:{ANNA}", f"ATTENDEE;PARTSTAT=DECLINED:{BOB}")
    )
    assert [(found.client_id, found.status.word) for found in meetings(text)] == [
        ("romashka", "accepted"),
        ("northwind", "declined"),
    ]


def test_what_concerns_no_client_is_skipped_with_its_reason() -> None:
    assert read(calendar(event())) == [Skipped("cal", "no attendees")]
    assert read(calendar(event(f"ORGANIZER:{OURS}", "ATTENDEE:mailto:boss@buro.example"))) == [
        Skipped("cal", "internal")
    ]
    stranger = read(calendar(event(f"ORGANIZER:{OURS}", "ATTENDEE:mailto:Who@else.example")))
    assert [type(item) for item in stranger] == [UnknownCorrespondent, Skipped]
    room = "ATTENDEE;CUTYPE=ROOM:mailto:room@else.example"
    assert read(calendar(event(f"ORGANIZER:{OURS}", room))) == [Skipped("cal", "internal")]
    tasks = (
        "BEGIN:VTODO\r\nUID:1\r\nEND:VTODO\r\nBEGIN:VJOURNAL\r\nEND:VJOURNAL\r\nBEGIN:VFREEBUSY\r\nEND:VFREEBUSY\r\n"
    )
    assert read(calendar(tasks)) == [Skipped("cal", why) for why in ("VTODO", "VJOURNAL", "VFREEBUSY")]


OWN_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Buro time\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\n"
    "END:STANDARD\r\nEND:VTIMEZONE\r\n"
)


@pytest.mark.parametrize(
    ("start", "hour"),
    [
        ("DTSTART:20240320T100000Z", "20T10:00"),
        ("DTSTART:20240320T100000", "20T07:00"),
        ("DTSTART;VALUE=DATE:20240320", "19T21:00"),
        ("DTSTART;TZID=Europe/Berlin:20240320T100000", "20T09:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20240320T100000", "20T09:00"),
        ('DTSTART;TZID="/freeassociation.sourceforge.net/Europe/Berlin":20240320T100000', "20T09:00"),
        ("DTSTART;TZID=Buro time:20240320T100000", "20T04:30"),
        ("DTSTART;TZID=Nowhere/Land:20240320T100000", "20T07:00"),
        ("DTSTART;TZID=../../etc/passwd:20240320T100000", "20T07:00"),
    ],
)
def test_zones_whole_days_and_floating_times(start: str, hour: str) -> None:
    for text in (calendar(OWN_ZONE, event(*INVITED, start=start)), calendar(event(*INVITED, start=start), OWN_ZONE)):
        (found,) = meetings(text)
        assert f"{found.starts_at:%dT%H:%M}" == hour


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;INTERVAL=0", "FREQ=YEARLY;BYSECOND=1", "COUNT=9"])
def test_a_hostile_zone_is_not_expanded(rule: str) -> None:
    zone = OWN_ZONE.replace("END:STANDARD", f"RRULE:{rule}\r\nEND:STANDARD")
    (found,) = meetings(calendar(zone, event(*INVITED, start="DTSTART;TZID=Buro time:20240320T100000")))
    assert f"{found.starts_at:%H:%M}" == "07:00"


def test_the_time_of_an_export_is_not_the_time_of_a_revision() -> None:
    text = calendar(event(*INVITED, "LAST-MODIFIED:20240310T080000Z"))
    assert [found.at for found in meetings(text)] == [datetime(2024, 3, 10, 8, tzinfo=UTC)]
    assert [found.at.day for found in meetings(text.replace("X-NO:1", "METHOD:REQUEST"))] == [11]


ANSWER = (f"ORGANIZER:{OURS}", f"ATTENDEE;PARTSTAT=DECLINED:{ANNA}")


@pytest.mark.parametrize(
    ("method", "lines", "stamp", "modified", "day"),
    [
        ("REPLY", ANSWER, "20240311T093000Z", "20240314T080000Z", 14),
        ("REPLY", ANSWER, "20240314T093000Z", "20240311T080000Z", 14),
        ("CANCEL", INVITED, "20240311T093000Z", "20240314T080000Z", 14),
        ("REPLY", ANSWER, "20240314T093000Z", "19691231T235959Z", 14),
        ("", ANSWER, "20240311T093000Z", "20240314T080000Z", 14),
        ("", ANSWER, "20240330T093000Z", "20240314T080000Z", 14),
        ("", (*INVITED, "STATUS:CANCELLED"), "20240311T093000Z", "20240314T080000Z", 14),
        ("PUBLISH", INVITED, "20240311T093000Z", "20240314T080000Z", 11),
    ],
)
def test_an_answer_is_never_dated_before_it_was_given(
    method: str, lines: tuple[str, ...], stamp: str, modified: str, day: int
) -> None:
    (found,) = meetings(calendar(event(*lines, f"LAST-MODIFIED:{modified}", stamp=stamp), method=method))
    assert (found.at.day, found.known_at.day) == (day, day)


@pytest.mark.parametrize("stamp", ["19700101T000000Z", "16010101T000000Z", "00010101T000000Z", "99991231T235959Z", "x"])
def test_an_absurd_stamp_gives_way_to_another_one_and_at_last_to_when_it_was_received(stamp: str) -> None:
    def times(*lines: str) -> list[tuple[datetime, datetime]]:
        text = calendar(event(*INVITED, *lines, stamp=stamp), method="REQUEST")
        return [(found.at, found.known_at) for found in meetings(text)]

    modified, created = datetime(2024, 3, 10, 8, tzinfo=UTC), datetime(2024, 3, 9, 8, tzinfo=UTC)
    assert times("LAST-MODIFIED:20240310T080000Z", "CREATED:20240309T080000Z") == [(modified, modified)]
    assert times("LAST-MODIFIED:19700101T000000Z", "CREATED:20240309T080000Z") == [(created, created)]
    assert times() == [(RECEIVED, RECEIVED)]


def test_a_broken_component_costs_one_error_and_the_others_are_read() -> None:
    good, last = event(*INVITED), event(*INVITED, uid="m2")
    broken = [
        event(*INVITED, start="DTSTART:tomorrow"),
        event(*INVITED, start="DTSTART;:x"),
        event(*INVITED, uid=""),
        event(*INVITED, start="X-NO:1", uid="m3"),
        event(*INVITED).replace("END:VEVENT\r\n", ""),
    ]
    items = read(calendar(good, *broken, last))
    assert [item.meeting_id for item in items if isinstance(item, Meeting)] == ["meeting:m1", "meeting:m2"]
    problems = sorted(item.problem for item in items if isinstance(item, SourceError))
    assert problems == ["DTSTART is damaged", "a time that cannot be read", "no DTSTART", "no UID", "not closed"]


def test_alarms_and_long_descriptions_do_not_matter() -> None:
    alarm = "BEGIN:VALARM\r\nUID:other\r\nTRIGGER:-PT5M\r\nEND:VALARM"
    text = calendar(event(*INVITED, "DESCRIPTION:" + "x" * 100_000, *["\r\n ".join(["X-LONG:a"] * 1000)], alarm))
    assert [found.meeting_id for found in meetings(text)] == ["meeting:m1"]
    folded = calendar(event(*INVITED)).replace("anna@romashka", "anna@\r\n romashka")
    assert [found.contact_id for found in meetings(folded)] == ["anna"]


def source(*paths: Path) -> IcsSource:
    return IcsSource("cal", paths, build.cast_identity(), MOSCOW)


def test_files_are_read_once_and_again_when_they_change(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    path.write_text(calendar(event(*INVITED)), encoding="utf-8")
    items = list(source(tmp_path).read(None))
    assert [type(item) for item in items] == [Meeting, Checkpoint]
    assert isinstance(items[-1], Checkpoint)
    assert [type(item) for item in source(tmp_path).read(items[-1].cursor)] == [Checkpoint]
    moved = event(*INVITED, "SEQUENCE:1", start="DTSTART:20240321T100000Z", stamp="20240312T090000Z")
    path.write_text(calendar(moved), encoding="utf-8")
    os.utime(path, (1, 1))
    (announced, found, _) = source(tmp_path).read(items[-1].cursor)
    assert announced == Reread("cal", str(path))
    assert isinstance(found, Meeting)
    assert found.status == MeetingStatus.MOVED


@pytest.mark.parametrize(("mtime_s", "expected"), [(1_711_000_000, 1_711_000_000), (0, 631_152_000)])
def test_without_a_sane_time_a_revision_counts_from_its_file_and_keeps_its_id(
    tmp_path: Path, mtime_s: int, expected: int
) -> None:
    path = tmp_path / "a.ics"
    path.write_text(calendar(event(*INVITED, stamp="19700101T000000Z")), encoding="utf-8")
    os.utime(path, (mtime_s, mtime_s))
    found, last = source(tmp_path).read(None)
    assert isinstance(found, Meeting)
    assert found.at == found.known_at == datetime.fromtimestamp(expected, UTC)
    os.utime(path, (1_712_000_000, 1_712_000_000))
    assert isinstance(last, Checkpoint)
    _, again, _ = source(tmp_path).read(last.cursor)
    assert isinstance(again, Meeting)
    assert (again.event_id, again.status) == (found.event_id, found.status)


def test_a_calendar_that_vanishes_while_another_is_read_is_one_error_and_comes_back(tmp_path: Path) -> None:
    for number, name in enumerate(("a.ics", "b.ics", "c.ics")):
        (tmp_path / name).write_text(calendar(event(*INVITED, uid=name)), encoding="utf-8")
        os.utime(tmp_path / name, (number, number))
    reading = source(tmp_path).read(None)
    items = [next(reading)]
    (tmp_path / "b.ics").unlink()
    items += reading
    assert [item.meeting_id for item in items if isinstance(item, Meeting)] == ["meeting:a.ics", "meeting:c.ics"]
    (error,) = [item for item in items if isinstance(item, SourceError)]
    assert (error.place, error.part) == ("b.ics", str(tmp_path / "b.ics"))
    (tmp_path / "b.ics").write_text(calendar(event(*INVITED, uid="b.ics")), encoding="utf-8")
    last = items[-1]
    assert isinstance(last, Checkpoint)
    assert [type(item) for item in source(tmp_path).read(last.cursor)] == [Reread, Meeting, Checkpoint]


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs Linux")
def test_what_was_reported_of_a_calendar_out_of_reach_is_void_when_it_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    path.symlink_to(UNREADABLE)
    error, out_of_reach, last = source(tmp_path).read(None)
    assert isinstance(error, SourceError)
    assert isinstance(out_of_reach, OutOfReach)
    assert isinstance(last, Checkpoint)
    assert [type(item) for item in source(tmp_path).read(last.cursor)] == [Reread, SourceError, OutOfReach, Checkpoint]
    path.unlink()
    path.write_text(calendar(event(*INVITED)), encoding="utf-8")
    assert [type(item) for item in source(tmp_path).read(last.cursor)] == [Reread, Meeting, Checkpoint]


def test_every_checkpoint_of_a_large_calendar_restarts_exactly_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    path.write_text(calendar(*(event(*INVITED, uid=f"m{n}") for n in range(1100))), encoding="utf-8")
    items = list(source(path).read(None))
    places = [place for place, item in enumerate(items) if isinstance(item, Checkpoint)]
    assert len(places) == 3
    for place in places:
        checkpoint = items[place]
        assert isinstance(checkpoint, Checkpoint)
        rest = [item for item in source(path).read(checkpoint.cursor) if isinstance(item, Meeting)]
        assert rest == [item for item in items[place:] if isinstance(item, Meeting)]


def test_what_is_no_calendar_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    path.write_bytes(b"\x00\x01 no calendar")
    error, _ = source(path).read(None)
    assert isinstance(error, SourceError)
    assert error.problem == "is not a calendar"


LINES = [
    "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "BEGIN:VTIMEZONE", "END:VTIMEZONE",
    "TZID:z", "UID:1", "DTSTART;TZID=z:20240320T100000", "DTSTART:00010101T000000", "DTSTART:99991231T235959",
    "DTSTART:20240101/P1D", "DTSTART:P1D", "SEQUENCE:99999", "SEQUENCE:-1", "DTSTAMP:", "RECURRENCE-ID:20240320",
    f"ATTENDEE;PARTSTAT=DECLINED:{ANNA}", f"ORGANIZER:{OURS}", "METHOD:REPLY", "METHOD:CANCEL", "RRULE:FREQ=YEARLY",
    "BEGIN:STANDARD", "END:STANDARD", "TZOFFSETTO:+9999", " folded", "", 'ATTENDEE;X="', "BEGIN:", "END:X", "STATUS:CANCELLED",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_no_mixture_of_lines_makes_it_fail(lines: list[str]) -> None:
    text = "\r\n".join(lines)
    assert read(text) == read(text)


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert all(isinstance(item, SourceError | Skipped) for item in read("BEGIN:VEVENT\n" + data.decode("latin-1")))


@pytest.mark.parametrize("line", ["BEGIN:VEVENT", "BEGIN:X", " x", f"ATTENDEE:{ANNA}", "UID:1", ";", "END:VEVENT"])
def test_hostile_size_is_survived(line: str) -> None:
    assert isinstance(read("BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + f"{line}\n" * 20_000), list)


@pytest.fixture
def real_calendars(tmp_path: Path) -> Path:
    if not PARSERS.is_dir():
        pytest.skip("the shared parser data is not there")
    for name in ("ics_icalendar", "ics_caldavtester"):
        with tarfile.open(PARSERS / f"{name}.tar.gz") as archive:
            archive.extractall(tmp_path / name, filter="data")
    return tmp_path


@pytest.mark.shared
def test_calendars_of_another_parsers_collection_are_survived(real_calendars: Path) -> None:
    items = list(source(real_calendars / "ics_icalendar").read(None))
    counts = Counter(map(type, items))
    skipped = Counter(item.why for item in items if isinstance(item, Skipped))
    problems = Counter(item.problem for item in items if isinstance(item, SourceError))
    assert skipped["no attendees"] == 103
    assert (skipped["VTODO"], skipped["VJOURNAL"], skipped["VFREEBUSY"]) == (6, 5, 9)
    assert counts[UnknownCorrespondent] == 8
    assert set(problems) <= {
        "no UID",
        "no DTSTART",
        "a time that cannot be read",
        "a line is damaged",
        "DTSTART is damaged",
        "is not a calendar",
    }
    assert 60 <= counts[SourceError] <= 95


@pytest.mark.shared
def test_answers_moves_and_cancellations_of_caldav_test_calendars_are_seen(real_calendars: Path) -> None:
    folder = real_calendars / "ics_caldavtester"
    for path in folder.rglob("*.ics"):  # templates: dates and people are filled in
        text = re.sub(r"\$now\.year\.\d+:", "2024", path.read_text(encoding="utf-8"))
        text = re.sub(r"\$now\.month[\w.+-]*:", "202403", re.sub(r"\$now[\w.+-]*:", "20240320", text))
        text = re.sub(r"\$username(\d+):", r"User \1", re.sub(r"\$email(\d+):", r"user\1@client\1.example", text))
        text = re.sub(r"\$cuaddr(?:urn)?1:", OURS, text).replace("EMAIL=user1@client1.example", "X-NO=1")
        path.write_text(re.sub(r"\$cuaddr(?:urn)?(\d+):", r"mailto:user\1@client\1.example", text), encoding="utf-8")
        os.utime(path, (1, 1))  # read in the order of their names
    clients = [Client(f"c{n}", f"Client {n}", domains=(f"client{n}.example",)) for n in range(2, 40)]
    identity = Identity(own_domains=("buro.example",), clients=clients)
    items = list(IcsSource("cal", [folder], identity, MOSCOW).read(None))
    found = [item for item in items if isinstance(item, Meeting)]
    assert Counter(map(type, items)) == {Meeting: 231, Skipped: 44, Checkpoint: 1}
    assert Counter(item.why for item in items if isinstance(item, Skipped)) == {
        "internal": 37,
        "no attendees": 4,
        "VTODO": 2,
        "answer that decides nothing": 1,
    }
    statuses = Counter(item.status.word for item in found)
    assert (statuses["accepted"], statuses["declined"], statuses["tentative"], statuses["cancelled"]) == (56, 54, 2, 42)
    assert statuses["moved"] + statuses["invited"] == 77
    assert statuses["moved"] >= 10
    assert all(item.starts_at.tzinfo is UTC and item.at == item.known_at for item in found)
