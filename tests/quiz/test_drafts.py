"""What was typed and not submitted."""

import pytest
from test_quizmaster import master

from bot.domain.errors import NotFound
from bot.domain.quizzes import Scope
from bot.quiz import Drafts


def test_a_draft_is_found_again_until_its_turn_is_over():
    quizzes, store, _ = master()
    drafts = Drafts(store)
    quiz = quizzes.start(Scope(), 2)
    assert drafts.typed(quiz.id) == ""
    assert drafts.keep(quiz.id, 1, "写到一半")
    assert Drafts(store).typed(quiz.id) == "写到一半"
    assert not drafts.keep(quiz.id, 2, "下一题还没有问")
    quizzes.submit(quiz.id, 1, "要点1")
    assert not drafts.keep(quiz.id, 1, "太晚了"), "a late keystroke changes nothing"
    assert drafts.typed(quiz.id) == ""
    quizzes.go_on(quiz.id, 1)
    assert drafts.typed(quiz.id) == ""


def test_an_emptied_box_stays_empty():
    quizzes, store, _ = master()
    quiz = quizzes.start(Scope(), 1)
    drafts = Drafts(store)
    drafts.keep(quiz.id, 1, "不要了")
    drafts.keep(quiz.id, 1, "")
    assert drafts.typed(quiz.id) == ""


def test_no_draft_without_a_quiz():
    _, store, _ = master()
    with pytest.raises(NotFound):
        Drafts(store).keep("nowhere", 1, "x")
