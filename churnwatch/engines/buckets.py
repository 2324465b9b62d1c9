"""Which bucket a client's events belong to: the same on every machine, whatever runs the bucket.

A bucket is what one task holds in memory at once. A client is never divided, so the largest client is the floor of that; a
client larger than a bucket should be gets one of its own, and delays nobody but itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from zlib import crc32

import pyarrow as pa

BUCKET_EVENTS = 250_000  # events that a bucket should hold at most


@dataclass(frozen=True, slots=True)
class Plan:
    """The clients that have a bucket to themselves, and how many buckets the others share.

    >>> Plan(alone=("whale",), shared=3).bucket_of(pa.chunked_array([["whale", "acme", None]])).to_pylist()
    [0, 3, 0]
    """

    alone: tuple[str, ...]  # the largest first, in the first buckets: what takes longest starts first
    shared: int

    @property
    def buckets(self) -> int:
        """How many there are."""
        return len(self.alone) + self.shared

    def bucket_of(self, client_ids: pa.ChunkedArray) -> pa.Array:
        """The bucket of each row as int32; a row without a client is in bucket 0."""
        own = {client_id: bucket for bucket, client_id in enumerate(self.alone)}
        ids = pa.concat_arrays(client_ids.chunks).dictionary_encode()
        buckets = [own.get(one, len(own) + crc32(one.encode()) % self.shared) for one in ids.dictionary.to_pylist()]
        found: pa.Array = pa.array(buckets, pa.int32()).take(ids.indices).fill_null(0)
        return found


def bucket_size(events: int, buckets: int | None) -> int:
    """How many events a bucket should hold at most: `BUCKET_EVENTS`, or as many as make about `buckets` of them."""
    return max(1, ceil(events / buckets)) if buckets else BUCKET_EVENTS


def plan(events: int, large: Mapping[str, int], size: int) -> Plan:
    """The plan for so many events in all; `large` = events of each client that has more than `size`.

    >>> plan(1_000_000, {"whale": 300_000}, BUCKET_EVENTS)
    Plan(alone=('whale',), shared=3)
    """
    alone = sorted(large, key=lambda client_id: (-large[client_id], client_id))
    return Plan(tuple(alone), max(1, ceil((events - sum(large.values())) / size)))
