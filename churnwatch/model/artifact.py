"""A trained model on disk: a manifest in JSON and weights in npz, tied together by a hash; nothing is ever unpickled.

A model is published by replacing its manifest, which names its weights by their hash and is written last. A reader finds the old
model or the new one, never half of one and never none, even where a run is killed in between.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.errors import ArtifactError
from churnwatch.model.calibration import Calibration
from churnwatch.model.candidates import Parts, Scorer
from churnwatch.model.estimator import Comparison, RiskModel
from churnwatch.model.forest import ForestScorer
from churnwatch.model.linear import LinearScorer

_FORMAT = 1
_MANIFEST = "manifest.json"
_KINDS: dict[str, type[Scorer]] = {"linear": LinearScorer, "forest": ForestScorer}
_MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Artifact:
    """A model with its papers."""

    model: RiskModel
    model_id: str  # "ridge-1a2b3c4d5e6f": the candidate and the head of the weights' hash
    catalogue: str  # version of the signal catalogue it reads
    trained_at: datetime
    trained_to: str  # last as-of date it learned from


def save(artifact_folder: Path, model: RiskModel, catalogue: str, trained_at: datetime, trained_to: str) -> Artifact:
    """Put the model into service in `artifact_folder`, in one step."""
    weights = _packed(model)
    digest = hashlib.sha256(weights).hexdigest()
    model_id = f"{model.name}-{digest[:12]}"
    manifest = {
        "format": _FORMAT,
        "model_id": model_id,
        "sha256": digest,
        "catalogue": catalogue,
        "trained_at": trained_at.isoformat(),
        "trained_to": trained_to,
        "name": model.name,
        "signals": list(model.names),
        "horizon_days": model.horizon_days,
        "base_rate": model.base_rate,
        "claims_probability": model.claims_probability,
        "centre": model.centre,
        "rows": model.rows,
        "losses": model.losses,
        "validated_on": model.validated_on,
        "comparisons": [asdict(one) for one in model.comparisons],
        "parts": [{"weight": weight, "kind": _kind(scorer)} for weight, scorer in model.parts],
    }
    artifact_folder.mkdir(parents=True, exist_ok=True)
    former = _weights_named(artifact_folder)
    _replace(_weights_file(artifact_folder, digest), weights)
    _replace(artifact_folder / _MANIFEST, (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode())
    for file in artifact_folder.glob("weights-*.npz"):
        # A reader may hold the former manifest still, so that its weights stay until the next time.
        if file not in (former, _weights_file(artifact_folder, digest)):
            file.unlink(missing_ok=True)
    return Artifact(model, model_id, catalogue, trained_at, trained_to)


def unsaved(model: RiskModel, catalogue: str) -> Artifact:
    """A model that needs no training and so no file: the expert prior of the first day."""
    digest = hashlib.sha256(_packed(model)).hexdigest()
    return Artifact(model, f"{model.name}-{digest[:12]}", catalogue, datetime(1970, 1, 1, tzinfo=UTC), "")


def load(artifact_folder: Path) -> Artifact:
    """Read a model back; `ArtifactError` when it is missing, altered, too large or of another format."""
    try:
        manifest: Any = json.loads((artifact_folder / _MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
            raise ArtifactError(f"{artifact_folder} holds another format of model.", remedy="Run: churnwatch train.")
        weights_file = _weights_file(artifact_folder, str(manifest.get("sha256")))
        if weights_file.stat().st_size > _MAX_BYTES:
            raise ArtifactError(
                f"{weights_file} is larger than a model can be.", remedy="Train again: churnwatch train."
            )
        weights = weights_file.read_bytes()
    except FileNotFoundError as error:
        raise ArtifactError(f"There is no model in {artifact_folder}.", remedy="Run: churnwatch train.") from error
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ArtifactError(
            f"The model in {artifact_folder} cannot be read: {error}.", remedy="Run: churnwatch train."
        ) from error
    if hashlib.sha256(weights).hexdigest() != manifest.get("sha256"):
        raise ArtifactError(f"{weights_file} is not the file that its manifest names.", remedy="Run: churnwatch train.")
    try:
        return _unpacked(manifest, weights)
    except (KeyError, TypeError, ValueError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise ArtifactError(
            f"The model in {artifact_folder} is incomplete: {error}.", remedy="Run: churnwatch train."
        ) from error


def _weights_file(artifact_folder: Path, digest: str) -> Path:
    return artifact_folder / f"weights-{digest[:12]}.npz"


def _weights_named(artifact_folder: Path) -> Path | None:
    """The weights of the model that is in service now, if there is one that can be told."""
    try:
        manifest = json.loads((artifact_folder / _MANIFEST).read_text(encoding="utf-8"))
        return _weights_file(artifact_folder, str(manifest["sha256"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _replace(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        fresh.chmod(0o644)  # a temporary file is its owner's alone
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _kind(scorer: Scorer) -> str:
    return next(name for name, kind in _KINDS.items() if isinstance(scorer, kind))


def _packed(model: RiskModel) -> bytes:
    arrays: dict[str, NDArray[Any]] = {f"calibration.{name}": part for name, part in model.calibration.arrays().items()}
    for number, (_, scorer) in enumerate(model.parts):
        arrays |= {f"{number}.{name}": part for name, part in scorer.arrays().items()}
    buffer = io.BytesIO()
    # Written entry by entry with a fixed date, so that the same weights always have the same hash.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            entry = io.BytesIO()
            np.lib.format.write_array(entry, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), entry.getvalue())
    return buffer.getvalue()


def _unpacked(manifest: dict[str, Any], weights: bytes) -> Artifact:
    with np.load(io.BytesIO(weights), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}

    def under(prefix: str) -> dict[str, NDArray[Any]]:
        return {name.removeprefix(prefix): part for name, part in arrays.items() if name.startswith(prefix)}

    parts: Parts = tuple(
        (float(part["weight"]), _KINDS[part["kind"]].from_arrays(under(f"{number}.")))
        for number, part in enumerate(manifest["parts"])
    )
    model = RiskModel(
        name=manifest["name"],
        names=tuple(manifest["signals"]),
        horizon_days=int(manifest["horizon_days"]),
        parts=parts,
        calibration=Calibration.from_arrays(under("calibration.")),
        base_rate=float(manifest["base_rate"]),
        claims_probability=bool(manifest["claims_probability"]),
        centre=float(manifest["centre"]),
        rows=int(manifest["rows"]),
        losses=int(manifest["losses"]),
        validated_on=manifest["validated_on"],
        comparisons=tuple(Comparison(**one) for one in manifest["comparisons"]),
    )
    trained_at = datetime.fromisoformat(manifest["trained_at"])
    return Artifact(model, manifest["model_id"], manifest["catalogue"], trained_at, manifest["trained_to"])
