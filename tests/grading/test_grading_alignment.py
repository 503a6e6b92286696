import numpy as np
import pytest
from fakes.embedder import FakeEmbedder

from bot.grading.evidence import Reader
from bot.grading.features import NAMES, vector
from bot.grading.token_space import IDLE_WEIGHT, TokenSpace

QUESTION = "批归一化在训练和推理时有什么不同？"
POINT = "训练时用当前批的均值和方差"
OTHER = "推理时用滑动平均统计量"


@pytest.fixture
def reader():
    return Reader(FakeEmbedder(), {}, {})


def values(reader, answer, points=(POINT,), question=QUESTION):
    return [one.alignment.values for one in reader.read(question, points, answer)]


def test_a_point_said_word_for_word_finds_every_token(reader):
    (found,) = values(reader, POINT)
    assert found["al_recall"] == pytest.approx(1, abs=1e-4)
    assert found["al_exact"] == pytest.approx(1, abs=1e-4)
    assert found["al_precision"] == pytest.approx(1, abs=1e-4)
    assert found["al_disorder"] < 0.2


def test_something_else_finds_less(reader):
    (said,) = values(reader, POINT)
    (other,) = values(reader, "猫喜欢晒太阳")
    assert other["al_recall"] < said["al_recall"] - 0.3
    assert other["al_strange"] > said["al_strange"]


def test_the_order_of_sentences_does_not_matter(reader):
    forward = values(reader, f"{POINT}。{OTHER}。猫喜欢晒太阳。")
    backward = values(reader, f"猫喜欢晒太阳。{OTHER}。{POINT}。")
    assert forward[0] == pytest.approx(backward[0], abs=1e-5)


def test_talk_beside_it_takes_nothing_away(reader):
    (alone,) = values(reader, POINT)
    (among,) = values(reader, f"猫喜欢晒太阳。{POINT}。天气很好。")
    for name in ("al_recall", "al_best", "al_exact", "al_precision", "al_clause"):
        assert among[name] >= alone[name] - 1e-5


def test_what_the_question_says_already_counts_less(reader):
    echo = "训练和推理时有什么不同"
    (asked,) = values(reader, echo)
    (unasked,) = values(reader, echo, question="请说明。")
    assert asked["al_recall"] < unasked["al_recall"]


def test_a_sentence_that_speaks_to_another_point_is_a_rival(reader):
    first, second = values(reader, POINT, points=(POINT, OTHER))
    assert first["al_rival"] < 0 < second["al_rival"]


def test_the_order_of_key_points_does_not_matter(reader):
    forward = reader.read(QUESTION, (POINT, OTHER), f"{POINT}。")
    backward = reader.read(QUESTION, (OTHER, POINT), f"{POINT}。")
    assert np.array_equal(vector(forward[0]), vector(backward[1]))
    assert np.array_equal(vector(forward[1]), vector(backward[0]))


@pytest.mark.parametrize("answer", ["x", "=", "3", "。a。", "a" * 3000, "甲。" * 40, "😀 ok"])
def test_every_answer_has_finite_features(reader, answer):
    if any(char.isalnum() for char in answer):
        for one in reader.read(QUESTION, (POINT, OTHER), answer):
            assert vector(one).shape == (len(NAMES),)
            assert np.isfinite(vector(one)).all()


def test_a_point_in_the_last_of_many_sentences_is_found(reader):
    (found,) = values(reader, "天气很好，我们出去走走。" * 60 + POINT)
    assert found["al_best"] == pytest.approx(1, abs=1e-4)


def test_common_tokens_and_marks_weigh_less():
    read = TokenSpace(FakeEmbedder(), {"的": 0.2}).read("批的均值。")
    weights = dict(zip(read.surfaces, read.weights.tolist(), strict=True))
    assert weights["的"] == pytest.approx(0.2)
    assert weights["均"] == 1
    assert weights["。"] == pytest.approx(IDLE_WEIGHT)


def test_vectors_are_unit_rows_without_the_common_direction():
    read = TokenSpace(FakeEmbedder(), {}).read("批归一化 training")
    assert np.allclose(np.linalg.norm(read.vectors, axis=1), 1, atol=1e-4)
