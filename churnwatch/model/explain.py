"""Why a score is what it is: the contributions of an additive model, added up by signal family.

Signals of one family say nearly the same thing and share their weight by accident, so a family's sum is what can be trusted; the
signal named inside it is the one that pushes the most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from churnwatch.core.table import FloatArray


@dataclass(frozen=True, slots=True)
class Push:
    """A family's total push on the log-odds, and its signals from the strongest push to the weakest."""

    family: str
    total: float
    columns: tuple[int, ...]


def pushes(contributions: FloatArray, families: Sequence[str]) -> list[Push]:
    """The families of one row of contributions, those that raise the risk most first.

    >>> import numpy as np
    >>> [(push.family, push.total, push.columns) for push in pushes(np.array([0.25, -0.5, 0.5]), ["a", "b", "a"])]
    [('a', 0.75, (2, 0)), ('b', -0.5, (1,))]
    """
    found = []
    for family in dict.fromkeys(families):
        columns = [column for column, name in enumerate(families) if name == family]
        total = float(contributions[columns].sum())
        strongest = sorted(columns, key=lambda column: (-contributions[column], column))
        found.append(Push(family, total, tuple(strongest)))
    return sorted(found, key=lambda push: (-push.total, push.family))
