"""Key points by a language model: checked, asked for once more, mended, dropped and counted."""

import json
from datetime import UTC, datetime

import pytest
from fakes.embedder import FakeEmbedder
from fakes.llm import ScriptedModel
from fakes.notes_text import note
from fakes.store import MemoryStore

from bot.domain.errors import ModelUnavailable
from bot.domain.questions import KeyPoint, Origin, Question
from bot.domain.quizzes import Quiz, Scope, Turn, TurnState
from bot.prompts.key_points import complaint_prompt, key_points_prompt
from bot.questions.key_points import key_points_of_reference
from bot.questions.maker import QuestionMaker
from bot.questions.model_points import ModelMaker
from bot.questions.point_making import DropReason, whole
from bot.questions.upkeep import correct

QUESTION = "早停为什么能防止过拟合？"
PASSAGE = "早停在验证损失回升时结束训练。训练步数有限时，权重离初值不远，相当于限制了模型的容量。"
GOOD = ("训练步数有限时，权重离初值不远", "权重离初值不远", False)
OTHER = ("早停在验证损失回升时结束训练。", "验证损失回升时结束训练", False)


def reply(*points):
    fields = [{"quote": quote, "point": text, "bonus": bonus} for quote, text, bonus in points]
    return json.dumps({"key_points": fields}, ensure_ascii=False)


def made(*replies):
    model = ScriptedModel(list(replies))
    return ModelMaker(model).make(QUESTION, whole(PASSAGE)), model


def test_points_that_hold_are_taken_with_their_places() -> None:
    found, model = made(reply(OTHER, (*GOOD[:2], True)))
    assert [(p.text, p.vital, p.weight) for p in found.points] == [
        (OTHER[1], True, 1.0),
        (GOOD[1], False, 0.5),
    ]
    assert [p.place.cut(PASSAGE) for p in found.points] == [OTHER[0], GOOD[0]]
    assert (found.calls, found.mended, found.dropped) == (1, 0, ())
    assert PASSAGE in model.calls[0].text and QUESTION in model.calls[0].text


def test_a_careless_quote_is_moved_to_the_nearest_place() -> None:
    found, _ = made(reply(("早停在验证集损失回升时结束训练", OTHER[1], False)))
    [point] = found.points
    assert point.place.cut(PASSAGE) == OTHER[0]
    assert found.mended == 1


def test_an_invented_quote_is_complained_about_once() -> None:
    invented = ("早停会自动调大学习率，从而跳出局部极小", "早停调大学习率", False)
    found, model = made(reply(invented, GOOD), reply(OTHER, GOOD))
    assert [p.text for p in found.points] == [OTHER[1], GOOD[1]]
    assert (found.calls, found.dropped) == (2, ())
    assert "does not stand in the passage" in model.calls[1].messages[-1].content
    assert invented[0] in model.calls[1].messages[-1].content


def test_what_stays_wrong_is_dropped_and_counted() -> None:
    invented = ("早停会自动调大学习率，从而跳出局部极小", "早停调大学习率", False)
    unsupported = (OTHER[0], "批归一化使用滑动平均统计量" * 2, False)
    found, _ = made(reply(invented), reply(invented, unsupported, GOOD, GOOD))
    assert [p.text for p in found.points] == [GOOD[1]]
    assert [d.reason for d in found.dropped] == [
        DropReason.NO_QUOTE, DropReason.UNSUPPORTED, DropReason.REPEATED,
    ]  # fmt: skip


def test_what_the_question_says_is_dropped() -> None:
    told = (OTHER[0], "早停能防止过拟合", False)
    found, _ = made(reply(told, GOOD), reply(told, GOOD))
    assert GOOD[1] in [p.text for p in found.points]
    assert "早停能防止过拟合" not in [p.text for p in found.points]


def test_the_better_of_two_replies_counts() -> None:
    found, _ = made(reply(GOOD, OTHER, ("没有这句话，完全没有这句话", "没有", False)), "{")
    assert len(found.points) == 2 and len(found.dropped) == 1


def test_latex_in_a_careless_json_string_is_read_as_it_was_meant() -> None:
    passage = r"方差是 $\frac{1}{n}\sum_i x_i^2$，前提是均值为零。"
    careless = r'{"key_points": [{"quote": "方差是 $\frac{1}{n}\\sum_i x_i^2$", "point": "方差是 $\frac{1}{n}\\sum_i x_i^2$"}]}'
    model = ScriptedModel([careless])
    [point] = ModelMaker(model).make("方差怎么算？", whole(passage)).points
    assert point.text == r"方差是 $\frac{1}{n}\sum_i x_i^2$"
    assert point.place.cut(passage) == point.text


def test_two_broken_replies_give_nothing() -> None:
    found, _ = made("{", "no")
    assert found.points == () and found.calls == 2


def test_all_of_them_a_bonus_would_leave_nothing_to_grade() -> None:
    found, _ = made(reply((*GOOD[:2], True)))
    assert found.points[0].vital and found.points[0].weight == 1


def test_a_model_that_does_not_answer_is_an_error_and_never_another_path() -> None:
    maker = ModelMaker(ScriptedModel([ModelUnavailable("evals.no_key_points")]))
    with pytest.raises(ModelUnavailable):
        key_points_of_reference(QUESTION, PASSAGE, maker)


NOTE = f"# 正则化\n\n## {QUESTION}\n{PASSAGE}\n"


def test_the_notes_own_question_gets_the_models_points_before_anyone_answers() -> None:
    store = MemoryStore()
    store.notes.save(note("a.md", NOTE))
    generating, pointing = ScriptedModel(["{", "{"]), ScriptedModel([reply(GOOD)])
    maker = QuestionMaker(store, FakeEmbedder(), generating, points=ModelMaker(pointing))
    [before] = maker.questions_for(Scope())
    maker.make(maker.chunks_for(Scope())[0])
    [after] = maker.questions_for(Scope())
    assert after.origin is Origin.NOTES and after.id == before.id
    assert [p.text for p in after.key_points] == [GOOD[1]]
    assert after.key_points[0].quote.text == GOOD[0]


class Sharpened:
    """A note's own question, and a maker that would give it key points of a model."""

    def __init__(self, meanwhile=lambda: None) -> None:
        self.store = MemoryStore()
        self.store.notes.save(note("a.md", NOTE))
        self.pointing = ScriptedModel(lambda _: meanwhile() or reply(GOOD))
        self._maker = QuestionMaker(
            self.store, FakeEmbedder(), ScriptedModel(lambda _: "{"), points=ModelMaker(self.pointing)
        )
        [self.before] = self._maker.questions_for(Scope())

    def ask(self, state: TurnState) -> None:
        turn = Turn(number=1, question_id=self.before.id, state=state, answer="我想想")
        self.store.quizzes.save(
            Quiz(id="q", created_at=datetime(2026, 3, 1, tzinfo=UTC), scope=Scope(), length=2, turns=(turn,))
        )

    def made(self) -> Question:
        self._maker.make(self._maker.chunks_for(Scope())[0])
        return self.store.questions.question(self.before.id)


@pytest.mark.parametrize("state", [TurnState.ASKED, TurnState.ANSWERED])
def test_a_question_that_stands_open_in_a_quiz_keeps_its_points(state) -> None:
    sharpened = Sharpened()
    sharpened.ask(state)
    assert sharpened.made() == sharpened.before
    assert sharpened.pointing.calls == []


def test_a_question_of_a_turn_that_was_skipped_still_gets_the_models_points() -> None:
    sharpened = Sharpened()
    sharpened.ask(TurnState.SKIPPED)
    assert sharpened.made().key_points != sharpened.before.key_points


def test_a_question_that_is_asked_while_the_model_writes_keeps_its_points() -> None:
    sharpened = Sharpened(lambda: sharpened.ask(TurnState.ASKED))
    assert sharpened.made() == sharpened.before
    assert len(sharpened.pointing.calls) == 1


def test_a_correction_made_while_the_model_writes_stands() -> None:
    own = [KeyPoint(text="我自己的要点", quote=None)]
    sharpened = Sharpened(lambda: correct(sharpened.store, sharpened.before.id, key_points=own) and None)
    assert sharpened.made().key_points == tuple(own)


def test_the_prompt_keeps_others_text_apart() -> None:
    system, user = key_points_prompt("什么是甲？", "甲是乙。", 7, "zh")
    assert "Give 1 to 7 key points" in system.content and "Chinese" in system.content
    assert "甲" not in system.content
    assert user.content.startswith("<question-") and "<passage-" in user.content
    again = complaint_prompt((system, user), "{}", ["first", "second"])
    assert again[:2] == (system, user)
    assert "- first\n- second" in again[3].content
