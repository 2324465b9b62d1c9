"""Writes letters as raw RFC 5322 mail the way real programs do: their headers, quotes, signatures, charsets and encodings."""

import base64
import html
import quopri
from collections.abc import Sequence
from datetime import datetime, timedelta

from churnwatch.demo import names
from churnwatch.demo.cast import Person
from churnwatch.demo.office import MOSCOW
from churnwatch.demo.quoting import body_of, local_time
from churnwatch.demo.talk import Letter

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AGENTS = {
    "outlook": "Microsoft Outlook 16.0",
    "apple": "Apple Mail (2.3774.600.62)",
    "yandex": "Yamail [ http://yandex.example ] 5.0",
    "mailru": "Mail.Ru Mailer 1.0",
}


def mail(letter: Letter) -> bytes:
    """The letter as one mail, lines ended by a bare newline as in a mailbox file."""
    writer = letter.manager if letter.ours else letter.person
    charset = writer.charset
    head = _headers(letter, writer, charset)
    body = body_of(letter, writer)
    content, more = _encoded(body, writer, charset, letter)
    return "\n".join([*head, *more]).encode("ascii") + b"\n\n" + content + (b"" if content.endswith(b"\n") else b"\n")


def envelope(sender: str, at: datetime) -> bytes:
    """The line that starts a mail in a mailbox file."""
    utc = at - timedelta(hours=3)
    return f"From {sender} {_DAYS[utc.weekday()]} {_MONTHS[utc.month - 1]} {utc.day:2d} {utc:%H:%M:%S %Y}\n".encode(
        "ascii"
    )


def in_mailbox(raw: bytes) -> bytes:
    """The mail with lines that look like an envelope masked (mboxrd), and the blank line after it."""
    lines = (b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in raw.split(b"\n"))
    return b"\n".join(lines) + b"\n"


def message_id(letter: Letter) -> str:
    """Unique and stable: from the client, the number of the letter and the writer's program."""
    writer = letter.manager if letter.ours else letter.person
    stamp = f"{letter.at:%Y%m%d%H%M%S}.{letter.client_id}.{letter.number}"
    domain = letter.sender.partition("@")[2]
    return f"<{'CA+' if writer.app == 'gmail' else ''}{stamp}@{'mail.' + domain if writer.app == 'gmail' else domain}>"


def header_words(text: str, charset: str) -> str:
    """A header's text, encoded (RFC 2047) where it isn't ASCII."""
    if text.isascii():
        return text
    words, piece = [], ""
    for word in text.split(" "):
        longer = f"{piece} {word}" if piece else word
        if piece and len(longer.encode(charset, "replace")) > 36:
            words.append(piece + " ")
            longer = word
        piece = longer
    encoded = (base64.b64encode(part.encode(charset, "replace")).decode("ascii") for part in [*words, piece])
    return "\n ".join(f"=?{charset}?B?{part}?=" for part in encoded)


def rfc_date(at: datetime) -> str:
    """An aware datetime as mail headers write it."""
    return f"{_DAYS[at.weekday()]}, {at.day:02d} {_MONTHS[at.month - 1]} {at:%Y %H:%M:%S %z}"


def _headers(letter: Letter, writer: Person, charset: str) -> list[str]:
    mine = _mailbox_of(writer.name, letter.sender, charset)
    other = letter.person if letter.ours else letter.manager
    recipient = _mailbox_of(other.name, other.addresses[0], charset)
    own_time = local_time(letter, writer.zone)
    received = letter.at.replace(tzinfo=MOSCOW) + timedelta(seconds=2 + letter.number % 37)
    sent_by = letter.sender.partition("@")[2]
    head = [
        f"Return-Path: <{letter.sender}>",
        f"Received: from mx.{sent_by} (mx.{sent_by} [192.0.2.{1 + letter.number % 250}])\n"
        f"\tby mx.{names.FIRM_DOMAIN} with ESMTPS id {letter.client_id}{letter.number:06x};\n\t{rfc_date(received)}",
        f"Date: {rfc_date(own_time)}",
        f"From: {mine}",
        f"To: {recipient}",
    ]
    if letter.cc:
        head.append(
            "Cc: " + ",\n ".join(_mailbox_of(person.name, person.addresses[0], charset) for person in letter.cc)
        )
    head += [f"Subject: {header_words(letter.subject, charset)}", f"Message-ID: {message_id(letter)}"]
    if letter.reply_to is not None:
        chain = [letter.reply_to]
        while chain[-1].reply_to is not None and len(chain) < 6:
            chain.append(chain[-1].reply_to)
        head.append(f"In-Reply-To: {message_id(letter.reply_to)}")
        head.append("References: " + "\n ".join(message_id(earlier) for earlier in reversed(chain)))
    if letter.automatic:
        head += ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", "Precedence: bulk"]
    if writer.app in _AGENTS:
        head.append(f"X-Mailer: {_AGENTS[writer.app]}")
    return [*head, "MIME-Version: 1.0"]


def _mailbox_of(name: str, address: str, charset: str) -> str:
    shown = header_words(name, charset)
    return f'"{name}" <{address}>' if name.isascii() else f"{shown} <{address}>"


def _encoded(body: str, writer: Person, charset: str, letter: Letter) -> tuple[bytes, Sequence[str]]:
    """The body's bytes and the headers that say how to read them."""
    text = (body if charset == "utf-8" else _plain(body)).encode(charset, "replace")
    page = _page(body, "gmail_quote" if writer.app in ("gmail", "mailru") else "").encode(charset, "xmlcharrefreplace")
    bare = "7bit" if body.isascii() else "8bit"
    number, app = letter.number, "outlook" if letter.automatic else writer.app
    if app == "mailru" or (app == "gmail" and number % 2 == 0):
        return _alternative(text, page, charset, letter, "base64" if app == "mailru" and number % 4 < 2 else "8bit")
    kind, coding = "plain", bare
    if app == "apple":
        coding = "quoted-printable"
    elif app == "yandex":
        kind = "html"
    elif app == "outlook" and not letter.automatic and not letter.ours and number % 7 == 0:
        kind, coding = "html", "base64"
    elif app == "outlook" and charset == "koi8-r" and number % 3 == 0:
        coding = "base64"
    content = page if kind == "html" else text
    coded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(coding, bytes)(content)
    return coded, _how(kind, charset, coding)


def _alternative(text: bytes, page: bytes, charset: str, letter: Letter, coding: str) -> tuple[bytes, Sequence[str]]:
    """Plain text and HTML of the same letter."""
    edge = f"----=_{letter.client_id}_{letter.number}"
    parts = []
    for kind, content in (("plain", text), ("html", page)):
        head = "\n".join([f"--{edge}", *_how(kind, charset, coding)]) + "\n\n"
        parts.append(head.encode("ascii") + (base64.encodebytes(content) if coding == "base64" else content))
    return b"\n".join([*parts, f"--{edge}--\n".encode("ascii")]), [
        f'Content-Type: multipart/alternative; boundary="{edge}"'
    ]


def _plain(text: str) -> str:
    return text.replace("«", '"').replace("»", '"').replace("—", "-")


def _how(kind: str, charset: str, coding: str) -> Sequence[str]:
    return (f"Content-Type: text/{kind}; charset={charset}", f"Content-Transfer-Encoding: {coding}")


def _page(body: str, mark: str) -> str:
    """The text as a program's HTML; quoted lines become a blockquote."""
    own: list[str] = []
    quoted: list[str] = []
    for line in body.rstrip("\n").split("\n"):
        target = quoted if line.startswith(">") else own
        target.append(html.escape(line.removeprefix(">").removeprefix(" "), quote=False))
    shown = "".join(f"<div>{line or '<br>'}</div>" for line in own)
    if quoted:
        attribute = f' class="{mark}"' if mark else ' type="cite"'
        shown += f"<blockquote{attribute}>{'<br>'.join(quoted)}</blockquote>"
    return f"<html><body>{shown}</body></html>\n"
