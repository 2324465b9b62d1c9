"""The messages behind a client's reasons, as short quotes with the telling words marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from churnwatch.alerts import quotes
from churnwatch.core.types import Quote, Reason
from churnwatch.model import tone
from churnwatch.store import Store


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A quote and the families of the reasons that point to its message."""

    quote: Quote
    families: tuple[str, ...]


def behind(store: Store, client_id: str, reasons: Sequence[Reason]) -> list[Exhibit]:
    """The messages with a text that the reasons point to, newest first."""
    families: dict[str, list[str]] = {}
    for reason in reasons:
        for event_id in reason.event_ids:
            families.setdefault(event_id, []).append(reason.family)
    found = store.events.texts([(event_id, client_id) for event_id in families])
    shown = [
        Exhibit(quote, tuple(families[message.event_id]))
        for message in found.values()
        if (quote := quotes.of(message, tone.spans)) is not None
    ]
    return sorted(shown, key=lambda one: (one.quote.at, one.quote.event_id), reverse=True)
