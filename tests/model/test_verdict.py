"""What is told of a text: by letters its language, by the reader its tone, and nothing where there is nothing to judge."""

import pytest

from churnwatch.model.tone import SHIPPED
from churnwatch.model.verdict import Verdict, lang_of, verdicts


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Добрый день, пришлите, пожалуйста, акт за март", "ru"),
        ("Коллеги, кампания в Google запущена, отчёт пришлю завтра утром", "ru"),
        ("Please send the invoice to Анна", "en"),
        ("See https://example.com/отчёт-за-март-и-апрель", "en"),
        ("Ответьте на anna.petrova@northwind-and-sons.example", "ru"),
        ("@northwind_support_team где мой заказ", "ru"),
        ("Залил в main, CI green, deploy после обеда", "mixed"),
        ("请尽快回复我们的邮件", "other"),
        ("15:30, 42 %!", "other"),
        ("", "other"),
    ],
)
def test_the_language_is_that_of_the_writers_own_letters(text: str, lang: str) -> None:
    assert lang_of(text) == lang


def test_where_there_is_nothing_to_judge_nothing_is_claimed() -> None:
    assert verdicts(SHIPPED, ["", " \n\t"]) == [Verdict(None, None, (), "other")] * 2
    assert verdicts(SHIPPED, []) == []


def test_a_verdict_has_the_readers_probabilities_and_cues() -> None:
    text = "Why did you not answer? I have asked three times!!!"
    verdict = verdicts(SHIPPED, [text])[0]
    reading = SHIPPED.read(text)
    assert (verdict.irritated, verdict.warm) == pytest.approx((reading.irritation, reading.warmth))
    assert {cue.cue.upper() for cue in verdict.cues} == {cue.name for cue in reading.cues}
    assert [(one.start, one.end) for one in verdict.cues] == [(one.start, one.end) for one in SHIPPED.spans(text)]


def test_twenty_thousand_letters_without_a_blank_have_a_language_at_once() -> None:
    assert lang_of("а" * 1_000_000) == "ru"
