"""How fast tone is heard, on one core, beside opponents and the limit.

python -m benchmarks.tone speed [--messages 1000000] [--json]

The messages are invented: chains of words as they follow each other in data/tone, 3 to 20 words each; English first, which is all
that vaderSentiment knows, then Russian.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import numpy as np

from benchmarks.tone import opponents

_OWN = Path(__file__).parents[2] / "data" / "tone"
_OF_THE_SLOW = 50_000  # messages that the slow ones get
_ROUNDS = 3
Judge = Callable[[list[str]], object]


class Speed(TypedDict):
    """Messages a second of one judge, the best of some rounds, and how many times faster churnwatch is."""

    language: str
    judge: str
    messages: int
    a_second: float
    churnwatch_is: float


def main(number: int, tell: Callable[[str], None]) -> list[Speed]:
    """Time all judges in this process, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    tell(f"loading the model: {_loading():.2f} s")
    speeds: list[Speed] = []
    for language in ("en", "ru"):
        texts = messages(number, language)
        tell(
            f"{language}: {number:,} invented messages of {sum(map(len, texts)) / number:.0f} characters on average; one core"
        )
        told: list[tuple[str, int, float]] = []
        for name, judge, most in _judges(language):
            given = texts[:most]
            spent = min(_timed(judge, given) for _ in range(_ROUNDS))
            told.append((name, len(given), len(given) / spent))
        ours = told[0][2]
        for name, n, rate in told:
            speeds.append(Speed(language=language, judge=name, messages=n, a_second=rate, churnwatch_is=ours / rate))
            tell(f"  {name:52} {rate:12,.0f} messages/s   churnwatch is {ours / rate:6.2f} x")
    return speeds


def messages(number: int, language: str) -> list[str]:
    """Invented messages, the same ones each time."""
    follows: dict[str, list[str]] = defaultdict(list)
    openers: list[str] = []
    for path in sorted(_OWN.glob(f"{language}-*.jsonl")):
        for row in path.read_text("utf-8").splitlines():
            words = json.loads(row)["text"].split()
            openers += words[:1]
            for one, other in pairwise(words):
                follows[one].append(other)
    rng = np.random.default_rng(0)
    sizes = rng.integers(3, 20, size=number)
    chances = iter(rng.random(int(sizes.sum()) + number).tolist())
    return [" ".join(_chain(openers, follows, size, chances)) for size in sizes.tolist()]


def _chain(openers: list[str], follows: dict[str, list[str]], size: int, chances: Iterator[float]) -> Iterator[str]:
    word = openers[int(next(chances) * len(openers))]
    yield word
    for _ in range(size - 1):
        after = follows.get(word) or openers
        word = after[int(next(chances) * len(after))]
        yield word


def _loading() -> float:
    from churnwatch.model.tone.scorer import shipped

    begun = time.perf_counter()
    shipped()
    return time.perf_counter() - begun


def _timed(judge: Judge, texts: list[str]) -> float:
    begun = time.perf_counter()
    judge(texts)
    return time.perf_counter() - begun


def _judges(language: str) -> Iterator[tuple[str, Judge, int]]:
    import pyarrow as pa
    from sklearn.feature_extraction.text import HashingVectorizer

    from churnwatch.model.tone.scorer import Scorer, shipped

    pa.set_cpu_count(1)
    weights = shipped().weights
    yield "churnwatch", lambda texts: Scorer.of(weights).scores(texts), 10**9  # a scorer that has met no word yet
    if language == "en" and opponents.installed("vaderSentiment"):
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        analyser = SentimentIntensityAnalyzer()
        yield "vaderSentiment", lambda texts: [analyser.polarity_scores(text) for text in texts], _OF_THE_SLOW
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    flat = np.ones(letters.n_features)
    yield (
        "scikit-learn HashingVectorizer(char_wb 2-5) + linear",
        lambda texts: letters.transform(texts) @ flat,
        _OF_THE_SLOW,
    )
    yield "the limit: split the UTF-8 at blanks", lambda texts: [text.encode().split() for text in texts], 10**9
