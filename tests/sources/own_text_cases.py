"""The invented mails with their expected own text, as files beside the tests; see own_text_mails/README.md."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "own_text_mails"
SPLITS = ("tune", "test")
_SECTIONS = ("body", "html", "own")


@dataclass(frozen=True, slots=True)
class Case:
    """One mail, and the text in it that a person reads as the writer's own."""

    name: str
    program: str
    language: str
    body: str
    html: str | None
    own: str


def cases(split: str) -> list[Case]:
    """The mails of one split, by file name.

    >>> cases("tune")[0].language
    'ru'
    """
    if split not in SPLITS:
        raise ValueError(f"no split {split!r}: one of {', '.join(SPLITS)}")
    return [case for path in sorted(FOLDER.glob("*.txt")) for its_split, case in [_read(path)] if its_split == split]


def _read(path: Path) -> tuple[str, Case]:
    # Not splitlines(): mails hold other characters that it takes for line ends.
    first, *lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    about = dict(field.split(": ", 1) for field in first.split("; "))
    sections: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("=== ") and line[4:] in _SECTIONS:
            current = sections[line[4:]] = []
        else:
            current.append(line)
    text = {name: "\n".join(found) for name, found in sections.items()}
    case = Case(path.stem, about["program"], about["language"], text["body"], text.get("html"), text["own"])
    return about["split"], case
