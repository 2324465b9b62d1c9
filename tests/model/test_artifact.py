"""A model on disk: the same bytes for the same model, refused when altered, never half published."""

import io
import json
import pickle
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from panels_of_numbers import NAMES, drawn

from churnwatch.core.errors import ArtifactError
from churnwatch.model import artifact, calibration, forest
from churnwatch.model.calibration import calibrate
from churnwatch.model.estimator import Comparison, RiskModel, first_day, fit_candidate

NOW = datetime(2025, 6, 2, 3, tzinfo=UTC)


def trained(seed: int = 1) -> RiskModel:
    data = drawn(seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "_TREES", 10)
        patch.setattr(calibration, "_ROUNDS", 5)
        parts = fit_candidate("blend_tilted", data, seed)
        fitted = calibrate(np.linspace(-2, 2, len(data)), data.y, data.client, seed)
    compared = (Comparison("blend_tilted", 0.3, 0.8, 0.5, 0.1),)
    return RiskModel(
        "blend_tilted", NAMES, 90, parts, fitted, 0.1, claims_probability=True, rows=len(data), losses=data.losses,
        validated_on="later in time", comparisons=compared,
    )  # fmt: skip


@pytest.fixture(scope="module")
def model() -> RiskModel:
    return trained()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models" / "current"


def save(folder: Path, model: RiskModel) -> artifact.Artifact:
    return artifact.save(folder, model, "catalogue-1", NOW, "2025-03-01")


def weights_of(folder: Path) -> Path:
    (weights,) = folder.glob("*.npz")
    return weights


def test_a_model_comes_back_as_it_was(folder: Path, model: RiskModel) -> None:
    saved, loaded = save(folder, model), artifact.load(folder)
    assert (loaded.model_id, loaded.catalogue, loaded.trained_at, loaded.trained_to) == (
        saved.model_id, "catalogue-1", NOW, "2025-03-01",
    )  # fmt: skip
    x = drawn(seed=4).x
    np.testing.assert_array_equal(loaded.model.probability(x), model.probability(x))
    np.testing.assert_array_equal(loaded.model.contributions(x), model.contributions(x))
    np.testing.assert_array_equal(loaded.model.interval(x), model.interval(x))
    for name in ("name", "names", "horizon_days", "base_rate", "claims_probability", "rows", "losses", "comparisons"):
        assert getattr(loaded.model, name) == getattr(model, name)


def test_the_same_model_has_the_same_bytes_and_id(tmp_path: Path, model: RiskModel) -> None:
    one, other = save(tmp_path / "a", model), save(tmp_path / "b", trained())
    assert one.model_id == other.model_id
    assert weights_of(tmp_path / "a").read_bytes() == weights_of(tmp_path / "b").read_bytes()
    assert (tmp_path / "a/manifest.json").read_bytes() == (tmp_path / "b/manifest.json").read_bytes()
    assert save(tmp_path / "c", trained(seed=2)).model_id != one.model_id


def test_what_was_loaded_saves_to_the_same_bytes(tmp_path: Path, model: RiskModel) -> None:
    save(tmp_path / "a", model)
    again = save(tmp_path / "b", artifact.load(tmp_path / "a").model)
    assert again.model_id == artifact.load(tmp_path / "a").model_id


def test_the_first_day_needs_no_file_and_can_be_kept(folder: Path) -> None:
    prior = first_day(NAMES, 90, 0.18)
    unsaved = artifact.unsaved(prior, "catalogue-1")
    assert save(folder, prior).model_id == unsaved.model_id
    assert not artifact.load(folder).model.claims_probability


@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_flipped_byte_is_refused(folder: Path, model: RiskModel, place: int) -> None:
    save(folder, model)
    weights = weights_of(folder)
    content = bytearray(weights.read_bytes())
    content[place] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ArtifactError, match="not the file that its manifest names") as caught:
        artifact.load(folder)
    assert "train" in caught.value.remedy


def republished(folder: Path, content: bytes) -> None:
    """Other weights with a manifest that vouches for them."""
    import hashlib

    weights = weights_of(folder)
    digest = hashlib.sha256(content).hexdigest()
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"sha256": digest}))
    weights.rename(folder / f"weights-{digest[:12]}.npz").write_bytes(content)


class Burglar:
    """What a pickle could do."""

    def __init__(self, loot: Path) -> None:
        self.loot = loot

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.loot,)


def test_a_pickle_within_the_weights_is_refused_and_not_run(folder: Path, model: RiskModel, tmp_path: Path) -> None:
    save(folder, model)
    loot = tmp_path / "loot"
    with zipfile.ZipFile(weights_of(folder)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    hidden = io.BytesIO()
    np.lib.format.write_array(hidden, np.array([Burglar(loot)], dtype=object), allow_pickle=True)
    entries["calibration.line.npy"] = hidden.getvalue()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    for content in (buffer.getvalue(), pickle.dumps(Burglar(loot))):
        republished(folder, content)
        with pytest.raises(ArtifactError, match="incomplete"):
            artifact.load(folder)
    assert not loot.exists()


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all"])
def test_weights_that_are_no_weights_are_refused(folder: Path, model: RiskModel, content: bytes) -> None:
    save(folder, model)
    republished(folder, content)
    with pytest.raises(ArtifactError, match="incomplete"):
        artifact.load(folder)


@pytest.mark.parametrize("manifest", ["", "{", "[]", "null", "{}", '{"format": 99}', '"x"'])
def test_a_manifest_that_is_none_is_refused(folder: Path, model: RiskModel, manifest: str) -> None:
    save(folder, model)
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(ArtifactError) as caught:
        artifact.load(folder)
    assert "train" in caught.value.remedy


@pytest.mark.parametrize("key", ["parts", "signals", "trained_at", "comparisons", "base_rate", "sha256"])
def test_a_manifest_that_lacks_something_is_refused(folder: Path, model: RiskModel, key: str) -> None:
    save(folder, model)
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest[key]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArtifactError):
        artifact.load(folder)


def test_a_missing_model_says_what_to_do(folder: Path) -> None:
    with pytest.raises(ArtifactError, match="There is no model") as caught:
        artifact.load(folder)
    assert "churnwatch train" in caught.value.remedy


def test_weights_too_large_to_be_a_model_are_not_read(
    folder: Path, model: RiskModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(folder, model)
    monkeypatch.setattr(artifact, "_MAX_BYTES", 10)
    with pytest.raises(ArtifactError, match="larger"):
        artifact.load(folder)


def test_a_reader_finds_the_old_model_or_the_new_one_and_never_none(folder: Path) -> None:
    models = [first_day(NAMES, 90, churn) for churn in (0.1, 0.2)]
    known = {save(folder, one).model_id for one in models}
    found: set[str] = set()
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                found.add(artifact.load(folder).model_id)
            except ArtifactError as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(60):
        save(folder, models[turn % 2])
    done.set()
    reader.join()
    assert not failures
    assert found == known


def test_a_save_that_is_cut_short_leaves_the_old_model(
    folder: Path, model: RiskModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = save(folder, first_day(NAMES, 90, 0.18))

    def killed(self: Path, target: Path) -> None:
        if target.name == "manifest.json":
            raise KeyboardInterrupt
        self.rename(target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            save(folder, model)
    assert artifact.load(folder).model_id == old.model_id


def test_old_weights_are_cleared_away(folder: Path) -> None:
    for churn in (0.1, 0.2, 0.3, 0.4):
        save(folder, first_day(NAMES, 90, churn))
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3, names  # the manifest, its weights, and those that a reader may still want
