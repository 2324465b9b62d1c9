"""A family that was planted is found, an idle one is not, and one that misleads is called so."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import ablation
from benchmarks.ablation import Ablated, Ablation, Families, ablate, predict
from churnwatch.core.table import US_PER_DAY, FloatArray
from churnwatch.model.dataset import Fold, TrainingSet

CLIENTS, MONTHS, FIRST_JUDGED_MONTH = 100, 24, 16
FAMILIES = {
    "rfm": ("recency",),
    "tone": ("planted",),
    "latency": ("noise_1", "noise_2", "noise_3"),
    "meetings": ("known_of_stayers",),
    "context": ("turns_round",),
    "account": ("empty",),
}


def firm(seed: int) -> tuple[TrainingSet, Fold]:
    """Clients month by month; who leaves is drawn by recency and the planted signal, of which a third is not known."""
    rng = np.random.default_rng(seed)
    client, month = (grid.ravel() for grid in np.meshgrid(np.arange(CLIENTS), np.arange(MONTHS)))
    recency, planted = rng.normal(size=(2, len(client)))
    y = (rng.random(len(client)) < 1 / (1 + np.exp(2.0 - 1.0 * recency - 1.2 * planted))).astype(np.int64)
    sign = np.where(month < FIRST_JUDGED_MONTH, 1.0, -1.0)
    signals: dict[str, FloatArray] = {
        "recency": recency,
        "planted": np.where(rng.random(len(y)) < 1 / 3, np.nan, planted),
        **{name: rng.normal(size=len(y)) for name in FAMILIES["latency"]},
        "known_of_stayers": np.where(rng.random(len(y)) < np.where(y == 1, 0.2, 0.8), rng.normal(size=len(y)), np.nan),
        "turns_round": sign * y + rng.normal(size=len(y)),
        "empty": np.full(len(y), np.nan),
    }
    as_of = month.astype(np.int64) * 30 * US_PER_DAY
    data = TrainingSet(np.column_stack([*signals.values()]), y, client.astype(np.int64), as_of, tuple(signals), 30)
    return data, Fold(np.flatnonzero(month < FIRST_JUDGED_MONTH - 1), np.flatnonzero(month >= FIRST_JUDGED_MONTH))


def ablated(seed: int, families: Families) -> Ablation:
    data, fold = firm(seed)
    return ablate(data, families, [fold], rounds=200, seed=1, tell=lambda _: None)


@pytest.fixture(scope="module", params=[1, 2, 3])
def found(request: pytest.FixtureRequest) -> Ablation:
    return ablated(request.param, FAMILIES)


def family(found: Ablation, name: str) -> Ablated:
    return next(one for one in found.families if one.name == name)


def test_a_planted_family_is_found_to_add(found: Ablation) -> None:
    planted = family(found, "tone")
    assert planted.verdict == "adds"
    assert planted.over_rfm is not None
    assert planted.over_rfm.roc_auc.low > 0
    assert planted.over_rfm.pr_auc.low > 0
    assert planted.known == pytest.approx(2 / 3, abs=0.1)


def test_a_family_of_noise_is_found_to_add_no_more_often_than_chance_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ablation, "_PENALTIES", (0.01, 0.1))
    idle = {name: FAMILIES[name] for name in ("rfm", "latency")}
    verdicts = [family(ablated(seed, idle), "latency").verdict for seed in range(20)]
    assert verdicts.count("adds") <= 2  # at one in forty, more would come in one of a hundred such tests
    assert verdicts.count("adds nothing measurable") >= 14


def test_noise_alone_ranks_by_chance(found: Ablation) -> None:
    noise = family(found, "latency").alone.roc_auc
    assert noise.low < 0.5 < noise.high


def test_what_is_missing_tells_too(found: Ablation) -> None:
    assert family(found, "meetings").verdict == "adds"


def test_a_family_whose_meaning_turns_round_harms(found: Ablation) -> None:
    misleading = family(found, "context")
    assert misleading.verdict == "harms"
    assert misleading.in_all.log_loss.high < 0
    assert misleading.alone.roc_auc.high < 0.5


def test_a_family_without_any_value_is_named_and_left_out(found: Ablation) -> None:
    assert found.unmeasured == ("account",)
    assert [one.name for one in found.families] == [name for name in FAMILIES if name != "account"]


def test_rfm_is_the_base_and_leads_over_nothing(found: Ablation) -> None:
    base = family(found, "rfm")
    assert base.over_rfm is None
    assert base.alone == found.rfm
    assert base.in_all.log_loss.low > 0


def test_outcomes_of_the_judged_rows_teach_nothing() -> None:
    data, fold = firm(1)
    train, test = data.rows(fold.train), data.rows(fold.test)
    columns = ("recency", "planted", "empty")
    p = predict(train, test, columns)
    np.testing.assert_array_equal(predict(train, replace(test, y=1 - test.y), columns), p)
    assert ((p > 0) & (p < 1)).all()


def test_noise_is_held_down_harder_than_what_tells() -> None:
    data, fold = firm(1)
    train = data.rows(fold.train)
    assert ablation._penalty(train, FAMILIES["latency"]) < ablation._penalty(train, ("recency", "planted"))
