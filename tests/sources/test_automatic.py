"""What a machine wrote is told from what a person wrote."""

import mail_builders as build
import pytest

from churnwatch.sources.automatic import is_automatic
from churnwatch.sources.mime import split_headers


def judge(
    header: str = "", *, subject: str = "Report", sender: str = build.ANNA, known: bool = False, calendar: bool = False
) -> bool:
    headers, _ = split_headers(build.mail(headers=header))
    return is_automatic(headers, sender=sender, subject=subject, known_contact=known, has_calendar=calendar)


def test_an_ordinary_mail_is_a_persons() -> None:
    assert not judge()
    assert not judge("Auto-Submitted: no")
    assert not judge("Precedence: first-class")
    assert not judge("Return-Path: <anna@romashka.example>")


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "Precedence: junk",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: All",
        "Return-Path: <>",
    ],
)
def test_headers_of_machines(header: str) -> None:
    assert judge(header)


@pytest.mark.parametrize("header", ["List-Id: <news.example>", "List-Unsubscribe: <mailto:x@y.example>"])
def test_a_lists_headers_do_not_make_a_known_contact_a_machine(header: str) -> None:
    assert judge(header)
    assert not judge(header, known=True)


@pytest.mark.parametrize(
    "subject",
    [
        "Автоответ: Отчёт", "Автоматический ответ: Отчёт", "Вне офиса", "В отпуске до 14 марта", "Out of Office: report",
        "Automatic reply: report", "Auto: report", "Undeliverable: report", "Недоставленное сообщение", "Прочтено: Отчёт",
        "Mail delivery failed: returning message to sender", "Delivery Status Notification (Failure)",
    ],
)  # fmt: skip
def test_subjects_of_absence_notices_bounces_and_receipts(subject: str) -> None:
    assert judge(subject=subject)
    assert not judge(subject=f"Re: {subject}")


@pytest.mark.parametrize(
    "subject", ["Отпуск Анны и сроки", "Почему нет ответа?", "Read this first", "Office rent", "Автоматизация отчётов"]
)
def test_subjects_of_persons(subject: str) -> None:
    assert not judge(subject=subject)


@pytest.mark.parametrize(
    "sender",
    [
        "mailer-daemon@x.example",
        "no-reply@x.example",
        "noreply+17@x.example",
        "do_not_reply@x.example",
        "crm-noreply@x.example",
    ],
)
def test_senders_that_nobody_reads(sender: str) -> None:
    assert judge(sender=sender)


def test_calendar_mail_and_reports_are_no_conversation() -> None:
    assert judge(calendar=True)
    headers, _ = split_headers(build.mail(content_type="multipart/report; report-type=delivery-status; boundary=x"))
    assert is_automatic(headers, sender=build.ANNA, subject="", known_contact=True, has_calendar=False)
