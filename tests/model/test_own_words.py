import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.model.own_words import MAX_CHARACTERS, own_words


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Ещё «раз» и всё", "Еще 00000 и все"),
        ("I’ll quote “this one”", "I'll quote 00000 0000"),
        ("> quoted\nmine", "        \nmine"),
        ("see https://example.org/x now", "see                       now"),
        ("run `rm x` once", "run 000 00 once"),
        ("Plain text.", "Plain text."),
        ("", ""),
    ],
)
def test_quotes_code_and_addresses_are_made_unreadable(text: str, own: str) -> None:
    assert own_words(text) == own


@given(st.text(st.sampled_from("aЁё «»\"'“”>`\nİ:/.?"), max_size=200))
def test_every_character_keeps_its_place_in_either_case(text: str) -> None:
    own = own_words(text)
    assert len(own) == len(own.lower()) == len(text)


def test_a_long_text_is_cut() -> None:
    assert len(own_words("a" * (MAX_CHARACTERS + 1))) == MAX_CHARACTERS
