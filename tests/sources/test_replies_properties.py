"""What holds of the own text of any mail, however it is built, and on hostile ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_text_cases import Case, cases

from churnwatch.sources.replies import own_text, unquoted_text
from churnwatch.sources.replies.endings import without_endings
from churnwatch.sources.replies.quoted import own_stretches

MAILS = [*cases("tune"), *cases("test")]
NO_WORDS = str.maketrans("", "", "\u200b\u200e\u200f\ufeff")

LINES = [
    "On 1",
    "On Mon, 11 Mar 2024 12:30 <a@b.c>",
    "On Mon, 11 Mar 2024 at 12:30, Ann <a@b.example> wrote:",
    "С уважением,",
    "С уважением, Анна",
    "Анна Ким",
    "Да, согласны.",
    "Спасибо!",
    "> a",
    ">",
    "> 500 шт.",
    " > a",
    "From: a",
    "Sent: 12:30",
    "Subject: c",
    "-----Original Message-----",
    "##- Reply above this line -##",
    "-- ",
    "--",
    "_" * 30,
    ":",
    "wrote:",
    "",
    "",
    "P.S. a",
    "+7 495 000-00-00",
    "Sent from my iPhone",
    "This e-mail is confidential and intended for the recipient; delete it.",
    "a" * 50,
    "word " * 100,
]
BODIES = st.lists(st.sampled_from(LINES), max_size=60).map("\n".join)


@given(BODIES)
def test_every_line_of_the_own_text_begins_a_line_of_the_body(body: str) -> None:
    lines = body.split("\n")
    assert all(any(line.startswith(own) for line in lines) for own in own_text(body).split("\n"))


@given(BODIES)
def test_blank_lines_only_part_paragraphs(body: str) -> None:
    own = own_text(body)
    assert own == own.strip("\n")
    assert "\n\n\n" not in own


@given(BODIES, st.sampled_from(["> x", "> x\n> y\n>> z"]))
def test_a_marked_quote_below_changes_nothing_above(body: str, quote: str) -> None:
    head = "On Mon, 11 Mar 2024 at 12:30, Ann <a@b.example> wrote:"
    marked = f"{body}\n\n> first\n\n"
    assert own_text(f"{marked}{head}\n{quote}") == own_text(marked)


PIECES = [
    "On ", "Mon, ", "11.03.2024 ", "12:30 ", "a@b.example ", "<a@b.example>", "wrote:", "написал(а):", ":", ": ", ">", "> ", "AK> ",
    "-", "--", "-- ", "_____", "*", "#", "From: ", "От: ", "Sent: ", "Кому: ", "Subject: ", "Original Message", "С уважением", "Best",
    ", ", "Анна", "A.", "Ann Lee", "| ", " ", "  ", "\t", ".", "!", "?", "[cid:a]", "<a.png>", "+7 495 000-00-00", "Sent from my iPhone",
    "this message is confidential", "unsubscribe", "P.S. ", "EXTERNAL ", "x", "ё", "\n", "\n\n", "\r", "\u00a0", "：", ";", "reply above",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_no_mixture_of_pieces_makes_it_fail(body: str) -> None:
    assert len(own_text(body)) <= len(unquoted_text(body))


@given(st.text(max_size=300), st.text(max_size=200))
def test_no_text_makes_it_fail(body: str, html: str) -> None:
    assert isinstance(own_text(body, html), str)


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.name)
def test_the_own_text_of_an_own_text_is_itself(mail: Case) -> None:
    own = own_text(mail.body, mail.html)
    assert own_text(own) == own


@pytest.mark.parametrize("mail", [mail for mail in MAILS if mail.body.strip()], ids=lambda mail: mail.name)
def test_the_line_ends_of_a_mail_do_not_matter(mail: Case) -> None:
    assert own_text(mail.body.replace("\n", "\r\n")) == own_text(mail.body)


class _Counted(list[str]):
    """A list that counts how many of its items were read."""

    def __init__(self, items: list[str], parent: "_Counted | None" = None) -> None:
        super().__init__(items)
        self.reads = 0
        self._parent = parent or self

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        found = super().__getitem__(index)
        self._parent.reads += len(found) if isinstance(index, slice) else 1
        return found


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=40))
def test_each_line_looks_at_a_bounded_number_of_others(lines: list[str]) -> None:
    counted = _Counted(lines * 4)
    for stretch in own_stretches(counted):
        without_endings(_Counted(stretch, counted))
    assert counted.reads <= 250 * len(counted)


@pytest.mark.parametrize(
    "piece",
    [
        "> a\n", ">", "On ", "On 1\n", ":", ":\n", "a:\n", "11.03.2024 12:30 a@b.example\n", "wrote:\n", "\n", " ", "\u00a0", "слово ",
        "From: a\n", "From: a\nSubject: b\n", "С уважением,\n", "С уважением,\nP.S. a\n", "_____\na\n", "--\n", "--\nКороткий текст.\n",
        "this message is confidential\n\n", "Ann\n\n", "[cid:a]  ", "- ", "*", "1", "+1 ", "AK> a\nb\n", "> a\nb\n", "A. ",
    ],
)  # fmt: skip
def test_a_hostile_body_of_any_length_is_read(piece: str) -> None:
    body = (piece * 100_000)[:1_500_000]
    assert len(own_text(body)) <= 1_000_000
