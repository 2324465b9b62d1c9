"""Raw mails as real programs write them, and the firm and clients they pass between."""

from base64 import b64encode
from quopri import encodestring

from churnwatch.core.types import Client, Contact
from churnwatch.sources.identity import Identity

OURS = "petrov@buro.example"
ANNA = "anna@romashka.example"
BOB = "bob@northwind.example"


def cast_identity() -> Identity:
    """The firm Buro with two clients; Anna is a known contact, others at her firm are known by domain alone."""
    return Identity(
        own_domains=("buro.example",),
        clients=(
            Client("romashka", "Ромашка", domains=("romashka.example",)),
            Client("northwind", "Northwind", domains=("northwind.example",)),
        ),
        contacts=(Contact("anna", "romashka", addresses=(ANNA,)),),
    )


def mail(
    body: str | bytes = "Добрый день! Когда будет отчёт?",
    *,
    sender: str = ANNA,
    to: str = OURS,
    date: str | None = "Mon, 11 Mar 2024 12:30:00 +0300",
    message_id: str | None = "<one@romashka.example>",
    subject: str = "Report",
    headers: str = "",
    content_type: str = "text/plain; charset=utf-8",
) -> bytes:
    """One mail with LF line ends."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines += [f"Date: {date}"] if date is not None else []
    lines += [f"Message-ID: {message_id}"] if message_id is not None else []
    lines += [headers.strip("\n")] if headers else []
    lines += [f"Content-Type: {content_type}", "", ""]
    return "\n".join(lines).encode() + (body if isinstance(body, bytes) else body.encode())


def mbox(*mails: bytes) -> bytes:
    """An mbox as Thunderbird writes it."""
    return b"".join(b"From - Mon Mar 11 12:30:00 2024\n" + raw + b"\n\n" for raw in mails)


OUTLOOK_RU = (
    "Принято, ждём счёт до пятницы.\r\n\r\n"
    "С уважением,\r\nАнна Ким\r\nФинансовый директор\r\nООО «Ромашка»\r\n+7 495 000-00-00\r\n\r\n"
    "________________________________\r\nОт: Пётр Петров <petrov@buro.example>\r\nОтправлено: 11 марта 2024 г. 12:30\r\n"
    "Кому: Анна Ким\r\nТема: Счёт\r\n\r\nАнна, отправили вам счёт.\r\n"
)
GMAIL_RU = (
    "Спасибо, посмотрим завтра.\n\nпн, 11 мар. 2024 г. в 12:30, Пётр Петров <petrov@buro.example>:\n\n"
    "> Анна, добрый день!\n> Отчёт готов.\n>\n"
)
YANDEX = (
    'Нет, так не пойдёт.\n\n11.03.2024, 12:30, "Пётр Петров" <petrov@buro.example>:\n> Предлагаем перенести на апрель.\n\n'
    "-- \nОтправлено из мобильного приложения Яндекс Почты\n"
)
MAIL_RU = (
    "Когда будет готово?\n\n--\nАнна Ким\n\n"
    "Понедельник, 11 марта 2024, 12:30 +03:00 от Пётр Петров <petrov@buro.example>:\n>Добрый день!\n>Делаем.\n"
)
APPLE_RU = (
    "Да, давайте в 15:00.\n\nОтправлено с iPhone\n\n"
    "> 11 марта 2024 г., в 12:30, Пётр Петров <petrov@buro.example> написал(а):\n> \n> Созвонимся?\n"
)
OUTLOOK_EN = (
    "Fine with us.\n\nBest regards,\nBob Lee\nNorthwind\n\n-----Original Message-----\nFrom: Peter\nSent: Monday, March 11, 2024 12:30 PM\n"
    "To: Bob\nSubject: Plan\n\nBob, is it fine?\n"
)


def koi8_mail() -> bytes:
    """As old Russian Unix mailers write: koi8-r with encoded headers."""
    subject = b64encode("Отчёт за март".encode("koi8-r")).decode()
    body = "Добрый день! Отчёта всё ещё нет.".encode("koi8-r")
    return mail(body, subject=f"=?KOI8-R?B?{subject}?=", content_type="text/plain; charset=koi8-r")


def cp1251_undeclared_mail() -> bytes:
    """As some web forms write: cp1251 in the subject and body, and no word about it."""
    raw = mail("BODY", subject="SUBJECT", content_type="text/plain")
    return raw.replace(b"SUBJECT", "Отчёт за март".encode("cp1251")).replace(
        b"BODY", "Отчёта всё ещё нет.".encode("cp1251")
    )


def html_only_mail() -> bytes:
    """As Outlook on the web writes, quoted-printable HTML with the quoted mail below."""
    html = (
        "<html><head><style>p {margin:0}</style></head><body><div>Мы недовольны сроками.</div>"
        '<div id="Signature"><p>Анна Ким</p></div><div id="appendonsend"></div><hr>'
        '<div id="divRplyFwdMsg"><b>От:</b> Пётр<br><b>Тема:</b> Сроки</div><div>Как вам сроки?</div></body></html>'
    )
    encoded = encodestring(html.encode()).decode()
    return mail(
        encoded,
        headers="MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable",
        content_type="text/html; charset=utf-8",
    )


def multipart(*parts: tuple[str, str], kind: str = "alternative") -> tuple[str, str]:
    """(content type, body) of a multipart of (headers, text)."""
    body = "".join(f"--b1\nContent-Type: {kind_of}\n\n{text}\n" for kind_of, text in parts) + "--b1--\n"
    return f'multipart/{kind}; boundary="b1"', body
