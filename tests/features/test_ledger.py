"""The ledger says what a look at all events says, whatever a firm was told, took back or learned late; and it is never trusted blindly."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import builders
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import random_tables
from hypothesis import given
from hypothesis import strategies as st

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.interchange import frame_of_events
from churnwatch.core.roster import Rank, Roster
from churnwatch.core.table import US_PER_DAY, EventTable
from churnwatch.features.ledger import ledger, shelf, volume
from churnwatch.features.ledger.ledger import Ledger

OFFICE = BusinessCalendar("Europe/Berlin", "DE")
FIRST_NIGHT = random_tables.BEGIN + pd.Timedelta(days=500)


class Firm:
    """A firm's events as a store keeps them: every write has a number, and tells whose older events it changed."""

    def __init__(self, events: pd.DataFrame) -> None:
        self.number = 1
        self.rows = events.assign(changed=1)
        self.rewritten: dict[str, int] = {}

    def write(self, new: pd.DataFrame, gone: Sequence[str] = (), altered: Sequence[str] = ()) -> None:
        self.number += 1
        touched = self.rows["event_id"].isin([*gone, *altered])
        self.rewritten |= dict.fromkeys(self.rows["client_id"][touched], self.number)
        self.rows.loc[self.rows["event_id"].isin(altered), "irritation"] = 0.75
        left = self.rows[~self.rows["event_id"].isin(gone)]
        self.rows = pd.concat([left, new.assign(changed=self.number)], ignore_index=True)

    def changes_after(self, number: int) -> tuple[int, list[str]]:
        return self.number, sorted(client for client, changed in self.rewritten.items() if changed > number)

    def events(self, client_ids: Sequence[str] | None = None, changed_after: int | None = None) -> pa.Table:
        rows = self.rows
        rows = rows if client_ids is None else rows[rows["client_id"].isin(client_ids)]
        rows = rows if changed_after is None else rows[rows["changed"] > changed_after]
        return pa.Table.from_pandas(rows.drop(columns="changed"), preserve_index=False)


def midnight(night: pd.Timestamp) -> int:
    return micros(OFFICE.midnight(night.date()))


def look_at_all(firm: Firm, roster: Roster, as_of: int) -> tuple[tuple[str, ...], features.Snapshots]:
    known = firm.rows[firm.rows["known_at"] < pd.Timestamp(as_of, unit="us", tz="UTC")]
    table = EventTable.from_frame(known, roster)
    index = scoring.index_of(table, table.clients, np.full(len(table.clients), as_of))
    return table.clients, features.measure(table, index, OFFICE)


def assert_says_the_same(found: Ledger, firm: Firm, roster: Roster) -> None:
    clients, expected = look_at_all(firm, roster, found.as_of)
    told = ledger.measured(found, clients, OFFICE)
    assert told.unconnected == expected.unconnected
    for part in ("values", "now", "before"):
        pd.testing.assert_frame_equal(getattr(told, part), getattr(expected, part), rtol=1e-11, atol=1e-12)


@st.composite
def stories(draw: st.DrawFn) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Events, and nights: how many days on, what then is taken back or altered, and who moves abroad under a new manager."""
    frame = random_tables.frame_of_rows(draw(st.lists(random_tables.event_rows(), min_size=5, max_size=60)))
    some = st.lists(st.sampled_from(frame["event_id"].to_list()), max_size=2)
    nights = st.fixed_dictionaries(
        {"days": st.integers(1, 90), "gone": some, "altered": some, "moves": st.sampled_from([None, None, "a", "b"])}
    )
    return frame, draw(st.lists(nights, min_size=1, max_size=4))


def live_through(
    frame: pd.DataFrame,
    nights: Sequence[dict[str, Any]],
    folder: Path,
    lag: pd.Series,
    first: pd.Timestamp = FIRST_NIGHT,
) -> None:
    """Every night the firm is told what came to be known, some of it weeks late; every night the ledger agrees with all events."""
    roster, evening = random_tables.ROSTER, first
    came = frame["known_at"] + lag
    firm = Firm(frame[came < evening])
    kept = shelf.Shelf(folder, "stamp")
    ledger.night(kept, firm, roster, midnight(evening), OFFICE)
    for plan in nights:
        later = evening + pd.Timedelta(days=plan["days"])
        firm.write(frame[(came >= evening) & (came < later)], plan["gone"], plan["altered"])
        evening = later
        if plan["moves"]:
            moved = {plan["moves"]: (midnight(evening - pd.Timedelta(days=9)),)}
            roster = replace(roster, countries={**roster.countries, plan["moves"]: "FR"}, manager_changes=moved)
        found, _ = ledger.night(kept, firm, roster, midnight(evening), OFFICE)
        assert_says_the_same(found, firm, roster)


@given(story=stories(), size=st.sampled_from([10, 10**6]), lags=st.integers(0, 10**6))
def test_after_any_nights_it_says_what_all_events_say(
    story: tuple[pd.DataFrame, list[dict[str, Any]]], size: int, lags: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    frame, nights = story
    lag = pd.Series(np.random.default_rng(lags).choice([0, 0, 0, 20], len(frame)), index=frame.index)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "_VOLUME_EVENTS", size)
        live_through(frame, nights, tmp_path_factory.mktemp("ledger"), pd.to_timedelta(lag, unit="D"))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_busy_firm_over_a_year_and_a_half_of_nights(seed: int, tmp_path: Path) -> None:
    """Long enough that almost all is put away, several times over."""
    rows = random_tables.dense(seed, clients=2, late_share=0.05)
    for years in (1, 2):
        earlier = random_tables.dense(seed + 10 * years, clients=2, late_share=0.05)
        back = pd.Timedelta(days=365 * years)
        rows += [{name: _earlier(value, back) for name, value in row.items()} for row in earlier]
    frame = random_tables.frame_of_rows(rows)
    lag = pd.to_timedelta(pd.Series(np.where(frame.index % 50 == 7, 20, 0), index=frame.index), unit="D")
    nights = [{"days": 25, "gone": ["3"], "altered": ["5", "900"], "moves": None}] * 22
    live_through(frame, nights, tmp_path, lag, first=pd.Timestamp("2024-03-01", tz="UTC"))


def _earlier(value: object, back: pd.Timedelta) -> object:
    return value - back if isinstance(value, pd.Timestamp) else value


@pytest.fixture
def steady() -> Firm:
    return Firm(frame_of_events(builders.cast(), {}))


NIGHT = pd.Timestamp(builders.AS_OF, tz="UTC")


def test_rows_out_of_reach_are_put_away(steady: Firm) -> None:
    years_on = midnight(NIGHT + pd.Timedelta(days=900))
    found = ledger.begun(steady, Roster(), years_on, OFFICE)
    assert found.events < len(steady.rows) / 2
    assert_says_the_same(found, steady, Roster())


def test_a_quiet_night_leaves_the_files_alone(steady: Firm, tmp_path: Path) -> None:
    kept = shelf.Shelf(tmp_path, "stamp")
    ledger.night(kept, steady, Roster(), midnight(NIGHT), OFFICE)
    before = {path.name: path.stat().st_ino for path in tmp_path.glob("*.base.npz")}
    ledger.night(kept, steady, Roster(), midnight(NIGHT) + US_PER_DAY, OFFICE)
    assert {path.name: path.stat().st_ino for path in tmp_path.glob("*.base.npz")} == before


def test_files_are_nobody_elses(steady: Firm, tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    folder.mkdir(mode=0o755)
    shelf.Shelf(folder, "stamp").write(ledger.begun(steady, Roster(), midnight(NIGHT), OFFICE).volumes)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_draft_that_a_killed_night_left_is_swept_away(steady: Firm, tmp_path: Path) -> None:
    left = tmp_path / "0000.base.0123.part"
    left.touch()
    shelf.Shelf(tmp_path, "stamp").write(ledger.begun(steady, Roster(), midnight(NIGHT), OFFICE).volumes)
    assert {path.suffix for path in tmp_path.iterdir()} == {".npz"}


def test_an_earlier_midnight_is_measured_and_changes_nothing(steady: Firm, tmp_path: Path) -> None:
    kept = shelf.Shelf(tmp_path, "stamp")
    ledger.night(kept, steady, Roster(), midnight(NIGHT), OFFICE)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    found, problems = ledger.night(kept, steady, Roster(), midnight(NIGHT) - 40 * US_PER_DAY, OFFICE)
    assert_says_the_same(found, steady, Roster())
    assert problems == ()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_a_channel_that_learns_to_name_answers_in_hindsight_gets_a_new_ledger(steady: Firm) -> None:
    """Threads of years ago are others then, of all clients."""
    found = ledger.begun(steady, Roster(), midnight(NIGHT), OFFICE)
    old = steady.rows.nsmallest(1, "at").drop(columns="changed")
    steady.write(old.assign(event_id="new", client_id="newcomer", kind="message", channel="telex", reply_to="never"))
    assert ledger.tonight(found.volumes, steady, Roster(), midnight(NIGHT) + US_PER_DAY, OFFICE) is None


@pytest.mark.parametrize("killed_after", range(6))
def test_a_night_killed_between_two_writes_is_made_up_for(
    steady: Firm, tmp_path: Path, killed_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "_VOLUME_EVENTS", len(steady.rows) // 3)
    monkeypatch.setattr(volume, "_MOST_NEW", 0.0)  # so that every night writes bases too
    newest = steady.rows.nlargest(60, "at")
    firm = Firm(steady.rows.drop(index=newest.index).drop(columns="changed"))
    kept = shelf.Shelf(tmp_path, "stamp")
    kept.write(ledger.begun(firm, Roster(), midnight(NIGHT), OFFICE).volumes)
    firm.write(newest.drop(columns="changed"))
    writes = 0
    replace_file = Path.replace

    def until_killed(draft: Path, path: Path) -> Path:
        nonlocal writes
        if writes == killed_after:
            raise KeyboardInterrupt
        writes += 1
        return replace_file(draft, path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", until_killed)
        with pytest.raises(KeyboardInterrupt):
            ledger.night(kept, firm, Roster(), midnight(NIGHT) + US_PER_DAY, OFFICE)
    again, problems = ledger.night(kept, firm, Roster(), midnight(NIGHT) + US_PER_DAY, OFFICE)
    assert problems == ()
    assert_says_the_same(again, firm, Roster())


def test_one_that_was_not_begun_to_its_end_is_refused(
    steady: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "_VOLUME_EVENTS", len(steady.rows) // 3)
    kept = shelf.Shelf(tmp_path, "stamp")
    kept.write(ledger.begun(steady, Roster(), midnight(NIGHT), OFFICE).volumes)
    (tmp_path / "0002.base.npz").unlink()
    with pytest.raises(shelf.UnusableLedgerError, match="not written to its end"):
        kept.read()


@pytest.mark.parametrize("damage", ["cut", "altered", "text"])
def test_a_damaged_file_is_told_of_and_begun_anew(steady: Firm, tmp_path: Path, damage: str) -> None:
    kept = shelf.Shelf(tmp_path, "stamp")
    kept.write(ledger.begun(steady, Roster(), midnight(NIGHT), OFFICE).volumes)
    path = tmp_path / "0000.base.npz"
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(
        {
            "cut": whole[:middle],
            "altered": whole[:middle]
            + bytes(255 - byte for byte in whole[middle : middle + 64])
            + whole[middle + 64 :],
            "text": b"a ledger",
        }[damage]
    )
    found, problems = ledger.night(kept, steady, Roster(), midnight(NIGHT), OFFICE)
    assert [problem for problem in problems if "damaged" in problem and "anew" in problem]
    assert_says_the_same(found, steady, Roster())
    assert kept.read()


def test_one_made_for_something_else_is_refused(steady: Firm, tmp_path: Path) -> None:
    head = Roster(ranks={"chief": Rank.HEAD})
    stamps = {
        shelf.stamp_of(*made_for) for made_for in ((OFFICE, Roster()), (OFFICE, head), (BusinessCalendar(), Roster()))
    }
    assert len(stamps) == 3
    shelf.Shelf(tmp_path, "one").write(ledger.begun(steady, Roster(), midnight(NIGHT), OFFICE).volumes)
    with pytest.raises(shelf.UnusableLedgerError, match="another version"):
        shelf.Shelf(tmp_path, "other").read()


def test_where_there_is_none_there_are_no_volumes(tmp_path: Path) -> None:
    assert shelf.Shelf(tmp_path / "nowhere", "stamp").read() == []
