"""What the writer of a mail wrote in that mail: without quotes, forwards, signatures, disclaimers and phone footers.

Works line by line and looks at most a few lines ahead, so its time grows with the number of lines and nothing else.
"""

import re
from collections.abc import Iterator, Sequence

from churnwatch.sources.html_text import html_to_text

_MAX_LINES = 5000
_MAX_CHARS = 300_000
_MAX_PATTERN_CHARS = 300  # a longer line is prose and matches no pattern
_HEADING_LINES = 4  # mailers wrap "On … wrote:" over so many lines
_HEADER_BLOCK_LINES = 7  # From, Sent, To, Cc, Subject, with wrapped ones
_SIGNATURE_LINES = 14  # after "Best regards"; more than that is not a signature
_SIGNATURE_LINE_CHARS = 110

_NOISE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u200b": None, "\u200e": None, "\u200f": None, "\ufeff": None})

_SAYS = r"(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|пишет|писал|писала|писал\(а\)|писали|написал|написала|написал\(а\)|написали)"
# Such as "On Mon, 11 Mar 2024 at 12:30, Ann <a@b.c> wrote:", "пн, 11 мар. 2024 г. в 12:30, Аня <a@b.c>:", "11.03.2024 12:30, Аня пишет:"
# or "Понедельник, 11 марта 2024, 12:30 +03:00 от Аня <a@b.c>:", "Вы писали 11 марта 2024 г., 12:30:"
_HEADING_END = re.compile(
    rf"(?:{_SAYS}[^:]{{0,60}}:|вы писали\b.{{0,60}}\d:\d\d:|[@>\"»][^:]{{0,3}}:)\s*$", re.IGNORECASE
)
_HEADING_START = re.compile(
    r"(?:\W{0,2}(?:on|am|le|el|il|в|во|вы|здравствуйте)\b|\W{0,2}\d|"
    r"\W{0,2}(?:mo|tu|we|th|fr|sa|su|пн|вт|ср|чт|пт|сб|вс|понед|втор|сред|четв|пятн|субб|воск|[^\s@]{1,30}[^@\n]{0,60}"
    rf"(?:<[^<>\s]{{3,80}}>)?[,\s]{{1,3}}{_SAYS}))",
    re.IGNORECASE,
)
_BARE_HEADING = re.compile(
    rf"[^:<>]{{1,80}}\s{_SAYS}:\s*$", re.IGNORECASE
)  # "Ann Lee wrote:", genuine only before a quote
_DATE = re.compile(r"\b\d{1,2}:\d\d|\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d\d")
_CUT = re.compile(
    r"\W{0,3}(?:-{2,}\s*(?:original message|original appointment|исходное сообщение|исходное письмо|forwarded message|"
    r"пересылаемое сообщение|пересланное сообщение|пересылаемое письмо|перенаправленное сообщение|конец пересылаемого сообщения|"
    r"ursprüngliche nachricht|reply message|исходная встреча|reply above this line)\b.{0,60}"
    r"|(?:begin forwarded message|начало переадресованного сообщения|начало пересылаемого сообщения|пересылаемое сообщение|"
    r"перенаправлено|##- please type your reply above this line -##)\W{0,3})\s*$",
    re.IGNORECASE,
)
_HEADER_FROM = re.compile(r"[\s*_>]{0,4}(?:from|от|от кого|von|de|od|van|fra)[*_\s]{0,3}:[*\s]{0,3}\S", re.IGNORECASE)
_HEADER_OTHER = re.compile(
    r"[\s*_>]{0,4}(?:sent|date|to|cc|subject|reply-to|отправлено|дата|кому|копия|тема|gesendet|an|betreff|envoyé|à|objet|sendt|til|emne|"
    r"verzonden|aan|onderwerp|wysłano|do|temat)[*_\s]{0,3}:",
    re.IGNORECASE,
)
_MAY_MARK = re.compile(r"^\s*[-_*=—–#]|[:\d]")  # all other lines are prose; most lines are
_RULER = re.compile(r"\s*[-_*=—–]{8,}\s*$")
_QUOTE = re.compile(r"\s{0,3}(?:>|&gt;|\|\s)")

_DELIMITER = re.compile(r"\s{0,2}(?:--|—|––|- -|__)\s{0,2}$")
_CLOSING = re.compile(
    r"\W{0,3}(?:с (?:глубоким |большим |искренним )?(?:уважением|почтением|наилучшими пожеланиями|найкращими побажаннями)|"
    r"всего (?:доброго|хорошего|наилучшего)|искренне ваш|с повагою|"
    r"(?:with )?(?:best|kind|kindest|warm|warmest|many thanks and)?\s?regards|best wishes|all the best|sincerely(?: yours)?|"
    r"yours (?:sincerely|faithfully|truly)|cheers|mit freundlichen grüßen|mit freundlichem gruß|viele grüße|cordialement)\b"
    r"[\s,.!–—-]{0,4}(?P<rest>.{0,80})$",
    re.IGNORECASE,
)
_PHONE_FOOTER = re.compile(
    r"\W{0,3}(?:sent (?:from|via|with|using) (?:my |the |an? )?\w[^.,!?]{1,50}|get outlook for \w[^.!?]{1,60}.{0,60}|"
    r"отправлено (?:с|со|из|через|от) [^.!?]{2,60}(?:mail\.ru)?[^.!?]{0,30}|послано с [^.!?]{2,40}|"
    r"отправлено с моего [^.!?]{2,40}|von meinem \w[^.!?]{1,30} gesendet)\s*$",
    re.IGNORECASE,
)
_PHONE_WORDS = re.compile(
    r"iphone|ipad|android|phone|mobile|телефон|смартфон|blackberry|samsung|galaxy|huawei|xiaomi|redmi|honor|nokia|outlook|mail|почт|"
    r"устройств|device|proton|yahoo|spark|torch|планшет|windows",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\W{0,3}(?:disclaimer|confidentiality (?:notice|note)|confidential\s*:|privileged|"
    r"th(?:is|e) (?:e-?mail|message|communication|information|contents?)\b.{0,120}?(?:confidential|intended|contained|privileged)|"
    r"(?:настоящее|данное|это) (?:электронное )?(?:сообщение|письмо|послание)\b.{0,120}?(?:конфиденциал|предназначен|содерж)|"
    r"информация, содержащаяся в|уведомление о конфиденциальности|конфиденциальност|please consider the environment|"
    r"подумайте об окружающей среде|this (?:e-?mail|message) has been (?:scanned|checked)|(?:письмо )?проверено на вирусы)",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"\W{0,3}(?:caution|warning|external|внимание|осторожно|внешнее письмо)\b.{0,40}?"
    r"(?:email|e-mail|message|sender|external|outside|внешн|письмо|отправител)",
    re.IGNORECASE,
)
_DASH_NAME = re.compile(r"\s{0,2}[-–—]\s?[A-ZА-ЯЁ][\w'-]{1,30}(?: [A-ZА-ЯЁ][\w'-]{0,30}){0,2}$")


def own_text(body: str, html: str | None = None) -> str:
    r"""The writer's own words; answers between quoted lines are kept. `html` is read where `body` is empty.

    >>> own_text("Да, согласны.\n\nС уважением,\nАнна\n\nпн, 11 мар. 2024 г. в 12:30, Бюро <b@our.example>:\n> Согласны?")
    'Да, согласны.'
    """
    text = body if body.strip() or html is None else html_to_text(html)
    text = text[:_MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n").translate(_NOISE)
    lines = [line.rstrip() for line in text.split("\n")[:_MAX_LINES]]
    parts = (_without_signature(stretch, after_quote=n > 0) for n, stretch in enumerate(_own_stretches(lines)))
    return _joined(line for part in parts for line in (*part, ""))


def _own_stretches(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of unquoted lines, up to the first mark after which everything is quoted."""
    stretch: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if _QUOTE.match(line):
            if stretch:
                yield stretch
            stretch = []
        elif len(line) <= _MAX_PATTERN_CHARS and _MAY_MARK.search(line):
            if _cuts(lines, position):
                break
            if length := _heading_length(lines, position):
                position += length
                if not _quote_follows(lines, position):
                    break  # quoted without marks: nobody can tell an answer in between
                continue
            stretch.append(line)
        else:
            stretch.append(line)
        position += 1
    if stretch:
        yield stretch


def _cuts(lines: Sequence[str], position: int) -> bool:
    line = lines[position]
    if _CUT.match(line):
        return True
    if _RULER.match(line):
        following = (other for other in range(position + 1, min(position + 4, len(lines))) if lines[other].strip())
        position = next(following, position)
        line = lines[position]
    if len(line) > _MAX_PATTERN_CHARS or not _HEADER_FROM.match(line):
        return False
    block = lines[position + 1 : position + 1 + _HEADER_BLOCK_LINES]
    return sum(_HEADER_OTHER.match(other[:_MAX_PATTERN_CHARS]) is not None for other in block) >= 2


def _heading_length(lines: Sequence[str], position: int) -> int:
    """How many lines from here form an "On … wrote:"; 0 if none do."""
    following = lines[position : position + _HEADING_LINES]
    if not any(line.endswith(":") for line in following):
        return 0
    if _BARE_HEADING.match(lines[position]) and _quote_follows(lines, position + 1):
        return 1
    if not _HEADING_START.match(lines[position]):
        return 0
    joined = ""
    for count, line in enumerate(following, start=1):
        joined = f"{joined} {line.strip()}"
        if not line or _QUOTE.match(line) or len(joined) > _MAX_PATTERN_CHARS:
            break
        if joined.endswith(":") and _HEADING_END.search(joined) and _DATE.search(joined):
            return count
    return 0


def _quote_follows(lines: Sequence[str], position: int) -> bool:
    for line in lines[position : position + 5]:
        if line.strip():
            return _QUOTE.match(line) is not None
    return False


def _without_signature(stretch: Sequence[str], *, after_quote: bool) -> list[str]:
    kept: list[str] = []
    for position, line in enumerate(stretch):
        if len(line) > _MAX_PATTERN_CHARS:
            if _DISCLAIMER.match(line[:_MAX_PATTERN_CHARS]):
                break
            if not _BANNER.match(line[:_MAX_PATTERN_CHARS]):
                kept.append(line)
            continue
        if _ends_own_words(stretch, position, anything_before=after_quote or any(kept[-3:])):
            break
        if not _is_footer(line):
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    if len(kept) > 1 and _DASH_NAME.match(kept[-1]):
        kept.pop()
    return kept


def _ends_own_words(stretch: Sequence[str], position: int, *, anything_before: bool) -> bool:
    line = stretch[position]
    if _DELIMITER.match(line) or _DISCLAIMER.match(line):
        return True
    if _RULER.match(line):
        return anything_before
    closing = _CLOSING.match(line)
    return closing is not None and _rest_is_signature([closing["rest"], *stretch[position + 1 :][:40]])


def _rest_is_signature(rest: Sequence[str]) -> bool:
    lines = [line for line in rest if line.strip()]
    for position, line in enumerate(lines):
        if _DELIMITER.match(line) or _RULER.match(line) or _DISCLAIMER.match(line[:_MAX_PATTERN_CHARS]):
            return True
        if position >= _SIGNATURE_LINES or len(line) > _SIGNATURE_LINE_CHARS:
            return False
    return True


def _is_footer(line: str) -> bool:
    if _BANNER.match(line):
        return True
    return _PHONE_FOOTER.match(line) is not None and _PHONE_WORDS.search(line) is not None


def _joined(lines: Iterator[str]) -> str:
    """Lines with at most one blank one between paragraphs."""
    joined: list[str] = []
    for line in lines:
        if line.strip() or (joined and joined[-1]):
            joined.append(line if line.strip() else "")
    return "\n".join(joined).strip()
