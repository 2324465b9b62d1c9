"""Absence notices say since when and until when; whatever is none says nothing."""

from datetime import date

import pytest

from churnwatch.sources.absence import Absence, read_absence

THURSDAY = date(2025, 7, 3)


def days(text: str, subject: str = "") -> tuple[str, str | None] | None:
    found = read_absence(subject, text, THURSDAY)
    return found and (found.since.isoformat()[2:], found.until and found.until.isoformat()[2:])


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Добрый день! Я до 14-го в отпуске.", "25-07-14"),
        ("Я в отпуске до 14 июля. По срочным вопросам пишите Ивану.", "25-07-14"),
        ("Нахожусь в ежегодном отпуске до 14.07.2025.", "25-07-14"),
        ("Нахожусь в отпуске до 14.07.25, на письма не отвечаю", "25-07-14"),
        ("Отсутствую до 14.07 включительно.", "25-07-15"),
        ("Отсутствую до 14 июля (включительно)", "25-07-15"),
        ("В отпуске по 13 июля.", "25-07-14"),
        ("Буду отсутствовать по 13.07.2025 включительно", "25-07-14"),
        ("Добрый день, меня нет на месте, вернусь 14 июля", "25-07-14"),
        ("Я в отпуске. Вернусь в понедельник, 14 июля.", "25-07-14"),
        ("Вернусь к работе 14-го июля", "25-07-14"),
        ("Вернусь после 14 июля.", "25-07-15"),
        ("Сейчас меня не будет, отвечу вам после 14.07", "25-07-15"),
        ("Буду на связи с понедельника.", "25-07-07"),
        ("Буду на связи с 14 июля", "25-07-14"),
        ("Буду доступна с 14.07.", "25-07-14"),
        ("Я на больничном до понедельника", "25-07-07"),
        ("Я в командировке до пятницы, отвечу вечером", "25-07-04"),
        ("Меня не будет на работе до следующей недели.", "25-07-07"),
        ("Отсутствую до конца недели", "25-07-07"),
        ("В отпуске до конца июля", "25-08-01"),
        ("В отпуске до августа", "25-08-01"),
        ("Отсутствую в офисе, выйду на работу завтра", "25-07-04"),
        ("Нахожусь в отпуске по 13 июля, выхожу на работу 14 июля.", "25-07-14"),
        ("Меня не будет в офисе до 10:00 14 июля", "25-07-14"),
        ("Добрый день. Сейчас я вне офиса. До 14 июля отвечаю редко.", "25-07-14"),
        ("Уважаемый отправитель! Сотрудник Иванов И. И. находится в отпуске до 14.07.2025 г.", "25-07-14"),
        ("Наш офис будет закрыт до 14 июля", "25-07-14"),
        ("Недоступен до 14 числа", "25-07-14"),
        ("Я в отпуске, возвращаюсь 14.07, с уважением, Анна", "25-07-14"),
        ("Я в отпуске до 9 января 2026 года", "26-01-09"),
        ("Я в декрете до 1 марта 2027", "27-03-01"),
        ("I am out of the office until Monday, July 14.", "25-07-14"),
        ("Out of office until July 14th, 2025", "25-07-14"),
        ("I'm out of the office until 14 July.", "25-07-14"),
        ("I will be out of the office until the 14th.", "25-07-14"),
        ("I am on annual leave until 14/07/2025.", "25-07-14"),
        ("On leave until 12/07/25", "25-07-12"),
        ("I'm away until Monday and will reply then.", "25-07-07"),
        ("Hello, I'm on vacation. Back on 14 July.", "25-07-14"),
        ("I am currently away and will be back in the office on Monday 14th July", "25-07-14"),
        ("I'll be back 14-Jul-25.", "25-07-14"),
        ("I am out of the office, returning 07/14", "25-07-14"),
        ("I am out of the office, returning 14/07", "25-07-14"),
        ("I will return to the office on Tuesday, the 15th of July.", "25-07-15"),
        ("I will return to work after July 14.", "25-07-15"),
        ("On PTO through Friday, July 11", "25-07-12"),
        ("On PTO through July 11 with no access to email", "25-07-12"),
        ("I'm on holiday until the end of the month", "25-08-01"),
        ("I am on sick leave until the end of July", "25-08-01"),
        ("Travelling this month; I'm away until August", "25-08-01"),
        ("I am out of the office and back at work next week.", "25-07-07"),
        ("I'm out of office, available again from 2025-07-14", "25-07-14"),
        ("Not in the office. I will be back tomorrow.", "25-07-04"),
        ("We are closed for the summer and will be back on 4 August", "25-08-04"),
        ("Our office is closed until 14 July", "25-07-14"),
        ("I am away from my desk until 9 am on 14 July", "25-07-14"),
        ("I am on leave up to and including 13 July", "25-07-14"),
        ("I'm on leave until July 13 inclusive", "25-07-14"),
        ("I am away from the office today", "25-07-04"),
        ("I'm out of office this week, please call Bob", "25-07-07"),
        ("Сегодня меня не будет, напишите Ивану", "25-07-04"),
        ("Меня нет на этой неделе в офисе, буду в офисе после неё: отсутствую", "25-07-07"),
    ],
)  # fmt: skip
def test_the_day_back_is_read(text: str, until: str) -> None:
    assert days(text) == ("25-07-03", until)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("Я в отпуске с 1 по 14 июля.", "25-07-01", "25-07-15"),
        ("Я в отпуске с 1 июля по 14 июля включительно", "25-07-01", "25-07-15"),
        ("Отпуск с 01.07.2025 по 14.07.2025", "25-07-01", "25-07-15"),
        ("Буду в отпуске с 7 июля до 14 июля", "25-07-07", "25-07-14"),
        ("Отсутствую 7–14 июля", "25-07-07", "25-07-15"),
        ("Отсутствую 28.06–13.07.2025", "25-06-28", "25-07-14"),
        ("Отсутствую с 28.06 по 13.07, выйду на работу 15 июля", "25-06-28", "25-07-15"),
        ("Меня не будет 10 июля, отвечу позже", "25-07-10", "25-07-11"),
        ("10 июля я буду отсутствовать", "25-07-10", "25-07-11"),
        ("Меня не будет с 1-го по 14-е июля", "25-07-01", "25-07-15"),
        ("I am on leave from 1 July through 14 July (inclusive).", "25-07-01", "25-07-15"),
        ("I'm on leave from July 1 to July 14", "25-07-01", "25-07-15"),
        ("I am away on vacation July 1-14.", "25-07-01", "25-07-15"),
        ("I am out of the office 1 - 14 July 2025", "25-07-01", "25-07-15"),
        ("I'm out of the office from the 1st to the 14th of July", "25-07-01", "25-07-15"),
        ("I am out of the office from 07/01/2025 to 07/14/2025", "25-07-01", "25-07-15"),
        ("I am out of the office from 07/01 until 07/14", "25-07-01", "25-07-14"),
        ("I am out of office between 1 and 14 July", "25-07-01", "25-07-15"),
        ("Коллеги, я в отпуске с 30 июня. За меня Мария. Буду 14.07", "25-06-30", "25-07-14"),
        ("I'm taking some time off from June 30 to July 11", "25-06-30", "25-07-12"),
        ("I will be out starting 06/30/2025 and will not return until 07/14/2025", "25-06-30", "25-07-14"),
        ("I'll be out Friday, July 4 and back Monday, July 7", "25-07-03", "25-07-07"),
        ("I'm out of office at a conference July 1st - 5th.", "25-07-01", "25-07-06"),
        ("On leave from June 28, returning July 14", "25-06-28", "25-07-14"),
        ("I will be out of the office on July 10", "25-07-10", "25-07-11"),
    ],
)
def test_a_stated_beginning_is_read(text: str, since: str, until: str) -> None:
    assert days(text) == (since, until)


@pytest.mark.parametrize(
    "text",
    [
        "Я в отпуске. Отвечу, когда вернусь.",
        "Я в декретном отпуске, пишите Марии.",
        "Нахожусь на больничном, доступа к почте нет",
        "I am on parental leave.",
        "I'm on maternity leave; please contact Bob.",
        "I am out of the office with limited access to e-mail. Office hours are 9:00-18:00.",
        "I'm out of office. For urgent matters call +1 (212) 555-01-14.",
        "Я в отпуске. Часы работы: пн-пт с 9 до 18.",
        "Я в отпуске, с понедельника по пятницу отвечает Иван",
        "Я в отпуске до 14 июня",
        "Я был в отпуске с 1 по 14 июня: в отпуске",
        "I am out of the office until June 14, 2025",
        "I am on vacation until 31.02",
        "Меня нет на месте до 18.00",
    ],
)
def test_an_absence_without_a_day_back_or_with_one_that_has_passed_has_no_end(text: str) -> None:
    assert days(text) == ("25-07-03", None)


@pytest.mark.parametrize(
    "subject", ["Автоответ: В отпуске до 14 июля", "Out of office until 14 July", "OOO: back on 14 July Re: report"]
)
def test_the_subject_alone_may_say_it(subject: str) -> None:
    assert days("", subject) == ("25-07-03", "25-07-14")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Ticket 17 received", "Thank you! We will get back to you on Monday, July 14."),
        ("Заявка принята", "Ваше обращение зарегистрировано. Ответим до 14 июля."),
        ("Автоответ", "Спасибо за письмо! Мы ответим в течение рабочего дня."),
        ("Большая распродажа до 14 июля", "Скидки для тех, кто в отпуске! Отписаться от рассылки"),
        ("Summer sale", "Away on holiday? Offers until July 14. Unsubscribe"),
        ("Your vacation", "While you are on vacation until July 14, your team can rely on us."),
        ("Отпуск", "Пока вы в отпуске до 14 июля, мы присмотрим за сервером."),
        ("Undeliverable: out of office until 14 July", "The mail could not be delivered."),
        ("Недоставлено", "Не удалось доставить письмо. Я в отпуске до 14 июля."),
        ("Accepted: Anna out of office until 14 July", ""),
        ("Приглашение: Анна в отпуске до 14 июля", ""),
        ("Прочтено: Отчёт", "Ваше сообщение прочитано 14 июля"),
        ("Mailbox full", "The mailbox is full; away until Monday"),
        ("Automatic reply", "I no longer work at Northwind. Out of office is permanent; write to Bob."),
        ("Автоответ", "Я больше не работаю в компании, в отпуске уже не буду"),
        ("[JIRA] PROJ-12", "Due on 14 July. Assignee: Anna"),
        ("Invoice 7", "Payment is due by 14 July."),
        ("", ""),
    ],
)
def test_what_is_no_absence_notice_says_nothing(subject: str, text: str) -> None:
    assert read_absence(subject, text, THURSDAY) is None


@pytest.mark.parametrize(
    ("sent_on", "text", "until"),
    [
        (date(2024, 12, 28), "В отпуске до 9 января", "25-01-09"),
        (date(2024, 12, 28), "I am out of the office until January 6", "25-01-06"),
        (date(2025, 7, 20), "Я в отпуске до 5-го числа", "25-08-05"),
        (date(2025, 7, 3), "I am away until 08/07", "25-07-08"),
        (date(2025, 7, 10), "I am away until 08/07", "25-08-07"),
        (date(2025, 7, 7), "Буду на связи с понедельника", None),
        (date(2025, 7, 14), "Вернусь 14 июля", None),
        (date(2025, 7, 15), "Я в отпуске до 14-го", None),
    ],
)
def test_what_is_left_out_is_taken_from_the_day_of_sending(sent_on: date, text: str, until: str | None) -> None:
    found = read_absence("", text, sent_on)
    assert found == Absence(sent_on, None if until is None else date.fromisoformat(f"20{until}"))


def test_long_and_hostile_texts_are_read_in_their_beginning() -> None:
    assert read_absence("", "вернусь " * 100_000, THURSDAY) == Absence(THURSDAY, None)
    assert read_absence("", "с 1 по " * 100_000, THURSDAY) is None
    assert read_absence("", "out of office " + "1 - " * 50_000, THURSDAY) == Absence(THURSDAY, None)
