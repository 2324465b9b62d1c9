from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from churnwatch import scoring
from churnwatch.core.config import Config
from churnwatch.core.types import Cue, Direction, Message
from churnwatch.model import tone

LATE = datetime(2026, 5, 12, 22, 30, tzinfo=UTC)  # already the 13th in Moscow
MOSCOW = ZoneInfo("Europe/Moscow")


def message(text: str | None, attachments: int = 0) -> Message:
    return Message("m", "c", Direction.OUT, LATE, LATE, text=text, attachments=attachments)


def test_a_promise_counts_from_the_writers_day_in_the_firms_zone() -> None:
    promised = message("Завтра пришлём отчёт.")
    assert scoring.readings([promised])["m"].promise_due == date(2026, 5, 13)
    assert scoring.readings([promised], MOSCOW)["m"].promise_due == date(2026, 5, 14)


def test_of_several_promises_the_earliest_day_is_kept() -> None:
    reading = scoring.readings([message("We will send the draft by 20 May. I'll send the logo tomorrow.")])["m"]
    assert reading.promise_due == date(2026, 5, 13)


def test_a_message_without_a_promise_has_no_day_and_is_read_as_before() -> None:
    text = "Почему вы до сих пор не прислали отчёт?"
    read = scoring.readings([message(text)])["m"]
    assert read == replace(tone.SHIPPED.read(text), read_by=tone.SHIPPED.model_id)


def test_many_are_read_as_each_alone_and_by_the_reader_that_is_given() -> None:
    texts = ["Ну что там?", "Спасибо, всё отлично!", "Where is the report?"]
    events = [replace(message(text), event_id=text) for text in texts]
    own = tone.Reader(added=(tone.Phrase("что там", Cue.PRESSURE),))
    assert scoring.readings(events) == {one.event_id: scoring.readings([one])[one.event_id] for one in events}
    heard = scoring.readings(events, reader=own)
    assert [Cue.PRESSURE in heard[text].cues for text in texts] == [True, False, False]
    assert {read.read_by for read in heard.values()} == {own.model_id}
    frame = pd.DataFrame({"at": [LATE] * 3, "text": texts})
    assert scoring.with_readings(frame, reader=own)["cues"].tolist() == [int(heard[text].cues) for text in texts]


def test_the_configured_phrases_are_heard_and_the_muted_are_not() -> None:
    settings = {"phrases": [{"text": "as per my last e-mail", "cue": "repetition"}], "muted": ["urgent"]}
    reader = scoring.reader_of(Config.model_validate({"tone": settings}))
    assert reader.added == (tone.Phrase("as per my last e-mail", Cue.REPETITION),)
    assert reader.muted == ("urgent",)
    assert reader.model_id != scoring.reader_of(Config()).model_id == tone.SHIPPED.model_id


def test_an_attachment_makes_the_name_of_a_thing_a_delivery() -> None:
    assert scoring.readings([message("Отчёт и смета.", attachments=2)])["m"].delivers
    assert not scoring.readings([message("Отчёт и смета.")])["m"].delivers


def test_a_message_without_text_is_not_read() -> None:
    assert scoring.readings([message(None)]) == {}


def test_a_table_of_events_is_read_like_its_messages() -> None:
    texts = ["Завтра пришлём отчёт.", "Отчёт и смета.", None]
    frame = pd.DataFrame({"at": [LATE] * 3, "text": texts, "attachments": [0, 2, None]})
    read = scoring.with_readings(frame, MOSCOW)
    assert "text" not in read
    assert read["words"].tolist()[:2] == [3, 3]
    assert read["words"].isna().tolist() == [False, False, True]
