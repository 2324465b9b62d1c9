"""What to do about it: the plays, in both languages, and the first rules that choose one from the reasons."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from churnwatch.core.config import Language
from churnwatch.core.errors import ConfigError
from churnwatch.core.types import Band, Reason

PLAYS = (
    "check_in",
    "relationship_reset",
    "own_fault",
    "align_expectations",
    "change_channel",
    "client_review",
    "receivables_handoff",
    "growth_offer",
    "wait_it_out",
    "reopen_after_silence",
)
FAMILIES = (
    "activity",
    "rhythm",
    "latency",
    "engagement",
    "initiative",
    "meetings",
    "people",
    "tone",
    "exit_words",
    "our_side",
    "account",
    "context",
)
OTHER_FACT = "other"
SLOTS = ("{contact}", "{client}", "{fact}")

_SILENCE = ("rhythm", "activity")
_WITHDRAWAL = ("latency", "engagement", "initiative", "people")
_MANY_FAMILIES = 3  # so many pushing at once is no single grievance
_FEW_NIGHTS = 2  # a sharp tone this young may be a bad day


@dataclass(frozen=True, slots=True)
class Situation:
    """What the choice of a play looks at besides the reasons."""

    band: Band | None = None
    we_promised: bool = False  # the client wrote "you promised"
    invoice_overdue: bool = False
    review_overdue: bool = False
    outgrown: bool = False  # someone noted that the service no longer fits
    nights_hot: int | None = None  # nights in a row at this band or above; None = not known


def choose(reasons: Sequence[Reason], situation: Situation) -> str:
    """The play for these reasons: the first rule that fits, from the most binding to the gentlest."""
    pushing = sorted((item for item in reasons if item.contribution > 0), key=lambda item: -item.contribution)
    families = list(dict.fromkeys(item.family for item in pushing))
    lead = families[0] if families else ""
    late_money = any(item.family == "account" and "invoice" in item.signal for item in pushing)
    boiling = situation.band is Band.BOILING
    rules = (
        ("own_fault", lead == "our_side"),
        ("receivables_handoff", lead == "account" and (situation.invoice_overdue or late_money)),
        ("relationship_reset", "exit_words" in families),
        ("reopen_after_silence", lead in _SILENCE),
        ("align_expectations", "tone" in families and situation.we_promised),
        ("relationship_reset", boiling and len(families) >= _MANY_FAMILIES),
        ("change_channel", lead == "meetings"),
        ("wait_it_out", _young(situation) and not boiling and set(families) <= {"tone", "context"}),
        ("growth_offer", situation.outgrown and lead in ("", "account", *_WITHDRAWAL)),
        ("client_review", situation.review_overdue and lead in ("", "account", *_WITHDRAWAL)),
    )
    return next((play for play, fits in rules if fits), "check_in")


def _young(situation: Situation) -> bool:
    return situation.nights_hot is not None and situation.nights_hot <= _FEW_NIGHTS


def _only_known_slots(words: str) -> str:
    rest = words
    for slot in SLOTS:
        rest = rest.replace(slot, "")
    if "{" in rest or "}" in rest:
        raise ValueError(f"only these slots are filled: {', '.join(SLOTS)}")
    return words


_Line = Annotated[str, Field(min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Phrase(_Entry):
    """A piece of wording in both languages."""

    en: _Line
    ru: _Line

    def said_in(self, language: Language) -> str:
        """The wording in one language."""
        return self.ru if language == "ru" else self.en


class PlayText(_Entry):
    """A play as a person reads it. `words` has slots, see `opening_words`."""

    title: _Line
    goal: _Line
    steps: Annotated[tuple[_Line, ...], Field(min_length=1)]
    words: Annotated[_Line, AfterValidator(_only_known_slots)]
    avoid: tuple[_Line, ...] = ()


class Play(_Entry):
    """One course of action: who does it, by when, through what, and the text."""

    by: Literal["manager", "head", "receivables", "business_development"]
    working_days: Annotated[int, Field(ge=1)]
    channel: Literal["call", "meeting", "mail"]
    fact: str | None = None  # the family whose fact is named, where that is not the strongest reason's
    en: PlayText
    ru: PlayText

    def said_in(self, language: Language) -> PlayText:
        """The text in one language."""
        return self.ru if language == "ru" else self.en


class Playbook(_Entry):
    """All plays with the wording around them."""

    plays: dict[str, Play]
    facts: dict[str, Phrase]
    roles: dict[str, Phrase]
    channels: dict[str, Phrase]

    def play(self, name: str) -> Play:
        """The play of that name, or `ConfigError`."""
        try:
            return self.plays[name]
        except KeyError:
            raise ConfigError(
                f"The playbook has no play {name!r}.", remedy=f"It has {', '.join(sorted(self.plays))}."
            ) from None

    def opening_words(self, name: str, families: Sequence[str], contact: str, client: str, language: Language) -> str:
        """Words to start with, slots filled; `families` are those of the reasons, the strongest first."""
        play = self.play(name)
        family = play.fact or next((item for item in families if item in self.facts), OTHER_FACT)
        filled = {
            "{contact}": contact,
            "{client}": client,
            "{fact}": self.facts.get(family, self.facts[OTHER_FACT]).said_in(language),
        }
        pieces = play.said_in(language).words
        for slot in SLOTS:  # first to private marks, so that a name that looks like a slot stays a name
            pieces = pieces.replace(slot, f"\0{slot}\0")
        return "".join(filled.get(piece, piece) for piece in pieces.split("\0"))


def read_playbook(path: Path | None = None) -> Playbook:
    """The playbook in a file, or the one that comes with churnwatch."""
    return _shipped() if path is None else _parse(path.read_text(encoding="utf-8"), str(path))


@cache
def _shipped() -> Playbook:
    return _parse(files("churnwatch.alerts").joinpath("plays.toml").read_text(encoding="utf-8"), "plays.toml")


def _parse(text: str, place: str) -> Playbook:
    try:
        tables: Mapping[str, object] = tomllib.loads(text)
        playbook = Playbook.model_validate(tables)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{place} is not valid TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ConfigError(f"{place}: {problems}.", remedy="Compare it with the plays.toml of the package.") from error
    missing = [f"plays.{name}" for name in PLAYS if name not in playbook.plays]
    missing += [f"facts.{name}" for name in (*FAMILIES, OTHER_FACT) if name not in playbook.facts]
    missing += [f"roles.{play.by}" for play in playbook.plays.values() if play.by not in playbook.roles]
    missing += [f"channels.{play.channel}" for play in playbook.plays.values() if play.channel not in playbook.channels]
    if missing:
        raise ConfigError(f"{place} lacks {', '.join(dict.fromkeys(missing))}.", remedy="Add them, in both languages.")
    return playbook
