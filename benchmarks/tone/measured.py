"""The sets that tone is measured on: held-back parts of the sets it learned from, sets it never saw, and this project's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnwatch.model.tone import sets
from churnwatch.model.tone.fit import IRRITATED, NEUTRAL, WARM, Labelled

_OWN = Path(__file__).parents[2] / "data" / "tone"


@dataclass(frozen=True, slots=True)
class Task:
    """Messages, which of them are to be found, in whose clusters they come, and by which of the two probabilities."""

    name: str
    kind: str  # held back, never seen, dev, exam
    texts: Sequence[str]
    wanted: NDArray[np.bool_]
    group: NDArray[np.int64]
    warm: bool = False
    learned_from: Labelled | None = None  # what an opponent may learn from in the same domain


def tasks(folder: Path) -> list[Task]:
    """All tasks, the open ones from the folder of the open sets."""
    found = []
    for split in sets.open_sets(folder):
        measure, learn = split.measure, split.learn
        if measure.name == "politeness":  # its authors part the politest quarter from the least polite
            found.append(_task("politeness: polite", "held back", *_ends(measure), warm=True, learn=_only_ends(learn)))
        else:
            wanted = measure.label == IRRITATED
            found.append(
                _task(f"{measure.name}: irritated", "held back", measure.texts, wanted, measure.group, learn=learn)
            )
    tweets = pd.read_parquet(folder / "text_ru" / "sentirueval.parquet")
    for kind in ("banks", "telecom"):
        some = tweets[tweets["set"].str.contains(kind)]
        found.append(
            _task(
                f"sentirueval {kind}: negative", "never seen", some["text"].tolist(), some["label"] == -1, some["text"]
            )
        )
    flights = pd.read_parquet(folder / "text_en" / "us_airline_tweets_nc.parquet")
    negative = flights["airline_sentiment"] == "negative"
    found.append(_task("airlines: negative", "never seen", flights["text"].tolist(), negative, flights["text"]))
    for part in ("dev", "exam"):
        found += _own(part)
    return found


def _own(part: str) -> list[Task]:
    """`dev` chose features and settings; `exam` was written afterwards by somebody else and chose nothing."""
    found = []
    for language in ("ru", "en"):
        own = sets.own_test(_OWN / f"{part}-{language}.jsonl")
        found.append(_task(f"{own.name}: irritated", part, own.texts, own.label == IRRITATED, own.group))
        found.append(_task(f"{own.name}: warm", part, own.texts, own.label == WARM, own.group, warm=True))
    mails = sets.own_test(_OWN / f"{part}-mails.jsonl")
    russian = np.array([any("а" <= letter <= "я" for letter in text) for text in mails.texts])
    for language, chosen in (("ru", russian), ("en", ~russian)):
        texts = [text for text, one in zip(mails.texts, chosen, strict=True) if one]
        group = [text for text, one in zip(mails.group, chosen, strict=True) if one]
        found.append(_task(f"{mails.name} {language}: irritated", part, texts, mails.label[chosen] == IRRITATED, group))
    return found


def _task(
    name: str,
    kind: str,
    texts: Sequence[str],
    wanted: NDArray[np.bool_] | pd.Series,
    group: Sequence[str] | pd.Series,
    *,
    warm: bool = False,
    learn: Labelled | None = None,
) -> Task:
    _, number = np.unique(np.asarray(group, dtype=str), return_inverse=True)
    return Task(name, kind, texts, np.asarray(wanted), number, warm, learn)


def _ends(given: Labelled) -> tuple[list[str], NDArray[np.bool_], list[str]]:
    chosen = np.flatnonzero(given.label != NEUTRAL)
    return [given.texts[row] for row in chosen], given.label[chosen] == WARM, [given.group[row] for row in chosen]


def _only_ends(given: Labelled) -> Labelled:
    texts, warm, group = _ends(given)
    return Labelled(given.name, texts, np.where(warm, WARM, IRRITATED).astype(np.int8), group)
