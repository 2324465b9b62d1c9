"""Reproducible chance: one stream per purpose, drawn from PCG64's raw uniforms so that the same seed gives the same bytes anywhere."""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_T = TypeVar("_T")
_BLOCK = 2048


class Dice:
    """A stream of chance named by `seed` and `path`; streams with different paths are independent."""

    __slots__ = ("_block", "_generator", "_next")

    def __init__(self, seed: int, *path: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *path])))
        self._block: list[float] = []
        self._next = 0

    def share(self) -> float:
        """Uniform in [0, 1)."""
        if self._next == len(self._block):
            # Only the raw uniforms are promised to be stable over numpy versions; everything else is derived below.
            self._block = self._generator.random(_BLOCK).tolist()
            self._next = 0
        value = self._block[self._next]
        self._next += 1
        return value

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.share() < probability

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.share() * (high - low + 1))

    def pick(self, items: Sequence[_T]) -> _T:
        """One of the items."""
        return items[int(self.share() * len(items))]

    def weighted(self, items: Sequence[_T], weights: Sequence[float]) -> _T:
        """One of the items, in proportion to its weight."""
        left = self.share() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[_T]) -> list[_T]:
        """The items in a random order."""
        return [item for _, _, item in sorted((self.share(), place, item) for place, item in enumerate(items))]

    def normal(self) -> float:
        """Standard normal (Box-Muller)."""
        return math.sqrt(-2.0 * math.log(1.0 - self.share())) * math.cos(2.0 * math.pi * self.share())

    def spread(self, sigma: float) -> float:
        """A log-normal factor around 1."""
        return math.exp(sigma * self.normal())

    def poisson(self, mean: float) -> int:
        """A Poisson count (for small means)."""
        limit, count, product = math.exp(-mean), 0, self.share()
        while product > limit:
            count += 1
            product *= self.share()
        return count
