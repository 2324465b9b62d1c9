"""Which part of its source, that is which file, a tallied or reported item comes from."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from churnwatch.core.contracts import Skipped, SourceError, SourceItem, UnknownCorrespondent


def of_part(part: str, items: Iterable[SourceItem]) -> Iterator[SourceItem]:
    """The items, with `part` on those that have one."""
    for item in items:
        yield replace(item, part=part) if isinstance(item, SourceError | Skipped | UnknownCorrespondent) else item
