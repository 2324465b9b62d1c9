"""When the tone model changes, what it did not read is read again, whatever happens on the way."""

import multiprocessing
import signal
from pathlib import Path

import firms
import pytest
from firms import Firm, rows

from churnwatch import rereading, scoring

_runs = multiprocessing.get_context("forkserver")
_runs.set_forkserver_preload(["churnwatch.nightly", "pytest"])

MUTED = '[tone]\nmuted = ["сколько можно"]\n[delivery]\nfolder = "outbox"'
MESSAGES = "SELECT count(*) FROM events WHERE kind = 0 AND words IS NOT NULL"
READ_BY = "SELECT read_by, count(*) FROM events WHERE read_by IS NOT NULL GROUP BY read_by ORDER BY read_by"
READINGS = "SELECT client_id, event_id, words, irritation, warmth, cues, promise_due, delivers, read_by FROM events ORDER BY 1, 2"


@pytest.fixture(scope="module")
def read_firm(firm_files: Firm, tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """After a night of the model that ships."""
    firm = firm_files.copy(tmp_path_factory.mktemp("read"))
    firm.set("[privacy]\nkeep_text = true")
    firm.night()
    return firm


@pytest.fixture
def changed(read_firm: Firm, tmp_path: Path) -> Firm:
    """The same firm, which has learned since that a phrase means nothing there."""
    firm = read_firm.copy(tmp_path / "changed")
    firm.set(MUTED)
    return firm


@pytest.fixture(scope="module")
def undisturbed(read_firm: Firm, tmp_path_factory: pytest.TempPathFactory) -> firms.Rows:
    """The readings that are left where all is read again in one go."""
    firm = read_firm.copy(tmp_path_factory.mktemp("undisturbed"))
    firm.set(MUTED)
    reread(firm)
    return rows(firm, READINGS)


def reread(firm: Firm, most: int | None = None) -> rereading.Reread:
    with firm.open() as store:
        return rereading.reread(firm.config, store, most)


def model_of(firm: Firm) -> str:
    return scoring.reader_of(firm.config).model_id


def test_every_reading_is_kept_with_the_model_that_made_it(read_firm: Firm) -> None:
    ((messages,),) = rows(read_firm, MESSAGES)
    assert rows(read_firm, READ_BY) == [(model_of(read_firm), messages)]


def test_while_the_model_is_the_same_nothing_is_read_again(read_firm: Firm) -> None:
    assert reread(read_firm) == rereading.Reread(model_of(read_firm), 0, 0, 0)


def test_after_a_change_all_is_read_again_and_as_a_new_firm_would_read_it(
    changed: Firm, undisturbed: firms.Rows, firm_files: Firm, tmp_path: Path
) -> None:
    ((messages,),) = rows(changed, MESSAGES)
    assert reread(changed) == rereading.Reread(model_of(changed), messages, 0, 0)
    assert rows(changed, READ_BY) == [(model_of(changed), messages)]
    fresh = firm_files.copy(tmp_path / "fresh")
    fresh.set(MUTED)
    fresh.night()
    assert rows(changed, READINGS) == rows(fresh, READINGS) == undisturbed


def test_a_few_at_a_time_come_to_the_same_end(changed: Firm, undisturbed: firms.Rows) -> None:
    first = reread(changed, 400)
    assert (first.read, first.waiting > 0) == (400, True)
    second = reread(changed, first.waiting + 7)
    assert (second.read, second.waiting) == (first.waiting, 0)
    assert rows(changed, READINGS) == undisturbed


def _die_rereading(folder: Path, nth: int, *, after: bool) -> None:
    rereading._MESSAGES_AT_ONCE = 100
    firm = Firm(folder)
    firms.die_at_call("churnwatch.store.readings:Readings.put", nth, after=after)
    reread(firm)


@pytest.mark.parametrize(("nth", "after"), [(1, False), (1, True), (3, False), (5, True)])
def test_a_run_that_was_killed_is_taken_up_where_it_stood(
    changed: Firm, undisturbed: firms.Rows, nth: int, after: bool
) -> None:
    run = _runs.Process(target=_die_rereading, args=(changed.folder, nth), kwargs={"after": after})
    run.start()
    run.join(60)
    assert run.exitcode == -signal.SIGKILL
    done = 100 * (nth if after else nth - 1)
    assert dict(rows(changed, READ_BY)).get(model_of(changed), 0) == done
    ((messages,),) = rows(changed, MESSAGES)
    assert reread(changed).read == messages - done
    assert rows(changed, READINGS) == undisturbed


# --- in the night -----------------------------------------------------------------------------------------------------


def test_the_night_reads_again_by_itself_and_then_believes_what_a_new_firm_would(
    firm: Firm, firm_files: Firm, tmp_path: Path
) -> None:
    firm.night()
    ((messages,),) = rows(firm, MESSAGES)
    firm.set(MUTED)
    night = firm.night()
    assert night.problems == ()
    assert night.stages[0].counts["read_again"] == messages
    fresh = firm_files.copy(tmp_path / "fresh")
    fresh.set(MUTED)
    fresh.night()
    beliefs = "SELECT client_id, numbers FROM snapshots ORDER BY client_id"
    assert rows(firm, beliefs) == rows(fresh, beliefs)
    assert "read_again" not in firm.night().stages[0].counts


def test_a_night_that_cannot_read_all_again_says_so_in_a_line(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.night()
    ((messages,),) = rows(firm, MESSAGES)
    firm.set(MUTED)
    monkeypatch.setattr("churnwatch.nightly._MOST_READ_AGAIN", 100)
    (problem,) = firm.night().problems
    assert problem.startswith(f"{messages - 100} messages are still read by another tone model")
    assert "churnwatch retone" in problem


# --- where texts are not kept -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wordless(firm_files: Firm, tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """After a night of a firm that keeps no texts."""
    firm = firm_files.copy(tmp_path_factory.mktemp("wordless"))
    firm.set("[privacy]\nkeep_text = false")
    firm.night()
    return firm


def test_without_texts_the_night_reads_the_sources_again(
    wordless: Firm, undisturbed: firms.Rows, tmp_path: Path
) -> None:
    firm = wordless.copy(tmp_path / "firm")
    firm.set(MUTED)
    assert firm.night().problems == ()
    assert rows(firm, READINGS) == undisturbed
    assert rows(firm, "SELECT count(*) FROM texts WHERE text IS NOT NULL") == [(0,)]


def test_what_no_source_tells_any_more_stays_as_it_was_read_and_is_counted(wordless: Firm, tmp_path: Path) -> None:
    firm = wordless.copy(tmp_path / "firm")
    before = dict(rows(firm, READ_BY))
    firm.mailbox.unlink()
    firm.set(MUTED)
    assert reread(firm).without_text == sum(before.values())
    lost = firm.night().stages[0].counts["read_otherwise"]
    after = dict(rows(firm, READ_BY))
    assert lost == after[model_of(wordless)] > 0
    assert after[model_of(firm)] == sum(before.values()) - lost
