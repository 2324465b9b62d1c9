"""What a firm has not connected is no lack of evidence of a client."""

from collections.abc import Sequence

import builders
import pytest
from builders import AS_OF

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.table import EventTable
from churnwatch.core.types import Call, Event, Invoice, Meeting, Message
from churnwatch.features import connection

CALENDAR = BusinessCalendar("Europe/Berlin", "DE")
NOW = micros(CALENDAR.midnight(AS_OF))


def without(*kinds: type[Event]) -> list[Event]:
    return [event for event in builders.cast() if not isinstance(event, kinds)]


def unconnected(events: Sequence[Event]) -> frozenset[str]:
    table = builders.table_of(events)
    index = scoring.index_of(table, ["steady"], scoring.instants(CALENDAR, AS_OF, 1))
    return features.measure(table, index, CALENDAR).unconnected


@pytest.mark.parametrize(
    ("kind", "channel", "lost"),
    [
        (Meeting, "meetings", {"meeting_avoidance", "meeting_moves"}),
        (Call, "calls", {"missed_calls", "call_shrink"}),
        (Invoice, "invoices", {"invoice_late_z", "overdue", "spend_trend"}),
    ],
)
def test_without_a_channel_its_signals_are_unconnected_and_no_others(
    kind: type[Event], channel: str, lost: set[str]
) -> None:
    assert channel not in connection.connected(builders.table_of(without(kind)), NOW)
    found = unconnected(without(kind)) - unconnected(builders.cast())
    assert found - {"decision_maker_absent"} == lost  # who decides is told by meetings too
    assert "meeting_silence" not in found  # meetings or calls: one of the two is enough


def test_without_meetings_and_calls_there_is_no_silence_of_meetings() -> None:
    assert "meeting_silence" in unconnected(without(Meeting, Call))


def test_an_unconnected_signal_tells_no_client_from_another() -> None:
    events = without(Message)
    table = builders.table_of(events)
    index = scoring.index_of(table, builders.CAST, scoring.instants(CALENDAR, AS_OF, len(builders.CAST)))
    measured = features.measure(table, index, CALENDAR)
    assert "client_latency_z" in measured.unconnected
    assert (measured.values[sorted(measured.unconnected)].nunique(dropna=False) == 1).all()


def test_texts_that_nobody_read_are_not_connected() -> None:
    unread = connection.connected(EventTable.from_events(builders.cast()), NOW)
    assert "messages" in unread
    assert "texts" not in unread


def test_what_is_connected_later_is_not_connected_now() -> None:
    first = min(micros(event.known_at) for event in builders.cast() if isinstance(event, Call))
    assert "calls" not in connection.connected(builders.cast_table(), first)
    assert "calls" in connection.connected(builders.cast_table(), first + 1)


def test_only_the_season_and_the_firms_own_people_need_nothing() -> None:
    needless = {signal.name for signal in features.CATALOGUE if not connection.needs(signal)}
    assert needless == {"season_sin", "season_cos", "manager_change"}
    assert set(connection._OF_SIGNAL) <= set(features.NAMES)
