from pathlib import Path

import event_tables
import pytest
from cli_answers import Run


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frame = event_tables.traffic(400, 4).to_pandas()
    frame["kind"] = frame["kind"].where(frame.index % 100 != 0, "telegram")
    return event_tables.write(frame, tmp_path_factory.mktemp("table") / "events")


def test_every_signal_of_every_client_on_each_date_is_written(run: Run, events: Path, tmp_path: Path) -> None:
    answer = run(
        "snapshot", "--events", events, "--from", "2025-11-03", "--to", "2025-11-30", "--out", tmp_path / "out"
    )
    assert answer.code == 0
    assert answer.out.splitlines()[0].startswith("16 snapshots of 4 clients from 396 events in 1 buckets")
    assert "4  kind is none of message, meeting, call, invoice (first: events-0.parquet row 1)" in answer.out
    assert [stage.strip() for stage in answer.err.splitlines()] == [
        "plan …",
        "read …",
        "count …",
        "survey …",
        "measure …",
    ]
    assert sorted(set(map(str, event_tables.read(tmp_path / "out")["as_of"]))) == [
        "2025-11-03",
        "2025-11-10",
        "2025-11-17",
        "2025-11-24",
    ]


def test_chosen_signals_dates_and_figures_for_scripts(run: Run, events: Path, tmp_path: Path) -> None:
    dates = ("--as-of", "2025-11-30", "--as-of", "2025-06-02", "--as-of", "2025-11-30")
    answer = run(
        "snapshot", "--events", events, *dates, "--names", "silence, recency", "--out", tmp_path / "out", "--json"
    )
    assert (answer.data["rows"], answer.data["skipped"][0]["rows"], answer.err) == (8, 4, "")
    assert event_tables.read(tmp_path / "out").columns.to_list() == ["client_id", "as_of", "silence", "recency"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "Which dates?"),
        (("--as-of", "2025-11-30", "--from", "2025-11-01"), "Which dates?"),
        (("--from", "2025-11-01"), "--from and --to belong together."),
        (("--from", "2025-11-30", "--to", "2025-11-01"), "--to 2025-11-01 lies before --from 2025-11-30."),
        (("--as-of", "30.11.2025"), "--as-of '30.11.2025' is not a date."),
        (("--as-of", "2025-11-30", "--names", "recensy"), "Perhaps: recency."),
        (("--as-of", "2025-11-30", "--timezone", "Mars"), "no such time zone"),
        (("--as-of", "2025-11-30", "--country", "ZZ"), "no holidays are known of 'ZZ'"),
        (("--as-of", "2025-11-30", "--opens", "nine"), "--opens: Input should be in a valid time format"),
        (("--as-of", "2025-11-30", "--opens", "20:00"), "closes must be later than opens"),
        (("--as-of", "2025-11-30", "--master", "local[2]"), "--master is Spark's."),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_before_anything_is_read(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    answer = run("snapshot", "--events", tmp_path / "nowhere", "--out", tmp_path / "out", *arguments)
    assert answer.code == 2
    assert complaint in answer.err


def test_the_firms_clock_comes_from_its_configuration_or_is_told(run: Run, events: Path, tmp_path: Path) -> None:
    config = tmp_path / "churnwatch.toml"
    config.write_text('[firm]\ntimezone = "Europe/Berlin"\ncountry = "DE"\nopens = "08:00"\ncloses = "12:00"\n')

    def silences(name: str, *clock: str | Path) -> list[float]:
        dates = ("--from", "2025-09-01", "--to", "2025-11-30", "--names", "silence")
        assert run("snapshot", "--events", events, *dates, "--out", tmp_path / name, *clock).code == 0
        silence: list[float] = event_tables.read(tmp_path / name)["silence"].dropna().to_list()
        return silence

    berlin = ("--timezone", "Europe/Berlin", "--country", "DE")
    morning = silences("morning", *berlin, "--opens", "08:00", "--closes", "12:00")
    day = silences("day", *berlin, "--opens", "08:00")
    always = silences("always", *berlin, "--always-open")
    assert len({tuple(found) for found in (morning, day, always)}) == 3
    assert silences("of_file", "--config", config) == morning
    assert silences("told_beside", "--config", config, "--closes", "18:00") == day
    assert silences("always_beside", "--config", config, "--always-open") == always


def test_a_result_that_is_there_is_kept(run: Run, events: Path, tmp_path: Path) -> None:
    command = ("snapshot", "--events", events, "--as-of", "2025-11-30", "--names", "recency", "--out", tmp_path / "out")
    assert run(*command).code == 0
    assert run(*command).code == 2
    assert run(*command, "--overwrite").code == 0


def test_an_address_where_nothing_is_fails_with_its_reason(run: Run, tmp_path: Path) -> None:
    answer = run("snapshot", "--events", tmp_path / "nowhere", "--as-of", "2025-11-30", "--out", tmp_path / "out")
    assert answer.code == 1
    assert "nowhere cannot be read as Parquet: FileNotFoundError" in answer.err
