"""A firm's own calibration of irritation: learned from what its people say of single messages, and kept in a file."""

import json
import math
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from churnwatch.core.errors import ArtifactError
from churnwatch.model.tone.reader import SHIPPED, Correction

_FORMAT = 1
_FOLDS = 10
# The pull towards the shipped calibration weighs as much as this many labels at even odds, two log-odds off the threshold.
_WORTH_LABELS = 40
_SHIFT_PULL = _WORTH_LABELS * 0.25
_SLOPE_PULL = _WORTH_LABELS * 0.25 * 2.0**2

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Learned:
    """A correction, and what it does to the log-loss of labels that it has not seen."""

    correction: Correction
    labels: int
    irritated: int  # of them
    loss_before: float
    loss_after: float

    @property
    def helps(self) -> bool:
        """Whether labels that it has not seen agree with it better than with the shipped calibration."""
        return self.loss_after < self.loss_before


def learn(log_odds: Floats, irritated: Flags, added: Floats) -> Learned:
    """The correction that labels ask for.

    A logistic regression of `irritated` on the shipped `log_odds`, with what the firm's own phrases `added` to each message left
    as it is, and drawn towards slope 1 and shift 0: three labels move it little, two hundred a lot. The slope is never negative.

    >>> three = learn(np.full(3, 2.0), np.array([False, False, True]), np.zeros(3)).correction
    >>> many = learn(np.full(200, 2.0), np.arange(200) < 60, np.zeros(200)).correction
    >>> [round(float(expit(one.slope * 2.0 + one.shift)), 2) for one in (three, many)]
    [0.84, 0.36]
    """
    fold = np.arange(len(irritated)) % _FOLDS
    unseen = np.empty(len(irritated))
    for one in range(min(_FOLDS, len(irritated))):
        held = fold == one
        found = _fitted(log_odds[~held], irritated[~held], added[~held])
        unseen[held] = found.slope * log_odds[held] + found.shift + added[held]
    return Learned(
        _fitted(log_odds, irritated, added),
        len(irritated),
        int(irritated.sum()),
        _loss(log_odds + added, irritated) / len(irritated),
        _loss(unseen, irritated) / len(irritated),
    )


def keep(file: Path, learned: Learned, learned_at: datetime) -> None:
    """Put the correction into service, readable by its owner only."""
    told = asdict(learned) | {"format": _FORMAT, "model_id": SHIPPED.model_id, "learned_at": learned_at.isoformat()}
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)  # its owner's alone
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(json.dumps(told, indent=2, sort_keys=True) + "\n")
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def kept(file: Path) -> Correction:
    """The correction in service: none where the file is not there, or was learned on another model than the one that ships.

    `ArtifactError` where it cannot be read.
    """
    remedy = "Run: churnwatch train-tone, or churnwatch train-tone --reset."
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        form, model_id = told["format"], told["model_id"]
        found = Correction(float(told["correction"]["slope"]), float(told["correction"]["shift"]))
    except FileNotFoundError:
        return Correction()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"The tone's correction {file} cannot be read.", remedy=remedy) from error
    if form != _FORMAT or not (math.isfinite(found.slope) and found.slope >= 0 and math.isfinite(found.shift)):
        raise ArtifactError(f"The tone's correction {file} is of another format.", remedy=remedy)
    return found if model_id == SHIPPED.model_id else Correction()


def _fitted(log_odds: Floats, irritated: Flags, added: Floats) -> Correction:
    def penalised(line: Floats) -> tuple[float, Floats]:
        corrected = line[0] * log_odds + line[1] + added
        miss = expit(corrected) - irritated
        pull = np.array([_SLOPE_PULL, _SHIFT_PULL]) * (line - [1.0, 0.0])
        loss = _loss(corrected, irritated) + float(pull @ (line - [1.0, 0.0])) / 2
        return loss, np.array([miss @ log_odds, miss.sum()]) + pull

    found = minimize(penalised, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0.0, None), (None, None)])
    return Correction(float(found.x[0]), float(found.x[1]))


def _loss(log_odds: Floats, irritated: Flags) -> float:
    """The sum of -log P of what the labels say."""
    return float(np.logaddexp(0.0, np.where(irritated, -log_odds, log_odds)).sum())
