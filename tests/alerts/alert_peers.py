"""Real servers on the loopback for the channels to talk to, and a notice to send."""

import asyncio
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message as MailMessage
from email.parser import BytesParser
from email.policy import default as mail_policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from churnwatch.core.types import Notice

NOW = datetime(2024, 3, 12, 6, 30, tzinfo=UTC)
KEY = "case_1:1:email:anna@firm.example"
SUBJECT = "Ромашка закипает"


def clock() -> datetime:
    return NOW


def notice(recipient: str = "anna@firm.example", subject: str = SUBJECT) -> Notice:
    payload: dict[str, object] = {"schema": "churnwatch.notice", "client": {"name": "Ромашка"}}
    return Notice("case_1", "c1", recipient, "ru", subject, "Просто текст.\n", "<p>Просто текст.</p>", payload)


@dataclass
class HttpPeer:
    """Answers with `status`; remembers what it was asked. Silent where `status` is None."""

    port: int = 0
    status: int | None = 204
    headers: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def body(self) -> object:
        return json.loads(self.seen[-1][2])


@contextmanager
def http_peer(tls: ssl.SSLContext | None = None) -> Iterator[HttpPeer]:
    peer = HttpPeer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            peer.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if peer.status is None:
                peer.closing.wait(20)
                return
            self.send_response(peer.status)
            for name, value in peer.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        peer.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield peer
        peer.closing.set()
        server.shutdown()
        thread.join()


@dataclass
class MailPeer:
    """Gives the answers it is told to; keeps the mail it accepts."""

    port: int = 0
    at_mail: str = "250 OK"
    at_recipient: str = "250 OK"
    at_data: str = "250 OK"
    at_quit: str = "221 Bye"
    password: str = "correct"
    mails: list[MailMessage] = field(default_factory=list)

    async def handle_MAIL(self, *given: Any) -> str:  # noqa: N802 - aiosmtpd looks for these names
        _, _, envelope, address, _ = given
        if self.at_mail.startswith("250"):
            envelope.mail_from = address
        return self.at_mail

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802
        _, _, envelope, address, _ = given
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        _, _, envelope = given
        if self.at_data.startswith("250"):
            self.mails.append(BytesParser(policy=mail_policy).parsebytes(envelope.content))
        return self.at_data

    async def handle_QUIT(self, *_: Any) -> str:  # noqa: N802
        return self.at_quit

    def check(self, *given: Any) -> AuthResult:
        return AuthResult(success=given[-1].password == self.password.encode(), handled=False)


class _AnyPort(Controller):
    """Lets the system choose the port."""

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_peer(tls: ssl.SSLContext | None = None, *, login: bool = False) -> Iterator[MailPeer]:
    peer = MailPeer()
    controller = _AnyPort(
        peer,
        hostname="127.0.0.1",
        port=0,
        server_hostname="mail.test.example",  # otherwise looked up in the DNS
        tls_context=tls,
        auth_required=login,
        authenticator=peer.check if login else None,
    )
    controller.start()
    peer.port = controller.port
    try:
        yield peer
    finally:
        controller.stop()
