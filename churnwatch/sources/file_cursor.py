"""How far a source of files was read: what its cursor says of each file, so that nothing unchanged is read twice."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.meeting_memory import MeetingMemory

_VERSION = 2
_CHECKPOINT_RECORDS = 500
_KEY_CHARS = 12
_FLAGS = re.compile(r"[:;!]2,[^/]*\Z")
_MAILDIR_FOLDERS = {"cur", "new"}


class FileMark(NamedTuple):
    """What was read of one file. `seal` is a digest of its beginning, to tell growth from rewriting."""

    size: int
    mtime_ns: int
    offset: int
    records: int = 0
    seal: str = ""
    done: bool = True


VOID = FileMark(-1, 0, 0, done=False)  # of a file that is to be read from its start, whatever was read of it before


@dataclass(slots=True)
class Arrivals:
    """Which of very many small files were read.

    Every name is remembered, shortened: no time in a file's state says reliably that it came after another.
    """

    seen: dict[str, None] = field(default_factory=dict)  # short keys, in the order in which they were read

    def new(self, paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
        """Those not read yet with their key, the oldest first; the keys of files that are gone are forgotten."""
        found = sorted((mtime_ns, str(path), key, path) for path in paths for mtime_ns, key in _state(path))
        present = {key for _, _, key, _ in found}
        self.seen = {key: None for key in self.seen if key in present}
        for _, _, key, path in found:
            if key not in self.seen:
                yield path, key

    def add(self, key: str) -> None:
        """Note that a file was read."""
        self.seen[key] = None

    def dump(self) -> str:
        """For the cursor."""
        return "".join(self.seen)

    @classmethod
    def load(cls, dumped: str) -> "Arrivals":
        """From a cursor."""
        return cls(dict.fromkeys(dumped[at : at + _KEY_CHARS] for at in range(0, len(dumped), _KEY_CHARS)))


@dataclass(slots=True)
class Progress:
    """A cursor in its readable form. Another identity means that everything is read anew: other mails concern us now."""

    identity: str
    files: dict[str, FileMark] = field(default_factory=dict)
    arrivals: Arrivals = field(default_factory=Arrivals)
    meetings: MeetingMemory = field(default_factory=MeetingMemory)
    _unsaved: int = 0  # records since the last checkpoint

    def due(self) -> bool:
        """Count one more record, and say whether a checkpoint is due after it."""
        self._unsaved = (self._unsaved + 1) % _CHECKPOINT_RECORDS
        return self._unsaved == 0

    @classmethod
    def load(cls, cursor: str | None, identity: str, parts: Iterable[str]) -> "Progress":
        """From a checkpoint's cursor; one that cannot be understood makes what was read of these parts void."""
        if cursor is None:
            return cls(identity)
        try:
            given = json.loads(cursor)
            if given.get("version") != _VERSION or given.get("identity") != identity:
                return cls(identity, dict.fromkeys(parts, VOID))
            return cls(
                identity,
                {path: FileMark(*mark) for path, mark in given["files"].items()},
                Arrivals.load(given["arrivals"]),
                MeetingMemory.load(given["meetings"]),
            )
        except (ValueError, LookupError, TypeError, AttributeError):
            return cls(identity, dict.fromkeys(parts, VOID))

    def dump(self) -> str:
        """For a checkpoint."""
        return json.dumps(
            {
                "version": _VERSION,
                "identity": self.identity,
                "files": self.files,
                "arrivals": self.arrivals.dump(),
                "meetings": self.meetings.dump(),
            },
            separators=(",", ":"),
        )

    def forget_all_but(self, paths: Iterable[Path]) -> list[str]:
        """Drop the marks of files that are gone; which these are."""
        gone = sorted(self.files.keys() - {str(path) for path in paths})
        for path in gone:
            del self.files[path]
        return gone


def files_of(source: str, paths: Sequence[Path], wanted: Callable[[Path], bool]) -> list[Path]:
    """The files themselves, and those in folders that are `wanted`; a path that does not exist raises."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(sorted(inner for inner in path.rglob("*") if wanted(inner) and inner.is_file()))
        elif path.exists():
            found[path] = None
        else:
            raise SourceUnavailableError(
                f"Source {source}: there is no {path}.", remedy="Correct its path in the configuration."
            )
    return list(found)


def _state(path: Path) -> Iterator[tuple[int, str]]:
    """When a file was written, and its key; nothing where it has been moved since it was listed.

    In a Maildir a file never changes, and its name up to the flags (`:2,S`, on some systems `;2,S`) is its own for ever.
    """
    try:
        stat = path.stat()
    except OSError:
        return
    if path.parent.name in _MAILDIR_FOLDERS:
        name = f"{path.parent.parent}\x00{_FLAGS.sub('', path.name)}"
    else:
        name = f"{path}\x00{stat.st_size}\x00{stat.st_mtime_ns}"
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()
    yield stat.st_mtime_ns, b64encode(digest).decode()[:_KEY_CHARS]
