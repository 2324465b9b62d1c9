"""One event in a line, as evidence reads: when, what happened, with whom, and a quote where one is asked for."""

from collections.abc import Mapping
from datetime import date

from rich.text import Text

from churnwatch.alerts.wording import day, one_line
from churnwatch.cli.console import Language
from churnwatch.cli.glossary import Said
from churnwatch.core.config import Firm
from churnwatch.core.types import Call, Contact, Direction, Event, Invoice, Meeting, MeetingStatus, Message, Quote

_STATUSES = {
    MeetingStatus.INVITED: Said("invited", "приглашение"),
    MeetingStatus.ACCEPTED: Said("accepted", "принята"),
    MeetingStatus.TENTATIVE: Said("accepted tentatively", "принята предварительно"),
    MeetingStatus.DECLINED: Said("declined", "отклонена"),
    MeetingStatus.MOVED: Said("moved", "перенесена"),
    MeetingStatus.CANCELLED: Said("cancelled", "отменена"),
    MeetingStatus.HELD: Said("held", "состоялась"),
    MeetingStatus.NO_SHOW: Said("nobody came", "никто не пришёл"),
}


def event_line(
    event: Event, as_of: date, contacts: Mapping[str, Contact], quote: Quote | None, firm: Firm, language: Language
) -> Text:
    """The event in the reader's language; the quote, if any, on a line of its own with its telling words in bold."""
    contact = contacts.get(event.contact_id or "")
    who = f" ({one_line(contact.name) or contact.contact_id})" if contact else ""
    line = Text(f"{_when(event, as_of, firm, language)}: {_what(event, as_of, firm).said_in(language)}{who}")
    if quote is None:
        return line
    opens, closes = ("«", "»") if language == "ru" else ("“", "”")
    before, cue = quote.text[: quote.cue_start], quote.text[quote.cue_start : quote.cue_end]
    return line + Text(f"\n{opens}{before}") + Text(cue, style="bold") + Text(quote.text[quote.cue_end :] + closes)


def event_as_dict(event: Event) -> dict[str, object]:
    """The event for scripts, without any text."""
    return {
        "event_id": event.event_id,
        "kind": type(event).__name__.lower(),
        "direction": event.direction.word,
        "at": event.at,
        "contact_id": event.contact_id,
        "channel": event.channel,
    }


def _when(event: Event, as_of: date, firm: Firm, language: Language) -> str:
    local = event.at.astimezone(firm.zone)
    clock = f", {local:%H:%M}" if isinstance(event, Message | Call) else ""
    return f"{_day(local.date(), as_of).said_in(language)}{clock}"


def _what(event: Event, as_of: date, firm: Firm) -> Said:
    theirs = event.direction is Direction.IN
    match event:
        case Message(channel="email"):
            return Said("mail from the client", "письмо клиента") if theirs else Said("our mail", "наше письмо")
        case Message():
            return (
                Said("message from the client", "сообщение клиента")
                if theirs
                else Said("our message", "наше сообщение")
            )
        case Call():
            who = Said("call from the client", "звонок клиента") if theirs else Said("our call", "наш звонок")
            if not event.answered:
                return Said(f"{who.en}, not answered", f"{who.ru}, без ответа")
            minutes = max(1, round(event.duration_s / 60))
            return Said(f"{who.en}, {minutes} min", f"{who.ru}, {minutes} мин")
        case Meeting():
            starts, status = _day(event.starts_at.astimezone(firm.zone).date(), as_of), _STATUSES[event.status]
            by = Said("by the client", "клиентом") if theirs else Said("by us", "нами")
            return Said(f"meeting on {starts.en}, {status.en} {by.en}", f"встреча {starts.ru}, {status.ru} {by.ru}")
        case Invoice():
            due, paid = _day(event.due_on, as_of), _day(event.paid_on or event.due_on, as_of)
            how = Said(f"paid on {paid.en}", f"оплачен {paid.ru}") if event.paid_on else Said("not paid", "не оплачен")
            return Said(f"invoice due on {due.en}, {how.en}", f"счёт со сроком {due.ru}, {how.ru}")


def _day(when: date, as_of: date) -> Said:
    year = when.year != as_of.year
    return Said(day(when, "en", year=year), day(when, "ru", year=year))
