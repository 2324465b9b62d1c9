"""The messages behind a client's reasons, as short quotes with the telling words marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from churnwatch.alerts import quotes
from churnwatch.api.service import Service
from churnwatch.core.types import Direction, Quote, Reason
from churnwatch.store import Judgement, ToneLabel


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A quote, the families of the reasons that point to its message, and what somebody has said of its tone."""

    quote: Quote
    families: tuple[str, ...]
    judgement: Judgement | None

    @property
    def of_tone(self) -> bool:
        """Whether it is shown for how the client sounds in it, and not for its time or length."""
        marked = self.quote.cue_start < self.quote.cue_end
        return self.quote.direction is Direction.IN and (marked or "tone" in self.families)


def behind(service: Service, client_id: str, reasons: Sequence[Reason]) -> list[Exhibit]:
    """The messages with a text that the reasons point to, newest first; without those that somebody found not irritated."""
    families: dict[str, list[str]] = {}
    for reason in reasons:
        for event_id in reason.event_ids:
            families.setdefault(event_id, []).append(reason.family)
    found = service.store.events.texts([(event_id, client_id) for event_id in families])
    said = service.store.labels.of(found)
    wrong = {event_id for event_id, one in said.items() if one.label is not ToneLabel.IRRITATED}
    reader = service.reader
    shown = [
        Exhibit(quote, tuple(families[message.event_id]), said.get(message.event_id))
        for message in found.values()
        if message.event_id not in wrong and (quote := quotes.of(message, reader)) is not None
    ]
    return sorted(shown, key=lambda one: (one.quote.at, one.quote.event_id), reverse=True)
