"""The sceptic's question on a synthetic community: learn before, predict after, look at nothing later."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import community
import numpy as np
import pandas as pd
import pytest

from churnwatch import backtest
from churnwatch.backtest import Report
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.interchange import frame_of_events
from churnwatch.model import calibration, forest
from churnwatch.model.opponents import OPPONENTS

CALENDAR = BusinessCalendar(always_open=True)
HORIZON_DAYS = 90
TRAIN_DAYS = tuple(community.FIRST_DAY + timedelta(weeks=weeks) for weeks in range(14, 58, 3))
TEST_DAYS = tuple(community.FIRST_DAY + timedelta(weeks=weeks) for weeks in (64, 70))


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """The same code with fewer trees and draws."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "_TREES", 25)
        patch.setattr(calibration, "_ROUNDS", 10)
        patch.setattr(backtest, "_ROUNDS", 50)
        yield


def cohort_of(days: tuple[date, ...], split: str) -> pd.DataFrame:
    """A row per day and client that is there on the day."""
    firm = community.community()
    ends = firm.ends()
    rows = [
        (client, day.isoformat(), int(client in ends and ends[client] < day + timedelta(HORIZON_DAYS)), split)
        for day in days
        for client, joined in firm.joined.items()
        if joined + timedelta(28) <= day and ends.get(client, date.max) > day
    ]
    return pd.DataFrame(rows, columns=["client_id", "as_of", "churned", "split"])


@dataclass(frozen=True, slots=True)
class Bench:
    """Files of one backtest."""

    folder: Path

    def events(self, known_before: date | None = None) -> Path:
        path = self.folder / f"events-{known_before}.parquet"
        if not path.exists():
            frame = frame_of_events(community.community().events, {})
            if known_before is not None:
                frame = frame[frame["known_at"] < pd.Timestamp(known_before, tz="UTC")]
            frame.dropna(axis="columns", how="all").to_parquet(path)
        return path

    def run(self, cohort: pd.DataFrame, name: str = "run.parquet", known_before: date | None = None) -> Report:
        cohort_path = self.folder / f"cohort-{name}.csv"
        cohort.to_csv(cohort_path, index=False)
        return backtest.run(
            self.events(known_before), cohort_path, HORIZON_DAYS, CALENDAR, yearly_churn=0.3, seed=1,
            predictions_path=self.folder / name,
        )  # fmt: skip

    def predictions(self, name: str = "run.parquet") -> pd.DataFrame:
        path = self.folder / name
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, parse_dates=["as_of"])


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("backtest"))


@pytest.fixture(scope="module")
def cohort() -> pd.DataFrame:
    """Late train rows have horizons that reach into the test: they must be purged."""
    unknown = pd.DataFrame(
        {"client_id": ["unheard-of"], "as_of": [TEST_DAYS[0].isoformat()], "churned": [0], "split": ["test"]}
    )
    return pd.concat([cohort_of(TRAIN_DAYS, "train"), cohort_of(TEST_DAYS, "test"), unknown], ignore_index=True)


@pytest.fixture(scope="module")
def report(bench: Bench, cohort: pd.DataFrame) -> Report:
    return bench.run(cohort)


def few_losses(cohort: pd.DataFrame) -> pd.DataFrame:
    """Too few to learn from, so that the prior serves: for what does not depend on the model."""
    return cohort[(cohort["split"] == "test") | (cohort["churned"] == 0)].reset_index(drop=True)


# --- learning -----------------------------------------------------------------------------------------------------------


def test_every_test_row_has_a_prediction_in_the_file(report: Report, bench: Bench, cohort: pd.DataFrame) -> None:
    test = cohort[cohort["split"] == "test"].reset_index(drop=True)
    found = bench.predictions()
    assert found["client_id"].tolist() == test["client_id"].tolist()
    assert found["as_of"].dt.strftime("%Y-%m-%d").tolist() == test["as_of"].tolist()
    assert found["probability"].between(0, 1, inclusive="neither").all()
    pd.testing.assert_frame_equal(found, report.predictions, check_dtype=False)
    assert report.test_rows == len(test)


def test_silence_is_learned_and_the_probabilities_are_near_the_truth(report: Report) -> None:
    assert report.train_losses >= 10
    assert report.note == ""
    ours = report.measured[0]
    assert ours.name == "churnwatch"
    assert ours.roc_auc.value > 0.6
    assert ours.roc_auc.low < ours.roc_auc.value < ours.roc_auc.high
    assert report.calibration is not None
    assert 0.4 < report.calibration.observed_to_expected < 2.5
    assert {one.name for one in report.measured} == {"churnwatch", *OPPONENTS} - {"tenure + invoices", "sentiment only"}
    assert all(one.roc_ahead is not None for one in report.measured[1:])


def test_training_rows_whose_outcome_was_open_are_purged(report: Report, cohort: pd.DataFrame) -> None:
    train = cohort[cohort["split"] == "train"]
    open_rows = pd.to_datetime(train["as_of"]) + pd.Timedelta(days=HORIZON_DAYS) > pd.Timestamp(TEST_DAYS[0])
    assert report.split == "time"
    assert report.purged_rows == open_rows.sum() > 0
    too_young = len(train) - report.purged_rows - report.train_rows
    assert 0 <= too_young < 0.02 * len(train)


@pytest.mark.parametrize("day", TEST_DAYS)
def test_deleting_all_events_after_the_as_of_changes_no_prediction(
    report: Report, bench: Bench, cohort: pd.DataFrame, day: date
) -> None:
    again = bench.run(cohort, f"deleted-{day}.parquet", known_before=day).predictions
    upto = (report.predictions["as_of"] <= pd.Timestamp(day, tz="UTC")).to_numpy()
    assert upto.sum() > 30
    pd.testing.assert_frame_equal(again[upto], report.predictions[upto], check_exact=True)


def test_test_outcomes_are_never_looked_at(report: Report, bench: Bench, cohort: pd.DataFrame) -> None:
    blind = cohort.assign(churned=cohort["churned"].where(cohort["split"] == "train").astype("Int64"))
    found = bench.run(blind, "blind.parquet")
    pd.testing.assert_frame_equal(found.predictions, report.predictions, check_exact=True)
    assert (found.measured, found.calibration, found.test_base_rate) == ((), None, None)


def test_the_report_is_json_for_scripts(report: Report) -> None:
    shown = json.loads(json.dumps(backtest.as_json(report)))
    assert shown["rows"] == {"train": report.train_rows, "purged": report.purged_rows, "test": report.test_rows}
    assert shown["figures"]["churnwatch"]["roc_auc"]["value"] == report.measured[0].roc_auc.value
    assert shown["figures"]["churnwatch"]["roc_ahead"] is None


# --- forms of input and output, with the prior ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(bench: Bench, cohort: pd.DataFrame) -> Report:
    return bench.run(few_losses(cohort), "plain.csv")


def test_too_few_losses_are_said_and_the_prior_serves(plain: Report) -> None:
    assert plain.model == "prior"
    assert "0 lost clients" in plain.note
    assert plain.train_losses == 0
    assert plain.measured[0].roc_auc.value > 0.55


def test_predictions_come_as_csv_too(plain: Report, bench: Bench) -> None:
    found = bench.predictions("plain.csv")
    assert found["client_id"].tolist() == plain.predictions["client_id"].tolist()
    np.testing.assert_allclose(found["probability"], plain.predictions["probability"], rtol=1e-12)


@pytest.mark.parametrize("which", ["report", "plain"])
def test_a_row_with_too_little_data_is_flagged_and_gets_the_base_rate(
    which: str, request: pytest.FixtureRequest
) -> None:
    found: Report = request.getfixturevalue(which)
    (row,) = found.predictions[found.predictions["client_id"] == "unheard-of"].to_dict("records")
    assert row["insufficient"] == "few_events"
    assert row["probability"] == found.base_rate
    assert found.insufficient_rows == (found.predictions["insufficient"] != "").sum()


@pytest.mark.parametrize(
    "written",
    [
        lambda day: f"{day}T00:00:00Z",
        lambda day: f"{day} 02:00:00+02:00",
        lambda day: int(pd.Timestamp(day, tz="UTC").timestamp()),
    ],
    ids=["ISO", "with a zone", "epoch"],
)
def test_as_of_may_be_a_date_a_time_or_seconds(
    written: object, plain: Report, bench: Bench, cohort: pd.DataFrame
) -> None:
    other = few_losses(cohort)
    other["as_of"] = other["as_of"].map(written)
    found = bench.run(other, "as-of.parquet").predictions
    pd.testing.assert_frame_equal(found, plain.predictions, check_exact=True)


def test_a_split_by_clients_is_not_purged(bench: Bench, cohort: pd.DataFrame) -> None:
    mixed = cohort.assign(split=np.where(cohort["client_id"].str[-1].isin(list("02468")), "train", "test"))
    found = bench.run(few_losses(mixed), "clients.parquet")
    assert (found.split, found.purged_rows) == ("clients", 0)
    assert found.train_rows > 300


def test_without_any_row_to_learn_from_the_stated_churn_is_used(bench: Bench, cohort: pd.DataFrame) -> None:
    found = bench.run(cohort[cohort["split"] == "test"], "no-train.parquet")
    assert found.train_rows == 0
    assert found.base_rate == pytest.approx(1 - 0.7 ** (HORIZON_DAYS / 365))
    assert len(found.predictions) == (cohort["split"] == "test").sum()


def test_without_a_split_known_outcomes_teach_and_the_others_are_predicted(
    plain: Report, bench: Bench, cohort: pd.DataFrame
) -> None:
    unsplit = few_losses(cohort)
    unsplit["churned"] = unsplit["churned"].where(unsplit["split"] == "train").astype("Int64")
    found = bench.run(unsplit.drop(columns="split"), "unsplit.parquet")
    pd.testing.assert_frame_equal(found.predictions, plain.predictions, check_exact=True)
