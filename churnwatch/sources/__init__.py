"""Every kind of source, and how the configured ones are opened. A new kind is one file and one line here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from churnwatch.core.config import Config, Firm, SourceSettings
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


@dataclass(frozen=True, slots=True)
class Opening:
    """All that a source may be opened with."""

    settings: SourceSettings
    paths: tuple[Path, ...]
    firm: Firm
    identity: Identity

    @property
    def name(self) -> str:
        """The source's name."""
        return self.settings.name


# Who the clients are; read first, and without knowing who is who.
PARTY_KINDS: Final[dict[str, Callable[[Opening], Source]]] = {
    "clients": lambda o: ClientsSource(o.name, o.paths, o.settings, o.firm.zone, o.firm.language),
    "contacts": lambda o: ContactsSource(o.name, o.paths, o.settings),
    "contracts": lambda o: ContractsSource(o.name, o.paths, o.settings, o.firm.zone),
}
# What passed between us and them.
EVENT_KINDS: Final[dict[str, Callable[[Opening], Source]]] = {
    "mbox": lambda o: MboxSource(o.name, o.paths, o.identity, o.firm.zone),
    "maildir": lambda o: MaildirSource(o.name, o.paths, o.identity, o.firm.zone),
    "eml": lambda o: EmlSource(o.name, o.paths, o.identity, o.firm.zone),
    "ics": lambda o: IcsSource(o.name, o.paths, o.identity, o.firm.zone),
    "calls": lambda o: CallsSource(o.name, o.paths, o.settings, o.identity, o.firm.zone),
    "invoices": lambda o: InvoicesSource(o.name, o.paths, o.settings, o.firm.zone),
    "events": lambda o: EventsSource(o.name, o.paths, o.settings),
}
_TABLES: Final = {
    **dict.fromkeys((*PARTY_KINDS, "calls", "invoices"), _CSV_SUFFIXES),
    "events": TABLE_SUFFIXES,
}  # kinds for which a folder stands for the tables in it; the mail and calendar kinds walk folders themselves


def party_sources(config: Config) -> list[Source]:
    """The configured sources of clients, contacts and contracts, in this order."""
    nobody = Identity()
    return [
        open_party(Opening(settings, _paths(config, settings), config.firm, nobody))
        for kind, open_party in PARTY_KINDS.items()
        for settings in config.sources
        if settings.kind == kind
    ]


def open_sources(config: Config, identity: Identity) -> list[Source]:
    """The configured sources of events, as configured; `SourceUnavailableError` where a path leads to nothing."""
    return [
        EVENT_KINDS[settings.kind](Opening(settings, _paths(config, settings), config.firm, identity))
        for settings in config.sources
        if settings.kind in EVENT_KINDS
    ]


def _paths(config: Config, settings: SourceSettings) -> tuple[Path, ...]:
    """What a source's `path` stands for now: itself, the matches of a pattern, or the tables in a folder."""
    given = config.path(settings.path)
    found = [given] if given.exists() else _visible(Path(given.anchor).glob(str(given.relative_to(given.anchor))))
    if suffixes := _TABLES.get(settings.kind):
        found = [file for path in found for file in (_tables_in(path, suffixes) if path.is_dir() else [path])]
    if not found:
        raise SourceUnavailableError(
            f"Source {settings.name!r}: nothing matches {given}.",
            remedy="Correct its `path`; it is taken from the configuration file's folder.",
        )
    return tuple(found)


def _tables_in(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return _visible(file for file in folder.iterdir() if file.suffix.lower() in suffixes and file.is_file())


def _visible(paths: Iterable[Path]) -> list[Path]:
    """Sorted, without the hidden files that office programs leave beside an open table."""
    return sorted(path for path in paths if not path.name.startswith("."))
