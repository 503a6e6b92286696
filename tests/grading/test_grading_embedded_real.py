"""The examiner as it ships: the embedded language model, its adapter and the encoder, all real."""

import pytest

from bot.domain.questions import KeyPoint
from bot.grading import Grader, make_embedded_judge

pytestmark = pytest.mark.llm

QUESTION = "什么是早停，它为什么能防止过拟合？"
POINTS = tuple(
    KeyPoint(text=text, quote=None)
    for text in (
        "早停是在验证集误差不再下降时停止训练",
        "训练时间越长，权重离初始值越远，模型的有效容量越大，早停限制了它",
        "停止后取验证误差最低时保存的参数，而不是最后一次的参数",
    )
)
FULL = (
    "每轮看一下验证误差，连续好几轮都没再变小就不训了；训得越久参数就跑得越远、模型能表达的东西越多，"
    "提前停就把它限制住了。用的时候取回验证最好那一轮存下来的权重，不用最后那一轮的。"
)
ENGLISH = (
    "You watch the validation error and stop once it no longer goes down. The longer you train, the further the "
    "weights move from where they started and the more the model can fit, so stopping early limits its capacity. "
    "You keep the checkpoint with the lowest validation error rather than the last one."
)
OFF_TOPIC = "卷积核在图像上滑动，每个位置做一次内积，参数在所有位置共享，所以参数量和输入大小无关。"


@pytest.fixture(scope="module")
def judge(word_reader, embedder):
    return make_embedded_judge(embedder, word_reader)


def graded(judge, answer, points=POINTS):
    return Grader(judge, new_id=lambda: "g", timer=lambda: 0.0).grade("q", QUESTION, points, answer)


def statuses(grade):
    return [verdict.status for verdict in grade.verdicts]


def test_a_right_answer_in_other_words_or_in_english_gets_its_points(judge):
    assert graded(judge, FULL).score >= 0.85
    assert graded(judge, ENGLISH).score >= 0.85


def test_another_subject_earns_nothing(judge):
    assert graded(judge, OFF_TOPIC).score == 0


def test_five_readings_of_an_answer_give_the_same_grade(judge, word_reader, embedder):
    points = POINTS[:2]
    first = graded(judge, FULL, points)
    graded(judge, OFF_TOPIC, points)
    assert graded(judge, FULL, points) == first
    turned = graded(judge, FULL, points[::-1])
    assert turned.verdicts == tuple(reversed(first.verdicts))
    word_reader._model.server.stop()
    kill(word_reader)
    cold = make_embedded_judge(embedder, word_reader)
    assert graded(cold, FULL, points) == first
    graded(cold, OFF_TOPIC, points)
    assert graded(cold, FULL, points) == first


def kill(word_reader):
    """End the child, so that the next call starts one whose caches are cold."""
    import psutil

    psutil.Process(word_reader._model.server._meeting.found().pid).kill()
