"""Questions are made ahead where a quiz runs short: as many as it lacks, as long as it lasts and nobody objects."""

from functools import partial

import pytest
from fakes.llm import ScriptedModel
from fakes.product import NORM, product
from fakes.question_maker import examiner

from bot.domain.errors import ModelUnavailable
from bot.domain.jobs import JobKind, JobState
from bot.domain.questions import Origin
from bot.domain.quizzes import Scope
from bot.jobs import WAITED_FOR
from bot.questions.ahead import order_of, payload_of
from bot.texts import say, speaking


def with_model(tmp_path, replies=examiner):
    return product(tmp_path, ("bn.md", NORM), model=ScriptedModel(replies))


@pytest.fixture
def kaodian(tmp_path):
    return with_model(tmp_path)


def asked_for(kaodian, scope=None):
    return kaodian.jobs.submit(JobKind.QUESTIONS, payload_of(scope or Scope()), priority=WAITED_FOR)


def states(kaodian):
    return [job.state for job in kaodian.store.jobs.jobs()]


def next_turn(kaodian, quiz):
    """The quiz with its next question, after which the making is seen to."""
    quizzes = kaodian.examining.quizzes
    quizzes.skip(quiz.id, len(quiz.turns))
    quiz = quizzes.go_on(quiz.id, len(quiz.turns))
    kaodian.making.ahead(quiz)
    return quiz


def made(kaodian):
    return [q.text for q in kaodian.store.questions.questions() if q.origin is Origin.MODEL]


def test_questions_are_made_ahead_where_the_notes_own_run_short_and_only_once(kaodian):
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.making.ahead(quiz)
    kaodian.making.ahead(quiz)
    (job,) = kaodian.store.jobs.jobs()
    assert (job.kind, job.state, job.priority) == (JobKind.QUESTIONS, JobState.WAITING, 0)


@pytest.mark.parametrize(("length", "lacking"), [(3, 1), (4, 2)])
def test_only_what_the_quiz_lacks_is_made(kaodian, length, lacking):
    kaodian.making.ahead(kaodian.examining.quizzes.start(Scope(), length))
    (job,) = kaodian.store.jobs.jobs()
    assert order_of(job).wanted == lacking
    kaodian.jobs.run_pending()
    assert len(made(kaodian)) == lacking


def test_nothing_is_made_ahead_where_the_notes_suffice(kaodian):
    kaodian.making.ahead(kaodian.examining.quizzes.start(Scope(), 2))
    assert kaodian.store.jobs.jobs() == []


def test_nothing_is_made_ahead_without_a_model(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    kaodian.making.ahead(kaodian.examining.quizzes.start(Scope(), 5))
    assert kaodian.store.jobs.jobs() == []


@pytest.mark.parametrize(
    ("object_to", "then"),
    [("pause", JobState.PAUSED), ("cancel", JobState.CANCELLED)],
    ids=["pause", "cancel"],
)
@pytest.mark.parametrize("whose", ["asked for", "ahead"])
def test_who_pauses_or_cancels_is_heeded_while_the_quiz_lasts(kaodian, object_to, then, whose):
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    if whose == "asked for":
        asked_for(kaodian)
    kaodian.making.ahead(quiz)
    (job,) = kaodian.store.jobs.jobs()
    getattr(kaodian.jobs, object_to)(job.id)
    next_turn(kaodian, quiz)
    assert states(kaodian) == [then]


def test_a_cancel_is_of_its_quiz_and_its_scope_only(kaodian):
    elsewhere, before = asked_for(kaodian, Scope(topic="收敛")), asked_for(kaodian)
    kaodian.jobs.cancel(before.id)
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.jobs.cancel(elsewhere.id)
    kaodian.making.ahead(quiz)
    kaodian.jobs.cancel(kaodian.making.open()[0].id)
    kaodian.making.ahead(kaodian.examining.quizzes.start(Scope(), 5))
    assert states(kaodian)[-2:] == [JobState.CANCELLED, JobState.WAITING]


def test_what_ended_with_another_quiz_was_not_cancelled_by_the_learner(kaodian):
    first, second = (kaodian.examining.quizzes.start(Scope(), 5) for _ in range(2))
    kaodian.making.ahead(first)
    kaodian.examining.quizzes.stop(first.id)
    kaodian.making.ahead(second)
    assert states(kaodian) == [JobState.CANCELLED, JobState.WAITING]


ENDS = {
    "stopped": lambda kaodian, quiz: kaodian.examining.quizzes.stop(quiz.id),
    "deleted": lambda kaodian, quiz: kaodian.store.quizzes.delete(quiz.id),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("state", [JobState.WAITING, JobState.PAUSED, JobState.FAILED])
def test_it_ends_with_its_quiz(kaodian, end, state):
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.making.ahead(quiz)
    (job,) = kaodian.making.open()
    kaodian.store.jobs.save(job.model_copy(update={"state": state}))
    end(kaodian, quiz)
    assert kaodian.making.open() == []
    assert states(kaodian) == [JobState.CANCELLED]


def test_it_ends_when_the_last_question_is_done(kaodian):
    quiz = kaodian.examining.quizzes.start(Scope(), 3)
    kaodian.making.ahead(quiz)
    while not quiz.finished:
        quiz = next_turn(kaodian, quiz)
    assert states(kaodian) == [JobState.CANCELLED]


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_nothing_is_made_after_a_restart_for_a_quiz_that_is_over(kaodian, end):
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.making.ahead(quiz)
    end(kaodian, quiz)
    kaodian.jobs.run_pending()
    assert (states(kaodian), made(kaodian), kaodian._model.calls) == ([JobState.CANCELLED], [], [])


def test_it_makes_no_further_question_once_its_quiz_is_over(tmp_path):
    def stopping(messages):
        kaodian.examining.quizzes.stop(quiz.id)
        return examiner(messages)

    kaodian = with_model(tmp_path, stopping)
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.making.ahead(quiz)
    kaodian.jobs.run_pending()
    assert (states(kaodian), len(made(kaodian))) == ([JobState.CANCELLED], 1)


def test_what_an_older_version_began_ahead_of_no_known_quiz_ends(kaodian):
    kaodian.jobs.submit(JobKind.QUESTIONS, payload_of(Scope()))
    kaodian.jobs.run_pending()
    assert (states(kaodian), made(kaodian)) == ([JobState.CANCELLED], [])


def test_where_everything_was_tried_it_is_not_tried_again_at_each_question(tmp_path):
    kaodian = with_model(tmp_path, lambda _: "{}")
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.making.ahead(quiz)
    kaodian.jobs.run_pending()
    next_turn(kaodian, quiz)
    assert states(kaodian) == [JobState.DONE]


def test_a_failed_one_goes_on_with_the_next_question(tmp_path):
    replies = [ModelUnavailable("llm.timeout", model="m", seconds=1)]
    kaodian = with_model(tmp_path, lambda messages: replies.pop() if replies else examiner(messages))
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.making.ahead(quiz)
    kaodian.jobs.run_pending()
    assert states(kaodian) == [JobState.FAILED]
    next_turn(kaodian, quiz)
    assert states(kaodian) == [JobState.WAITING]


def test_each_is_named_as_what_it_is(kaodian):
    (note,) = kaodian.notes.documents()
    whole = Scope(document_id=note.id, heading_path=("批归一化",))
    section = Scope(document_id=note.id, heading_path=("批归一化", "为什么 BN 能加快收敛？"), topic="学习率")
    asked_for(kaodian, whole)
    asked_for(kaodian, section)
    kaodian.making.ahead(kaodian.examining.quizzes.start(Scope(), 5))
    title, told = kaodian.making.title, partial(say, lang="zh")
    with speaking("zh"):
        names = [title(job) for job in kaodian.making.open()]
    assert names == [
        told("jobs.asked_for", scope="批归一化"),
        told("jobs.asked_for", scope="批归一化 › 为什么 BN 能加快收敛？ › 学习率"),
        told("jobs.ahead", scope=told("jobs.everything")),
    ]
