"""Reads the tone of one message by named cues: which stand in it, where, and how irritated they make it sound.

Russian and English are read in one pass. No text is kept; what comes out is numbers and flags. Only the writer's own words
count, those among the first `MAX_CHARACTERS` of `own_words`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from math import exp
from operator import or_
from typing import NamedTuple

from churnwatch.core.types import Cue, CueSpan, Reading
from churnwatch.model.cues import BASE_LOG_ODDS, DEFINITIONS, Mark
from churnwatch.model.cues.notation import KEY_LETTERS, Rule, alternation, shipped_rules
from churnwatch.model.own_words import own_words

VERSION = "cues-2"  # changes with any pattern, weight or rule: stored readings of another version are read again


def read(text: str) -> Reading:
    """The tone of one message's own text.

    >>> read("Почему вы до сих пор не прислали отчёт?").irritation > 0.5
    True
    >>> read("Срочно, но без паники, спасибо!").irritation < 0.5
    True
    >>> read("Accepted.").cues
    <Cue.COLD_COMPLIANCE|SHORT_ACK: 1032>
    """
    own = own_words(text)
    folded = own.lower()
    found = words = 0
    for word in _WORD.finditer(folded):
        words += 1
        filed = _BY_WORD.get(word[0]) or _BY_STEM.get(word[1])
        if filed and filed.bits & ~found and filed.any_of_them.match(folded, word.start()):
            for bit, pattern in filed.each:
                if not found & bit and pattern.match(folded, word.start()):
                    found |= bit
    for bit, _, _ in _signs(own):
        found |= bit
    if _greeted_by_name(own):
        found |= _NAMED_GREETING
    if found & _EXIT and not _two_exit_words(folded, _word_hits(folded)):
        found &= ~_EXIT
    if words <= _MOST_ACK_WORDS:
        found |= _brevity(folded)
    return Reading(words, *_judge(_settle(found)))


def spans(text: str) -> list[CueSpan]:
    """Where each cue of `read(text)` stands, in order; spans of one cue never overlap."""
    own = own_words(text)
    folded = own.lower()
    hits = [*_word_hits(folded), *_signs(own)]
    if greeting := _greeted_by_name(own):
        hits.append((_NAMED_GREETING, *greeting.span("greeting")))
    if not _two_exit_words(folded, hits):
        hits = [hit for hit in hits if hit[0] != _EXIT]
    brevity = _brevity(folded)
    start, end = len(folded) - len(folded.lstrip()), len(folded.rstrip())
    hits += [(int(cue), start, end) for cue in Cue if cue & brevity]
    settled = _settle(reduce(or_, (bit for bit, _, _ in hits), 0))
    standing = [
        CueSpan(cue, start, end)
        for bit, start, end in hits
        for cue in Cue
        if bit & settled & (int(cue) | cue << _STRONG)
    ]
    apart: list[CueSpan] = []
    for span in sorted(standing, key=lambda span: (span.cue, span.start, -span.end)):
        if not apart or apart[-1].cue != span.cue or span.start >= apart[-1].end:
            apart.append(span)
    return sorted(apart, key=lambda span: (span.start, span.end, span.cue))


# --- the patterns of words --------------------------------------------------------------------------------------------

# One bit for each fact: a mild cue is its own value, marks follow, strong cues are cues shifted up. Plain integers, because
# the arithmetic of enumerations takes most of a reading's time.
_STRONG = 24
_EXIT = int(Cue.EXIT_WORDS)
_WORD = re.compile(rf"([^\W_][\w'-]{{0,{KEY_LETTERS - 1}}})[\w'-]*+")
_Hit = tuple[int, int, int]  # bit, start, end


class _Filed(NamedTuple):
    bits: int  # all that can be found here
    any_of_them: re.Pattern[str]  # one cheap question before the many
    each: tuple[tuple[int, re.Pattern[str]], ...]


def _file(rules_to_file: Iterable[Rule]) -> dict[str, _Filed]:
    """Patterns by key; all of one bit are one alternation."""
    grouped: dict[str, dict[int, list[str]]] = {}
    for rule in rules_to_file:
        bit = int(rule.flag) << _STRONG if rule.strong else int(rule.flag)
        grouped.setdefault(rule.key, {}).setdefault(bit, []).append(rule.expression)
    return {
        key: _Filed(
            reduce(or_, bits),
            alternation(one for expressions in bits.values() for one in expressions),
            tuple((bit, alternation(expressions)) for bit, expressions in bits.items()),
        )
        for key, bits in grouped.items()
    }


_RULES = shipped_rules()
_STEMS = [rule for rule in _RULES if not rule.whole_word]
_WORDS = {rule.key for rule in _RULES if rule.whole_word}
_BY_STEM = _file(_STEMS)
_BY_WORD = _file(  # a word that is filed whole also carries the patterns of its stem: one look-up is enough
    [rule for rule in _RULES if rule.whole_word]
    + [rule._replace(key=word) for word in sorted(_WORDS) for rule in _STEMS if word.startswith(rule.key)]
)


def _word_hits(folded: str) -> list[_Hit]:
    return [
        (bit, *match.span())
        for word in _WORD.finditer(folded)
        if (filed := _BY_WORD.get(word[0]) or _BY_STEM.get(word[1]))
        for bit, pattern in filed.each
        if (match := pattern.match(folded, word.start()))
    ]


def _two_exit_words(folded: str, hits: list[_Hit]) -> bool:
    """Whether two different mild exit words stand apart: an act of reconciliation is routine, with all accesses it is not."""
    different: set[str] = set()
    last_end = 0
    for start, end in sorted((start, end) for bit, start, end in hits if bit == _EXIT):
        if start >= last_end:
            different.add(folded[start : start + KEY_LETTERS])
        last_end = max(last_end, end)
    return len(different) > 1


# --- signs that are not words -----------------------------------------------------------------------------------------

# One leading class of characters lets the search skip the rest quickly.
_SIGN = re.compile(
    r"[!?:)A-ZА-Я☺☹❤-🫿](?:(?<=[!?])[!?]{0,40}|(?<=[☺☹❤-🫿])|(?<=:)-?\)|(?<=\))\){1,9}"
    r"|(?<=[A-ZА-Я])[A-ZА-Я]{1,30}(?:[ ,-]{1,2}[A-ZА-Я]{1,30}){0,30})"
)
_ANGRY, _GLAD = frozenset("😡😠🤬👿😤"), frozenset("🙂😊😀😃😄😁😉😍🥰🤗🎉👏💪🔥❤🙏👍🤝☺")
_SHOUTING, _LOUD, _FURY = int(Cue.SHOUTING), Cue.SHOUTING << _STRONG, Cue.EXASPERATION << _STRONG
_QUESTION, _WARMTH = int(Mark.QUESTION), int(Mark.WARMTH)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_LOUD_ALONE = _words("немедленно опять снова никогда ничего почему immediately never again nobody nothing why")
_ORDINARY = _LOUD_ALONE | _words(
    "где кто что как когда не нет это мы вы нам вас вам сколько все уже еще до очень срочно никто работает ответьте пришлите"
    " сделайте верните the is are not no we you your this that where when what please stop still to my our very urgent seriously"
)
_CODE_WORDS = frozenset({"SELECT", "NULL", "ERROR", "WARNING", "HTTP", "TODO"})


def _signs(own: str) -> list[_Hit]:
    hits: list[_Hit] = []
    for sign in _SIGN.finditer(own):
        written = sign[0]
        start, end = sign.span()
        if written[0] in "!?":
            if "?" in written:
                hits.append((_QUESTION, start, end))
            if len(set(written)) > 1 or len(written) > 2:
                hits.append((_LOUD if "?" in written else _SHOUTING, start, end))
        elif written[0].isupper():
            if _is_shouted(written) and not own[start - 1 : start].isalnum() and not own[end : end + 1].isalnum():
                hits.append((_LOUD if len(written.split()) > 2 else _SHOUTING, start, end))
        elif written[0] in _ANGRY:
            hits.append((_FURY, start, end))
        elif written[0] in _GLAD or (written[0] in ":)" and "(" not in own):
            hits.append((_WARMTH, start, end))
    return hits


def _is_shouted(run: str) -> bool:
    """Capitals that spell ordinary words; abbreviations, firms' names and code do not."""
    words = re.findall(r"\w+", run)
    if not _CODE_WORDS.isdisjoint(words):
        return False
    folded = {word.lower() for word in words}
    return not folded.isdisjoint(_ORDINARY if len(words) > 1 else _LOUD_ALONE)


# --- greetings by name ------------------------------------------------------------------------------------------------

_NAMED_GREETING = int(Cue.NAMED_GREETING)
_RU_HELLO = r"(?:[Зз]дравствуй(?:те)?|[Дд]обр(?:ый день|ое утро|ый вечер|ого (?:дня|времени суток))|[Пп]риветствую|[Пп]ривет|[Хх]ай)"
_EN_HELLO = r"(?:[Hh]i|[Hh]ello|[Hh]ey|[Hh]iya|[Gg]ood (?:morning|afternoon|evening|day))"
_NAME = (
    r"(?!(?:Коллег|Команд|Друз|Господ|Дам|Спасибо|Все[хм]?\b|Уважаем|Team\b|All\b|Every|Folks\b|Guys\b|There\b|Colleagues\b|Sir"
    r"|Madam|Friends\b|Thank|Hope\b|Customer|Client|Partner))[A-ZА-Я][a-zа-я]{1,20}(?:-[A-ZА-Я][a-zа-я]{1,20})?"
)
_NAMES = rf"{_NAME}(?: {_NAME}){{0,2}}"
_TITLE = r"(?:(?:M(?:r|rs|s|iss)|Dr|Prof|[Гг]оспо(?:дин|жа))\b\.? )?"
_GREETED = re.compile(
    rf"\s{{0,20}}(?P<greeting>(?:{_RU_HELLO}|{_EN_HELLO}),? {_TITLE}{_NAMES}(?=\s{{0,2}}(?:[,.!:;)—–-]|\n|$)| (?:and|и) )"
    rf"|(?:[Уу]важаем(?:ый|ая)|[Дд]орог(?:ой|ая)) {_TITLE}{_NAMES}|[Dd]ear {_TITLE}{_NAMES}"
    rf"|{_NAMES}, (?:{_RU_HELLO}|{_EN_HELLO})\b)"
)


def _greeted_by_name(own: str) -> re.Match[str] | None:
    """A message that opens with a greeting and a name, in either order; a group or a role is no name."""
    return _GREETED.match(own)


# --- brevity ----------------------------------------------------------------------------------------------------------

_SHORT_WORDS = 3
_MOST_ACK_WORDS = 8
_COLD = _words(
    "принято понятно ясно ок окей хорошо ладно понял поняла поняли услышал услышала услышали вас получил получила получено"
    " noted accepted fine ok okay understood acknowledged received k right clear"
)
_ACK = _COLD | _words(
    "да согласен согласна согласны согласовано подтверждаю подтверждаем договорились спасибо большое благодарю отлично супер"
    " все это в работу добро ага угу конечно yes yep sure thanks thank you got it agreed approved great perfect sounds good"
    " confirmed very much all will do that is"
)


def _brevity(folded: str) -> int:
    words = [word[0] for word in _WORD.finditer(folded)]
    said = folded.strip()
    bare = _ACK.issuperset(words)
    if not said or not (len(words) <= _SHORT_WORDS or (bare and len(words) <= _MOST_ACK_WORDS)):
        return 0
    cold = bool(words) and len(words) <= _SHORT_WORDS and _COLD.issuperset(words)
    full_stop = said.endswith(".") and not said.endswith("..")
    return int(Cue.SHORT_ACK | Cue.COLD_COMPLIANCE) if cold and full_stop else int(Cue.SHORT_ACK)


# --- the judgement ----------------------------------------------------------------------------------------------------

_CUES = sum(int(cue) for cue in Cue)
_AT_US = sum(int(cue) | cue << _STRONG for cue in Cue if cue in DEFINITIONS and DEFINITIONS[cue].strong > 0)
_JOY = int(Cue.GRATITUDE) | _WARMTH
_ADDRESSES_US = int(Mark.SECOND_PERSON) | int(Mark.REQUEST)
_THIRD_PARTY = int(Mark.THIRD_PARTY)
_WEIGHTS = tuple((int(flag), definition.strong, definition.mild) for flag, definition in DEFINITIONS.items())


def _settle(found: int) -> int:
    """Drop what the rest of the message explains away."""
    if found & _JOY:
        found &= ~_SHOUTING  # a joyful !!!, a word or two in capitals; longer runs and ??? stay
    if found & _THIRD_PARTY and not found & _ADDRESSES_US:
        found &= ~_AT_US
    return found


@lru_cache(maxsize=8192)
def _judge(found: int) -> tuple[bool, float, Cue, bool]:
    """Question, irritation, cues and whether a reply is expected, of all that was found."""
    log_odds = BASE_LOG_ODDS
    for bit, strong, mild in _WEIGHTS:
        if found & bit << _STRONG:
            log_odds += strong
        elif found & bit:
            log_odds += mild
    question = bool(found & _QUESTION)
    cues = Cue((found | found >> _STRONG) & _CUES)
    return question, 1 / (1 + exp(-log_odds)), cues, question or bool(found & Mark.REQUEST)
