"""What is told of a text to whoever asks: how irritated and how warm it sounds, which cues stand where, in which alphabet it is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from churnwatch.model.own_words import own_words
from churnwatch.model.tone import Reader

Lang = Literal["ru", "en", "mixed", "other"]

_MOSTLY = 0.75  # of the Cyrillic and Latin letters; under it the other alphabet has its say
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")


class FoundCue(NamedTuple):
    """A named cue, where it stands (half-open character range), and what stands there."""

    cue: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is told of one text. Both probabilities are None where there is nothing to judge: not one visible character."""

    irritated: float | None  # P(irritated), 0..1
    warm: float | None  # P(warm), 0..1
    cues: tuple[FoundCue, ...]
    lang: Lang


def verdicts(reader: Reader, texts: Sequence[str]) -> list[Verdict]:
    """What `reader` tells of each text, in order: many at once cost far less each."""
    scores = reader.scores(texts)
    return [
        Verdict(irritated, warm, _cues(reader, text), lang_of(text))
        if text.strip()
        else Verdict(None, None, (), "other")
        for text, irritated, warm in zip(texts, scores.irritated.tolist(), scores.warm.tolist(), strict=True)
    ]


def lang_of(text: str) -> Lang:
    """The language by its letters: the share of Cyrillic among the Cyrillic and Latin ones in the writer's own words.

    "other" where fewer than half of the letters are of either alphabet. Any language in Latin letters is "en".

    >>> lang_of("Пришлите отчёт"), lang_of("Send the report"), lang_of("Апдейт по Google Analytics"), lang_of("15:30?")
    ('ru', 'en', 'mixed', 'other')
    """
    own = " ".join(word for word in own_words(text).split() if "@" not in word)  # no addresses, no handles
    cyrillic, latin, letters = (sum(map(len, one.findall(own))) for one in (_CYRILLIC, _LATIN, _WORD))
    known = cyrillic + latin
    if not known or 2 * known < letters:
        return "other"
    share = cyrillic / known
    return "ru" if share >= _MOSTLY else "en" if share <= 1 - _MOSTLY else "mixed"


def _cues(reader: Reader, text: str) -> tuple[FoundCue, ...]:
    return tuple(
        FoundCue(str(span.cue.name).lower(), span.start, span.end, text[span.start : span.end])
        for span in reader.spans(text)
    )
