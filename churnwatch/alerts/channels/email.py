"""Notices by e-mail over SMTP: one message each, text and HTML, recognisable when it is sent a second time."""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from pathlib import Path

from churnwatch.core.config import DeliverySettings, EmailSettings
from churnwatch.core.errors import ConfigError, DeliveryError
from churnwatch.core.types import Notice

NAME = "email"

_FIRST_PERMANENT_CODE = 500
_ENHANCED_CODE = re.compile(rb"^[245]\.\d{1,3}\.\d{1,3}\b")


def open_channel(delivery: DeliverySettings, root: Path, clock: Callable[[], datetime]) -> "EmailChannel | None":
    """E-mail, where it is configured."""
    del root
    return None if delivery.email is None else EmailChannel(delivery.email, clock)


class EmailChannel:
    """One SMTP connection per notice. `tls` is for servers whose certificate the system does not know."""

    name = NAME

    def __init__(
        self, settings: EmailSettings, clock: Callable[[], datetime], tls: ssl.SSLContext | None = None
    ) -> None:
        if settings.username and settings.password is None:
            raise ConfigError(
                "delivery.email has a username and no password.",
                remedy="Set CHURNWATCH__DELIVERY__EMAIL__PASSWORD or …_PASSWORD_FILE, or remove the username.",
            )
        login = (settings.username or "") + (settings.password.get_secret_value() if settings.password else "")
        if not login.isascii():
            raise ConfigError(
                "The login of delivery.email has characters that SMTP cannot send.", remedy="Use one of plain ASCII."
            )
        sender = parseaddr(settings.sender)[1]
        if _address(sender) is None:
            raise ConfigError(
                "delivery.email.sender is not an e-mail address.", remedy='Use "alerts@firm.example" or "Name <…>".'
            )
        self._settings = settings
        self._sender = sender
        self._clock = clock
        self._tls = tls

    def send(self, notice: Notice, idempotency_key: str) -> None:
        """Hand the notice to the SMTP server."""
        message = self._message(notice, idempotency_key)
        try:
            self._transmit(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise self._refused("the recipient", code, answer, "Check the address.") from None
        except smtplib.SMTPAuthenticationError as error:
            remedy = "Check username and password of delivery.email."
            raise self._refused("the login", error.smtp_code, error.smtp_error, remedy) from None
        except smtplib.SMTPSenderRefused as error:
            remedy = "Check delivery.email.sender."
            raise self._refused("the sender", error.smtp_code, error.smtp_error, remedy) from None
        except smtplib.SMTPResponseException as error:
            remedy = "The code says why; ask whoever runs the server."
            raise self._refused("the message", error.smtp_code, error.smtp_error, remedy) from None
        except smtplib.SMTPNotSupportedError as error:
            raise DeliveryError(
                f"{self._server} cannot do what is asked of it ({type(error).__name__}).",
                permanent=True,
                remedy="Check security (starttls, tls, none), the login, and that the recipient's address is plain ASCII.",
            ) from None
        except ssl.SSLError as error:
            raise DeliveryError(
                f"No safe connection to {self._server}: {error.reason}.",
                permanent=False,
                remedy="Check delivery.email.security and port, and the server's certificate.",
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(
                f"{self._server} did not answer as a mail server should ({type(error).__name__}).",
                permanent=False,
                remedy="Check host, port, security and login of delivery.email, and that the server is up.",
            ) from None

    @property
    def _server(self) -> str:
        return f"SMTP server {self._settings.host}:{self._settings.port}"

    def _refused(self, what: str, code: int, answer: bytes | str, remedy: str) -> DeliveryError:
        """Only the codes are told: a server's own words may repeat the subject."""
        words = answer.encode() if isinstance(answer, str) else answer
        enhanced = _ENHANCED_CODE.match(words or b"")
        shown = f"{code} {enhanced.group().decode()}" if enhanced else str(code)
        return DeliveryError(
            f"{self._server} refused {what}: {shown}.", permanent=code >= _FIRST_PERMANENT_CODE, remedy=remedy
        )

    def _message(self, notice: Notice, idempotency_key: str) -> EmailMessage:
        recipient = _address(notice.recipient)
        if recipient is None:
            raise DeliveryError(
                "The recipient has no valid e-mail address.",
                permanent=True,
                remedy="Correct the manager's address, or set policy.fallback_email.",
            )
        message = EmailMessage(policy=SMTP_POLICY)
        message["From"] = self._settings.sender
        message["To"] = recipient
        message["Subject"] = " ".join(notice.subject.split())
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = message_id(idempotency_key, self._sender)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office in return
        message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
        message.set_content(notice.text)
        message.add_alternative(notice.html, subtype="html")
        message["Content-Language"] = notice.language  # last: making parts moves Content- headers into the first
        return message

    def _transmit(self, message: EmailMessage) -> None:
        settings = self._settings
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.timeout_s, context=self._context()
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
        try:
            if settings.security == "starttls":
                server.starttls(context=self._context())
            if settings.username and settings.password is not None:
                server.login(settings.username, settings.password.get_secret_value())
            server.send_message(message)
        finally:
            with suppress(smtplib.SMTPException, OSError):  # once the mail is taken, a rude farewell changes nothing
                server.quit()
            server.close()

    def _context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()


def message_id(idempotency_key: str, sender: str) -> str:
    """The same Message-ID for the same key, so that a second copy is recognised as one."""
    return f"<{hashlib.sha256(idempotency_key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2]}>"


def _address(text: str) -> Address | None:
    """One plain address, or None."""
    if not text.isprintable() or "," in text:
        return None
    name, spec = parseaddr(text)
    try:
        address = Address(display_name=name, addr_spec=spec)
    except (MessageError, ValueError, IndexError):
        return None
    return address if address.username and address.domain else None
