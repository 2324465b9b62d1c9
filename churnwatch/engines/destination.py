"""Where snapshots are written: whoever reads there sees nothing, the former result, or the whole new one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from churnwatch.core.errors import ConfigError, SourceUnavailableError

COMPLETE = "_SUCCESS"  # the empty file that Spark, and with it every reader of such folders, takes for "complete"


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
    """A folder beside `out` to write to, which takes the place of `out` at the end; after an error nothing of it is left."""
    refuse_what_is_there(out, overwrite=overwrite)
    draft = out.with_name(f".{out.name}-{uuid4().hex[:8]}")
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        former = draft.with_name(f"{draft.name}-former")
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
        if draft.is_dir():
            shutil.rmtree(draft)
