"""The verb that teaches the tone reader: what it says, in both languages and to scripts, and what it refuses."""

from pathlib import Path

import pytest
from cli_answers import Run
from firms import Firm

from churnwatch import scoring
from churnwatch.core.types import Direction
from churnwatch.model.tone import SHIPPED
from churnwatch.store import ToneLabel


def label(firm: Firm, irritated: int, neutral: int) -> None:
    """Say of so many of Romashka's messages that they are irritated, and of so many that they are not, against the reader."""
    with firm.open() as store:
        heard = [one for one in store.events.messages("romashka", 1000) if one.text and one.direction is Direction.IN]
        scores = scoring.reader_of(firm.config).scores([str(one.text) for one in heard]).irritated
        hottest = [one.event_id for _, one in sorted(zip(-scores, heard, strict=True), key=lambda pair: pair[0])]
        said = [ToneLabel.NEUTRAL, ToneLabel.IRRITATED] * irritated + [ToneLabel.NEUTRAL] * (neutral - irritated)
        for event_id, word in zip(hottest, said, strict=False):
            assert store.labels.put(event_id, word, "anna", store.events.messages("romashka", 1)[0].at)


def test_labels_are_learned_and_what_to_do_next_is_said(run: Run, settled: Firm) -> None:
    label(settled, 6, 12)
    answer = run("train-tone", "--config", settled.config_path)
    assert (answer.code, answer.err) == (0, "")
    assert "Labels: 6 irritated, 12 not." in answer.out
    assert "In service: slope" in answer.out
    assert "churnwatch retone" in answer.out
    assert scoring.reader_of(settled.config) != SHIPPED
    russian = run("train-tone", "--config", settled.config_path, "--lang", "ru").out
    assert "Метки: раздражённых 6, остальных 12." in russian
    assert "Действует: наклон" in russian


def test_for_scripts_the_figures_are_json(run: Run, settled: Firm) -> None:
    label(settled, 6, 12)
    told = run("train-tone", "--config", settled.config_path, "--json").data
    assert (told["labels"], told["irritated"], told["without_text"], told["helps"]) == (18, 6, 0, True)
    assert told["log_loss_after"] < told["log_loss_before"]
    assert told["model_id"] == scoring.reader_of(settled.config).model_id


def test_too_few_labels_are_refused_politely(run: Run, settled: Firm) -> None:
    answer = run("train-tone", "--config", settled.config_path)
    assert (answer.code, answer.out) == (1, "")
    assert "There are 0 labels of messages; 5 are needed." in answer.err
    assert "clients' pages" in answer.err


def test_resetting_brings_back_what_ships_and_a_second_time_there_is_nothing_to_do(run: Run, settled: Firm) -> None:
    label(settled, 6, 12)
    run("train-tone", "--config", settled.config_path)
    answer = run("train-tone", "--config", settled.config_path, "--reset")
    assert "taken away" in answer.out
    assert "churnwatch retone" in answer.out
    assert scoring.reader_of(settled.config) == SHIPPED
    assert "Nothing to take away" in run("train-tone", "--config", settled.config_path, "--reset").out
    assert run("train-tone", "--config", settled.config_path, "--reset", "--json").data == {"reset": False}


def test_a_calibration_of_another_model_rests_and_the_night_says_what_to_do(run: Run, settled: Firm) -> None:
    label(settled, 6, 12)
    run("train-tone", "--config", settled.config_path)
    file = settled.config.path(settled.config.tone.path)
    file.write_text(file.read_text(encoding="utf-8").replace(SHIPPED.model_id, "tone-older"), encoding="utf-8")
    answer = run("nightly", "--config", settled.config_path, "--quiet")
    assert answer.code == 3
    assert "churnwatch train-tone" in answer.out + answer.err
    assert scoring.reader_of(settled.config) == SHIPPED
    found = {
        one["what"]: one["good"] for one in run("check", "--config", settled.config_path, "--json").data["findings"]
    }
    assert not found["tone"]
    assert run("train-tone", "--config", settled.config_path).code == 0
    assert scoring.reader_of(settled.config) != SHIPPED


@pytest.mark.parametrize("options", [("--sets", "."), ("--out", "x.npz"), ("--sets", ".", "--out", "x.npz", "--reset")])
def test_options_that_do_not_go_together_are_refused(run: Run, settled: Firm, options: tuple[str, ...]) -> None:
    answer = run("train-tone", "--config", settled.config_path, *options)
    assert answer.code == 2
    assert "--sets and --out go together" in answer.err


def test_weights_cannot_be_trained_on_sets_that_are_not_there(run: Run, tmp_path: Path) -> None:
    answer = run("train-tone", "--sets", tmp_path, "--out", tmp_path / "weights.npz")
    assert answer.code == 1
    assert "cedr.parquet" in answer.err
    assert not (tmp_path / "weights.npz").exists()


def test_a_quote_that_was_wrong_is_not_shown_again(run: Run, settled: Firm) -> None:
    def cited() -> list[str]:
        told = run("explain", "romashka", "--config", settled.config_path, "--text", "--json").data
        return [one["event_id"] for one in told["events"] if one.get("quote")]

    before = cited()
    with settled.open() as store:
        assert store.labels.put(before[0], ToneLabel.NEUTRAL, "anna", store.events.messages("romashka", 1)[0].at)
    assert cited() == before[1:]
