"""What a machine wrote is told from what a person wrote."""

import mail_builders as build
import pytest

from churnwatch.sources.automatic import is_automatic
from churnwatch.sources.mime import split_headers


def judge(
    header: str = "",
    *,
    subject: str = "Report",
    text: str = "",
    sender: str = build.ANNA,
    known: bool = False,
    calendar: bool = False,
) -> bool:
    headers, _ = split_headers(build.mail(headers=header))
    return is_automatic(headers, sender=sender, subject=subject, text=text, known_contact=known, has_calendar=calendar)


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
        "X-GitHub-Reason: mention",
        "X-JIRA-FingerPrint: 0123",
        "X-Failed-Recipients: anna@romashka.example",
        "List-Unsubscribe: <https://x.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ],
)
def test_headers_of_machines(header: str) -> None:
    assert judge(header)


def test_a_newsletter_is_one_from_a_known_contact_too_and_a_list_to_which_people_post_is_none() -> None:
    one_click = "List-Unsubscribe: <https://x.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"
    assert judge(one_click, known=True)
    assert not judge(f"{one_click}\nList-Post: <mailto:all@x.example>", known=True)


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
        "Временно отсутствую", "Я в очередном отпуске", "Уведомление об отсутствии", "Не доставлено: Отчёт", "Ошибка доставки письма",
        "Не прочтено: Отчёт", "Принято: Созвон", "Приглашение отклонено: Созвон", "Обновлённое приглашение: Созвон",
        "Предложено новое время: Созвон", "Отменённое мероприятие: Созвон", "I'm out of the office", "OOO", "On vacation until 14 July",
        "On parental leave", "Away from my desk", "Vacation reply", "Message delayed", "Not read: report", "Canceled event: Sync",
        "Updated invitation: Sync", "Invitation from Bob: Sync", "Tentatively accepted: Sync", "New Time Proposed: Sync",
        "[JIRA] (PROJ-12) Export fails", "[Confluence] Page edited", "Automated message",
    ],
)  # fmt: skip
def test_subjects_of_absence_notices_bounces_and_receipts(subject: str) -> None:
    assert judge(subject=subject)
    assert not judge(subject=f"Re: {subject}")


@pytest.mark.parametrize(
    "subject",
    [
        "Отпуск Анны и сроки",
        "Почему нет ответа?",
        "Read this first",
        "Office rent",
        "Автоматизация отчётов",
        "Отсутствует доступ к серверу",
        "On holiday pricing",
        "Вопрос об отпуске",
        "Отпуск в июле",
        "Jira access",
        "Invitation to tender",
        "Принято решение",
        "Напоминание: счёт",
        "Office move: out of date plan",
        "В отпускной сезон",
        "Newsletter draft",
        "OOO «Ромашка»",
    ],
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
        "notifications@github.example",
        "jira@romashka.example",
        "newsletter@romashka.example",
        "acme-notifications@x.example",
        "gitlab+issue-17@x.example",
    ],
)
def test_senders_that_nobody_reads(sender: str) -> None:
    assert judge(sender=sender)


@pytest.mark.parametrize("sender", ["newsom@x.example", "crone@x.example", "trellow@x.example", "alerta@x.example"])
def test_names_that_begin_like_machines_are_persons(sender: str) -> None:
    assert not judge(sender=sender)


@pytest.mark.parametrize(
    "text",
    [
        "Это письмо сформировано автоматически, отвечать на него не нужно.",
        "Добрый день!\nСтатус заявки 17 изменён.\n\nДанное сообщение было отправлено автоматически.",
        "Сообщение сформировано автоматически.",
        "Это автоответ. Ваше письмо получено.",
        "Вы получили это письмо, потому что подписаны на рассылку.",
        "Пожалуйста, не отвечайте на это письмо: оно отправлено роботом",
        "This is an automated message.",
        "Ticket 17 was closed.\n\nThis email was automatically generated.",
        "You are receiving this email because you opted in.",
        "Bob commented on the issue.\nYou are receiving this because you were mentioned.",
        "Please do not reply to this e-mail as it was sent by a robot.",
        "-- This is an auto-generated reply --",
    ],
)
def test_what_programs_say_of_their_mail(text: str) -> None:
    assert judge(text=text)


@pytest.mark.parametrize(
    "text",
    [
        "Мне пришёл автоответ: Анна в отпуске до 14 июля. Кто её заменяет?",
        "Получил от вас «Это письмо сформировано автоматически». Что это?",
        "Я получила ваше автоматическое уведомление и не поняла его",
        "I got your out of office reply. Who covers for you until Monday?",
        "Is this an automated message, or do you read it?",
        "Отпишитесь, пожалуйста, по срокам.",
        "Please do not reply to this email chain any more, write to Bob.",
        "FYI, see the newsletter below: page three is about us",
        'Fine.\nYou received this message because you are subscribed to the Google Groups "Plan" group.',
        "Хорошо.\nВы получили это сообщение, поскольку подписаны на группу «План».",
        "Не отвечайте на это письмо, пока не поговорим.",
    ],
)
def test_what_persons_say_of_automatic_mail_is_a_persons(text: str) -> None:
    assert not judge(text=text)


def test_calendar_mail_and_reports_are_no_conversation() -> None:
    assert judge(calendar=True)
    headers, _ = split_headers(build.mail(content_type="multipart/report; report-type=delivery-status; boundary=x"))
    assert is_automatic(headers, sender=build.ANNA, subject="", text="", known_contact=True, has_calendar=False)
