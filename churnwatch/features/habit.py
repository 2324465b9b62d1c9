"""Against the own past: how a contact's habit of the last four weeks compares with the half-year before, and so the client's.

A habit is something that people do each in their own way: answer within hours or days, write long or short, say thanks. Every
party (a contact through a channel) is compared with its own past alone, drawn towards the firm's pool as far as the pool
knows better; parties are then weighed by their evidence into the client. So a contact who leaves or joins changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from churnwatch.core.table import FloatArray
from churnwatch.features import segments
from churnwatch.features.kernel.plain import Places
from churnwatch.features.measure import Measure
from churnwatch.features.stream import View, tally

if TYPE_CHECKING:
    from churnwatch.features.facts import Facts

WINDOW_DAYS = 28.0  # W: the four weeks before the as-of
BASELINE_DAYS = 208.0  # B: the 180 days before W
OWN_PAST = 3  # facts in B without which a party has no past of its own to be compared with
_MAX_Z = 6.0
_SCALE_STRENGTH = 10.0  # observations that the pool's spread counts for
_RATE_STRENGTH = 10.0  # observations that the pool's rate counts for
_OWN_STRENGTH = 1.0  # those in one person's own rate: ten would take a newcomer's plain manner for a change

Values = Callable[["Facts"], tuple[View, FloatArray]]


@dataclass(frozen=True, slots=True)
class Habit:
    """Something people do each in their own way: a level (`spread` is set) or a rate of yes (1) against no (0).

    `values` gives, per fact of a view by party, the number or NaN where the fact says nothing. `typical` is the median, or the
    rate, assumed before the firm's pool knows anything; `spread` the scale within one person, `between` that among persons.
    `parts`, of a rate whose facts may say "perhaps": of how many equal parts a yes is made.
    """

    name: str
    values: Values
    typical: float
    spread: float | None = None
    between: float = 1.0
    parts: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """What the pool says of a habit at each query: its centre, spread within a person, and weight of the centre in observations."""

    centre: FloatArray
    spread: FloatArray
    weight: FloatArray


def z_score(
    facts: "Facts",
    habit: Habit,
    least: tuple[int, int],
    shown: Callable[[FloatArray], FloatArray] = np.asarray,
    window_days: float = WINDOW_DAYS,
    baseline_days: float = BASELINE_DAYS,
) -> Measure:
    """Z of the recent level against the own past: sum w (median_W - m) / sum w, over its standard error, clipped to +-6.

    Per party: m = (n_B median_B + k centre) / (n_B + k) with the pool's centre and k = spread^2 / between^2; the scale is the own
    1.4826 MAD drawn to the pool's with the weight of ten; w = the inverse variance, doubled for a decision-maker. Parties
    without three facts in B say nothing. NaN under `least` = (facts in B, in W) over all that do. `now` and `before` are the weighed
    medians, as `shown` turns them. Source: Kooti 2015 for the own history; inverse-variance weighting, textbook.
    """
    view, values = known(facts, habit)
    recent, past = view.window(window_days), view.window(baseline_days, window_days)
    n_recent, n_past = (recent[1] - recent[0]).astype(np.float64), (past[1] - past[0]).astype(np.float64)
    use = np.flatnonzero((n_recent > 0) & (n_past >= OWN_PAST))
    n_recent, n_past, snapshot = n_recent[use], n_past[use], view.snapshot[use]
    channel, word = _party(facts, view, use)
    now = view.quantile(values, (recent[0][use], recent[1][use]), 0.5)
    median, own = view.centre_and_spread(values, (past[0][use], past[1][use]))
    pool = facts.survey.level(habit, facts.as_of[snapshot], facts.panel.table.channels, channel)
    before = (n_past * median + pool.weight * pool.centre) / (n_past + pool.weight)
    scale2 = (n_past * own**2 + _SCALE_STRENGTH * pool.spread**2) / (n_past + _SCALE_STRENGTH)
    variance = scale2 * (1 / n_recent + 1 / (n_past + pool.weight))
    weight = word / variance
    total = facts.over_seats(weight, snapshot)
    error = np.sqrt(facts.over_seats(weight**2 * variance, snapshot))
    enough = (facts.over_seats(n_past, snapshot) >= least[0]) & (facts.over_seats(n_recent, snapshot) >= least[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        z = facts.over_seats(weight * (now - before), snapshot) / error
        levels = [facts.over_seats(weight * level, snapshot) / total for level in (now, median)]
    told = [np.where(enough, shown(level), np.nan) for level in levels]
    return Measure(np.where(enough, np.clip(z, -_MAX_Z, _MAX_Z), np.nan), *told)


def rate_change(
    facts: "Facts",
    habit: Habit,
    least: tuple[int, int],
    window_days: float = WINDOW_DAYS,
    baseline_days: float = BASELINE_DAYS,
) -> Measure:
    """dR: log-odds of what was done in the window against what each party's own rate would give there.

    Per party the own rate over B is drawn to the pool's with the weight of one; expectations are added up over the parties
    (a decision-maker counts double) and both sides smoothed with ten more: a client that keeps its rates is at 0 however much
    it writes. Parties without three facts in B say nothing. NaN under `least` = (facts in B, in W). `now` and `before` are shares.
    Source: Beta-smoothed log-odds and indirect standardisation, textbook.
    """
    view, values = known(facts, habit)
    whole = habit.parts or 1
    hits = tally(np.rint(values * whole).astype(np.int64) if habit.parts else values > 0.5)
    n_recent, n_past = view.count(window_days), view.count(baseline_days, window_days)
    use = np.flatnonzero((n_recent > 0) & (n_past >= OWN_PAST))
    k_recent, k_past = (
        view.count(*window, hits)[use] / whole for window in ((window_days, 0.0), (baseline_days, window_days))
    )
    n_recent, n_past, snapshot = n_recent[use], n_past[use], view.snapshot[use]
    channel, weight = _party(facts, view, use)
    pool = facts.survey.rate(habit, facts.as_of[snapshot], facts.panel.table.channels, channel)
    usual = (k_past + _OWN_STRENGTH * pool) / (n_past + _OWN_STRENGTH)
    n, k, expected, typical = (
        facts.over_seats(weight * part, snapshot) for part in (n_recent, k_recent, n_recent * usual, n_recent * pool)
    )
    before = facts.over_seats(weight * n_recent * k_past / n_past, snapshot)
    evidence = facts.over_seats(n_past, snapshot), facts.over_seats(n_recent, snapshot)
    return _compared(n, k, expected, typical, before, evidence, least)


def _party(facts: "Facts", view: View, use: Places) -> tuple[Places | None, FloatArray]:
    """The channel of some askers, if they are parties, and the weight of their word."""
    if not view.by_party:
        return None, np.ones(len(use))
    return facts.parties.channel[view.key[use]], facts.parties.weight[view.key[use]]


def changed_rate(
    recent: tuple[FloatArray, FloatArray],
    past: tuple[FloatArray, FloatArray],
    pool: FloatArray,
    least: tuple[int, int],
) -> Measure:
    """Change (dR) of what a client does as a whole: (all, yes) counted recently and in the past; see `rate_change`."""
    (n_recent, k_recent), (n_past, k_past) = recent, past
    usual = (k_past + _RATE_STRENGTH * pool) / (n_past + _RATE_STRENGTH)
    before = n_recent * segments.ratio(k_past, n_past)
    return _compared(n_recent, k_recent, n_recent * usual, n_recent * pool, before, (n_past, n_recent), least)


def _compared(
    n: FloatArray,
    k: FloatArray,
    expected: FloatArray,
    typical: FloatArray,
    before: FloatArray,
    evidence: tuple[FloatArray, FloatArray],
    least: tuple[int, int],
) -> Measure:
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = _RATE_STRENGTH * typical / n
        no = _RATE_STRENGTH - yes
        change = np.log((k + yes) / (expected + yes)) - np.log((n - k + no) / (n - expected + no))
        shares = k / n, before / n
    enough = (evidence[0] >= least[0]) & (evidence[1] >= least[1])
    return Measure(*(np.where(enough, part, np.nan) for part in (change, *shares)))


def known(facts: "Facts", habit: Habit) -> tuple[View, FloatArray]:
    """The facts that say something of a habit, and what they say."""
    view, values = habit.values(facts)
    says = ~np.isnan(values)
    return (view, values) if says.all() else (view.only(says), values[says])
