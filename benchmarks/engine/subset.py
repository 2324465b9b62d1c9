"""What every peer computes: the columns of the comparable panel, its as-of dates, and how two panels are told apart.

A panel is an array of (as-of date, client, column), clients in the order of their ids. Windows are half-open, [t - a, t), and so
is all history: an event at t is not yet known. W is the 28 days before t, B the 180 days before W; meetings are rare and have
56 days for W. Hours run day and night. Counts are 0 where there is nothing, all else is NaN.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Instants = NDArray[np.datetime64]  # microseconds, UTC
Checksum = dict[str, list[float]]

LAST_DATE = np.datetime64("2026-06-01", "us")

COUNT_DAYS = (7, 14, 30, 60, 90, 180, 365)
OUT_DAYS = (30, 180)
WINDOW_DAYS = 28
BASELINE_DAYS = 208  # where B begins
MEETING_WINDOW_DAYS = 56
MEETING_BASELINE_DAYS = 236
SHORT_ACK = 1 << 10  # the bit of `cues`

COLUMNS = (
    *(f"in_{days}" for days in COUNT_DAYS),  # client messages
    *(f"out_{days}" for days in OUT_DAYS),  # our messages
    "recency", "tenure",  # days since the client's last and first message
    "in_w", "in_b", "volume_drop",
    "client_wait_w", "client_wait_b", "client_wait_mad",  # log2(1 + hours) to answer our turns: medians, MAD of B
    "client_answers_w", "client_answers_b",
    "our_wait_w", "our_wait_b", "our_wait_mad",
    "our_answers_w", "our_answers_b",
    "length_w", "length_b", "length_mad",  # log(1 + words) of client messages: medians, MAD of B
    "short_w", "short_b",  # short acknowledgements among `in_w` and `in_b`
    "meetings_w", "avoided_w", "meetings_b", "avoided_b",  # settled, and avoided by the client
)  # fmt: skip
COLUMN = {name: number for number, name in enumerate(COLUMNS)}
COUNTS = tuple(
    number
    for name, number in COLUMN.items()
    if name.startswith(("in_", "out_", "short_", "meetings_", "avoided_")) or "_answers_" in name
)

_LEAST_BASELINE = 20  # messages
_TOLERANCE = 1e-9


def mondays(number: int) -> Instants:
    """That many as-of midnights, a week apart, the last of them `LAST_DATE`."""
    return LAST_DATE - np.timedelta64(7, "D") * np.arange(number - 1, -1, -1)


def days(number: int) -> np.timedelta64:
    """A span of whole days that can be taken from an instant."""
    return np.timedelta64(number, "D")


def empty_panel(dates: int, clients: int) -> Floats:
    """A panel in which nothing has happened."""
    panel = np.full((dates, clients, len(COLUMNS)), np.nan)
    panel[:, :, COUNTS] = 0.0
    return panel


def add_volume_drop(panel: Floats) -> None:
    """Fill `volume_drop` from `in_w`, `in_b` and `tenure`: the signed root of the Poisson likelihood ratio of W against B."""
    recent, past = panel[:, :, COLUMN["in_w"]], panel[:, :, COLUMN["in_b"]]
    known_days = np.nan_to_num(panel[:, :, COLUMN["tenure"]]) - WINDOW_DAYS
    span = np.clip(known_days, 1.0, BASELINE_DAYS - WINDOW_DAYS)
    expected = (recent + past) * WINDOW_DAYS / (WINDOW_DAYS + span)
    with np.errstate(divide="ignore", invalid="ignore"):
        likelihood = np.where(recent > 0, recent * np.log(recent / expected), 0.0)
        likelihood += np.where(past > 0, past * np.log(past / (recent + past - expected)), 0.0)
    root = np.sign(recent - expected) * np.sqrt(np.maximum(2 * likelihood, 0.0))
    panel[:, :, COLUMN["volume_drop"]] = np.where(past >= _LEAST_BASELINE, root, np.nan)


def checksum(panel: Floats, columns: tuple[str, ...] = COLUMNS) -> Checksum:
    """Per column: how many values are missing, and a weighted sum that a swap of two clients or dates would change."""
    weight = np.random.default_rng(0).uniform(0.5, 1.5, panel.shape[:2])
    found = {name: panel[:, :, COLUMN[name]] for name in columns}
    return {name: [float(np.isnan(part).sum()), float(np.nansum(part * weight))] for name, part in found.items()}


def differing(one: Checksum, other: Checksum) -> list[str]:
    """The columns, of those that both panels have, in which they are not the same to nine digits."""
    both = [name for name in COLUMNS if name in one and name in other]
    return [name for name in both if not np.allclose(one[name], other[name], rtol=_TOLERANCE, atol=0.0)]
