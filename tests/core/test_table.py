"""Events as columns: the two ways in agree, and nothing of a text stays."""

from dataclasses import fields

import builders
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnwatch.core.calendar import micros
from churnwatch.core.table import EVENT_COLUMNS, NO_TIME, EventTable, frame_of_events, hash_ids
from churnwatch.core.types import Direction, Kind, Meeting, MeetingStatus, Message
from churnwatch.scoring import readings, with_readings

SENT = builders.MIDNIGHT


def assert_equal(one: EventTable, other: EventTable) -> None:
    assert one.clients == other.clients
    for name in EVENT_COLUMNS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
        assert getattr(one, name).dtype == getattr(other, name).dtype, name


def test_events_and_their_interchange_frame_give_the_same_table() -> None:
    events = builders.cast()
    unread = frame_of_events(events, {}).drop(columns=["words", "question", "expects_reply", "irritation", "cues"])
    assert_equal(builders.cast_table(), EventTable.from_frame(with_readings(unread)))


def test_words_and_codes_of_kind_direction_and_status_are_the_same() -> None:
    frame = frame_of_events(builders.cast(), {})
    coded = frame.assign(
        kind=frame["kind"].map({kind.word: int(kind) for kind in Kind}),
        direction=frame["direction"].map({one.word: int(one) for one in Direction}),
        status=frame["status"].map({one.word: int(one) for one in MeetingStatus}),
    )
    assert_equal(EventTable.from_frame(frame), EventTable.from_frame(coded))


@settings(max_examples=8)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(dice: builders.random.Random) -> None:
    events = list(builders.newcomer() + builders.on_holiday()[:60])
    ordered = EventTable.from_events(events, readings(events))
    dice.shuffle(events)
    assert_equal(ordered, EventTable.from_events(events, readings(events)))


def test_rows_are_sorted_by_client_and_time() -> None:
    table = builders.cast_table()
    assert table.clients == builders.CAST
    assert len(table) == len(builders.cast())
    assert (np.diff(table.client) >= 0).all()
    same = np.diff(table.client) == 0
    assert (np.diff(table.at)[same] >= 0).all()


def test_a_frame_with_the_required_columns_alone_is_enough() -> None:
    frame = pd.DataFrame(
        {"event_id": ["x"], "client_id": ["a"], "kind": ["message"], "direction": ["in"], "at": [SENT]}
    )
    table = EventTable.from_frame(frame)
    assert table.known_at.tolist() == table.at.tolist() == [micros(SENT)]
    assert np.isnan(table.words).all()
    assert table.starts_at.tolist() == table.paid_on.tolist() == [NO_TIME]
    assert table.thread.tolist() == table.contact.tolist() == table.question.tolist() == [-1]
    assert table.reply_key.tolist() == [0]
    assert table.automatic.tolist() == [False]


def test_no_events_are_a_table_too() -> None:
    table = EventTable.from_events([])
    assert len(table) == 0
    assert table.clients == ()


def test_a_reply_names_its_parent() -> None:
    parent = Message("p", "a", Direction.OUT, SENT, SENT)
    child = Message("c", "a", Direction.IN, SENT + builders.timedelta(hours=1), SENT, reply_to="p")
    table = EventTable.from_events([child, parent])
    assert table.event_id.tolist() == ["p", "c"]
    assert table.reply_key.tolist() == [0, table.key[0]]


def test_revisions_of_one_meeting_share_a_number_and_meetings_without_id_stand_alone() -> None:
    def revision(event_id: str, meeting_id: str) -> Meeting:
        return Meeting(event_id, meeting_id, "a", Direction.IN, SENT, SENT, SENT, MeetingStatus.INVITED)

    table = EventTable.from_events([revision("1", "m"), revision("2", "m"), revision("3", ""), revision("4", "")])
    by_id = dict(zip(table.event_id, table.thread, strict=True))
    assert by_id["1"] == by_id["2"]
    assert len({by_id["1"], by_id["3"], by_id["4"]}) == 3


def test_no_text_stays() -> None:
    names = {field.name for field in fields(EventTable)}
    assert not names & {"text", "subject"}
    secret = Message("s", "a", Direction.IN, SENT, SENT, subject="confidential", text="confidential words")
    table = EventTable.from_events([secret], readings([secret]))
    assert "confidential" not in repr(table)
    assert table.words.tolist() == [2.0]


@given(st.lists(st.text(max_size=20), min_size=1, unique=True))
def test_ids_hash_to_positive_numbers_that_differ(ids: list[str]) -> None:
    hashed = hash_ids(np.array(ids, dtype=object))
    assert (hashed > 0).all()
    assert len(set(hashed.tolist())) == len(ids)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_among_the_cast(kind: Kind) -> None:
    assert (builders.cast_table().kind == kind).any()
