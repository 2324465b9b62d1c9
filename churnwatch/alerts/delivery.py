"""Getting waiting notices out: each at least once, later when a channel is unwell, never when it cannot work."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from churnwatch.core.contracts import Channel
from churnwatch.core.errors import DeliveryError
from churnwatch.core.types import Notice

_BATCH = 10  # parcels
_LEASE_S = 900.0  # longer than a batch takes when each of its parcels runs into a time-out
_FIRST_WAIT_S = 300.0
_WAIT_GROWTH = 3.0
_LONGEST_WAIT_S = 12 * 3600.0
_JITTER = 0.25  # of the wait, either way


class Parcel(Protocol):
    """A claimed notice. `attempts` counts this one."""

    @property
    def key(self) -> str:
        """The idempotency key."""
        ...

    @property
    def channel(self) -> str:
        """The channel's name."""
        ...

    @property
    def notice(self) -> Notice:
        """What to send."""
        ...

    @property
    def attempts(self) -> int:
        """How often it has been claimed, this time included."""
        ...


class Outbox(Protocol):
    """Where notices wait."""

    def claim(self, now: datetime, lease_s: float, limit: int) -> Sequence[Parcel]:
        """Take due notices that nobody holds."""
        ...

    def sent(self, key: str, now: datetime) -> None:
        """Mark one as gone out."""
        ...

    def failed(self, key: str, now: datetime, error: str, permanent: bool, next_try: datetime | None) -> None:
        """Mark one as failed, for good or until the next try."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the notices that were due: gone out, waiting for another try, given up."""

    sent: int = 0
    retrying: int = 0
    dead: int = 0


def deliver(
    outbox: Outbox, channels: Mapping[str, Channel], clock: Callable[[], datetime], max_attempts: int
) -> Delivered:
    """Send all that is due. A channel that fails once in a passing way is left alone for the rest of the run."""
    sent = retrying = dead = 0
    unwell: dict[str, DeliveryError] = {}
    seen: set[str] = set()
    while parcels := outbox.claim(clock(), _LEASE_S, _BATCH):
        if seen.issuperset(parcel.key for parcel in parcels):
            break  # only parcels whose wait was over before the run was
        for parcel in parcels:
            seen.add(parcel.key)
            resting = unwell.get(parcel.channel)
            error = resting or _send(parcel, channels)
            now = clock()
            if error is None:
                outbox.sent(parcel.key, now)
                sent += 1
            elif error.permanent or (resting is None and parcel.attempts >= max_attempts):
                outbox.failed(parcel.key, now, str(error), permanent=True, next_try=None)
                dead += 1
            else:
                next_try = now + timedelta(seconds=wait_s(parcel.key, parcel.attempts, error.retry_after_s))
                outbox.failed(parcel.key, now, str(error), permanent=False, next_try=next_try)
                retrying += 1
            if error is not None and not error.permanent:
                unwell.setdefault(parcel.channel, error)
    return Delivered(sent, retrying, dead)


def wait_s(key: str, attempts: int, retry_after_s: float | None = None) -> float:
    """Seconds until the next try: five minutes, then three times as long each time, at most half a day.

    The jitter comes from the key, so it is the same in every run and different for every notice. A longer wish of the
    receiver is respected.
    """
    growth = _WAIT_GROWTH ** min(max(attempts - 1, 0), 30)
    share = int.from_bytes(hashlib.sha256(f"{key}\0{attempts}".encode()).digest()[:4]) / 2**32
    wait = min(_FIRST_WAIT_S * growth, _LONGEST_WAIT_S) * (1 + _JITTER * (2 * share - 1))
    return max(wait, retry_after_s or 0.0)


def _send(parcel: Parcel, channels: Mapping[str, Channel]) -> DeliveryError | None:
    channel = channels.get(parcel.channel)
    if channel is None:
        return DeliveryError(
            f"There is no channel {parcel.channel!r}.",
            permanent=True,
            remedy=f"Configured: {', '.join(sorted(channels)) or 'none'}. Add it under [delivery] and requeue the notice.",
        )
    try:
        channel.send(parcel.notice, parcel.key)
    except DeliveryError as error:
        return error
    except Exception as error:  # noqa: BLE001 - one faulty channel must not keep the others from sending
        return DeliveryError(
            f"Channel {parcel.channel!r} broke with {type(error).__name__}.",
            permanent=False,
            remedy="This is a fault in churnwatch; the notice is tried again.",
        )
    return None
