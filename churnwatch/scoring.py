"""From events to risks with reasons: the one place where features meet the model. The night, HTTP and the backtest call it."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, tzinfo

import numpy as np
import pandas as pd

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar, micros
from churnwatch.core.config import Config
from churnwatch.core.interchange import row_of_reading
from churnwatch.core.panel import SnapshotIndex
from churnwatch.core.table import EventTable, FloatArray, IntArray
from churnwatch.core.types import Event, Freeze, Message, Reading, Reason, Risk
from churnwatch.features import Snapshots, wording
from churnwatch.features.freeze import of_clients
from churnwatch.model import explain, promises, tone
from churnwatch.model.artifact import Artifact
from churnwatch.model.tone import correction

_MIN_MESSAGES = 3  # client messages ever, under which nothing is said
_MIN_TENURE_DAYS = 14
_MAX_REASONS = 4
_MIN_PUSH = 0.05  # log-odds under which a family is not a reason
FAMILIES = tuple(str(signal.family) for signal in features.CATALOGUE)
CATALOGUE_VERSION = features.VERSION
SIGNAL_NAMES = features.NAMES

FEW_EVENTS, NEW_CLIENT, ENDED = "few_events", "new_client", "ended"


def reader_of(config: Config, *, corrected: bool = True) -> tone.Reader:
    """The tone reader as the firm has taught it: its phrases, and unless `corrected` is False its own calibration."""
    phrases = tuple(tone.Phrase(one.text, one.meaning) for one in config.tone.phrases)
    own = correction.kept(config.path(config.tone.path)) if corrected else tone.Correction()
    return tone.Reader(phrases, config.tone.muted, own)


def calibration_rests(config: Config) -> bool:
    """Whether the firm has a calibration of tone that is not used, because it was learned on another model."""
    return config.path(config.tone.path).is_file() and reader_of(config).correction == tone.Correction()


def readings(events: Iterable[Event], zone: tzinfo = UTC, reader: tone.Reader = tone.SHIPPED) -> dict[str, Reading]:
    """What is read in each message that has a text, by event id; days that it promises count from its day in `zone`."""
    spoken = [event for event in events if isinstance(event, Message) and event.text is not None]
    read = _read(
        [event.text or "" for event in spoken],
        [event.at.astimezone(zone).date() for event in spoken],
        [event.attachments for event in spoken],
        reader,
    )
    return {event.event_id: reading for event, reading in zip(spoken, read, strict=True)}


def with_readings(frame: pd.DataFrame, zone: tzinfo = UTC, reader: tone.Reader = tone.SHIPPED) -> pd.DataFrame:
    """An interchange frame with the columns of a reading, where it has texts; the text itself is dropped."""
    if "text" not in frame or frame["text"].isna().all():
        return frame.drop(columns=["text", "subject"], errors="ignore")
    spoken = frame["text"].map(lambda text: isinstance(text, str)).to_numpy(dtype=bool)
    texts = frame["text"][spoken].to_list()
    written_on = pd.to_datetime(frame["at"][spoken], utc=True).dt.tz_convert(zone).dt.date
    attachments = frame["attachments"][spoken].fillna(0) if "attachments" in frame else [0] * len(texts)
    read: list[Reading | None] = [None] * len(frame)
    for row, reading in zip(np.flatnonzero(spoken), _read(texts, written_on, attachments, reader), strict=True):
        read[row] = reading
    columns = pd.DataFrame([row_of_reading(one) for one in read], index=frame.index)
    return frame.drop(columns=["text", "subject", *columns.columns], errors="ignore").join(columns)


def _read(
    texts: Sequence[str], written_on: Iterable[date], attachments: Iterable[int], reader: tone.Reader
) -> list[Reading]:
    """Tone and promises of some messages; together, because the tone of many at once costs far less each."""
    return [
        replace(
            told,
            promise_due=min((promise.due for promise in promises.find(text, day)), default=None),
            delivers=promises.delivers(text, int(attached)),
            read_by=reader.model_id,
        )
        for told, text, day, attached in zip(reader.read_all(texts), texts, written_on, attachments, strict=True)
    ]


def index_of(table: EventTable, client_ids: Sequence[str], as_of: IntArray) -> SnapshotIndex:
    """The snapshots of (client, as-of) pairs; a client without events gets an empty one."""
    codes = {client_id: code for code, client_id in enumerate(table.clients)}
    return SnapshotIndex(np.array([codes.get(client_id, -1) for client_id in client_ids], dtype=np.int32), as_of)


def instants(calendar: BusinessCalendar, as_of: date, size: int) -> IntArray:
    """The as-of midnight, once per snapshot."""
    return np.full(size, micros(calendar.midnight(as_of)), dtype=np.int64)


def snapshots(
    table: EventTable,
    index: SnapshotIndex,
    calendar: BusinessCalendar,
    progress: Callable[[float], None] | None = None,
    frozen: Sequence[Freeze | None] = (),
) -> Snapshots:
    """Every signal for every snapshot; those of clients whose clock stands still as of the midnight it stopped at."""
    return features.measure(table, index, calendar, progress, frozen=frozen)


def insufficient(measured: Snapshots) -> list[str | None]:
    """Per snapshot, why nothing can be said of it, or None."""
    messages, tenure = measured.now["in_total"].to_numpy(), measured.now["tenure"].to_numpy()
    return [
        FEW_EVENTS if n < _MIN_MESSAGES else NEW_CLIENT if math.isnan(days) or days < _MIN_TENURE_DAYS else None
        for n, days in zip(messages, tenure, strict=True)
    ]


def score(
    artifact: Artifact,
    table: EventTable,
    client_ids: Sequence[str],
    as_of: date,
    calendar: BusinessCalendar,
    measured: Snapshots | None = None,
    ended: Mapping[str, date] | None = None,
    *,
    frozen: Mapping[str, Freeze] | None = None,
    whole_firm: bool = True,
) -> list[Risk]:
    """The risk of each client as of one date, with reasons and the events behind them.

    `measured` may bring snapshots that were taken already, else they are taken here, with the clocks of `frozen` clients
    standing still; `ended` names clients whose relation is over. `whole_firm` False says that the table holds a few
    clients only, so that the firm's own ebb cannot be told from it.
    """
    index = index_of(table, client_ids, instants(calendar, as_of, len(client_ids)))
    measured = measured or snapshots(table, index, calendar, frozen=of_clients(frozen or {}, client_ids))
    model = artifact.model
    if not whole_firm:
        measured = replace(measured, values=measured.values.assign(**dict.fromkeys(features.OF_THE_FIRM, np.nan)))
    x = measured.values[list(model.names)].to_numpy()
    probability, (low, high) = model.probability(x), model.interval(x)
    unable = [
        ENDED if client in (ended or {}) else why
        for client, why in zip(client_ids, insufficient(measured), strict=True)
    ]
    reasons = _reasons(artifact, x, measured, table, index, calendar, [why is None for why in unable])
    risks = []
    for row, (client_id, why) in enumerate(zip(client_ids, unable, strict=True)):
        told = why is None and model.claims_probability
        risks.append(
            Risk(
                client_id=client_id,
                as_of=as_of,
                horizon_days=model.horizon_days,
                model_id=artifact.model_id,
                probability=float(probability[row]) if told else None,
                low=float(low[row]) if told else None,
                high=float(high[row]) if told else None,
                band=model.band(float(probability[row])) if why is None else None,
                reasons=reasons[row],
                insufficient=why,
                frozen=measured.frozen[row],
            )
        )
    return risks


def _reasons(
    artifact: Artifact,
    x: FloatArray,
    measured: Snapshots,
    table: EventTable,
    index: SnapshotIndex,
    calendar: BusinessCalendar,
    speakable: Sequence[bool],
) -> list[tuple[Reason, ...]]:
    contributions = artifact.model.contributions(x)
    families = [str(features.BY_NAME[name].family) for name in artifact.model.names]
    now = measured.now[list(artifact.model.names)].to_numpy()
    before = measured.before[list(artifact.model.names)].to_numpy()
    drafts: list[list[Reason]] = []
    for row, able in enumerate(speakable):
        pushes = explain.pushes(contributions[row], families) if able else []
        told = [
            _reason(push, artifact.model.names, contributions[row], x[row], now[row], before[row])
            for push in pushes
            if push.total >= _MIN_PUSH
        ]
        # A family without a number of its own to show is told only where there is nothing better.
        kept = [reason for reason, telling in told if telling] or [reason for reason, _ in told]
        drafts.append(_once(kept)[:_MAX_REASONS])
    wanted = {row: tuple(reason.signal for reason in reasons) for row, reasons in enumerate(drafts)}
    behind = features.evidence(table, index, calendar, wanted, frozen=measured.frozen)
    return [
        tuple(replace(reason, event_ids=behind.get((row, reason.signal), ())) for reason in reasons)
        for row, reasons in enumerate(drafts)
    ]


def _once(reasons: Sequence[Reason]) -> list[Reason]:
    """Two families may know the same fact: it is told once, by the stronger."""
    told: dict[str, Reason] = {}
    for reason in reasons:
        told.setdefault(reason.words["en"], reason)
    return list(told.values())


def _reason(
    push: explain.Push,
    names: Sequence[str],
    contributions: FloatArray,
    values: FloatArray,
    now: FloatArray,
    before: FloatArray,
) -> tuple[Reason, bool]:
    """The family's reason, told by its strongest signal whose own numbers agree with the push; and whether one did."""
    signals = [features.BY_NAME[name] for name in names]
    telling = [
        column
        for column in push.columns
        if contributions[column] > 0 and wording.speaks(signals[column], values[column], now[column], before[column])
    ]
    column = telling[0] if telling else push.columns[0]
    signal = signals[column]
    languages: tuple[wording.Language, ...] = ("en", "ru")
    reason = Reason(
        signal=signal.name,
        family=push.family,
        contribution=push.total,
        now=None if math.isnan(now[column]) else float(now[column]),
        before=None if math.isnan(before[column]) else float(before[column]),
        unit=signal.shown_in or signal.unit,
        words={
            language: wording.sentence(signal, now[column], before[column], language)
            if telling
            else wording.family_sentence(push.family, language)
            for language in languages
        },
    )
    return reason, bool(telling)
