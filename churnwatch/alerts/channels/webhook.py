"""Notices as signed JSON to a web address, by the Standard Webhooks convention; never into the firm's own network unasked."""

import base64
import binascii
import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path

import httpx2

from churnwatch.core.config import DeliverySettings, WebhookSettings
from churnwatch.core.errors import ConfigError, DeliveryError
from churnwatch.core.types import Notice

NAME = "webhook"
EVENT_TYPE = "churnwatch.notice"

Resolve = Callable[[str, int], Sequence[str]]

_TRANSIENT_STATUS = frozenset({408, 425, 429})
_MAX_RETRY_AFTER_S = 24 * 3600.0
_SECRET_PREFIX = "whsec_"  # noqa: S105 - the convention's mark of a secret, not one
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def open_channel(delivery: DeliverySettings, root: Path, clock: Callable[[], datetime]) -> "WebhookChannel | None":
    """The webhook, where one is configured."""
    del root
    return None if delivery.webhook is None else WebhookChannel(delivery.webhook, clock)


def addresses_of(host: str, port: int) -> Sequence[str]:
    """All addresses a name stands for."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class WebhookChannel:
    """Resolves the name once, checks every address, and connects to just those: a name cannot change its mind in between.

    `tls` is for receivers whose certificate the system does not know.
    """

    name = NAME

    def __init__(
        self,
        settings: WebhookSettings,
        clock: Callable[[], datetime],
        resolve: Resolve = addresses_of,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._url = _checked_url(settings.url)
        self._key = None if settings.secret is None else _key(settings.secret.get_secret_value())
        self._clock = clock
        self._resolve = resolve
        self._tls = tls

    def send(self, notice: Notice, idempotency_key: str) -> None:
        """POST the notice's payload."""
        content = json.dumps({"type": EVENT_TYPE, "data": notice.payload}, ensure_ascii=False, allow_nan=False)
        body = content.encode()
        headers = {
            "content-type": "application/json",
            "user-agent": "churnwatch",
            "host": self._url.netloc.decode("ascii"),
            **signed(message_id(idempotency_key), self._clock(), body, self._key),
        }
        self._judge(self._post(self._addresses(), headers, body))

    def _addresses(self) -> Sequence[str]:
        try:
            found = self._resolve(self._url.host, self._url.port or (443 if self._url.scheme == "https" else 80))
        except (OSError, UnicodeError) as error:
            raise self._failed(f"its name is not known ({type(error).__name__})", permanent=False) from None
        if not found:
            raise self._failed("its name has no address", permanent=False)
        if not self._settings.allow_private and not all(is_public(address) for address in found):
            raise DeliveryError(
                f"The webhook at {self._url.host} leads into a private network, which is refused.",
                permanent=True,
                remedy="If it is meant to, set allow_private = true under [delivery.webhook].",
            )
        return found

    def _post(self, addresses: Sequence[str], headers: dict[str, str], body: bytes) -> httpx2.Response:
        """The answer of the first address that can be reached. Its body is not read: it could be without end."""
        why = ""
        timeout = self._settings.timeout_s
        with httpx2.Client(
            verify=self._tls or True, timeout=timeout, follow_redirects=False, trust_env=False
        ) as client:
            for address in addresses:
                url = self._url.copy_with(host=address)
                extensions = {"sni_hostname": self._url.host}  # the certificate must still be the name's
                try:
                    with client.stream("POST", url, headers=headers, content=body, extensions=extensions) as response:
                        return response
                except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                    why = type(error).__name__
                except httpx2.HTTPError as error:
                    raise self._failed(f"no answer ({type(error).__name__})", permanent=False) from None
        raise self._failed(f"no connection ({why})", permanent=False)

    def _judge(self, response: httpx2.Response) -> None:
        status = response.status_code
        if response.is_success:
            return
        if status in _TRANSIENT_STATUS or status >= 500:
            wait = retry_after_s(response.headers.get("retry-after"), self._clock())
            raise self._failed(f"it answered {status}", permanent=False, wait_s=wait)
        if response.is_redirect:
            raise self._failed(f"it answered {status}; redirects are not followed, put the final URL", permanent=True)
        raise self._failed(f"it answered {status}", permanent=True)

    def _failed(self, why: str, *, permanent: bool, wait_s: float | None = None) -> DeliveryError:
        """Names the host alone: path and query of such URLs are often secrets."""
        return DeliveryError(
            f"The webhook at {self._url.host} took no notice: {why}.",
            permanent=permanent,
            retry_after_s=wait_s,
            remedy="Check url and secret under [delivery.webhook] and the receiver's log.",
        )


def message_id(idempotency_key: str) -> str:
    """`webhook-id`: the same for every attempt, so that the receiver can drop a second copy."""
    return f"msg_{hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]}"


def signed(identity: str, at: datetime, body: bytes, key: bytes | None) -> dict[str, str]:
    """The headers of Standard Webhooks; without a key there is no signature."""
    seconds = str(int(at.timestamp()))
    headers = {"webhook-id": identity, "webhook-timestamp": seconds}
    if key is not None:
        digest = hmac.new(key, f"{identity}.{seconds}.".encode() + body, hashlib.sha256).digest()
        headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode('ascii')}"
    return headers


def is_public(address: str) -> bool:
    """Whether an address is on the open internet, also when it hides another one inside."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip not in _GLOBAL_UNICAST and ip not in _NAT64 and ip.ipv4_mapped is None:
        return False  # site-local, IPv4-compatible, translated, local NAT64 …
    inner = _inside(ip) if isinstance(ip, IPv6Address) else None
    return ip.is_global and not ip.is_multicast and (inner is None or (inner.is_global and not inner.is_multicast))


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, at most a day; it is a number or a date."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _MAX_RETRY_AFTER_S)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), _MAX_RETRY_AFTER_S)


def _inside(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _checked_url(text: str) -> httpx2.URL:
    remedy = "It looks like https://receiver.example/path, without a user name."
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL as error:
        raise ConfigError("delivery.webhook.url is not a URL.", remedy=remedy) from error
    if url.scheme not in ("https", "http") or not url.host or url.userinfo:
        raise ConfigError("delivery.webhook.url cannot be used.", remedy=remedy)
    return url


def _key(secret: str) -> bytes:
    """`whsec_` marks base64; anything else is taken as it is."""
    if not secret.startswith(_SECRET_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ConfigError(
            "The secret of delivery.webhook starts with whsec_ but is not base64 after it.",
            remedy="Copy it again from the receiver, whole.",
        ) from error
