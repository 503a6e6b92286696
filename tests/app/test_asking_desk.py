from datetime import UTC, datetime

import pytest
from fakes.embedder import FakeEmbedder
from fakes.library import library_of
from fakes.llm import ScriptedModel

from bot.app.asking import AskingDesk
from bot.app.exporting import as_markdown
from bot.app.stopping import StopSwitch
from bot.domain.answers import Explanation
from bot.domain.errors import BadInput, NotFound
from bot.explaining import Explainer
from bot.explaining.explainer import MAX_QUERY_CHARS
from bot.texts import say

NOTES = {
    "a.md": {
        "什么是早停？": "早停监控验证集损失。连续若干轮没有改善就停止训练。",
        "什么是标签平滑？": "标签平滑把独热标签与均匀分布混合。它抑制过度自信。",
        "什么是梯度裁剪？": "梯度裁剪限制梯度的范数。它防止梯度爆炸。",
        "什么是权重衰减？": "权重衰减每一步把权重按比例缩小。",
        "什么是学习率预热？": "预热阶段学习率线性上升。",
        "什么是批量归一化？": "批量归一化用批次统计量做标准化。",
    }
}


def desk(model=None):
    library = library_of(NOTES, FakeEmbedder(dimension=1024))
    explainer = Explainer(library.retriever, library.gate, list, lambda: model)
    return AskingDesk(
        library.store, lambda switch: explainer, lambda: datetime(2026, 1, 1, tzinfo=UTC)
    ), library.store


def test_a_turn_is_stored_and_the_next_one_leans_on_it():
    asking, store = desk()
    conversation = asking.start("什么是早停？")
    *_, first = asking.ask(conversation.id, "什么是早停？")
    assert isinstance(first, Explanation)
    *_, second = asking.ask(conversation.id, "它看什么指标？")
    assert second.standalone.startswith("什么是早停？")
    stored = store.conversations.conversation(conversation.id)
    assert [turn.query for turn in stored.turns] == ["什么是早停？", "它看什么指标？"]
    assert stored.turns[1].explanation == second


def test_a_stopped_answer_is_stored_as_stopped_and_frees_the_model():
    model = ScriptedModel(["早停监控验证集损失。连续若干轮没有改善就停止训练。"])
    asking, store = desk(model)
    conversation = asking.start("什么是早停？")
    answer = asking.ask(conversation.id, "什么是早停？")
    next(answer)
    answer.close()
    (turn,) = store.conversations.conversation(conversation.id).turns
    assert turn.error == say("explaining.stopped")
    assert [sentence.text for sentence in turn.explanation.sentences] == ["早停监控验证集损失。"]
    assert [citation.number for citation in turn.explanation.citations] == [1]
    assert model.closed_early == 1
    text = as_markdown(store.conversations.conversation(conversation.id))
    assert text.index("早停监控验证集损失。 [1]") < text.index(say("explaining.stopped"))


def test_what_comes_after_the_stop_is_neither_shown_nor_stored():
    model = ScriptedModel(["早停监控验证集损失。连续若干轮没有改善就停止训练。"])
    asking, store = desk(model)
    conversation = asking.start("什么是早停？")
    switch = StopSwitch()
    answer = asking.ask(conversation.id, "什么是早停？", switch)
    first = next(answer)
    switch.stop()
    assert list(answer) == []
    (turn,) = store.conversations.conversation(conversation.id).turns
    assert turn.explanation.sentences == (first,)
    assert turn.error


def test_an_answer_that_is_stopped_before_its_first_sentence_keeps_only_the_reason():
    asking, store = desk(ScriptedModel(["早停监控验证集损失。连续若干轮没有改善就停止训练。"]))
    conversation = asking.start("什么是早停？")
    switch = StopSwitch()
    switch.stop()
    assert list(asking.ask(conversation.id, "什么是早停？", switch)) == []
    (turn,) = store.conversations.conversation(conversation.id).turns
    assert turn.explanation is None
    assert turn.error


def test_a_query_that_cannot_be_used_is_not_stored():
    asking, store = desk()
    conversation = asking.start("x")
    with pytest.raises(BadInput):
        list(asking.ask(conversation.id, "  "))
    assert store.conversations.conversation(conversation.id).turns == ()


def test_an_unknown_conversation_is_not_found():
    asking, _ = desk()
    with pytest.raises(NotFound):
        list(asking.ask("none", "什么是早停？"))


def test_a_conversation_is_named_after_its_question_and_exported_with_its_citations():
    asking, store = desk()
    conversation = asking.start("什么是\n早停？ " + "长" * 100)
    assert conversation.title.startswith("什么是 早停？")
    assert len(conversation.title) == 40
    list(asking.ask(conversation.id, "什么是早停？"))
    text = as_markdown(store.conversations.conversation(conversation.id))
    assert "## 什么是早停？" in text
    assert "早停监控验证集损失" in text
    assert "[1] a.md" in text


@pytest.mark.parametrize("query", ["  ", "长" * (MAX_QUERY_CHARS + 1)])
def test_what_cannot_be_asked_begins_no_conversation(query):
    asking, store = desk()
    with pytest.raises(BadInput):
        asking.start(query)
    assert store.conversations.conversations() == []
