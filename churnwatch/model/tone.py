"""Reads the tone of one message by named cues: which stand in it, where, and how irritated they make it sound.

Russian and English are read in one pass. No text is kept; what comes out is numbers and flags. Only the first
`MAX_CHARACTERS` are read, and quoted lines, quoted phrases, code and addresses of the web never count.
"""

import re
from functools import lru_cache, reduce
from math import exp
from operator import or_

from churnwatch.core.types import Cue, CueSpan, Reading
from churnwatch.model.cues import BASE_LOG_ODDS, DEFINITIONS, Mark
from churnwatch.model.cues.en import ENGLISH
from churnwatch.model.cues.notation import KEY_LETTERS, WORD, rules
from churnwatch.model.cues.ru import RUSSIAN

VERSION = "cues-1"  # changes with any pattern, weight or rule: stored readings of another version are read again
MAX_CHARACTERS = 20_000


def read(text: str) -> Reading:
    """The tone of one message's own text.

    >>> read("Почему вы до сих пор не прислали отчёт?").irritation > 0.5
    True
    >>> read("Срочно, но без паники, спасибо!").irritation < 0.5
    True
    >>> read("Accepted.").cues
    <Cue.COLD_COMPLIANCE|SHORT_ACK: 1032>
    """
    own = _own(text)
    folded = own.lower()
    found = words = 0
    for word in _WORD.finditer(folded):
        words += 1
        for bit, pattern in _RULES.get(word[1], ()):
            if not found & bit and pattern.match(folded, word.start()):
                found |= bit
    for bit, _, _ in _signs(own):
        found |= bit
    if found & Cue.EXIT_WORDS and not _two_exit_words(_word_hits(folded)):
        found &= ~Cue.EXIT_WORDS
    if words <= _MOST_ACK_WORDS:
        found |= _brevity(folded)
    return Reading(words, *_judge(_settle(found)))


def spans(text: str) -> list[CueSpan]:
    """Where each cue of `read(text)` stands, in order; spans of one cue never overlap."""
    own = _own(text)
    folded = own.lower()
    hits = [*_word_hits(folded), *_signs(own)]
    if not _two_exit_words(hits):
        hits = [hit for hit in hits if hit[0] != Cue.EXIT_WORDS]
    brevity = _brevity(folded)
    start, end = len(folded) - len(folded.lstrip()), len(folded.rstrip())
    hits += [(int(cue), start, end) for cue in Cue if cue & brevity]
    settled = _settle(reduce(or_, (bit for bit, _, _ in hits), 0))
    standing = [
        CueSpan(cue, start, end)
        for bit, start, end in hits
        for cue in Cue
        if bit & settled & (cue | cue << _STRONG)
    ]
    apart: list[CueSpan] = []
    for span in sorted(standing, key=lambda span: (span.cue, span.start, -span.end)):
        if not apart or apart[-1].cue != span.cue or span.start >= apart[-1].end:
            apart.append(span)
    return sorted(apart, key=lambda span: (span.start, span.end, span.cue))


# --- what counts as the writer's own words ----------------------------------------------------------------------------

_PLAIN = (("ё", "е"), ("Ё", "Е"), ("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("„", '"'), ("‑", "-"))
_LONGER_IN_LOWER_CASE = ("İ", "I")  # the one letter whose lower case is two characters: places would shift
_FOREIGN = re.compile(
    r"""^[ \t]{0,3}>[^\n]*|https?://\S{1,2000}|"[^"\n]{1,200}"|«[^»\n]{1,200}»|`[^`\n]{1,200}`""", re.MULTILINE
)


def _own(text: str) -> str:
    """The text with quotes and code made unreadable; every character keeps its place."""
    own = text[:MAX_CHARACTERS]
    for written, plain in (*_PLAIN, _LONGER_IN_LOWER_CASE):
        own = own.replace(written, plain)
    if any(mark in own for mark in ('"', "«", ">", "`", "://")):
        own = _FOREIGN.sub(_unreadable, own)
    return own


def _unreadable(foreign: re.Match[str]) -> str:
    """Phrases in quotation marks stay words for the count, quoted lines and addresses do not."""
    return re.sub(r"\S", "0", foreign[0]) if foreign[0][0] in '"«`' else " " * len(foreign[0])


# --- the patterns of words --------------------------------------------------------------------------------------------

# One bit for each fact: a mild cue is its own value, marks follow, strong cues are cues shifted up.
_STRONG = 24
_WORD = re.compile(rf"(?=([^\W_](?:[^\W_]|['-](?=[^\W_])){{0,{KEY_LETTERS - 1}}})){WORD}")
_Hit = tuple[int, int, int]  # bit, start, end


def _compile() -> dict[str, tuple[tuple[int, re.Pattern[str]], ...]]:
    """Patterns by the first letters of their first word; all of one bit are one alternation."""
    grouped: dict[str, dict[int, list[str]]] = {}
    for rule in rules(RUSSIAN + ENGLISH):
        bit = rule.flag << _STRONG if rule.strong else int(rule.flag)
        grouped.setdefault(rule.key, {}).setdefault(bit, []).append(rule.expression)
    return {
        key: tuple((bit, re.compile("|".join(expressions))) for bit, expressions in bits.items())
        for key, bits in grouped.items()
    }


_RULES = _compile()


def _word_hits(folded: str) -> list[_Hit]:
    return [
        (bit, *match.span())
        for word in _WORD.finditer(folded)
        for bit, pattern in _RULES.get(word[1], ())
        if (match := pattern.match(folded, word.start()))
    ]


def _two_exit_words(hits: list[_Hit]) -> bool:
    """Whether at least two mild exit words stand apart: one act of reconciliation is routine, with accesses it is not."""
    exits = sorted((start, end) for bit, start, end in hits if bit == Cue.EXIT_WORDS)
    return len(exits) > 1 and exits[-1][0] >= min(end for _, end in exits)


# --- signs that are not words -----------------------------------------------------------------------------------------

_SIGN = re.compile(
    r"[!?]{1,40}|[😡😠🤬👿]|[🙂😊😀😃😄😁😉😍🥰🤗🎉👏💪🔥❤🙏👍🤝]|:-?\)|\){2,9}|[A-ZА-Я]{2,30}(?:[ ,-]{1,2}[A-ZА-Я]{1,30}){0,30}"
)
_LOUD_ALONE = frozenset(
    "срочно немедленно опять снова никогда никто ничего почему когда urgent immediately never again nobody nothing now why".split()
)
_ORDINARY = _LOUD_ALONE | frozenset(
    "где кто что как не нет это мы вы нам вас вам сколько все уже еще до очень спасибо работает ответьте пришлите сделайте верните"
    " the is are not no we you your i it this that where when what please stop still to my our thank thanks very seriously do".split()
)
_CODE_WORDS = frozenset({"SELECT", "NULL", "ERROR", "WARNING", "HTTP", "FROM", "WHERE", "DO", "TODO"})


def _signs(own: str) -> list[_Hit]:
    hits: list[_Hit] = []
    for sign in _SIGN.finditer(own):
        written = sign[0]
        start, end = sign.span()
        if "?" in written:
            hits.append((Mark.QUESTION, start, end))
            if len(written) > 2 or "!" in written:
                hits.append((Cue.SHOUTING << _STRONG, start, end))
        elif written[0] == "!":
            if len(written) > 2:
                hits.append((Cue.SHOUTING, start, end))
        elif written in "😡😠🤬👿":
            hits.append((Cue.EXASPERATION << _STRONG, start, end))
        elif written[0].isupper():
            if _is_shouted(written) and not own[start - 1 : start].isalnum() and not own[end : end + 1].isalnum():
                hits.append((Cue.SHOUTING << _STRONG, start, end))
        elif written[0] != ")" or "(" not in own:
            hits.append((Mark.WARMTH, start, end))
    return hits


def _is_shouted(run: str) -> bool:
    """Capitals that spell ordinary words; abbreviations, firms' names and code do not."""
    words = re.findall(r"\w+", run)
    if not _CODE_WORDS.isdisjoint(words):
        return False
    folded = {word.lower() for word in words}
    return not folded.isdisjoint(_ORDINARY if len(words) > 1 else _LOUD_ALONE)


# --- brevity ----------------------------------------------------------------------------------------------------------

_SHORT_WORDS = 3
_MOST_ACK_WORDS = 8
_ANY_WORD = re.compile(WORD)
_COLD = frozenset(
    "принято понятно ясно ок окей хорошо ладно понял поняла поняли услышал услышала услышали вас получил получила получено"
    " noted accepted fine ok okay understood acknowledged received k right clear".split()
)
_ACK = _COLD | frozenset(
    "да согласен согласна согласны согласовано подтверждаю подтверждаем договорились спасибо большое благодарю отлично супер"
    " все это в работу добро ага угу конечно yes yep sure thanks thank you got it agreed approved great perfect sounds good"
    " confirmed very much all will do that is".split()
)


def _brevity(folded: str) -> int:
    words = _ANY_WORD.findall(folded)
    said = folded.strip()
    bare = _ACK.issuperset(words)
    if not said or not (len(words) <= _SHORT_WORDS or (bare and len(words) <= _MOST_ACK_WORDS)):
        return 0
    cold = bool(words) and len(words) <= _SHORT_WORDS and _COLD.issuperset(words)
    full_stop = said.endswith(".") and not said.endswith("..")
    return Cue.SHORT_ACK | (Cue.COLD_COMPLIANCE if cold and full_stop else 0)


# --- the judgement ----------------------------------------------------------------------------------------------------

_AT_US = sum(cue for cue in Cue if DEFINITIONS[cue].strong > 0)
_CUE_BITS = sum(Cue)


def _settle(found: int) -> int:
    """Drop what the rest of the message explains away."""
    if found & (Cue.GRATITUDE | Mark.WARMTH):
        found &= ~Cue.SHOUTING  # joyful !!!; capitals and ??? are strong and stay
    if found & Mark.THIRD_PARTY and not found & (Mark.SECOND_PERSON | Mark.REQUEST):
        found &= ~(_AT_US | _AT_US << _STRONG)
    return found


@lru_cache(maxsize=8192)
def _judge(found: int) -> tuple[bool, float, Cue, bool]:
    """Question, irritation, cues and whether a reply is expected, of all that was found."""
    log_odds = BASE_LOG_ODDS
    for flag, definition in DEFINITIONS.items():
        if found & flag << _STRONG:
            log_odds += definition.strong
        elif found & flag:
            log_odds += definition.mild
    question = bool(found & Mark.QUESTION)
    cues = Cue((found | found >> _STRONG) & _CUE_BITS)
    return question, 1 / (1 + exp(-log_odds)), cues, question or bool(found & Mark.REQUEST)
