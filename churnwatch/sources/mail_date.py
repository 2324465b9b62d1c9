"""When a mail was written and when the firm could know it: the Date header, checked against the servers' own stamps."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from churnwatch.sources.mime import Headers

_MAX_CLOCK_ERROR = timedelta(days=1)  # a sender's clock further ahead than this is not believed
_MAX_DATE_CHARS = 200
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2045, 12, 31, tzinfo=UTC)


class MailTimes(NamedTuple):
    """`known_at` is when our own server received the mail, where that is on record."""

    at: datetime
    known_at: datetime


def mail_times(headers: Headers, envelope: str = "") -> MailTimes | None:
    """The times of a mail; `envelope` is the rest of an mbox From_ line, the last resort. None where no date can be had."""
    written = _parsed(headers.first("date"))
    received = next(filter(None, (_parsed(stamp.rpartition(";")[2]) for stamp in headers.every("received"))), None)
    if written is not None and (received is None or written <= received + _MAX_CLOCK_ERROR):
        return MailTimes(written, max(written, received or written))
    arrived = received or _parsed(envelope.partition(" ")[2])
    return MailTimes(arrived, arrived) if arrived is not None else None


def _parsed(value: str) -> datetime | None:
    if not value.strip():
        return None
    try:
        instant = parsedate_to_datetime(value[:_MAX_DATE_CHARS].strip())
        instant = instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return instant if _FIRST <= instant <= _LAST else None
