"""The verbs that do the work: ingest, train, nightly, score, backtest, demo."""

from datetime import date, timedelta
from pathlib import Path

import builders
import firms
import pandas as pd
import pytest
from cli_answers import Run, width_of
from firms import AS_OF, STRANGER, Firm

from churnwatch import backtest as backtesting
from churnwatch.core.interchange import frame_of_events

STAGES = ("ingest", "snapshot", "score", "decide", "deliver")


# --- ingest -----------------------------------------------------------------------------------------------------------


def test_ingest_tells_counts_what_was_not_read_and_who_is_unknown(run: Run, firm: Firm) -> None:
    answer = run("ingest", "--config", firm.config_path)
    assert answer.code == 0
    assert "new 1,129 · known 0" in answer.out
    assert "anna.mbox message 564" in answer.out
    assert STRANGER in answer.out
    assert "mail: internal" in answer.out
    assert answer.err == "  ingest …\n"


def test_ingest_for_scripts_is_json_alone(run: Run, firm: Firm) -> None:
    answer = run("ingest", "--config", firm.config_path, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.data["counts"]["new"] == 1129
    assert answer.data["skipped"] == {"mail: internal": 1, "mail: unknown correspondent": 2}
    assert [(one["address"], one["messages"]) for one in answer.data["unknown"]] == [(STRANGER, 2)]
    assert answer.data["errors"][0]["source"] == "mail"


def test_a_source_that_is_gone_is_named_and_needs_a_look(run: Run, firm: Firm) -> None:
    (firm.folder / "calls.csv").unlink()
    for arguments in ((), ("--json",)):
        answer = run("ingest", "--config", firm.config_path, *arguments)
        assert answer.code == 3
        assert "✗ calls: " in answer.err
        assert "calls.csv" in answer.err


# --- train ------------------------------------------------------------------------------------------------------------


def test_train_says_why_no_percentage_can_be_claimed_yet(run: Run, settled: Firm) -> None:
    answer = run("train", "--config", settled.config_path, "--as-of", AS_OF, "--quiet")
    assert (answer.code, answer.err) == (0, "")
    assert "claims no percentage" in answer.out
    as_json = run("train", "--config", settled.config_path, "--as-of", AS_OF, "--json").data
    assert as_json["losses"] >= 1
    assert as_json["claims_probability"] is False
    assert as_json["note"].split()[0] in answer.out
    assert as_json["clients"] == 5
    assert (settled.folder / "model" / "manifest.json").exists()


def test_training_on_nothing_puts_the_prior_into_service(run: Run, tmp_path: Path) -> None:
    empty = firms.write_firm(tmp_path, sources=())
    answer = run("train", "--config", empty.config_path, "--json")
    assert answer.code == 0
    assert (answer.data["rows"], answer.data["claims_probability"]) == (0, False)


# --- nightly ----------------------------------------------------------------------------------------------------------


def test_the_night_prints_a_line_per_stage_and_is_quiet_when_told(run: Run, firm: Firm) -> None:
    answer = run("nightly", "--config", firm.config_path, "--as-of", AS_OF)
    assert answer.code == 0
    assert tuple(line.split()[0] for line in answer.out.splitlines()) == STAGES
    assert "boiling 3" in answer.out
    assert answer.err == "".join(f"  {stage} …\n" for stage in STAGES)
    again = run("nightly", "--config", firm.config_path, "--as-of", AS_OF, "--quiet")
    assert again.err == ""
    assert "opened 0" in again.out


def test_the_night_for_scripts_is_json_alone(run: Run, firm: Firm) -> None:
    answer = run("nightly", "--config", firm.config_path, "--as-of", AS_OF, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.data["as_of"] == AS_OF.isoformat()
    stages = {stage["stage"]: stage for stage in answer.data["stages"]}
    assert tuple(stages) == STAGES
    assert stages["decide"]["counts"]["opened"] == 3
    assert stages["deliver"]["counts"]["sent"] == 3


def test_a_night_with_a_problem_exits_with_three(run: Run, firm: Firm) -> None:
    firm.edit("crm/clients.csv", "ben@buro.example", "")
    firm.set('[delivery.email]\nhost = "127.0.0.1"\nport = 9\nsender = "a@buro.example"\ntimeout_s = 1')
    answer = run("nightly", "--config", firm.config_path, "--as-of", AS_OF, "--quiet")
    assert answer.code == 3
    assert "northwind: nobody to write to" in answer.err
    assert "not out yet: 1" in answer.err
    assert tuple(line.split()[0] for line in answer.out.splitlines()) == STAGES


def test_as_of_must_be_a_date(run: Run, firm: Firm) -> None:
    answer = run("nightly", "--config", firm.config_path, "--as-of", "yesterday")
    assert answer.code == 2
    assert "'yesterday' is not a date" in answer.err


def test_a_damaged_model_stops_the_night_after_everything_was_read(run: Run, firm: Firm) -> None:
    (firm.folder / "model").mkdir()
    (firm.folder / "model" / "manifest.json").write_text("{", encoding="utf-8")
    answer = run("nightly", "--config", firm.config_path, "--as-of", AS_OF, "--quiet")
    assert answer.code == 1
    assert "Traceback" not in answer.err
    assert firms.rows(firm, "SELECT stage FROM runs ORDER BY stage") == [("ingest",), ("snapshot",)]


# --- score ------------------------------------------------------------------------------------------------------------


def test_score_agrees_with_the_night_and_keeps_nothing(run: Run, settled: Firm) -> None:
    before = firms.state(settled)
    answer = run("score", "--config", settled.config_path, "--as-of", AS_OF, "--json")
    assert (answer.code, answer.err) == (0, "")
    listed = run("risks", "--config", settled.config_path, "--json").data
    bands = {risk["client_id"]: (risk["band"], risk["reasons"]) for risk in listed}
    assert {risk["client_id"]: (risk["band"], risk["reasons"]) for risk in answer.data} == bands
    assert firms.state(settled) == before


def test_score_some_clients_by_their_ids(run: Run, settled: Firm) -> None:
    answer = run("score", "harbor", "romashka", "--config", settled.config_path, "--as-of", AS_OF, "--json")
    assert [risk["client_id"] for risk in answer.data] == ["harbor", "romashka"]
    unknown = run("score", "nobody", "--config", settled.config_path, "--as-of", AS_OF)
    assert unknown.code == 1
    assert "'nobody'" in unknown.err
    assert "risks --json" in unknown.err


def test_score_of_an_events_table_needs_no_clients_in_the_database(run: Run, tmp_path: Path) -> None:
    empty = firms.write_firm(tmp_path / "empty", sources=())
    events = tmp_path / "events.parquet"
    frame_of_events(builders.cast(), {}).dropna(axis="columns", how="all").to_parquet(events)
    given = ("score", "--events", events, "--config", empty.config_path, "--as-of", AS_OF)
    bands = {risk["client_id"]: risk["band"] for risk in run(*given, "--json").data}
    assert bands["cooling"] == "boiling"
    assert bands["steady"] == "calm"
    assert bands["newcomer"] is None
    shown = run(*given)
    assert shown.code == 0
    assert shown.out.index("cooling") < shown.out.index("steady")
    assert firms.rows(empty, "SELECT count(*) FROM events") == [(0,)]


# --- backtest ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def cohort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Events of the firm's clients, and which of them left."""
    monkeypatch.setattr(backtesting, "_ROUNDS", 30)
    events, rows = tmp_path / "events.jsonl", tmp_path / "cohort.csv"
    people = [event for n in range(4) for event in (*builders.cooling(f"cool{n}"), *builders.steady(f"steady{n}"))]
    frame_of_events(people, {}).dropna(axis="columns", how="all").to_json(
        events, orient="records", lines=True, date_format="iso", date_unit="us"
    )
    table = [
        (f"{who}{n}", day, int(who == "cool" and day == AS_OF), "test" if day == AS_OF else "train")
        for who in ("cool", "steady")
        for n in range(4)
        for day in (AS_OF - timedelta(weeks=26), AS_OF)
    ]
    pd.DataFrame(table, columns=["client_id", "as_of", "churned", "split"]).to_csv(rows, index=False)
    return events, rows


def test_a_backtest_prints_its_table_and_writes_the_predictions(
    run: Run, cohort: tuple[Path, Path], tmp_path: Path
) -> None:
    events, rows = cohort
    frames = []
    for name in ("out.parquet", "out.csv"):
        given = ("--events", events, "--cohort", rows, "--horizon", 60, "--predictions", tmp_path / name)
        answer = run("backtest", *given)
        assert answer.code == 0, answer.err
        assert "ROC-AUC" in answer.out
        assert "8 test rows · split by time" in answer.out
        assert f"Wrote 8 predictions to {tmp_path / name}" in answer.out
        assert "measuring" in answer.err
        frames.append(pd.read_parquet(tmp_path / name) if name.endswith("t") else pd.read_csv(tmp_path / name))
    parquet, csv = frames
    assert list(parquet.columns) == list(csv.columns)
    assert {"client_id", "as_of", "probability"} <= set(parquet.columns)
    assert parquet["probability"].tolist() == pytest.approx(csv["probability"].tolist())
    cool = parquet["client_id"].str.startswith("cool")
    assert parquet.loc[cool, "probability"].min() > parquet.loc[~cool, "probability"].max()


def test_a_backtest_for_scripts_is_json_alone(run: Run, cohort: tuple[Path, Path]) -> None:
    events, rows = cohort
    answer = run("backtest", "--events", events, "--cohort", rows, "--horizon", 60, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.data["rows"] == {"train": 8, "purged": 0, "test": 8}
    assert answer.data["figures"]["churnwatch"]["roc_auc"]["value"] == 1
    assert "days since last contact" in answer.data["figures"]


def test_a_backtest_without_its_file_names_it(run: Run, cohort: tuple[Path, Path], tmp_path: Path) -> None:
    answer = run("backtest", "--events", tmp_path / "absent.csv", "--cohort", cohort[1], "--horizon", 60, "--quiet")
    assert answer.code == 1
    assert "absent.csv" in answer.err
    assert "Traceback" not in answer.err


# --- demo -------------------------------------------------------------------------------------------------------------


def test_the_demo_runs_through_and_a_second_time_opens_nothing_new(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    first = run("demo", "--clients", 20, "--folder", folder)
    assert first.code == 0
    assert f"Built the synthetic agency in {folder}: 20 clients" in first.out
    assert "Every name, number and figure above is synthetic." in first.out
    assert f"churnwatch serve --config {folder}/churnwatch.toml" in first.out
    opened = int(first.out.split(" open alerts")[0].split()[-1])
    assert opened > 0
    assert f"({opened} new)" in first.out
    assert len(list((folder / "outbox").glob("*.txt"))) == opened
    demo = Firm(folder)
    before = firms.state(demo)
    second = run("demo", "--clients", 20, "--folder", folder, "--lang", "ru")
    assert second.code == 0
    assert "Found the synthetic agency" in second.out
    assert f"{opened} open alerts (0 new)" in second.out
    assert "Накал" in second.out
    assert firms.state(demo) == before


def test_the_demo_can_write_its_files_and_stop(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    width_of(monkeypatch, 60)
    answer = run("demo", "--clients", 20, "--folder", tmp_path, "--build-only")
    assert answer.code == 0
    assert (tmp_path / "churnwatch.toml").exists()
    assert not (tmp_path / "churnwatch.db").exists()


def test_the_day_without_as_of_is_today(run: Run, firm: Firm) -> None:
    told = run("nightly", "--config", firm.config_path, "--json").data["as_of"]
    assert date.fromisoformat(told) - date.today() in (timedelta(-1), timedelta(0), timedelta(1))  # noqa: DTZ011
