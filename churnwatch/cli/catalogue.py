"""The table of all signals: for a terminal, for scripts, and as the page docs/signals.md."""

from collections.abc import Iterator, Sequence

from rich.padding import Padding
from rich.text import Text

from churnwatch import features
from churnwatch.cli import console
from churnwatch.cli.choices import CHOICES
from churnwatch.cli.console import Language
from churnwatch.cli.glossary import FAMILIES, RISKY, TERMS, UNITS, Said, in_russian
from churnwatch.core.errors import ConfigError
from churnwatch.features import Family, Signal

_HEADINGS = (
    "signal", "unit", "riskier when", "window<br>окно", "least evidence<br>нужно не меньше", "definition", "определение", "source",
)  # fmt: skip
_INDENT = (0, 0, 0, 4)


def signals_of(family: str | None) -> tuple[Signal, ...]:
    """The signals of one family, or all; `ConfigError` for a family that there is not."""
    if family is None:
        return features.CATALOGUE
    if family not in list(Family):
        raise ConfigError(f"There is no family {family!r}.", remedy=f"Families: {', '.join(Family)}.")
    return tuple(signal for signal in features.CATALOGUE if signal.family == family)


def print_signals(signals: Sequence[Signal], language: Language) -> None:
    """What the terms mean, then each family with its signals, two lines and more a signal."""
    for term, meaning in TERMS:
        console.out.print(Text(f"{term.said_in(language)}  ", style="bold") + Text(meaning.said_in(language)))
    for family, members in _by_family(signals):
        title, about = FAMILIES[family]
        console.out.print()
        console.out.print(Text(f"{title.said_in(language)} ({family})  ", style="bold") + Text(about.said_in(language)))
        for signal in members:
            console.out.print(
                Text(signal.name, style="bold cyan") + Text("  " + _terms_of(signal, language), style="dim")
            )
            console.out.print(Padding(f"{definition(signal, language)} [{signal.source}]", _INDENT, expand=False))


def definition(signal: Signal, language: Language) -> str:
    """The one-line definition."""
    return signal.ru if language == "ru" else signal.en


def window(signal: Signal) -> Said:
    """What span the signal looks at."""
    return Said(signal.window, in_russian(signal.window))


def least(signal: Signal) -> Said:
    """The evidence under which the signal says nothing."""
    return Said(signal.least, in_russian(signal.least))


def signal_as_dict(signal: Signal) -> dict[str, object]:
    """One signal for scripts."""
    return {
        "name": signal.name,
        "family": str(signal.family),
        "unit": signal.unit,
        "shown_in": signal.shown_in,
        "risky": signal.risky,
        "window": signal.window,
        "least": signal.least,
        "definition": {"en": signal.en, "ru": signal.ru},
        "source": signal.source,
    }


def markdown(signals: Sequence[Signal]) -> str:
    """The page docs/signals.md: both languages side by side."""
    return "\n".join(_page(signals)) + "\n"


def _page(signals: Sequence[Signal]) -> Iterator[str]:
    yield "# Signals: what churnwatch measures · Сигналы: что измеряет churnwatch"
    yield ""
    yield "Printed by `churnwatch signals --markdown`: mend the catalogue in `churnwatch/features/`, not this page."
    yield "“Riskier when” says on which side of usual the risk lies; “either”: the number says nothing by itself."
    yield "Столбец riskier when: с какой стороны от обычного риск — выше (higher), ниже (lower), сам по себе ничего не значит (either)."
    yield ""
    yield from _rows(
        ("term", "meaning", "значение"), [("<br>".join(dict.fromkeys(term)), *meaning) for term, meaning in TERMS]
    )
    for family, members in _by_family(signals):
        title, about = FAMILIES[family]
        yield ""
        yield f"## {title.en} · {title.ru} (`{family}`)"
        yield ""
        yield f"{about.en} · {about.ru}"
        yield ""
        yield from _rows(_HEADINGS, [_row(signal) for signal in members])
    yield ""
    yield "## Choices that may surprise, and why · Решения, которые могут удивить, и почему так"
    yield ""
    named = [(", ".join(f"`{name}`" for name in names), *reason) for names, reason in CHOICES]
    yield from _rows(("signals<br>сигналы", "choice", "решение"), named)


def _row(signal: Signal) -> tuple[str, ...]:
    return (
        f"`{signal.name}`",
        UNITS[signal.unit].en,
        RISKY[signal.risky].en,
        "<br>".join(window(signal)),
        "<br>".join(least(signal)),
        signal.en,
        signal.ru,
        signal.source,
    )


def _rows(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        cells = (cell.replace("|", r"\|") for cell in row)
        yield f"| {' | '.join(cells)} |"


def _terms_of(signal: Signal, language: Language) -> str:
    unit, risky = UNITS[signal.unit].said_in(language), RISKY[signal.risky].said_in(language)
    span, enough = window(signal).said_in(language), least(signal).said_in(language)
    if language == "ru":
        return f"{unit} · рискованнее: {risky} · окно: {span} · нужно: {enough}"
    return f"{unit} · riskier: {risky} · window: {span} · needs: {enough}"


def _by_family(signals: Sequence[Signal]) -> Iterator[tuple[Family, list[Signal]]]:
    for family in dict.fromkeys(signal.family for signal in signals):
        yield family, [signal for signal in signals if signal.family is family]
