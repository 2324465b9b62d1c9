"""What calendars say of meetings: every observed revision of an invitation, an answer, a move, a cancellation.

A recurring meeting counts once, as its master; an instance that was moved or cancelled by itself counts as a meeting of its own.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from churnwatch.core.contracts import (
    Checkpoint,
    OutOfReach,
    Reread,
    Skipped,
    SourceError,
    SourceItem,
    UnknownCorrespondent,
)
from churnwatch.core.types import Direction, Meeting, MeetingStatus
from churnwatch.sources.charsets import decode
from churnwatch.sources.file_cursor import VOID, FileMark, Progress, files_of
from churnwatch.sources.ics_components import Calendar, Component, Property, components, instant, is_whole_day
from churnwatch.sources.identity import Identity, Person
from churnwatch.sources.meeting_memory import MeetingMemory
from churnwatch.sources.mime import addresses
from churnwatch.sources.parts import of_part

_MAX_FILE_BYTES = 64 * 1024 * 1024
_MAX_SUBJECT_CHARS = 500
_MAX_PEOPLE = 500
_MAX_UID_CHARS = 300
_SUFFIXES = (".ics", ".ical", ".ifb", ".icalendar")
_ANSWERS = {
    "ACCEPTED": MeetingStatus.ACCEPTED,
    "TENTATIVE": MeetingStatus.TENTATIVE,
    "DECLINED": MeetingStatus.DECLINED,
}
_NOT_A_REVISION = {"REFRESH", "DECLINECOUNTER"}
_BY_ATTENDEE = {"REPLY", "COUNTER"}
_OTHER_KINDS = {"VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"}
_EXPORTS = {"", "PUBLISH"}
_THINGS = {"ROOM", "RESOURCE"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class IcsSource:
    """Calendar files. A file is read again as a whole when it changed; the same revision keeps its id."""

    name: str
    paths: Sequence[Path]
    identity: Identity
    zone: tzinfo = UTC

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield the revisions of all changed files, the oldest file first, as later ones are compared with earlier ones."""
        files = files_of(self.name, self.paths, lambda path: path.suffix.lower() in _SUFFIXES)
        progress = Progress.load(cursor, self.identity.fingerprint, map(str, files))
        for gone in progress.forget_all_but(files):
            yield Reread(self.name, gone)
        for path in sorted(files, key=lambda path: (_mtime_ns(path), str(path))):
            yield from of_part(str(path), self._file(path, progress))
        yield Checkpoint(self.name, progress.dump())

    def _file(self, path: Path, progress: Progress) -> Iterator[SourceItem]:
        known = progress.files.get(str(path))
        try:
            stat = path.stat()
        except OSError as error:  # gone since it was listed
            yield SourceError(self.name, path.name, f"cannot be read: {error.strerror}")
            progress.files[str(path)] = VOID
            return
        unchanged = known is not None and known[:2] == (stat.st_size, stat.st_mtime_ns)
        if known is not None and unchanged and known.done:
            return
        if known is not None and not unchanged:
            yield Reread(self.name, str(path))
        try:
            with path.open("rb") as stream:
                data = stream.read(_MAX_FILE_BYTES)
        except OSError as error:
            yield SourceError(self.name, path.name, f"cannot be read: {error.strerror}")
            yield OutOfReach(self.name, str(path))
            progress.files[str(path)] = VOID
            return
        if stat.st_size > len(data):
            yield SourceError(self.name, path.name, f"over {_MAX_FILE_BYTES >> 20} MiB: only its beginning was read")
        place = f"{path.parent.name}/{path.name}"
        text = decode(data)
        revisions = _in_order(text)
        if not revisions and "BEGIN:VCALENDAR" not in text.upper():
            yield SourceError(self.name, place, "is not a calendar")
        written_at = _EPOCH + timedelta(microseconds=stat.st_mtime_ns // 1000)
        reader = RevisionReader(self.name, self.identity, self.zone, progress.meetings, written_at)
        start = known.offset if known is not None and unchanged else 0
        for count, (calendar, component) in enumerate(revisions[start:], start=start + 1):
            yield from reader.items(calendar, component, place)
            progress.files[str(path)] = FileMark(stat.st_size, stat.st_mtime_ns, count, done=False)
            if progress.due():
                yield Checkpoint(self.name, progress.dump())
        progress.files[str(path)] = FileMark(stat.st_size, stat.st_mtime_ns, len(revisions))


def calendar_items(
    text: str,
    source: str,
    place: str,
    identity: Identity,
    zone: tzinfo,
    meetings: MeetingMemory,
    received_at: datetime,
) -> Iterator[SourceItem]:
    """Everything that one calendar text says, such as the part of a mail that carries an invitation."""
    reader = RevisionReader(source, identity, zone, meetings, received_at)
    for calendar, component in _in_order(text):
        yield from reader.items(calendar, component, place)


@dataclass(frozen=True, slots=True)
class RevisionReader:
    """Turns components into meetings; `meetings` remembers what earlier revisions said.

    A revision that does not say when it was made counts as made at `received_at`, when its file was written or its mail came.
    """

    source: str
    identity: Identity
    zone: tzinfo
    meetings: MeetingMemory
    received_at: datetime

    def items(self, calendar: Calendar, component: Component, place: str) -> Iterator[SourceItem]:
        """One component: a meeting for each client concerned, or why there is none."""
        place = f"{place} line {component.line}"
        if component.broken is not None:
            yield SourceError(self.source, place, component.broken)
        elif component.kind != "VEVENT":
            yield Skipped(self.source, component.kind if component.kind in _OTHER_KINDS else "other calendar component")
        elif calendar.method in _NOT_A_REVISION:
            yield Skipped(self.source, f"METHOD {calendar.method}")
        elif not component.text("UID"):
            yield SourceError(self.source, place, "no UID")
        else:
            try:
                revision = _revision(calendar, component, self.zone, self.meetings, self.received_at)
            except ValueError:
                yield SourceError(self.source, place, "a time that cannot be read")
                return
            if revision is None:
                yield SourceError(self.source, place, "no DTSTART")
            else:
                yield from self._meetings_of(revision)

    def _meetings_of(self, revision: "_Revision") -> Iterator[SourceItem]:
        moved = revision.is_moved(self.meetings)  # asked for every revision, so that the next one is compared with it
        people = list(dict.fromkeys([*revision.answers, *filter(None, [revision.organizer])]))[:_MAX_PEOPLE]
        outsiders = [address for address in people if not self.identity.is_ours(address)]
        clients: dict[str, dict[str, Person]] = {}
        for address in outsiders:
            if (person := self.identity.resolve(address)) is None:
                yield UnknownCorrespondent(self.source, address, revision.made_at)
            else:
                clients.setdefault(person.client_id, {})[address] = person
        if not clients:
            why = "no attendees" if not people else "unknown correspondent" if outsiders else "internal"
            yield Skipped(self.source, why)
        if revision.method in _BY_ATTENDEE and (speaker := next(iter(revision.answers), None)):
            clients = {client: at for client, at in clients.items() if speaker in at} or clients
        for client_id, contacts in clients.items():
            status, speaker = revision.says(list(contacts), moved=moved)
            if status is None:
                yield Skipped(self.source, "answer that decides nothing")
                continue
            ours = speaker is None or self.identity.is_ours(speaker)
            known = [contacts[speaker]] if speaker in contacts else list(contacts.values())
            yield Meeting(
                event_id=revision.event_id(status, speaker),
                meeting_id=revision.meeting_id,
                client_id=client_id,
                direction=Direction.OUT if ours else Direction.IN,
                at=revision.made_at,
                known_at=revision.made_at,
                starts_at=revision.starts_at,
                status=status,
                contact_id=next((person.contact_id for person in known if person.contact_id), None),
                subject=revision.subject,
                people=tuple(dict.fromkeys(one.contact_id for one in contacts.values() if one.contact_id)),
            )


@dataclass(frozen=True, slots=True)
class _Revision:
    """One state of one meeting; `answers` is what stands beside each attendee, the organizer left out.

    `stated_at` tells revisions apart: unlike `made_at` it is the same in whatever file or mail the revision lies.
    """

    meeting_id: str
    method: str
    sequence: int
    made_at: datetime
    stated_at: datetime
    starts_at: datetime
    states_start: bool
    own_move: bool  # an instance of a series that does not start where the series puts it
    cancelled: bool
    organizer: str | None
    answers: Mapping[str, str]
    subject: str

    def is_moved(self, meetings: MeetingMemory) -> bool:
        """Whether this revision puts the meeting elsewhere in time."""
        if self.method in _BY_ATTENDEE or self.cancelled or not self.states_start:
            return False
        return meetings.moves(self.meeting_id, self.sequence, self.starts_at, self.stated_at) or self.own_move

    def says(self, client: Sequence[str], *, moved: bool) -> tuple[MeetingStatus | None, str | None]:
        """What it tells of one client's part in the meeting, and whose word that is (None = ours)."""
        if self.method in _BY_ATTENDEE:
            speaker, answer = next(iter(self.answers.items()), (self.organizer, ""))
            return (MeetingStatus.MOVED if self.method == "COUNTER" else _ANSWERS.get(answer)), speaker
        if self.cancelled:
            return MeetingStatus.CANCELLED, self.organizer
        if moved:
            return MeetingStatus.MOVED, self.organizer
        # Of several people at one client the most willing one counts.
        for word, status in _ANSWERS.items():
            if (speaker := next((a for a in client if self.answers.get(a) == word), None)) is not None:
                return status, speaker
        return MeetingStatus.INVITED, self.organizer

    def event_id(self, status: MeetingStatus, speaker: str | None) -> str:
        """The same whichever file or mail the revision came in, and however much was known before."""
        act = "request" if status in {MeetingStatus.INVITED, MeetingStatus.MOVED} else status.word
        content = "\x00".join([self.meeting_id, str(self.sequence), self.stated_at.isoformat(), act, speaker or ""])
        return f"ics:{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def _revision(
    calendar: Calendar, component: Component, zone: tzinfo, meetings: MeetingMemory, received_at: datetime
) -> _Revision | None:
    recurrence, starts = component.first("RECURRENCE-ID"), component.first("DTSTART")
    original = instant(recurrence, calendar, zone)
    meeting_id = f"meeting:{component.text('UID')[:_MAX_UID_CHARS]}"
    meeting_id += "" if original is None else f"/{original:%Y%m%dT%H%M%SZ}"
    stated = instant(starts, calendar, zone)
    starts_at = stated or meetings.starts_at(meeting_id) or original
    if starts_at is None:
        return None
    organizer = _address(component.first("ORGANIZER"))
    same_day = is_whole_day(recurrence) and original is not None and original.date() == starts_at.date()
    cancelled = calendar.method == "CANCEL" or component.text("STATUS").upper() == "CANCELLED"
    answers = {
        address: str(attendee.params.get("PARTSTAT", "")).upper()
        for attendee in component.properties.get("ATTENDEE", ())
        if str(attendee.params.get("CUTYPE", "")).upper() not in _THINGS
        and (address := _address(attendee)) not in {None, organizer}
        and address is not None
    }
    stated_at = _stated_at(
        calendar, component, zone, answered=cancelled or not _ANSWERS.keys().isdisjoint(answers.values())
    )
    return _Revision(
        meeting_id=meeting_id,
        method=calendar.method,
        sequence=component.sequence,
        made_at=stated_at or max(received_at, _EARLIEST),
        stated_at=stated_at or starts_at,
        starts_at=starts_at,
        states_start=stated is not None,
        own_move=original not in {None, starts_at} and not same_day,
        cancelled=cancelled,
        organizer=organizer,
        answers=answers,
        subject=component.text("SUMMARY")[:_MAX_SUBJECT_CHARS],
    )


def _stated_at(calendar: Calendar, component: Component, zone: tzinfo, *, answered: bool) -> datetime | None:
    """When the revision was made, by its own word.

    In a file that was exported, not sent, DTSTAMP may be the time of the export, or that of the invitation to which an answer
    or a cancellation was added at LAST-MODIFIED.
    """
    stamp, modified, created = (
        _sane_instant(component, name, calendar, zone) for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED")
    )
    if stamp is None or modified is None:
        return stamp or modified or created
    if calendar.method in _BY_ATTENDEE or calendar.method == "CANCEL":
        return max(stamp, modified)
    if calendar.method in _EXPORTS:
        return modified if answered else min(stamp, modified)
    return stamp


def _sane_instant(component: Component, name: str, calendar: Calendar, zone: tzinfo) -> datetime | None:
    """Programs without a clock or with a zeroed field write 1970, 1601 or the year 1."""
    try:
        found = instant(component.first(name), calendar, zone)
    except ValueError:
        return None
    return found if found is not None and _EARLIEST <= found < _LATEST else None


def _mtime_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # gone since it was listed
        return 0


def _address(person: Property | None) -> str | None:
    """Some calendars put a path or a UUID where the address belongs and the address into EMAIL."""
    if person is None:
        return None
    for text in (person.value, str(person.params.get("EMAIL", ""))):
        bare = text.strip().removeprefix("MAILTO:").removeprefix("mailto:").removeprefix("Mailto:")
        if found := addresses(bare):
            return found[0].lower()
    return None


def _in_order(text: str) -> list[tuple[Calendar, Component]]:
    """Components of one text, earlier revisions first."""
    return sorted(components(text), key=lambda pair: (pair[1].sequence, pair[1].text("DTSTAMP")))
