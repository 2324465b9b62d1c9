"""From labels to the firm's own calibration, and from labelled sets to weights."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from churnwatch import scoring, tone_training
from churnwatch.core.config import Config, OwnPhrase, StoreSettings, ToneSettings
from churnwatch.core.errors import ChurnwatchError, NotEnoughDataError
from churnwatch.core.types import Client, Direction, Message
from churnwatch.model.tone import SHIPPED, Correction
from churnwatch.model.tone.scorer import Scorer, Weights
from churnwatch.store import Store, ToneLabel

NOW = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
# A plain-spoken trade: what sounds irritated to the shipped reader is how these clients talk, unless they really are.
PLAIN = ("Where is the report? I need it today!", "Когда будет макет? Жду!", "Still nothing. Send it now please.",
         "Why is the invoice not here yet?", "Почему до сих пор нет счёта?")  # fmt: skip
ANGRY = ("This is outrageous, we have been waiting for three weeks and nobody answers!!!",
         "Это безобразие, третий раз обещаете и ничего не делаете!!!")  # fmt: skip

THANKS = ("Thank you so much, great work!", "Спасибо большое, всё отлично!")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(root=tmp_path, store=StoreSettings(url="sqlite:///firm.db"), tone=ToneSettings(path="tone.json"))


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    with Store.open(config.store_url) as store:
        store.people.put([Client("acme", "Acme")])
        yield store


def tell(store: Store, told: dict[ToneLabel, tuple[str, ...]], times: int = 1) -> None:
    """Messages with these texts, each labelled, so many times."""
    events, said = [], []
    for turn in range(times):
        for label, texts in told.items():
            for place, text in enumerate(texts):
                event_id = f"{label}-{place}-{turn}"
                at = NOW - timedelta(hours=len(events) + 1)
                events.append(Message(event_id, "acme", Direction.IN, at, at, text=text))
                said.append((event_id, label))
    store.events.add(events, scoring.readings(events))
    for event_id, label in said:
        assert store.labels.put(event_id, label, "anna", NOW) is not None


def test_labels_become_the_calibration_that_messages_are_read_by(config: Config, store: Store) -> None:
    tell(store, {ToneLabel.NEUTRAL: PLAIN, ToneLabel.IRRITATED: ANGRY}, times=20)
    before = scoring.reader_of(config)
    done = tone_training.calibrate(config, store, NOW)
    after = scoring.reader_of(config)
    assert (done.learned.labels, done.learned.irritated, done.without_text) == (140, 40, 0)
    assert done.learned.loss_after < done.learned.loss_before
    assert after.correction == done.in_service != Correction()
    assert done.model_id == after.model_id != before.model_id == SHIPPED.model_id
    assert after.scores(PLAIN).irritated.mean() < before.scores(PLAIN).irritated.mean()
    assert after.scores(ANGRY).irritated.min() > after.scores(PLAIN).irritated.mean()


def test_learning_again_does_not_add_up(config: Config, store: Store) -> None:
    tell(store, {ToneLabel.WARM: PLAIN, ToneLabel.IRRITATED: ANGRY}, times=3)
    first = tone_training.calibrate(config, store, NOW)
    assert tone_training.calibrate(config, store, NOW + timedelta(days=1)) == first


def test_a_phrase_of_the_firms_own_is_not_learned_against(config: Config, store: Store) -> None:
    tell(store, {ToneLabel.NEUTRAL: PLAIN, ToneLabel.IRRITATED: ANGRY}, times=3)
    plain = tone_training.calibrate(config, store, NOW).learned.correction
    phrases = (OwnPhrase(text="outrageous", cue="exit_words"),)
    taught = config.model_copy(update={"tone": ToneSettings(path="tone.json", phrases=phrases)})
    assert tone_training.calibrate(taught, store, NOW).learned.correction != plain
    assert scoring.reader_of(taught).added[0].text == "outrageous"


def test_under_five_labels_nothing_is_learned(config: Config, store: Store) -> None:
    tell(store, {ToneLabel.NEUTRAL: PLAIN[:2], ToneLabel.IRRITATED: ANGRY})
    with pytest.raises(NotEnoughDataError, match=r"4 labels of messages; 5 are needed.*/v1/tone/labels"):
        tone_training.calibrate(config, store, NOW)
    assert not (config.root / "tone.json").exists()


def test_wrong_quotes_alone_do_not_silence_the_reader(config: Config, store: Store) -> None:
    tell(store, {ToneLabel.NEUTRAL: PLAIN, ToneLabel.IRRITATED: ANGRY[:1]}, times=1)
    with pytest.raises(NotEnoughDataError, match=r"1 say irritated and 5 not; 2 of each are needed"):
        tone_training.calibrate(config, store, NOW)
    assert scoring.reader_of(config) == SHIPPED


def test_labels_whose_text_is_gone_are_counted_and_teach_nothing(config: Config, store: Store) -> None:
    tell(store, {ToneLabel.NEUTRAL: PLAIN, ToneLabel.IRRITATED: ANGRY})
    bare = Message("bare", "acme", Direction.IN, NOW, NOW)
    store.events.add([bare], {})
    store.labels.put("bare", ToneLabel.WARM, "anna", NOW)
    assert tone_training.calibrate(config, store, NOW).without_text == 1


def test_what_does_not_help_is_not_put_into_service_and_an_older_one_is_taken_away(
    config: Config, store: Store
) -> None:
    tell(store, {ToneLabel.NEUTRAL: PLAIN, ToneLabel.IRRITATED: ANGRY}, times=5)
    assert tone_training.calibrate(config, store, NOW).learned.helps
    with Store.open(f"sqlite:///{config.root}/other.db") as other:
        other.people.put([Client("acme", "Acme")])
        tell(other, {ToneLabel.IRRITATED: ANGRY, ToneLabel.WARM: THANKS, ToneLabel.NEUTRAL: ANGRY[:1]})
        done = tone_training.calibrate(config, other, NOW)  # one slip among labels that agree with the reader
    assert not done.learned.helps
    assert scoring.reader_of(config) == SHIPPED


def test_resetting_brings_back_what_ships_even_from_a_broken_file(config: Config) -> None:
    assert not tone_training.reset(config)
    (config.root / "tone.json").write_text("{", encoding="utf-8")
    assert tone_training.reset(config)
    assert scoring.reader_of(config) == SHIPPED


def write_sets(folder: Path) -> None:
    """Each open set in the shape in which it is published, and own ones, of a few dozen made-up messages."""
    polarity = ("negative", "neutral", "positive") * 20
    texts = [f"{word} matter {n}" for n, word in enumerate(("awful late", "plain", "thanks lovely") * 20)]
    for language in ("ru", "en"):
        (folder / f"text_{language}").mkdir(parents=True)

    def write(path: str, **columns: list[object]) -> None:
        pd.DataFrame(columns).to_parquet(folder / path)

    emotions: dict[str, tuple[list[int], str, object, float]] = {
        "negative": ([4], "3", "Bitter", -2.0), "neutral": ([], "27", None, 0.0), "positive": ([0], "17", None, 2.0)
    }  # fmt: skip
    cedr, goemotions, incivility, politeness = zip(*(emotions[one] for one in polarity), strict=True)
    write("text_ru/cedr.parquet", text=texts, labels=list(cedr))
    write("text_en/goemotions.parquet", text=texts, labels=list(goemotions), id=[f"i{n}" for n in range(60)],
          part=["dev" if n % 5 == 4 else "train" for n in range(60)])  # fmt: skip
    write("text_en/issue_incivility.parquet", comment_body=texts, tbdf=list(incivility), issue_id=list(range(60)))
    write("text_en/premo_pr_polarity.parquet", text=texts, polarity=list(polarity))
    write("text_en/politeness_wikipedia.parquet", Request=texts, **{"Normalized Score": list(politeness)})
    names = {"negative": "irritated", "neutral": "neutral", "positive": "warm"}
    lines = [json.dumps({"text": text, "label": names[one]}) for text, one in zip(texts, polarity, strict=True)]
    for name in ("en-mails", "en-public-voice"):
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_same_sets_give_the_same_weights_which_tell_what_they_were_taught(tmp_path: Path) -> None:
    write_sets(tmp_path)
    told: list[str] = []
    files = [tmp_path / "first" / "weights.npz", tmp_path / "second.npz"]
    digests = [tone_training.train(tmp_path, tmp_path, file, told.append) for file in files]
    assert digests == [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    assert digests[0] == digests[1]
    assert "business: 60 messages" in told
    scored = Scorer.of(Weights.load(files[0].read_bytes())).scores(["awful late matter", "thanks lovely matter"])
    assert scored.irritated[0] > scored.irritated[1]
    assert scored.warm[1] > scored.warm[0]


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChurnwatchError, match=r"cedr\.parquet"):
        tone_training.train(tmp_path, tmp_path, tmp_path / "weights.npz", lambda _line: None)
