import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnwatch.model.tone.features import BUCKETS, matrix
from churnwatch.model.tone.scorer import Scorer, Weights, shipped

REGISTERS = ("business", "public")


@pytest.fixture
def weights() -> Weights:
    rng = np.random.default_rng(1)
    columns = rng.integers(-127, 128, size=(BUCKETS, 7), dtype=np.int8)
    columns[:, -1] = rng.integers(1, 128, size=BUCKETS)
    return Weights(REGISTERS, columns, np.full(7, 0.02, np.float32), rng.normal(size=6).astype(np.float32))


def slowly(weights: Weights, text: str) -> tuple[float, float]:
    """The obvious way: one message's row against the weights, number by number."""
    row = matrix([text])
    told = np.asarray(row @ (weights.columns.astype(float) * weights.scale))[0]
    told[:-1] = told[:-1] / np.sqrt(max(told[-1], 1e-6)) + weights.bias
    share = np.exp(told[4:6]) / np.exp(told[4:6]).sum()
    irritated, warm = np.exp(share @ told[[0, 2]]), np.exp(share @ told[[1, 3]])
    return float(irritated / (1 + irritated + warm)), float(warm / (1 + irritated + warm))


@settings(max_examples=25)
@given(texts=st.lists(st.text("abв г!?.А", max_size=40), min_size=1, max_size=5))
def test_many_messages_are_scored_as_one_by_one(texts: list[str]) -> None:
    made = Weights(
        REGISTERS,
        np.random.default_rng(1).integers(1, 128, size=(BUCKETS, 7), dtype=np.int8),
        np.full(7, 0.02, np.float32),
        np.zeros(6, np.float32),
    )
    scores = Scorer.of(made).scores(texts)

    expected = np.array([slowly(made, text) for text in texts])
    np.testing.assert_allclose(np.column_stack(scores), expected, atol=1e-4)


def test_a_token_met_before_is_scored_as_when_it_was_new(weights: Weights) -> None:
    scorer = Scorer.of(weights)
    first = scorer.scores(["жду ответа", "спасибо!"])
    scorer.scores(["совсем другое", "ответа жду"])

    np.testing.assert_array_equal(scorer.scores(["жду ответа", "спасибо!"]).irritated, first.irritated)


def test_weights_come_back_from_a_file_as_they_were(weights: Weights) -> None:
    again = Weights.load(weights.save())

    assert again.registers == weights.registers
    assert Scorer.of(again).model_id == Scorer.of(weights).model_id


def test_one_changed_weight_is_another_model(weights: Weights) -> None:
    before = Scorer.of(weights).model_id
    weights.columns[5, 0] += 1

    assert Scorer.of(weights).model_id != before


def test_nothing_to_score_is_nothing() -> None:
    assert len(shipped().scores([]).irritated) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Как я уже писал, жду ответа с понедельника.",
        "Третий раз прошу прислать акт. Сколько можно?",
        "Хорошо, раз другого варианта нет.",
        "I was under the impression this had been resolved two weeks ago.",
        "Could someone please explain why we are paying for this?",
        "Так не делается, нас это не устраивает, дедлайн был вчера.",
    ],
)
def test_cold_irritation_is_heard(text: str) -> None:
    assert shipped().scores([text]).irritated[0] > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Срочно, но без паники: пришлите, пожалуйста, макет до вечера, если получится.",
        "kill -9 не помогает, процесс падает с fatal error, лог приложил",
        "Прошу застраховать груз на 2 млн, договор прилагаю.",
        "Спасибо за предложение, но в этом году мы пас. Если планы поменяются, напишу.",
        "The build crashed again on our side, my fault, I had the wrong branch.",
        "Could you send the invoice by Friday please?",
    ],
)
def test_urgency_faults_and_refusals_are_not_irritation(text: str) -> None:
    assert shipped().scores([text]).irritated[0] < 0.5


@pytest.mark.parametrize(
    "text", ["Огромное спасибо, вы нас очень выручили!", "You are a lifesaver, thank you so much!"]
)
def test_gratitude_is_warm(text: str) -> None:
    assert shipped().scores([text]).warm[0] > 0.5
