"""Notices leave the outbox at least once, later where a channel is unwell, never where it cannot work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alert_peers import SUBJECT, http_peer, mail_peer, notice

from churnwatch.alerts.channels import open_channels
from churnwatch.alerts.delivery import Delivered, deliver, wait_s
from churnwatch.core.config import DeliverySettings, EmailSettings, WebhookSettings
from churnwatch.core.errors import DeliveryError
from churnwatch.core.types import Notice

START = datetime(2024, 3, 12, 3, tzinfo=UTC)


@dataclass
class Slot:
    """One row of the outbox. As a parcel, `attempts` counts every claim."""

    key: str
    channel: str
    notice: Notice
    due: datetime
    attempts: int = 0
    state: str = "pending"
    error: str = ""
    leased_until: datetime | None = None


@dataclass
class MemoryOutbox:
    """The store's outbox in a list."""

    slots: list[Slot] = field(default_factory=list)

    def put(self, key: str, channel: str) -> Slot:
        self.slots.append(Slot(key, channel, notice(), START))
        return self.slots[-1]

    def claim(self, now: datetime, lease_s: float, limit: int) -> Sequence[Slot]:
        free = [
            slot
            for slot in self.slots
            if slot.state == "pending" and slot.due <= now and (slot.leased_until is None or slot.leased_until <= now)
        ]
        for slot in free[:limit]:
            slot.leased_until = now + timedelta(seconds=lease_s)
            slot.attempts += 1
        return free[:limit]

    def sent(self, key: str, now: datetime) -> None:
        del now
        self._slot(key).state = "sent"

    def failed(self, key: str, now: datetime, error: str, permanent: bool, next_try: datetime | None) -> None:
        slot = self._slot(key)
        slot.error, slot.leased_until, slot.due = error, None, next_try or now
        slot.state = "dead" if permanent else "pending"

    def _slot(self, key: str) -> Slot:
        return next(slot for slot in self.slots if slot.key == key)


@dataclass
class Courier:
    """A channel that does as it is told: `fails` is raised, once for each entry, then it works."""

    name: str = "email"
    fails: list[BaseException] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def send(self, notice: Notice, idempotency_key: str) -> None:
        del notice
        self.tried.append(idempotency_key)
        if self.fails:
            raise self.fails.pop(0)


def transient(retry_after_s: float | None = None) -> DeliveryError:
    return DeliveryError("The server is busy.", permanent=False, retry_after_s=retry_after_s, remedy="Wait.")


def run(outbox: MemoryOutbox, *couriers: Courier, at: datetime = START, max_attempts: int = 8) -> Delivered:
    return deliver(outbox, {courier.name: courier for courier in couriers}, lambda: at, max_attempts)


def test_all_that_is_due_goes_out_in_order_and_only_once() -> None:
    outbox, courier = MemoryOutbox(), Courier()
    keys = [f"k{number}" for number in range(25)]  # more than one batch
    for key in keys:
        outbox.put(key, "email")

    assert run(outbox, courier) == Delivered(sent=25)
    assert run(outbox, courier) == Delivered()
    assert courier.tried == keys


def test_a_permanent_failure_is_dead_at_once_with_its_remedy() -> None:
    outbox = MemoryOutbox()
    slot = outbox.put("k", "email")

    assert run(outbox, Courier(fails=[DeliveryError("No such user.", permanent=True, remedy="Mend it.")])) == Delivered(
        dead=1
    )
    assert (slot.state, slot.error) == ("dead", "No such user. Mend it.")


def test_a_passing_failure_waits_and_then_goes_out() -> None:
    outbox, courier = MemoryOutbox(), Courier(fails=[transient()])
    slot = outbox.put("k", "email")

    assert run(outbox, courier) == Delivered(retrying=1)
    assert slot.due == START + timedelta(seconds=wait_s("k", 1))
    assert run(outbox, courier, at=slot.due - timedelta(seconds=1)) == Delivered()
    assert run(outbox, courier, at=slot.due) == Delivered(sent=1)


def test_the_receivers_wish_to_be_left_alone_is_respected() -> None:
    outbox = MemoryOutbox()
    slot = outbox.put("k", "email")

    run(outbox, Courier(fails=[transient(7200)]))

    assert slot.due == START + timedelta(hours=2)


def test_it_is_given_up_after_the_last_attempt() -> None:
    outbox, now = MemoryOutbox(), START
    slot = outbox.put("k", "email")
    courier = Courier(fails=[transient() for _ in range(9)])

    outcomes = []
    for _ in range(3):
        outcomes.append(run(outbox, courier, at=now, max_attempts=3))
        now = slot.due

    assert outcomes == [Delivered(retrying=1), Delivered(retrying=1), Delivered(dead=1)]
    assert run(outbox, courier, at=now + timedelta(days=9), max_attempts=3) == Delivered()


def test_a_broken_channel_is_tried_once_a_run_and_blocks_no_other() -> None:
    outbox = MemoryOutbox()
    mail, web = Courier("email", fails=[transient()]), Courier("webhook")
    for number in range(12):
        outbox.put(f"m{number}", "email")
        outbox.put(f"w{number}", "webhook")

    assert run(outbox, mail, web) == Delivered(sent=12, retrying=12)
    assert mail.tried == ["m0"]
    assert all(slot.due > START for slot in outbox.slots if slot.channel == "email")


def test_a_notice_put_back_unsent_is_not_given_up_for_its_channels_sake() -> None:
    outbox = MemoryOutbox()
    outbox.put("first", "email")
    waiting = outbox.put("second", "email")

    assert run(outbox, Courier(fails=[transient()]), max_attempts=1) == Delivered(retrying=1, dead=1)
    assert waiting.state == "pending"


def test_a_refusal_of_one_notice_does_not_hold_up_the_next_on_the_channel() -> None:
    outbox = MemoryOutbox()
    outbox.put("bad", "email")
    outbox.put("good", "email")

    assert run(outbox, Courier(fails=[DeliveryError("No.", permanent=True)])) == Delivered(sent=1, dead=1)


def test_an_unknown_channel_is_dead_and_says_which_there_are() -> None:
    outbox = MemoryOutbox()
    slot = outbox.put("k", "pigeon")

    assert run(outbox, Courier("email"), Courier("webhook")) == Delivered(dead=1)
    assert "'pigeon'" in slot.error
    assert "email, webhook" in slot.error


def test_a_fault_in_a_channel_is_named_by_its_type_without_its_text_and_tried_again() -> None:
    outbox = MemoryOutbox()
    slot = outbox.put("k", "email")

    assert run(outbox, Courier(fails=[ValueError(f"cannot encode {SUBJECT}")])) == Delivered(retrying=1)
    assert "ValueError" in slot.error
    assert SUBJECT not in slot.error


def test_a_run_killed_while_sending_is_taken_up_when_the_lease_is_over() -> None:
    outbox, courier = MemoryOutbox(), Courier(fails=[KeyboardInterrupt()])
    outbox.put("k", "email")

    with pytest.raises(KeyboardInterrupt):
        run(outbox, courier)

    assert run(outbox, courier, at=START + timedelta(minutes=1)) == Delivered()
    assert run(outbox, courier, at=START + timedelta(hours=1)) == Delivered(sent=1)


def test_waits_grow_from_minutes_to_half_a_day_and_differ_between_notices() -> None:
    waits = [wait_s("k", attempts) for attempts in range(1, 9)]

    assert 225 <= waits[0] <= 375
    assert waits[:6] == sorted(waits[:6])
    assert max(wait_s("k", attempts) for attempts in range(1, 200)) <= 15 * 3600
    assert timedelta(hours=24) < timedelta(seconds=sum(waits[:7])) < timedelta(hours=48)
    assert wait_s("k", 1) == waits[0] != wait_s("l", 1)


def test_one_night_over_real_servers_mail_down_and_webhook_up(tmp_path: Path) -> None:
    outbox = MemoryOutbox()
    for channel in ("email", "webhook", "folder"):
        outbox.put(f"case_1:1:{channel}:anna", channel)
    with mail_peer() as mail, http_peer() as web:
        settings = DeliverySettings(
            folder="notices",
            email=EmailSettings(host="127.0.0.1", port=mail.port, sender="a@firm.example", security="none"),
            webhook=WebhookSettings(url=f"http://127.0.0.1:{web.port}/", allow_private=True),
        )
        channels = open_channels(settings, tmp_path, lambda: START)
        mail.at_recipient = "451 later"
        first = deliver(outbox, channels, lambda: START, settings.max_attempts)
        mail.at_recipient = "250 OK"
        second = deliver(outbox, channels, lambda: START + timedelta(hours=1), settings.max_attempts)

    assert (first, second) == (Delivered(sent=2, retrying=1), Delivered(sent=1))
    assert [str(message["Subject"]) for message in mail.mails] == [SUBJECT]
    assert len(web.seen) == 1
    assert len(list((tmp_path / "notices").iterdir())) == 3
