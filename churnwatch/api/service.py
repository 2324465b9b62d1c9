"""What every route works with: the settings, the store, the clock, the model in service and who is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request

from churnwatch import nightly, scoring
from churnwatch.api.sessions import Sessions
from churnwatch.core.config import Config
from churnwatch.model.artifact import Artifact
from churnwatch.model.tone import Reader
from churnwatch.store import Store


class ModelShelf:
    """The model that the night uses, read again when another one was published."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._manifest = config.path(config.model.path) / "manifest.json"
        self._lock = Lock()
        self._held: tuple[tuple[int, int] | None, Artifact] | None = None

    def current(self) -> Artifact:
        """The model in service; `ArtifactError` when what lies in its folder cannot serve."""
        with self._lock:
            mark = self._mark()
            if self._held is None or self._held[0] != mark:
                self._held = (mark, nightly.model_in_service(self._config))
            return self._held[1]

    def _mark(self) -> tuple[int, int] | None:
        try:
            status = self._manifest.stat()
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Service:
    """One running server."""

    config: Config
    store: Store
    clock: Callable[[], datetime]
    models: ModelShelf
    sessions: Sessions

    @property
    def reader(self) -> Reader:
        """The tone reader, with what the firm has taught it by now."""
        return scoring.reader_of(self.config)

    def today(self) -> date:
        """The firm's date now."""
        return self.config.firm.calendar.day_of(self.clock())


def service_of(request: Request) -> Service:
    """The service that serves this request."""
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(service_of)]
