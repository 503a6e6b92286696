"""An answer to a question outside of any quiz: stored before it is judged."""

import pytest
from fakes.product import NORM, product
from fakes.tripwire import Killed

from bot.domain.errors import BadInput, NotFound
from bot.domain.grades import MAX_ANSWER_CHARS

ANSWER = "训练时用小批量的均值和方差，测试时用全局的均值和方差。"


@pytest.fixture
def kaodian(tmp_path):
    return product(tmp_path, ("bn.md", NORM))


@pytest.fixture
def question(kaodian):
    from bot.domain.quizzes import Scope

    return kaodian.examining.questions().questions_for(Scope())[0]


class Dies:
    """A reader in whose hands the program dies."""

    def __getattr__(self, name):
        raise Killed(name)


def test_the_grade_is_stored_and_no_quiz_is_left(kaodian, question):
    grade = kaodian.examining.grade(question.id, ANSWER)
    assert kaodian.store.grades.grade(grade.id) == grade
    assert (grade.answer, grade.error) == (ANSWER, None)
    assert kaodian.store.quizzes.quizzes() == []


def test_a_kill_while_it_is_judged_loses_no_answer(kaodian, question):
    reader, kaodian.reader = kaodian.reader, Dies()
    with pytest.raises(Killed):
        kaodian.examining.grade(question.id, ANSWER)
    (quiz,) = kaodian.store.quizzes.quizzes()
    assert quiz.current.answer == ANSWER
    assert kaodian.store.grades.grades() == []
    kaodian.reader = reader
    done = kaodian.examining.quizzes.resume(quiz.id)
    assert kaodian.store.grades.grade(done.turns[0].grade_id).answer == ANSWER
    assert kaodian.examining.quizzes.go_on(quiz.id, 1).finished


def test_an_answer_that_cannot_be_used_leaves_nothing(kaodian, question):
    for answer in (" \n", "长" * (MAX_ANSWER_CHARS + 1)):
        with pytest.raises(BadInput):
            kaodian.examining.grade(question.id, answer)
    with pytest.raises(NotFound):
        kaodian.examining.grade("nowhere", ANSWER)
    assert kaodian.store.quizzes.quizzes() == kaodian.store.grades.grades() == []
