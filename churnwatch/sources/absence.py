"""What an absence notice says: since when its writer is away, and on which day they are back; in Russian and English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from churnwatch.sources.written_days import DAY, DAY_NUMBER, EXACT_DAY, UNTIL_DAY, coming, latest, names_weekday

_LONGEST = timedelta(days=1200)  # three years of parental leave, and some days
_READ_CHARS = 1500  # of a notice; what follows is signature and advertising
_MARK_CHARS = 700
_BEFORE_CHARS = 40  # in which a "you" makes the mark the reader's

_MARK = re.compile(
    r"\b(?:в (?:\w+ ){0,2}отпуске|(?:ухожу|ушел|ушла) в (?:\w+ ){0,2}отпуск|отпуск (?:с|до|по)\b|отсутству(?:ю|ет|ем|ют)|"
    r"отсутствовать|(?:меня|нас) (?:\w+ ){0,2}не будет|(?:меня )?нет (?:на|в) (?:рабочем )?(?:месте|офисе)|вне офиса|не в офисе|"
    r"на больничном|в (?:\w+ )?командировке|на обучении|в декрете|в отгуле|на каникулах|верн(?:усь|емся|ется)|возвращаюсь|"
    r"(?:выйду|выхожу) (?:на (?:работу|связь)|из отпуска)|буд(?:у|ем|ет) (?:снова |опять )?(?:на (?:связи|месте|работе)|в офисе|"
    r"доступ(?:ен|на|ны)) (?:со?|после|не ранее|только)\b|недоступ(?:ен|на) до|офис (?:\w+ ){0,2}закрыт|"
    r"out of (?:the |my |our )?office|(?:ooo|oof)\b|on (?:\w+ ){0,3}(?:leave|vacation|holidays?|pto|sabbatical)\b|"
    r"away (?:from (?:the|my|our) (?:office|desk|mail|e-mail|email|computer)|until|till|through|on|for|this|today)\b|"
    r"(?:i am|i'm|we are|we're) (?:currently )?(?:away|travell?ing|off|absent|unavailable)\b|is (?:currently )?(?:away|absent)\b|"
    r"not in the office|time off|limited access to (?:my )?e?-?mail|"
    r"(?:i will|i'll|we will|we'll) (?:not )?(?:be )?(?:away|absent|unavailable|back|return|off|out)\b(?! of (?!the |my |our |office))|"
    r"will be (?:away|absent|unavailable|back (?:in|on|at))\b|returning (?:on|by|to (?:the |my )?(?:office|work)|date|\d)|"
    r"(?:i am|i'm|i) (?:back|return) (?:in|on|at|from|to (?:the )?(?:office|work))\b(?! (?:vacation|holiday|leave|my))|"
    r"(?:unavailable|absent) (?:until|till|from|on|through)\b|off (?:until|till|through)\b|"
    r"offices? (?:is|are|will be) closed|closed (?:for|until)\b)"
)
_SECOND_PERSON = re.compile(r"\b(?:вы|вас|вам|ваш\w*|ты|тебя|you|your|you're|yours)\b[^.!?]*$")
_NO_ABSENCE = re.compile(
    r"unsubscribe|отпис(?:аться|ка|ки)\b|(?:in|в) (?:your |the )?(?:browser|браузере)|manage (?:your )?(?:e-?mail )?preferences|"
    r"(?:от|на) (?:\w+ )?рассылк|"
    r"undeliver|could not be delivered|delivery (?:has failed|failure|status)|не удалось доставить|не доставлено|mailer-daemon|"
    r"(?:mailbox|ящик) (?:is )?(?:full|переполнен)|no longer (?:work|with|employed)|(?:больше|уже) не работа(?:ю|ет)|"
    r"^(?:re: )?(?:accepted|declined|tentative|invitation|updated invitation|cancell?ed|принято|отклонено|под вопросом|приглашение|"
    r"отменено|обновленное приглашение)\W"
)

_TIME = r"(?:(?:\d{1,2}:\d\d|\d{1,2} ?[ap]m|утра|вечера|начала|the morning of|early|late),?(?: on| of)? )?"
_WEEKDAY_BEFORE = r"(?:(?:on|в|во) )?"
_INCLUSIVE = r"(?P<inclusive>,? (?:включительно|включ\.?|вкл\.?|inclusive|inclusively|incl\.?))?"
_RANGE = re.compile(
    rf"(?:\b(?:со?|from|between|starting) )?(?<![\d.:/-])(?P<first>{EXACT_DAY}|{DAY_NUMBER})"
    rf"(?P<link> ?- ?| (?:по|до|to|until|till|through|thru|and)(?: and including)? ){_TIME}(?P<last>{EXACT_DAY}){_INCLUSIVE}"
)
_MONTH_RANGE = re.compile(  # July 1-14: the second day leaves the month out
    rf"(?P<first>{EXACT_DAY})(?P<link> ?- ?| (?:to|through|thru|until|till) )(?P<last>{DAY_NUMBER})\b(?![:./-]?\d)(?! ?[ap]m)"
    rf"(?P<year>,? 20\d\d)?{_INCLUSIVE}"
)
_BACK = re.compile(
    r"(?<!get )(?<!getting )(?<!got )\b(?:верн(?:усь|емся|ется)|возвращаюсь|возвращение|выйду|выхожу|выходит|приступлю|отвечу|ответим|"
    r"буд(?:у|ем)|"
    r"на связи|на месте|в офисе|на работе|доступ(?:ен|на|ны)|back|return(?:ing|s)?|available|reachable|resume(?: work)?|"
    r"(?:in|at) (?:the |my )?(?:office|desk) again)"
    r"(?: (?:вам|всем|на ваше письмо|на (?:все )?письма|на работу|на работе|в офис|в офисе|из отпуска|на связь|к работе|к делам|"
    r"обратно|снова|опять|уже|только|to|in|into|at|the|my|our|office|work|desk|again|online|only|date|is|be))*"
    rf",?:? (?P<how>после|after|(?:не ранее|со?|в|во|к|ко|on|from|by|as of|starting|not before)\b)? ?{_TIME}(?P<last>{DAY})"
)
_UNTIL = re.compile(
    r"\b(?P<how>до|по|until|till|til|through|thru|up to and including|up to)(?: and including)? "
    rf"{_TIME}{_WEEKDAY_BEFORE}(?P<last>{UNTIL_DAY}){_INCLUSIVE}"
)
_ONE_DAY = re.compile(
    r"(?:out of (?:the |my |our )?office|away|absent|off|be out|on (?:annual )?leave|отсутствую|отсутствовать|не будет|нет|в отгуле|"
    r"не в офисе|вне офиса|в командировке)(?: (?:from (?:the|my) (?:office|desk)|в офисе|на работе|на месте|on|в|во|all day|весь день))*,? "
    rf"(?P<last>{DAY}|today|сегодня)"
)
_ON_A_DAY = re.compile(
    rf"(?P<last>{EXACT_DAY}|\bсегодня|\bзавтра|\btoday|\btomorrow),? (?:весь день )?(?:я )?"
    r"(?:меня не будет|меня нет|нет на месте|буду отсутствовать|отсутствую|в отгуле|i am (?:out|away|off)|i'm (?:out|away|off)|"
    r"i will be (?:out|away|off))"
)
_THIS_WEEK = re.compile(r"на этой неделе|this week\b|до конца (?:этой )?недели|(?:the )?end of (?:the|this) week")
_SINCE = re.compile(rf"\b(?:со?|from|since|starting|as of) (?P<first>{EXACT_DAY})")
_BY_LINK = {"до": 0, "until": 0, "till": 0}  # the day named is the day back; by any other link it is the last one away
_BY_WORD = {**_BY_LINK, "til": 0}
_ALIKE = str.maketrans({"ё": "е", "–": "-", "—": "-", "−": "-", "\u2011": "-", "’": "'", "(": " ", ")": " ", "«": " ", "»": " ",
                        "“": " ", "”": " ", '"': " ", "*": " ", "_": " "})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from `since` on; `until` is the day back, None where the notice does not say it or it has passed."""

    since: date
    until: date | None


def read_absence(subject: str, text: str, sent_on: date) -> Absence | None:
    """What a mail that no person wrote says of its sender's absence; None where it is no absence notice.

    A day without a year, or of which one cannot tell day and month apart, is the nearest one after `sent_on`.

    >>> read_absence("Автоответ: счёт", "Я в отпуске с 1 по 14 июля включительно.", date(2025, 7, 3))
    Absence(since=datetime.date(2025, 7, 1), until=datetime.date(2025, 7, 15))
    >>> read_absence("Ticket received", "We will answer until Monday.", date(2025, 7, 3))
    """
    notice = f"{_plain(subject)} . {_plain(text[: _READ_CHARS * 2])}"[:_READ_CHARS]
    if _NO_ABSENCE.search(_plain(text)) or _NO_ABSENCE.search(notice) or not _is_marked(notice[:_MARK_CHARS]):
        return None
    since, until = _range(notice, sent_on)
    back = next(_ends(_BACK, notice, sent_on), None) or until or next(_ends(_UNTIL, notice, sent_on), None)
    if back is None and since is None and not _names_an_end(notice):
        since, back = _one_day(notice, sent_on)
    stated = _SINCE.search(notice) if since is None else None
    if stated and (back is None or coming(stated["first"], sent_on) != back):
        since = latest(stated["first"], sent_on, back)
    if back is not None and not sent_on < back <= sent_on + _LONGEST:
        return Absence(sent_on, None)
    if since is None or (back is not None and since >= back):
        since = sent_on
    return Absence(since, back)


def _plain(text: str) -> str:
    return " ".join(text.lower().translate(_ALIKE).split())


def _is_marked(notice: str) -> bool:
    return any(
        not _SECOND_PERSON.search(notice[max(0, found.start() - _BEFORE_CHARS) : found.start()])
        for found in _MARK.finditer(notice)
    )


def _names_an_end(notice: str) -> bool:
    return _RANGE.search(notice) is not None or _BACK.search(notice) is not None or _UNTIL.search(notice) is not None


def _range(notice: str, sent_on: date) -> tuple[date | None, date | None]:
    """First day away and day back of "from … to …"; without a day back where it has passed."""
    for found in (*_MONTH_RANGE.finditer(notice), *_RANGE.finditer(notice)):
        first, last = found["first"], found["last"]
        if found.re is _MONTH_RANGE:
            last = re.sub(r"\d{1,2}(?:st|nd|rd|th)?(?=\D*$|,? 20\d\d$)", last, first, count=1) + (found["year"] or "")
        end = coming(last, sent_on)
        if end is None:
            if latest(last, sent_on) is not None:
                return sent_on, None
            continue
        word = found["link"].split()[0]
        away = 1 if found["inclusive"] else _BY_LINK.get(word, 1)
        return latest(first, sent_on, end, beside=last), end + timedelta(days=away)
    return None, None


def _ends(pattern: re.Pattern[str], notice: str, sent_on: date) -> Iterator[date]:
    """The days back that the words of one kind name, those that have not passed."""
    for found in pattern.finditer(notice):
        how = found["how"] or ""
        end = coming(found["last"], sent_on)
        if pattern is _BACK:
            later = 1 if how in {"после", "after"} else 0
        elif how in _BY_WORD:
            later = 1 if found["inclusive"] else 0
        else:
            later = 1
            end = None if names_weekday(found["last"]) else end  # "по пятницу", "through Friday": office hours
        if end is not None:
            yield end + timedelta(days=later)


def _one_day(notice: str, sent_on: date) -> tuple[date | None, date | None]:
    """The day of an absence of one day and the day after it, or the rest of this week."""
    for found in (*_ONE_DAY.finditer(notice), *_ON_A_DAY.finditer(notice)):
        word = found["last"]
        day = sent_on if word in {"today", "сегодня"} else coming(word, sent_on - timedelta(days=1))
        if day is not None:
            return day, day + timedelta(days=1)
    if _THIS_WEEK.search(notice):
        return None, sent_on + timedelta(days=7 - sent_on.weekday())
    return None, None
