"""How well dated promises, and messages that deliver, are found in the project's own labelled sentences; and how fast.

The sentences were written by the author of the rules, and split before any rule was tuned: real correspondence is harder, so
read these figures as a ceiling.
"""

import csv
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.intervals import wilson
from churnwatch.model.promises import delivers, find

LABELLED = Path(__file__).resolve().parents[1] / "data" / "promises"
_SPEED_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Dated:
    """A sentence, when it was written, and the days that a person reads promised in it."""

    text: str
    language: str
    written_on: date
    due: tuple[date, ...]
    split: str

    @property
    def found(self) -> tuple[date, ...]:
        """The days that the reader finds promised, in order."""
        return tuple(sorted(promise.due for promise in find(self.text, self.written_on)))


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message, how many attachments it has, and whether a person reads that it delivers something."""

    text: str
    language: str
    attachments: int
    delivers: bool
    split: str

    @property
    def found(self) -> bool:
        """Whether the reader says so."""
        return delivers(self.text, self.attachments)


def dated() -> list[Dated]:
    """All sentences with or without a dated promise; a backslash with an n stands for a line break."""
    return [
        Dated(
            row["sentence"].replace("\\n", "\n"),
            row["language"],
            date.fromisoformat(row["written_on"]),
            tuple(date.fromisoformat(day) for day in row["due"].split(",") if day),
            row["split"],
        )
        for row in _rows("dated.tsv")
    ]


def delivered() -> list[Delivered]:
    """All sentences that deliver something or seem to."""
    return [
        Delivered(
            row["sentence"].replace("\\n", "\n"),
            row["language"],
            int(row["attachments"]),
            row["delivers"] == "yes",
            row["split"],
        )
        for row in _rows("delivered.tsv")
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (LABELLED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def line(name: str, right: int, found: int, wanted: int) -> str:
    """Precision and recall with their counts."""
    return f"{name:<26} {wanted:>4} {found:>5}  {wilson(right, found):<20} {wilson(right, wanted)}"


def main(split: str = "test") -> None:
    """Print the table of one split, and the speed over all sentences."""
    print(f"{split} split\n{'':<26} {'n':>4} {'found':>5}  {'precision':<20} recall")
    for language in ("ru", "en"):
        chosen = [one for one in dated() if one.split == split and one.language == language]
        found, wanted = sum(bool(one.found) for one in chosen), sum(bool(one.due) for one in chosen)
        print(line(f"{language} promise", sum(bool(one.found and one.due) for one in chosen), found, wanted))
        right = sum(bool(one.due) and one.found == one.due for one in chosen)
        print(line(f"{language} promise, right day", right, found, wanted))
    for language in ("ru", "en"):
        said = [one for one in delivered() if one.split == split and one.language == language]
        both = sum(one.found and one.delivers for one in said)
        print(line(f"{language} delivers", both, sum(one.found for one in said), sum(one.delivers for one in said)))
    sentences = dated() * _SPEED_ROUNDS
    begun = time.process_time()
    for one in sentences:
        find(one.text, one.written_on)
    took = time.process_time() - begun
    print(f"\n{len(sentences) / took:,.0f} sentences per second of one core, nearly all of which name a day")


if __name__ == "__main__":
    main(*sys.argv[1:])
