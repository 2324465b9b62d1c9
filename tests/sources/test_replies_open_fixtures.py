"""Bodies that other parsers of replies are tested on."""

import pytest
from open_mails import REASONS, OpenMail, open_mails

from churnwatch.sources.replies import own_text

NOT_YET = {"mail_parser_reply/email_3_1"}


@pytest.fixture(scope="module")
def mails() -> list[OpenMail]:
    found = open_mails()
    if not found:
        pytest.skip("the shared parser data is not there")
    return found


@pytest.mark.shared
def test_own_lines_of_all_but_a_known_mail_are_found_exactly(mails: list[OpenMail]) -> None:
    assert len(mails) == 69
    assert {mail.name for mail in mails if own_text(mail.body) != mail.own} == NOT_YET


@pytest.mark.shared
def test_no_own_line_is_lost_even_there(mails: list[OpenMail]) -> None:
    for mail in mails:
        assert set(mail.own.split("\n")) <= {*own_text(mail.body).split("\n"), ""}, mail.name


@pytest.mark.shared
def test_reasons_name_mails_that_exist(mails: list[OpenMail]) -> None:
    assert set(REASONS) <= {mail.name.split("/")[1] for mail in mails}
