import itertools
import threading
from datetime import UTC, datetime

import pytest
from fakes.examiner import FakeExaminer
from fakes.store import MemoryStore

from bot.domain.errors import BadInput, NotFound
from bot.domain.questions import KeyPoint, Origin, Question, QuestionKind
from bot.domain.quizzes import QuizMode, Scope, TurnState
from bot.quiz import QuizMaster


def question(number):
    return Question(
        id=f"q{number}", text=f"第 {number} 个问题？", kind=QuestionKind.DEFINE, difficulty=1,
        origin=Origin.NOTES, chunk_ids=("c",), key_points=(KeyPoint(text=f"要点{number}", quote=None),),
    )  # fmt: skip


QUESTIONS = [question(number) for number in (1, 2, 3)]


def choose(scope, asked):
    return next((q for q in QUESTIONS if q.id not in asked and scope.topic in ("", q.id)), None)


def master(store=None, examiner=None):
    store = store or MemoryStore()
    for each in QUESTIONS:
        store.questions.save(each)
    examiner = examiner or FakeExaminer()
    ids = (f"id-{n}" for n in itertools.count())
    made = QuizMaster(
        store, lambda watch: examiner, choose, lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda: next(ids)
    )
    return made, store, examiner


def test_a_quiz_asks_grades_and_ends():
    quizzes, _, _ = master()
    quiz = quizzes.start(Scope(), 3)
    for number, answer in ((1, "要点1"), (2, "别的"), (3, "要点3")):
        quiz = quizzes.submit(quiz.id, number, answer)
        assert quiz.turns[-1].state is TurnState.GRADED
        quiz = quizzes.go_on(quiz.id, number)
    assert quiz.finished
    summary = quizzes.summary(quiz)
    assert (summary.asked, summary.graded, summary.skipped) == (3, 3, 0)
    assert summary.mean == pytest.approx(2 / 3)


def test_the_same_turn_is_graded_once_however_often_it_is_submitted():
    quizzes, store, examiner = master()
    quiz = quizzes.start(Scope(), 1)
    first = quizzes.submit(quiz.id, 1, "要点1")
    assert quizzes.submit(quiz.id, 1, "另一个答案") == first
    assert examiner.answers == ["要点1"]
    assert len(store.grades.grades()) == 1


def test_a_double_click_grades_once():
    entered, go = threading.Event(), threading.Event()

    class Slow(FakeExaminer):
        def grade(self, *case, **more):
            entered.set()
            assert go.wait(5)
            return super().grade(*case, **more)

    quizzes, store, examiner = master(examiner=Slow())
    quiz = quizzes.start(Scope(), 1)
    first = threading.Thread(target=quizzes.submit, args=(quiz.id, 1, "要点1"))
    first.start()
    assert entered.wait(5)
    assert quizzes.submit(quiz.id, 1, "要点1").turns[0].state is TurnState.ANSWERED
    go.set()
    first.join(5)
    assert store.quizzes.quiz(quiz.id).turns[0].state is TurnState.GRADED
    assert len(examiner.answers) == len(store.grades.grades()) == 1


def test_a_grading_that_fails_keeps_the_answer_and_can_be_repeated():
    quizzes, store, _ = master(examiner=FakeExaminer(failures=1))
    quiz = quizzes.start(Scope(), 1)
    failed = quizzes.submit(quiz.id, 1, "要点1")
    assert failed.turns[0].state is TurnState.ANSWERED
    assert failed.turns[0].answer == "要点1"
    assert store.grades.grade(failed.turns[0].grade_id).score is None
    mended = quizzes.resume(quiz.id)
    assert mended.turns[0].state is TurnState.GRADED
    assert store.grades.grade(mended.turns[0].grade_id).score == 1.0


def test_an_answer_that_cannot_be_used_leaves_the_turn_open_and_the_words_in_place():
    quizzes, store, _ = master(examiner=FakeExaminer(limit=10))
    quiz = quizzes.start(Scope(), 1)
    with pytest.raises(BadInput):
        quizzes.submit(quiz.id, 1, "很长" * 10)
    turn = store.quizzes.quiz(quiz.id).turns[0]
    assert (turn.state, turn.answer) == (TurnState.ASKED, "很长" * 10)
    assert quizzes.submit(quiz.id, 1, "要点1").turns[0].state is TurnState.GRADED


def test_a_blank_answer_is_no_answer():
    quizzes, _, examiner = master()
    quiz = quizzes.start(Scope(), 1)
    with pytest.raises(BadInput):
        quizzes.submit(quiz.id, 1, " \n")
    assert examiner.answers == []


def test_skipping_hints_and_stopping():
    quizzes, _, _ = master()
    quiz = quizzes.start(Scope(), 3)
    assert [quizzes.note_hint(quiz.id, 1) for _ in range(2)] == [1, 2]
    assert quizzes.skip(quiz.id, 1).turns[0].state is TurnState.SKIPPED
    assert quizzes.submit(quiz.id, 1, "要点1").turns[0].state is TurnState.SKIPPED
    quiz = quizzes.go_on(quiz.id, 1)
    assert quizzes.go_on(quiz.id, 1) == quiz
    quiz = quizzes.stop(quiz.id)
    assert quiz.finished
    assert quizzes.summary(quiz).skipped == 2


def test_a_scope_limits_the_questions_and_its_end_ends_the_quiz():
    quizzes, _, _ = master()
    quiz = quizzes.start(Scope(topic="q2"), 3)
    assert quiz.turns[0].question_id == "q2"
    quizzes.give_up(quiz.id, 1)
    assert quizzes.go_on(quiz.id, 1).finished
    with pytest.raises(BadInput):
        quizzes.start(Scope(topic="nothing"), 3)


@pytest.mark.parametrize("length", [0, 101])
def test_a_length_out_of_range_says_so(length):
    with pytest.raises(BadInput):
        master()[0].start(Scope(), length)


def test_what_is_not_there_is_not_found():
    quizzes, _, _ = master()
    with pytest.raises(NotFound):
        quizzes.submit("none", 1, "x")
    quiz = quizzes.start(Scope(), 1)
    with pytest.raises(NotFound):
        quizzes.submit(quiz.id, 2, "x")


def test_a_question_deleted_meanwhile_can_be_passed_over():
    quizzes, store, _ = master()
    quiz = quizzes.start(Scope(), 2)
    store.questions.delete("q1")
    assert quizzes.askings(quiz)[0].turn.state is TurnState.ASKED
    quizzes.skip(quiz.id, 1)
    assert quizzes.go_on(quiz.id, 1).turns[-1].number == 2


def test_an_interview_reveals_nothing_before_its_end_and_gives_no_hint():
    quizzes, store, _ = master()
    quiz = quizzes.start(Scope(), 2, QuizMode.INTERVIEW)
    assert store.quizzes.quiz(quiz.id).mode is QuizMode.INTERVIEW
    with pytest.raises(BadInput):
        quizzes.note_hint(quiz.id, 1)
    quiz = quizzes.submit(quiz.id, 1, "要点1")
    assert not quiz.reveals
    quiz = quizzes.stop(quizzes.go_on(quiz.id, 1).id)
    assert quiz.finished
    assert quiz.reveals
    assert quizzes.start(Scope(), 1).reveals
