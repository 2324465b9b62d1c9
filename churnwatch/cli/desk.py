"""The verbs of whoever looks: the risk list, cases, single scores, the server and its keys."""

from pathlib import Path
from typing import Annotated

import typer

from churnwatch.cli import console
from churnwatch.cli.options import DEFAULT_CONFIG, AsJson, AsOf, ConfigPath, Lang, app, day, now, opened, user
from churnwatch.core.errors import ChurnwatchError, ConfigError


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

    with opened(config_path) as (config, store):
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

    with opened(config_path) as (_, store):
        if acknowledge is not None:
            case = store.cases.case(acknowledge)
            if case is None:
                raise ChurnwatchError(
                    f"There is no case {acknowledge}.", remedy="`churnwatch alerts --all` lists them."
                )
            store.cases.move(
                case.case_id, CaseState.ACKNOWLEDGED, case.version, user(), "seen on the command line", now()
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
    console.print_listing("Could not be delivered:", [(parcel.recipient, parcel.error) for parcel in dead])


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

    with opened(config_path) as (config, store):
        found = scores_of(config, store, clients or [], events, day(as_of, config))
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

    with opened(config_path) as (config, store):
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

    with opened(config_path) as (_, store):
        if action == "create":
            wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
            if wrong := set(wanted) - {"read", "text", "write", "score"}:
                raise ConfigError(f"There is no scope {min(wrong)!r}.", remedy="Scopes: read, text, write, score.")
            key = store.access.create_key(label, wanted, now())
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
