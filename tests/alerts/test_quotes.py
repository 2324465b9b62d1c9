"""Quotes show the strongest cue, exactly marked, short, and without anybody's address."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnwatch.alerts.quotes import MAX_QUOTE_CHARS, REDACTED, excerpt, of, pick
from churnwatch.core.table import FloatArray
from churnwatch.core.types import Cue, CueSpan, Direction, Message

DAY = datetime(2024, 3, 4, 9, tzinfo=UTC)
PHRASES = {
    "terminate": Cue.EXIT_WORDS,
    "otherwise": Cue.ULTIMATUM,
    "you promised": Cue.WE_PROMISED,
    "as I already wrote": Cue.REPETITION,
    "!!!": Cue.SHOUTING,
    "Thank you": Cue.GRATITUDE,
    "ok": Cue.SHORT_ACK,
}


IRRITATED = ("!!!", "disappoint", "excuses", "Excuses")


class PlainReader:
    """Knows some phrases, and takes for irritated what has one of a few words: the more of them, the more."""

    def spans(self, text: str) -> list[CueSpan]:
        return [
            CueSpan(cue, match.start(), match.end())
            for phrase, cue in PHRASES.items()
            for match in re.finditer(re.escape(phrase), text)
        ]

    def scores(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        heard = np.array([sum(word in text for word in IRRITATED) for text in texts])
        return 1 - 0.4**heard, np.zeros(len(texts))


READER = PlainReader()


def message(text: str | None, day: int = 0, direction: Direction = Direction.IN, automatic: bool = False) -> Message:
    at = DAY + timedelta(days=day)
    return Message(f"m{day}", "c", direction, at, at, text=text, automatic=automatic)


def quoted(text: str, phrase: str) -> tuple[str, str]:
    start = text.index(phrase)
    piece = excerpt(text, start, start + len(phrase))
    assert piece is not None
    return piece.text, piece.text[piece.cue_start : piece.cue_end]


def test_the_quote_is_the_sentence_around_the_cue() -> None:
    (quote,) = pick([message("Hello Ivan. It is late, as I already wrote on Monday! Best, Olga")], READER)

    assert quote.text == "It is late, as I already wrote on Monday!"
    assert quote.text[quote.cue_start : quote.cue_end] == "as I already wrote"
    assert (quote.event_id, quote.at, quote.direction) == ("m0", DAY, Direction.IN)


def test_the_strongest_cue_wins_over_a_newer_weak_one_and_the_newer_among_equals() -> None:
    messages = [message("Answer me!!!", 9), message("as I already wrote!!!", 5), message("we will terminate", 1)]
    messages += [message("you did it, as I already wrote!!!", 7)]

    assert [quote.event_id for quote in pick(messages, READER, 3)] == ["m1", "m7", "m5"]
    assert [quote.event_id for quote in pick(messages, READER)] == ["m1", "m7"]


def test_a_cue_in_a_calm_message_is_weaker_than_irritation_unless_it_says_plainly_what_will_follow() -> None:
    calm, plain, angry = message("as I already wrote", 9), message("otherwise we stop", 5), message("Answer me!!!", 1)

    assert [quote.event_id for quote in pick([calm, plain, angry], READER, 3)] == ["m5", "m1", "m9"]


def test_an_exclamation_that_does_not_sound_irritated_is_no_evidence() -> None:
    class Patient(PlainReader):
        def scores(self, texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
            return np.zeros(len(texts)), np.ones(len(texts))

    cheerful = message("Good news, the board said yes!!!")
    quote = of(cheerful, Patient())

    assert pick([cheerful], Patient()) == []
    assert quote is not None
    assert (quote.text, quote.cue_start, quote.cue_end) == (cheerful.text, 0, 0)


def test_an_irritated_message_without_a_cue_is_quoted_by_its_most_irritated_sentence_and_nothing_is_marked() -> None:
    text = (
        "Good morning Anna. The samples of the new series have arrived and are with our laboratory. I disappoint the board with "
        "excuses every week. Excuses. The board is disappointed."
    )

    (quote,) = pick([message(text)], READER)

    assert quote.text == "I disappoint the board with excuses every week."
    assert (quote.cue_start, quote.cue_end) == (0, 0)


def test_a_brief_irritated_message_is_quoted_whole() -> None:
    (quote,) = pick([message("More excuses. We shall do it ourselves.")], READER)

    assert (quote.text, quote.cue_start, quote.cue_end) == ("More excuses. We shall do it ourselves.", 0, 0)


def test_a_bare_word_without_a_cue_is_not_quoted_for_its_tone() -> None:
    assert pick([message("Excuses, excuses.")], READER) == []


def test_only_the_clients_own_telling_words_are_quoted() -> None:
    messages = [
        message("we will terminate", 1, Direction.OUT),
        message("terminate", 2, automatic=True),
        message("Thank you, ok", 3),
        message(None, 4),
        message("", 5),
    ]

    assert pick(messages, READER) == []


def test_one_message_gives_one_quote_and_the_same_words_are_not_shown_twice() -> None:
    messages = [message("otherwise we terminate!!!", 1), message("otherwise we terminate!!!", 2)]

    assert [quote.event_id for quote in pick(messages, READER)] == ["m2"]


def test_spans_outside_the_text_are_not_believed() -> None:
    class Liar(PlainReader):
        def spans(self, text: str) -> list[CueSpan]:
            return [CueSpan(Cue.EXIT_WORDS, 2, len(text) + 9), CueSpan(Cue.EXIT_WORDS, 3, 3)]

    assert pick([message("short")], Liar()) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("you promised: write to o.k-n@mail.example.com today", f"you promised: write to {REDACTED} today"),
        ("you promised to call +7 (495) 123-45-67, no?", f"you promised to call {REDACTED}, no?"),
        ("you promised: 8 495 123 45 67", f"you promised: {REDACTED}"),
        ("you promised: tel. 030 1234567.", f"you promised: tel. {REDACTED}."),
        ("you promised: (030) 123-4567", f"you promised: {REDACTED}"),
        ("you promised it for 12.03.2024", "you promised it for 12.03.2024"),
        ("you promised it for 2024-03-12 10:30", "you promised it for 2024-03-12 10:30"),
        ("you promised 1 200 000 roubles", "you promised 1 200 000 roubles"),
        ("you promised 12.500.000 by order 4711", "you promised 12.500.000 by order 4711"),
    ],
)
def test_addresses_and_phones_are_taken_out_but_dates_and_sums_stay(text: str, shown: str) -> None:
    assert quoted(text, "you promised") == (shown, "you promised")


def test_a_cue_that_touches_an_address_hides_all_of_it() -> None:
    text = "Write to STOP@SPAM.EXAMPLE.COM now"

    assert quoted(text, "STOP") == (f"Write to {REDACTED} now", REDACTED)


def test_a_dot_inside_an_abbreviated_number_does_not_end_the_sentence() -> None:
    assert quoted("Version 2.5 is what you promised. Bye", "you promised")[0] == "Version 2.5 is what you promised."


def test_white_space_and_line_ends_become_one_line() -> None:
    assert quoted("so\tyou \n promised  it", "you \n promised") == ("so you promised it", "you promised")


def test_a_long_sentence_is_cut_at_words_on_both_sides() -> None:
    text, cue = quoted("alpha beta " * 40 + "you promised " + "gamma delta " * 40, "you promised")

    assert cue == "you promised"
    assert len(text) <= MAX_QUOTE_CHARS
    assert re.fullmatch(r"…(alpha|beta)( alpha| beta)+ you promised( gamma| delta)+…", text)


@pytest.mark.parametrize("filler", ["a", ".", ". ", "word ", "1-", "a@b.c ", "\n"])
def test_a_huge_irritated_text_without_a_cue_is_no_burden(filler: str) -> None:
    bulk = filler * (200_000 // len(filler))

    (quote,) = pick([message(f"What excuses these are. {bulk}")], READER)

    assert quote.text.startswith("What excuses these are.")


def test_room_left_over_on_one_side_serves_the_other() -> None:
    text, _ = quoted("Well, you promised " + "gamma delta " * 40, "you promised")

    assert text.startswith("Well, you promised gamma")
    assert len(text) > MAX_QUOTE_CHARS - len(" gamma…")


@pytest.mark.parametrize("filler", ["a", ".", "1", "a@", "1-", "(", " ", "\n"])
def test_a_huge_text_is_no_burden(filler: str) -> None:
    bulk = filler * 200_000  # quadratic work on this would take minutes

    assert quoted(f"{bulk} you promised {bulk}", "you promised")[1] == "you promised"


_text = st.text(st.sampled_from("aб1 .!?\n\t+@-…»\u00a0\u202e0"), min_size=1, max_size=500)


@settings(deadline=None)
@given(_text, st.data())
def test_the_mark_covers_the_cue_in_the_final_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    piece = excerpt(text, start, end)

    if piece is None:
        assert not _bare(text[start:end])
        return
    assert len(piece.text) <= MAX_QUOTE_CHARS
    assert 0 <= piece.cue_start < piece.cue_end <= len(piece.text)
    assert piece.text == piece.text.strip()
    assert not re.search(r"[\n\t\u202e]|  ", piece.text)
    marked = piece.text[piece.cue_start : piece.cue_end]
    if REDACTED not in piece.text and piece.cue_end - piece.cue_start < MAX_QUOTE_CHARS:
        assert _bare(marked) == _bare(text[start:end])


@settings(deadline=None)
@given(st.text(st.sampled_from("ab .\n"), max_size=120), st.text(st.sampled_from("ab .\n"), max_size=120))
def test_no_address_survives_wherever_it_stands(before: str, after: str) -> None:
    text = f"{before} olga.k@firm.example.org terminate +49 30 1234567 {after}"
    start = text.index("terminate")

    piece = excerpt(text, start, start + len("terminate"))

    assert piece is not None
    assert piece.text[piece.cue_start : piece.cue_end] == "terminate"
    assert "@" not in piece.text
    assert not re.search(r"\d", piece.text)


def _bare(text: str) -> str:
    return re.sub(r"[\s\u202e]+", "", text)


# --- one message --------------------------------------------------------------------------------------------------------


def test_a_message_is_quoted_by_its_telling_words_or_else_from_its_beginning() -> None:
    telling = of(message("Hello Ivan. It is late, as I already wrote! Best, Olga"), READER)
    plain = of(message("Hello Ivan. " + "A long story. " * 40), READER)
    ours = of(message("Hello. As I already wrote, it is sent.", direction=Direction.OUT), READER)

    assert telling is not None
    assert telling.text == "It is late, as I already wrote!"
    assert plain is not None
    assert plain.text.startswith("Hello Ivan. A long story.")
    assert (len(plain.text) <= 140, plain.cue_start, plain.cue_end) == (True, 0, 0)
    assert ours is not None
    assert (ours.direction, ours.text[:6]) == (Direction.OUT, "Hello.")


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_a_message_without_words_has_no_quote(text: str | None) -> None:
    assert of(message(text), READER) is None
