"""Lines that no writer typed: legal notices, warnings about foreign mail, footers of phones, mailing lists and virus scanners."""

import re
from collections.abc import Sequence

_MAX_PARAGRAPH_LINES = 30
_MAX_PARAGRAPH_CHARS = 1500
_LEGAL_SIGNS = 3  # so many different ones in a paragraph that speaks of mail
_LEGAL_SIGNS_UNDER_TITLE = 2
_WARNING_LINES = 12  # from the top; further down a warning is the writer's


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_OF_MAIL = _any_of(
    r"e-?mail", "messag", "communication", "transmission", "attachment", "письм", "сообщени", "послани", "вложен",
    "переписк", "повідомлен", "лист", "nachricht", "mensaje", "correo", "courriel", "messaggio", "mensagem", "bericht", "wiadomo",
)  # fmt: skip
_SIGNS_OF_LAW = tuple(
    _any_of(*signs)
    for signs in (
        ("confiden", "конфиденц", "конфіденц", "vertraulich", "confidenc", "riservat", "poufn", "коммерческ.{1,3} тайн"),
        ("intended", "предназнач", "призначен", "bestimmt", "destiné", "dirigid", "destinat", "solely for"),
        ("recipient", "addressee", "получател", "адресат", "одержувач", "empfänger", "adressat", "odbiorc"),
        ("privileg", "legally protected", "охраняем", "защищен", "proprietary", "gesch[üu]tzt"),
        ("disclos", "distribut", "dissemin", "copying", "разглаш", "раскрыт", "распростран", "копирован", "weitergabe", "diffus"),
        ("prohibit", "unlawful", "unauthori[sz]ed", "запрещ", "не ?допуска", "заборон", "untersagt", "verboten", "interdit", "prohibid"),
        ("in error", "by mistake", "mistaken", "по ошибке", "ошибочн", "не являетесь", "помилк", "irrtümlich", "erreur", "por error"),
        ("delet", "destroy", "удалит", "уничтож", "видал", "löschen", "vernichten", "supprimer", "détruire", "elimin"),
        ("notify", "inform the sender", "(?:уведом|сообщ|извест|проинформир)ите", "повідом", "informieren", "avertir"),
        ("liab", "responsib", "ответственност", "haftung", "responsab", "guarantee", "гарант"),
        ("offer", "оферт", "обязательств", "binding", "contract", "акцепт"),
        ("virus", "вирус", "malware"),
        ("views", "opinions", "точк. зрения", "мнени"),
    )
)  # fmt: skip
_LEGAL_TITLE = re.compile(
    r"\W{0,5}(?:disclaimer|legal (?:notice|disclaimer)|confidentiality(?: (?:notice|note|statement|warning))?|"
    r"(?:уведомление|предупреждение|оговорка|заявление) о конфиденциальности|правовая оговорка|отказ от ответственности|"
    r"конфиденциальность|конфиденциально|haftungsausschluss|avis de confidentialité)\b\W{0,5}",
    re.IGNORECASE,
)
_LEGAL_SENTENCE = re.compile(
    r"\W{0,5}(?:настоящее|данное) (?:электронное )?(?:сообщение|письмо)\b.{0,80}\bконфиденциальн", re.IGNORECASE
)
_PROMPTS = ("confiden", "конфиден", "конфіден", "vertraul", "intended", "предназнач", "адресат", "адресован", "disclaim", "оговорк",
    "privileg", "in error", "by mistake", "по ошибк", "ошибочн", "irrtümlich", "erreur", "virus", "вирус", "environment", "printing",
    "окружающ", "природ", "распечат", "subscri", "отпис", "рассылк", "mailing list",
    "receiving this", "received this", "получили это")  # fmt: skip

_LIST_FOOTER = re.compile(
    r"\W{0,5}(?:(?:чтобы|для того,? чтобы|если вы|вы можете отписаться|нажмите|to|if you|click|you can|manage|update)\b[^?]{0,90}?"
    r"(?:отпис|отказаться от рассылк|(?:не|больше не) (?:хотите|желаете) получать|unsubscri|opt.out|stop receiving|"
    r"no longer wish to (?:receive|get)|your (?:subscription|e-?mail preferences))"
    r"|unsubscribe\W{0,3}(?:$|here|from this|https?:|<|\|)|отписаться(?: от (?:этой )?рассылки)?\W{0,5}(?:$|https?:|<)"
    r"|(?:вы получили это|это) (?:письмо|сообщение|уведомление)\b.{0,60}?(?:потому|так как|поскольку|подписан|рассылк)"
    r"|you(?:'re|’re| are)?(?: have)? receiv(?:ed|ing) this (?:e-?mail|message|because)"
    r"|.{0,60}mailing list\s*$|view (?:it|this e-?mail) (?:on|in) )",
    re.IGNORECASE,
)
_SMALL_FOOTER = re.compile(
    r"\W{0,5}(?:.{0,40}(?:consider|think of|think about|before printing) .{0,20}(?:the )?(?:environment|printing)|"
    r".{0,60}(?:подумайте|позаботьтесь|заботьтесь|заботимся|берегите|сохраните|сохраним) .{0,30}(?:окружающ|природ|дерев|лес|эколог)|"
    r"(?:прежде|перед тем,?|до того,?)(?:,? чем|,? как) .{0,20}(?:распечат|печат)|"
    r"(?:(?:this|the) )?(?:e-?mail|message|it)?.{0,25}(?:scanned|checked|verified|protected) (?:by|for|against) .{0,20}"
    r"(?:virus|avast|avg|kaspersky|eset|norton|malware)|"
    r"(?:(?:это|данное|настоящее|исходящее|входящее) )?(?:электронное )?(?:письмо|сообщение|почта)?.{0,15}провер(?:ен[оаы]?|ка)\b.{0,25}"
    r"(?:вирус|avast|avg|kaspersky|касперск|eset|dr\.?web)|"
    r"virus[- ]free\b.{0,60}|без вирусов\b.{0,60}|не содержит вирусов\b.{0,60})",
    re.IGNORECASE,
)
_PHONE_FOOTER = re.compile(
    r"\W{0,3}(?:(?:простите|извините) за [^.]{3,40}[.,]\s)?"
    r"(?:(?:this|diese|это|данное|ce|сообщение|письмо) ?(?:message|e-?mail|nachricht|mail|сообщение|письмо)? ?(?:was|wurde|было|a été)? ?)?"
    r"(?:(?:sent|отправлено|послано|написано|создано|надіслано|відправлено|envoyé|enviado|inviato|verzonden|wysłane|wysłano|gesendet|"
    r"skickat|sendt|odesláno|lähetetty|von meinem|von mein)\s.{2,80}|outlook (?:для|for) \w{2,10}|"
    r"(?:get|download|скачать|получить|загрузить|установить|завантажити|télécharge[zr]|obtenir|obtener|hol)\b.{0,20}"
    r"\b(?:outlook|mail|почт|bluemail|spark).{0,90})$",
    re.IGNORECASE,
)
_FIRST_WORDS = """sent this отправлено послано написано создано это данное сообщение письмо простите извините надіслано відправлено envoyé
    ce enviado inviato verzonden wysłane wysłano gesendet diese skickat sendt odesláno lähetetty von get download скачать получить
    загрузить установить завантажити téléchargez obtenir obtener hol outlook hash"""
FOOTER_OPENERS = frozenset(_FIRST_WORDS.split())
_APOLOGY = re.compile(
    r"[.,;]?\s(?:please |sorry for )?(?:excuse|pardon|forgive|any typos|the brevity|простите|извините)\b.{0,60}$|"
    r"^\W{0,3}(?:простите|извините) за [^.]{3,40}[.,]|:?\s?[<(]?https?://\S+$",
    re.IGNORECASE,
)
_BY_WHAT = re.compile(
    r"\s(?:for|для|from|in|в|via|with|using|through|с|со|из|через|от|з|із|de|depuis|desde|da|dal|vanaf|met|von|mit|från|fra|meinem|mein)\s",
    re.IGNORECASE,
)
_PHONE_WORDS = re.compile(
    r"iphone|ipad|android|андроид|айфон|(?<!\w)phone|mobil|мобил|телефон|смартфон|blackberry|samsung|galaxy|huawei|xiaomi|redmi|"
    r"(?<!\w)(?:honor|realme|poco|pixel|sony|lg|htc)(?!\w)|nokia|mymail|outlook|почты? mail|(?:mail|почты?) (?:for|для) |mail\.ru|gmail|"
    r"yahoo|яндекс|yandex|proton|устройств|пристро|(?<!\w)device|handheld|(?<!\w)spark|планшет|(?<!\w)tablet|windows|wireless|aol|airmail|"
    r"thunderbird|k-9|fairemail|bluemail|телеграм|telegram|битрикс|bitrix|amocrm",
    re.IGNORECASE,
)
_SENTENCE_INSIDE = re.compile(r"[,!?;:](?!//)\s|\.\s|[?!]$")
_HASH = re.compile(r"Hash: (?:SHA|MD|RIPEMD)\w+$")
_PICTURE = re.compile(
    r"(?:\s*(?:\[(?:cid|image|изображение|рисунок|картинка|logo|логотип|описание|inline image|https?)\b[^\]]{0,200}\]|"
    r"<(?!https?:|mailto:)[^<>@]{1,80}\.(?:png|jpe?g|gif|bmp|svg)>|\ufffc|!\[[^\]]{0,80}\]\([^)]{0,200}\))"
    r"(?:<(?:https?|mailto):[^<>]{0,300}>)?)+\s*$",
    re.IGNORECASE,
)
_PICTURE_BEGINS = frozenset("[<!\ufffc")
_SIGNS_OF_WARNING = tuple(
    _any_of(*signs)
    for signs in (
        (
            r"\bextern",
            "outside",
            "внешн",
            "за пределами",
            "извне",
            "стороннего",
            "зовнішн",
            "unknown sender",
            "untrusted",
        ),
        (
            "caution",
            "warning",
            "attention",
            "внимание",
            "осторожн",
            "be careful",
            "бдительн",
            "увага",
            "achtung",
            "beware",
        ),
        ("click", "links?\b", "attachment", "ссылк", "вложени", "посилан", "вкладен", "anhänge"),
        ("organi[sz]ation", "company", "организаци", "компани", "network", "сети", "корпоратив"),
        ("e-?mail", "message", "письм", "сообщени", "sender", "отправител", "лист"),
    )
)
_WARNING_PROMPTS = ("extern", "outside", "caution", "warning", "attention", "careful", "beware", "untrusted", "unknown sender", "often",
    "внешн", "за пределами", "извне", "сторонн", "внимание", "осторожн", "бдительн", "часто получаете", "редко получаете", "зовнішн",
    "увага", "achtung", "[ext")  # fmt: skip
_RARE_SENDER = re.compile(
    r"\W{0,3}(?:\[?(?:you|some people who received this message) (?:don.t|do not) often (?:get|receive) e?-?mail from"
    r"|\[?вы (?:не ?часто|редко) получаете (?:письма|сообщения|электронн)"
    r"|\[(?:external|внешн\w+|ext)(?: (?:e-?mail|sender|письмо|отправитель))?\]\s*$|(?:external e-?mail|внешнее письмо)\W*$)",
    re.IGNORECASE,
)


def may_hold_notices(text: str) -> bool:
    """A quick look that spares most texts the close one."""
    low = text.lower()
    for prompt in _PROMPTS:  # noqa: SIM110 (any() takes twice as long)
        if prompt in low:
            return True
    return False


def is_list_footer(line: str) -> bool:
    """Whether the line tells how to leave a mailing list, or why one is on it."""
    return _LIST_FOOTER.match(line) is not None


def is_legal_notice(lines: Sequence[str], position: int) -> bool:
    """Whether the paragraph that begins here is a disclaimer."""
    title = _LEGAL_TITLE.match(lines[position][:_MAX_PARAGRAPH_CHARS])
    if (title and title.end() == len(lines[position])) or _LEGAL_SENTENCE.match(lines[position]):
        return True
    text = _paragraph(lines, position)
    if not _OF_MAIL.search(text):
        return False
    return sum(sign.search(text) is not None for sign in _SIGNS_OF_LAW) >= (
        _LEGAL_SIGNS_UNDER_TITLE if title else _LEGAL_SIGNS
    )


def is_small_footer(line: str) -> bool:
    """Whether the line pleads for the environment or tells of a virus scanner."""
    return _SMALL_FOOTER.match(line) is not None


def is_phone_footer(line: str, *, alone: bool) -> bool:
    """Whether this is such as "Sent from my iPhone"; `alone` tells that it ends the writer's lines.

    >>> is_phone_footer("Sent from my iPhone", alone=False), is_phone_footer("Sent from the warehouse: 12 boxes", alone=True)
    (True, False)
    """
    match = _PHONE_FOOTER.match(line)
    if match is None or _SENTENCE_INSIDE.search(_APOLOGY.sub("", line)) or not _BY_WHAT.search(line):
        return False
    return _PHONE_WORDS.search(line) is not None or (
        alone and line.lower().startswith(("sent from a ", "sent from my "))
    )


def is_seal(line: str) -> bool:
    """Whether the line only opens a text signed with PGP."""
    return line == "-----BEGIN PGP SIGNED MESSAGE-----" or _HASH.match(line) is not None


def is_picture(line: str) -> bool:
    """Whether the line stands only for a picture."""
    return line.lstrip()[:1] in _PICTURE_BEGINS and _PICTURE.match(line) is not None


def warning_length(lines: Sequence[str]) -> int:
    """How many lines at the top of a mail warn that it came from outside."""
    top = next((line for line in lines if line), "").lower()
    if not any(prompt in top for prompt in _WARNING_PROMPTS):
        return 0
    length = 0
    for count, line in enumerate(lines[:_WARNING_LINES], start=1):
        if not line:
            continue
        signs = [sign.search(line) is not None for sign in _SIGNS_OF_WARNING]
        if _RARE_SENDER.match(line) or (signs[0] and sum(signs) >= 3) or (length and signs[2] and sum(signs) >= 2):
            length = count
        elif not (sum(signs) >= 1 and signs[1]) or len(line) > 30:
            break
    return length


def _paragraph(lines: Sequence[str], position: int) -> str:
    text = ""
    for line in lines[position : position + _MAX_PARAGRAPH_LINES]:
        if not line or len(text) > _MAX_PARAGRAPH_CHARS:
            break
        text = f"{text} {line[:_MAX_PARAGRAPH_CHARS]}"
    return text
