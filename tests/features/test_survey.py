"""What the firm as a whole says: by hand, as of its Monday, by channel, and of clients that hardly change."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from exchanges import AS_OF, CALENDAR, Row, message, table_of

from churnwatch import features
from churnwatch.core.calendar import micros
from churnwatch.core.table import UNKNOWN, IntArray, hash_ids
from churnwatch.core.types import Cue
from churnwatch.features import survey
from churnwatch.features.engagement import LENGTH, SHORT_ACK
from churnwatch.features.habit import Level
from churnwatch.features.survey import FirmCounts, Survey

DAY = timedelta(days=1)
CHANNELS = ("chat", "email")
HABITS = ("length_z", "short_ack")


def said(days_before: float, *, short: bool = False, words: int = 40, **more: object) -> Row:
    """A letter from the client at nine in the morning, so many days before the as-of's midnight."""
    at = AS_OF - days_before * DAY + timedelta(hours=9)
    return message("in", at, "x", cues=int(Cue.SHORT_ACK) * short, words=words, **more)


def surveyed(rows: list[Row], *days: float) -> Survey:
    return features.surveyed(table_of(rows), instants(*(days or (0,))), CALENDAR, HABITS)


def instants(*days: float) -> IntArray:
    """As-ofs so many days after the Monday."""
    return np.array([micros(AS_OF + one * DAY) for one in days])


def rate(found: Survey, channel: str | None = None, day: float = 0) -> float:
    codes = None if channel is None else np.array([CHANNELS.index(channel)])
    return float(found.rate(SHORT_ACK, instants(day), CHANNELS, codes)[0])


def level(found: Survey) -> Level:
    return found.level(LENGTH, instants(0), CHANNELS, None)


def shrunk(hits: int, n: int) -> float:
    return (hits + 50 * 0.15) / (n + 50)


def test_a_rate_is_the_firms_drawn_to_what_is_stated_by_fifty() -> None:
    rows = [said(1 + place, short=place < 6) for place in range(20)]
    assert rate(surveyed(rows)) == pytest.approx(shrunk(6, 20))
    assert rate(surveyed(rows), "email") == pytest.approx(shrunk(6, 20))


def test_a_channel_has_its_own_rate_and_one_that_is_not_known_has_the_firms() -> None:
    chat = [said(1 + place, short=True, channel="chat") for place in range(10)]
    mail = [said(1 + place) for place in range(30)]
    found = surveyed([*chat, *mail])
    assert rate(found, "chat") == pytest.approx(shrunk(10, 10))
    assert rate(found, "email") == pytest.approx(shrunk(0, 30))
    assert rate(found) == pytest.approx(shrunk(10, 40))
    unheard = found.rate(SHORT_ACK, instants(0), ("carrier pigeon",), np.array([0, UNKNOWN]))
    assert unheard.tolist() == pytest.approx([shrunk(10, 40)] * 2)


def test_a_level_is_drawn_to_what_is_stated_and_its_weight_is_learned() -> None:
    words = (10, 12, 9, 14, 11, 60, 10, 13)
    found = level(surveyed([said(9 - place, words=one) for place, one in enumerate(words)]))
    value = np.log1p(words)
    within = 1.4826 / np.sqrt(2) * np.median(np.abs(np.diff(value)))
    whole = 1.4826 * np.median(np.abs(value - np.median(value)))
    between = np.sqrt(max(whole**2 - within**2, 0.0))
    share = 8 / 58
    spread2 = share * within**2 + (1 - share) * 0.9**2
    between2 = share * between**2 + (1 - share) * 0.7**2
    assert found.centre[0] == pytest.approx(share * np.median(value) + (1 - share) * 3.5)
    assert found.spread[0] == pytest.approx(np.sqrt(spread2))
    assert found.weight[0] == pytest.approx(spread2 / between2)


def test_people_who_differ_much_are_drawn_little_to_the_centre() -> None:
    alike = [said(1 + place, words=40 + 30 * (place // 10 % 2), client=f"c{place % 10}") for place in range(200)]
    unlike = [said(1 + place, words=4 ** (place % 10), client=f"c{place % 10}") for place in range(200)]
    assert level(surveyed(unlike)).weight[0] < 0.3
    assert level(surveyed(alike)).weight[0] > 1.0


def test_an_empty_firm_says_what_is_stated() -> None:
    for found in (Survey(), surveyed([])):
        assert rate(found) == pytest.approx(0.15)
        assert level(found).centre.tolist() == [3.5]
        assert level(found).spread.tolist() == pytest.approx([0.9])


def test_a_weeks_pool_is_that_of_its_monday() -> None:
    rows = [said(1, short=True), said(-1, short=True), said(-3, short=True)]
    found = surveyed(rows, 0, 3, 6, 7)
    assert [rate(found, day=day) for day in (0, 3, 6)] == pytest.approx([shrunk(1, 1)] * 3)
    assert rate(found, day=7) == pytest.approx(shrunk(3, 3))


def test_the_pool_looks_back_208_days() -> None:
    rows = [said(208, short=True), said(209, short=True), said(300, short=True)]
    assert rate(surveyed(rows)) == pytest.approx(shrunk(1, 1))


def test_what_became_known_later_is_in_no_pool_before() -> None:
    known_at = AS_OF + 2 * DAY
    rows = [said(1, short=True), said(5, short=True, known_at=known_at), said(6, short=True, known_at=AS_OF)]
    found = surveyed(rows, 0, 7)
    assert rate(found) == pytest.approx(shrunk(1, 1))
    assert rate(found, day=7) == pytest.approx(shrunk(3, 3))


def test_a_few_clients_are_chosen_and_one_more_changes_hardly_any() -> None:
    clients = [f"client {number}" for number in range(1000)]
    chosen = survey.pool_clients(dict.fromkeys(clients, 0))
    assert len(chosen) == survey.POOL_CLIENTS
    parts = [survey.pool_clients(dict.fromkeys(part, 0)) for part in (clients[:700], clients[700:])]
    assert survey.pool_clients(parts[0] | parts[1]).keys() >= smallest_hashes(clients)
    for newcomer in ("newcomer", "another", "third"):
        assert len(smallest_hashes(clients) - smallest_hashes([*clients, newcomer])) <= 1


def smallest_hashes(clients: list[str]) -> set[str]:
    hashed = hash_ids(pa.array(clients, pa.large_string()))
    return {clients[place] for place in np.argsort(hashed)[: survey.POOL_CLIENTS]}


def test_who_comes_later_changes_no_pool_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "POOL_CLIENTS", 3)
    early = [said(20 + place, short=place < 2, client=f"early {place}") for place in range(8)]
    late = [said(-place, short=True, client=f"late {place}") for place in range(1, 9)]
    alone, together = surveyed(early, 0), surveyed([*early, *late], 0, 14)
    assert rate(together) == rate(alone)
    assert rate(together, day=14) > rate(alone)


def test_clients_beyond_the_chosen_are_in_no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "POOL_CLIENTS", 2)
    clients = ("a", "b", "c", "d")
    chosen = smallest_hashes([*clients])
    rows = [said(1, short=True, client=client) for client in clients]
    left_out = [said(1 + place, short=False, client=client) for client in set(clients) - chosen for place in range(9)]
    assert rate(surveyed([*rows, *left_out])) == pytest.approx(shrunk(2, 2))


def test_counts_of_parts_add_up_to_those_of_the_whole() -> None:
    rows = [said(1 + place * 7, client=f"c{place % 3}", channel=CHANNELS[place % 2]) for place in range(60)]
    rows += [
        said(30, client="c1", reply_to="0"),
        said(20, client="c2", reply_to="1"),
        said(10, client="c2", automatic=True),
    ]
    as_of = instants(-70, -7, 0)
    parts = [
        survey.count(table_of([row for row in rows if row["client_id"] == client]), as_of, CALENDAR)
        for client in ("c0", "c1", "c2")
    ]
    whole, total = survey.count(table_of(rows), as_of, CALENDAR), parts[0] + parts[1] + parts[2]
    assert np.array_equal(total.edges, whole.edges)
    assert np.array_equal(total.inbound, whole.inbound)
    assert total.answering == whole.answering == {"email": micros(AS_OF - 30 * DAY + timedelta(hours=9))}


def test_the_firms_letters_are_counted_when_known_and_robots_are_not() -> None:
    rows = [
        said(1),
        said(59),
        said(60),
        said(61),
        said(3, automatic=True),
        said(2, known_at=AS_OF),
        message("out", AS_OF - DAY, "x"),
    ]
    counts: FirmCounts = survey.count(table_of(rows), instants(0), CALENDAR)
    assert Survey(counts).firm_inbound(instants(-60), instants(0)).tolist() == [3.0]
    assert Survey(counts).firm_inbound(instants(-425), instants(-60)).tolist() == [1.0]
