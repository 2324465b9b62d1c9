"""What bytes of unknown or wrongly declared encoding say: the declared charset where it can be true, else the most plausible."""

import codecs
import re

_CYRILLIC = ("cp1251", "koi8-r")
_SAMPLE_BYTES = 1000  # enough to tell one alphabet from another
_MAX_DAMAGED_SHARE = 0.1  # of the characters above 127, in what still counts as UTF-8
_DECLARED_BONUS = 1.2

# Mailers write these when they do not know: nothing above 127 may be believed.
_DOUBTFUL = {"ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-8", "cp1251", "koi8-r", "koi8-u", "iso8859-5"}
# Codecs of Python that are not charsets of text, that run in quadratic time, or that hide markup (utf-7).
_REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape"}
_REFUSED |= {"undefined", "utf-7", "mbcs", "oem"}
_CODEC_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_FREQUENT = frozenset("оеаинтсрвлкмдпу")
_LETTERS = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ")


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of `data`, without control characters; never raises.

    >>> decode("Добрый день".encode("koi8-r"), "us-ascii")
    'Добрый день'
    """
    text = data.decode("ascii") if declared is None and data.isascii() else _decode(data, _codec(declared))
    return text if text.isprintable() else _CONTROL.sub("", text)


def _decode(data: bytes, declared: str | None) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    if declared is not None and declared not in _DOUBTFUL:
        return data.decode(declared, errors="replace")
    if data.isascii():
        return data.decode("ascii")
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data)  # a character cut off at the end is dropped
    above = len(text) - len(text.encode("ascii", "ignore"))
    if (damaged := text.count("\ufffd")) < above and damaged <= _MAX_DAMAGED_SHARE * above:
        return text
    return data.decode(_most_plausible(data, declared), errors="replace")


def _most_plausible(data: bytes, declared: str | None) -> str:
    """The single-byte charset under which a sample reads most like words."""
    first = next(index for index, byte in enumerate(data) if byte > 127)
    sample = data[max(0, first - 20) : first + _SAMPLE_BYTES]
    candidates = [*_CYRILLIC, "cp1252"]
    if declared is not None and declared not in {*candidates, "utf-8", "ascii"}:
        candidates.append(declared)
    scores = {
        name: _readability(sample.decode(name, errors="replace")) * (_DECLARED_BONUS if name == declared else 1)
        for name in candidates
    }
    return max(candidates, key=lambda name: scores[name])


def _readability(text: str) -> float:
    """How much the letters above 127 look like those of words: koi8-r read as cp1251 turns the case of every letter."""
    score = 0.0
    before = " "
    for letter in text:
        if letter > "\x7f":
            score += _weight(before, letter)
        elif letter.isalpha() and before.lower() in _LETTERS:
            score -= 3
        before = letter
    return score


def _weight(before: str, letter: str) -> float:
    lower = letter.lower()
    if lower in _LETTERS:
        if before.isascii() and before.isalpha():
            return -3  # two alphabets in one word
        if letter != lower and before.lower() in _LETTERS and before == before.lower():
            return -3  # a capital inside a word
        weight = 2.0 if lower in _FREQUENT else 1.0
        return weight if letter == lower else 0.7 * weight
    if "À" <= letter <= "ÿ":
        return 1.5 if before.isascii() and before.isalpha() else 0.1
    return 0.1 if letter in "«»—–…“”„№’ " else -1


def _codec(declared: str | None) -> str | None:
    if declared is None or not _CODEC_NAME.fullmatch(declared):
        return None
    try:
        info = codecs.lookup(declared)
        b"".decode(info.name)
    except (LookupError, ValueError):
        return None
    return None if info.name in _REFUSED else info.name
