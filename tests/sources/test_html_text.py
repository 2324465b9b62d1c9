"""HTML as the mail programs write it, read as a browser shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnwatch.sources.html_text import html_to_text
from churnwatch.sources.replies import own_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>Да</div><div><br></div><div>Нет</div>", "Да\n\nНет"),
        ("<div>Да</div><div>&nbsp;</div><div>Нет</div>", "Да\n\nНет"),
        ("Да<br>Нет<br><br>Ещё", "Да\nНет\n\nЕщё"),
        ("<p>Да</p>\n<p>Нет</p>", "Да\n\nНет"),
        ("<ul><li>раз</li><li>два</li></ul>", "раз\nдва"),
        ("<table><tr><td>Товар</td><td>Цена</td></tr><tr><td>А</td><td>10</td></tr></table>", "Товар Цена\nА 10"),
        ("<div>a &lt; b &amp; c</div>", "a < b & c"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<title>Письмо</title><style>.a{}</style>Да<script>x</script>, конечно", "Да, конечно"),
        ('<div style="display:none">Начало письма</div><p>Да</p>', "Да"),
        ('<p style="display:none">pre<p>Да', "Да"),
        ("<!--[if mso]><p>Office</p><![endif]--><p>Да</p>", "Да"),
    ],
)
def test_lines_are_those_that_a_person_sees(html: str, text: str) -> None:
    assert own_text("", html) == text


GMAIL_ATTRIBUTION = '<div class="gmail_attr">пн, 11 мар. 2024 г. в 12:30, П &lt;<a>p@b.example</a>&gt;:<br></div>'


@pytest.mark.parametrize(
    ("html", "own"),
    [
        (f'<p>Да</p><div class="gmail_quote">{GMAIL_ATTRIBUTION}<blockquote>Как?</blockquote></div>', "Да"),
        (
            f'<p>Ниже.</p><div class="gmail_quote">{GMAIL_ATTRIBUTION}<blockquote>1?</blockquote><div>Раз.</div>'
            "<blockquote>2?</blockquote><div>Два.</div></div>",
            "Ниже.\n\nРаз.\n\nДва.",
        ),
        (
            '<p>Да</p><div class="gmail_signature"><div>Anna</div><div>tel</div></div><p>P.S. И акт.</p>',
            "Да\n\nP.S. И акт.",
        ),
        ('<div>Да</div><div data-signature-widget="container"><div>Роман</div></div>', "Да"),
        ('<div>Да</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">x</div><div>old</div>', "Да"),
        ('<div>Да</div><div class="yahoo_quoted" id="yahoo_quoted_1"><div>old</div></div>', "Да"),
        (
            '<p>Да</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Fra:</b> Ann &lt;a@x.example&gt;<br>'
            "<b>Sendt:</b> mandag 11. marts 2024 12.30<br><b>Til:</b> Bob<br><b>Emne:</b> Re</p></div><p>old</p>",
            "Да",
        ),
        ("<p>Итого:</p><hr><p>Всё хорошо, ждём вас.</p>", "Итого:\n\nВсё хорошо, ждём вас."),
        (
            '<div>Да</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>Отступ</div></blockquote>',
            "Да\nОтступ",
        ),
        ("<p>Да</p><blockquote style='border:none;border-left:solid #CCC 1.0pt'><p>old</p></blockquote>", "Да"),
        ("<div>1 &gt; 0<br>&gt; 500 шт.</div>", "1 > 0\n> 500 шт."),
        ("<font>&gt; вопрос</font><br>ответ<br>&gt; ещё<br>да", "ответ\n\nда"),
    ],
)
def test_quotes_signatures_and_replies_are_told_by_how_programs_build_them(html: str, own: str) -> None:
    assert own_text("", html) == own


@pytest.mark.parametrize(
    "piece",
    [
        "<", "<!--", "<a", '<a b="', "<blockquote>", "</blockquote>", "<div>", "&#", "<script>", "</", "<style", "&#99999999999;",
        "<!", "<pre>\n", '<div class="signature">', '<p style="display:none">', "<div class=" + "a class=" * 50,
    ],
)  # fmt: skip
def test_hostile_html_is_read_in_one_pass(piece: str) -> None:
    text = html_to_text((piece * 200_000)[:1_200_000])
    assert len(text) <= 4 * 1_200_000


@given(st.text(max_size=200))
def test_no_html_makes_it_fail(html: str) -> None:
    assert isinstance(html_to_text(html), str)
