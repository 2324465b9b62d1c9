from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.cohort import read_cohort, write_predictions

AS_OF = datetime(2024, 3, 5, tzinfo=UTC)


def stored(folder: Path, ending: str, **columns: list[object]) -> Path:
    frame, path = pd.DataFrame(columns), folder / f"cohort{ending}"
    match ending:
        case ".parquet":
            frame.to_parquet(path)
        case ".csv":
            frame.to_csv(path, index=False)
        case _:
            frame.to_json(path, orient="records", lines=True)
    return path


@pytest.mark.parametrize(
    "as_of", [1709596800, 1709596800.0, "2024-03-05", "2024-03-05T00:00:00Z", date(2024, 3, 5), AS_OF]
)
@pytest.mark.parametrize("churned", [True, 1, 1.0, "1", "true"])
def test_dates_and_labels_of_every_type_are_read(tmp_path: Path, as_of: object, churned: object) -> None:
    cohort = read_cohort(stored(tmp_path, ".parquet", client_id=[7], as_of=[as_of], churned=[churned], split=["test"]))
    assert cohort.to_dict("records") == [{"client_id": "7", "as_of": AS_OF, "churned": 1.0, "split": "test"}]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_every_format_reads_alike(tmp_path: Path, ending: str) -> None:
    path = stored(
        tmp_path, ending, client_id=["a", "b"], as_of=["2024-03-05"] * 2, churned=[0, None], split=["train", "test"]
    )
    cohort = read_cohort(path)
    assert cohort["client_id"].tolist() == ["a", "b"]
    assert cohort["as_of"].tolist() == [AS_OF, AS_OF]
    assert cohort["churned"].iloc[0] == 0.0
    assert pd.isna(cohort["churned"].iloc[1])
    assert cohort["split"].tolist() == ["train", "test"]


def test_without_a_split_known_outcomes_are_for_training(tmp_path: Path) -> None:
    cohort = read_cohort(stored(tmp_path, ".csv", client_id=["a", "b"], as_of=["2024-03-05"] * 2, churned=[1, None]))
    assert cohort["split"].tolist() == ["train", "test"]


def test_without_outcomes_all_is_to_be_scored(tmp_path: Path) -> None:
    cohort = read_cohort(stored(tmp_path, ".csv", client_id=["a"], as_of=["2024-03-05"]))
    assert cohort["churned"].isna().all()
    assert cohort["split"].tolist() == ["test"]


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"client_id": ["a"]}, "no column 'as_of'"),
        ({"as_of": ["2024-03-05"]}, "no column 'client_id'"),
        ({"client_id": ["a"], "as_of": ["soon"]}, "row 1: as_of is not a date"),
        ({"client_id": ["a", None], "as_of": ["2024-03-05"] * 2}, "row 2: client_id is missing"),
        ({"client_id": ["a"], "as_of": ["2024-03-05"], "churned": [0.5]}, "churned is neither 0 nor 1"),
        ({"client_id": ["a"], "as_of": ["2024-03-05"], "split": ["valid"]}, "split is neither train nor test"),
        ({"client_id": ["a", "a"], "as_of": ["2024-03-05"] * 2}, "row 2 repeats a client and date"),
    ],
)
def test_a_wrong_cohort_is_refused_with_its_place(
    tmp_path: Path, columns: dict[str, list[object]], problem: str
) -> None:
    with pytest.raises(SourceUnavailableError, match=problem) as error:
        read_cohort(stored(tmp_path, ".parquet", **columns))
    assert "cohort.parquet" in str(error.value)


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_predictions_replace_the_old_file_and_leave_nothing_else(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "new folder" / f"predictions{ending}"
    for probability in (0.25, 0.75):
        write_predictions(path, pd.DataFrame({"client_id": ["a"], "probability": [probability]}))
    read = pd.read_parquet if ending == ".parquet" else pd.read_csv
    assert read(path)["probability"].tolist() == [0.75]
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "predictions.parquet"
    write_predictions(path, pd.DataFrame({"client_id": ["a"]}))
    before = path.read_bytes()
    with pytest.raises(Exception, match=r"mixed|convert|object"):
        write_predictions(path, pd.DataFrame({"client_id": ["a", object()]}))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_predictions_of_another_kind_or_into_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "p.xlsx", tmp_path / "file" / "p.csv"):
        with pytest.raises(SourceUnavailableError):
            write_predictions(path, pd.DataFrame())
