"""The webhook against a real HTTP server: signed, never redirected, and kept out of private networks."""

import base64
import hashlib
import hmac
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import timedelta
from email.utils import format_datetime

import pytest
from alert_peers import KEY, NOW, SUBJECT, HttpPeer, clock, http_peer, notice

from churnwatch.alerts.channels.webhook import WebhookChannel, is_public, message_id, retry_after_s
from churnwatch.core.config import WebhookSettings
from churnwatch.core.errors import ConfigError, DeliveryError

SECRET = base64.b64encode(b"a secret of twenty-four b").decode()


def at(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda *_: addresses


def channel_to(peer: HttpPeer, path: str = "/hook?token=T0K3N", **settings: object) -> WebhookChannel:
    url = f"http://127.0.0.1:{peer.port}{path}"
    return WebhookChannel(WebhookSettings.model_validate({"url": url, "allow_private": True, **settings}), clock)


def failure_of(channel: WebhookChannel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(notice(), KEY)
    assert SUBJECT not in str(caught.value)
    assert "T0K3N" not in str(caught.value)
    assert caught.value.remedy
    return caught.value


def test_the_payload_arrives_as_json_under_a_type() -> None:
    with http_peer() as peer:
        channel_to(peer).send(notice(), KEY)

    (path, headers, body) = peer.seen[0]
    assert path == "/hook?token=T0K3N"
    assert headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{peer.port}"
    assert peer.body == {"type": "churnwatch.notice", "data": dict(notice().payload)}
    assert "Ромашка".encode() in body


@pytest.mark.parametrize(
    ("secret", "key"), [(f"whsec_{SECRET}", b"a secret of twenty-four b"), ("just a phrase", b"just a phrase")]
)
def test_the_receiver_can_check_the_signature(secret: str, key: bytes) -> None:
    with http_peer() as peer:
        channel_to(peer, secret=secret).send(notice(), KEY)

    (_, headers, body) = peer.seen[0]
    content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_every_attempt_has_the_same_id_and_without_a_secret_no_signature() -> None:
    with http_peer() as peer:
        channel_to(peer).send(notice(), KEY)
        channel_to(peer).send(notice(), KEY)
        channel_to(peer).send(notice(), "case_2:1:webhook:webhook")

    first, again, other = (headers["webhook-id"] for _, headers, _ in peer.seen)
    assert first == again == message_id(KEY) != other
    assert "webhook-signature" not in peer.seen[0][1]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422])
def test_a_refusal_is_permanent(status: int) -> None:
    with http_peer() as peer:
        peer.status = status
        error = failure_of(channel_to(peer))

    assert error.permanent
    assert str(status) in error.message


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_receiver_that_is_busy_or_broken_is_tried_again_when_it_wishes(status: int) -> None:
    with http_peer() as peer:
        peer.status, peer.headers = status, {"Retry-After": "120"}
        error = failure_of(channel_to(peer))

    assert not error.permanent
    assert error.retry_after_s == 120


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with http_peer() as peer:
        peer.status, peer.headers = status, {"Location": f"http://127.0.0.1:{peer.port}/elsewhere"}
        error = failure_of(channel_to(peer))

    assert error.permanent
    assert "redirect" in error.message
    assert len(peer.seen) == 1


def test_silence_runs_into_the_time_out_and_is_tried_again() -> None:
    with http_peer() as peer:
        peer.status = None
        error = failure_of(channel_to(peer, timeout_s=0.1))
        peer.closing.set()

    assert not error.permanent


def test_a_receiver_that_is_down_is_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = failure_of(channel_to(HttpPeer(port=unused.getsockname()[1])))

    assert not error.permanent


def test_a_private_address_is_refused_before_any_connection() -> None:
    with http_peer() as peer:
        error = failure_of(channel_to(peer, allow_private=False))

    assert error.permanent
    assert "allow_private" in error.remedy
    assert peer.seen == []


@pytest.mark.parametrize("addresses", [("8.8.8.8", "10.0.0.5"), ("::1",), ("169.254.169.254",)])
def test_one_private_address_among_those_of_a_name_is_enough_to_refuse(addresses: tuple[str, ...]) -> None:
    channel = WebhookChannel(WebhookSettings(url="https://receiver.test.example/T0K3N"), clock, at(*addresses))

    assert failure_of(channel).permanent


def test_a_name_that_is_not_known_is_tried_again() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    assert not failure_of(
        WebhookChannel(WebhookSettings(url="https://receiver.test.example"), clock, unknown)
    ).permanent
    assert not failure_of(WebhookChannel(WebhookSettings(url="https://receiver.test.example"), clock, at())).permanent


def test_the_connection_goes_to_the_checked_address_with_the_name_in_the_host_header() -> None:
    with http_peer() as peer:
        settings = WebhookSettings(url=f"http://receiver.test.example:{peer.port}/hook", allow_private=True)
        WebhookChannel(settings, clock, at("127.0.0.1")).send(notice(), KEY)

    assert peer.seen[0][1]["host"] == f"receiver.test.example:{peer.port}"


def test_the_next_address_is_tried_where_the_first_cannot_be_reached() -> None:
    with http_peer() as peer:
        settings = WebhookSettings(url=f"http://receiver.test.example:{peer.port}/hook", allow_private=True)
        WebhookChannel(settings, clock, at("127.0.0.2", "127.0.0.1")).send(notice(), KEY)

    assert len(peer.seen) == 1


def test_the_certificate_must_be_the_names_although_the_address_is_connected_to(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with http_peer(server_tls) as peer:
        right = WebhookSettings(url=f"https://receiver.test.example:{peer.port}/hook", allow_private=True)
        wrong = WebhookSettings(url=f"https://other.test.example:{peer.port}/hook", allow_private=True)
        WebhookChannel(right, clock, at("127.0.0.1"), trusting).send(notice(), KEY)
        error = failure_of(WebhookChannel(wrong, clock, at("127.0.0.1"), trusting))

    assert len(peer.seen) == 1
    assert not error.permanent


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::127.0.0.1", False),
        ("::ffff:0:10.0.0.1", False),
        ("64:ff9b:1::a00:1", False),
        ("fec0::1", False),
    ],
)
def test_public_means_on_the_open_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        (" 0 ", 0),
        ("999999999", 24 * 3600),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), 0),
        ("Tue, 12 Mar 2024 06:31:00 -0000", 60),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, NOW) == seconds


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "ftp://receiver.test.example/"},
        {"url": "receiver.test.example"},
        {"url": "https://"},
        {"url": "https://user:T0K3N@receiver.test.example/"},
        {"url": "https://receiver.test.example:port/"},
        {"url": "https://receiver.test.example/", "secret": "whsec_T0K3N!"},
    ],
)
def test_settings_that_cannot_work_are_told_at_once_and_not_repeated(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"delivery\.webhook") as caught:
        WebhookChannel(WebhookSettings.model_validate(settings), clock)

    assert "T0K3N" not in str(caught.value)
