"""What comes of measuring one signal over the snapshots of a panel."""

from dataclasses import dataclass

from churnwatch.core.table import FloatArray


@dataclass(frozen=True, slots=True)
class Measure:
    """One signal over all snapshots of a panel: arrays of the panel's size.

    `value` is what the model sees, NaN = not enough evidence. `now` and `before` are the client's recent and own former level
    in the signal's `shown_in` unit, for people; NaN where that has no meaning.
    """

    value: FloatArray
    now: FloatArray | None = None
    before: FloatArray | None = None
