"""How texts sound, on the command line: whatever way they come in, an answer for each in its place, and no word of what is broken."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_answers import Answer, Run, width_of
from rich.console import Console

from churnwatch.cli import console
from churnwatch.cli.verdicts import CUES_OF_FORM, TELLING_CUES
from churnwatch.core.types import Cue

ANGRY = "Сколько можно ждать? Я пишу уже третий раз!"
GLAD = "Thank you so much, this is wonderful work!"
PLAIN = "The meeting is on Tuesday at ten."


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a configuration."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def piped(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`… | churnwatch tone - …`: the bytes first, then the arguments."""

    def run_piped(content: bytes, *arguments: object) -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return run("tone", "-", *arguments)

    return run_piped


def objects(answer: Answer) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.out.splitlines()]


def written(name: str, content: str | bytes) -> Path:
    file = Path(name)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


JSONL = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate((ANGRY, GLAD, PLAIN)))
TABLE = f'id,text\n1,"{ANGRY}"\n2,"{GLAD}"\n3,{PLAIN}\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lines.txt", f"{ANGRY}\n{GLAD}\n{PLAIN}\n"),
        ("unnamed", f"{ANGRY}\r\n{GLAD}\r\n{PLAIN}"),
        ("objects.jsonl", JSONL),
        ("strings.ndjson", "\n".join(json.dumps(text) for text in (ANGRY, GLAD, PLAIN))),
        ("sniffed-objects", JSONL),
        ("table.csv", TABLE),
        ("table.tsv", TABLE.replace(",", "\t").replace("\tthis", ",this")),
        ("sniffed-table", TABLE),
        ("marked.csv", b"\xef\xbb\xbf" + TABLE.encode()),
        ("windows.txt", f"{ANGRY}\n{GLAD}\n{PLAIN}\n".encode("cp1251")),
        ("notepad.txt", f"{ANGRY}\n{GLAD}\n{PLAIN}\n".encode("utf-16")),
    ],
)
def test_texts_are_heard_in_their_order_however_they_are_written(run: Run, name: str, content: str | bytes) -> None:
    answer = run("tone", written(name, content), "--json")
    assert (answer.code, answer.err) == (0, "")
    angry, glad, plain = objects(answer)
    assert angry["irritated"] > 0.5 > angry["warm"]
    assert glad["warm"] > 0.5 > glad["irritated"]
    assert max(plain["irritated"], plain["warm"]) < 0.5
    assert [one["lang"] for one in (angry, glad, plain)] == ["ru", "en", "en"]


def test_standard_input_says_the_same_as_a_file(run: Run, piped: Run) -> None:
    for content in (JSONL, TABLE, f"{ANGRY}\n{GLAD}\n"):
        assert piped(content.encode(), "--json") == run("tone", written("same", content), "--json")


def test_an_object_has_the_same_fields_for_every_text_and_cues_where_they_stand(piped: Run) -> None:
    told = objects(piped(f"{ANGRY}\n🙂 {GLAD}\n".encode(), "--json"))
    for one, text in zip(told, (ANGRY, f"🙂 {GLAD}"), strict=True):
        assert list(one) == ["irritated", "warm", "cues", "lang", "model"]
        assert one["cues"]
        assert all(text[cue["start"] : cue["end"]] == cue["text"] for cue in one["cues"])
    assert {"exasperation", "repetition"} <= {cue["cue"] for cue in told[0]["cues"]}
    assert told[0]["model"] == told[1]["model"]


def test_another_column_is_named(run: Run) -> None:
    table = written("crm.csv", f"body;who\n{ANGRY};Ann\n")
    assert objects(run("tone", table, "--column", "Body", "--json"))[0]["irritated"] > 0.5
    chat = written("chat.jsonl", json.dumps({"said": ANGRY}))
    assert objects(run("tone", chat, "--column", "said", "--json"))[0]["irritated"] > 0.5


def test_a_column_that_is_not_there_is_told_with_those_there_are(run: Run) -> None:
    answer = run("tone", written("crm.csv", f"body;who\n{ANGRY};Ann\n"))
    assert (answer.code, answer.out) == (1, "")
    assert "no column 'text'" in answer.err
    assert "body, who" in answer.err
    assert "--column" in answer.err


def test_a_broken_record_costs_only_itself_and_is_told_by_its_line_without_a_word_of_it(run: Run) -> None:
    lines = [
        json.dumps({"text": ANGRY}), '{"text": "secret', "[1]", "null", '{"body": "secret"}', '{"text": 5}', "",
        '"\\ud83d secret"', '{"text": null}', json.dumps(GLAD),
    ]  # fmt: skip
    answer = run("tone", written("chat.jsonl", "\n".join(lines)), "--json")
    told = objects(answer)
    assert answer.code == 3
    assert [one.get("line") for one in told] == [None, 2, 3, 4, 5, 6, 8, 9, None]  # an empty line is no record
    assert [one.get("error") for one in told[1:-1]] == [
        "is not JSON", "is neither a text nor an object with named values", "is neither a text nor an object with named values",
        "has no 'text'", "'text' is not a text", "holds damaged characters", "is empty",
    ]  # fmt: skip
    assert all(one["irritated"] is None and one["warm"] is None and one["cues"] == [] for one in told[1:-1])
    assert told[-1]["warm"] > 0.5
    assert "Not read: 6" in answer.err
    assert "line 8: holds damaged characters" in answer.err
    assert "secret" not in answer.out + answer.err


def test_a_table_with_a_quote_left_open_loses_that_row_alone(run: Run) -> None:
    answer = run("tone", written("crm.csv", f'id,text\n1,"{ANGRY}\n2,{GLAD.replace(",", "")}\n3,{PLAIN}\n'), "--json")
    told = objects(answer)
    assert answer.code == 3
    assert [one.get("line") for one in told] == [2, None, None]
    assert told[1]["warm"] > 0.5


@pytest.mark.parametrize("start", ["", "text;who\n"])
def test_broken_bytes_cost_only_their_record(piped: Run, start: str) -> None:
    end = ";Ann\n" if start else "\n"
    answer = piped(f"{start}{ANGRY}{end}".encode() + b"What \xff\xfe" + f"{end}{GLAD}{end}".encode(), "--json")
    assert answer.code == 3
    angry, broken, glad = objects(answer)
    assert angry["irritated"] > 0.5 < glad["warm"]
    assert broken["error"] == "holds damaged characters"


def test_an_empty_line_of_text_keeps_its_place_and_is_no_mistake(piped: Run) -> None:
    answer = piped(f"{ANGRY}\n\n{GLAD}\n".encode(), "--json")
    angry, empty, glad = objects(answer)
    assert (answer.code, answer.err) == (0, "")
    assert (empty["irritated"], empty["error"], empty["line"]) == (None, "is empty", 2)
    assert angry["irritated"] > 0.5 < glad["warm"]


def test_more_texts_than_are_read_at_once_come_out_in_order(piped: Run) -> None:
    texts = [f"{ANGRY if number % 3 else GLAD} {number}" for number in range(2500)]
    answer = piped("\n".join(texts).encode(), "--json")
    assert [one["irritated"] > 0.5 for one in objects(answer)] == [bool(number % 3) for number in range(2500)]
    assert "tone" in answer.err  # progress
    assert piped("\n".join(texts).encode(), "--json", "--quiet").err == ""


def test_a_text_sounds_the_same_alone_and_among_others(piped: Run) -> None:
    together = objects(piped(f"{ANGRY}\n{GLAD}\n{PLAIN}\n".encode(), "--json"))
    alone = [objects(piped(text.encode(), "--json"))[0] for text in (ANGRY, GLAD, PLAIN)]
    for one, other in zip(together, alone, strict=True):
        assert one["irritated"] == pytest.approx(other["irritated"], abs=1e-6)


def test_the_table_shows_percents_and_marks_the_telling_words(piped: Run) -> None:
    answer = piped(f"{ANGRY}\n\n{GLAD}\n{PLAIN} Room of ann@northwind.example\n".encode())
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].split() == ["irritated", "warm", "text,", "and", "its", "cues"]
    angry, glad = (next(line for line in lines if said in line) for said in ("Сколько", "Thank"))
    assert all(re.fullmatch(r"\s*\d+\s%\s+\d+\s%\s+.*", line) for line in (angry, glad))
    assert "*Сколько можно ждать*?" in angry
    assert "out of patience, said before" in lines[lines.index(angry) + 1]
    assert "northwind.example" not in answer.out
    assert "Texts: 4 · irritated: 1 · warm: 1 · empty: 1" in lines[-1]


def test_a_russian_reads_russian_and_a_narrow_terminal_gets_one_line_a_text(
    piped: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    width_of(monkeypatch, 60)
    answer = piped(f"{ANGRY * 20}\n{{\n".encode(), "--lang", "ru", "--format", "jsonl")
    assert answer.code == 3
    assert "строка 2: это не JSON" in answer.err
    answer = piped((PLAIN * 20 + "\n" + ANGRY * 20).encode(), "--lang", "ru")
    assert "раздражение" in answer.out
    assert "терпение на исходе" in answer.out
    assert all(len(line) <= 60 for line in answer.out.splitlines()[:-1])


def test_colours_take_the_place_of_marks_and_only_the_percents_have_them(
    piped: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    coloured = Console(highlight=False, markup=False, width=100, force_terminal=True, color_system="standard")
    monkeypatch.setattr(console, "out", coloured)
    shown = piped(ANGRY.encode()).out
    assert "\x1b[1mСколько можно ждать\x1b[0m?" in shown
    assert "*" not in shown
    assert re.search(r"\x1b\[1;31m\s*\d+\s%\s*\x1b\[0m", shown)


def test_what_looks_like_a_table_may_be_lines(piped: Run) -> None:
    assert len(objects(piped(TABLE.encode(), "--json", "--format", "lines"))) == 4


def test_a_column_of_lines_makes_no_sense(run: Run) -> None:
    answer = run("tone", written("lines.txt", ANGRY), "--format", "lines", "--column", "body")
    assert answer.code == 2
    assert "--column" in answer.err


@pytest.mark.parametrize(("name", "content"), [("missing.csv", None), ("photo.png", b"\x89PNG\x00\x01"), (".", None)])
def test_what_cannot_be_read_is_said_with_what_to_do(run: Run, name: str, content: bytes | None) -> None:
    answer = run("tone", name if content is None else written(name, content), "--json")
    assert (answer.code, answer.out) == (1, "")
    assert name in answer.err
    assert "Traceback" not in answer.err


def test_nothing_in_is_nothing_out(piped: Run) -> None:
    assert piped(b"", "--json").out == ""
    assert "Texts: 0" in piped(b"").out


def test_a_firm_is_heard_with_its_own_phrases(piped: Run) -> None:
    written("firm.toml", '[tone]\nphrases = [{ text = "see contract", cue = "pressure" }]\nmuted = ["третий раз"]\n')
    content = f"See contract.\n{ANGRY}\n".encode()
    own, shipped = objects(piped(content, "--json", "--config", "firm.toml")), objects(piped(content, "--json"))
    assert "pressure" in [cue["cue"] for cue in own[0]["cues"]]
    assert own[0]["irritated"] > shipped[0]["irritated"]
    assert "repetition" not in [cue["cue"] for cue in own[1]["cues"]]
    assert own[0]["model"] != shipped[0]["model"]


def test_every_cue_has_its_words_or_is_one_of_form() -> None:
    assert set(TELLING_CUES) | CUES_OF_FORM == {name.lower() for name in Cue.__members__}
    assert not set(TELLING_CUES) & CUES_OF_FORM
    assert all(said.en and said.ru for said in TELLING_CUES.values())


def test_help_shows_what_to_type(run: Run) -> None:
    shown = " ".join(run("tone", "--help").out.split())
    assert "churnwatch tone tickets.csv --column body" in shown
    assert "cues: [{cue, start, end, text}]" in shown
