"""The catalogue of channels: each is one file here and one line below."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from churnwatch.alerts.channels import email, folder, webhook
from churnwatch.core.config import DeliverySettings
from churnwatch.core.contracts import Channel

Opener = Callable[[DeliverySettings, Path, Callable[[], datetime]], Channel | None]

CATALOGUE: tuple[tuple[str, Opener], ...] = (
    (email.NAME, email.open_channel),
    (webhook.NAME, webhook.open_channel),
    (folder.NAME, folder.open_channel),
)


def open_channels(delivery: DeliverySettings, root: Path, clock: Callable[[], datetime]) -> dict[str, Channel]:
    """The configured channels by name, or `ConfigError`; nothing is connected to yet."""
    opened = ((name, opener(delivery, root, clock)) for name, opener in CATALOGUE)
    return {name: channel for name, channel in opened if channel is not None}
