"""A small firm on disk: mailboxes, a calendar, a CRM and bookkeeping as real programs write them, and its nights.

Romashka writes angrily to Anna. Northwind and Harbor cool towards Ben. Uhrwerk keeps its pace. Vechta left a month ago.
"""

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import builders
from builders import AS_OF, Manner

from churnwatch import nightly
from churnwatch.core.config import Config, load
from churnwatch.core.types import Call, Direction, Event, Invoice, Meeting, MeetingStatus, Message
from churnwatch.store import Store

NOW = datetime(2025, 6, 2, 3, 30, tzinfo=UTC)  # the morning after the last day
WEEKS = 20
LEFT_ON = date(2025, 5, 4)
STRANGER = "mara@stranger.example"
SUBJECT = "Quartalsbericht Zimtstern"  # of every mail
SECRET_SENTENCE = "You promised it last week"
EVERY_SOURCE = ("clients", "contacts", "mail", "calendar", "calls", "invoices")

_ANGRY = Manner(asks=4, texts=builders._ANGRY, replies=builders._ANGRY)
_ANGRY_RU = Manner(asks=4, texts=builders._ANGRY[2:], replies=builders._ANGRY[2:])
_COOL = Manner(
    asks=1,
    latency_hours=50,
    texts=builders._SHORT,
    replies=builders._SHORT,
    comes=0,
    picks_up=0,
    talk_s=60,
    days_late=None,
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A client of the firm, and how it behaves in the n-th week before the end."""

    client_id: str
    name: str
    domain: str
    manager: str
    manner: Callable[[int], Manner]
    value: int = 1000
    left_on: date | None = None

    @property
    def phone(self) -> str:
        return f"+49301234{100 + sum(self.client_id.encode()) % 800}"


def _cooling(back: int) -> Manner:
    return builders.STEADY if back > 8 else builders.SILENT if back <= 2 else _COOL


RELATIONS = (
    Relation("romashka", "Ромашка", "romashka.example", "anna", lambda back: _ANGRY_RU if back <= 4 else builders.STEADY),
    Relation("northwind", "Northwind", "northwind.example", "ben", _cooling, 4000),
    Relation("harbor", "Harbor & Sons", "harbor.example", "ben", _cooling, 3000),
    Relation("uhrwerk", "Uhrwerk", "uhrwerk.example", "anna", lambda _: builders.STEADY, 2000),
    Relation("vechta", "Vechta", "vechta.example", "anna", lambda back: builders.STEADY if back > 6 else builders.SILENT,
             left_on=LEFT_ON),
)  # fmt: skip
MANAGERS = {
    "anna": ("Анна Ким", "anna@buro.example", "ru"),
    "ben": ("Ben Hall", "ben@buro.example", "en"),
}
SETTINGS = """
[firm]
name = "Buro"
timezone = "Europe/Berlin"
country = "DE"
domains = ["buro.example"]

[store]
url = "sqlite:///churnwatch.db"

[model]
path = "model"

[api]
base_url = "https://churnwatch.buro.example"
"""


@dataclass(frozen=True, slots=True)
class Firm:
    """An installation in a folder."""

    folder: Path

    @property
    def config_path(self) -> Path:
        return self.folder / "churnwatch.toml"

    @property
    def config(self) -> Config:
        return load(self.config_path, {})

    @property
    def mailbox(self) -> Path:
        return self.folder / "mail" / "anna.mbox"

    def set(self, text: str) -> None:
        """Add to the configuration."""
        with self.config_path.open("a", encoding="utf-8") as file:
            file.write("\n" + text + "\n")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a text in one of the files."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def open(self) -> Store:
        return Store.open(self.config.store_url)

    def night(self, as_of: date = AS_OF, now: datetime = NOW, config: Config | None = None) -> nightly.Night:
        with self.open() as store:
            return nightly.run(config or self.config, store, as_of, lambda: now)

    def copy(self, folder: Path) -> "Firm":
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Firm(folder)


def write_firm(folder: Path, before: datetime | None = None, sources: Sequence[str] = EVERY_SOURCE) -> Firm:
    """The firm as its files stood at an instant; `sources` are those that the configuration names."""
    for name in ("crm", "mail", "calendar"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    by_client = {one.client_id: one for one in RELATIONS}
    events = [event for event in _events() if sources and (before is None or event.known_at < before)]
    events.sort(key=lambda event: (event.at, event.event_id))
    messages = [event for event in events if isinstance(event, Message)]
    for manager in MANAGERS:
        box = [one for one in messages if by_client[one.client_id].manager == manager]
        raw = b"".join(_in_mailbox(mail) for mail in _mails(box, by_client))
        (folder / "mail" / f"{manager}.mbox").write_bytes(raw + (_noise() if manager == "anna" else b""))
    revisions = [_revision(one, by_client[one.client_id]) for one in events if isinstance(one, Meeting)]
    (folder / "calendar" / "meetings.ics").write_text("".join(revisions), encoding="utf-8", newline="")
    _write_tables(folder, events, before)
    paths = {
        "clients": "crm/clients.csv",
        "contacts": "crm/contacts.csv",
        "mail": "mail/*.mbox",
        "calendar": "calendar/*.ics",
        "calls": "calls.csv",
        "invoices": "invoices.csv",
    }
    kinds = {"mail": "mbox", "calendar": "ics"}
    tables = [f'[[sources]]\nname = "{n}"\nkind = "{kinds.get(n, n)}"\npath = "{paths[n]}"\n' for n in sources]
    firm = Firm(folder)
    firm.config_path.write_text(SETTINGS + "\n" + "\n".join(tables), encoding="utf-8")
    return firm


# --- what one looks at afterwards -------------------------------------------------------------------------------------

Rows = list[tuple[Any, ...]]
TALLIES = {
    "source_errors": "SELECT source, place, problem FROM source_errors",
    "skipped_records": "SELECT source, why, records FROM skipped_records",
    "unknown_correspondents": "SELECT source, address, messages, first_at, last_at FROM unknown_correspondents",
}


def rows(firm: Firm, query: str) -> Rows:
    """What the database file holds, read past the store."""
    with closing(sqlite3.connect(firm.folder / "churnwatch.db")) as connection:
        return connection.execute(query).fetchall()


def state(firm: Firm) -> dict[str, Rows]:
    """Every row that a night writes, but for what is measured by the clock and where the files lie."""
    queries = {
        table: f"SELECT * FROM {table}"  # noqa: S608 - our own table names
        for table in (
            "managers", "clients", "contacts", "contracts", "outcomes", "manager_changes", "texts", "catalogues",
            "snapshots", "cases", "transitions",
        )
    }  # fmt: skip
    queries |= TALLIES
    beliefs = "client_id, as_of, horizon_days, model_id, probability, low, high, band, reasons, insufficient"
    queries["risks"] = f"SELECT {beliefs} FROM risks"  # noqa: S608 - without `turn`, which only says which one was put last
    # Without `reading` and `changed`, which only count how often its source was begun anew and in how many writes it came.
    named = "SELECT name FROM pragma_table_info('events') WHERE name NOT IN ('reading', 'changed')"
    told = ", ".join(name for (name,) in rows(firm, named))
    queries["events"] = f"SELECT {told} FROM events"  # noqa: S608 - our own column names
    queries["outbox"] = "SELECT key, case_id, channel, recipient, notice, state FROM outbox"
    queries["runs"] = "SELECT as_of, stage FROM runs"
    queries["cursors"] = "SELECT source FROM cursors"
    return {name: sorted(rows(firm, query), key=repr) for name, query in queries.items()}


def bytes_on_disk(firm: Firm) -> bytes:
    """The database and its journals, as anyone who copies the files gets them."""
    return b"".join(path.read_bytes() for path in sorted(firm.folder.glob("churnwatch.db*")))


# --- dying ------------------------------------------------------------------------------------------------------------


def die_at(folder: Path, place: str, nth: int, *, after: bool) -> None:
    """Run a night in this process, which is killed at the n-th call of `module:owner.name`, before or after the call."""
    die_at_call(place, nth, after=after)
    Firm(folder).night()


def die_at_call(place: str, nth: int, *, after: bool) -> None:
    """From now on this process is killed at the n-th call of `module:owner.name`, before or after the call."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner: Any = import_module(module)
    for one in owners:
        owner = getattr(owner, one)
    real = getattr(owner, name)
    calls = 0

    def fatal(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*given, **named)
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, fatal)


# --- files ------------------------------------------------------------------------------------------------------------


@cache
def _events() -> tuple[Event, ...]:
    return tuple(event for one in RELATIONS for event in builders.relation(one.client_id, one.manner, weeks=WEEKS))


def _mails(box: Iterable[Message], by_client: dict[str, Relation]) -> Iterator[EmailMessage]:
    earlier: dict[str, list[str]] = {}
    for message in box:
        relation = by_client[message.client_id]
        ours, theirs = MANAGERS[relation.manager][1], f"lee@{relation.domain}"
        thread = earlier.setdefault(message.thread_id or message.event_id, [])
        mail = write_mail(
            message.text or "",
            sender=theirs if message.direction is Direction.IN else ours,
            to=ours if message.direction is Direction.IN else theirs,
            at=message.at,
            message_id=f"<{message.event_id}@mail.example>",
            subject=f"Re: {SUBJECT}" if thread else SUBJECT,
        )
        if thread:
            mail["In-Reply-To"], mail["References"] = thread[-1], " ".join(thread)
        thread.append(mail["Message-ID"])
        yield mail


def write_mail(
    text: str, *, sender: str, to: str, at: datetime, message_id: str, subject: str = SUBJECT
) -> EmailMessage:
    """One mail as a mail program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"], mail["Message-ID"] = at, message_id
    mail.set_content(text)
    return mail


def append(mailbox: Path, *mails: EmailMessage) -> None:
    """Mail that came in later."""
    with mailbox.open("ab") as file:
        file.writelines(map(_in_mailbox, mails))


def _in_mailbox(mail: EmailMessage) -> bytes:
    return b"From - Mon Mar 11 12:30:00 2024\n" + mail.as_bytes() + b"\n\n"


def _noise() -> bytes:
    """What else lies in a mailbox: two letters of a stranger, one among ourselves, one that is broken."""
    at = datetime(2025, 3, 3, 9, tzinfo=UTC)
    mails = [
        write_mail(
            "Hello, we sell pens.", sender=STRANGER, to="anna@buro.example", at=at, message_id="<p1@stranger.example>"
        ),
        write_mail(
            "Pens again?",
            sender=STRANGER,
            to="anna@buro.example",
            at=at + timedelta(3),
            message_id="<p2@stranger.example>",
        ),
        write_mail(
            "Lunch?", sender="ben@buro.example", to="anna@buro.example", at=at, message_id="<lunch@buro.example>"
        ),
    ]
    broken = b"From - Mon Mar 11 12:30:00 2024\nSubject: no date, no sender\n\nnothing here\n\n"
    return b"".join(map(_in_mailbox, mails)) + broken


def _revision(meeting: Meeting, relation: Relation) -> str:
    name, email, _ = MANAGERS[relation.manager]
    words = {MeetingStatus.ACCEPTED: "ACCEPTED", MeetingStatus.DECLINED: "DECLINED"}
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Buro//Calendar//EN",
        f"METHOD:{'REPLY' if meeting.status in words else 'REQUEST'}",
        "BEGIN:VEVENT", f"UID:{meeting.meeting_id}@buro.example", "SEQUENCE:0",
        f"DTSTAMP:{meeting.at:%Y%m%dT%H%M%SZ}", f"DTSTART:{meeting.starts_at:%Y%m%dT%H%M%SZ}",
        f"DTEND:{meeting.starts_at + timedelta(hours=1):%Y%m%dT%H%M%SZ}", f"SUMMARY:{SUBJECT}",
        f"ORGANIZER;CN={name}:mailto:{email}",
        f"ATTENDEE;PARTSTAT={words.get(meeting.status, 'NEEDS-ACTION')}:mailto:lee@{relation.domain}",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines)


def _write_tables(folder: Path, events: Sequence[Event], before: datetime | None) -> None:
    known_to = (before or datetime.max.replace(tzinfo=UTC)).date()
    clients = [
        "client_id,name,manager,manager_email,manager_language,monthly_value,domains,started_on,ended_on,departure,known_on"
    ]
    contacts = ["contact_id,client_id,name,addresses,phones,decision_maker"]
    for one in RELATIONS:
        name, email, language = MANAGERS[one.manager]
        end = f"{one.left_on},left," if one.left_on and one.left_on < known_to else ",,"
        clients.append(
            f"{one.client_id},{one.name},{name},{email},{language},{one.value},{one.domain},2024-01-15,{end}"
        )
        contacts.append(f"{one.client_id}-1,{one.client_id},Lee Berg,lee@{one.domain},{one.phone},yes")
    phones = {one.client_id: one.phone for one in RELATIONS}
    calls = ["at,phone,direction,duration,answered"]
    invoices = ["invoice_id,client_id,issued_on,due_on,amount,paid_on"]
    for event in events:
        match event:
            case Call():
                answered = "yes" if event.answered else "no"
                at = event.at.strftime("%Y-%m-%dT%H:%M:%SZ")
                calls.append(f"{at},{phones[event.client_id]},{event.direction.word},{event.duration_s:.0f},{answered}")
            case Invoice():
                paid = event.paid_on if event.paid_on and event.paid_on < known_to else ""
                row = (event.event_id, event.client_id, event.at.date(), event.due_on, f"{event.amount:.2f}", paid)
                invoices.append(",".join(map(str, row)))
    tables = {"crm/clients.csv": clients, "crm/contacts.csv": contacts, "calls.csv": calls, "invoices.csv": invoices}
    for path, lines in tables.items():
        (folder / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
