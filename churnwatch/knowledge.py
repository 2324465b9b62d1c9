"""What the firm knew at an as-of midnight: the events with the people behind them, whose relation goes on, whose clock stands still."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.config import Config
from churnwatch.core.roster import Roster, roster_of
from churnwatch.core.table import EventTable
from churnwatch.core.types import Freeze, Outcome, Standstill
from churnwatch.core.working_days import require_country
from churnwatch.features import freeze
from churnwatch.store import SourceHealth, Store

_HEARD_DAYS = 240  # a client not told of for so long is not missed in a source that is down


@dataclass(frozen=True, slots=True)
class Known:
    """All that is measured on. Events of clients that have left are there too: the firm's own ebb is measured on all."""

    table: EventTable
    client_ids: tuple[str, ...]  # whose relation is not over
    outcomes: tuple[Outcome, ...] = ()
    frozen: Mapping[str, Freeze] = field(default_factory=lambda: MappingProxyType({}))  # of any client
    problems: tuple[str, ...] = ()


def known_at(config: Config, store: Store, as_of: date) -> Known:
    """What was known before the midnight that starts the date; which sources are down is known of today alone."""
    calendar = config.firm.calendar
    midnight = calendar.midnight(as_of)
    outcomes = tuple(one for one in store.people.outcomes() if one.known_at < midnight)
    over = {one.client_id for one in outcomes if one.ended_on <= as_of}
    roster, unusable = known_people(store, calendar)
    unheard, silent = _unheard(config, store, as_of)
    told = [*freeze.ended(outcomes).items(), *unheard]
    return Known(
        table=EventTable.from_frame(store.events.frame(known_before=midnight), roster),
        client_ids=tuple(one.client_id for one in store.people.clients() if one.client_id not in over),
        outcomes=outcomes,
        frozen=freeze.earliest((client_id, one) for client_id, one in told if one.since <= as_of),
        problems=(*unusable, *silent),
    )


def known_people(store: Store, calendar: BusinessCalendar) -> tuple[Roster, tuple[str, ...]]:
    """What the CRM tells of people and relations, and what of it could not be used; its ranks are those of today."""
    strange: Counter[str] = Counter()
    clients = []
    for client in store.people.clients():
        country = _country(client.country)
        if client.country and country is None:
            strange[client.country] += 1
        clients.append(replace(client, country=country))
    changes = [(one, micros(calendar.midnight(one.since))) for one in store.people.manager_changes()]
    problems = tuple(
        f"Country {country!r} (clients: {n}): no holidays are known of it, so it is left out. Write a code like DE."
        for country, n in sorted(strange.items())
    )
    return roster_of(store.people.contacts(), clients, changes), problems


def _country(told: str | None) -> str | None:
    code = (told or "").strip().upper()
    try:
        require_country(code)
    except ValueError:
        return None
    return code


def _unheard(config: Config, store: Store, as_of: date) -> tuple[list[tuple[str, Freeze]], tuple[str, ...]]:
    """The clients of the sources that are down, each with the midnight after the source was last read; and a word on each."""
    calendar = config.firm.calendar
    told, problems = [], []
    for source in down(config, store, as_of):
        since = _next_day(source, calendar)
        clients = store.events.clients_told_by(source.source, calendar.midnight(since) - timedelta(_HEARD_DAYS))
        told += [(client_id, Freeze(since, Standstill.SOURCE_DOWN)) for client_id in sorted(clients)]
        if clients:
            problems.append(
                f"{source.source}: last read on {calendar.day_of(source.read_at)}; the signals of {len(clients)} clients "
                "heard through it stand still, and no new case is opened on them until it is read again."
            )
    return told, tuple(problems)


def down(config: Config, store: Store, as_of: date) -> list[SourceHealth]:
    """The sources that were read once and are not now: the last attempt failed, or it is too long ago.

    One that is configured no more counts as well, unless another of its kind is read: then it has but another name.
    """
    calendar, patience = config.firm.calendar, timedelta(config.ingest.stale_after_days)
    every = store.ingest.health()
    lost = [
        one
        for one in every
        if (waits := as_of - _next_day(one, calendar)) >= timedelta(0)
        and (one.failing_since is not None or waits >= patience)
    ]
    named = {source.name for source in config.sources}
    alive = {one.kind for one in every if one.source in named and one not in lost}
    return [one for one in lost if one.source in named or one.kind not in alive]


def _next_day(source: SourceHealth, calendar: BusinessCalendar) -> date:
    return calendar.day_of(source.read_at) + timedelta(1)
