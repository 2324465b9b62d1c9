"""What a signal is, and the few formulas that many signals share: Z against the own past, and the change of a rate."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.features import segments
from churnwatch.features.facts import Facts

WINDOW_DAYS = 28.0  # W: the four weeks before the as-of
BASELINE_DAYS = 208.0  # B: the 180 days before W
_SCALE_WEIGHT = 10.0  # observations that the stated scale counts for in a Z
_MAX_Z = 6.0
_RATE_STRENGTH = 10.0  # observations that the stated mean counts for in a rate


class Family(StrEnum):
    """Signals of one family are explained together, as one reason."""

    ACTIVITY = "activity"
    RHYTHM = "rhythm"
    LATENCY = "latency"
    ENGAGEMENT = "engagement"
    INITIATIVE = "initiative"
    MEETINGS = "meetings"
    TONE = "tone"
    EXIT_WORDS = "exit_words"
    OUR_SIDE = "our_side"
    ACCOUNT = "account"
    CONTEXT = "context"


Unit = Literal[
    "z",
    "log_odds",
    "log",
    "decades",
    "seconds",
    "hours",
    "days",
    "messages",
    "share",
    "words",
    "months",
    "ratio",
    "weeks",
    "calls",
    "turns",
    "amount",  # of the firm's currency per 30 days
]
Risky = Literal["higher", "lower", "both"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One signal over all snapshots of a panel: arrays of the panel's size.

    `value` is what the model sees, NaN = not enough evidence. `now` and `before` are the client's recent and own former level
    in the signal's `shown_in` unit, for people; NaN where that has no meaning.
    """

    value: FloatArray
    now: FloatArray | None = None
    before: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One number about a client as of a date: pure, vectorised over snapshots, finite or NaN.

    `evidence` weighs each event of the panel (0 = not evidence), so that a reason can point to what is behind it.
    """

    name: str
    family: Family
    unit: Unit
    risky: Risky
    window: str  # what span it looks at, in words
    least: str  # the evidence under which it is NaN
    en: str  # one-line definition
    ru: str
    source: str  # a paper, or "practice"
    compute: Callable[[Facts], Measure]
    shown_in: Unit | None = None  # unit of now and before
    evidence: Callable[[Facts], FloatArray] | None = None


def z_score(
    values: FloatArray,
    groups: segments.Groups,
    age_days: FloatArray,
    size: int,
    scale: float,
    least: tuple[int, int],
    shown: Callable[[FloatArray], FloatArray] = np.asarray,
) -> Measure:
    """Z of the recent median against the client's own: (median_W - m) / (s sqrt(1/nW + 1/nB)), clipped to +-6.

    m is the median over B and s its robust scale, drawn towards `scale` with the weight of ten observations.
    NaN under `least` = (observations in B, in W). `now` and `before` are the two medians, as `shown` turns them. Source: Kooti 2015
    for the comparison with the own history.
    """
    recent = age_days <= WINDOW_DAYS
    past = (age_days > WINDOW_DAYS) & (age_days <= BASELINE_DAYS)
    known = ~np.isnan(values)
    recent, past = recent & known, past & known
    n_recent, n_past = segments.count(groups, size, recent), segments.count(groups, size, past)
    now = segments.quantile(values[recent], groups[recent], size, 0.5)
    before = segments.quantile(values[past], groups[past], size, 0.5)
    own = np.nan_to_num(segments.spread(values[past], groups[past], size, before))
    shrunk = np.sqrt((n_past * own**2 + _SCALE_WEIGHT * scale**2) / (n_past + _SCALE_WEIGHT))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (now - before) / (shrunk * np.sqrt(1 / n_recent + 1 / n_past))
    enough = (n_past >= least[0]) & (n_recent >= least[1])
    return Measure(np.where(enough, np.clip(z, -_MAX_Z, _MAX_Z), np.nan), shown(now), shown(before))


def rate_change(
    hit: FloatArray,
    groups: segments.Groups,
    age_days: FloatArray,
    size: int,
    typical: float,
    least: tuple[int, int],
    window_days: float = WINDOW_DAYS,
) -> Measure:
    """dR: log-odds of hits in the window against the hits that the own baseline rate would give there.

    `hit` is 1, 0 or NaN (does not count) per row; `typical` is the rate assumed before anything is seen, with the weight of ten
    observations, both in the baseline and in what is compared: a client that keeps its rate is at 0 however much it writes.
    NaN under `least` = (rows in the baseline, rows in the window). Source: Beta-smoothed log-odds, textbook.
    """
    counts = ~np.isnan(hit)
    recent = counts & (age_days <= window_days)
    past = counts & (age_days > window_days) & (age_days <= window_days + BASELINE_DAYS - WINDOW_DAYS)
    n_recent, n_past = segments.count(groups, size, recent), segments.count(groups, size, past)
    k_recent = segments.total(hit[recent], groups[recent], size)
    k_past = segments.total(hit[past], groups[past], size)

    hits, misses = _RATE_STRENGTH * typical, _RATE_STRENGTH * (1 - typical)
    usual = n_recent * (k_past + hits) / (n_past + hits + misses)
    change = np.log((k_recent + hits) / (usual + hits))
    change -= np.log((n_recent - k_recent + misses) / (n_recent - usual + misses))
    enough = (n_past >= least[0]) & (n_recent >= least[1])
    return Measure(np.where(enough, change, np.nan), segments.ratio(k_recent, n_recent), segments.ratio(k_past, n_past))
