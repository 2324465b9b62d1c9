"""How far a source of files was read: what its cursor says of each file, so that nothing unchanged is read twice."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from churnwatch.core.errors import SourceUnavailableError
from churnwatch.sources.meeting_memory import MeetingMemory

_VERSION = 1
_CHECKPOINT_RECORDS = 500
_SAME_MOMENT_NS = 2_000_000_000  # coarsest step of a file system's clock: files this close to the mark are told by name


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
    """Which of very many small files were read, by the time at which they came or last changed (ctime).

    A copied or moved file keeps its mtime but never its ctime, so nothing that arrives later is missed.
    """

    mark_ns: int = 0
    seen: dict[str, int] = field(default_factory=dict)  # short name -> ctime, only near the mark

    def new(self, paths: Iterable[Path]) -> Iterator[tuple[Path, int]]:
        """Those not read yet with their ctime, the oldest first."""
        present = ((path, _ctime_ns(path)) for path in paths)
        found = sorted((ctime_ns, str(path), path) for path, ctime_ns in present if ctime_ns is not None)
        for ctime_ns, _, path in found:
            if ctime_ns > self.mark_ns or (
                ctime_ns > self.mark_ns - _SAME_MOMENT_NS and _short(path, ctime_ns) not in self.seen
            ):
                yield path, ctime_ns

    def add(self, path: Path, ctime_ns: int) -> None:
        """Note that a file was read."""
        self.mark_ns = max(self.mark_ns, ctime_ns)
        self.seen[_short(path, ctime_ns)] = ctime_ns

    def settle(self) -> None:
        """Forget the names that lie too far back to be needed."""
        oldest_ns = self.mark_ns - _SAME_MOMENT_NS
        self.seen = {name: ctime_ns for name, ctime_ns in self.seen.items() if ctime_ns > oldest_ns}


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
                Arrivals(given["arrivals"]["mark_ns"], dict(given["arrivals"]["seen"])),
                MeetingMemory.load(given["meetings"]),
            )
        except (ValueError, LookupError, TypeError, AttributeError):
            return cls(identity, dict.fromkeys(parts, VOID))

    def dump(self) -> str:
        """For a checkpoint."""
        self.arrivals.settle()
        return json.dumps(
            {
                "version": _VERSION,
                "identity": self.identity,
                "files": self.files,
                "arrivals": {"mark_ns": self.arrivals.mark_ns, "seen": self.arrivals.seen},
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


def _ctime_ns(path: Path) -> int | None:
    """None where a mail program has moved the file since it was listed; it will be found under its new name."""
    try:
        return path.stat().st_ctime_ns
    except OSError:
        return None


def _short(path: Path, ctime_ns: int) -> str:
    return hashlib.sha256(f"{path}\x00{ctime_ns}".encode("utf-8", "surrogateescape")).hexdigest()[:12]
