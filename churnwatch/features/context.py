"""Context: the season and the firm's own ebb and flow, so that a quiet August is not taken for a cooling client."""

import numpy as np

from churnwatch.core.table import US_PER_DAY, FloatArray
from churnwatch.features.facts import Facts
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal

_DAYS_A_YEAR = 365.2425


def _season(facts: Facts) -> FloatArray:
    return 2 * np.pi * (facts.as_of / US_PER_DAY % _DAYS_A_YEAR) / _DAYS_A_YEAR


def season_sin(facts: Facts) -> Measure:
    """Sine of the as-of's place in the year (1 = early April, -1 = early October)."""
    return Measure(np.sin(_season(facts)))


def season_cos(facts: Facts) -> Measure:
    """Cosine of the as-of's place in the year (1 = New Year, -1 = July)."""
    return Measure(np.cos(_season(facts)))


def firm_trend(facts: Facts) -> Measure:
    """Log ratio of the whole firm's inbound rate in the last 60 days to that of the year before; NaN without that year."""
    recent = facts.survey.firm_inbound(facts.back(60), facts.as_of)
    past = facts.survey.firm_inbound(facts.back(425), facts.back(60))
    rate = np.log((recent + 1) / 60) - np.log(past / 365 + 1 / 60)
    return Measure(np.where(past > 0, rate, np.nan))


SIGNALS = (
    Signal("season_sin", Family.CONTEXT, "ratio", "both", "as-of", "none", "place in the year (spring against autumn)",
           "время года (весна против осени)", "practice", season_sin),
    Signal("season_cos", Family.CONTEXT, "ratio", "both", "as-of", "none", "place in the year (winter against summer)",
           "время года (зима против лета)", "practice", season_cos),
    Signal("firm_trend", Family.CONTEXT, "log", "lower", "60 d against 365 d", "1 message of the firm",
           "all clients' messages to the firm against the year before", "сообщения всех клиентов против прошлого года",
           "practice", firm_trend),
)  # fmt: skip
