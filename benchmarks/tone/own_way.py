"""Whether risen irritation is told from a steady temperament better by the mean P(irritated) or by counting messages above 0.5.

    python -m benchmarks.tone.own_way

Simulated people write calm letters drawn from data/tone/dev-*.jsonl, each with a repertoire and a temper of their own; in the last
four weeks some write irritated letters of those files instead of a share of theirs. Printed is the ROC of `irritation_rate`.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from churnwatch import features, scoring
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.table import EventTable
from churnwatch.core.types import Cue, Direction, Message, Reading
from churnwatch.model.tone import SHIPPED

_FOLDER = Path(__file__).parents[2] / "data" / "tone"
_AS_OF = date(2025, 6, 2)
_WEEKS, _RECENT_WEEKS = 32, 4
_PEOPLE = 1000  # of each sort
_REPERTOIRE = 25
_TEMPERS = (-0.3, 0.0, 0.3, 0.6)  # how much somebody prefers letters that sound irritated, per unit of their log-odds
_STEADY = 0.02  # irritated letters of anybody at any time
_RISEN = (0.1, 0.2, 0.4)

Scores = NDArray[np.float64]


def main() -> None:
    """Print one line per rate of writing."""
    rows = [
        json.loads(line)
        for path in sorted(_FOLDER.glob("dev-*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    p = SHIPPED.scores([row["text"] for row in rows]).irritated
    irritated = np.array([row["label"] == "irritated" for row in rows])
    dice = np.random.default_rng(0)
    print(f"{SHIPPED.model_id}, ROC of irritation_rate: mean P(irritated) / messages above 0.5")
    for letters_a_week in (1.0, 2.5, 6.0):
        people = {
            share: [_person(dice, p[~irritated], p[irritated], share, letters_a_week) for _ in range(_PEOPLE)]
            for share in (_STEADY, *_RISEN)
        }
        told = {sharp: {share: _measured(sort, sharp) for share, sort in people.items()} for sharp in (False, True)}
        pairs = [
            f"{share:.0%} irritated: "
            + " / ".join(f"{_roc(told[sharp][_STEADY], told[sharp][share]):.3f}" for sharp in told)
            for share in _RISEN
        ]
        print(f"{letters_a_week} letters a week · " + " · ".join(pairs))


def _person(dice: np.random.Generator, calm: Scores, irritated: Scores, share: float, a_week: float) -> list[Scores]:
    """P(irritated) of the letters of each week."""
    odds = np.clip(calm, 1e-3, 1 - 1e-3)
    liking = (odds / (1 - odds)) ** dice.choice(_TEMPERS)
    own = dice.choice(calm, _REPERTOIRE, replace=False, p=liking / liking.sum())
    weeks = []
    for back in range(_WEEKS, 0, -1):
        n = dice.poisson(a_week)
        angry = dice.random(n) < (share if back <= _RECENT_WEEKS else _STEADY)
        weeks.append(np.where(angry, dice.choice(irritated, n), dice.choice(own, n)))
    return weeks


def _measured(people: Sequence[list[Scores]], sharp: bool) -> Scores:
    midnight = datetime.combine(_AS_OF, datetime.min.time(), UTC)
    letters, readings = [], {}
    for number, weeks in enumerate(people):
        for week, scores in enumerate(weeks):
            for place, p in enumerate(scores):
                at = midnight - timedelta(weeks=_WEEKS - week) + timedelta(hours=9 + 5 * place)
                name, client = f"{number}-{week}-{place}", f"{number:05d}"
                letters.append(Message(name, client, Direction.IN, at, at, client, thread_id=name))
                readings[name] = Reading(
                    20, question=False, irritation=float(p >= 0.5 if sharp else p), cues=Cue(0), expects_reply=False
                )
    table = EventTable.from_events(letters, readings)
    calendar = BusinessCalendar()
    index = scoring.index_of(table, table.clients, scoring.instants(calendar, _AS_OF, len(table.clients)))
    return features.measure(table, index, calendar, names=("irritation_rate",)).values["irritation_rate"].to_numpy()


def _roc(steady: Scores, risen: Scores) -> float:
    value = np.concatenate([steady, risen])
    known = ~np.isnan(value)
    return float(roc_auc_score(np.repeat([0, 1], [len(steady), len(risen)])[known], value[known]))


if __name__ == "__main__":
    main()
