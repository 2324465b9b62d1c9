"""The reader of messages: named cues by patterns, irritation and warmth by the model, both bent by what a firm has taught it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.types import Cue, CueSpan, Reading
from churnwatch.model.cues import DEFINITIONS
from churnwatch.model.tone import marks
from churnwatch.model.tone.scorer import Scorer, Scores, shipped

MARKS_VERSION = "cues-3"  # changes with any pattern or rule of the cues


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a firm's own that is a cue wherever it stands, in any case."""

    text: str
    cue: Cue


@dataclass(frozen=True, slots=True)
class Correction:
    """A firm's own calibration: log-odds of irritation become `slope` times them plus `shift`."""

    slope: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True)
class Reader:
    """Reads messages; without arguments as shipped.

    `added` phrases are cues and add to irritation what that cue's strong patterns are worth; `muted` ones are neither seen as
    cues nor heard by the model.
    """

    added: tuple[Phrase, ...] = ()
    muted: tuple[str, ...] = ()
    correction: Correction = Correction()

    @cached_property
    def model_id(self) -> str:
        """Names everything a reading depends on: stored readings of another id are out of date.

        >>> Reader(muted=("срочно",)).model_id == Reader().model_id
        False
        """
        own = repr((MARKS_VERSION, self.added, self.muted, self.correction))
        return f"{self._scorer.model_id}-{hashlib.sha256(own.encode()).hexdigest()[:6]}"

    def read(self, text: str) -> Reading:
        """The tone of one message's own text.

        >>> SHIPPED.read("Почему вы до сих пор не прислали отчёт?").irritation > 0.5
        True
        >>> SHIPPED.read("Срочно, но без паники, спасибо!").irritation < 0.5
        True
        """
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> list[Reading]:
        """The tone of messages, in order: many at once cost far less each."""
        heard = [self._heard(text) for text in texts]
        scores = self.scores(texts)
        found = (marks.read(text) for text in heard)
        return [
            Reading(one.words, one.question, irritated, one.cues | self._own(text), one.expects_reply, warmth=warm)
            for one, text, irritated, warm in zip(
                found, heard, scores.irritated.tolist(), scores.warm.tolist(), strict=True
            )
        ]

    def scores(self, texts: Sequence[str]) -> Scores:
        """P(irritated) and P(warm) alone, which is the quickest."""
        heard = [self._heard(text) for text in texts] if self.muted else texts
        irritated, warm = self._scorer.scores(heard)
        if not self.added and self.correction == Correction():
            return Scores(irritated, warm)
        bent = self._bent(irritated, heard)
        rest = (1 - bent) / np.maximum(1 - irritated, 1e-12)
        return Scores(bent, np.minimum(warm * rest, 1 - bent))

    def spans(self, text: str) -> list[CueSpan]:
        """Where each cue of `read(text)` stands, in order; spans of one cue never overlap."""
        heard = self._heard(text)
        own = [CueSpan(cue, *match.span()) for cue, pattern in self._patterns for match in pattern.finditer(heard)]
        known = [
            span
            for span in marks.spans(heard)
            if not any(span.cue == one.cue and span.start < one.end and one.start < span.end for one in own)
        ]
        return sorted([*known, *own], key=lambda span: (span.start, span.end, span.cue))

    @property
    def _scorer(self) -> Scorer:
        return shipped()

    @cached_property
    def _patterns(self) -> tuple[tuple[Cue, re.Pattern[str]], ...]:
        return tuple((phrase.cue, _pattern(phrase.text)) for phrase in self.added)

    @cached_property
    def _silence(self) -> re.Pattern[str] | None:
        return re.compile("|".join(_pattern(one).pattern for one in self.muted), re.IGNORECASE) if self.muted else None

    def _heard(self, text: str) -> str:
        """The text without what is muted; every place is kept."""
        return text if self._silence is None else self._silence.sub(lambda muted: " " * len(muted[0]), text)

    def _own(self, text: str) -> Cue:
        found = Cue(0)
        for cue, pattern in self._patterns:
            if pattern.search(text):
                found |= cue
        return found

    def _bent(self, irritated: NDArray[np.float64], texts: Sequence[str]) -> NDArray[np.float64]:
        odds = np.clip(irritated, 1e-9, 1 - 1e-9)
        logit = self.correction.slope * np.log(odds / (1 - odds)) + self.correction.shift
        if self.added:
            logit += np.array(
                [max((DEFINITIONS[cue].strong for cue in self._own(text)), default=0.0) for text in texts]
            )
        return np.asarray(1 / (1 + np.exp(-logit)))


def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


SHIPPED = Reader()
