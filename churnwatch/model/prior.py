"""The expert prior: the score of the first day, before any loss is known.

A logistic regression whose signs are fixed by the practice of account management and whose sizes are judgement, not fit: per
signal, the typical value, the step that matters, and the log-odds of one such step. It ranks and explains; it claims no
percentage. `tests/model/test_prior.py` holds every sign against the catalogue's direction.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from churnwatch.model.linear import LinearScorer


class Belief(NamedTuple):
    """What we believe of one signal before seeing any loss."""

    typical: float
    step: float
    log_odds: float


BELIEFS: dict[str, Belief] = {
    "recency": Belief(1.5, 1.0, 0.35),
    "in_90": Belief(3.0, 1.0, -0.30),
    "active_months": Belief(9.0, 3.0, -0.20),
    "silence": Belief(0.4, 0.5, 0.55),
    "gap_ratio": Belief(-1.0, 1.0, 0.35),
    "trend_30": Belief(-0.1, 1.0, -0.25),
    "volume_drop": Belief(-0.5, 2.0, -0.25),
    "volume_cusum": Belief(0.2, 0.8, 0.15),
    "client_latency_z": Belief(0.3, 1.5, 0.15),
    "client_latency_slope": Belief(0.0, 0.6, 0.10),
    "open_wait": Belief(0.5, 0.6, 0.20),
    "no_reply": Belief(0.0, 0.6, 0.20),
    "their_promises": Belief(0.2, 0.15, 0.10),
    "length_z": Belief(0.0, 1.5, -0.15),
    "short_ack": Belief(0.0, 0.6, 0.10),
    "initiative_share": Belief(0.0, 0.6, -0.15),
    "nudges": Belief(0.0, 0.25, 0.10),
    "future_talk": Belief(0.0, 0.6, -0.10),
    "meeting_avoidance": Belief(0.0, 0.8, 0.35),
    "meeting_moves": Belief(0.0, 0.2, 0.15),
    "meeting_silence": Belief(0.4, 0.5, 0.20),
    "missed_calls": Belief(0.0, 0.8, 0.20),
    "call_shrink": Belief(0.0, 1.5, -0.10),
    "decision_maker_absent": Belief(0.0, 0.8, 0.10),
    "senior_joins": Belief(0.0, 0.3, 0.20),
    "champion_quiet": Belief(0.1, 0.6, 0.20),
    "breadth": Belief(-0.1, 0.4, -0.15),
    "irritation_rate": Belief(0.0, 0.8, 0.30),
    "irritation_peak": Belief(0.1, 0.2, 0.15),
    "politeness_drop": Belief(0.0, 0.7, -0.15),
    "shouting": Belief(0.0, 0.8, 0.10),
    "blame": Belief(0.0, 0.8, 0.15),
    "address_shift": Belief(0.4, 0.6, 0.05),
    "repetition": Belief(0.0, 0.8, 0.20),
    "exit_words": Belief(0.0, 0.7, 0.60),
    "our_latency_z": Belief(0.2, 1.5, 0.10),
    "our_unanswered": Belief(0.4, 0.6, 0.15),
    "broken_promises": Belief(0.2, 0.15, 0.20),
    "manager_change": Belief(0.0, 0.4, 0.15),
    "invoice_late_z": Belief(0.0, 1.5, 0.15),
    "overdue": Belief(0.5, 1.5, 0.15),
    "spend_trend": Belief(0.0, 0.4, -0.15),
}


def expert_prior(names: Sequence[str], yearly_churn: float, horizon_days: int) -> LinearScorer:
    """The prior over the given columns; a typical client gets the share that leaves within the horizon.

    >>> scorer = expert_prior(["silence"], yearly_churn=0.2, horizon_days=90)
    >>> round(float(1 / (1 + np.exp(-scorer.log_odds(np.array([[0.4]]))[0]))), 3)
    0.054
    """
    beliefs = [BELIEFS.get(name, Belief(0.0, np.inf, 0.0)) for name in names]
    leaving = 1 - (1 - yearly_churn) ** (horizon_days / 365)
    return LinearScorer(
        mean=np.array([belief.typical for belief in beliefs]),
        scale=np.array([belief.step for belief in beliefs]),
        weight=np.array([belief.log_odds for belief in beliefs]),
        intercept=float(np.log(leaving / (1 - leaving))),
    )
