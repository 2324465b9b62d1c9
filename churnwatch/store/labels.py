"""What people say of single messages: whether they are irritated. Every word is kept with who and when; the last one holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Select, func, select

from churnwatch.core.types import Kind
from churnwatch.store import schema
from churnwatch.store.engine import Database
from churnwatch.store.upsert import Row, in_parts

_labels, _events, _texts = schema.tone_labels, schema.events, schema.texts


class ToneLabel(StrEnum):
    """How a message sounds to a person."""

    IRRITATED = "irritated"
    NEUTRAL = "neutral"
    WARM = "warm"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's word on one message, and what the tone reader had said of it until then."""

    event_id: str
    label: ToneLabel
    who: str
    at: datetime
    model_id: str | None  # of the reader; None where nothing was read
    irritation: float | None


class Judged(NamedTuple):
    """A message's label and its text; None where the text is not kept."""

    label: ToneLabel
    text: str | None


class Labels:
    """The labels of all messages. A message keeps its label under every client that it belongs to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, event_id: str, label: ToneLabel, who: str, at: datetime) -> Judgement | None:
        """Keep somebody's word; None where there is no such message. The same word of the same person again changes nothing."""
        read = select(_events.c.read_by, _events.c.irritation).where(
            _events.c.event_id == event_id, _events.c.kind == Kind.MESSAGE
        )
        with self._database.write() as connection:
            message = connection.execute(read.limit(1)).one_or_none()
            if message is None:
                return None
            last = connection.execute(_words(event_id).limit(1)).mappings().one_or_none()
            if last is not None and (last["label"], last["who"]) == (label, who):
                return _judgement(dict(last))
            row = {"event_id": event_id, "label": label, "who": who, "at": at}
            row |= {"model_id": message.read_by, "irritation": message.irritation}
            turn = 1 if last is None else last["turn"] + 1
            connection.execute(_labels.insert().values(row | {"turn": turn}))
        return _judgement(row)

    def history(self, event_id: str) -> list[Judgement]:
        """All that was said of a message, oldest first."""
        with self._database.read() as connection:
            return [_judgement(dict(row)) for row in connection.execute(_words(event_id)).mappings()][::-1]

    def of(self, event_ids: Collection[str]) -> dict[str, Judgement]:
        """The word that holds, of those of the messages that have one."""
        found: dict[str, Judgement] = {}
        with self._database.read() as connection:
            for part in in_parts(sorted(event_ids)):
                for row in connection.execute(_holding().where(_labels.c.event_id.in_(part))).mappings():
                    found[row["event_id"]] = _judgement(dict(row))
        return found

    def not_irritated(self, event_ids: Collection[str]) -> set[str]:
        """Those of the messages of which somebody said that they are not irritated: they are evidence of nothing."""
        return {event_id for event_id, one in self.of(event_ids).items() if one.label is not ToneLabel.IRRITATED}

    def judged(self) -> list[Judged]:
        """Every labelled message with its text, in the order of their ids."""
        # By way of the events, which alone have an index by their id.
        same = (_texts.c.client_id == _events.c.client_id) & (_texts.c.event_id == _events.c.event_id)
        texts = select(func.max(_texts.c.text)).join_from(_events, _texts, same)
        text = texts.where(_events.c.event_id == _labels.c.event_id).scalar_subquery()
        query = _holding().with_only_columns(_labels.c.label, text).order_by(_labels.c.event_id)
        with self._database.read() as connection:
            return [Judged(ToneLabel(label), found) for label, found in connection.execute(query)]


def _words(event_id: str) -> Select[tuple[object, ...]]:
    return select(_labels).where(_labels.c.event_id == event_id).order_by(_labels.c.turn.desc())


def _holding() -> Select[tuple[object, ...]]:
    later = _labels.alias()
    said_later = select(later).where(later.c.event_id == _labels.c.event_id, later.c.turn > _labels.c.turn)
    return select(_labels).where(~said_later.exists())


def _judgement(row: Row) -> Judgement:
    return Judgement(
        row["event_id"], ToneLabel(row["label"]), row["who"], row["at"], row["model_id"], row["irritation"]
    )
