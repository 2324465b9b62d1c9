"""The one door to the database: everything kept between two nights is put and read here, and nowhere else."""

from types import TracebackType
from typing import Self

from churnwatch.store.access import Access, ApiKey
from churnwatch.store.cases import Cases, Transition
from churnwatch.store.engine import Database
from churnwatch.store.events import Events
from churnwatch.store.ingest import Added, Batch, Ingest, SourceHealth, Unknown
from churnwatch.store.labels import Judged, Judgement, Labels, ToneLabel
from churnwatch.store.migrations import is_current, upgrade
from churnwatch.store.outbox import DeadParcel, Outbox, Parcel
from churnwatch.store.people import People
from churnwatch.store.readings import OutOfDate, Readings
from churnwatch.store.runs import Runs, Stage
from churnwatch.store.scores import Scores

__all__ = [
    "Added",
    "ApiKey",
    "Batch",
    "DeadParcel",
    "Judged",
    "Judgement",
    "OutOfDate",
    "Parcel",
    "SourceHealth",
    "Stage",
    "Store",
    "ToneLabel",
    "Transition",
    "Unknown",
]


class Store:
    """The database, one room per concern. Safe to share between threads; each process opens its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.people = People(database)
        self.ingest = Ingest(database)
        self.events = Events(database)
        self.readings = Readings(database)
        self.labels = Labels(database)
        self.scores = Scores(database)
        self.cases = Cases(database)
        self.outbox = Outbox(database)
        self.access = Access(database)
        self.runs = Runs(database)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open `sqlite:///FILE` or `postgresql+psycopg://…`, creating the file and bringing the schema up to date."""
        database = Database(url)
        try:
            with database.read() as connection:
                current = is_current(connection)
            if not current:
                with database.write() as connection:
                    if not is_current(connection):  # another process may have been faster
                        upgrade(connection)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @property
    def url_masked(self) -> str:
        """Where the database is, without its password."""
        return self._database.url_masked

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
