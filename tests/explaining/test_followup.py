from datetime import UTC, datetime

import pytest
from fakes.llm import ScriptedModel

from bot.domain.answers import Decider, Explanation, Outcome
from bot.domain.conversations import ConversationTurn
from bot.domain.errors import ModelUnavailable
from bot.explaining.followup import is_follow_up, standalone


def turn(query):
    explanation = Explanation(
        query=query, standalone=query, outcome=Outcome.REFUSED, decided_by=Decider.EMPTY, evidence=0.0,
        sentences=(), citations=(), nearest=(),
    )  # fmt: skip
    return ConversationTurn(query=query, explanation=explanation, asked_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "query", ["它在测试时怎么做？", "那测试时呢？", "为什么？", "What about its gradient?", "前者有什么缺点"]
)
def test_these_lean_on_what_was_said(query):
    assert is_follow_up(query)


@pytest.mark.parametrize(
    "query",
    ["批量归一化的作用是什么？", "应该怎样选择学习率？", "因此产生的梯度消失怎么解决？", "What does dropout do?",
     "L1 和其他正则化有什么区别？"],
)  # fmt: skip
def test_these_stand_on_their_own(query):
    assert not is_follow_up(query)


def test_without_a_model_the_question_it_leans_on_comes_first():
    history = [turn("批量归一化的作用是什么？"), turn("它有什么缺点？")]
    assert standalone("那测试时呢？", history, None) == "批量归一化的作用是什么？ 那测试时呢？"


def test_a_model_rewrites_a_follow_up_and_nothing_else():
    model = ScriptedModel(["批量归一化在测试时怎么做？"])
    assert standalone("那测试时呢？", [turn("批量归一化是什么？")], model) == "批量归一化在测试时怎么做？"
    assert standalone("随机失活有什么作用？", [turn("批量归一化是什么？")], model) == "随机失活有什么作用？"
    assert len(model.calls) == 1


@pytest.mark.parametrize(
    "reply", ["", "好的\n这是改写", "长" * 500, ModelUnavailable("settings.wrong", name="x", why="y")]
)
def test_a_bad_rewrite_is_not_used(reply):
    expected = "批量归一化是什么？ 那测试时呢？"
    assert standalone("那测试时呢？", [turn("批量归一化是什么？")], ScriptedModel([reply])) == expected


def test_the_small_embedded_model_is_not_trusted_to_rewrite():
    model = ScriptedModel(["完全是另一个问题？"], name="embedded:small")
    assert (
        standalone("那测试时呢？", [turn("批量归一化是什么？")], model) == "批量归一化是什么？ 那测试时呢？"
    )
    assert model.calls == []
