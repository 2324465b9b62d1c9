"""Mail that lies in files: mbox (also gzipped), Maildir, and folders of .eml files."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import BinaryIO, cast

from churnwatch.core.contracts import Checkpoint, OutOfReach, Reread, SourceError, SourceItem
from churnwatch.sources.file_cursor import VOID, FileMark, Progress, files_of
from churnwatch.sources.identity import Identity
from churnwatch.sources.mail_parse import MailReader
from churnwatch.sources.mbox import MboxRecord, split_mbox
from churnwatch.sources.parts import of_part

_MAX_MAIL_BYTES = 25 * 1024 * 1024
_SEAL_BYTES = 64
_FROM_BYTES = 16  # blank lines and the beginning of a From_ line
_EVERY_MAIL = ""  # the one part of a source of single mails: each is read once
_MBOX_SUFFIXES = (".mbox", ".mbx", ".mbox.gz", ".mbx.gz")


@dataclass(frozen=True, slots=True)
class MboxSource:
    """One or many mbox files, read as streams; a file that grew is read from its old end."""

    name: str
    paths: Sequence[Path]
    identity: Identity
    zone: tzinfo = UTC
    max_mail_bytes: int = _MAX_MAIL_BYTES

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield the events of all mails that are new since `cursor`."""
        # Apple Mail exports a folder `Name.mbox` that holds a file named `mbox`.
        files = files_of(self.name, self.paths, lambda path: path.name == "mbox" or path.name.endswith(_MBOX_SUFFIXES))
        progress = Progress.load(cursor, self.identity.fingerprint, map(str, files))
        for gone in progress.forget_all_but(files):
            yield Reread(self.name, gone)
        reader = MailReader(self.name, self.identity, self.zone, progress.meetings)
        for path in files:
            yield from of_part(str(path), self._file(path, progress, reader))
        yield Checkpoint(self.name, progress.dump())

    def _file(self, path: Path, progress: Progress, reader: MailReader) -> Iterator[SourceItem]:
        try:
            stat = path.stat()
        except OSError as error:  # gone since it was listed
            yield SourceError(self.name, path.name, f"cannot be read: {error.strerror}")
            progress.files[str(path)] = VOID
            return
        known = progress.files.get(str(path))
        unchanged = known is not None and known[:2] == (stat.st_size, stat.st_mtime_ns)
        if known is not None and known.done and unchanged:
            return
        # A mailbox that grows may have its last mail still being written; one that is met for the first time is an export.
        settled = known is None or unchanged or path.suffix == ".gz"
        mark = FileMark(stat.st_size, stat.st_mtime_ns, 0, done=False)
        try:
            with _opened(path) as stream:
                mark = mark._replace(seal=_seal(stream))
                if known is not None and known.seal == mark.seal and _grew(stream, known, stat.st_size):
                    mark = mark._replace(offset=known.offset, records=known.records)
                elif known is not None:
                    yield Reread(self.name, str(path))
                stream.seek(mark.offset)
                for record in split_mbox(stream, mark.offset, self.max_mail_bytes):
                    if record.envelope and not (record.whole or settled):
                        progress.files[str(path)] = mark
                        return
                    mark = mark._replace(offset=record.end, records=mark.records + 1)
                    yield from self._record(record, f"{path.name} message {mark.records}", reader)
                    progress.files[str(path)] = mark
                    if progress.due():
                        yield Checkpoint(self.name, progress.dump())
        except (OSError, EOFError, zlib.error) as error:
            place = f"{path.name} after message {mark.records}"
            yield SourceError(self.name, place, f"the file cannot be read any further ({type(error).__name__})")
            # Without its seal the file is read from its start: a damaged one when it has changed, one out of reach next time.
            damaged = not isinstance(error, OSError) or isinstance(error, gzip.BadGzipFile)
            progress.files[str(path)] = mark._replace(seal="", done=damaged)
            if not damaged:
                yield OutOfReach(self.name, str(path))
        else:
            progress.files[str(path)] = mark._replace(done=True)

    def _record(self, record: MboxRecord, place: str, reader: MailReader) -> Iterator[SourceItem]:
        if record.cut:
            yield SourceError(self.name, place, _too_large(self.max_mail_bytes))
        if record.envelope:
            yield from reader.items(record.raw, place, record.envelope)
        else:
            yield SourceError(self.name, place, "does not begin with a From_ line")


@dataclass(frozen=True, slots=True)
class MaildirSource:
    """Maildirs with all their folders; what lies in `tmp` is not delivered yet."""

    name: str
    paths: Sequence[Path]
    identity: Identity
    zone: tzinfo = UTC
    max_mail_bytes: int = _MAX_MAIL_BYTES

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield the events of all mails that came since `cursor`."""
        files = files_of(self.name, self.paths, lambda path: path.parent.name in {"cur", "new"})
        progress = Progress.load(cursor, self.identity.fingerprint, [_EVERY_MAIL])
        return _single_mails(self.name, files, progress, self)


@dataclass(frozen=True, slots=True)
class EmlSource:
    """Files of one mail each: .eml, and .emlx of Apple Mail."""

    name: str
    paths: Sequence[Path]
    identity: Identity
    zone: tzinfo = UTC
    max_mail_bytes: int = _MAX_MAIL_BYTES

    def read(self, cursor: str | None) -> Iterator[SourceItem]:
        """Yield the events of all mails that came since `cursor`."""
        files = files_of(self.name, self.paths, lambda path: path.suffix.lower() in {".eml", ".emlx"})
        progress = Progress.load(cursor, self.identity.fingerprint, [_EVERY_MAIL])
        return _single_mails(self.name, files, progress, self)


def _single_mails(
    name: str, files: Iterable[Path], progress: Progress, source: MaildirSource | EmlSource
) -> Iterator[SourceItem]:
    for void in progress.forget_all_but([]):
        yield Reread(name, void)
    reader = MailReader(name, source.identity, source.zone, progress.meetings)
    for path, key in progress.arrivals.new(files):
        try:
            raw = _read_mail(path, source.max_mail_bytes + 1)
        except OSError as error:
            yield SourceError(name, path.name, f"cannot be read: {error.strerror}")
            if not isinstance(error, FileNotFoundError):  # moved by the mail program between listing and reading
                yield OutOfReach(name, _EVERY_MAIL)
            continue
        if len(raw) > source.max_mail_bytes:
            yield SourceError(name, path.name, _too_large(source.max_mail_bytes))
        yield from reader.items(raw, path.name)
        progress.arrivals.add(key)
        if progress.due():
            yield Checkpoint(name, progress.dump())
    yield Checkpoint(name, progress.dump())


def _read_mail(path: Path, max_bytes: int) -> bytes:
    with path.open("rb") as stream:
        if path.suffix.lower() == ".emlx":  # its first line is the mail's length; a property list follows the mail
            length = stream.readline(20).strip()
            return stream.read(min(int(length), max_bytes)) if length.isdigit() else stream.read(max_bytes)
        return stream.read(max_bytes)


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _seal(stream: BinaryIO) -> str:
    """A digest of the beginning, which stays when a file grows."""
    return hashlib.sha256(stream.read(_SEAL_BYTES)).hexdigest()[:16]


def _grew(stream: BinaryIO, known: FileMark, size: int) -> bool:
    """Whether what was read before still stands there: a mail program that removes mails moves all that follows."""
    if known.offset < _SEAL_BYTES or (known.done and size <= known.size):
        return False
    stream.seek(known.offset)
    return stream.read(_FROM_BYTES).lstrip(b"\r\n").startswith(b"From ")


def _too_large(max_bytes: int) -> str:
    return f"larger than {max_bytes >> 20} MiB: only its beginning was read"
