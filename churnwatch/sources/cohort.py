"""Cohort files: which clients are scored as of when, what became of them, and where the predictions go."""

import os
import tempfile
from pathlib import Path
from typing import Final

import pandas as pd

from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.table_columns import Parsed, flags, instants, words
from churnwatch.sources.table_files import RawTable, read_table

COHORT_COLUMNS: Final = ("client_id", "as_of", "churned", "split")
_REQUIRED: Final = ("client_id", "as_of")
_SPLITS: Final = ("train", "test")


def read_cohort(path: Path) -> pd.DataFrame:
    """One row per snapshot: client_id, as_of (UTC), churned (1.0, 0.0, NaN = not known), split ("train" or "test").

    Without a column `churned` nothing is known; without `split`, rows whose outcome is known are for training.
    """
    raw = read_table(path, COHORT_COLUMNS)
    for name in _REQUIRED:
        if name not in raw.frame:
            raise SourceUnavailableError(
                f"{raw.file} has no column {name!r}; it has: {', '.join([*raw.frame.columns, *raw.unknown]) or 'none'}.",
                remedy=f"A cohort needs {' and '.join(_REQUIRED)}; churned and split are optional.",
            )
    if raw.problems:
        number, problem = raw.problems[0]
        raise _unreadable(raw, f"{raw.unit} {number}: {problem}")
    frame = raw.frame
    cohort = pd.DataFrame(index=frame.index)
    cohort["client_id"] = _checked(raw, "client_id", words(frame["client_id"]), "is not an id")
    cohort["as_of"] = _checked(raw, "as_of", instants(frame["as_of"]), "is not a date or time between 1971 and 2100")
    for name in _REQUIRED:
        if cohort[name].isna().any():
            raise _unreadable(raw, f"{raw.place(int(cohort[name].isna().argmax()))}: {name} is missing")
    cohort["churned"] = float("nan")
    if "churned" in frame:
        known = _checked(raw, "churned", flags(frame["churned"]), "is neither 0 nor 1")
        cohort["churned"] = known.astype("Float64").astype("float64")
    by_outcome = cohort["churned"].notna().map({True: "train", False: "test"}).astype("str")
    cohort["split"] = by_outcome
    if "split" in frame:
        given = words(frame["split"])
        named = given.values.str.lower()
        strange = named.notna() & ~named.isin(_SPLITS)
        cohort["split"] = _checked(
            raw, "split", Parsed(named, given.bad | strange.to_numpy(dtype=bool)), f"is neither {' nor '.join(_SPLITS)}"
        )
        cohort["split"] = cohort["split"].fillna(by_outcome)
    if cohort.duplicated(["client_id", "as_of"]).any():
        row = int(cohort.duplicated(["client_id", "as_of"]).argmax())
        raise _unreadable(raw, f"{raw.place(row)} repeats a client and date")
    return cohort


def write_predictions(path: Path, frame: pd.DataFrame) -> None:
    """Write Parquet or CSV by the path's ending; whoever reads it sees the old file or the whole new one."""
    suffix = path.suffix.lower()
    if suffix not in (".parquet", ".csv"):
        raise SourceUnavailableError(
            f"{path.name} is neither Parquet nor CSV by its ending.", remedy="Name it *.parquet or *.csv."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            if suffix == ".parquet":
                frame.to_parquet(temporary, index=False)
            else:
                frame.to_csv(temporary, index=False)
            temporary.chmod(0o644)  # a temporary file is its owner's alone
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise SourceUnavailableError(
            f"{path} cannot be written: {error.strerror or error}.",
            remedy="Check the folder's permissions and free space.",
        ) from error


def _checked(raw: RawTable, name: str, parsed: Parsed, problem: str) -> "pd.Series[str]":
    if parsed.bad.any():
        row = int(parsed.bad.argmax())
        more = int(parsed.bad.sum()) - 1
        raise _unreadable(raw, f"{raw.place(row)}: {name} {problem}{f' (and {more} more rows)' if more else ''}")
    return parsed.values


def _unreadable(raw: RawTable, what: str) -> SourceUnavailableError:
    return SourceUnavailableError(
        f"{what} ({raw.file})." if raw.file not in what else f"{what}.",
        remedy="A cohort is read whole or not at all: mend the file.",
    )
