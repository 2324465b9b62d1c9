"""Each contact is compared with its own past: who joins or leaves is no change of manner, and who changes is."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from exchanges import AS_OF, CALENDAR, TERSE, Manner, Row, exchanges, frame_of, message, table_of, weeks

from churnwatch import features, scoring
from churnwatch.core.calendar import micros
from churnwatch.core.roster import Roster
from churnwatch.core.table import EventTable
from churnwatch.core.types import Cue
from churnwatch.features import Snapshots, Survey

Z = ("client_latency_z", "length_z")
CHANGES_OF_RATE = (
    "no_reply", "short_ack", "politeness_drop", "irritation_rate", "shouting", "blame", "repetition", "future_talk", "address_shift",
)  # fmt: skip
MOVED_BY_MANNER = ("client_latency_z", "length_z", "short_ack", "politeness_drop")

JOINS = (*exchanges("warm", weeks(40, 1)), *exchanges("terse", weeks(8, 1), TERSE))
LEAVES = (*exchanges("warm", weeks(40, 5)), *exchanges("terse", weeks(40, 1), TERSE))
CHANGES = (
    *exchanges("warm", weeks(40, 5)),
    *exchanges("warm", weeks(4, 1), TERSE),
    *exchanges("terse", weeks(40, 1), TERSE),
)


def measured(table: EventTable, names: tuple[str, ...] = features.NAMES, firm: Survey | None = None) -> Snapshots:
    index = scoring.index_of(table, ["acme"], np.array([micros(AS_OF)]))
    return features.measure(table, index, CALENDAR, names=names, firm=firm)


def value(table: EventTable, name: str, firm: Survey | None = None) -> float:
    return float(measured(table, (name,), firm).values[name][0])


@cache
def by_contact(story: str) -> pd.Series:
    return measured(table_of(list(STORIES[story]))).values.iloc[0]


@cache
def as_one(story: str) -> pd.Series:
    """The same letters as if a client were one person: what a measure of the client as a whole would see."""
    return measured(table_of([row | {"contact_id": None} for row in STORIES[story]])).values.iloc[0]


STORIES: dict[str, tuple[Row, ...]] = {"joins": JOINS, "leaves": LEAVES, "changes": CHANGES}


@pytest.mark.parametrize("story", ["joins", "leaves"])
@pytest.mark.parametrize("name", Z)
def test_who_joins_or_leaves_does_not_move_a_z(name: str, story: str) -> None:
    assert abs(by_contact(story)[name]) < 1


@pytest.mark.parametrize("story", ["joins", "leaves"])
@pytest.mark.parametrize("name", CHANGES_OF_RATE)
def test_who_joins_or_leaves_does_not_move_a_rate(name: str, story: str) -> None:
    found = by_contact(story)[name]
    assert abs(found) < 0.3 or (name == "address_shift" and np.isnan(found))


@pytest.mark.parametrize("story", ["joins", "leaves"])
@pytest.mark.parametrize("name", MOVED_BY_MANNER)
def test_a_measure_of_the_client_as_one_would_have_moved(name: str, story: str) -> None:
    risky = -1 if features.BY_NAME[name].risky == "lower" else 1
    assert risky * as_one(story)[name] > (1 if name in Z else 0.3)


@pytest.mark.parametrize("name", MOVED_BY_MANNER)
def test_a_contact_who_really_changes_moves_them(name: str) -> None:
    risky = -1 if features.BY_NAME[name].risky == "lower" else 1
    assert risky * by_contact("changes")[name] > (2 if name in Z else 0.6)


# --- whose word weighs what -----------------------------------------------------------------------------------------------

BRIEF = Manner(cues=Cue.SHORT_ACK)


def two(roster: Roster | None = None) -> EventTable:
    """One contact has taken to short answers, another writes as ever, as often."""
    rows = [*exchanges("x", weeks(40, 5)), *exchanges("x", weeks(4, 1), BRIEF), *exchanges("y", weeks(40, 1))]
    return table_of(rows, roster)


def test_a_decision_maker_counts_double() -> None:
    shares = [
        measured(two(Roster(deciders={who: "acme"})), ("short_ack",)).now["short_ack"][0]
        for who in ("y", "nobody", "x")
    ]
    assert shares == pytest.approx([1 / 3, 1 / 2, 2 / 3])


@pytest.mark.parametrize("name", ["client_latency_z", "length_z"])
def test_a_decision_makers_change_weighs_more_and_another_ones_less(name: str) -> None:
    slower = Manner(hours=3.0, words=40)
    rows = [*exchanges("x", weeks(40, 5)), *exchanges("x", weeks(4, 1), slower), *exchanges("y", weeks(40, 1))]
    risky = -1 if name == "length_z" else 1
    theirs, nobodys, decisive = (
        risky * value(table_of(rows, Roster(deciders={who: "acme"})), name) for who in ("y", "nobody", "x")
    )
    assert 0 < theirs < nobodys < decisive


@pytest.mark.parametrize("name", MOVED_BY_MANNER)
def test_a_contact_with_fewer_than_three_facts_in_its_past_says_nothing(name: str) -> None:
    plain, stranger = list(LEAVES), [*exchanges("stranger", [10]), *exchanges("stranger", weeks(4, 1), TERSE)]
    table = table_of([*plain, *stranger])
    firm = features.surveyed(table, np.array([micros(AS_OF)]), CALENDAR)
    assert value(table, name, firm) == value(table_of(plain), name, firm)
    acquainted = table_of([*plain, *stranger, *exchanges("stranger", [11])])
    assert value(acquainted, name, firm) != value(table_of(plain), name, firm)


def test_channels_of_one_contact_are_compared_apart() -> None:
    chat = Manner(hours=0.1, words=3)
    rows = [
        *exchanges("x", weeks(40, 1)),
        *exchanges("x", weeks(8, 1), chat, channel="chat"),
        *exchanges("x", weeks(4, 1), chat, channel="chat-2"),
    ]
    apart = measured(table_of(rows), Z).values.iloc[0]
    together = measured(table_of([row | {"channel": "email"} for row in rows]), Z).values.iloc[0]
    assert (apart.abs() < 1).all()
    assert together["length_z"] < -1
    assert together["client_latency_z"] < -1


def test_letters_without_a_contact_are_one_party() -> None:
    rows = exchanges(None, weeks(40, 1))
    assert value(table_of(rows), "length_z") == value(table_of([row | {"contact_id": "x"} for row in rows]), "length_z")


def test_a_party_long_unheard_of_has_no_part() -> None:
    old = [*exchanges("gone", weeks(90, 45), TERSE), *exchanges("x", weeks(40, 1))]
    firm = Survey()
    for name in MOVED_BY_MANNER:
        assert value(table_of(old), name, firm) == value(table_of(exchanges("x", weeks(40, 1))), name, firm)


def test_a_z_of_one_party_is_what_its_definition_says() -> None:
    words_before, words_now = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16), (3, 4, 5)
    rows = [
        message("in", AS_OF - pd.Timedelta(days=days + place, hours=-9), "x", words=words)
        for days, several in ((40, words_before), (5, words_now))
        for place, words in enumerate(several)
    ]
    table = EventTable.from_frame(frame_of(rows))
    before, now = np.log1p(words_before), np.log1p(words_now)
    weight = 0.9**2 / 0.7**2  # of the centre that is stated, in observations
    m = (10 * np.median(before) + weight * 3.5) / (10 + weight)
    own = 1.4826 * np.median(np.abs(before - np.median(before)))
    scale2 = (10 * own**2 + 10 * 0.9**2) / 20
    expected = (np.median(now) - m) / np.sqrt(scale2 * (1 / 3 + 1 / (10 + weight)))
    found = measured(table, ("length_z",), Survey())
    assert found.values["length_z"][0] == pytest.approx(expected)
    assert (found.now["length_z"][0], found.before["length_z"][0]) == pytest.approx((4, np.expm1(np.median(before))))


def test_a_change_of_rate_is_what_its_definition_says() -> None:
    rows = [
        message("in", AS_OF - pd.Timedelta(days=days + place, hours=-9), "x", cues=int(Cue.SHORT_ACK) * (place < hits))
        for days, several, hits in ((40, 20, 4), (5, 6, 3))
        for place in range(several)
    ]
    usual = (4 + 0.15) / (20 + 1)
    yes = 10 * 0.15
    expected = np.log((3 + yes) / (6 * usual + yes)) - np.log((3 + 10 - yes) / (6 * (1 - usual) + 10 - yes))
    found = measured(table_of(rows), ("short_ack",), Survey())
    assert found.values["short_ack"][0] == pytest.approx(expected)
    assert (found.now["short_ack"][0], found.before["short_ack"][0]) == pytest.approx((0.5, 0.2))


# --- what is asked, reminded of and waited for ------------------------------------------------------------------------------


def talk(
    contact: str, during: range, hours: float = 1.0, reminders: int = 0, question: bool = True, words: int = 60
) -> list[Row]:
    """Two questions of ours a week, so many reminders of each, and this person's answers, with a question of its own or none."""
    rows = []
    for back in during:
        for day in (0, 2):
            asked = AS_OF - pd.Timedelta(weeks=back) + pd.Timedelta(days=day, hours=9)
            thread = {"thread_id": f"{contact} {back} {day}"}
            rows += [message("out", asked + pd.Timedelta(minutes=n), contact, **thread) for n in range(1 + reminders)]
            answered = asked + pd.Timedelta(hours=hours * (1 + 0.05 * (back % 5 - 2)))
            rows.append(message("in", answered, contact, question=question, words=words, **thread))
    return rows


def asked_now(contact: str) -> Row:
    """A question of ours that has been open since noon of the last Friday."""
    return message("out", AS_OF - pd.Timedelta(days=2, hours=12), contact, thread_id=f"open {contact}")


OTHERWISE: dict[str, dict[str, float | bool]] = {
    "question_rate": {"question": False},
    "nudges": {"reminders": 2},
    "client_latency_slope": {"hours": 8.0},
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_who_joins_with_another_manner_is_no_change(name: str) -> None:
    rows = [*talk("old", weeks(40, 1)), *talk("new", weeks(8, 1), **OTHERWISE[name])]
    as_one = [row | {"contact_id": None} for row in rows]
    assert value(table_of(rows), name) == pytest.approx(value(table_of(talk("old", weeks(40, 1))), name), abs=0.05)
    assert abs(value(table_of(as_one), name)) > 0.2


@pytest.mark.parametrize("name", OTHERWISE)
def test_who_takes_to_another_manner_is_one(name: str) -> None:
    rows = [*talk("x", weeks(40, 5)), *talk("x", weeks(4, 1), **OTHERWISE[name]), *talk("y", weeks(40, 1))]
    risky = -1 if features.BY_NAME[name].risky == "lower" else 1
    assert risky * value(table_of(rows), name) > 0.2


def test_questions_are_those_that_each_partys_own_rate_would_give() -> None:
    rows = [*talk("x", weeks(20, 5)), *talk("x", weeks(4, 1), question=False), *talk("y", weeks(20, 1), words=30)]
    found = measured(table_of(rows), ("question_rate",))
    told = [float(part["question_rate"][0]) for part in (found.values, found.now, found.before)]
    words, before = 8 * (60 + 30), 8 + 8
    assert told == pytest.approx([-100 * 8 / words, 100 * 8 / words, 100 * before / words])


def test_a_question_to_someone_slow_is_open_no_longer_than_usual() -> None:
    """Six hours are much to who answers within one, and little to who takes a working day."""
    rows = [*talk("quick", weeks(30, 1)), *talk("slow", weeks(30, 1), hours=20.0)]
    quick, slow = (measured(table_of([*rows, asked_now(who)]), ("open_wait",)) for who in ("quick", "slow"))
    assert quick.values["open_wait"][0] > 1.5
    assert slow.values["open_wait"][0] == pytest.approx(0, abs=0.01)
    assert quick.now["open_wait"][0] == slow.now["open_wait"][0]
    assert quick.before["open_wait"][0] < slow.before["open_wait"][0]


def test_of_several_open_questions_the_most_unusual_one_tells() -> None:
    rows = [*talk("quick", weeks(30, 1)), *talk("slow", weeks(30, 1), hours=20.0)]
    both = table_of([*rows, asked_now("quick"), asked_now("slow")])
    assert value(both, "open_wait") == value(table_of([*rows, asked_now("quick")]), "open_wait")


def test_a_question_to_someone_unknown_says_nothing() -> None:
    rows = talk("quick", weeks(30, 1))
    assert value(table_of([*rows, asked_now("stranger")]), "open_wait") == 0.0
    assert np.isnan(value(table_of([asked_now("stranger")]), "open_wait"))
