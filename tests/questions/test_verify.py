"""Planted proposals: each fault is found and stored with its reason."""

import json

import pytest
from fakes.embedder import FakeEmbedder
from fakes.llm import ScriptedModel
from fakes.notes_text import note
from fakes.store import MemoryStore

from bot.domain.questions import Origin, RejectionReason
from bot.domain.quizzes import Scope
from bot.questions.maker import QuestionMaker

RAW = """# 训练

## 早停
早停监视**验证损失**，连续若干轮不再下降就结束训练。
它几乎不增加计算量。早停等价于限制参数离初始值的距离。
顺便一提，本店新茶上市欢迎光临品尝。

## 什么是动量？
动量累加历史梯度的方向。

## 什么是批大小？
批大小是一次更新所用的样本数。

## 什么是学习率？
学习率决定每一步走多远。

## 什么是权重衰减？
权重衰减每一步都把权重缩小一点。

## 什么是预热？
预热让学习率从零慢慢升上来。
"""
GOOD = {"quote": "它几乎不增加计算量。", "point": "早停几乎不增加计算量"}
WHEN = {
    "quote": "早停监视**验证损失**，连续若干轮不再下降就结束训练。",
    "point": "验证损失若干轮不降就结束训练",
}


def reply(*questions):
    return json.dumps({"questions": list(questions)}, ensure_ascii=False)


def proposal(question="早停为什么划算？", *points, kind="why"):
    return {"kind": kind, "question": question, "difficulty": "medium", "key_points": list(points or (GOOD,))}


@pytest.fixture
def store():
    store = MemoryStore()
    store.notes.save(note("a.md", RAW))
    return store


def make(store, *replies, count=1):
    model = ScriptedModel(list(replies))
    maker = QuestionMaker(store, FakeEmbedder(), model)
    maker.questions_for(Scope())
    return maker.make(store.notes.chunks()[0], count), model


def reasons(store):
    return [rejection.reason for rejection in store.questions.rejections()]


def test_a_good_question_is_stored_with_a_verbatim_quote(store) -> None:
    [question], _ = make(store, reply(proposal("早停怎样决定何时结束训练？", WHEN, GOOD, kind="how")))
    assert question.origin is Origin.MODEL
    assert store.questions.question(question.id) == question
    for point in question.key_points:
        assert point.quote.span.cut(RAW) == point.quote.text
    assert reasons(store) == []


@pytest.mark.parametrize(
    "careless",
    [
        "早停监视验证损失,连续若干轮不再下降就结束训练。",
        "早停 监视验证损失，连续若干轮不再下降，就结束训练",
        "早停会监视验证损失，连续若干轮不再下降就结束了训练。",
    ],
)
def test_a_careless_copy_is_mended_to_what_the_notes_say(store, careless) -> None:
    [question], _ = make(store, reply(proposal("早停怎样决定何时结束训练？", {**WHEN, "quote": careless})))
    assert question.key_points[0].quote.text.startswith("早停监视**验证损失**，连续若干轮")


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        ({"quote": "早停由牛顿在苹果树下发明。", "point": "早停由牛顿发明"}, RejectionReason.INVENTED_QUOTE),
        ({"quote": "它几乎不增加计算量。", "point": "Adam 估计二阶矩"}, RejectionReason.INVENTED_QUOTE),
        ({"quote": "动量累加历史梯度的方向。", "point": "动量累加梯度方向"}, RejectionReason.FOREIGN_QUOTE),
        ({"quote": "本店新茶上市欢迎光临品尝。", "point": "本店新茶上市"}, RejectionReason.NOT_ASKED),
    ],
)
def test_a_bad_key_point_is_dropped_and_the_rest_stays(store, point, reason) -> None:
    [question], _ = make(store, reply(proposal("早停为什么划算？", GOOD, point)))
    assert [p.text for p in question.key_points] == [GOOD["point"]]
    assert reasons(store) == [reason]
    assert store.questions.rejections()[0].proposal == point["point"]


def test_a_question_that_tells_its_answer_is_turned_down(store) -> None:
    telling = reply(proposal("早停几乎不增加计算量吗？"))
    made, model = make(store, telling, telling)
    assert made == []
    assert "the question tells this already: 早停几乎不增加计算量" in model.calls[1].messages[-1].content
    assert RejectionReason.LEAKS_ANSWER in reasons(store)


@pytest.mark.parametrize("twin", ["什么是动量？", "动量是什么？", "请解释什么是动量"])
def test_a_near_duplicate_is_turned_down(store, twin) -> None:
    made, _ = make(store, reply(proposal(twin)))
    assert made == []
    assert reasons(store) == [RejectionReason.NEAR_DUPLICATE]
    assert store.questions.rejections()[0].detail == "什么是动量？"


def test_two_equal_questions_of_one_reply_are_stored_once(store) -> None:
    made, _ = make(store, reply(proposal(), proposal("早停为什么划算呢？")), count=2)
    assert len(made) == 1
    assert reasons(store) == [RejectionReason.NEAR_DUPLICATE]


def test_no_key_point_left_means_no_question(store) -> None:
    invented = reply(proposal("早停为什么划算？", {"quote": "编造的句子在这里。", "point": "编造的句子"}))
    made, model = make(store, invented, invented)
    assert made == []
    assert reasons(store) == [RejectionReason.INVENTED_QUOTE, RejectionReason.NO_KEY_POINT] * 2
    assert len(model.calls) == 2


def test_a_question_without_key_points_is_asked_for_once_more_with_the_complaint(store) -> None:
    invented = reply(proposal("早停为什么划算？", {"quote": "编造的句子在这里。", "point": "编造的句子"}))
    [question], model = make(store, invented, reply(proposal()))
    assert [point.text for point in question.key_points] == [GOOD["point"]]
    assert "does not stand in the passage: 编造的句子" in model.calls[1].messages[-1].content


def test_a_bonus_alone_becomes_vital(store) -> None:
    [question], _ = make(store, reply(proposal("早停为什么划算？", {**GOOD, "bonus": True})))
    assert question.key_points[0].vital


def test_a_malformed_reply_is_stored_and_asked_for_once_more_with_the_reason(store) -> None:
    made, model = make(store, '{"questions": [{"kind": "why"', "```json\n" + reply(proposal()) + "\n```")
    assert len(made) == 1
    assert reasons(store) == [RejectionReason.MALFORMED]
    assert "cannot be used" in model.calls[1].messages[-1].content
    assert model.calls[1].messages[-2].content.startswith('{"questions"')


def test_two_malformed_replies_end_it(store) -> None:
    made, model = make(store, "好的，我来出题：", '{"questions": []}')
    assert (made, len(model.calls)) == ([], 2)
    assert reasons(store) == [RejectionReason.MALFORMED] * 2


def test_a_deleted_question_is_not_made_again(store) -> None:
    [question], _ = make(store, reply(proposal()))
    store.questions.delete(question.id)
    again, _ = make(store, reply(proposal()))
    assert again == []


def test_notes_and_known_questions_reach_the_model_as_data_only(store) -> None:
    _, model = make(store, reply(proposal()))
    system, user = model.calls[0].messages
    assert system.role == "system" and "早停" not in system.content
    assert "早停监视**验证损失**" in user.content and "早停的原理" not in system.content
    assert model.calls[0].schema is not None
    assert "simplified" in system.content.lower() or "简体中文" in system.content


def test_without_a_model_nothing_is_made(store) -> None:
    assert QuestionMaker(store, FakeEmbedder()).make(store.notes.chunks()[0], 3) == []


def test_what_a_model_adds_to_a_quote_gives_way_to_the_notes_own_words(store) -> None:
    more = "早停几乎不增加计算量，因为它用半精度"
    [question], _ = make(store, reply(proposal("早停为什么划算？", {**GOOD, "point": more})))
    assert question.key_points[0].text == "早停几乎不增加计算量"


def test_the_model_is_held_to_kinds_that_the_chunk_has_not_had(store) -> None:
    _, model = make(store, reply(proposal()))
    kinds = model.calls[0].schema.model_json_schema()["$defs"]["AskedQuestion"]["properties"]["kind"]["enum"]
    assert len(kinds) == 1 and kinds[0] in model.calls[0].messages[0].content
