"""The verbs. Each opens the configuration and the store, calls one floor below, and prints what came back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from churnwatch import __version__
from churnwatch.cli import console
from churnwatch.core.config import Config, load, masked
from churnwatch.core.errors import ChurnwatchError, ConfigError

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
_NEEDS_A_LOOK = 3

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

    findings = examine(config, _now)
    if as_json:
        console.print_json({"settings": masked(config), "findings": [finding.as_dict() for finding in findings]})
    else:
        _print_settings(masked(config))
        for finding in findings:
            console.out.print("✓ " if finding.good else "✗ ", style="green" if finding.good else "red", end="")
            console.out.print(f"{finding.what}: ", end="")
            console.out.print(finding.detail)
    if not all(finding.good for finding in findings):
        raise typer.Exit(_NEEDS_A_LOOK)


@app.command()
def ingest(config_path: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Read what is new in every source; say what was read, what was skipped and why, and who is unknown."""
    from churnwatch import ingestion

    with _opened(config_path) as (config, store):
        with console.progress(quiet=quiet or as_json) as tell:
            done = ingestion.ingest(config, store, lambda detail: tell("ingest", detail))
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
        _print_listing("Skipped since the source was first read:", [(n, why) for why, n in skipped.items()])
        _print_listing("Not read:", [(e.place, e.problem) for e in errors])
        _print_listing(
            "Unknown correspondents (add them to contacts, or leave them):", [(u.messages, u.address) for u in unknown]
        )
    _after(done.problems)


@app.command()
def train(
    config_path: ConfigPath = DEFAULT_CONFIG, as_of: AsOf = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Learn from your own lost clients; compare the candidates on later data; put the best into service."""
    from churnwatch import training

    with _opened(config_path) as (config, store), console.progress(quiet=quiet or as_json) as tell:
        done = training.train(config, store, _day(as_of, config), _now(), tell)
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
    from churnwatch.cli.reports import print_backtest
    from churnwatch.core.calendar import BusinessCalendar

    config = load(config_path) if config_path else Config()
    calendar = config.firm.calendar if config_path else BusinessCalendar(always_open=True)
    with console.progress(quiet=quiet or as_json) as tell:
        report = backtesting.run(
            events, cohort, horizon, calendar, config.model.yearly_churn, config.model.seed, predictions, tell
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

    with _opened(config_path) as (config, store), console.progress(quiet=quiet or as_json) as tell:
        done = night.run(config, store, _day(as_of, config), _now, tell)
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
    _after(done.problems)


@app.command()
def risks(
    config_path: ConfigPath = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many clients.")] = 25,
    manager: Annotated[
        str | None, typer.Option("--manager", help="Only this manager's clients (id, name or e-mail).")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """The risk list of the latest night, by what is at stake."""
    from churnwatch.cli.reports import print_risks, risks_as_json

    with _opened(config_path) as (config, store):
        if as_json:
            console.print_json(risks_as_json(store, limit, manager))
        else:
            print_risks(config, store, limit, manager, console.preferred_language(lang))


@app.command()
def alerts(
    config_path: ConfigPath = DEFAULT_CONFIG,
    everything: Annotated[bool, typer.Option("--all", help="Closed cases too.")] = False,
    acknowledge: Annotated[
        str | None, typer.Option("--acknowledge", metavar="CASE", help="Mark a case as seen.")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """The open cases; or acknowledge one."""
    from churnwatch.cli.reports import case_as_dict
    from churnwatch.core.types import CaseState

    with _opened(config_path) as (_, store):
        if acknowledge is not None:
            case = store.cases.case(acknowledge)
            if case is None:
                raise ChurnwatchError(
                    f"There is no case {acknowledge}.", remedy="`churnwatch alerts --all` lists them."
                )
            store.cases.move(
                case.case_id, CaseState.ACKNOWLEDGED, case.version, _user(), "seen on the command line", _now()
            )
        cases = store.cases.cases() if everything else store.cases.open_cases()
        clients = {client.client_id: client for client in store.people.clients()}
        managers = {one.manager_id: one.name for one in store.people.managers()}
        dead = store.outbox.dead()
    if as_json:
        console.print_json([case_as_dict(case) for case in cases])
        return
    if cases:
        console.print_cases(cases, clients, managers, console.preferred_language(lang))
    else:
        console.out.print("No open cases." if not everything else "No cases yet.")
    _print_listing("Could not be delivered:", [(parcel.recipient, parcel.error) for parcel in dead])


@app.command()
def score(
    clients: Annotated[list[str] | None, typer.Argument(help="Client ids; default: all.")] = None,
    events: Annotated[
        Path | None, typer.Option("--events", help="Score the clients of this events table instead.")
    ] = None,
    config_path: ConfigPath = DEFAULT_CONFIG,
    as_of: AsOf = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Score clients now, without storing anything: from the database, or from an events table."""
    from churnwatch.cli.reports import print_scores, risk_as_dict, scores_of

    with _opened(config_path) as (config, store):
        found = scores_of(config, store, clients or [], events, _day(as_of, config))
        if as_json:
            console.print_json([risk_as_dict(risk) for risk in found])
        else:
            print_scores(config, store, found, console.preferred_language(lang))


@app.command()
def serve(
    config_path: ConfigPath = DEFAULT_CONFIG,
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; default: from the configuration.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port; default: from the configuration.")
    ] = None,
) -> None:
    """Serve the API under /v1 and the risk-list page; prints a link that signs you in once."""
    import secrets

    from churnwatch.api.server import serve as serve_http

    with _opened(config_path) as (config, store):
        ticket = secrets.token_urlsafe(24)
        address, at_port = host or config.api.host, port if port is not None else config.api.port
        console.out.print(f"Open http://{address}:{at_port}/?ticket={ticket}", soft_wrap=True)
        console.out.print("(the link signs in once; API keys: churnwatch keys create)", style="dim")
        try:
            serve_http(config, store, address, at_port, ticket)
        except SystemExit as stopped:  # uvicorn's own way and code to say that it cannot listen
            if not stopped.code:
                raise
            raise ChurnwatchError(
                f"The server could not start on {address}:{at_port}.", remedy="Is it taken? Choose another --port."
            ) from stopped


@app.command()
def keys(
    action: Annotated[str, typer.Argument(help="list, create or revoke.")] = "list",
    label: Annotated[str, typer.Option("--label", help="What the key is for.")] = "unnamed",
    scopes: Annotated[
        str, typer.Option("--scopes", help="Some of read, text, write, score; comma-separated.")
    ] = "read",
    prefix: Annotated[str | None, typer.Option("--prefix", help="The key to revoke.")] = None,
    config_path: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """API keys: list them, create one (shown once, stored hashed), revoke one."""
    from churnwatch.cli.reports import key_as_dict, print_keys

    with _opened(config_path) as (_, store):
        if action == "create":
            wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
            if wrong := set(wanted) - {"read", "text", "write", "score"}:
                raise ConfigError(f"There is no scope {min(wrong)!r}.", remedy="Scopes: read, text, write, score.")
            key = store.access.create_key(label, wanted, _now())
            if as_json:
                console.print_json({"key": key})
            else:
                console.out.print(key, soft_wrap=True)
            return
        if action == "revoke" and prefix:
            store.access.revoke(prefix)
        elif action != "list":
            raise ConfigError(f"Cannot {action}.", remedy="keys list | keys create --label … | keys revoke --prefix …")
        found = store.access.keys()
    if as_json:
        console.print_json([key_as_dict(one) for one in found])
    elif action == "revoke":
        console.out.print(f"Revoked {prefix}.")
    else:
        print_keys(found)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the demo firm lives.")] = Path("data/demo"),
    clients: Annotated[int, typer.Option("--clients", min=20, help="How large a firm.")] = 120,
    build_only: Annotated[bool, typer.Option("--build-only", help="Write the files and stop.")] = False,
    lang: Lang = None,
) -> None:
    """Build a synthetic agency and run everything on it: ingest, train, score, alert, risk list. Can be run again."""
    from churnwatch.cli.demonstration import demonstrate

    demonstrate(folder, clients, build_only=build_only, language=console.preferred_language(lang), clock=_now)


# --- shared by the verbs ----------------------------------------------------------------------------------------------


@contextmanager
def _opened(config_path: Path) -> "Iterator[tuple[Config, Store]]":
    from churnwatch.store import Store

    config = load(config_path)
    with Store.open(config.store_url) as store:
        yield config, store


def _now() -> datetime:
    return datetime.now(UTC)


def _day(as_of: str | None, config: Config) -> date:
    if as_of is None:
        return config.firm.calendar.day_of(_now())
    try:
        return date.fromisoformat(as_of)
    except ValueError as error:
        raise ConfigError(f"--as-of {as_of!r} is not a date.", remedy="Write it as 2026-09-28.") from error


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "command line"


def _after(problems: tuple[str, ...]) -> None:
    for problem in problems:
        console.complain(problem)
    if problems:
        raise typer.Exit(_NEEDS_A_LOOK)


def _print_settings(settings: dict[str, Any]) -> None:
    for section, values in settings.items():
        if isinstance(values, dict):
            console.out.print(f"[{section}]", style="bold")
            for key, value in values.items():
                console.out.print(f"  {key} = {value!r}")
        elif section != "sources":
            console.out.print(f"{section} = {values}")


def _print_listing(title: str, rows: list[tuple[object, str]]) -> None:
    if rows:
        console.out.print(f"\n{title}", style="bold")
        for first, second in rows:
            console.out.print(f"  {first!s:>8}  {second}")
