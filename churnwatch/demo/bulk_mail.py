"""What else lies in a mailbox: newsletters, strangers, and mail between colleagues."""

from collections.abc import Iterable
from datetime import date, datetime

from churnwatch.demo.office import MOSCOW
from churnwatch.demo.write_mail import header_words, rfc_date


def newsletter(number: int, to: str, day: date, hour: int) -> bytes:
    """A bulk mail from nobody's client."""
    sender = ("digest@adweek-digest.example", "news@hosting-nord.example", "events@marketing-forum.example")[number % 3]
    at = datetime(day.year, day.month, day.day, hour, 12, 30, tzinfo=MOSCOW)
    subject = ("Дайджест рынка рекламы", "Новости хостинга", "Marketing forum: new speakers")[number % 3]
    text = "Коротко о главном за неделю. Чтобы отписаться, нажмите на ссылку в конце письма.\n"
    more = (f"List-Unsubscribe: <mailto:off@{sender.partition('@')[2]}>", "Precedence: bulk")
    return _other(sender, to, at, subject, text, f"nl{number}", more)


def stranger(number: int, to: str, day: date, hour: int) -> bytes:
    """A mail from someone no client claims: an applicant, a supplier, an enquiry."""
    sender = ("olga.kadry@freemail.example", "sales@print-paper.example", "info@new-enquiry.example")[number % 3]
    subject = ("Отклик на вакансию", "Бумага и расходные материалы", "Website relaunch, a quote please")[number % 3]
    text = (
        "Здравствуйте! Отправляю резюме на вакансию дизайнера, портфолио по ссылке.\n",
        "Добрый день! Предлагаем бумагу со склада, цены во вложении.\n",
        "Hello, we are looking for an agency to relaunch our website. Could you send a quote?\n",
    )[number % 3]
    at = datetime(day.year, day.month, day.day, hour, 41, 7, tzinfo=MOSCOW)
    return _other(sender, to, at, subject, text, f"st{number}", ())


def internal(number: int, sender: str, to: str, at: datetime, text: str) -> bytes:
    """A mail between two of ours."""
    return _other(
        sender,
        to,
        at.replace(tzinfo=MOSCOW),
        "Планы" if not text.isascii() else "Plans",
        text + "\n",
        f"in{number}",
        (),
    )


def _other(sender: str, to: str, at: datetime, subject: str, text: str, key: str, more: Iterable[str]) -> bytes:
    head = [
        f"Date: {rfc_date(at)}",
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {header_words(subject, 'utf-8')}",
        f"Message-ID: <{key}.{at:%y%m%d%H%M}.{to.partition('@')[0]}.{sender}>",
        *more,
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return "\n".join(head).encode("ascii") + b"\n\n" + text.encode("utf-8")
