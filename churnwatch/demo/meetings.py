"""Meetings of a client and us: invitations, answers, moves and cancellations, each as an iCalendar object with the time it was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from churnwatch.demo import office
from churnwatch.demo.account import Account
from churnwatch.demo.cast import OurManager, Person
from churnwatch.demo.dice import Dice

_SUBJECTS = {
    "ru": ("Статус по проекту", "Обсуждение плана", "Еженедельный созвон", "Показ макетов", "Итоги месяца"),
    "en": ("Project status", "Planning", "Weekly call", "Design review", "Monthly results"),
}
_CLIENT_HOSTS_SHARE = 0.3
_LINE_OCTETS = 73  # of 75, which RFC 5545 allows before a line is folded


@dataclass(frozen=True, slots=True)
class Revision:
    """One iCalendar object: what was sent, when, and in whose calendar it lies."""

    at: datetime  # when it was made, Moscow wall-clock time
    manager_key: str
    client_id: str
    text: str


@dataclass(slots=True)
class _Meeting:
    uid: str
    subject: str
    host: Person
    guest: Person
    us: Person
    client_id: str
    starts: datetime
    sequence: int = 0

    def revision(self, at: datetime, method: str, answer: str = "NEEDS-ACTION") -> Revision:
        starts, at_utc = _utc(self.starts), _utc(at)
        lines = [
            "BEGIN:VCALENDAR",
            "PRODID:-//North Wind//Demo calendar//EN",
            "VERSION:2.0",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{self.uid}",
            f"SEQUENCE:{self.sequence}",
            f"DTSTAMP:{at_utc}",
            f"DTSTART:{starts}",
            f"DTEND:{_utc(self.starts + timedelta(minutes=45))}",
            f"SUMMARY:{self.subject.replace(',', chr(92) + ',').replace(';', chr(92) + ';')}",
            f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}",
            f'ORGANIZER;CN="{self.host.name}":mailto:{self.host.addresses[0]}',
            f'ATTENDEE;CN="{self.guest.name}";ROLE=REQ-PARTICIPANT;PARTSTAT={answer};RSVP=TRUE'
            f":mailto:{self.guest.addresses[0]}",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
        return Revision(at, self.us.key, self.client_id, "".join(_folded(line) for line in lines))


def meetings(account: Account, managers: Mapping[str, OurManager], seed: int) -> list[Revision]:
    """All revisions of all meetings with one client, by time."""
    dice = Dice(seed, 5, account.number)
    result: list[Revision] = []
    day = max(office.FIRST_DAY, account.started_on) + timedelta(days=dice.whole(1, account.meets_every_days))
    number = 0
    while day < office.AS_OF + timedelta(days=21):
        wanted = dice.chance(min(1.0, 0.25 + 0.75 * office.season(day, account.western)))
        held_on = office.next_workday(day, account.western)
        if wanted and (meeting := _planned(account, managers, held_on, number, dice)):
            result += _life(meeting, account, dice)
            number += 1
        day += timedelta(days=max(3, round(account.meets_every_days * dice.between(0.75, 1.3))))
    return sorted((r for r in result if r.at < office.END), key=lambda revision: (revision.at, revision.text))


def _planned(
    account: Account, managers: Mapping[str, OurManager], day: date, number: int, dice: Dice
) -> _Meeting | None:
    invited_on = day - timedelta(days=7)
    ended = account.story.notice_on or account.silent_from
    if not account.started_on <= invited_on < ended or invited_on >= office.AS_OF:
        return None
    ours = managers[account.manager_on(invited_on)]
    us = ours.russian if account.language == "ru" else ours.english
    decides = next(person for person in account.people if person.decision_maker)
    person = decides if dice.chance(0.4) else account.people[0]
    western_hour = 1 if account.western else 0
    starts = datetime.combine(day, time(dice.whole(10, 16) + western_hour, dice.pick((0, 0, 30))))
    by_client = dice.chance(_CLIENT_HOSTS_SHARE * account.mood(invited_on).initiative)
    return _Meeting(
        f"{account.client_id.lower()}-{number:03d}@{account.domain if by_client else 'north-wind.example'}",
        dice.pick(_SUBJECTS[account.language]),
        person if by_client else us,
        us if by_client else person,
        us,
        account.client_id,
        starts,
    )


def _life(meeting: _Meeting, account: Account, dice: Dice) -> list[Revision]:
    """Invited, answered, perhaps moved up to twice, perhaps called off."""
    result: list[Revision] = []
    at = office.after(meeting.starts - timedelta(days=dice.whole(2, 8)), dice.between(0.2, 7))
    if at >= meeting.starts:
        at = meeting.starts - timedelta(hours=3)
    result.append(meeting.revision(at, "REQUEST"))
    client_hosts = meeting.host is not meeting.us
    for _ in range(3):
        mood = account.mood(at.date())
        at = _before(meeting.starts, at, dice)
        avoids = dice.chance(mood.avoid)
        if client_hosts:
            result.append(meeting.revision(at, "REPLY", "ACCEPTED"))
            if not avoids:
                break
            at = _before(meeting.starts, at, dice)
            if dice.chance(0.45):
                meeting.sequence += 1
                result.append(meeting.revision(at, "CANCEL"))
                break
            _move(meeting, dice)
            result.append(meeting.revision(at, "REQUEST"))
            continue
        if not avoids:
            tentative = dice.chance(0.05 + 0.3 * mood.brevity)
            if dice.chance(0.93 - 0.4 * mood.brevity):  # some never answer an invitation
                result.append(meeting.revision(at, "REPLY", "TENTATIVE" if tentative else "ACCEPTED"))
            break
        if dice.chance(0.35):
            shifted = meeting.starts
            _move(meeting, dice)
            result.append(meeting.revision(at, "COUNTER"))
            at = _before(shifted, at, dice)
        else:
            result.append(meeting.revision(at, "REPLY", "DECLINED"))
            if dice.chance(0.5):
                break
            at = _before(meeting.starts, at, dice)
            _move(meeting, dice)
        meeting.sequence += 1
        result.append(meeting.revision(at, "REQUEST"))
    if not client_hosts and result[-1].text.find("DECLINED") < 0 and dice.chance(0.04):
        meeting.sequence += 1
        result.append(meeting.revision(_before(meeting.starts, at, dice), "CANCEL"))
    silent = datetime.combine(min(account.silent_from, date(9000, 1, 1)), time(0))
    return [revision for revision in result if revision.at < silent]


def _move(meeting: _Meeting, dice: Dice) -> None:
    day = office.next_workday(meeting.starts.date() + timedelta(days=dice.whole(1, 9)))
    meeting.starts = datetime.combine(day, meeting.starts.time())
    meeting.sequence += meeting.host is not meeting.us


def _before(limit: datetime, at: datetime, dice: Dice) -> datetime:
    """Some time between now and the meeting, sooner rather than later."""
    left = max(timedelta(minutes=4), limit - at)
    return (at + max(timedelta(minutes=2), left * (dice.share() ** 2 * 0.85))).replace(microsecond=0)


def _utc(at: datetime) -> str:
    return f"{at - timedelta(hours=3):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    """A content line, folded by octets without cutting a character, with the line end that the format asks for."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > _LINE_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + width
    return "\r\n".join([*pieces, piece]) + "\r\n"
