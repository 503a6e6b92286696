"""The program dies at every call of a real grading, encoder and models included: no answer is lost, none graded twice."""

import itertools
import json
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest
from fakes.embedder import FakeEmbedder
from fakes.llm import ScriptedModel
from fakes.store import MemoryStore
from fakes.tripwire import Fuse, Killed, Tripwire

from bot.app.examining import ExaminingDesk
from bot.domain.questions import KeyPoint, Origin, Question, QuestionKind
from bot.domain.quizzes import Scope, TurnState
from bot.grading import Grader
from bot.grading.judge_decision import DecisionJudge
from bot.grading.judge_embedded import EmbeddedJudge
from bot.grading.judge_features import FeatureJudge
from bot.grading.judge_llm import ModelJudge
from bot.quiz import QuizMaster
from bot.settings import Settings

QUESTION = Question(
    id="q", text="批归一化在训练和推理时有什么不同？", kind=QuestionKind.COMPARE, difficulty=2,
    origin=Origin.NOTES, chunk_ids=("c",),
    key_points=(
        KeyPoint(text="训练时用当前批的均值和方差", quote=None),
        KeyPoint(text="推理时用累积的滑动平均", quote=None),
    ),
)  # fmt: skip
ANSWER = "训练的时候用当前批的均值和方差。推理时用的是别的。"
STARTS = itertools.count()
CLAUSE = "训练的时候用当前批的均值和方差"


class Reader:
    """Reads each key point as covered or missing, one after the other."""

    name = "embedded:scripted"

    def word_logprobs(self, opening, closings, words):
        for closing in closings:
            covered = "训练" in closing[1].text
            yield tuple(np.log([0.94, 0.02, 0.02, 0.02] if covered else [0.02, 0.02, 0.94, 0.02]))


class Decider:
    """Decides the same of the two key points."""

    name = "systemone:m"

    def decide(self, state, choices):
        shares = {"covered": 0.9, "partial": 0.1, "missing": 0.0, "contradicted": 0.0}
        return (shares, dict(zip(shares, reversed(shares.values()), strict=True)))


def encoder():
    """An encoder of which nothing is remembered, as after the start of a program."""
    return FakeEmbedder(identity=f"fresh-{next(STARTS)}")


def said(messages):
    """A hosted model's verdicts; the second point it doubts, so that it is asked again."""
    points = [
        {"number": 1, "quote": CLAUSE, "status": "covered"},
        {"number": 2, "quote": "推理时用的是别的", "status": "partial"},
    ]
    return json.dumps({"thoughts": "…", "points": points}, ensure_ascii=False)


def features(wire):
    return FeatureJudge(wire(encoder(), "encoder"))


JUDGES = {
    "features": features,
    "embedded": lambda wire: EmbeddedJudge(wire(Reader(), "reader"), features(wire)),
    "model": lambda wire: ModelJudge(wire(ScriptedModel(said), "model"), features(wire)),
    "decisions": lambda wire: DecisionJudge(wire(Decider(), "decider"), wire(encoder(), "encoder")),
}
SEAMS = {
    "features": {"encoder.embed_tokens"},
    "embedded": {"encoder.embed_tokens", "reader.word_logprobs", "reader.word_logprobs.next"},
    "model": {"encoder.embed_tokens", "model.reply"},
    "decisions": {"encoder.embed_tokens", "decider.decide"},
}


def clock():
    return datetime(2026, 1, 1, tzinfo=UTC)


def filled():
    store = MemoryStore()
    store.questions.save(QUESTION)
    return store


def master(kind, store, fuse):
    def wire(target, name):
        return Tripwire(target, fuse, name)

    ids = (f"run{id(fuse)}-{n}" for n in itertools.count())
    return QuizMaster(
        wire(store, "store"),
        lambda watch: Grader(JUDGES[kind](wire), watch=watch),
        lambda scope, asked: None if asked else QUESTION,
        clock,
        lambda: next(ids),
    )


def take(quizzes, store):
    """What a learner does: begin or take up the quiz and answer its question."""
    known = store.quizzes.quizzes()
    quiz = quizzes.resume((known[0] if known else quizzes.start(Scope(), 1)).id)
    quizzes.submit(quiz.id, 1, ANSWER)
    return quizzes.go_on(quiz.id, 1)


def undisturbed(kind):
    store, fuse = filled(), Fuse()
    take(master(kind, store, fuse), store)
    return store, fuse.calls


def places():
    """Every judge with every call, from 1."""
    return [(kind, at) for kind in JUDGES for at in range(1, len(undisturbed(kind)[1]) + 1)]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("kind", "at"), places())
def test_a_real_grading_survives_a_kill_at_every_call(kind, at, after):
    (expected,) = undisturbed(kind)[0].grades.grades()
    store, fuse = filled(), Fuse(at, after=after)
    with suppress(Killed):  # after a call that raised there is nothing left to die of
        take(master(kind, store, fuse), store)
    assert len(fuse.calls) >= at
    stored = [turn.answer for quiz in store.quizzes.quizzes() for turn in quiz.turns]
    assert stored in ([], [""], [ANSWER])
    quiz = take(master(kind, store, Fuse()), store)
    assert quiz.finished
    assert [turn.state for turn in quiz.turns] == [TurnState.GRADED]
    assert len(store.quizzes.quizzes()) == 1
    (grade,) = store.grades.grades()
    assert (grade.answer, grade.verdicts, grade.error) == (ANSWER, expected.verdicts, None)
    assert grade.id == quiz.turns[0].grade_id


@pytest.mark.parametrize("kind", JUDGES)
def test_every_seam_of_the_judge_is_on_the_way(kind):
    store, calls = undisturbed(kind)
    assert SEAMS[kind] <= set(calls)
    assert store.grades.grades()[0].score > 0


def desk(store, fuse):
    """Grades single answers by features, every seam on the fuse."""
    ids = (f"run{id(fuse)}-{n}" for n in itertools.count())
    reader = Tripwire(encoder(), fuse, "encoder")
    product = SimpleNamespace(
        settings=Settings(llm="none", judge="none"),
        store=Tripwire(store, fuse, "store"),
        embedder=reader,
        reader=reader,
        language_model=lambda urgency: None,
        word_reader=lambda: None,
    )
    return ExaminingDesk(product, clock, lambda: next(ids))


def calls_of_one_grading():
    fuse = Fuse()
    desk(filled(), fuse).grade("q", ANSWER)
    return len(fuse.calls)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, calls_of_one_grading() + 1))
def test_an_answer_outside_of_any_quiz_survives_a_kill_at_every_call(at, after):
    store, fuse = filled(), Fuse(at, after=after)
    with suppress(Killed):
        desk(store, fuse).grade("q", ANSWER)
    assert len(fuse.calls) >= at
    begun = store.quizzes.quizzes()
    assert [turn.answer for quiz in begun for turn in quiz.turns] == [ANSWER] * len(begun)
    later = desk(store, Fuse())
    for quiz in begun:
        assert later.quizzes.resume(quiz.id).turns[0].state is TurnState.GRADED
        assert later.quizzes.go_on(quiz.id, 1).finished
    grades = store.grades.grades()
    assert [grade.answer for grade in grades] == [ANSWER] * len(grades)
    assert len(grades) == 1 or not begun
