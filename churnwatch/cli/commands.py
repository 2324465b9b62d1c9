"""The verbs of the job: set up, ingest, train, measure, run the night. Each calls one floor below and prints what came back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from churnwatch import __version__
from churnwatch.cli import console
from churnwatch.cli.options import (
    DEFAULT_CONFIG,
    NEEDS_A_LOOK,
    AsJson,
    AsOf,
    ConfigPath,
    Lang,
    Quiet,
    after,
    app,
    day,
    now,
    opened,
)
from churnwatch.core.config import Config, load, masked
from churnwatch.core.errors import ConfigError


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Early warning for client relations."""
    if version:
        console.out.print(__version__)
        raise typer.Exit


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where to write churnwatch.toml.")] = Path()) -> None:
    """Write a commented churnwatch.toml to start from."""
    from churnwatch.cli.template import TOML

    target = folder / DEFAULT_CONFIG
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(TOML)
    except FileExistsError as error:
        raise ConfigError(f"{target} is there already.", remedy="Edit it, or move it away first.") from error
    console.out.print(f"Wrote {target}. Next: say who you are in [firm], point the sources at your files, then:")
    console.out.print("  churnwatch check      validates everything and tries each source and channel")
    console.out.print("  churnwatch nightly    reads, scores, alerts; put it into cron")


@app.command()
def check(config_path: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Validate the configuration, try each source and channel, print the effective settings (secrets masked)."""
    config = load(config_path)
    from churnwatch.cli.checking import examine  # not before: a wrong configuration is told at once

    findings = examine(config, now)
    if as_json:
        console.print_json({"settings": masked(config), "findings": [finding.as_dict() for finding in findings]})
    else:
        _print_settings(masked(config))
        for finding in findings:
            console.out.print("✓ " if finding.good else "✗ ", style="green" if finding.good else "red", end="")
            console.out.print(f"{finding.what}: ", end="")
            console.out.print(finding.detail)
    if not all(finding.good for finding in findings):
        raise typer.Exit(NEEDS_A_LOOK)


@app.command()
def ingest(config_path: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Read what is new in every source; say what was read, what was skipped and why, and who is unknown."""
    from churnwatch import ingestion

    with opened(config_path) as (config, store):
        with console.progress(quiet=quiet or as_json) as tell:
            done = ingestion.ingest(config, store, now(), lambda detail: tell("ingest", detail))
        skipped = {f"{source}: {why}": n for (source, why), n in sorted(store.ingest.skipped().items())}
        errors = store.ingest.problems(limit=20)
        unknown = store.ingest.unknown(limit=20)
    if as_json:
        console.print_json(
            {
                "counts": done.counts,
                "problems": list(done.problems),
                "skipped": skipped,
                "errors": [{"source": e.source, "place": e.place, "problem": e.problem} for e in errors],
                "unknown": [{"address": u.address, "messages": u.messages, "last": u.last} for u in unknown],
            }
        )
    else:
        console.out.print(" · ".join(f"{name} {n:,}" for name, n in done.counts.items()))
        console.print_listing("Skipped in the files as they stand:", [(n, why) for why, n in skipped.items()])
        console.print_listing("Not read:", [(e.place, e.problem) for e in errors])
        console.print_listing(
            "Unknown correspondents (add them to contacts, or leave them):", [(u.messages, u.address) for u in unknown]
        )
    after(done.problems)


@app.command()
def train(
    config_path: ConfigPath = DEFAULT_CONFIG, as_of: AsOf = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Learn from your own lost clients; compare the candidates on later data; put the best into service."""
    from churnwatch import training

    with opened(config_path) as (config, store), console.progress(quiet=quiet or as_json) as tell:
        done = training.train(config, store, day(as_of, config), now(), tell)
    model = done.artifact.model
    if as_json:
        console.print_json(
            {
                "model_id": done.artifact.model_id,
                "clients": done.clients,
                "months": round(done.months, 1),
                "rows": done.rows,
                "losses": done.losses,
                "note": done.note,
                "claims_probability": model.claims_probability,
                "validated_on": model.validated_on,
                "candidates": [
                    {"name": c.name, "log_loss": c.log_loss, "roc_auc": c.roc_auc, "pr_auc": c.pr_auc}
                    for c in model.comparisons
                ],
            }
        )
        return
    from churnwatch.cli.reports import print_training

    print_training(done)


@app.command()
def backtest(
    events: Annotated[
        Path, typer.Option("--events", help="Events table: Parquet, CSV or JSONL in the interchange format.")
    ],
    cohort: Annotated[
        Path,
        typer.Option(
            "--cohort", help="Table client_id, as_of, churned, split (train|test); churned may be empty in test."
        ),
    ],
    horizon: Annotated[
        int, typer.Option("--horizon", metavar="DAYS", min=1, help="churned = left within this many days.")
    ],
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", help="Where to write client_id, as_of, probability (.parquet or .csv)."),
    ] = None,
    config_path: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Use this firm's business hours; without it every hour counts."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Learn on the train rows with what was known then, predict the test rows, stand beside the plain opponents."""
    from churnwatch import backtest as backtesting
    from churnwatch import scoring
    from churnwatch.cli.reports import print_backtest
    from churnwatch.core.calendar import BusinessCalendar

    config = load(config_path) if config_path else Config()
    calendar = config.firm.calendar if config_path else BusinessCalendar(always_open=True)
    with console.progress(quiet=quiet or as_json) as tell:
        report = backtesting.run(
            events,
            cohort,
            horizon,
            calendar,
            config.model.yearly_churn,
            config.model.seed,
            predictions,
            tell,
            scoring.reader_of(config),
        )
    if as_json:
        console.print_json(backtesting.as_json(report))
    else:
        print_backtest(report, predictions)


@app.command()
def nightly(
    config_path: ConfigPath = DEFAULT_CONFIG, as_of: AsOf = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """The whole night: ingest, snapshot, score, decide, deliver. Idempotent; a killed night is simply started again."""
    from churnwatch import nightly as night

    with opened(config_path) as (config, store), console.progress(quiet=quiet or as_json) as tell:
        done = night.run(config, store, day(as_of, config), now, tell)
    if as_json:
        stages = [
            {"stage": s.stage, "counts": s.counts, "seconds": round(s.seconds, 3), "problems": s.problems}
            for s in done.stages
        ]
        console.print_json({"as_of": done.as_of, "stages": stages})
    else:
        for stage in done.stages:
            counts = " · ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in stage.counts.items())
            console.out.print(f"{stage.stage:<9}{stage.seconds:6.1f} s  {counts}")
    after(done.problems)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the demo firm lives.")] = Path("data/demo"),
    clients: Annotated[int, typer.Option("--clients", min=20, help="How large a firm.")] = 120,
    build_only: Annotated[bool, typer.Option("--build-only", help="Write the files and stop.")] = False,
    lang: Lang = None,
) -> None:
    """Build a synthetic agency and run everything on it: ingest, train, score, alert, risk list. Can be run again."""
    from churnwatch.cli.demonstration import demonstrate

    demonstrate(folder, clients, build_only=build_only, language=console.preferred_language(lang), clock=now)


def _print_settings(settings: dict[str, Any]) -> None:
    for section, values in settings.items():
        if isinstance(values, dict):
            console.out.print(f"[{section}]", style="bold")
            for key, value in values.items():
                console.out.print(f"  {key} = {value!r}")
        elif section != "sources":
            console.out.print(f"{section} = {values}")
