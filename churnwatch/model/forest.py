"""The forest scorer: trees trained by scikit-learn or imbalanced-learn, kept as plain arrays and walked by numpy.

No pickled estimator is ever stored or loaded. Contributions follow each row's path: what a split changes of the node's share of
losses is credited to the signal it splits on (Saabas 2014), then scaled so that they add up to the change in log-odds.
"""

from dataclasses import dataclass

import numpy as np
from imblearn.ensemble import BalancedRandomForestClassifier
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from churnwatch.core.table import FloatArray, IntArray

_TREES = 300
_MIN_LEAF = 8
_FEATURE_SHARE = 0.3
_LEAF = -1


@dataclass(frozen=True, slots=True)
class ForestScorer:
    """All trees' nodes in one table; `roots` are the trees' first nodes. `fill` stands in for missing signals."""

    fill: FloatArray  # (signals,)
    roots: IntArray  # (trees,)
    feature: IntArray  # (nodes,), -1 = leaf
    threshold: FloatArray
    left: IntArray
    right: IntArray
    share: FloatArray  # losses among the node's training rows
    base: float  # mean share at the roots

    def _walk(self, x: FloatArray, credit: FloatArray | None) -> FloatArray:
        filled = np.where(np.isnan(x), self.fill, x).astype(np.float32)  # scikit-learn's trees split single precision
        rows = np.arange(len(x), dtype=np.intp)
        sums: FloatArray = np.zeros(len(x))
        for root in self.roots:
            node = np.full(len(x), root)
            active = rows
            while len(active):
                here = node[active]
                feature = self.feature[here]
                inner = feature != _LEAF
                active, here, feature = active[inner], here[inner], feature[inner]
                if not len(active):
                    break
                goes_left = filled[active, feature] <= self.threshold[here]
                child = np.where(goes_left, self.left[here], self.right[here])
                if credit is not None:
                    credit[active, feature] += (self.share[child] - self.share[here]) / len(self.roots)
                node[active] = child
            sums += self.share[node]
        return np.asarray(sums / len(self.roots), dtype=np.float64)

    def log_odds(self, x: FloatArray) -> FloatArray:
        """Uncalibrated log-odds of the mean leaf share, kept inside (0.1 %, 99.9 %)."""
        return _logit(self._walk(x, None))

    def contributions(self, x: FloatArray) -> FloatArray:
        """Log-odds that each signal adds, against the forest's base: (rows, signals)."""
        credit = np.zeros(x.shape)
        change = _logit(self._walk(x, credit)) - _logit(np.array([self.base]))
        total = credit.sum(axis=1)
        scale = np.divide(change, total, out=np.zeros(len(x)), where=np.abs(total) > 1e-9)
        return np.asarray(credit * scale[:, None], dtype=np.float64)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything needed to rebuild it."""
        names = ("fill", "roots", "feature", "threshold", "left", "right", "share")
        return {name: getattr(self, name) for name in names} | {"base": np.array([self.base])}

    @classmethod
    def from_arrays(cls, arrays: dict[str, FloatArray]) -> "ForestScorer":
        """The inverse of `arrays`; node numbers out of range are refused by numpy when walked."""
        whole = {name: arrays[name].astype(np.int64) for name in ("roots", "feature", "left", "right")}
        return cls(
            fill=arrays["fill"],
            threshold=arrays["threshold"],
            share=arrays["share"],
            base=float(arrays["base"][0]),
            **whole,
        )


def fit_forest(x: FloatArray, y: IntArray, *, balanced: bool, seed: int) -> ForestScorer:
    """A random forest; `balanced` draws as many stayers as leavers for each tree, so calibrate it (imbalanced-learn)."""
    with np.errstate(all="ignore"):
        known = ~np.isnan(x).all(axis=0)
    fill = np.zeros(x.shape[1])
    fill[known] = np.nanmedian(x[:, known], axis=0)
    settings = {
        "n_estimators": _TREES,
        "min_samples_leaf": _MIN_LEAF,
        "max_features": _FEATURE_SHARE,
        "random_state": seed,
    }
    if balanced:
        settings["min_samples_leaf"] = max(3, _MIN_LEAF // 2)
        model = BalancedRandomForestClassifier(sampling_strategy="all", replacement=True, bootstrap=False, **settings)
    else:
        model = RandomForestClassifier(**settings)
    model.fit(np.where(np.isnan(x), fill, x), y)
    parts: dict[str, list[NDArray[np.generic]]] = {
        name: [] for name in ("feature", "threshold", "left", "right", "share")
    }
    roots, offset = [], 0
    for estimator in model.estimators_:
        tree = estimator.tree_
        leaf = tree.children_left < 0
        parts["feature"].append(np.where(leaf, _LEAF, tree.feature))
        parts["threshold"].append(tree.threshold)
        parts["left"].append(np.where(leaf, _LEAF, tree.children_left + offset))
        parts["right"].append(np.where(leaf, _LEAF, tree.children_right + offset))
        parts["share"].append(tree.value[:, 0, -1] / tree.value[:, 0, :].sum(axis=1))
        roots.append(offset)
        offset += tree.node_count
    whole = {name: np.concatenate(column) for name, column in parts.items()}
    return ForestScorer(
        fill=fill,
        roots=np.array(roots, dtype=np.int64),
        feature=whole["feature"].astype(np.int64),
        threshold=whole["threshold"].astype(np.float64),
        left=whole["left"].astype(np.int64),
        right=whole["right"].astype(np.int64),
        share=whole["share"].astype(np.float64),
        base=float(np.mean(whole["share"][roots])),
    )


def _logit(p: FloatArray) -> FloatArray:
    p = np.clip(p, 0.001, 0.999)
    return np.asarray(np.log(p / (1 - p)), dtype=np.float64)
