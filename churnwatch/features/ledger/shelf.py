"""Volumes as files, two each: the folded base, and what came since. Each is replaced as a whole and readable by nobody else.

A file that is lost, damaged or made for something else costs no knowledge: the ledger is begun anew from the store.
"""

import hashlib
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.roster import Roster
from churnwatch.core.table import EVENT_COLUMNS, Column, EventTable
from churnwatch.features import VERSION
from churnwatch.features.ledger.book import Book
from churnwatch.features.ledger.volume import Volume, nothing
from churnwatch.features.past import Past

_FORMAT = 2  # raise it when files are written otherwise
_WORDS = ("clients", "contacts", "channels", "countries")
_PAST = tuple(field.name for field in fields(Past))
_OF_THE_BOOK = ("threads", "named", "gone", "gone_start")
_BY_ROW = (*EVENT_COLUMNS, "named")
_BROKEN = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)

Head = Mapping[str, Any]


class UnusableLedgerError(Exception):
    """Why a ledger cannot be used."""


def stamp_of(calendar: BusinessCalendar, roster: Roster) -> str:
    """What a ledger is made for: the catalogue, business time, and who is known to have rank or to decide."""
    made_for = (
        _FORMAT,
        VERSION,
        repr(calendar),
        version("holidays"),
        version("tzdata"),
        sorted((contact, int(rank)) for contact, rank in roster.ranks.items()),
        sorted(roster.deciders.items()),
    )
    return hashlib.sha256(repr(made_for).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of volumes; `stamp` is what they must be made for."""

    folder: Path
    stamp: str

    def read(self) -> list[Volume]:
        """The volumes; none where no ledger was begun yet. `UnusableLedgerError` where there is one of no use."""
        bases = sorted(self.folder.glob("*.base.npz"))
        try:
            heads = [_head(path) for path in bases]
            if any(head["stamp"] != self.stamp for head in heads):
                raise UnusableLedgerError(
                    f"{self.folder} was written by another version, or for other settings or people."
                )
            if len({head["edition"] for head in heads}) > 1 or any(head["volumes"] != len(bases) for head in heads):
                raise UnusableLedgerError(f"{self.folder} was not written to its end.")
            return [self._volume(number, head) for number, head in enumerate(heads)]
        except _BROKEN as error:
            raise UnusableLedgerError(f"{self.folder} is damaged ({type(error).__name__}).") from error

    def write(self, volumes: Sequence[Volume], before: Sequence[Volume] = ()) -> None:
        """Keep the volumes; of those read `before`, only what has changed. Each base is there before what came since."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # it may have been there before
        for path in self.folder.glob("*.part"):  # a night was killed between two writes
            path.unlink()
        if not before:
            for path in self.folder.glob("*.npz"):
                path.unlink()
        edition = _head(self._base(0))["edition"] if before else secrets.token_hex(8)
        for number, volume in enumerate(volumes):
            known = before[number] if before else None
            if known is None or volume.base is not known.base:
                base = {
                    "stamp": self.stamp,
                    "edition": edition,
                    "volumes": len(volumes),
                    "token": secrets.token_hex(8),
                    "number": volume.number,
                    "folded_at": volume.folded_at,
                    "answering": dict(volume.answering),
                }
                _save(self._base(number), base, volume.base)
            if known is None or volume is not known:
                token = _head(self._base(number))["token"]
                since = {"token": token, "number": volume.number, "void": sorted(volume.void)}
                _save(self._since(number), since, volume.more)

    def _volume(self, number: int, head: Head) -> Volume:
        base, since = _book(self._base(number)), _head(self._since(number)) if self._since(number).exists() else {}
        told = head["folded_at"], head["answering"]
        if since.get("token") != head["token"]:  # the base is newer, and holds all
            return Volume(base, frozenset(), nothing(), head["number"], *told)
        return Volume(base, frozenset(since["void"]), _book(self._since(number)), since["number"], *told)

    def _base(self, number: int) -> Path:
        return self.folder / f"{number:04}.base.npz"

    def _since(self, number: int) -> Path:
        return self.folder / f"{number:04}.since.npz"


def _save(path: Path, head: Head, book: Book) -> None:
    arrays: dict[str, Any] = {name: _narrow(getattr(book.table, name)) for name in EVENT_COLUMNS}
    if np.array_equal(book.table.at, book.table.known_at):
        del arrays["known_at"]
    arrays |= {f"past_{name}": getattr(book.past, name) for name in _PAST}
    arrays |= {name: _narrow(getattr(book, name)) if name in _BY_ROW else getattr(book, name) for name in _OF_THE_BOOK}
    arrays |= {name: _packed(getattr(book.table, name)) for name in _WORDS}
    arrays |= {"ids": book.ids, "deciders": book.table.deciders, "head": _packed(head)}
    draft = path.with_suffix(f".{secrets.token_hex(8)}.part")
    new_and_no_link = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(draft, new_and_no_link, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _head(path: Path) -> Head:
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        head: Head = _unpacked(file["head"])
        return head


def _book(path: Path) -> Book:
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        arrays: dict[str, Any] = {name: file[name] for name in file.files}
    ids = arrays["ids"]
    arrays.setdefault("known_at", arrays["at"])
    for name in _BY_ROW:
        if not arrays[name].ndim:
            arrays[name] = np.broadcast_to(arrays[name], len(ids))
    arrays |= {name: tuple(_unpacked(arrays[name])) for name in _WORDS}
    of_table = {name: arrays[name] for name in (*EVENT_COLUMNS, *_WORDS, "deciders")}
    table = EventTable(event_ids=pa.array(ids), **of_table)
    past = Past(**{name: arrays[f"past_{name}"] for name in _PAST})
    return Book(table, past, **{name: arrays[name] for name in _OF_THE_BOOK})


def _narrow(column: Column) -> Column:
    """A column that is the same everywhere as that one value."""
    first = column[:1]
    if len(column) and np.array_equal(column, np.broadcast_to(first, len(column)), equal_nan=column.dtype.kind == "f"):
        return np.asarray(first.reshape(()))
    return column


def _packed(words: object) -> Column:
    return np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), dtype=np.uint8)


def _unpacked(packed: Column) -> Any:
    return json.loads(packed.tobytes())
