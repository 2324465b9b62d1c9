"""Notices as files in a folder: text, HTML and JSON side by side, named by the idempotency key."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from churnwatch.core.config import DeliverySettings
from churnwatch.core.errors import DeliveryError
from churnwatch.core.types import Notice

NAME = "folder"
DEFAULT_FOLDER = "data/outbox"  # where notices stay while no other channel is configured

_MAX_READABLE_CHARS = 80
_NOT_MENDED_BY_WAITING = (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError)


def open_channel(delivery: DeliverySettings, root: Path, clock: Callable[[], datetime]) -> "FolderChannel | None":
    """The folder, where one is configured or nothing else is."""
    del clock
    if delivery.folder is None and (delivery.email or delivery.webhook):
        return None
    return FolderChannel(root / Path(delivery.folder or DEFAULT_FOLDER).expanduser())


class FolderChannel:
    """Writes whole files or none; the same key writes over its own files. Only the owner may read them."""

    name = NAME

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, notice: Notice, idempotency_key: str) -> None:
        """Write the notice's three files."""
        stem = file_stem(idempotency_key)
        described = {"recipient": notice.recipient, "subject": notice.subject, "data": notice.payload}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(f"{stem}.html", notice.html)
            self._write(f"{stem}.json", json.dumps(described, ensure_ascii=False, indent=2) + "\n")
            self._write(f"{stem}.txt", f"{notice.subject}\n\n{notice.text}")
        except OSError as error:
            raise DeliveryError(
                f"The notice could not be written to the folder {self._folder}: {error.strerror}.",
                permanent=isinstance(error, _NOT_MENDED_BY_WAITING),
                remedy="Check that delivery.folder is a folder, may be written to, and has room.",
            ) from error

    def _write(self, name: str, content: str) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(content)
            Path(temporary).replace(self._folder / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def file_stem(idempotency_key: str) -> str:
    """A file name for a key: readable, safe on every file system, different for different keys."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "_", idempotency_key).strip("._")[:_MAX_READABLE_CHARS]
    return f"{readable}-{hashlib.sha256(idempotency_key.encode()).hexdigest()[:12]}"
