"""The verbs of whoever wants to know more: what is measured, and what it says of one client."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated

import typer

from churnwatch.cli import console
from churnwatch.cli.options import DEFAULT_CONFIG, AsJson, AsOfLastNight, ConfigPath, Lang, app, day, opened
from churnwatch.core.errors import ChurnwatchError
from churnwatch.core.types import Client

_MOST_NAMED = 8  # clients named in an error


@app.command()
def signals(
    family: Annotated[str | None, typer.Option("--family", help="Only this family, like latency or tone.")] = None,
    lang: Lang = None,
    as_json: AsJson = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/signals.md.")] = False,
) -> None:
    """Everything that is measured: meaning, unit, window, least evidence, source. Needs no configuration."""
    from churnwatch.cli import catalogue

    chosen = catalogue.signals_of(family)
    if as_json:
        console.print_json([catalogue.signal_as_dict(signal) for signal in chosen])
    elif as_markdown:
        console.out.out(catalogue.markdown(chosen), end="")
    else:
        catalogue.print_signals(chosen, console.preferred_language(lang))


@app.command()
def explain(
    client: Annotated[str, typer.Argument(help="A client's id, or its name or a part of it that no other has.")],
    config_path: ConfigPath = DEFAULT_CONFIG,
    as_of: AsOfLastNight = None,
    everything: Annotated[bool, typer.Option("--all", help="Every signal, not the notable ones alone.")] = False,
    text: Annotated[
        bool, typer.Option("--text", help="Quote the messages. They are private: mind who reads along.")
    ] = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """What the signals say of one client, in words and numbers, with the events behind them.

    As of the last night's date, as the alerts are; as of today where there was no night yet.
    """
    from churnwatch import explaining, scoring
    from churnwatch.cli.reading import Reading, print_reading, reading_as_dict
    from churnwatch.knowledge import known_at

    with opened(config_path) as (config, store):
        on = day(as_of, config) if as_of else store.scores.latest_as_of() or day(None, config)
        asked = named(store.people.clients(), client)
        known = known_at(config, store, on)
        frozen = known.frozen.get(asked.client_id)
        explanation = explaining.explain(store, known.table, asked.client_id, on, config.firm.calendar, frozen=frozen)
        managers = {one.manager_id: one for one in store.people.managers()}
        reading = Reading(
            explanation,
            client=asked,
            manager=managers.get(asked.manager_id or ""),
            contacts={one.contact_id: one for one in store.people.contacts(asked.client_id)},
            quotes=explaining.quotes_of(store, explanation, scoring.reader_of(config)) if text else None,
            frozen="ended" if asked.client_id not in known.client_ids else frozen.why if frozen else None,
        )
    if as_json:
        console.print_json(reading_as_dict(reading))
    else:
        print_reading(reading, config.firm, console.preferred_language(lang), everything=everything)


def named(clients: Sequence[Client], wanted: str) -> Client:
    """The client with this id, else with this name, else with this in its name; an error names those who may be meant."""
    folded = wanted.casefold().strip()
    matches = (
        [one for one in clients if one.client_id == wanted]
        or [one for one in clients if folded in (one.client_id.casefold(), one.name.casefold())]
        or [one for one in clients if folded and folded in one.name.casefold()]
    )
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ChurnwatchError(f"{wanted!r} fits more than one client: {_listed(matches)}.", remedy="Give the id.")
    by_word = {word: one for one in clients for word in (one.name.casefold(), one.client_id.casefold())}
    near = [by_word[word] for word in get_close_matches(folded, by_word, n=_MOST_NAMED, cutoff=0.5)]
    meant = f"Do you mean {_listed(near)}?" if near else "`churnwatch risks --json` lists the ids."
    raise ChurnwatchError(f"There is no client {wanted!r}.", remedy=meant)


def _listed(clients: Sequence[Client]) -> str:
    named = [f"{one.name} ({one.client_id})" for one in dict.fromkeys(clients)]
    rest = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
