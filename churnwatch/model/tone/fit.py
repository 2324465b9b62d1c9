"""Learns the tone model's weights from labelled messages: convex, so the same sets give the same weights but for rounding."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags, hstack, vstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from churnwatch.model.tone.features import matrix
from churnwatch.model.tone.scorer import Weights

IRRITATED, NEUTRAL, WARM = 0, 1, 2
_FOLDS = 3
_FIT_STRENGTH = 100.0  # inverse penalty of the registers' fit
_MOST_OF_A_SET = 6000  # messages that teach which register is which, and of a set that merely helps
_LEAST_MESSAGES = 2  # that know a bucket; under it nothing is learned of it
_MAX_STEPS = 100  # the penalty leaves little to gain after so many

Labels = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Messages of one set with their labels; messages of one `group` (an issue, a pair of variants) are never parted."""

    name: str
    texts: Sequence[str]
    label: Labels
    group: Sequence[str]


@dataclass(frozen=True, slots=True)
class Register:
    """A way in which people write: the sets that speak it, and those that help with a smaller weight."""

    name: str
    own: Mapping[str, float]  # weight of a message of each set
    helping: Mapping[str, float]
    strength: float  # inverse of the penalty
    odds: float = 1.0  # how much more likely than the others it is before a word is read


REGISTERS = (
    Register("business", {"business": 1.0}, {}, 10.0, odds=3.0),
    Register("public", {"public": 1.0}, {"business": 0.3, "goemotions": 0.3, "premo": 0.5, "incivility": 0.3, "cedr": 0.3,
                                        "politeness": 0.1}, 10.0),
    Register("issues", {"incivility": 1.0}, {"goemotions": 0.12, "premo": 0.2, "politeness": 0.2, "business": 0.1, "public": 0.1}, 8.0),
    Register("reviews", {"premo": 1.0}, {"incivility": 0.05}, 10.0),
    Register("forum", {"goemotions": 1.0}, {"cedr": 0.2, "premo": 0.2, "incivility": 0.2, "politeness": 0.2, "public": 0.2,
                                           "business": 0.1}, 6.0),
    Register("posts", {"cedr": 1.0}, {"goemotions": 0.3, "public": 1.0}, 8.0),
    Register("requests", {"politeness": 1.0}, {}, 8.0),
)  # fmt: skip


def fit(sets: Sequence[Labelled], tell: Callable[[str], None] = lambda _line: None) -> Weights:
    """Weights of all registers, calibrated by folds."""
    by_name = {one.name: one for one in sets}
    told = {name: matrix(one.texts) for name, one in by_name.items()}
    rarity = _rarity(vstack(list(told.values())))
    active = np.flatnonzero(rarity)
    rows = {name: _scaled(given, rarity)[:, active] for name, given in told.items()}
    coefficients: list[NDArray[np.float64]] = []
    biases: list[float] = []
    level: NDArray[np.float64] | None = None
    for register in REGISTERS:
        weights = _learned(register, by_name, rows)
        usual = _usual(register, rows, weights)
        if level is None:  # the first register is the one that is calibrated; the others are brought to its level
            bias, heat = _calibrated(register, by_name, rows)
            weights, usual = weights / heat, usual / heat
            level = usual + bias
            tell(f"{register.name}: calibrated, temperature {heat:.2f}")
        coefficients += list(weights)
        biases += list(level - usual)
        tell(f"{register.name}: learned")
    fits, fit_biases = _fits(rows)
    coefficients += list(fits)
    biases += list(fit_biases)
    columns = np.zeros((len(rarity), len(coefficients) + 1))
    columns[active] = np.column_stack([*(rarity[active] * column for column in coefficients), rarity[active] ** 2])
    scale = np.abs(columns).max(axis=0) / 127
    return Weights(
        tuple(register.name for register in REGISTERS),
        np.round(columns / scale).astype(np.int8),
        scale.astype(np.float32),
        np.array(biases, dtype=np.float32),
    )


def _rarity(told: csr_matrix) -> NDArray[np.float64]:
    """Of each bucket: what few messages know tells more; what fewer than `_LEAST_MESSAGES` know is 0."""
    known = np.bincount(told.indices, minlength=told.shape[1])
    rare = np.log((1 + told.shape[0]) / (1 + known))
    return np.where(known >= _LEAST_MESSAGES, rare, 0.0)


def _scaled(told: csr_matrix, rarity: NDArray[np.float64]) -> csr_matrix:
    """Messages of length 1; a bucket's share in the squared length is its weight times its rarity squared, as in scoring."""
    length = np.sqrt(np.maximum(told @ rarity**2, 1e-6))
    return cast("csr_matrix", (diags(1 / length) @ told @ diags(rarity)).tocsr())


def _learned(
    register: Register,
    sets: Mapping[str, Labelled],
    rows: Mapping[str, csr_matrix],
    without: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Weights of log-odds of irritated and of warm against neutral; each set has an intercept of its own, which is not kept.

    `without` marks messages of the register's first set that are left out.
    """
    shares = {**register.own, **register.helping}
    kept = {name: np.arange(len(sets[name].label)) for name in register.own}
    kept |= {name: _some(len(sets[name].label)) for name in register.helping}
    if without is not None:
        kept[next(iter(register.own))] = np.flatnonzero(~without)
    given = vstack([rows[name][kept[name]] for name in shares]).tocsr()
    counts = [len(kept[name]) for name in shares]
    which = csr_matrix(np.repeat(np.eye(len(shares)), counts, axis=0))
    label = np.concatenate([sets[name].label[kept[name]] for name in shares])
    model = LogisticRegression(C=register.strength, max_iter=_MAX_STEPS, fit_intercept=False)
    _teach(model, hstack([given, which]).tocsr(), label, np.repeat(list(shares.values()), counts))
    found = np.zeros((3, given.shape[1]))
    found[model.classes_] = model.coef_[:, : given.shape[1]]
    return np.asarray(found[[IRRITATED, WARM]] - found[NEUTRAL])


def _usual(register: Register, rows: Mapping[str, csr_matrix], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean log-odds, without intercept, of the register's own messages."""
    return np.asarray(np.concatenate([rows[name] @ weights.T for name in register.own]).mean(axis=0))


def _calibrated(
    register: Register, sets: Mapping[str, Labelled], rows: Mapping[str, csr_matrix]
) -> tuple[NDArray[np.float64], float]:
    """Intercepts, and by how much log-odds must shrink: calibrated on messages of the register's set that the weights have not seen."""
    (name,) = register.own
    groups, number = np.unique(sets[name].group, return_inverse=True)
    fold = np.random.default_rng(0).integers(_FOLDS, size=len(groups))[number]
    logit = np.empty((len(fold), 2))
    for one in range(_FOLDS):
        weights = _learned(register, sets, rows, fold == one)
        logit[fold == one] = rows[name][fold == one] @ weights.T - _usual(
            register, {name: rows[name][fold != one]}, weights
        )
    label = sets[name].label

    def loss(asked: NDArray[np.float64]) -> float:
        z = np.column_stack(
            [logit[:, 0] / asked[0] + asked[1], np.zeros(len(logit)), logit[:, 1] / asked[0] + asked[2]]
        )
        top = z.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(z - top).sum(axis=1)) + top[:, 0] - z[np.arange(len(z)), label]))

    heat, *bias = minimize(loss, np.array([1.0, 0.0, 0.0]), method="Nelder-Mead").x
    return np.array(bias), float(heat)


def _some(size: int) -> NDArray[np.int64]:
    """Places of at most `_MOST_OF_A_SET` messages of so many."""
    return np.sort(np.random.default_rng(0).permutation(size)[:_MOST_OF_A_SET])


def _fits(rows: Mapping[str, csr_matrix]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How well a message fits each register."""
    given, label = [], []
    for number, register in enumerate(REGISTERS):
        for name in register.own:
            some = _some(rows[name].shape[0])
            given.append(rows[name][some])
            label.append(np.full(len(some), number))
    label_of = np.concatenate(label)
    model = LogisticRegression(C=_FIT_STRENGTH, max_iter=_MAX_STEPS, class_weight="balanced")
    _teach(model, vstack(given).tocsr(), label_of)
    return model.coef_, model.intercept_ + np.log([register.odds for register in REGISTERS])


def _teach(
    model: LogisticRegression, rows: csr_matrix, label: NDArray[np.int64], weight: NDArray[np.float64] | None = None
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the steps are meant to be few
        model.fit(rows, label, weight)
