"""Every place in a quiz where the program can die: afterwards nothing is lost and nothing is double."""

import itertools
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from fakes.examiner import FakeExaminer
from fakes.store import MemoryStore
from fakes.tripwire import Fuse, Killed, Tripwire

from bot.domain.questions import KeyPoint, Origin, Question, QuestionKind
from bot.domain.quizzes import Scope, TurnState
from bot.quiz import QuizMaster

QUESTIONS = [
    Question(
        id=f"q{n}", text=f"第 {n} 个问题？", kind=QuestionKind.WHY, difficulty=2, origin=Origin.NOTES,
        chunk_ids=("c",), key_points=(KeyPoint(text=f"要点{n}", quote=None),),
    )
    for n in (1, 2)
]  # fmt: skip
ANSWERS = {1: "要点1", 2: "答错了"}


def master(store, examiner, fuse):
    ids = (f"run{id(fuse)}-{n}" for n in itertools.count())
    return QuizMaster(
        Tripwire(store, fuse),
        lambda watch: Tripwire(examiner, fuse),
        lambda scope, asked: next((q for q in QUESTIONS if q.id not in asked), None),
        lambda: datetime(2026, 1, 1, tzinfo=UTC),
        lambda: next(ids),
    )


def take(quizzes, store):
    """What a learner does: begin or take up the quiz, answer what is open, go on to the end."""
    known = store.quizzes.quizzes()
    quiz = known[0] if known else quizzes.start(Scope(), 2)
    while not quiz.finished:
        quiz = quizzes.resume(quiz.id)
        last = quiz.turns[-1]
        quiz = quizzes.submit(quiz.id, last.number, ANSWERS[last.number])
        quiz = quizzes.go_on(quiz.id, last.number)
    return quiz


def calls_of_an_undisturbed_run():
    store = MemoryStore()
    for question in QUESTIONS:
        store.questions.save(question)
    fuse = Fuse()
    take(master(store, FakeExaminer(), fuse), store)
    return len(fuse.calls)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, calls_of_an_undisturbed_run() + 1))
def test_a_quiz_survives_a_kill_at_every_call(at, after):
    store, examiner = MemoryStore(), FakeExaminer()
    for question in QUESTIONS:
        store.questions.save(question)
    fuse = Fuse(at, after=after)
    with suppress(Killed):  # after a call that raised there is nothing left to die of
        take(master(store, examiner, fuse), store)
    assert len(fuse.calls) >= at
    stored = {turn.number: turn.answer for quiz in store.quizzes.quizzes() for turn in quiz.turns}
    assert all(ANSWERS[number] == answer for number, answer in stored.items() if answer)
    quiz = take(master(store, examiner, Fuse()), store)
    assert [turn.state for turn in quiz.turns] == [TurnState.GRADED, TurnState.GRADED]
    assert len(store.quizzes.quizzes()) == 1
    grades = [store.grades.grade(turn.grade_id) for turn in quiz.turns]
    assert [grade.answer for grade in grades] == list(ANSWERS.values())
    assert [grade.score for grade in grades] == [1.0, 0.0]
    assert len(store.grades.grades()) == 2, "a grading that was repeated is stored once"
