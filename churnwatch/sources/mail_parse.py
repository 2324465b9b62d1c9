"""One mail -> events: who wrote to whom, when, in which thread, in the writer's own words. The body is read only when needed."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from churnwatch.core.contracts import Skipped, SourceError, SourceItem, UnknownCorrespondent
from churnwatch.core.types import Direction, Meeting, Message
from churnwatch.sources.absence import read_absence
from churnwatch.sources.automatic import is_automatic, is_machine
from churnwatch.sources.html_text import html_to_text
from churnwatch.sources.ics import calendar_items
from churnwatch.sources.identity import Identity, Person
from churnwatch.sources.mail_date import MailTimes, mail_times
from churnwatch.sources.meeting_memory import MeetingMemory
from churnwatch.sources.mime import Body, Headers, addresses, decode_words, read_body, split_headers
from churnwatch.sources.replies import own_text, unquoted_text

_MAX_ID_CHARS = 200  # a longer one is replaced by its hash
_MAX_CALENDARS = 5  # in one mail
_MAX_STRANGERS = 50  # of one mail
_OLE_FILE = b"\xd0\xcf\x11\xe0"  # how Outlook's own .msg files begin

_IN_BRACKETS = re.compile(r"<([^<>]{1,1000})>")


@dataclass(frozen=True, slots=True)
class MailReader:
    """Reads mails for one source; `meetings` remembers earlier revisions of the invitations among them."""

    source: str
    identity: Identity
    zone: tzinfo
    meetings: MeetingMemory

    def items(self, raw: bytes, place: str, envelope: str = "") -> Iterator[SourceItem]:
        """Everything that one mail says; `envelope` is what follows `From ` in an mbox."""
        if raw.startswith(_OLE_FILE):
            yield SourceError(self.source, place, "an Outlook .msg file; save it as .eml")
            return
        headers, rest = split_headers(raw)
        sender = next((found for name in ("from", "sender") for found in addresses(headers.first(name))), None)
        times = mail_times(headers, envelope)
        if sender is None or times is None:
            missing = "sender's address" if sender is None else "usable date, neither in Date nor in Received"
            yield SourceError(self.source, place, f"no {missing}")
            return
        body: Body | None = None
        if b"text/calendar" in (lower := raw.lower()) or b"application/ics" in lower:
            body = read_body(headers, rest)
            yield from self._meetings(body, place, times.known_at)
        recipients = dict.fromkeys(
            a for name in ("to", "cc", "bcc") for value in headers.every(name) for a in addresses(value)
        )
        concerned, direction = self._concerned(sender, list(recipients))
        yield from self._left_out(sender, list(recipients), concerned, times.at)
        if not concerned:
            return
        body = body or read_body(headers, rest)
        subject = decode_words(headers.first("subject"))
        readable = _readable(body)
        text = own_text(readable)
        automatic = is_automatic(
            headers,
            sender=sender,
            subject=subject,
            text=unquoted_text(readable),
            known_contact=self._known(sender),
            has_calendar=bool(body.calendars),
        )
        notice = automatic and not body.calendars and not is_machine(sender)
        absence = read_absence(subject, text, times.at.astimezone(self.zone).date()) if notice else None
        event_id = _event_id(headers, times, sender, list(recipients), subject, text)
        reply_to = _parent(headers)
        for client_id, contact_id in concerned.items():
            yield Message(
                event_id=event_id,
                client_id=client_id,
                direction=direction,
                at=times.at,
                known_at=times.known_at,
                contact_id=contact_id,
                thread_id=_root(headers) or reply_to or event_id,
                reply_to=reply_to if reply_to != event_id else None,
                subject=subject,
                text=text,
                automatic=automatic,
                people=self._people(client_id, [sender, *recipients]),
                attachments=body.attachments,
                away_since=absence.since if absence else None,
                away_until=absence.until if absence else None,
            )

    def _concerned(self, sender: str, recipients: Sequence[str]) -> tuple[dict[str, str | None], Direction]:
        """The clients and the first known contact at each: the sender's alone, or all to whom one of us wrote."""
        if self.identity.is_ours(sender):
            people = [self.identity.resolve(address) for address in recipients]
            direction = Direction.OUT
        else:
            people = [self.identity.resolve(sender)]
            direction = Direction.IN
        return _by_client(people), direction

    def _people(self, client_id: str, addresses: Sequence[str]) -> tuple[str, ...]:
        """The client's known contacts among the addresses, in their order."""
        found = [person for address in addresses if (person := self.identity.resolve(address)) is not None]
        return tuple(dict.fromkeys(one.contact_id for one in found if one.client_id == client_id and one.contact_id))

    def _left_out(
        self, sender: str, recipients: Sequence[str], concerned: dict[str, str | None], at: datetime
    ) -> Iterator[SourceItem]:
        ours = self.identity.is_ours(sender)
        strangers = [
            address
            for address in (recipients if ours else [sender])
            if not self.identity.is_ours(address) and self.identity.resolve(address) is None
        ]
        for address in strangers[:_MAX_STRANGERS]:
            yield UnknownCorrespondent(self.source, address, at)
        if not concerned:
            why = "unknown correspondent" if strangers else "internal" if recipients else "no recipients"
            yield Skipped(self.source, why)

    def _known(self, address: str) -> bool:
        person = self.identity.resolve(address)
        return self.identity.is_ours(address) or (person is not None and person.contact_id is not None)

    def _meetings(self, body: Body, place: str, received_at: datetime) -> Iterator[SourceItem]:
        for text in body.calendars[:_MAX_CALENDARS]:
            for item in calendar_items(
                text, self.source, f"{place}, calendar", self.identity, self.zone, self.meetings, received_at
            ):
                if isinstance(item, Meeting | SourceError):
                    yield item


def _by_client(people: Sequence[Person | None]) -> dict[str, str | None]:
    contacts: dict[str, str | None] = {}
    for person in people:
        if person is not None:
            contacts[person.client_id] = contacts.get(person.client_id) or person.contact_id
    return contacts


def _readable(body: Body) -> str:
    return "\n".join(html_to_text(text.content) if text.html else text.content for text in body.texts)


def _event_id(
    headers: Headers, times: MailTimes, sender: str, recipients: Sequence[str], subject: str, text: str
) -> str:
    if own := _first_id(headers.first("message-id")):
        return own
    # The same mail differs between mailboxes in line ends and quoting of From_ lines, so only words are compared.
    date = times.at.isoformat() if headers.first("date") else ""
    content = "\x00".join([date, sender.lower(), *sorted(map(str.lower, recipients)), subject, *text.split()])
    return f"mail:{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def _parent(headers: Headers) -> str | None:
    return _first_id(headers.first("in-reply-to")) or _normalised((_ids(headers.first("references")) or [""])[-1])


def _root(headers: Headers) -> str | None:
    return _normalised((_ids(headers.first("references")) or [""])[0])


def _first_id(value: str) -> str | None:
    """Old mailers write "Your message of … <id>", broken ones no brackets at all."""
    found = _ids(value)
    if found:
        return _normalised(found[0])
    words = value.split()
    return _normalised(words[0]) if len(words) == 1 else None


def _ids(value: str) -> list[str]:
    return [found for found in _IN_BRACKETS.findall(value) if found.strip()]


def _normalised(message_id: str) -> str | None:
    """Without blanks and brackets, the host in lower case: gateways change both."""
    bare = "".join(message_id.split()).strip("<>")
    if not bare:
        return None
    local, at, host = bare.rpartition("@")
    bare = f"{local}{at}{host.lower()}" if at else bare
    return f"mail:{bare if len(bare) <= _MAX_ID_CHARS else hashlib.sha256(bare.encode()).hexdigest()}"
