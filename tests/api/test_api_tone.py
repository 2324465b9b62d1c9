"""How texts sound, over HTTP: the same answer in the same order, in the firm's own hearing."""

from typing import Any

from api_world import World, config_in, world_of

from churnwatch.api import questions
from churnwatch.core.config import ToneSettings

ANGRY, GLAD = "Сколько можно ждать? Я пишу уже третий раз!", "Thank you so much, this is wonderful work!"


def heard(world: World, *texts: str) -> list[dict[str, Any]]:
    answer = world.post("/v1/tone", {"texts": texts}, "score")
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_each_text_is_judged_in_its_place(world: World) -> None:
    angry, glad, nothing = heard(world, ANGRY, GLAD, " \n")
    assert angry["irritated"] > 0.5 > angry["warm"]
    assert glad["warm"] > 0.5 > glad["irritated"]
    assert (angry["lang"], glad["lang"]) == ("ru", "en")
    assert nothing == {"irritated": None, "warm": None, "cues": [], "lang": "other"}


def test_cues_are_named_and_stand_where_they_say(world: World) -> None:
    text = f"🙂 {ANGRY}"  # one character, though two in UTF-16
    cues = heard(world, text)[0]["cues"]
    assert {"exasperation", "repetition"} <= {cue["cue"] for cue in cues}
    assert all(text[cue["start"] : cue["end"]] == cue["text"] for cue in cues)


def test_a_firm_hears_with_its_own_phrases_and_its_answers_have_another_model(world: World) -> None:
    phrases = ({"text": "see contract", "cue": "pressure"},)
    config = config_in(world.config.root, tone=ToneSettings(phrases=phrases))
    own = world_of(config, world.store, world.keys)
    plain, taught = (one.post("/v1/tone", {"texts": ["See contract."]}, "score").json() for one in (world, own))
    assert "pressure" in [cue["cue"] for cue in taught["items"][0]["cues"]]
    assert taught["items"][0]["irritated"] > plain["items"][0]["irritated"]
    assert taught["model"] != plain["model"]


def test_nothing_is_kept(world: World) -> None:
    before = world.store.events.count()
    first = world.post("/v1/tone", {"texts": [ANGRY]}, "score").json()
    assert world.post("/v1/tone", {"texts": [ANGRY]}, "score").json() == first
    assert world.store.events.count() == before


def test_too_many_texts_are_413_and_as_many_as_may_be_are_heard(world: World) -> None:
    assert world.post("/v1/tone", {"texts": ["ok"] * (questions.MAX_TEXTS + 1)}, "score").status_code == 413
    assert len(heard(world, *["ok"] * questions.MAX_TEXTS)) == questions.MAX_TEXTS


def test_what_is_no_list_of_texts_is_422_without_a_word_of_it(world: World) -> None:
    for body in ({"texts": [GLAD, 5]}, {"texts": GLAD}, {"text": [GLAD]}, {}):
        answer = world.post("/v1/tone", body, "score")
        assert answer.status_code == 422
        assert "wonderful" not in answer.text


def test_half_a_character_is_422_at_its_place(world: World) -> None:
    headers = world.bearer("score") | {"Content-Type": "application/json"}
    answer = world.http.post("/v1/tone", content=b'{"texts": ["ok", "\\ud83d"]}', headers=headers)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/texts/1"]
