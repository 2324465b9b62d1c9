"""The verb for more clients than one night's database holds: every signal of a table of events, on one machine or on many."""

from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from churnwatch.cli import console
from churnwatch.cli.options import AsJson, Quiet, app
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.config import Config, Firm, load
from churnwatch.core.errors import ConfigError


class EngineName(StrEnum):
    """Where buckets of clients run."""

    LOCAL = "local"
    SPARK = "spark"


@app.command()
def snapshot(
    events: Annotated[
        str,
        typer.Option(
            "--events", help="Parquet in the interchange format: a file, a folder, or an object store's address."
        ),
    ],
    out: Annotated[
        str, typer.Option("--out", help="The folder to write Parquet to; it appears only when it is whole.")
    ],
    as_of: Annotated[
        list[str] | None,
        typer.Option(
            "--as-of", metavar="YYYY-MM-DD", help="Know only what was known before this day began; may be repeated."
        ),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help="The first of a row of dates, instead of --as-of."),
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="The last, inclusive.")] = None,
    every: Annotated[int, typer.Option("--every", metavar="DAYS", min=1, help="The step of that row.")] = 7,
    engine: Annotated[EngineName, typer.Option("--engine", help="In this process, or on Spark.")] = EngineName.LOCAL,
    master: Annotated[
        str | None,
        typer.Option(
            "--master",
            metavar="URL",
            help="Spark's, like spark://host:7077; by default what Spark is set to, or this machine.",
        ),
    ] = None,
    names: Annotated[
        str | None, typer.Option("--names", metavar="A,B,…", help="These signals only, in this order; by default all.")
    ] = None,
    buckets: Annotated[
        int | None, typer.Option("--buckets", min=1, help="In about so many parts; by default 250,000 events each.")
    ] = None,
    config_path: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            help="Take the firm's clock and phrases from this file; what is told beside it goes first.",
        ),
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="The firm's, for midnights and office hours; by default UTC.")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option("--country", help="Two letters, for public holidays; without it only weekends are off."),
    ] = None,
    opens: Annotated[
        str | None, typer.Option("--opens", metavar="HH:MM", help="When the office opens; by default at 09:00.")
    ] = None,
    closes: Annotated[
        str | None, typer.Option("--closes", metavar="HH:MM", help="When it closes; by default at 18:00.")
    ] = None,
    always_open: Annotated[bool, typer.Option("--always-open", help="Count every hour of every day.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Put the new snapshots in the place of former ones.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Measure the signals of every client of a table of events on each date, by buckets of clients, here or on Spark."""
    from churnwatch import scoring
    from churnwatch.engines import Job, destination

    if master and engine is not EngineName.SPARK:
        raise ConfigError("--master is Spark's.", remedy="Add --engine spark, or leave it out.")
    job = Job(
        events,
        out,
        _dates(as_of or [], first, last, every),
        _calendar(config_path, timezone=timezone, country=country, opens=opens, closes=closes, always_open=always_open),
        _signals(names),
        buckets,
        overwrite,
        scoring.reader_of(load(config_path) if config_path else Config()),
    )
    if (folder := destination.local_path(out)) is not None:
        destination.refuse_what_is_there(folder, overwrite=overwrite)  # before Spark takes its time to start
    with console.progress(quiet=quiet or as_json) as tell:
        if engine is EngineName.LOCAL:
            from churnwatch.engines import local

            done = local.run(job, tell)
        else:
            from churnwatch.engines import spark

            tell("start Spark")
            with spark.session(master) as running:
                done = spark.run(job, tell, running)
    if as_json:
        skipped = [{"problem": why, "rows": s.rows, "first": s.place} for why, s in done.skipped.items()]
        console.print_json(
            {
                "out": out,
                "rows": done.rows,
                "clients": done.clients,
                "events": done.events,
                "buckets": done.buckets,
                "skipped": skipped,
            }
        )
        return
    console.out.print(
        f"{done.rows:,} snapshots of {done.clients:,} clients from {done.events:,} events in {done.buckets:,} buckets: {out}"
    )
    console.print_listing(
        "Rows not read:",
        [(s.rows, f"{why}{f' (first: {s.place})' if s.place else ''}") for why, s in sorted(done.skipped.items())],
    )


def _dates(as_of: list[str], first: str | None, last: str | None, every: int) -> tuple[date, ...]:
    if bool(as_of) == bool(first or last):
        raise ConfigError("Which dates?", remedy="Give either --as-of, once or more, or --from and --to.")
    if as_of:
        return tuple(sorted({_date("--as-of", one) for one in as_of}))
    if first is None or last is None:
        raise ConfigError("--from and --to belong together.", remedy="Give both.")
    start, end = _date("--from", first), _date("--to", last)
    if end < start:
        raise ConfigError(f"--to {end} lies before --from {start}.", remedy="Exchange them.")
    return tuple(start + timedelta(days) for days in range(0, (end - start).days + 1, every))


def _date(option: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ConfigError(f"{option} {written!r} is not a date.", remedy="Write it as 2026-09-28.") from error


def _calendar(config_path: Path | None, **told: str | bool | None) -> BusinessCalendar:
    """The firm's clock: what was told, then what the file says, then what a firm is taken for."""
    firm = load(config_path).firm if config_path else Firm()
    try:
        return Firm.model_validate(firm.model_dump() | {name: value for name, value in told.items() if value}).calendar
    except ValidationError as error:
        problems = "; ".join(
            f"{''.join(f'--{name}: ' for name in item['loc'])}{item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        )
        raise ConfigError(f"{problems}.") from error


def _signals(names: str | None) -> tuple[str, ...]:
    from churnwatch import features

    if names is None:
        return features.NAMES
    chosen = tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    for name in chosen:
        if name not in features.BY_NAME:
            nearest = ", ".join(get_close_matches(name, features.NAMES)) or "`churnwatch signals` lists them"
            raise ConfigError(f"There is no signal {name!r}.", remedy=f"Perhaps: {nearest}.")
    if not chosen:
        raise ConfigError("--names names no signal.", remedy="Leave it out for all of them.")
    return chosen
