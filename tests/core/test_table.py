"""Events as columns: the two ways in agree, and nothing of a text stays."""

from dataclasses import fields, replace

import builders
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnwatch.core.calendar import micros
from churnwatch.core.interchange import frame_of_events, row_of_reading
from churnwatch.core.roster import Rank, Roster
from churnwatch.core.table import EVENT_COLUMNS, HANDED_OVER, NO_TIME, SEEN, EventTable, IntArray, hash_ids
from churnwatch.core.types import Cue, Direction, Kind, Meeting, MeetingStatus, Message, Reading
from churnwatch.scoring import readings, with_readings

SENT = builders.MIDNIGHT
HOUR = builders.timedelta(hours=1)
NO_READING = Reading(0, None, 0.0, Cue(0), None)


def numbered_by_appearance(codes: IntArray) -> IntArray:
    """Codes that only say what belongs together, numbered anew in the order of the rows; -1 stays."""
    _, first, number = np.unique(codes, return_index=True, return_inverse=True)
    anew = np.argsort(np.argsort(first))[number]
    return np.where(codes < 0, -1, anew)


def assert_equal(one: EventTable, other: EventTable) -> None:
    assert (one.clients, one.contacts, one.channels) == (other.clients, other.contacts, other.channels)
    assert one.event_ids.to_pylist() == other.event_ids.to_pylist()
    for name in EVENT_COLUMNS:
        mine, theirs = getattr(one, name), getattr(other, name)
        assert mine.dtype == theirs.dtype, name
        if name == "thread":
            mine, theirs = numbered_by_appearance(mine), numbered_by_appearance(theirs)
        np.testing.assert_array_equal(mine, theirs, err_msg=name)


def test_events_and_their_interchange_frame_give_the_same_table() -> None:
    events = builders.cast()
    unread = frame_of_events(events, {}).drop(columns=list(row_of_reading(NO_READING)))
    assert_equal(builders.cast_table(), EventTable.from_frame(with_readings(unread), builders.roster()))


def test_a_piece_of_a_table_knows_only_the_words_of_its_rows_however_these_are_chunked() -> None:
    frame = with_readings(frame_of_events(builders.cast(), {}))
    whole = pa.Table.from_pandas(frame, preserve_index=False)
    for name in ("client_id", "contact_id", "thread_id", "channel", "kind", "direction", "status"):
        place = whole.column_names.index(name)
        whole = whole.set_column(place, name, whole[name].cast(pa.string()).dictionary_encode())
    piece = pa.concat_tables([whole.slice(40, 3), whole.slice(43, 60)])
    plain = frame.iloc[40:103]
    assert_equal(EventTable.from_arrow(piece), EventTable.from_frame(plain))
    assert set(EventTable.from_arrow(piece).clients) == set(plain["client_id"])


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
    assert (table.kind < SEEN).sum() == len(builders.cast())
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
    assert table.parent.tolist() == [-1]
    assert table.promise_due.tolist() == table.away_since.tolist() == [NO_TIME]
    assert table.decider.tolist() == [-1]
    assert table.attachments.tolist() == [0]
    assert table.automatic.tolist() == table.answers.tolist() == [False]


def test_no_events_are_a_table_too() -> None:
    table = EventTable.from_events([])
    assert len(table) == 0
    assert table.clients == ()


def test_a_reply_names_its_parent() -> None:
    parent = Message("p", "a", Direction.OUT, SENT, SENT)
    child = Message("c", "a", Direction.IN, SENT + HOUR, SENT + HOUR, reply_to="p")
    orphan = Message("o", "a", Direction.IN, SENT + 2 * HOUR, SENT + 2 * HOUR, reply_to="lost")
    table = EventTable.from_events([orphan, child, parent])
    assert table.event_ids.to_pylist() == ["p", "c", "o"]
    assert table.parent.tolist() == [-1, 0, -1]
    assert table.answers.tolist() == [False, True, True]


def test_a_parent_is_an_earlier_row_of_the_same_client() -> None:
    other = Message("p", "b", Direction.OUT, SENT, SENT)
    later = Message("q", "a", Direction.OUT, SENT + 2 * HOUR, SENT + 2 * HOUR)
    children = [Message(f"of {one}", "a", Direction.IN, SENT + HOUR, SENT + HOUR, reply_to=one) for one in "pq"]
    table = EventTable.from_events([other, later, *children])
    assert (table.parent == -1).all()


def test_rows_taken_keep_their_parents_as_far_as_those_are_taken() -> None:
    chain = [
        Message(str(number), "a", Direction(number % 2), SENT + number * HOUR, SENT, reply_to=str(number - 1))
        for number in range(4)
    ]
    table = EventTable.from_events([replace(one, known_at=one.at) for one in chain])
    assert table.parent.tolist() == [-1, 0, 1, 2]
    taken = table.taken(np.array([1, 2]))
    assert taken.event_ids.to_pylist() == ["1", "2"]
    assert taken.parent.tolist() == [-1, 0]


def test_what_happened_is_never_later_than_its_being_known() -> None:
    table = EventTable.from_events([Message("early", "a", Direction.IN, SENT + HOUR, SENT)])
    assert table.at.tolist() == table.known_at.tolist() == [micros(SENT)]


def test_revisions_of_one_meeting_share_a_number_and_meetings_without_id_stand_alone() -> None:
    def revision(event_id: str, meeting_id: str) -> Meeting:
        return Meeting(event_id, meeting_id, "a", Direction.IN, SENT, SENT, SENT, MeetingStatus.INVITED)

    table = EventTable.from_events([revision("1", "m"), revision("2", "m"), revision("3", ""), revision("4", "")])
    by_id = dict(zip(table.event_ids.to_pylist(), table.thread, strict=True))
    assert by_id["1"] == by_id["2"]
    assert len({by_id["1"], by_id["3"], by_id["4"]}) == 3


# --- people -----------------------------------------------------------------------------------------------------------

LAWYER, CHIEF, CLERK = "lawyer", "chief", "clerk"
PEOPLE = Roster(
    ranks={LAWYER: Rank.LEGAL, CHIEF: Rank.EXECUTIVE}, deciders={CHIEF: "a"}, countries={"a": "RU"},
    manager_changes={"a": (micros(SENT - HOUR),), "stranger": (micros(SENT),)},
)  # fmt: skip


def meeting(event_id: str, *people: str, client: str = "a") -> Meeting:
    return Meeting(
        event_id, event_id, client, Direction.OUT, SENT, SENT, SENT, MeetingStatus.INVITED, CLERK, people=people
    )


def test_contacts_of_rank_are_seen_where_they_take_part_even_if_they_never_wrote() -> None:
    letter = Message("l", "a", Direction.IN, SENT, SENT, CLERK, people=(CLERK, LAWYER, CHIEF))
    table = EventTable.from_events([letter], roster=replace(PEOPLE, manager_changes={}))
    seen = np.flatnonzero(table.kind == SEEN)
    assert {(table.contacts[table.contact[row]], Rank(table.rank[row])) for row in seen} == {
        (LAWYER, Rank.LEGAL), (CHIEF, Rank.EXECUTIVE),
    }  # fmt: skip
    assert (table.at[seen] == micros(SENT)).all()
    assert set(table.ids(seen)) == {"l"}


def test_whether_a_decision_maker_was_invited_is_unknown_where_the_client_has_none_or_nobody_is_named() -> None:
    given = [
        meeting("with", CLERK, CHIEF),
        meeting("without", CLERK),
        meeting("unnamed"),
        meeting("other", CLERK, client="b"),
    ]
    table = EventTable.from_events(given, roster=replace(PEOPLE, ranks={}, manager_changes={}))
    told = dict(zip(table.event_ids.to_pylist(), table.decider.tolist(), strict=True))
    assert told == {"with": 1, "without": 0, "unnamed": -1, "other": -1}


def test_a_handing_over_is_a_row_of_its_client_at_its_instant() -> None:
    table = EventTable.from_events([Message("m", "a", Direction.IN, SENT, SENT, CLERK)], roster=PEOPLE)
    (row,) = np.flatnonzero(table.kind == HANDED_OVER)
    assert table.at[row] == table.known_at[row] == micros(SENT - HOUR)
    assert (table.clients[table.client[row]], table.contact[row], table.thread[row]) == ("a", -1, -1)
    assert len(table) == 2  # that of a client without events is nowhere


def test_deciders_and_countries_stand_beside_contacts_and_clients() -> None:
    given = [Message("m", "a", Direction.IN, SENT, SENT, CHIEF), Message("n", "b", Direction.IN, SENT, SENT, CLERK)]
    table = EventTable.from_events(given, roster=PEOPLE)
    assert dict(zip((*table.contacts, None), table.deciders.tolist(), strict=True)) == {
        CHIEF: True, CLERK: False, None: False,
    }  # fmt: skip
    assert table.countries == ("RU", None)


def test_no_text_stays() -> None:
    names = {field.name for field in fields(EventTable)}
    assert not names & {"text", "subject"}
    secret = Message("s", "a", Direction.IN, SENT, SENT, subject="confidential", text="confidential words")
    table = EventTable.from_events([secret], readings([secret]))
    assert "confidential" not in repr(table)
    assert table.words.tolist() == [2.0]


@given(st.lists(st.text(max_size=20), min_size=1, unique=True))
def test_ids_hash_to_positive_numbers_that_differ(ids: list[str]) -> None:
    hashed = hash_ids(pa.array(ids, pa.large_string()))
    assert (hashed > 0).all()
    assert len(set(hashed.tolist())) == len(ids)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_among_the_cast(kind: Kind) -> None:
    assert (builders.cast_table().kind == kind).any()
