"""The table of signals: complete, in both languages, for terminals, scripts and the docs; without any configuration."""

import re
from pathlib import Path
from typing import get_args

import pytest
from cli_answers import Run, width_of

from churnwatch import features
from churnwatch.cli.choices import CHOICES
from churnwatch.cli.glossary import FAMILIES, RISKY, TERMS, UNITS, in_russian
from churnwatch.features import Family
from churnwatch.features.signal import Risky, Unit


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a configuration."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_signal_is_listed_with_its_definition(run: Run, language: str) -> None:
    answer = run("signals", "--lang", language)
    assert (answer.code, answer.err) == (0, "")
    shown = " ".join(answer.out.split())
    for signal in features.CATALOGUE:
        assert f"{signal.name} " in shown
        assert f"{getattr(signal, language)} [{signal.source}]" in shown
    assert all(getattr(meaning, language) in shown for _, meaning in TERMS)


def test_one_family_is_listed_alone(run: Run) -> None:
    names = {one["name"] for one in run("signals", "--family", "latency", "--json").data}
    assert names == {signal.name for signal in features.CATALOGUE if signal.family is Family.LATENCY}
    shown = run("signals", "--family", "latency").out
    assert "client_latency_z" in shown
    assert "irritation_rate" not in shown


def test_an_unknown_family_is_refused_with_those_there_are(run: Run) -> None:
    answer = run("signals", "--family", "weather")
    assert (answer.code, answer.out) == (2, "")
    assert all(family in answer.err for family in Family)


def test_scripts_get_every_field_in_catalogue_order(run: Run) -> None:
    told = run("signals", "--json").data
    assert [one["name"] for one in told] == list(features.NAMES)
    for one, signal in zip(told, features.CATALOGUE, strict=True):
        assert one["definition"] == {"en": signal.en, "ru": signal.ru}
        assert (one["unit"], one["risky"], one["least"]) == (signal.unit, signal.risky, signal.least)
        assert (one["window"], one["source"], one["shown_in"]) == (signal.window, signal.source, signal.shown_in)


def test_a_narrow_terminal_leaves_the_page_for_the_docs_as_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = run("signals", "--markdown").out
    width_of(monkeypatch, 20)
    assert run("signals", "--markdown").out == wide
    assert run("signals").code == 0


def test_every_family_unit_and_direction_has_its_words() -> None:
    assert set(FAMILIES) == set(Family)
    assert set(UNITS) == set(get_args(Unit))
    assert set(RISKY) == set(get_args(Risky))
    texts = [*UNITS.values(), *RISKY.values(), *(said for pair in FAMILIES.values() for said in pair)]
    assert all(said.en and said.ru for said in texts)


def test_what_was_chosen_otherwise_is_told_of_signals_that_there_are_and_in_the_docs(run: Run) -> None:
    page = run("signals", "--markdown").out
    for names, reason in CHOICES:
        assert set(names) <= set(features.NAMES)
        assert all(text in page for text in (*reason, *(f"`{name}`" for name in names)))


@pytest.mark.parametrize("span", sorted({span for one in features.CATALOGUE for span in (one.window, one.least)}))
def test_windows_and_least_evidence_are_said_in_russian(span: str) -> None:
    russian = in_russian(span)
    assert set(re.findall(r"[A-Za-z]+", russian)) <= {"B", "W"}, f"glossary.py has no Russian for {span!r}"
    assert re.findall(r"\d+", russian) == re.findall(r"\d+", span)


@pytest.mark.parametrize(
    ("span", "russian"),
    [("1 gap", "1 пауза"), ("3 calls before, 2 recent", "3 звонка раньше, 2 недавно"), ("11 months", "11 месяцев"),
     ("21 turns", "21 реплика"), ("half-life 14 d", "полураспад 14 дней")],
)  # fmt: skip
def test_russian_counts_in_three_forms(span: str, russian: str) -> None:
    assert in_russian(span) == russian
