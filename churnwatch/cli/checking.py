"""What `churnwatch check` tries: the database, each source, the model, each channel."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from churnwatch import nightly, scoring
from churnwatch.core.config import Config
from churnwatch.core.contracts import SourceError
from churnwatch.core.errors import ChurnwatchError
from churnwatch.ingestion import opened_one_by_one
from churnwatch.model.tone import Correction
from churnwatch.store import Store

_PEEK = 50  # records read from each source


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried."""

    what: str
    good: bool
    detail: str

    def as_dict(self) -> dict[str, object]:
        """For scripts."""
        return {"what": self.what, "good": self.good, "detail": self.detail}


def examine(config: Config, clock: Callable[[], datetime]) -> list[Finding]:
    """Try everything; nothing is changed but that the database is created."""
    findings = []
    try:
        with Store.open(config.store_url) as store:
            findings.append(Finding("database", good=True, detail=store.url_masked))
            findings.extend(_sources(config, store))
    except ChurnwatchError as error:
        findings.append(Finding("database", good=False, detail=str(error)))
    findings += [_model(config), _tone(config)]
    findings.append(_channels(config, clock))
    return findings


def _sources(config: Config, store: Store) -> list[Finding]:
    if not config.sources:
        return [Finding("sources", good=False, detail="none configured; `churnwatch init` shows how")]
    findings = []
    for name, source in opened_one_by_one(config, store):
        if isinstance(source, ChurnwatchError):
            findings.append(Finding(f"source {name}", good=False, detail=str(source)))
            continue
        try:
            seen = list(islice(source.read(None), _PEEK))
        except ChurnwatchError as error:
            findings.append(Finding(f"source {name}", good=False, detail=str(error)))
            continue
        bad = [item for item in seen if isinstance(item, SourceError)]
        detail = f"the first {len(seen)} records read" + (
            f", {len(bad)} not: {bad[0].place}: {bad[0].problem}" if bad else ""
        )
        findings.append(Finding(f"source {name}", good=len(bad) < max(1, len(seen) // 2), detail=detail))
    return findings


def _model(config: Config) -> Finding:
    try:
        artifact = nightly.model_in_service(config)
    except ChurnwatchError as error:
        return Finding("model", good=False, detail=str(error))
    trained = (
        f"trained on {artifact.model.losses} losses"
        if artifact.model.claims_probability
        else "no losses learned yet: no percentages"
    )
    return Finding("model", good=True, detail=f"{artifact.model_id}, {trained}")


def _tone(config: Config) -> Finding:
    try:
        reader = scoring.reader_of(config)
    except ChurnwatchError as error:
        return Finding("tone", good=False, detail=str(error))
    if scoring.calibration_rests(config):
        return Finding("tone", good=False, detail=f"{reader.model_id}; {nightly.CALIBRATION_RESTS}")
    own = "the firm's own calibration" if reader.correction != Correction() else "the calibration that ships"
    return Finding("tone", good=True, detail=f"{reader.model_id}, {own}")


def _channels(config: Config, clock: Callable[[], datetime]) -> Finding:
    try:
        names = nightly.channel_names(config, clock)
    except ChurnwatchError as error:
        return Finding("channels", good=False, detail=str(error))
    return Finding("channels", good=True, detail=", ".join(names))
