"""The labelled sets that the tone model learns from, as they are published, and which part of each is held back for measuring.

The open sets are read from a folder that whoever trains has fetched (names and licences stand in models/tone.md); the business
sentences of this project are in data/tone.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnwatch.model.tone.fit import IRRITATED, NEUTRAL, WARM, Labelled

_LABELS = {"irritated": IRRITATED, "neutral": NEUTRAL, "warm": WARM}
_GOEMOTIONS_IRRITATED = frozenset({2, 3, 10})  # anger, annoyance, disapproval
_GOEMOTIONS_WARM = frozenset({0, 5, 13, 15, 17, 18, 20, 21, 23})  # admiration, caring, … gratitude, joy, love, relief
_CEDR_JOY, _CEDR_ANGER = 0, 4
_HELD_BACK = 0.2
_NOT_LEARNED = ("dev-*.jsonl", "exam-*.jsonl")


@dataclass(frozen=True, slots=True)
class Split:
    """One set: what to learn from and what to measure on."""

    learn: Labelled
    measure: Labelled


def open_sets(folder: Path) -> list[Split]:
    """The open sets that may train weights which ship."""
    readers: Sequence[tuple[str, str, Callable[[pd.DataFrame], tuple[list[int], list[str], str]]]] = (
        ("cedr", "text_ru/cedr.parquet", _cedr),
        ("goemotions", "text_en/goemotions.parquet", _goemotions),
        ("incivility", "text_en/issue_incivility.parquet", _incivility),
        ("premo", "text_en/premo_pr_polarity.parquet", _premo),
        ("politeness", "text_en/politeness_wikipedia.parquet", _politeness),
    )
    splits = []
    for name, path, read in readers:
        frame = pd.read_parquet(folder / path)
        frame = frame[frame["comment_body"].notna()] if name == "incivility" else frame
        label, group, column = read(frame)
        held = (frame["part"] == "dev").to_numpy() if name == "goemotions" else held_back(group)
        splits.append(parted(Labelled(name, frame[column].tolist(), np.array(label, dtype=np.int8), group), held))
    return splits


def own_sets(folder: Path) -> list[Labelled]:
    """Own sentences of this project: business correspondence, and the public's voice; nothing that stands in a test file."""
    held = [path for pattern in _NOT_LEARNED for path in folder.glob(pattern)]
    tested = {_folded(text) for path in held for text, _, _ in _lines(path)}
    found: dict[str, list[tuple[str, int, str]]] = {"business": [], "public": []}
    for path in sorted(folder.glob("*.jsonl")):
        if path not in held:
            register = "public" if path.stem.endswith(("-public-voice", "-posts")) else "business"
            found[register] += [line for line in _lines(path) if _folded(line[0]) not in tested]
    return [_of_lines(name, lines) for name, lines in found.items()]


def own_test(path: Path) -> Labelled:
    """One of the files that only measure."""
    return _of_lines(path.stem, _lines(path))


def held_back(group: Iterable[str]) -> NDArray[np.bool_]:
    """Which rows are for measuring: those of the fifth of groups with the smallest SHA-256."""
    return np.array([int(hashlib.sha256(one.encode()).hexdigest()[:8], 16) / 2**32 < _HELD_BACK for one in group])


def parted(all_rows: Labelled, held: NDArray[np.bool_]) -> Split:
    """The set in two."""

    def some(rows: NDArray[np.bool_]) -> Labelled:
        places = np.flatnonzero(rows).tolist()
        return Labelled(
            all_rows.name,
            [all_rows.texts[row] for row in places],
            all_rows.label[places],
            [all_rows.group[row] for row in places],
        )

    return Split(some(~held), some(held))


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _lines(path: Path) -> list[tuple[str, int, str]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        (row["text"], _LABELS[row["label"]], f"{path.stem}:{row.get('pair', f'block {number // 10}')}")
        for number, row in enumerate(rows)
    ]


def _of_lines(name: str, lines: Sequence[tuple[str, int, str]]) -> Labelled:
    texts, labels, groups = zip(*lines, strict=True)
    return Labelled(name, list(texts), np.array(labels, dtype=np.int8), list(groups))


def _cedr(frame: pd.DataFrame) -> tuple[list[int], list[str], str]:
    told = [set(labels) for labels in frame["labels"]]
    label = [IRRITATED if _CEDR_ANGER in one else WARM if _CEDR_JOY in one else NEUTRAL for one in told]
    return label, frame["text"].tolist(), "text"


def _goemotions(frame: pd.DataFrame) -> tuple[list[int], list[str], str]:
    told = [{int(label) for label in labels.split(",")} for labels in frame["labels"]]
    label = [IRRITATED if one & _GOEMOTIONS_IRRITATED else WARM if one & _GOEMOTIONS_WARM else NEUTRAL for one in told]
    return label, frame["id"].tolist(), "text"


def _incivility(frame: pd.DataFrame) -> tuple[list[int], list[str], str]:
    return (
        [IRRITATED if told else NEUTRAL for told in frame["tbdf"].notna()],
        frame["issue_id"].astype(str).tolist(),
        "comment_body",
    )


def _premo(frame: pd.DataFrame) -> tuple[list[int], list[str], str]:
    label = frame["polarity"].map({"negative": IRRITATED, "neutral": NEUTRAL, "positive": WARM})
    return label.tolist(), frame["text"].tolist(), "text"


def _politeness(frame: pd.DataFrame) -> tuple[list[int], list[str], str]:
    """The least polite quarter of requests counts as irritated, the politest as warm, as the set's authors part them."""
    score = frame["Normalized Score"]
    low, high = score.quantile([0.25, 0.75])
    return (
        np.where(score <= low, IRRITATED, np.where(score >= high, WARM, NEUTRAL)).tolist(),
        frame["Request"].tolist(),
        "Request",
    )
