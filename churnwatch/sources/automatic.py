"""Which mails no person wrote for us: absence notices, newsletters, bounces, receipts, calendar mail. They are never conversation."""

import re

from churnwatch.sources.mime import Headers

_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|bounces?|no-?_?reply|do-?_?not-?_?reply|auto-?reply|autoresponder|robot|mailer|"
    r"notifications?|calendar-notification)(?:[+=._-].*)?@",
    re.IGNORECASE,
)
_NO_REPLY_INSIDE = re.compile(r"[._-](?:no-?reply|do-?not-?reply)@", re.IGNORECASE)

# How absence notices, bounces and receipts begin their subject; a "Re:" before it means that a person answered one.
_SUBJECTS = re.compile(
    r"\W{0,3}(?:автоответ|автоматический ответ|автоматическое уведомление|вне офиса|нет на месте|(?:я |сейчас )?в отпуске\b|"
    r"на больничном|недоставлен|не удалось доставить|не удается доставить|сообщение не доставлено|прочтено:|прочитано:|доставлено:|"
    r"auto(?:matic|mated)?[ -]?(?:reply|response|answer)|auto:|autoreply|out of (?:the )?office|ooo:|on (?:annual |parental )?leave\b|"
    r"abwesenheit|automatische antwort|undeliver|returned mail|mail delivery|delivery (?:status|failure|has failed)|failure notice|"
    r"read:|read receipt|not read:|accepted:|declined:|tentative:|принято:|отклонено:|под вопросом:|отменено:|cancell?ed:|"
    r"приглашение:|invitation:|updated invitation:)",
    re.IGNORECASE,
)
_AUTOMATIC_HEADERS = ("x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress")
_LIST_HEADERS = ("list-id", "list-unsubscribe")
_AUTOMATIC_PRECEDENCE = {"junk", "auto_reply", "auto-reply"}
_LIST_PRECEDENCE = {"bulk", "list"}  # also what people write to a shared list or group carries
_AUTOMATIC_TYPES = ("multipart/report", "text/calendar", "message/disposition-notification", "message/delivery-status")


def is_automatic(headers: Headers, *, sender: str, subject: str, known_contact: bool, has_calendar: bool) -> bool:
    """Whether a mail was sent by a machine; a list's headers count only where the sender is not a contact whom we know."""
    auto_submitted = headers.first("auto-submitted").lower()
    precedence = headers.first("precedence").lower()
    listed = precedence in _LIST_PRECEDENCE or any(name in headers for name in _LIST_HEADERS)
    return (
        has_calendar
        or (bool(auto_submitted) and not auto_submitted.startswith("no"))
        or precedence in _AUTOMATIC_PRECEDENCE
        or any(name in headers for name in _AUTOMATIC_HEADERS)
        or (listed and not known_contact)
        or headers.content_type.startswith(_AUTOMATIC_TYPES)
        or headers.first("return-path") == "<>"
        or _MACHINES.match(sender) is not None
        or _NO_REPLY_INSIDE.search(sender) is not None
        or _SUBJECTS.match(subject) is not None
    )
