import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.model.tone.features import BUCKETS, hashed, matrix, pairs, tokens, units

TEXTS = ["Жду ответа!", "waiting for the ANSWER", "", "и/или 12.05 https://a.example/x", "😡 )))"]


def test_every_message_is_a_row_of_buckets() -> None:
    found = matrix(TEXTS)

    assert found.shape == (len(TEXTS), BUCKETS)
    assert all(found[row].nnz for row in range(len(TEXTS)))  # an empty one tells that nothing was said


def test_messages_do_not_know_of_each_other() -> None:
    together = matrix(TEXTS)

    for row, text in enumerate(TEXTS):
        assert (together[row] != matrix([text])).nnz == 0


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_taken(texts: list[str]) -> None:
    assert matrix(texts).shape == (len(texts), BUCKETS)


def test_half_a_character_hides_nothing_else() -> None:
    assert matrix(["жду \ud83d ответа", "ok"]).shape[0] == 2


def test_the_letter_yo_with_and_without_dots_is_one() -> None:
    assert (matrix(["всё ещё жду"]) != matrix(["все еще жду"])).nnz == 0


def test_capitals_are_noticed_and_do_not_hide_the_word() -> None:
    plain, loud = matrix(["когда"]), matrix(["КОГДА"])

    assert (plain > loud).nnz == 0
    assert loud.nnz > plain.nnz


def test_the_order_of_words_counts() -> None:
    assert (matrix(["not good"]) != matrix(["good not"])).nnz > 0


def test_quoted_words_and_quoted_lines_are_not_heard() -> None:
    assert (matrix(["Он сказал «позор» и ушёл"]) != matrix(["Он сказал «успех» и ушёл"])).nnz == 0
    assert (matrix(["> this is a disgrace\nfine"]) != matrix(["> hello\nfine"])).nnz == 0


def test_addresses_are_one_sign_each() -> None:
    assert (matrix(["см. https://a.example/1"]) != matrix(["см. https://b.example/22"])).nnz == 0
    assert (matrix(["to @ann"]) != matrix(["to @bob"])).nnz == 0


def test_strings_that_differ_have_different_hashes() -> None:
    words = [f"слово{number}" for number in range(5000)]

    assert len(np.unique(hashed(words))) == len(words)


def test_pairs_stand_at_their_second_word() -> None:
    given_tokens = tokens(["a b", "b"])
    _, edges = units(given_tokens.distinct)
    before, _ = pairs(given_tokens, edges)

    assert len(before) == 3
    assert before[1] != before[2]  # "a b" and the opening "b"
