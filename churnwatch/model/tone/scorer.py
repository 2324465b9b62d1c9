"""How irritated and how warm messages sound: a linear model per register over hashed words, blended by how much each register fits.

People complain differently in business mail, under code, in public posts. Each register has its own weights for "irritated"
and "warm" against neutral; a third set says how much a message belongs to the register. All are sums over the message's
tokens, so a token is worked out once and looked up from then on.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from io import BytesIO
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from churnwatch.model.tone.features import BUCKETS, Edges, Hashes, counts, pairs, tokens, units

Floats = NDArray[np.float32]

_MESSAGES_AT_ONCE = 50_000
_MOST_LOG_ODDS = 40.0  # beyond it a float of 32 bits comes near its end
_MOST_KNOWN = 400_000  # tokens, about 60 MB; then the memory begins anew


class Scores(NamedTuple):
    """P(irritated) and P(warm) of each message, 0..1; what is left to 1 is neutral."""

    irritated: NDArray[np.float64]
    warm: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned, int8 times `scale`; buckets that no learning message knew are 0.

    `columns[bucket]`: for each register the log-odds of irritated and of warm against neutral, then the fit of each register, then
    the bucket's share in a message's squared length; `bias` likewise without the last.
    """

    registers: tuple[str, ...]
    columns: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def save(self) -> bytes:
        """The weights as bytes of an npz file without pickles."""
        out = BytesIO()
        np.savez_compressed(
            out, registers=np.array(self.registers), columns=self.columns, scale=self.scale, bias=self.bias
        )
        return out.getvalue()

    @classmethod
    def load(cls, written: bytes) -> "Weights":
        """Weights from such bytes."""
        with np.load(BytesIO(written), allow_pickle=False) as file:
            return cls(tuple(file["registers"].tolist()), file["columns"], file["scale"], file["bias"])


@dataclass(frozen=True)
class Scorer:
    """Weights at work. `model_id` names them: two that differ in a single weight have different ones."""

    weights: Weights
    model_id: str
    _known: "_Known" = field(repr=False, compare=False)
    _plain: Floats = field(repr=False, compare=False)

    @classmethod
    def of(cls, weights: Weights) -> "Scorer":
        """A scorer that knows no token yet."""
        plain = weights.columns.astype(np.float32) * weights.scale
        digest = hashlib.sha256(weights.columns.tobytes() + weights.scale.tobytes() + weights.bias.tobytes())
        return cls(weights, f"tone-{digest.hexdigest()[:10]}", _Known(plain), plain)

    def scores(self, texts: Sequence[str]) -> Scores:
        """How irritated and how warm each message sounds."""
        parts = [self._of_some(texts[low : low + _MESSAGES_AT_ONCE]) for low in range(0, len(texts), _MESSAGES_AT_ONCE)]
        if not parts:
            return Scores(np.empty(0), np.empty(0))
        return Scores(*(np.concatenate([part[:, one] for part in parts]) for one in (0, 1)))

    def by_register(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """P(irritated) and P(warm) as each register alone hears them: `[message, register, which]`."""
        heard, _ = self._told(texts)
        return _probabilities(heard)

    def _of_some(self, texts: Sequence[str]) -> NDArray[np.float64]:
        heard, share = self._told(texts)
        return _probabilities(np.einsum("mr,mrc->mc", share, heard))

    def _told(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """The log-odds in each register, and each register's share in each message."""
        given = tokens(texts)
        table, edges = self._known.rows(given.distinct)
        sums = counts(given, given.code, len(table)) @ table
        for bucket in pairs(given, edges):
            sums += counts(given, bucket, BUCKETS) @ self._plain
        registers = len(self.weights.registers)
        length = np.sqrt(np.maximum(sums[:, -1:], 1e-6))
        told = sums[:, :-1] / length + self.weights.bias
        fit = told[:, 2 * registers :]
        share = np.exp(fit - fit.max(axis=1, keepdims=True))
        return told[:, : 2 * registers].reshape(-1, registers, 2), share / share.sum(axis=1, keepdims=True)


def _probabilities(log_odds: Floats) -> NDArray[np.float64]:
    """P(irritated) and P(warm) from their log-odds against neutral, along the last axis."""
    odds = np.exp(np.clip(log_odds, -_MOST_LOG_ODDS, _MOST_LOG_ODDS))
    return np.asarray(odds / (1 + odds.sum(axis=-1, keepdims=True)), dtype=np.float64)


class _Known:
    """Tokens met so far, each with its row of sums; several threads may ask."""

    def __init__(self, plain: Floats) -> None:
        self._plain = plain
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self._place: dict[str, int] = {}
        self._table = np.empty((0, self._plain.shape[1]), dtype=np.float32)  # with room to grow, as the edges have
        self._first: Hashes = np.empty(0, dtype=np.uint64)
        self._last: Hashes = np.empty(0, dtype=np.uint64)

    def rows(self, distinct: Sequence[str]) -> tuple[Floats, Edges]:
        """The sums over each token's own buckets, and its edges."""
        with self._lock:
            if len(self._place) > _MOST_KNOWN:
                self._begin()
            found = list(map(self._place.get, distinct))
            if new := [token for token, place in zip(distinct, found, strict=True) if place is None]:
                self._learn(new)
                found = list(map(self._place.get, distinct))
            rows = np.array(found, dtype=np.int64)
            return self._table[rows], Edges(self._first[rows], self._last[rows])

    def _learn(self, new: Sequence[str]) -> None:
        told, edges = units(new)
        low, high = len(self._place), len(self._place) + len(new)
        if high > len(self._table):
            room = 2 * high - len(self._table)  # so that a thousand small questions don't copy it a thousand times
            self._table = np.concatenate([self._table, np.empty((room, self._table.shape[1]), dtype=np.float32)])
            self._first = np.concatenate([self._first, np.empty(room, dtype=np.uint64)])
            self._last = np.concatenate([self._last, np.empty(room, dtype=np.uint64)])
        self._place.update(zip(new, range(low, high), strict=True))
        self._table[low:high], self._first[low:high], self._last[low:high] = told @ self._plain, edges.first, edges.last


@lru_cache(maxsize=1)
def shipped() -> Scorer:
    """The scorer that comes with churnwatch; its card is models/tone.md."""
    return Scorer.of(Weights.load(resources.files(__package__).joinpath("weights.npz").read_bytes()))
