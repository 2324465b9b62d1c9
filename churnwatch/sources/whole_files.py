"""Files that are read whole: which were, how far, and whether they have changed since."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from churnwatch.core.contracts import Checkpoint, SourceItem
from churnwatch.core.errors import SourceUnavailableError

_CHECKPOINT_ITEMS = 500
_READER_VERSION = 1  # raise it when a reader learns to see more in the same file


@dataclass(frozen=True, slots=True)
class _Stamp:
    size: int
    mtime_ns: int
    sha256: str
    items: int | None  # how many were yielded; None = all


def read_files(
    source: str,
    paths: Sequence[Path],
    knowledge: str,
    cursor: str | None,
    items_of: Callable[[Path], Iterator[SourceItem]],
) -> Iterator[SourceItem]:
    """Yield the items of every file that is new or changed since `cursor`, with checkpoints.

    `knowledge` is what the items depend on besides the files (who is who, settings): when it changes, all is read again.
    """
    stamps = _parse(cursor, knowledge)
    stamps = {str(path): stamps[str(path)] for path in paths if str(path) in stamps}
    since = 0
    for path in paths:
        seen = stamps.get(str(path))
        now = _stamp(path, seen)
        if seen is not None and seen.sha256 == now.sha256 and seen.items is None:
            stamps[str(path)] = now
            continue
        done = seen.items or 0 if seen is not None and seen.sha256 == now.sha256 else 0
        for number, item in enumerate(items_of(path), start=1):
            if number <= done:
                continue
            yield item
            since += 1
            if since >= _CHECKPOINT_ITEMS:
                stamps[str(path)] = _Stamp(now.size, now.mtime_ns, now.sha256, number)
                yield Checkpoint(source, _written(stamps, knowledge))
                since = 0
        stamps[str(path)] = now
    yield Checkpoint(source, _written(stamps, knowledge))


def content_of(path: Path) -> bytes:
    """A file's bytes, or `SourceUnavailableError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unavailable(path, error) from error


def _stamp(path: Path, seen: _Stamp | None) -> _Stamp:
    try:
        state = path.stat()
        if seen is not None and (seen.size, seen.mtime_ns) == (state.st_size, state.st_mtime_ns):
            return _Stamp(seen.size, seen.mtime_ns, seen.sha256, None)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unavailable(path, error) from error
    return _Stamp(state.st_size, state.st_mtime_ns, digest, None)


def _unavailable(path: Path, error: OSError) -> SourceUnavailableError:
    return SourceUnavailableError(
        f"{path} cannot be read: {error.strerror or error}.",
        remedy="Check the source's `path` and the file's permissions.",
    )


def _parse(cursor: str | None, knowledge: str) -> dict[str, _Stamp]:
    try:
        saved = json.loads(cursor or "null")
        if saved["reader"] == _READER_VERSION and saved["knowledge"] == knowledge:
            return {path: _Stamp(**stamp) for path, stamp in saved["files"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        pass  # not a cursor of ours: reading everything again is harmless
    return {}


def _written(stamps: dict[str, _Stamp], knowledge: str) -> str:
    files = {path: asdict(stamp) for path, stamp in stamps.items()}
    return json.dumps({"reader": _READER_VERSION, "knowledge": knowledge, "files": files}, ensure_ascii=False)
