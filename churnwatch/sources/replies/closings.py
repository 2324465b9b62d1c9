"""Closing formulas, as "С уважением," or "Best regards, Ann", told from sentences that begin with the same words."""

import re
from collections.abc import Sequence

from churnwatch.sources.replies.marks import first_line
from churnwatch.sources.replies.signers import SIGNATURE_LINE_CHARS, is_known_name, is_name

_RUSSIAN = """с уважением|с ув|с глубоким уважением|с большим уважением|с искренним уважением|с неизменным уважением|с почтением|
    с наилучшими пожеланиями|с наилучшими|с добрыми пожеланиями|с лучшими пожеланиями|с пожеланиями|с благодарностью|с признательностью|
    с теплом|с приветом|всего доброго|всего хорошего|всего наилучшего|искренне ваш|искренне ваша|искренне|
    з повагою|з найкращими побажаннями|щиро ваш|з вдячністю|з павагай"""
_MISTYPED = "c уважением|c ув|c наилучшими пожеланиями"  # with a Latin c
_ENGLISH = """regards|best regards|kind regards|kindest regards|warm regards|warmest regards|with regards|with best regards|
    with kind regards|many thanks and regards|thanks and regards|thanks & regards|thanks and best regards|thanks & best regards|
    thank you and regards|thanks and kind regards|best|all the best|all best|best wishes|with best wishes|warm wishes|kind wishes|
    sincerely|sincerely yours|yours sincerely|yours faithfully|yours truly|yours|very truly yours|respectfully|respectfully yours|
    with respect|cordially|warmly|cheers|rgds|brgds|br|b.r.|kr|bw"""
_OTHERS = """mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichem gruß|mit besten grüßen|mit herzlichen grüßen|
    freundliche grüße|viele grüße|beste grüße|liebe grüße|herzliche grüße|schöne grüße|grüße|gruß|mfg|lg|vg|
    cordialement|bien cordialement|bien à vous|salutations|sincères salutations|meilleures salutations|
    saludos|un saludo|saludos cordiales|cordiales saludos|atentamente|cordiali saluti|distinti saluti|un saluto|saluti|
    atenciosamente|cumprimentos|com os melhores cumprimentos|abraço|abraços|met vriendelijke groet|met vriendelijke groeten|
    vriendelijke groet|groeten|groet|mvg|med vänlig hälsning|med vänliga hälsningar|vänliga hälsningar|hälsningar|mvh|
    med venlig hilsen|venlig hilsen|med vennlig hilsen|vennlig hilsen|hilsen|vh|kh|pozdrawiam|z poważaniem|z powazaniem|
    z wyrazami szacunku|pozdrowienia|s pozdravem|s přátelským pozdravem|ystävällisin terveisin|terveisin|üdvözlettel|saygılarımla|
    cu stimă|lugupidamisega"""
_FORMULAS = {one.strip() for one in "|".join((_RUSSIAN, _MISTYPED, _ENGLISH, _OTHERS)).split("|")}
_WITH_A_NAME_ALONE = """best|yours|br|kr|bw|lg|vg|vh|kh|mfg|mvg|mvh|cheers|warmly|sincerely|respectfully|cordially|salutations|
    искренне|с теплом|с приветом"""  # each begins sentences too, or is a firm
_NAMED = {one.strip() for one in _WITH_A_NAME_ALONE.split("|")}

CLOSING_OPENERS = frozenset(re.split(r"\W", one)[0] for one in _FORMULAS)
_CLOSING = re.compile(
    rf"\s*\W{{0,3}}(?P<formula>{'|'.join(sorted(map(re.escape, _FORMULAS), key=len, reverse=True))})"
    r"(?!\w)(?: (?:и|and|&) [^.!?]{3,50}?(?=\s{0,2}(?:[,.!]|$)))?"
    r"(?P<stop>[\s,.!;:–—*_-]{0,5})(?P<rest>.{0,90})$",
    re.IGNORECASE,
)
_AFTER_FORMULA = re.compile(
    r"[^\w]{0,3}(?:[A-ZÀ-ÞА-ЯЁІЇЄҐŁŚŻ\d+«\"/(\[<]|(?:к вам|к тебе|ваш|ваша|твой|твоя|from|your|the|команда|отдел|служба|коллектив)\b)"
)
_SENTENCE = re.compile(r"(?:I|We|You|It|This|The|Мы|Вы|Я|Это|Не)\b|(?=[a-zа-яё])(?:\S+\s+){3,}\w{3,}[.!?…]$")
_CAPITALISED = re.compile(r"(?<!\w)[A-ZА-ЯЁ]")
_BEHIND_SENTENCE = re.compile(
    r"(?<=[.!?…)])\s{1,3}(?=(?:с (?:глубоким |большим )?уважением|с наилучшими пожеланиями|(?:best|kind|warm) (?:regards|wishes)|"
    r"regards,|mit freundlichen grüßen|з повагою)\b)",
    re.IGNORECASE,
)


def is_closing(lines: Sequence[str], position: int) -> bool:
    """Whether the line is a closing formula.

    >>> is_closing(["С уважением, Анна"], 0), is_closing(["С уважением отношусь к вашему мнению."], 0)
    (True, False)
    """
    match = _CLOSING.match(lines[position])
    if match is None:
        return False
    stop, rest = match["stop"], match["rest"]
    below = first_line(lines, position + 1)
    if match["formula"].lower() in _NAMED:
        return is_known_name(rest) if rest else bool(stop.strip()) or is_name(below)
    if rest and not (
        stop and (_AFTER_FORMULA.match(rest) or _ends_with_name(stop, rest)) and not _SENTENCE.match(rest)
    ):
        return False
    return len(below) <= SIGNATURE_LINE_CHARS


def before_closing(line: str) -> str:
    """The line without a closing formula behind its last sentence.

    >>> before_closing("Согласны. С уважением, Анна")
    'Согласны.'
    """
    found = _BEHIND_SENTENCE.search(line)
    return line[: found.start()] if found and is_closing([line[found.end() :]], 0) else line


def _ends_with_name(stop: str, rest: str) -> bool:
    """As in "с уважением, директор Анна Ким"."""
    return "," in stop and rest[-1] not in ".!?" and _CAPITALISED.search(rest) is not None
