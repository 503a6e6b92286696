from fakes.llm import ScriptedModel
from fakes.product import NORM, product

from bot.domain.jobs import JobKind, JobState
from bot.domain.quizzes import Scope


def with_model(tmp_path):
    return product(tmp_path, ("bn.md", NORM), model=ScriptedModel([]))


def test_questions_are_made_ahead_where_the_notes_own_run_short_and_only_once(tmp_path):
    kaodian = with_model(tmp_path)
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.make_ahead(quiz)
    kaodian.make_ahead(quiz)
    (job,) = kaodian.store.jobs.jobs()
    assert (job.kind, job.state, job.priority) == (JobKind.QUESTIONS, JobState.WAITING, 0)


def test_nothing_is_made_ahead_where_the_notes_suffice(tmp_path):
    kaodian = with_model(tmp_path)
    kaodian.make_ahead(kaodian.examining.quizzes.start(Scope(), 2))
    assert kaodian.store.jobs.jobs() == []


def test_nothing_is_made_ahead_without_a_model(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    kaodian.make_ahead(kaodian.examining.quizzes.start(Scope(), 5))
    assert kaodian.store.jobs.jobs() == []
