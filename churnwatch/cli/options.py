"""What the verbs share: the application, their common options, and how a configuration and a store are opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from churnwatch.cli import console
from churnwatch.core.config import Config, load
from churnwatch.core.errors import ConfigError

if TYPE_CHECKING:
    from churnwatch.store import Store

app = typer.Typer(
    name="churnwatch",
    help="Early warning for client relations: who is coming to the boil, how likely they are to leave, why, and what to do.",
    epilog="Start with `churnwatch demo`, or `churnwatch init` in an empty folder. Exit codes: 0 well, 1 failed, 2 wrong "
    "configuration or usage, 3 finished but something needs a look.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

DEFAULT_CONFIG = Path("churnwatch.toml")
NEEDS_A_LOOK = 3

ConfigPath = Annotated[
    Path, typer.Option("--config", "-c", envvar="CHURNWATCH_CONFIG", help="The configuration file.", show_default=True)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, for scripts.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]
Lang = Annotated[str | None, typer.Option("--lang", help="en or ru; by default the terminal's.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="YYYY-MM-DD", help="Know only what was known before this day began; default: today."
    ),
]
AsOfLastNight = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="Know only what was known before this day began; default: the last night, or today.",
    ),
]


@contextmanager
def opened(config_path: Path) -> "Iterator[tuple[Config, Store]]":
    """The configuration and its open store."""
    from churnwatch.store import Store

    config = load(config_path)
    with Store.open(config.store_url) as store:
        yield config, store


def now() -> datetime:
    """The clock, read here and in the API alone."""
    return datetime.now(UTC)


def day(as_of: str | None, config: Config) -> date:
    """The as-of date asked for; today in the firm's zone."""
    if as_of is None:
        return config.firm.calendar.day_of(now())
    try:
        return date.fromisoformat(as_of)
    except ValueError as error:
        raise ConfigError(f"--as-of {as_of!r} is not a date.", remedy="Write it as 2026-09-28.") from error


def user() -> str:
    """Who is at the keyboard, for the history of a case."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "command line"


def after(problems: tuple[str, ...]) -> None:
    """Say what went wrong and leave with the code that cron understands."""
    for problem in problems:
        console.complain(problem)
    if problems:
        raise typer.Exit(NEEDS_A_LOOK)
