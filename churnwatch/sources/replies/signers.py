"""Names and contact blocks that sign a text, told from answers that are one word or one address."""

import re
from collections.abc import Sequence

from churnwatch.sources.replies.names import GIVEN_NAMES

SIGNATURE_LINE_CHARS = 110
SIGNATURE_LINES = 16  # a bare block of contacts is no longer
_COURTESY_WORDS = 5  # "Thanks in advance," and the like

_NAME = re.compile(
    r"\s*(?P<dash>[-–—/~*_]{0,3})\s?(?P<name>[A-ZÀ-ÞА-ЯЁІЇЄҐŁŚŻ](?:[\w'’-]{1,30}|\.)(?:[ .]{1,2}(?:[A-ZÀ-ÞА-ЯЁІЇЄҐŁŚŻ](?:[\w'’-]{0,30}|\.)|"
    r"de|van|von|der|den|del|di|da|bin|la|le|al|и|and|&)){0,4})(?P<stop>\.?)[*_]{0,2}(?:\s?[|/]\s?.{2,80}|(?:\s?,|\s[–—-])\s(?P<post>.{2,60}))?$"
)
_POST = re.compile(
    r"(?:.{0,30}\b(?:директор|менеджер|бухгалтер|юрист|руководител|начальник|специалист|инженер|секретар|координатор|администратор|"
    r"аналитик|маркетолог|помощник|партн[её]р|управляющ|заместител|зам\.|отдел|director|manager|lead|head|officer|assistant|engineer|"
    r"account|counsel|partner|coordinator|specialist|analyst|president|founder|consultant|ceo|cfo|cto|coo)|"
    r"(?:ооо|оао|зао|пао|ао|ип|нко|гк|тд|мбоу|компания|фирма|группа)\b|[«\"]|.{2,40}\b(?:ltd|inc|llc|gmbh|ag|plc|bv|ab|oy|sa|co)\b)",
    re.IGNORECASE,
)
_POSITION = re.compile(
    r"(?:(?:генеральн|исполнительн|коммерческ|финансов|техническ|главн|старш|ведущ|управляющ)\w+ )?(?:зам\w*\.? )?(?:директор|бухгалтер|"
    r"менеджер|руководитель|начальник|специалист|юрист|председатель|партн[её]р)\b[^.!?]{0,70}$|(?:chief|head|managing|general|sales|"
    r"account|project)\b[^.!?]{3,50}$",
    re.IGNORECASE,
)
_NAME_BEHIND = re.compile(r"\s{3,}(?:[А-ЯЁA-Z]\.\s?){1,2}\s?[А-ЯЁA-Z]\w+$")
_NO_NAMES = re.compile(
    r"(?:спасибо|благодар\w*|добр\w*|хорош\w*|thanks?|best|good|kind|see|dear|hello|hi|please|yes|no|да|нет|ок|ok)\b",
    re.IGNORECASE,
)
_DASHES = frozenset("-–—/~*•")
_FOOTNOTE = re.compile(r"\s*\[\d{1,2}\]")
_THANKS = re.compile(
    r"\W{0,3}(?:(?:большое|огромное|заранее|many) )?(?:спасибо|благодар|thank|thx|danke|merci|дяку)", re.IGNORECASE
)
_GREETING = re.compile(
    r"\W{0,3}(?:добр|здравств|привет|доброго|уважаем|коллеги|hello|hi\b|hey|dear|good (?:morning|day|afternoon|evening)|hallo|hej|guten|"
    r"bonjour|hola|ciao|вітаю|доброго|шановн)[^.?]{0,40}$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?<![\d/])\+?\d(?:[\s().–-]{0,3}\d){8,12}(?!\d)|\w@\w|https?://|www\.|(?<!\w)[\w-]{2,30}\.(?:example|ru|рф|com|net|org|io)(?!\w)|"
    r"(?<!\w)(?:тел|моб|факс|т|м|раб|доб|tel|phone|mob|mobile|cell|fax|skype|telegram|whatsapp|e-?mail|почта|сайт|web|t|m|p)"
    r"\W{0,2}[.:]\s?\S",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def is_name(line: str) -> bool:
    """Whether the line may be a person's name, perhaps with a position or a firm.

    >>> is_name("Анна Ким, главный бухгалтер"), is_name("Анна, пришлите счёт")
    (True, False)
    """
    return _name(line) is not None


def is_known_name(line: str) -> bool:
    """Whether the line is hardly anything but a person's name: of several words, or a known given one."""
    name = _name(line)
    return name is not None and _is_known(name)


def has_contact(line: str) -> bool:
    """Whether a telephone, an address or a link is in the line."""
    return _CONTACT.search(line) is not None


def without_contacts(lines: list[str]) -> list[str]:
    """Without the last lines where they begin with a name and go on with a telephone, an address or a link."""
    for at in range(len(lines) - 1, max(0, len(lines) - SIGNATURE_LINES - 1), -1):
        line = lines[at]
        if len(line) > SIGNATURE_LINE_CHARS or line.endswith((":", "?", "!", ";")) or _FOOTNOTE.match(line):
            break
        if is_name(line.removesuffix(",")):
            signs = any(map(has_contact, lines[at:])) or any(map(_POST.match, lines[at + 1 :]))
        elif not lines[at - 1] and _POSITION.match(line):
            signs = _NAME_BEHIND.search(line) is not None or any(map(is_name, lines[at + 1 :]))
        else:
            continue
        if signs and _stands_apart(lines, at):
            return lines[:at]
    return lines


def without_name(lines: list[str]) -> list[str]:
    """Without a bare name under the text."""
    if len(lines) < 2 or (name := _name(lines[-1])) is None:
        return lines
    known = _is_known(name)
    if name["dash"]:
        signs = _signs_behind_dash(lines, known=known) and (known or not name["stop"])
    else:
        signs = _stands_apart(lines, len(lines) - 1) and (known or _is_courtesy(lines[-2]))
    return lines[:-1] if signs else lines


def _name(line: str) -> re.Match[str] | None:
    """What may be a person's name; followed by more only if that is a position or a firm."""
    match = _NAME.match(line) if len(line) <= SIGNATURE_LINE_CHARS else None
    if match is None or _NO_NAMES.match(match["name"]) or (match["post"] and not _POST.match(match["post"])):
        return None
    return match


def _is_known(name: re.Match[str]) -> bool:
    return len(name["name"].split()) > 1 or name["name"].lower() in GIVEN_NAMES


def _signs_behind_dash(lines: Sequence[str], *, known: bool) -> bool:
    """Whether the dash before the last line's name is not one of a list or of a dialogue."""
    before = next((line for line in reversed(lines[-5:-1]) if line), ":")
    if before.endswith(":") or before.lstrip()[0] in _DASHES:
        return False
    return known or not lines[-2] or lines[-1].lstrip()[1:2] != " "


def _stands_apart(lines: Sequence[str], at: int) -> bool:
    """Whether a name here stands apart from text that has ended, or under a word of courtesy."""
    if _is_courtesy(lines[at - 1]):
        return True
    if lines[at - 1]:
        return False
    before = next((line for line in reversed(lines[max(0, at - 5) : at]) if line), ":")
    return not before.endswith(":") and not _GREETING.match(before)


def _is_courtesy(line: str) -> bool:
    if not 0 < len(line.split()) <= _COURTESY_WORDS:
        return False
    return _THANKS.match(line) is not None or (line.endswith((",", "!", ".")) and _WORD.search(line) is not None)
