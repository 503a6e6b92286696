"""Questions of a scope: made once, kept, corrected, deleted, stale; and which comes next."""

from datetime import UTC, datetime

import pytest
from fakes.embedder import FakeEmbedder
from fakes.grades import grade
from fakes.notes_text import note
from fakes.store import MemoryStore

from bot.domain.errors import BadInput, NotFound
from bot.domain.notes import Collection
from bot.domain.questions import KeyPoint, Origin, Quote
from bot.domain.quizzes import Scope
from bot.questions.maker import QuestionMaker
from bot.questions.upkeep import correct, delete, mark_stale

DAY = datetime(2026, 3, 1, tzinfo=UTC)
OPTIMISERS = """# 优化器

## 什么是动量？
动量累加历史梯度的方向。

## 为什么 Adam 收敛快？
Adam 为每个参数调整步长。

## 为什么 Adam 的收敛快？
因为它估计了二阶矩，给每个参数自己的步长。
"""
NETWORKS = """# 网络

## 什么是卷积？
卷积用同一个核扫过整张图。
"""


@pytest.fixture
def store():
    store = MemoryStore()
    store.notes.save(note("a.md", OPTIMISERS))
    store.notes.save(note("b.md", NETWORKS))
    return store


def maker(store):
    return QuestionMaker(store, FakeEmbedder())


def texts(questions):
    return [question.text for question in questions]


def test_questions_are_made_once_and_stored(store) -> None:
    first = maker(store).questions_for(Scope())
    assert texts(first) == ["什么是动量？", "为什么 Adam 收敛快？", "为什么 Adam 的收敛快？", "什么是卷积？"]
    assert maker(store).questions_for(Scope()) == first
    assert store.questions.questions() == first


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(topic="卷积"), ["什么是卷积？"]),
        (Scope(heading_path=("网络",)), ["什么是卷积？"]),
        (Scope(topic="动量"), ["什么是动量？"]),
        (Scope(topic="Momentum"), ["什么是动量？"]),
    ],
)
def test_a_scope_narrows_the_questions(store, scope, expected) -> None:
    assert texts(maker(store).questions_for(scope)) == expected


def test_a_topic_that_no_heading_names_finds_the_nearest(store) -> None:
    assert "什么是卷积？" in texts(maker(store).questions_for(Scope(topic="什么是反卷积层")))


def test_a_note_is_a_scope(store) -> None:
    document = store.notes.documents()[1]
    assert texts(maker(store).questions_for(Scope(document_id=document.id))) == ["什么是卷积？"]


def test_only_notes_in_use_are_asked_about(store) -> None:
    store.notes.save(note("s.md", "# 样例\n\n## 什么是样例？\n样例随产品附带。", Collection.SAMPLE))
    own = QuestionMaker(store, FakeEmbedder(), None, lambda: (Collection.OWN,))
    assert "什么是样例？" not in texts(own.questions_for(Scope()))


def test_never_graded_questions_come_first_then_the_weakest(store) -> None:
    make = maker(store)
    conv, momentum = (make.questions_for(Scope(topic=t))[0] for t in ("卷积", "动量"))
    adam = make.questions_for(Scope(topic="Adam"))
    for question in (momentum, *adam):
        store.grades.save(grade(question, 1))
    assert make.choose_next(Scope(), [], lambda: DAY) == conv
    store.grades.save(grade(conv, 1))
    store.grades.save(grade(momentum, 0))
    assert make.choose_next(Scope(), [], lambda: DAY) == momentum


def test_a_quiz_does_not_ask_nearly_the_same_twice_and_ends(store) -> None:
    make, asked = maker(store), []
    while (question := make.choose_next(Scope(), asked, lambda: DAY)) is not None:
        asked.append(question.id)
    wordings = texts(store.questions.question(i) for i in asked)
    assert len(asked) == len(set(asked)) == 3
    assert len([w for w in wordings if "Adam" in w]) == 1


def test_the_order_changes_from_day_to_day_and_holds_within_one(store) -> None:
    make = maker(store)
    firsts = {make.choose_next(Scope(), [], lambda d=d: DAY.replace(day=d)).text for d in range(1, 15)}
    assert len(firsts) > 1
    assert make.choose_next(Scope(), [], lambda: DAY) == make.choose_next(Scope(), [], lambda: DAY)


def test_a_changed_note_makes_its_questions_stale_and_its_return_mends_them(store) -> None:
    question = maker(store).questions_for(Scope(topic="卷积"))[0]
    store.notes.save(note("b.md", NETWORKS.replace("整张图", "全图")))
    assert [q.text for q in mark_stale(store)] == ["什么是卷积？"]
    assert store.questions.question(question.id).stale
    [fresh] = maker(store).questions_for(Scope(topic="卷积"))
    assert fresh.key_points[0].text == "卷积用同一个核扫过全图"
    store.notes.save(note("b.md", NETWORKS))
    mark_stale(store)
    assert not store.questions.question(question.id).stale


def test_a_deleted_question_never_comes_back(store) -> None:
    question = maker(store).questions_for(Scope())[0]
    delete(store, question.id)
    assert question.id not in {q.id for q in maker(store).questions_for(Scope())}
    with pytest.raises(NotFound):
        delete(store, "nothing")


def test_a_correction_keeps_the_id_and_is_the_learners(store) -> None:
    question = maker(store).questions_for(Scope(topic="动量"))[0]
    corrected = correct(store, question.id, text=" 动量法是什么？ ")
    assert (corrected.id, corrected.text, corrected.origin) == (question.id, "动量法是什么？", Origin.LEARNER)
    assert texts(maker(store).questions_for(Scope(topic="动量"))) == ["动量法是什么？"]


def test_a_correction_must_hold(store) -> None:
    question = maker(store).questions_for(Scope(topic="动量"))[0]
    quote = question.key_points[0].quote
    invented = Quote(text="编造", document_id=quote.document_id, chunk_id=quote.chunk_id, span=quote.span)
    bad = [dict(text=" "), dict(text="长" * 501), dict(key_points=[])]
    bad += [dict(key_points=[KeyPoint(text="编造", quote=invented)])]
    bad += [dict(key_points=[KeyPoint(text="都是加分", vital=False, quote=quote)])]
    for change in bad:
        with pytest.raises(BadInput):
            correct(store, question.id, **change)
    assert store.questions.question(question.id) == question
    own = KeyPoint(text="我自己的要点", quote=None)
    assert correct(store, question.id, key_points=[own]).key_points == (own,)
