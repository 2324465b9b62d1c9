"""The command on a small mailing list of its own: whole catalogue, texts read and dropped, test part left alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import ablation, communities, families
from churnwatch import scoring
from churnwatch.core.table import EVENT_COLUMNS, US_PER_DAY
from churnwatch.model.candidates import RFM

PEOPLE, TRAIN_TO = 60, "2003-12-31"
DAY_S = 86_400
BEGIN, END = (int(pd.Timestamp(day, tz="UTC").timestamp()) for day in ("2000-01-01", "2006-01-01"))
TEXTS = ("Could you send the figures for the second quarter?", "ok", "This is the third time I am asking!!!")


def write_list(folder: Path) -> None:
    """People who write weekly until they fall silent; the host answers two mails of three."""
    dice = np.random.default_rng(7)
    mails: list[tuple[int, str, str, str | None, str]] = []
    ends: dict[str, int] = {}
    for number in range(PEOPLE):
        person = f"person-{number:02d}"
        at = BEGIN + int(dice.integers(900)) * DAY_S
        ends[person] = at + int(dice.exponential(1200) + 120) * DAY_S
        while at < min(ends[person], END):
            msgid = f"m{len(mails)}"
            mails.append((at, person, msgid, None, TEXTS[int(dice.integers(3))]))
            if dice.random() < 2 / 3:
                mails.append((at + 3_600, "host", f"m{len(mails)}", msgid, "Here they are. Best regards"))
            at += int(dice.exponential(7) * DAY_S) + 60
    table = pd.DataFrame(mails, columns=["ts", "person", "msgid", "parent", "own_text"])
    table.to_parquet(folder / "mail_linux_mips.parquet")
    rows = []
    for quarter in range(BEGIN + 180 * DAY_S, END - 180 * DAY_S, 91 * DAY_S):
        for person, end in ends.items():
            sent = table.loc[table["person"] == person, "ts"]
            if (sent < quarter).sum() >= 3 and end > quarter - 60 * DAY_S:
                rows.append((person, float(quarter), int(not sent.between(quarter, quarter + 180 * DAY_S).any())))
    pd.DataFrame(rows, columns=["pid", "snap", "y"]).to_parquet(folder / "mail_linux_mips.snapshots.parquet")


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The list in place of the public one; the same code with fewer penalties and draws."""
    folder = tmp_path_factory.mktemp("list")
    write_list(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(communities, "DATA", folder)
        patch.setitem(communities.SETS, "mail", (communities.mail_events, "mail_linux_mips", TRAIN_TO))
        patch.setattr(ablation, "_PENALTIES", (0.01, 0.1))
        patch.setattr(families, "_ROUNDS", 50)
        yield folder


def printed(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert families.main(arguments) == 0
    return capsys.readouterr().out


def test_the_families_are_the_catalogue_with_rfm_apart() -> None:
    found = families.families()
    assert found["rfm"] == list(RFM)
    assert sorted(name for columns in found.values() for name in columns) == sorted(scoring.SIGNAL_NAMES)
    assert "recency" not in found["activity"]


def test_texts_are_read_and_dropped(data: Path) -> None:
    table = families.events("mail", with_text=True)
    mails = pd.read_parquet(data / "mail_linux_mips.parquet")
    assert len(table) == len(mails) + mails["parent"].notna().sum()
    assert not np.isnan(table.words).any()
    assert (table.irritation > 0.5).any()
    assert not any(set(TEXTS) & set(np.unique(getattr(table, name).astype(str))) for name in EVENT_COLUMNS)


def test_without_texts_nothing_is_known_of_words() -> None:
    table = families.events("mail", with_text=False)
    assert np.isnan(table.words).all()


def test_times_are_those_of_the_list() -> None:
    table = families.events("mail", with_text=False)
    assert BEGIN <= table.at.min() / 1_000_000 < table.at.max() / 1_000_000 < END + DAY_S


def test_rows_that_teach_were_complete_before_the_judged_rows_begin() -> None:
    table = families.events("mail", with_text=False)
    measured, split = families.measure(table, communities.cohort("mail_linux_mips", TRAIN_TO))
    complete = measured.as_of[split.train] + communities.HORIZON_DAYS * US_PER_DAY
    assert complete.max() <= measured.as_of[split.test].min()
    assert len(split.train) > 100


def test_the_report_has_a_verdict_for_each_family(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed("mail", capsys=capsys).splitlines()
    assert lines[0] == "== mail =="
    verdicts = dict(line.split(": ") for line in lines if line.split(":")[0] in families.families())
    assert verdicts.keys() == families.families().keys()
    assert set(verdicts.values()) <= {
        "is what the others must add to", "adds", "adds nothing measurable", "harms", "nothing of it is known here",
    }  # fmt: skip
    assert verdicts["rfm"] == "is what the others must add to"
    assert verdicts["account"] == "nothing of it is known here"


def test_the_test_part_is_left_alone_on_demand(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = printed("mail", "--train-only", "--without-text", "--json", capsys=capsys)
    path = data / "mail_linux_mips.snapshots.parquet"
    snapshots = pd.read_parquet(path)
    later = snapshots["snap"] > pd.Timestamp(TRAIN_TO, tz="UTC").timestamp()
    turned = snapshots.assign(y=snapshots["y"].where(~later, 1 - snapshots["y"]))
    turned.to_parquet(path)
    after = printed("mail", "--train-only", "--without-text", "--json", capsys=capsys)
    snapshots.to_parquet(path)
    assert after == before
    found = json.loads(before)["mail"]
    assert found["judged_rows"] < (~later).sum()
    assert {"tone", "exit_words"} <= set(found["unmeasured"])
    assert found["verdicts"].keys() == {family["name"] for family in found["families"]}


def test_a_checkout_without_the_sets_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(communities, "DATA", tmp_path / "absent")
    assert families.main([]) == 1
    assert "not there" in capsys.readouterr().out
