"""How mail programs sign a letter and quote the one it answers: Outlook, Gmail, Yandex, Mail.ru, Apple, in both languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from churnwatch.demo.cast import Person
from churnwatch.demo.office import MOSCOW
from churnwatch.demo.talk import Letter
from churnwatch.demo.wording import MONTHS_RU_OF

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS_RU = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_LONG_DAYS_RU = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье")
_SHORT_MONTHS_RU = ["янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."]
_QUOTED_SHARE_OF_10 = 8  # replies of ten that carry what they answer


def local_time(letter: Letter, zone: str) -> datetime:
    """The letter's instant on a wall clock elsewhere."""
    return letter.at.replace(tzinfo=MOSCOW).astimezone(ZoneInfo(zone))


def body_of(letter: Letter, writer: Person) -> str:
    own = letter.text
    if letter.automatic:
        return own + "\n"
    parts = [own]
    if signature := _signature(letter, writer):
        parts.append(signature)
    earlier = letter.reply_to
    if earlier is not None and (letter.number * 7 + letter.at.second) % 10 < _QUOTED_SHARE_OF_10:
        parts.append(_quote(earlier, writer, russian=not letter.text.isascii()))
    return "\n\n".join(parts) + "\n"


def _signature(letter: Letter, writer: Person) -> str:
    russian = any("а" <= letter_ <= "я" for letter_ in letter.text.lower())
    if letter.ours:
        return f"--\u0020\n{writer.name}\n{writer.title[0].upper()}{writer.title[1:]}\n{writer.phones[0]} | {writer.addresses[0]}"
    if writer.app == "apple":
        return ("Отправлено с iPhone" if russian else "Sent from my iPhone") if letter.number % 3 == 0 else ""
    if writer.app == "mailru":
        return f"--\u0020\n{writer.name}"
    if writer.app == "yandex":
        return f"--\u0020\nС уважением, {writer.name}" if russian else f"--\u0020\n{writer.name}"
    if writer.app == "outlook":
        phone = "тел." if russian else "Tel."
        return f"{writer.name}\n{writer.title[0].upper()}{writer.title[1:]}\n{phone} {writer.phones[0]}"
    return ""


def _quote(earlier: Letter, writer: Person, russian: bool) -> str:
    author = earlier.manager if earlier.ours else earlier.person
    at = local_time(earlier, writer.zone)
    if writer.app == "outlook":
        return _original_message(earlier, author, at, russian)
    who = f"{author.name} <{earlier.sender}>"
    month, short = MONTHS_RU_OF[at.month - 1], _SHORT_MONTHS_RU[at.month - 1]
    introduction = {
        ("yandex", True): f'{at:%d.%m.%Y, %H:%M}, "{author.name}" <{earlier.sender}>:',
        ("yandex", False): f'{at:%d.%m.%Y, %H:%M}, "{author.name}" <{earlier.sender}>:',
        ("mailru", True): f"{_LONG_DAYS_RU[at.weekday()]}, {at.day} {month} {at:%Y, %H:%M} +03:00 от {who}:",
        ("apple", True): f"{at.day} {short} {at:%Y} г., в {at:%H:%M}, {who} написал(а):\n",
        ("apple", False): f"On {at.day} {_MONTHS[at.month - 1]} {at:%Y}, at {at:%H:%M}, {who} wrote:\n",
        ("gmail", True): f"{_DAYS_RU[at.weekday()]}, {at.day} {short} {at:%Y} г. в {at:%H:%M}, {who}:\n",
    }.get((writer.app, russian))
    if introduction is None:
        weekday = _DAYS[at.weekday()]
        introduction = f"On {weekday}, {at.day} {_MONTHS[at.month - 1]} {at:%Y} at {at:%H:%M}, {who} wrote:\n"
    quoted = "\n".join(f"> {line}" if line else ">" for line in earlier.text.split("\n"))
    return f"{introduction}\n{quoted}"


def _original_message(earlier: Letter, author: Person, at: datetime, russian: bool) -> str:
    labels = ("От", "Отправлено", "Кому", "Тема") if russian else ("From", "Sent", "To", "Subject")
    sent = f"{at.day} {MONTHS_RU_OF[at.month - 1]} {at:%Y} г. {at:%H:%M}" if russian else f"{at:%d/%m/%Y %H:%M}"
    reader = earlier.person if earlier.ours else earlier.manager
    said = (f"{author.name} <{earlier.sender}>", sent, reader.name, earlier.subject)
    head = [f"{label}: {value}" for label, value in zip(labels, said, strict=True)]
    rule = "-----Исходное сообщение-----" if russian else "-----Original Message-----"
    return "\n".join([rule, *head, "", earlier.text])
