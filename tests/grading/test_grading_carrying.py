"""The clause that a verdict shows is the one that carries it."""

import pytest
from fakes.embedder import FakeEmbedder

from bot.domain.grades import Status
from bot.domain.questions import KeyPoint
from bot.grading.carrying import carried, carrier
from bot.grading.evidence import Reader
from bot.grading.gate import screen
from bot.grading.judging import GradingCase

QUESTION = "批归一化在训练和推理时有什么不同？"
POINT = "推理时使用训练中累积的滑动平均"


def evidence(answer, point=POINT, question=QUESTION):
    return Reader(FakeEmbedder(), {}, {}).read(question, [point], screen(question, answer).text)[0]


@pytest.mark.parametrize(
    ("point", "against"),
    [
        (POINT, "推理时不使用训练中累积的滑动平均"),
        ("学习率太大时损失会上升", "学习率太大时损失会下降"),
        ("Adam 的 beta1 默认取 0.9", "Adam 的 beta1 默认取 0.5"),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_beside_a_clause_that_states_the_point_the_one_against_it_is_shown(point, against, after):
    said = [f"{against}。", f"{point}。"]
    found = evidence("".join(said[:: -1 if after else 1]), point)
    assert carrier(found, Status.CONTRADICTED).text == against.lower()
    for status in (Status.COVERED, Status.PARTIAL):
        assert carrier(found, status) == found.quote


def test_where_nothing_is_against_the_point_the_nearest_clause_is_shown():
    found = evidence("先说训练。推理时使用训练中累积的滑动平均。")
    assert carrier(found, Status.CONTRADICTED) == found.quote


def test_beside_a_clause_that_only_shares_words_the_one_against_the_point_is_shown():
    point = "推理时使用累积下来的滑动平均统计量，不再使用当前批的统计量"
    said = "同时用滑动平均把全局统计量累积下来；测试的时候也用当前批次的统计量。"
    found = evidence(said, point)
    assert carrier(found, Status.CONTRADICTED).text == "测试的时候也用当前批次的统计量"


def test_what_is_against_something_else_is_not_shown():
    found = evidence("推理时使用训练中累积的滑动平均。批太小的时候不能用它。")
    assert carrier(found, Status.CONTRADICTED) == found.quote


def test_a_clause_that_is_itself_against_the_point_stays():
    found = evidence("推理时不使用训练中累积的滑动平均。我不喜欢训练中的滑动平均。")
    assert carrier(found, Status.CONTRADICTED).text == "推理时不使用训练中累积的滑动平均"


def test_words_of_the_question_are_never_shown_for_it():
    question = "为什么说推理时不使用训练中累积的滑动平均是错的？"
    found = evidence("推理时不使用训练中累积的滑动平均。推理时使用训练中累积的滑动平均。", question=question)
    assert carrier(found, Status.CONTRADICTED) == found.quote


def test_a_quote_is_the_learners_own_words_and_missing_has_none():
    answer = "推理时　不使用训练中累积的滑动平均。推理时使用训练中累积的滑动平均。"
    case = GradingCase(QUESTION, (KeyPoint(text=POINT, quote=None),), screen(QUESTION, answer))
    found = Reader(FakeEmbedder(), {}, {}).read(QUESTION, [POINT], case.screening.text)[0]
    shown = carried(case, found, Status.CONTRADICTED)
    assert shown is not None
    assert shown.span.cut(answer) == shown.text == "推理时　不使用训练中累积的滑动平均"
    assert carried(case, found, Status.MISSING) is None
