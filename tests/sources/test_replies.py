"""The writer's own words, as real mail programs surround them."""

import tarfile
from pathlib import Path

import mail_builders as build
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.sources import replies
from churnwatch.sources.html_text import html_to_text
from churnwatch.sources.replies import own_text

PARSERS = Path(__file__).parents[3] / "shared" / "data" / "parsers"


@pytest.mark.parametrize(
    ("body", "own"),
    [
        (build.OUTLOOK_RU, "Принято, ждём счёт до пятницы."),
        (build.GMAIL_RU, "Спасибо, посмотрим завтра."),
        (build.YANDEX, "Нет, так не пойдёт."),
        (build.MAIL_RU, "Когда будет готово?"),
        (build.APPLE_RU, "Да, давайте в 15:00."),
        (build.OUTLOOK_EN, "Fine with us."),
        ("Ок\n\nOn Mon, Mar 11, 2024 at 12:30 PM Peter <p@b.example> wrote:\n\n> Fine?", "Ок"),
        ("Ок\n\nOn Mon, Mar 11, 2024 at 12:30 PM Peter Petrov\n<p@b.example> wrote:\n\n> Fine?", "Ок"),
        ("Ок\n\n11.03.2024 12:30, Пётр Петров пишет:\n> Как вам?", "Ок"),
        (
            "Здравствуйте, Пётр.\n\nВы писали 11 марта 2024 г., 12:30:\n\n> Как вам?\n\nПлохо.",
            "Здравствуйте, Пётр.\n\nПлохо.",
        ),
        (
            "Смотрите ниже.\n\n-------- Пересылаемое сообщение --------\n11.03.2024, 12:30, Иван <i@x.example>:\n\nТекст",
            "Смотрите ниже.",
        ),
        ("FYI\n\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: Mon\n\nText", "FYI"),
        ("Смотри\n\nНачало переадресованного сообщения:\n\n> От: Иван\n> Текст", "Смотри"),
        ("Согласны.\n\nSent from Outlook for iOS", "Согласны."),
        ("Согласны.\nОтправлено из Почты Mail.ru", "Согласны."),
        (
            "Agreed.\n\nThis e-mail and any attachments are confidential and intended for the addressee.\nMore.",
            "Agreed.",
        ),
        ("Согласны.\n\nНастоящее сообщение содержит конфиденциальную информацию.", "Согласны."),
        ("CAUTION: This email originated from outside the company.\n\nAgreed.", "Agreed."),
        ("Yes.\n\nKind regards,\n\nBob\n_____\nNorthwind Ltd", "Yes."),
    ],
)
def test_quotes_signatures_and_footers_of_known_programs_are_dropped(body: str, own: str) -> None:
    assert own_text(body) == own


def test_answers_between_quoted_lines_are_kept() -> None:
    body = "On Mon, 11 Mar 2024, Ann wrote:\n> When?\n\nOn Friday.\n\n> And the price?\nThe same.\n-- \nBob"
    assert own_text(body) == "On Friday.\n\nThe same."


@pytest.mark.parametrize(
    "body",
    [
        "С уважением отношусь к вашей работе, но сроки сорваны уже в третий раз, и мы не понимаем, что делать дальше, и ждём ответа.",
        "Sent from my desk, is much easier than my mobile phone.",
        "On Monday we wrote: the plan is late.",
        "From: our side there is nothing to add.",
        "Встречаемся в 12:30:\nу входа",
        "Best regards to your team, they did well!\n"
        + "We would like to go on with the work as planned, please send us the papers by Friday, and "
        "also tell us who will join the call on Monday.",
    ],
)
def test_prose_that_resembles_a_mark_is_kept(body: str) -> None:
    assert own_text(body) == body


def test_a_forward_without_a_word_has_no_own_text() -> None:
    assert own_text("---------- Forwarded message ---------\nFrom: A <a@b.example>\n\nText") == ""


def test_html_is_read_where_the_body_is_empty() -> None:
    html = '<div>Хорошо</div><blockquote type="cite"><div>Как?</div></blockquote><p>И ещё вопрос.</p>'
    assert own_text("  ", html) == "Хорошо\n\nИ ещё вопрос."


def test_html_quotes_styles_and_signatures_are_dropped() -> None:
    html = (
        "<style>.a{b:c}</style><!-- hidden > --><p title='a>b'>Да&nbsp;&mdash; 5 &lt; 6</p>"
        '<div class="gmail_signature"><div>Anna</div></div><div class="gmail_quote"><div class="gmail_attr">'
        'пн, 11 мар. 2024 г. в 12:30, П &lt;<a href="mailto:p@b.example">p@b.example</a>&gt;:<br></div>'
        '<blockquote class="gmail_quote">Как?</blockquote></div>'
    )
    assert own_text("", html) == "Да — 5 < 6"


@pytest.mark.parametrize(
    "piece",
    ["<", "<!--", "<a", '<a b="', "<blockquote>", "<div>", "&#", "<script>", "</", "<style", "&#99999999999;", "<!"],
)
def test_hostile_html_is_read_in_one_pass(piece: str) -> None:
    assert isinstance(html_to_text(piece * 200_000), str)


HOSTILE_LINES = [
    "On 1",
    "On Mon, 11 Mar 2024 12:30 <a@b.c>",
    "С уважением,",
    "> a",
    "From: a",
    "Sent: b",
    "-- ",
    "_" * 30,
    ":",
    "wrote:",
    "",
    "a" * 50,
]


@given(st.lists(st.sampled_from(HOSTILE_LINES), max_size=60))
def test_work_grows_with_the_number_of_lines_and_nothing_else(lines: list[str]) -> None:
    def lines_looked_at(given_lines: list[str]) -> int:
        counted = _Counted(given_lines)
        for stretch in replies._own_stretches(counted):
            replies._without_signature(_Counted(stretch, counted), after_quote=False)
        return counted.reads

    assert lines_looked_at(lines * 4) <= 4 * 60 * max(len(lines), 1)


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


@given(st.text(max_size=300), st.text(max_size=200))
def test_no_text_makes_it_fail(body: str, html: str) -> None:
    assert isinstance(own_text(body, html), str)


def test_a_huge_body_is_read_only_so_far() -> None:
    assert len(own_text("слово " * 1_000_000)) <= 300_000
    assert own_text("\n" * 1_000_000) == ""


@pytest.fixture
def real_bodies(tmp_path: Path) -> dict[str, str]:
    if not PARSERS.is_dir():
        pytest.skip("the shared parser data is not there")
    bodies = {}
    for name in ("email_reply_parser", "mail_parser_reply"):
        with tarfile.open(PARSERS / f"{name}.tar.gz") as archive:
            archive.extractall(tmp_path / name, filter="data")
        for path in (tmp_path / name).rglob("*.txt"):
            bodies[f"{name}/{path.stem}"] = path.read_text(encoding="utf-8")
    return bodies


@pytest.mark.shared
def test_bodies_of_other_parsers_collections_give_the_expected_own_words(real_bodies: dict[str, str]) -> None:
    expected = {
        "correct_sig": "this is an email with a correct -- signature.",
        "email_1_4": "Awesome! I haven't had another problem with it.",
        "email_1_6": "I get proper rendering as well.",
        "email_1_7": ":+1:",
        "email_1_8": "I will reply under this one\n\nand under this.",
        "email_2_1": "Outlook with a reply",
        "email_2_2": "Outlook with a reply directly above line",
        "email_BlackBerry": "Here is another email",
        "email_iPhone": "Here is another email",
        "email_multi_word_sent_from_my_mobile_device": "Here is another email",
        "email_sent_from_my_not_signature": "Here is another email\n\nSent from my desk, is much easier then my mobile phone.",
        "email_sig_delimiter_in_middle_of_line": "Hi there!\n\nStuff happened.\n\nAnd here is a fix -- this is not a signature.\n\nkthxbai",
        "pathological": "I think you're onto something. I will try to fix the problem as soon as I\nget back to a computer.",
    }
    assert {name: own_text(real_bodies[f"email_reply_parser/{name}"]) for name in expected} == expected
    assert own_text(real_bodies["mail_parser_reply/multi_header"]) == "No problem. I’ll just start a new order."
    assert own_text(real_bodies["mail_parser_reply/email_headers_no_delimiter"]) == "And another reply!"


@pytest.mark.shared
def test_no_quoted_line_of_the_collections_survives(real_bodies: dict[str, str]) -> None:
    assert len(real_bodies) == 69
    for name, body in real_bodies.items():
        assert not any(line.startswith(">") for line in own_text(body).splitlines()), name
