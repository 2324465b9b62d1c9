"""From the configured sources into the store: batch by batch, each with the cursor behind it, so that a kill loses nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from churnwatch import scoring
from churnwatch.core.config import Config
from churnwatch.core.contracts import (
    Checkpoint,
    OutOfReach,
    ReadMessage,
    Reread,
    Skipped,
    Source,
    SourceError,
    SourceItem,
    UnknownCorrespondent,
)
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.core.types import Call, Event, Invoice, Meeting, Message, Party, Reading
from churnwatch.sources import open_sources, party_sources
from churnwatch.sources.identity import Identity
from churnwatch.store import Store
from churnwatch.store.ingest import Batch, ReadByAnotherError

_IDENTITY = "(identity)"  # not a source: remembers for which clients and contacts the sources were last read, and how
_READERS = 2  # raise it when a source learns to see more in the same records: then all are read again
Progress = Callable[[str], None]  # what it is at


@dataclass(frozen=True, slots=True)
class Ingested:
    """Counts over all sources, and what could not be read."""

    counts: dict[str, int]
    problems: tuple[str, ...] = ()


def ingest(config: Config, store: Store, now: datetime, progress: Progress | None = None) -> Ingested:
    """Read every configured source from its cursor on; a source that cannot be read is a problem, not the end.

    So is one that another run is reading: what it has stored is not stored twice. `now` is what is noted of each source as
    the time at which it was read, or from which on it has failed, and since when payments told anew are known.
    """
    tell = progress or (lambda _detail: None)
    counts: Counter[str] = Counter()
    problems: list[str] = []
    for name, source in _opened(config, party_sources):
        _read_or_say(name, source, config, store, now, counts, problems, tell, _read_whole)
    identity = known_people(config, store)
    problems.extend(identity.warnings)
    sources = list(_opened(config, lambda one: open_sources(one, identity)))
    read_for = f"{_READERS}:{identity.fingerprint}"
    if not config.privacy.keep_text:
        # Nothing but the sources has the texts that a new model must read.
        read_for += f":{scoring.reader_of(config).model_id}"
    if store.ingest.cursor(_IDENTITY) != read_for:
        # Someone unknown may be known now: read everything again; event ids make that harmless.
        for name, _ in sources:
            store.ingest.reset(name)
        store.ingest.commit(Batch(_IDENTITY, read_for))
    for name, source in sources:
        _read_or_say(name, source, config, store, now, counts, problems, tell, _read)
    counted = {name: counts[name] for name in ("new", "known", "parties", "skipped", "unknown", "errors")}
    return Ingested(counted, tuple(problems))


def opened_one_by_one(config: Config, store: Store) -> Iterator[tuple[str, Source | SourceUnavailableError]]:
    """Every configured source by name, or why it cannot be opened."""
    yield from _opened(config, party_sources)
    identity = known_people(config, store)
    yield from _opened(config, lambda one: open_sources(one, identity))


def known_people(config: Config, store: Store) -> Identity:
    """Who is who, as far as the configuration and the CRM tell."""
    return Identity(config.firm.domains, config.firm.addresses, store.people.clients(), store.people.contacts())


def _opened(
    config: Config, opens: Callable[[Config], list[Source]]
) -> Iterator[tuple[str, Source | SourceUnavailableError]]:
    """Open the sources one at a time, so that one whose files are gone does not keep the others shut."""
    for settings in config.sources:
        try:
            for source in opens(config.model_copy(update={"sources": (settings,)})):
                yield source.name, source
        except SourceUnavailableError as error:
            yield settings.name, error


def _read_or_say(
    name: str,
    source: Source | SourceUnavailableError,
    config: Config,
    store: Store,
    now: datetime,
    counts: Counter[str],
    problems: list[str],
    tell: Progress,
    read: Callable[[Source, Config, Store, datetime, Counter[str], Progress], bool],
) -> None:
    try:
        if isinstance(source, SourceUnavailableError):
            raise source
        whole = read(source, config, store, now, counts, tell)
    except SourceUnavailableError as error:
        store.ingest.failed(name, now)
        problems.append(f"{name}: {error}")
    except ReadByAnotherError as error:
        problems.append(f"{name}: {error}")
    else:
        if not whole:
            store.ingest.failed(name, now)
            problems.append(f"{name}: a part of it could not be read; `churnwatch ingest` says which.")
            return
        kind = next(settings.kind for settings in config.sources if settings.name == name)
        store.ingest.read_well(name, kind, now)


@dataclass(slots=True)
class _Gathered:
    """What one batch will hold."""

    after: str | None  # the cursor
    parties: list[Party] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)  # that came with the events, by event id
    errors: list[SourceError] = field(default_factory=list)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)  # by part and why
    unknown: dict[tuple[str, str], tuple[int, datetime, datetime]] = field(default_factory=dict)  # by part and address
    reread: list[str] = field(default_factory=list)  # parts
    whole: bool = False

    def add(self, item: SourceItem) -> None:
        """Put the item where it belongs."""
        match item:
            case SourceError():
                self.errors.append(item)
            case Skipped():
                self.skipped[item.part, item.why] += 1
            case UnknownCorrespondent():
                key = item.part, item.address
                n, first, last = self.unknown.get(key, (0, item.at, item.at))
                self.unknown[key] = (n + 1, min(first, item.at), max(last, item.at))
            case Reread():
                self.reread.append(item.part)
            case Message() | Meeting() | Call() | Invoice():
                self.events.append(item)
            case ReadMessage():
                self.events.append(item.message)
                self.readings[item.message.event_id] = item.reading
            case Checkpoint() | OutOfReach():
                pass  # said of the reading, and kept in no batch
            case _:
                self.parties.append(item)


def _read_whole(
    source: Source, config: Config, store: Store, now: datetime, counts: Counter[str], tell: Progress
) -> bool:
    """Read parties, which are few, in one batch; all of them where anything read before has changed. Whether all was in reach.

    So what the CRM tells no more (the end of a relation, emptied since) goes in the same breath as the rest comes.
    """
    cursor = store.ingest.cursor(source.name)
    items = list(source.read(cursor))
    whole = cursor is None or any(isinstance(item, Reread) for item in items)
    if whole and cursor is not None:
        items = list(source.read(None))
    gathered = _Gathered(after=cursor, whole=whole)
    for item in items:
        gathered.add(item)
        if isinstance(item, Checkpoint):
            cursor = item.cursor
    if cursor is not None:
        _commit(source.name, cursor, gathered, config, store, now, counts)
        tell(f"{source.name}: {len(gathered.events) + len(gathered.parties)} records")
    return not any(isinstance(item, OutOfReach) for item in items)


def _read(source: Source, config: Config, store: Store, now: datetime, counts: Counter[str], tell: Progress) -> bool:
    """Read events batch by batch; whether all was in reach."""
    whole = True
    cursor = store.ingest.cursor(source.name)
    gathered = _Gathered(after=cursor)
    done = 0
    for item in source.read(cursor):
        whole = whole and not isinstance(item, OutOfReach)
        gathered.add(item)
        if isinstance(item, Checkpoint):
            done += len(gathered.events) + len(gathered.parties)
            _commit(source.name, item.cursor, gathered, config, store, now, counts)
            gathered = _Gathered(after=item.cursor)
            tell(f"{source.name}: {done} records")
    return whole


def _commit(
    name: str, cursor: str, gathered: _Gathered, config: Config, store: Store, now: datetime, counts: Counter[str]
) -> None:
    # A text is read here, whatever came with it.
    read_here = scoring.readings(gathered.events, config.firm.zone, scoring.reader_of(config))
    readings = gathered.readings | read_here
    events = gathered.events if config.privacy.keep_text else [without_text(event) for event in gathered.events]
    added = store.ingest.commit(
        Batch(
            name,
            cursor,
            gathered.parties,
            events,
            readings,
            gathered.errors,
            gathered.skipped,
            gathered.unknown,
            gathered.reread,
            gathered.after,
            gathered.whole,
            now,
        )
    )
    counts["new"] += added.events_new
    counts["known"] += added.events_known
    counts["parties"] += added.parties_changed
    counts["skipped"] += gathered.skipped.total()
    counts["unknown"] += sum(n for n, _, _ in gathered.unknown.values())
    counts["errors"] += len(gathered.errors)


def without_text(event: Event) -> Event:
    """The event as it is kept where texts may not be."""
    match event:
        case Message():
            return replace(event, text=None, subject="")
        case Meeting():
            return replace(event, subject="")
        case _:
            return event
