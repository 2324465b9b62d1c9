"""How well the tone lexicon finds each cue, and irritation, on the test split of the project's own labelled sentences.

The sentences were written by the authors of the patterns: real correspondence is harder, so read these figures as a ceiling.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.intervals import wilson
from churnwatch.core.types import Cue
from churnwatch.model.tone import marks

SENTENCES = Path(__file__).resolve().parents[2] / "tests" / "model" / "tone" / "sentences.tsv"
THRESHOLD = 0.5  # irritation


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what a person reads in it."""

    text: str
    language: str
    cues: Cue
    irritated: bool
    split: str


def sentences(path: Path = SENTENCES) -> list[Sentence]:
    """All labelled sentences; a backslash with an n stands for a line break."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Sentence(
                row["sentence"].replace("\\n", "\n"),
                row["language"],
                Cue(sum(Cue[name] for name in row["cues"].split(",") if name)),
                row["irritated"] == "yes",
                row["split"],
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def line(name: str, pairs: list[tuple[bool, bool]]) -> str:
    """Precision and recall of (expected, found) pairs."""
    both = sum(expected and found for expected, found in pairs)
    expected_count, found_count = sum(expected for expected, _ in pairs), sum(found for _, found in pairs)
    return f"{name:<16} {expected_count:>4}  {wilson(both, found_count):<20} {wilson(both, expected_count)}"


def main(split: str = "test") -> None:
    """Print the table for both languages and each."""
    for language in ("ru", "en"):
        chosen = [sentence for sentence in sentences() if sentence.split == split and sentence.language == language]
        read = [(sentence, marks.read(sentence.text)) for sentence in chosen]
        print(f"\n{language}, {split} split, {len(chosen)} sentences")
        print(f"{'cue':<16} {'n':>4}  {'precision':<20} recall")
        for cue in Cue:
            print(line(cue.name or "", [(cue in sentence.cues, cue in reading.cues) for sentence, reading in read]))
        print(line("irritated", [(sentence.irritated, reading.irritation >= THRESHOLD) for sentence, reading in read]))


if __name__ == "__main__":
    main(*sys.argv[1:])
