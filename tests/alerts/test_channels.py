"""What every channel of the catalogue promises, and how the configuration opens them."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from alert_peers import KEY, SUBJECT, HttpPeer, MailPeer, clock, http_peer, mail_peer, notice

from churnwatch.alerts import channels
from churnwatch.alerts.channels import CATALOGUE, open_channels
from churnwatch.alerts.channels.folder import DEFAULT_FOLDER, FolderChannel, file_stem
from churnwatch.core.config import DeliverySettings, EmailSettings, WebhookSettings
from churnwatch.core.contracts import Channel
from churnwatch.core.errors import DeliveryError

HOSTILE_KEYS = ["../../etc/passwd", "case:1:folder:анна@firm.example", "a/b\\c:d\0e", "x" * 500, "", ".", "CON"]


def _mail(peer: MailPeer) -> DeliverySettings:
    return DeliverySettings(
        email=EmailSettings(host="127.0.0.1", port=peer.port, sender="a@firm.example", security="none", timeout_s=5)
    )


def _web(peer: HttpPeer) -> DeliverySettings:
    return DeliverySettings(
        webhook=WebhookSettings(url=f"http://127.0.0.1:{peer.port}/", allow_private=True, timeout_s=5)
    )


@contextmanager
def _mail_says(answer: str) -> Iterator[DeliverySettings]:
    with mail_peer() as peer:
        peer.at_recipient = answer
        yield _mail(peer)


@contextmanager
def _web_says(status: int) -> Iterator[DeliverySettings]:
    with http_peer() as peer:
        peer.status = status
        yield _web(peer)


@contextmanager
def _folder_at(name: str) -> Iterator[DeliverySettings]:
    yield DeliverySettings(folder=name)


Peer = Callable[[], AbstractContextManager[DeliverySettings]]
ACCEPTING: dict[str, Peer] = {
    "email": lambda: _mail_says("250 OK"),
    "webhook": lambda: _web_says(200),
    "folder": lambda: _folder_at("notices"),
}
REFUSING: list[tuple[str, Peer]] = [
    ("email", lambda: _mail_says("550 5.1.1 unknown")),
    ("email", lambda: _mail_says("553 not allowed")),
    ("webhook", lambda: _web_says(401)),
    ("webhook", lambda: _web_says(404)),
    ("folder", lambda: _folder_at("a_file")),
]
UNWELL: list[tuple[str, Peer]] = [
    ("email", lambda: _mail_says("421 closing")),
    ("email", lambda: _mail_says("451 later")),
    ("webhook", lambda: _web_says(503)),
    ("webhook", lambda: _web_says(429)),
]


def test_every_file_of_the_folder_is_in_the_catalogue() -> None:
    folder = Path(channels.__file__).parent

    assert {name for name, _ in CATALOGUE} == {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_every_channel_of_the_catalogue_is_under_contract() -> None:
    names = {name for name, _ in CATALOGUE}

    assert names == set(ACCEPTING) == {name for name, _ in REFUSING}
    assert names == {name for name, _ in UNWELL} | {"folder"}  # a full disk is not to be had here


@pytest.mark.parametrize("name", ACCEPTING)
def test_a_notice_taken_raises_nothing_also_a_second_time(name: str, tmp_path: Path) -> None:
    with ACCEPTING[name]() as settings:
        channel = open_channels(settings, tmp_path, clock)[name]
        assert channel.name == name
        channel.send(notice(), KEY)
        channel.send(notice(), KEY)


@pytest.mark.parametrize(("name", "peer"), REFUSING)
def test_a_refusal_is_permanent(name: str, peer: Peer, tmp_path: Path) -> None:
    assert _failure(name, peer, tmp_path).permanent


@pytest.mark.parametrize(("name", "peer"), UNWELL)
def test_what_passes_is_transient(name: str, peer: Peer, tmp_path: Path) -> None:
    assert not _failure(name, peer, tmp_path).permanent


def _failure(name: str, peer: Peer, tmp_path: Path) -> DeliveryError:
    (tmp_path / "a_file").write_text("in the way")
    with peer() as settings:
        channel: Channel = open_channels(settings, tmp_path, clock)[name]
        with pytest.raises(DeliveryError) as caught:
            channel.send(notice(), KEY)
    assert caught.value.remedy
    assert SUBJECT not in str(caught.value)
    assert "Просто текст" not in str(caught.value)
    return caught.value


def test_only_what_is_configured_is_opened_and_the_folder_where_nothing_is(tmp_path: Path) -> None:
    email = EmailSettings(host="mail.firm.example", sender="a@firm.example")

    assert list(open_channels(DeliverySettings(), tmp_path, clock)) == ["folder"]
    assert list(open_channels(DeliverySettings(email=email), tmp_path, clock)) == ["email"]
    assert list(open_channels(DeliverySettings(email=email, folder="x"), tmp_path, clock)) == ["email", "folder"]


def test_without_any_section_notices_stay_in_the_outbox_folder(tmp_path: Path) -> None:
    open_channels(DeliverySettings(), tmp_path, clock)["folder"].send(notice(), KEY)

    assert len(list((tmp_path / DEFAULT_FOLDER).iterdir())) == 3


def test_the_folder_gets_text_html_and_json_of_each_notice_and_the_same_key_writes_over_them(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path)
    channel.send(notice(subject="first"), KEY)
    channel.send(notice(), KEY)
    channel.send(notice(), "case_2:1:folder:x")

    stem = file_stem(KEY)
    assert (tmp_path / f"{stem}.txt").read_text(encoding="utf-8") == f"{SUBJECT}\n\nПросто текст.\n"
    assert (tmp_path / f"{stem}.html").read_text(encoding="utf-8") == "<p>Просто текст.</p>"
    described = json.loads((tmp_path / f"{stem}.json").read_text(encoding="utf-8"))
    assert described == {"recipient": "anna@firm.example", "subject": SUBJECT, "data": dict(notice().payload)}
    assert len(list(tmp_path.iterdir())) == 6


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_no_key_leads_out_of_the_folder(key: str, tmp_path: Path) -> None:
    FolderChannel(tmp_path / "inside").send(notice(), key)

    assert [path.name for path in tmp_path.iterdir()] == ["inside"]
    assert len(list((tmp_path / "inside").iterdir())) == 3


def test_different_keys_have_different_files() -> None:
    assert len({file_stem(key) for key in [*HOSTILE_KEYS, "a:b", "a_b"]}) == len(HOSTILE_KEYS) + 2


def test_a_write_that_fails_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / f"{file_stem(KEY)}.html").mkdir()

    with pytest.raises(DeliveryError):
        FolderChannel(tmp_path).send(notice(), KEY)

    assert [path.is_dir() for path in tmp_path.iterdir()] == [True]
