"""Files that are read whole: which were, how far, and whether they have changed since."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from churnwatch.core.contracts import Checkpoint, OutOfReach, Reread, SourceError, SourceItem
from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.parts import of_part

_CHECKPOINT_ITEMS = 500
_READER_VERSION = 2  # raise it when a reader learns to see more in the same file


@dataclass(frozen=True, slots=True)
class _Stamp:
    size: int
    mtime_ns: int
    sha256: str
    items: int | None  # how many were yielded; None = all


_VOID = _Stamp(-1, 0, "", 0)  # of a file that was read before, but otherwise than it would be read now


def read_files(
    source: str,
    paths: Sequence[Path],
    knowledge: str,
    cursor: str | None,
    items_of: Callable[[Path], Iterator[SourceItem]],
) -> Iterator[SourceItem]:
    """Yield the items of every file that is new or changed since `cursor`, with checkpoints.

    One unreadable file among several is a `SourceError` and is tried again next time; where none can be read, that raises.
    `knowledge` is what the items depend on besides the files (who is who, settings): when it changes, all is read again.
    """
    stamps = _parse(cursor, knowledge, paths)
    for gone in sorted(stamps.keys() - set(map(str, paths))):
        yield Reread(source, gone)
        del stamps[gone]
    unreadable = 0
    for path in paths:
        part = str(path)
        read = announced = False
        try:
            for item in _file(source, path, knowledge, stamps, items_of):
                read, announced = True, announced or isinstance(item, Reread)
                yield item
        except SourceUnavailableError as error:
            unreadable += 1
            if unreadable == len(paths):  # so nothing was committed either: no file was finished
                raise
            if part in stamps and not announced:
                yield Reread(source, part)
            yield SourceError(source, path.name, str(error), part)
            if isinstance(error.__cause__, OSError):  # else it is a file of another form, and may never have been ours
                yield OutOfReach(source, part)
            stamps[part] = _VOID
        else:
            if read and path != paths[-1]:
                yield Checkpoint(source, _written(stamps, knowledge))
    yield Checkpoint(source, _written(stamps, knowledge))


def _file(
    source: str,
    path: Path,
    knowledge: str,
    stamps: dict[str, _Stamp],
    items_of: Callable[[Path], Iterator[SourceItem]],
) -> Iterator[SourceItem]:
    """What is new in one file, with checkpoints inside a long one."""
    part = str(path)
    seen = stamps.get(part)
    now = _stamp(path, seen)
    if seen is not None and seen.sha256 == now.sha256 and seen.items is None:
        stamps[part] = now
        return
    done = 0
    if seen is not None and seen.sha256 == now.sha256:
        done = seen.items or 0
    elif seen is not None:
        yield Reread(source, part)
    for number, item in enumerate(of_part(part, items_of(path)), start=1):
        if number <= done:
            continue
        yield item
        if number % _CHECKPOINT_ITEMS == 0:
            stamps[part] = _Stamp(now.size, now.mtime_ns, now.sha256, number)
            yield Checkpoint(source, _written(stamps, knowledge))
    stamps[part] = now


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


def _parse(cursor: str | None, knowledge: str, paths: Sequence[Path]) -> dict[str, _Stamp]:
    if cursor is None:
        return {}
    try:
        saved = json.loads(cursor)
        if saved["reader"] == _READER_VERSION and saved["knowledge"] == knowledge:
            return {path: _Stamp(**stamp) for path, stamp in saved["files"].items()}
        return dict.fromkeys(saved["files"], _VOID)
    except (ValueError, TypeError, KeyError, AttributeError):
        return {str(path): _VOID for path in paths}  # not a cursor of ours: reading everything again is harmless


def _written(stamps: dict[str, _Stamp], knowledge: str) -> str:
    files = {path: asdict(stamp) for path, stamp in stamps.items()}
    return json.dumps({"reader": _READER_VERSION, "knowledge": knowledge, "files": files}, ensure_ascii=False)
