import csv
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.core.types import Cue, CueSpan
from churnwatch.model.cues import DEFINITIONS, Mark
from churnwatch.model.cues.notation import rules, shipped_rules
from churnwatch.model.own_words import MAX_CHARACTERS
from churnwatch.model.tone import marks

SENTENCES = Path(__file__).with_name("sentences.tsv")


def labelled(split: str) -> list[dict[str, str]]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row | {"sentence": row["sentence"].replace("\\n", "\n")} for row in rows if row["split"] == split]


def irritated(text: str) -> bool:
    return marks.read(text).irritation >= 0.5


# Floors lie below what was measured: ru 1.00/.90, en .97/.93 on sentences written by the authors of the patterns.
@pytest.mark.parametrize(("language", "precision_floor", "recall_floor"), [("ru", 0.92, 0.82), ("en", 0.90, 0.84)])
def test_irritation_is_found_on_sentences_not_used_for_tuning(
    language: str, precision_floor: float, recall_floor: float
) -> None:
    rows = [row for row in labelled("test") if row["language"] == language]
    wanted = [row["irritated"] == "yes" for row in rows]
    found = [irritated(row["sentence"]) for row in rows]
    both = sum(a and b for a, b in zip(wanted, found, strict=True))
    precision, recall = both / sum(found), both / sum(wanted)
    sys.stdout.write(f"\n{language}: irritation precision {precision:.2f}, recall {recall:.2f}, n {len(rows)}\n")
    assert precision >= precision_floor
    assert recall >= recall_floor


@pytest.mark.parametrize("cue", [cue for cue in Cue if cue is not Cue.SHORT_ACK])
def test_each_cue_is_mostly_right_in_both_languages(cue: Cue) -> None:
    rows = labelled("test")
    wanted = [cue.name in row["cues"].split(",") for row in rows]
    found = [cue in marks.read(row["sentence"]).cues for row in rows]
    both = sum(a and b for a, b in zip(wanted, found, strict=True))
    assert both / sum(found) >= 0.7
    assert both / sum(wanted) >= 0.75


def test_labelled_set_holds_two_hundred_sentences_of_each_language() -> None:
    languages = [row["language"] for split in ("tune", "test") for row in labelled(split)]
    assert languages.count("ru") >= 200
    assert languages.count("en") >= 200


@pytest.mark.parametrize(
    "text",
    [
        "застрахуй груз",
        "kill the process",
        "fatal error",
        "срочно, но без паники, спасибо!",
        "Accepted, thank you!",
        "их подрядчик опять сорвал сроки",
        "Директор склада написал: «Сколько можно ждать!»",
        "> Почему вы не ответили?\nОтветил выше.",
        "Не срочно.",
        "Спасибо!!!",
        "SELECT name FROM clients WHERE id IS NOT NULL",
        "",
        "👍",
    ],
)
def test_ordinary_business_is_not_irritation(text: str) -> None:
    assert not irritated(text)


@pytest.mark.parametrize("text", ["Accepted.", "Принято.", "Noted.", "Ок."])
def test_bare_acknowledgement_with_full_stop_is_cold_but_not_irritated(text: str) -> None:
    assert marks.read(text).cues == Cue.COLD_COMPLIANCE | Cue.SHORT_ACK
    assert not irritated(text)


@pytest.mark.parametrize("text", ["Accepted, thank you!", "Принято, спасибо!", "Noted!", "Хорошо 👍"])
def test_warm_acknowledgement_is_short_and_not_cold(text: str) -> None:
    cues = marks.read(text).cues
    assert Cue.SHORT_ACK in cues
    assert Cue.COLD_COMPLIANCE not in cues


@pytest.mark.parametrize(
    "text",
    [
        "terminate the process",
        "У нас новый подрядчик по уборке",
        "Пора завершить этап",
        "Пришлите акт сверки за квартал. Акт сверки нужен бухгалтерии.",
    ],
)
def test_everyday_words_are_not_exit_words(text: str) -> None:
    assert Cue.EXIT_WORDS not in marks.read(text).cues


@pytest.mark.parametrize(
    "text", ["расторгаем договор", "Нужны акт сверки и все доступы", "We decided to terminate the contract"]
)
def test_leaving_is_an_exit_word_and_not_irritation(text: str) -> None:
    assert Cue.EXIT_WORDS in marks.read(text).cues
    assert not irritated(text)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Ещё раз прошу прислать счёт", "Еще раз прошу прислать счет"),
        ("I’ve already told you", "I've already told you"),
        ("СКОЛЬКО можно ждать", "сколько МОЖНО ждать"),
        ("как я уже писал", "как я\nуже писал"),
    ],
)
def test_spelling_variants_read_alike(written: str, same: str) -> None:
    assert marks.read(written) == marks.read(same)
    assert marks.read(written).cues & Cue.REPETITION or marks.read(written).cues & Cue.EXASPERATION


def test_both_languages_are_read_in_one_message() -> None:
    cues = marks.read("Hi Anna, сколько можно ждать? Thanks").cues
    assert cues == Cue.GREETING | Cue.NAMED_GREETING | Cue.EXASPERATION | Cue.GRATITUDE


@pytest.mark.parametrize(
    "text",
    [
        "Пришлите счёт.",
        "Спасибо вам!",
        "ВАШЕМУ отделу",
        "Не забудьте про акт.",
        "Сможете завтра?",
        "Давайте созвонимся",
    ],
)
def test_polite_plural_is_formal(text: str) -> None:
    assert marks.read(text).cues & (Cue.FORMAL_YOU | Cue.FAMILIAR_YOU) == Cue.FORMAL_YOU


@pytest.mark.parametrize(
    "text", ["Скинь счёт.", "Спасибо тебе!", "Не забудь про акт.", "Пришли мне файл", "Давай завтра"]
)
def test_singular_is_familiar(text: str) -> None:
    assert marks.read(text).cues & (Cue.FORMAL_YOU | Cue.FAMILIAR_YOU) == Cue.FAMILIAR_YOU


@pytest.mark.parametrize(
    "text",
    ["Документы пришли вчера", "Мы вышли на рынок", "На сайте и в отчёте", "Твёрдый знак", "Could you send your file?"],
)
def test_a_text_that_addresses_nobody_is_neither_formal_nor_familiar(text: str) -> None:
    assert not marks.read(text).cues & (Cue.FORMAL_YOU | Cue.FAMILIAR_YOU)


@pytest.mark.parametrize(
    "text",
    [
        "Добрый день, Анна!",
        "Анна, здравствуйте",
        "Уважаемый Сергей Викторович, счёт получили",
        "Dear Ms Weber",
        "Hi Tom,\nthanks",
        "Tom, good morning.",
        "Hello Tom and Anna, thanks",
    ],
)
def test_greeting_with_a_name_is_found(text: str) -> None:
    assert Cue.NAMED_GREETING in marks.read(text).cues


@pytest.mark.parametrize(
    "text",
    [
        "Добрый день, коллеги!",
        "Добрый день! Анна передала счёт.",
        "Уважаемые партнёры, прайс во вложении",
        "Коллеги, добрый день",
        "Dear Sir or Madam",
        "Hi all,",
        "Hi team, Anna is away",
        "Anna wrote to Tom.",
        "Good morning! Everything arrived.",
    ],
)
def test_greeting_of_a_group_or_of_nobody_has_no_name(text: str) -> None:
    assert Cue.NAMED_GREETING not in marks.read(text).cues


@pytest.mark.parametrize(
    ("text", "question", "expects_reply"),
    [
        ("Когда ждать отчёт?", True, True),
        ("Подскажите, кто отвечает за договор", True, True),
        ("Пришлите счёт", False, True),
        ("Please send the invoice", False, True),
        ("Please find the invoice attached", False, False),
        ("Прошу прощения за задержку", False, False),
        ("Отправили оригиналы курьером.", False, False),
        ("See https://example.org/?q=1", False, False),
    ],
)
def test_questions_and_requests_expect_a_reply(text: str, question: bool, expects_reply: bool) -> None:
    reading = marks.read(text)
    assert (reading.question, reading.expects_reply) == (question, expects_reply)


def test_words_of_quoted_lines_and_addresses_are_not_own_words() -> None:
    assert marks.read("> one two three\nfour five's https://example.org/six").words == 2


def test_span_quotes_the_cue() -> None:
    text = "Коллеги, сколько можно ждать? Спасибо."
    assert [(span.cue, text[span.start : span.end]) for span in marks.spans(text)] == [
        (Cue.EXASPERATION, "сколько можно ждать"),
        (Cue.GRATITUDE, "Спасибо"),
    ]


def test_span_stands_right_after_a_letter_that_grows_in_lower_case() -> None:
    text = "İİİ: thank you"
    assert marks.spans(text) == [CueSpan(Cue.SHORT_ACK, 0, len(text)), CueSpan(Cue.GRATITUDE, 5, 14)]


def check_spans(text: str) -> None:
    spans = marks.spans(text)
    assert spans == sorted(spans, key=lambda span: span.start)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    of_spans = Cue(0)
    for cue in Cue:
        own = [span for span in spans if span.cue == cue]
        assert all(before.end <= after.start for before, after in pairwise(own))
        of_spans |= cue if own else Cue(0)
    assert of_spans == marks.read(text).cues


def test_spans_of_every_labelled_sentence_agree_with_its_reading() -> None:
    for row in [*labelled("tune"), *labelled("test")]:
        check_spans(row["sentence"])


@given(st.lists(st.sampled_from([*"!?.,:) (\n>\"«»'-🙂😡", "вы", "опять", "НЕ", "акт сверки", "доступы", "WHY", "ok"])))
def test_spans_of_any_mixture_agree_with_its_reading(pieces: list[str]) -> None:
    check_spans(" ".join(pieces))
    check_spans("".join(pieces))


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "A",
        " ",
        "вы ",
        "if ",
        "you promised ",
        "if not ",
        '"',
        "«",
        ">",
        "!?",
        "A ",
        "'-",
        "почему вы ",
        "https://",
    ],
)
def test_reads_only_the_first_characters_of_a_hostile_text(piece: str) -> None:
    hostile = (piece * 200_000)[:200_000]
    assert marks.read(hostile + " сколько можно ждать") == marks.read(hostile[:MAX_CHARACTERS])


def test_no_pattern_repeats_without_bound() -> None:
    for rule in shipped_rules():
        bounded = re.sub(r"\{\d+,\d+\}[+?]?|\\[+*]|\[[^\]]*\]", "", rule.expression)
        assert not re.search(r"[+*]|\{\d+,\}", bounded), rule.expression


def test_every_cue_and_mark_is_defined_and_written_in_both_languages() -> None:
    assert set(DEFINITIONS) == {*Cue, *Mark}
    by_form = {Cue.SHOUTING, Cue.SHORT_ACK, Cue.NAMED_GREETING}  # found by form, not by words
    russian_alone = {Cue.FORMAL_YOU, Cue.FAMILIAR_YOU}
    for letter, absent in (("[а-я]", by_form), ("[a-z]", by_form | russian_alone)):
        assert {rule.flag for rule in shipped_rules() if re.match(letter, rule.key)} == {*Cue, *Mark} - absent


def test_no_two_cues_or_marks_share_a_bit() -> None:
    flags = [int(flag) for flag in (*Cue, *Mark)]
    assert len(set(flags)) == len(flags)
    assert all(flag.bit_count() == 1 for flag in flags)


@pytest.mark.parametrize("line", ["(a|b)?c", "во*", ".*", "я(сно)?"])
def test_pattern_without_a_plain_first_word_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="begin with a plain word"):
        rules(f"BLAME strong\n    {line}")
