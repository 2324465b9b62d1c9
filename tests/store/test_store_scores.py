from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from relations import DAY, REASON, risk

from churnwatch.core.errors import StoreError
from churnwatch.core.types import Band, Freeze, Risk, Standstill
from churnwatch.store import Store

FROZEN = Freeze(DAY - timedelta(5), Standstill.SOURCE_DOWN)
FRAME = pd.DataFrame(
    {"reply_gap": [0.1, np.nan], "silence": [1e-300, -7.0], "nothing": [np.nan, np.nan]},
    index=pd.Index(["acme", "bee"], name="client_id"),
)


def test_snapshots_come_back_to_the_last_bit(store: Store) -> None:
    store.scores.put_snapshots(DAY, "v1", FRAME)
    store.scores.put_snapshots(DAY, "v1", FRAME)
    pd.testing.assert_frame_equal(store.scores.snapshots(DAY, "v1"), FRAME, check_exact=True)


def test_a_snapshot_taken_again_replaces_its_client_only(store: Store) -> None:
    store.scores.put_snapshots(DAY, "v1", FRAME)
    store.scores.put_snapshots(DAY, "v1", FRAME.loc[["bee"]] + 1)
    kept = store.scores.snapshots(DAY, "v1")
    assert kept.loc["bee", "silence"] == -6.0
    assert kept.loc["acme", "reply_gap"] == 0.1


def test_days_and_catalogues_lie_apart(store: Store) -> None:
    store.scores.put_snapshots(DAY, "v1", FRAME)
    store.scores.put_snapshots(DAY, "v2", FRAME[["silence"]])
    store.scores.put_snapshots(DAY + timedelta(1), "v1", FRAME.loc[["bee"]])
    assert list(store.scores.snapshots(DAY, "v2").columns) == ["silence"]
    assert list(store.scores.snapshots(DAY + timedelta(1), "v1").index) == ["bee"]
    assert store.scores.snapshots(DAY, "v3").empty
    assert store.scores.snapshots(date(2020, 1, 1), "v1").shape == (0, 3)


def test_a_catalogue_with_other_columns_is_refused(store: Store) -> None:
    store.scores.put_snapshots(DAY, "v1", FRAME)
    with pytest.raises(StoreError, match="other signals"):
        store.scores.put_snapshots(DAY, "v1", FRAME.iloc[:, ::-1])


def test_an_infinite_signal_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="infinite"):
        store.scores.put_snapshots(DAY, "v1", FRAME.replace(0.1, np.inf))


def test_a_snapshot_says_since_when_and_why_it_stands_still(store: Store) -> None:
    store.scores.put_snapshots(DAY, "v1", FRAME, {"bee": FROZEN, "stranger": FROZEN})
    assert store.scores.frozen(DAY, "v1") == {"bee": FROZEN}
    store.scores.put_snapshots(DAY, "v1", FRAME)
    assert store.scores.frozen(DAY, "v1") == {}


def test_a_risk_keeps_its_freeze_until_it_thaws(store: Store) -> None:
    frozen = replace(risk(), frozen=FROZEN)
    assert [store.scores.put_risks([one]) for one in (frozen, frozen, risk())] == [1, 0, 1]
    assert store.scores.risks(DAY) == [risk()]
    store.scores.put_risks([frozen])
    assert store.scores.risks(DAY) == store.scores.history(frozen.client_id) == [frozen]


def test_risks_come_back_and_only_differences_count(store: Store) -> None:
    unscored = Risk("bee", DAY, 90, "model-1", None, None, None, None, insufficient="few_events")
    assert store.scores.put_risks([risk(), unscored]) == 2
    assert store.scores.put_risks([risk(), unscored]) == 0
    assert store.scores.put_risks([replace(risk(), band=Band.BOILING), unscored]) == 1
    assert store.scores.risks(DAY) == [replace(risk(), band=Band.BOILING), unscored]
    assert store.scores.put_risks([]) == 0


def test_without_a_date_the_latest_risks_are_given(store: Store) -> None:
    assert store.scores.risks() == []
    assert store.scores.latest_as_of() is None
    later = DAY + timedelta(1)
    store.scores.put_risks([risk(as_of=later), risk("bee")])
    assert store.scores.latest_as_of() == later
    assert store.scores.risks() == [risk(as_of=later)]
    assert store.scores.risks(DAY) == [risk("bee")]


def test_after_a_new_model_each_client_is_believed_once(store: Store) -> None:
    old, new = risk(model_id="old"), risk(model_id="new", probability=0.9)
    store.scores.put_risks([old, risk("bee", model_id="old")])
    store.scores.put_risks([new])
    assert store.scores.risks() == [new, risk("bee", model_id="old")]
    assert store.scores.history("acme") == [new]
    assert store.scores.put_risks([old]) == 0  # known, but believed again
    assert store.scores.history("acme") == [old]


def test_history_is_the_latest_days_oldest_first(store: Store) -> None:
    days = [risk(as_of=DAY + timedelta(number)) for number in range(5)]
    store.scores.put_risks([*days, risk("bee")])
    assert store.scores.history("acme") == days
    assert store.scores.history("acme", limit=2) == days[3:]


def test_numbers_from_arrays_are_kept_as_numbers(store: Store) -> None:
    told = replace(
        risk(),
        probability=np.float32(0.5),  # type: ignore[arg-type]
        reasons=(replace(REASON, now=np.float64("nan"), contribution=np.float32(0.25)),),  # type: ignore[arg-type]
    )
    store.scores.put_risks([told])
    (kept,) = store.scores.risks()
    assert (kept.probability, kept.reasons[0].now, kept.reasons[0].contribution) == (0.5, None, 0.25)
    assert type(kept.probability) is float
