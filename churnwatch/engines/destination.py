"""Where snapshots are written: their owner alone sees nothing, the former result, or the whole new one; others see nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from churnwatch.core.errors import ConfigError, SourceUnavailableError

COMPLETE = "_SUCCESS"  # the empty file that Spark, and with it every reader of such folders, takes for "complete"
_OWNERS_FOLDER, _OWNERS_FILE = 0o700, 0o600  # what correspondence says of clients is private


def local_path(address: str) -> Path | None:
    """The folder or file of an address on this machine; None for an object store's.

    >>> local_path("file:///data/events").as_posix(), local_path("s3a://firm/events")
    ('/data/events', None)
    """
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(parts.path)
    return None if "://" in address else Path(address)


def refuse_what_is_there(out: Path, *, overwrite: bool) -> None:
    """`ConfigError` where something is that must not be written over."""
    if not out.exists():
        return
    if not overwrite:
        raise ConfigError(f"{out} is there already.", remedy="Name another --out, or add --overwrite.")
    # A slip of the keyboard must not cost a folder of something else.
    if not (out / COMPLETE).is_file():
        raise ConfigError(f"{out} holds no snapshots and is not overwritten.", remedy="Name another --out.")


@contextmanager
def whole(out: Path, *, overwrite: bool) -> Iterator[Path]:
    """A folder to make and write to, which takes the place of `out` at the end; after an error nothing of it is left.

    Until then it lies in a folder beside `out` that is closed to others, whoever writes there and with whatever rights.
    """
    refuse_what_is_there(out, overwrite=overwrite)
    closed = out.with_name(f".{out.name}-{uuid4().hex[:8]}")
    draft, former = closed / out.name, closed.with_name(f"{closed.name}-former")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        closed.mkdir(mode=_OWNERS_FOLDER)
        yield draft
        _close(draft)
        if out.exists():
            out.rename(former)
        draft.rename(out)
        if former.is_dir():
            shutil.rmtree(former)
    except OSError as error:
        raise SourceUnavailableError(
            f"{out} cannot be written: {error.strerror or error}.",
            remedy="Check the folder's permissions and free space.",
        ) from error
    finally:
        if closed.is_dir():
            shutil.rmtree(closed)


def _close(folder: Path) -> None:
    """Leave the folder, and all in it, to its owner alone: Spark writes with rights of its own choice."""
    folder.chmod(_OWNERS_FOLDER)
    for path in folder.rglob("*"):
        path.chmod(_OWNERS_FOLDER if path.is_dir() else _OWNERS_FILE)
