import multiprocessing
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import firms
import pytest
from alert_peers import MailPeer, mail_peer
from firms import NOW, Firm, state

# A server process has loaded the program once; each night then dies in a child of it.
_nights = multiprocessing.get_context("forkserver")
_nights.set_forkserver_preload(["churnwatch.nightly", "pytest"])

COMMIT, SENT = "churnwatch.store.ingest:Ingest.commit", "churnwatch.store.outbox:Outbox.sent"
CASE_OPENED = "churnwatch.store.cases:Cases.open"

Dump = dict[str, firms.Rows]


@pytest.fixture(scope="module")
def post() -> Iterator[MailPeer]:
    with mail_peer() as peer:
        yield peer


@pytest.fixture(scope="module")
def mailing(firm_files: Firm, post: MailPeer, tmp_path_factory: pytest.TempPathFactory) -> Firm:
    firm = firm_files.copy(tmp_path_factory.mktemp("mailing"))
    firm.set(
        f'[delivery.email]\nhost = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\nsender = "churnwatch@buro.example"'
    )
    return firm


@pytest.fixture(scope="module")
def undisturbed(mailing: Firm, tmp_path_factory: pytest.TempPathFactory) -> Dump:
    """What is left by a night that nothing happened to."""
    firm = mailing.copy(tmp_path_factory.mktemp("undisturbed"))
    firm.night()
    return state(firm)


def kill(firm: Firm, place: str, nth: int, *, after: bool) -> None:
    night = _nights.Process(target=firms.die_at, args=(firm.folder, place, nth), kwargs={"after": after})
    night.start()
    night.join(60)
    assert night.exitcode == -signal.SIGKILL, "the night never came to the place where it was to die"


@pytest.mark.parametrize(
    ("place", "nth", "after"),
    [
        pytest.param(COMMIT, 1, True, id="after the first batch"),
        pytest.param(COMMIT, 3, False, id="before anyone's mail"),
        pytest.param(COMMIT, 4, True, id="after the first batch of mail"),
        pytest.param(COMMIT, 5, True, id="in the second mailbox"),
        pytest.param("churnwatch.store.ingest:put_parties", 2, True, id="within a batch of contacts"),
        pytest.param("churnwatch.store.ingest:add_events", 4, True, id="within a batch of mail"),
        pytest.param("churnwatch.store.ingest:put", 5, False, id="between a tally and the cursor behind it"),
        pytest.param("churnwatch.store.ingest:Ingest.reset", 2, True, id="while forgetting the cursors"),
        pytest.param(
            "churnwatch.store.ingest:Ingest.read_well", 3, False, id="before it is noted that the mail was read"
        ),
        pytest.param("churnwatch.store.scores:Scores.put_snapshots", 1, True, id="after the snapshot"),
        pytest.param("churnwatch.store.scores:put", 3, True, id="in the middle of the risks"),
        pytest.param("churnwatch.store.scores:Scores.put_risks", 1, True, id="after the risks"),
        pytest.param(CASE_OPENED, 1, True, id="between two cases"),
        pytest.param("churnwatch.store.cases:add_parcels", 2, False, id="between a case and its notices"),
        pytest.param(CASE_OPENED, 3, True, id="before anything is sent"),
    ],
)
def test_a_night_that_was_killed_and_started_again_ends_as_if_nothing_had_happened(
    mailing: Firm, undisturbed: Dump, post: MailPeer, tmp_path: Path, place: str, nth: int, after: bool
) -> None:
    firm = mailing.copy(tmp_path / "firm")
    post.mails.clear()
    kill(firm, place, nth, after=after)
    assert post.mails == []
    assert state(firm) != undisturbed
    assert firm.night().problems == ()
    assert state(firm) == undisturbed
    assert len(post.mails) == 3


def test_a_night_started_again_gives_no_manager_more_than_the_week_holds(
    mailing: Firm, post: MailPeer, tmp_path: Path
) -> None:
    firm = mailing.copy(tmp_path / "firm")
    firm.set("[policy]\nper_manager_per_week = 1")
    post.mails.clear()
    kill(firm, CASE_OPENED, 2, after=True)
    night = firm.night()
    assert night.stages[3].counts == {"opened": 0, "held_below_band": 1, "held_budget": 1, "held_open_case": 2}
    assert sorted(mail["To"] for mail in post.mails) == ["anna@buro.example", "ben@buro.example"]


@pytest.mark.parametrize(("nth", "again"), [(1, 1), (3, 1)])
def test_a_notice_sent_but_not_marked_is_sent_again_recognisably(
    mailing: Firm, undisturbed: Dump, post: MailPeer, tmp_path: Path, nth: int, again: int
) -> None:
    firm = mailing.copy(tmp_path / "firm")
    post.mails.clear()
    kill(firm, SENT, nth, after=False)
    assert len(post.mails) == nth
    at_once = firm.night(now=NOW + timedelta(minutes=1))
    assert len(post.mails) == nth, "the dead night still holds its notices"
    assert f"not out yet: {3 - nth + again}" in "".join(at_once.problems)
    assert firm.night(now=NOW + timedelta(hours=1)).problems == ()
    assert state(firm) == undisturbed
    assert len(post.mails) == 3 + again
    ids = [mail["Message-ID"] for mail in post.mails]
    assert len(set(ids)) == 3
    assert ids.count(ids[nth - 1]) == 2


def test_a_night_killed_twice_still_ends_well(mailing: Firm, undisturbed: Dump, post: MailPeer, tmp_path: Path) -> None:
    firm = mailing.copy(tmp_path / "firm")
    post.mails.clear()
    kill(firm, COMMIT, 4, after=True)
    kill(firm, CASE_OPENED, 2, after=True)
    firm.night()
    assert state(firm) == undisturbed
    assert len(post.mails) == 3
