"""What every route works with: the settings, the store, the clock, the model in service and who is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request

from churnwatch import scoring
from churnwatch.api.sessions import Sessions
from churnwatch.core.config import Config
from churnwatch.core.errors import ArtifactError
from churnwatch.model import artifact
from churnwatch.model.artifact import Artifact
from churnwatch.store import Store


class ModelShelf:
    """The model in its folder, read again when another one was published there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._held: tuple[tuple[int, int], Artifact] | None = None

    def current(self) -> Artifact:
        """The model in service; `ArtifactError` when there is none that fits these signals."""
        with self._lock:
            mark = self._mark()
            if self._held is None or self._held[0] != mark:
                self._held = (mark, self._load())
            held = self._held[1]
        if held.catalogue != scoring.CATALOGUE_VERSION:
            raise ArtifactError(
                f"The model in {self._folder} was made for other signals.", remedy="Run: churnwatch train."
            )
        return held

    def _load(self) -> Artifact:
        try:
            return artifact.load(self._folder)
        except ArtifactError:
            return artifact.load(self._folder)  # between its two files another model may have been published

    def _mark(self) -> tuple[int, int]:
        try:
            status = (self._folder / "manifest.json").stat()
        except OSError:
            return (0, 0)
        return (status.st_ino, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Service:
    """One running server."""

    config: Config
    store: Store
    clock: Callable[[], datetime]
    models: ModelShelf
    sessions: Sessions

    def today(self) -> date:
        """The firm's date now."""
        return self.config.firm.calendar.day_of(self.clock())


def service_of(request: Request) -> Service:
    """The service that serves this request."""
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(service_of)]
