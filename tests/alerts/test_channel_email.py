"""E-mail against a real SMTP server."""

import socket
import ssl
from dataclasses import replace
from email.message import EmailMessage

import pytest
from alert_peers import KEY, NOW, SUBJECT, MailPeer, clock, mail_peer, notice
from pydantic import SecretStr

from churnwatch.alerts.channels.email import EmailChannel, message_id
from churnwatch.core.config import EmailSettings
from churnwatch.core.errors import ConfigError, DeliveryError

SENDER = "churnwatch <alerts@firm.example>"


def channel_to(peer: MailPeer, **settings: object) -> EmailChannel:
    given = {"host": "127.0.0.1", "port": peer.port, "sender": SENDER, "security": "none", "timeout_s": 5.0}
    return EmailChannel(EmailSettings.model_validate({**given, **settings}), clock)


def failure_of(channel: EmailChannel, recipient: str = "anna@firm.example") -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(notice(recipient), KEY)
    assert SUBJECT not in str(caught.value)
    assert caught.value.remedy
    return caught.value


def test_the_mail_carries_text_and_html_and_headers_of_an_automatic_message() -> None:
    with mail_peer() as peer:
        channel_to(peer).send(notice(), KEY)

    (mail,) = peer.mails
    assert isinstance(mail, EmailMessage)
    assert mail["Subject"] == SUBJECT
    assert mail["From"] == SENDER
    assert mail["To"] == "anna@firm.example"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "ru"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in mail.iter_parts()] == ["Просто текст.", "<p>Просто текст.</p>"]
    assert not [name for name in mail if name.lower().startswith("list-")]


def test_a_second_copy_has_the_message_id_of_the_first_and_another_notice_has_not() -> None:
    with mail_peer() as peer:
        channel = channel_to(peer)
        for key in (KEY, KEY, "case_2:1:email:anna@firm.example"):
            channel.send(notice(), key)

    first, again, other = (str(mail["Message-ID"]) for mail in peer.mails)
    assert first == again == message_id(KEY, "alerts@firm.example")
    assert first.endswith("@firm.example>")
    assert other != first


def test_a_line_end_in_the_subject_adds_no_header() -> None:
    with mail_peer() as peer:
        channel_to(peer).send(notice(subject="Nord\r\nBcc: all@x.example"), KEY)

    assert peer.mails[0]["Subject"] == "Nord Bcc: all@x.example"
    assert peer.mails[0]["Bcc"] is None


@pytest.mark.parametrize(
    ("step", "answer", "permanent", "shown"),
    [
        ("at_recipient", "550 5.1.1 No such user", True, "550 5.1.1"),
        ("at_recipient", "450 4.2.0 Greylisted", False, "450 4.2.0"),
        ("at_mail", "553 Sender not allowed", True, "553"),
        ("at_mail", "451 Later", False, "451"),
        ("at_data", "554 5.7.1 Rejected: Ромашка закипает", True, "554 5.7.1"),
        ("at_data", "452 4.3.1 Mailbox full", False, "452 4.3.1"),
        ("at_data", "421 Closing", False, "421"),
    ],
)
def test_the_servers_code_decides_whether_to_try_again(step: str, answer: str, permanent: bool, shown: str) -> None:
    with mail_peer() as peer:
        setattr(peer, step, answer)
        error = failure_of(channel_to(peer))

    assert error.permanent is permanent
    assert shown in error.message
    assert peer.mails == []


def test_a_server_that_takes_the_mail_and_then_says_no_goodbye_has_taken_it() -> None:
    with mail_peer() as peer:
        peer.at_quit = "421 too busy to part"
        channel_to(peer).send(notice(), KEY)

    assert len(peer.mails) == 1


def test_a_server_without_starttls_or_login_is_a_matter_of_configuration() -> None:
    with mail_peer() as peer:
        assert failure_of(channel_to(peer, security="starttls")).permanent
        assert failure_of(channel_to(peer, username="watch", password=SecretStr("x"))).permanent


def test_a_server_that_is_down_is_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = failure_of(channel_to(MailPeer(port=unused.getsockname()[1])))

    assert not error.permanent


def test_a_server_that_never_speaks_runs_into_the_time_out_and_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        error = failure_of(channel_to(MailPeer(port=mute.getsockname()[1]), timeout_s=0.1))

    assert not error.permanent


@pytest.mark.parametrize(
    "recipient",
    ["", "nobody", "a@b.example, c@d.example", "a@b.example\r\nBcc: x@y.example", "@b.example", "a@", "a b@c.example"],
)
def test_what_is_no_single_address_is_refused_before_any_connection(recipient: str) -> None:
    error = failure_of(channel_to(MailPeer(port=1)), recipient)

    assert error.permanent
    assert "address" in error.message


@pytest.mark.parametrize(
    "settings", [{"sender": "nobody"}, {"username": "watch"}, {"username": "watch", "password": "пароль"}]
)
def test_settings_that_cannot_work_are_told_at_once(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"delivery\.email(?!.*пароль)"):
        channel_to(MailPeer(), **settings)


def test_starttls_with_a_known_certificate_delivers(server_tls: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with mail_peer(server_tls) as peer:
        settings = EmailSettings(host="localhost", port=peer.port, sender=SENDER)
        EmailChannel(settings, clock, trusting).send(replace(notice(), language="en"), KEY)

    assert [mail["Content-Language"] for mail in peer.mails] == ["en"]


def test_an_unknown_certificate_gets_no_mail_and_is_tried_again(server_tls: ssl.SSLContext) -> None:
    with mail_peer(server_tls) as peer:
        error = failure_of(channel_to(peer, host="localhost", security="starttls"))

    assert peer.mails == []
    assert not error.permanent
    assert "certificate" in error.remedy


def test_a_login_is_used_and_a_wrong_one_is_permanent(server_tls: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with mail_peer(server_tls, login=True) as peer:
        given = {"host": "localhost", "port": peer.port, "sender": SENDER, "username": "watch"}
        right, wrong = (
            EmailChannel(EmailSettings.model_validate({**given, "password": word}), clock, trusting)
            for word in ("correct", "guessed")
        )
        right.send(notice(), KEY)
        error = failure_of(wrong)

    assert len(peer.mails) == 1
    assert error.permanent
    assert "login" in error.message
    assert "guessed" not in str(error)
