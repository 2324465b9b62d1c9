"""Every kind of source, and how the configured ones are opened. A new kind is one file and one line here."""

import glob
from collections.abc import Callable
from pathlib import Path
from typing import Final

from churnwatch.core.config import Config, SourceSettings
from churnwatch.core.contracts import Source
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.calls import CallsSource
from churnwatch.sources.events_table import EventsSource
from churnwatch.sources.ics import IcsSource
from churnwatch.sources.identity import Identity
from churnwatch.sources.invoices import InvoicesSource
from churnwatch.sources.mail import EmlSource, MaildirSource, MboxSource
from churnwatch.sources.parties import ClientsSource, ContactsSource, ContractsSource
from churnwatch.sources.table_files import TABLE_SUFFIXES

_CSV_SUFFIXES: Final = (".csv", ".tsv", ".txt")
_Paths = tuple[Path, ...]

# Who the clients are; read first, as the other kinds are told apart by it.
PARTY_KINDS: Final[dict[str, Callable[[SourceSettings, _Paths, Config], Source]]] = {
    "clients": lambda s, paths, config: ClientsSource(s.name, paths, s, config.firm.zone, config.firm.language),
    "contacts": lambda s, paths, config: ContactsSource(s.name, paths, s),
    "contracts": lambda s, paths, config: ContractsSource(s.name, paths, s, config.firm.zone),
}
# What passed between us and them.
EVENT_KINDS: Final[dict[str, Callable[[SourceSettings, _Paths, Config, Identity], Source]]] = {
    "mbox": lambda s, paths, config, who: MboxSource(s.name, paths, who, config.firm.zone),
    "maildir": lambda s, paths, config, who: MaildirSource(s.name, paths, who, config.firm.zone),
    "eml": lambda s, paths, config, who: EmlSource(s.name, paths, who, config.firm.zone),
    "ics": lambda s, paths, config, who: IcsSource(s.name, paths, who, config.firm.zone),
    "calls": lambda s, paths, config, who: CallsSource(s.name, paths, s, who, config.firm.zone),
    "invoices": lambda s, paths, config, who: InvoicesSource(s.name, paths, s, config.firm.zone),
    "events": lambda s, paths, config, who: EventsSource(s.name, paths, s),
}
_TABLES: Final = {
    **dict.fromkeys((*PARTY_KINDS, "calls", "invoices"), _CSV_SUFFIXES),
    "events": TABLE_SUFFIXES,
}  # kinds for which a folder stands for the tables in it; the mail and calendar kinds walk folders themselves


def party_sources(config: Config) -> list[Source]:
    """The configured sources of clients, contacts and contracts, in this order."""
    order = list(PARTY_KINDS)
    chosen = [settings for settings in config.sources if settings.kind in PARTY_KINDS]
    chosen.sort(key=lambda settings: order.index(settings.kind))
    return [PARTY_KINDS[settings.kind](settings, _paths(config, settings), config) for settings in chosen]


def open_sources(config: Config, identity: Identity) -> list[Source]:
    """The configured sources of events, as configured; `SourceUnavailableError` where a path leads to nothing."""
    return [
        EVENT_KINDS[settings.kind](settings, _paths(config, settings), config, identity)
        for settings in config.sources
        if settings.kind in EVENT_KINDS
    ]


def _paths(config: Config, settings: SourceSettings) -> _Paths:
    """What a source's `path` stands for now: itself, the matches of a pattern, or the tables in a folder."""
    given = config.path(settings.path)
    found = [given] if given.exists() else sorted(Path(name) for name in glob.glob(str(given), recursive=True))
    if suffixes := _TABLES.get(settings.kind):
        found = [file for path in found for file in (_tables_in(path, suffixes) if path.is_dir() else [path])]
    if not found:
        raise SourceUnavailableError(
            f"Source {settings.name!r}: nothing matches {given}.",
            remedy="Correct its `path`; it is taken from the configuration file's folder.",
        )
    return tuple(found)


def _tables_in(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in suffixes and file.is_file())
