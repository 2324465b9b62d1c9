"""Verdicts on texts as they are printed: a row of a table or a JSON object each, and at the end how many there were."""

from dataclasses import dataclass, field

from rich.text import Text

from churnwatch.alerts.quotes import excerpt
from churnwatch.alerts.wording import percent
from churnwatch.cli import console
from churnwatch.cli.console import Language
from churnwatch.cli.glossary import Said
from churnwatch.cli.texts import Entry
from churnwatch.model.verdict import FoundCue, Verdict

# The most telling first: of several in a text that one is marked.
TELLING_CUES: dict[str, Said] = {
    "exit_words": Said("words of leaving", "слова об уходе"),
    "ultimatum": Said("ultimatum", "ультиматум"),
    "we_promised": Said("you promised", "вы обещали"),
    "exasperation": Said("out of patience", "терпение на исходе"),
    "blame": Said("reproach", "упрёк"),
    "repetition": Said("said before", "уже писали"),
    "pressure": Said("pressure", "давление"),
    "shouting": Said("shouting", "крик"),
    "cold_compliance": Said("cold consent", "холодное согласие"),
    "gratitude": Said("thanks", "благодарность"),
}
CUES_OF_FORM = frozenset({"greeting", "closing", "short_ack", "plans", "formal_you", "familiar_you", "named_greeting"})

_HEARD = 0.5  # a text counts as irritated, or as warm, from here on
_IRRITATED_CELLS, _WARM_CELLS = 13, 8
_LEAST_TEXT_CHARACTERS = 30
_MOST_TOLD = 20  # records that were not read
_EMPTY = "is empty"
_WORDS = {
    "irritated": Said("irritated", "раздражение"),
    "warm": Said("warm", "тепло"),
    "text": Said("text, and its cues", "текст и его приметы"),
    "total": Said(
        "Texts: {texts:,} · irritated: {irritated:,} · warm: {warm:,} · empty: {empty:,} · model {model}",
        "Текстов: {texts:,} · раздражённых: {irritated:,} · тёплых: {warm:,} · пустых: {empty:,} · модель {model}",
    ),
    "not_read": Said("Not read: {count:,}", "Не прочитано: {count:,}"),
    "line": Said("line {line}: {problem}", "строка {line}: {problem}"),
    "more": Said("… and {count:,} more", "… и ещё {count:,}"),
}


@dataclass(slots=True)
class Tally:
    """How many texts there were and how they sounded; of those that could not be read the first are kept."""

    texts: int = 0
    irritated: int = 0
    warm: int = 0
    empty: int = 0
    unread: int = 0
    first_unread: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry, verdict: Verdict) -> None:
        """Count one record."""
        if entry.problem is not None:
            self.unread += 1
            if len(self.first_unread) < _MOST_TOLD:
                self.first_unread.append(entry)
            return
        self.texts += 1
        self.empty += verdict.irritated is None
        self.irritated += (verdict.irritated or 0) >= _HEARD
        self.warm += (verdict.warm or 0) >= _HEARD


def as_dict(entry: Entry, verdict: Verdict, model_id: str) -> dict[str, object]:
    """The object for scripts; where nothing was judged it says why, and on which line."""
    told: dict[str, object] = {
        "irritated": verdict.irritated,
        "warm": verdict.warm,
        "cues": [cue._asdict() for cue in verdict.cues],
        "lang": verdict.lang,
        "model": model_id,
    }
    if verdict.irritated is not None:
        return told
    return told | {"error": entry.problem.en if entry.problem else _EMPTY, "line": entry.line}


def print_heading(language: Language) -> None:
    """The table's titles."""
    irritated = console.fit(_say("irritated", language), _IRRITATED_CELLS)
    warm = console.fit(_say("warm", language), _WARM_CELLS)
    console.out.print(Text(irritated + warm + _say("text", language), style="dim"), soft_wrap=True)


def print_verdict(text: str, verdict: Verdict, language: Language) -> None:
    """A row of the table, with the cues below the text; nothing of an empty text."""
    if verdict.irritated is None or verdict.warm is None:
        return
    telling = sorted((cue for cue in verdict.cues if cue.cue in TELLING_CUES), key=_rank)
    irritated = console.fit(f"{percent(verdict.irritated):>5}", _IRRITATED_CELLS)
    warm = console.fit(f"{percent(verdict.warm):>5}", _WARM_CELLS)
    row = Text()  # without a style of its own, which would go on into the text
    row.append(irritated, "bold red" if verdict.irritated >= _HEARD else None)
    row.append(warm, "bold green" if verdict.warm >= _HEARD else None)
    console.out.print(row + _marked(text, telling[0] if telling else None), soft_wrap=True)
    if telling:
        names = ", ".join(dict.fromkeys(TELLING_CUES[cue.cue].said_in(language) for cue in telling))
        console.out.print(Text(" " * (_IRRITATED_CELLS + _WARM_CELLS) + names, style="dim"), soft_wrap=True)


def print_tally(tally: Tally, model_id: str, language: Language) -> None:
    """How many texts there were, and how they sounded."""
    told = _say("total", language).format(
        texts=tally.texts, irritated=tally.irritated, warm=tally.warm, empty=tally.empty, model=model_id
    )
    console.out.print(Text(told, style="dim"), soft_wrap=True)


def complain_of_unread(tally: Tally, language: Language) -> None:
    """What was not read and why, on standard error; never a word of it."""
    if not tally.unread:
        return
    lines = [
        _say("line", language).format(line=entry.line, problem=entry.problem.said_in(language))
        for entry in tally.first_unread
        if entry.problem is not None
    ]
    if more := tally.unread - len(lines):
        lines.append(_say("more", language).format(count=more))
    console.complain(_say("not_read", language).format(count=tally.unread), "\n  ".join(lines))


def _marked(text: str, cue: FoundCue | None) -> Text:
    """The sentence with its telling words marked, or else the text's beginning, in what is left of the line."""
    room = max(_LEAST_TEXT_CHARACTERS, console.out.width - _IRRITATED_CELLS - _WARM_CELLS - 2)  # 2 for the marks
    start, end = (cue.start, cue.end) if cue else (0, len(text))
    piece = excerpt(text, start, end, room)
    if piece is None:
        return Text()
    if cue is None:
        return Text(piece.text)
    mark = "" if console.out.color_system else "*"
    before, told, after = (
        piece.text[: piece.cue_start],
        piece.text[piece.cue_start : piece.cue_end],
        piece.text[piece.cue_end :],
    )
    return Text(before) + Text(f"{mark}{told}{mark}", style="bold") + Text(after)


def _rank(cue: FoundCue) -> tuple[int, int]:
    return list(TELLING_CUES).index(cue.cue), cue.start


def _say(words: str, language: Language) -> str:
    return _WORDS[words].said_in(language)
