"""What is being made is shown, each named as what it is, and can be paused and cancelled."""

from datetime import UTC, datetime

import pytest
from fakes.llm import ScriptedModel
from fakes.product import NORM, product

from bot.domain.errors import BadInput
from bot.domain.jobs import Job, JobKind, JobState
from bot.domain.quizzes import Scope
from bot.page.job_rows import JobEvents, job_html
from bot.page.quiz_events import QuizEvents
from bot.page.scopes import EVERYTHING
from bot.texts import say, speaking

SHOWN, CHOSEN, ROWS, TOLD, PAUSE, CANCEL, TIMER = range(7)


@pytest.fixture
def kaodian(tmp_path):
    return product(tmp_path, ("bn.md", NORM), model=ScriptedModel([]))


@pytest.fixture
def rows(kaodian):
    with speaking("zh"):
        yield JobEvents(kaodian)


def quiz_that_runs_short(kaodian):
    quiz = kaodian.examining.quizzes.start(Scope(), 5)
    kaodian.making.ahead(quiz)
    return quiz


def test_more_questions_need_a_model(tmp_path):
    with pytest.raises(BadInput):
        JobEvents(product(tmp_path, ("bn.md", NORM))).make(EVERYTHING, "", (), None)


def test_nothing_is_shown_while_nothing_is_made(rows):
    shown = rows.look((), None)
    assert (shown[SHOWN], shown[ROWS]["visible"], shown[TOLD], shown[TIMER].active) == ([], False, "", False)


def test_what_is_made_ahead_is_shown_and_can_be_paused_and_cancelled(kaodian, rows):
    quiz_that_runs_short(kaodian)
    shown = rows.look((), None)
    (job,) = kaodian.making.open()
    assert say("jobs.ahead", scope=say("jobs.everything")) in shown[TOLD]
    assert (shown[ROWS]["visible"], shown[CHOSEN]["value"], shown[TIMER].active) == (True, job.id, True)
    paused = rows.pause(shown[SHOWN], job.id)
    assert kaodian.store.jobs.job(job.id).state is JobState.PAUSED
    assert (paused[PAUSE]["value"], paused[TIMER].active) == (say("page.resume"), False)
    assert rows.look((), None)[SHOWN] == [job.id], "found again after a reload"
    assert rows.pause(paused[SHOWN], job.id)[PAUSE]["value"] == say("page.pause")
    gone = rows.cancel(paused[SHOWN], job.id)
    assert kaodian.store.jobs.job(job.id).state is JobState.CANCELLED
    assert gone[ROWS]["visible"] is False


def test_what_is_made_ahead_is_gone_once_its_quiz_is_stopped(kaodian, rows):
    quiz = quiz_that_runs_short(kaodian)
    shown = rows.look((), None)[SHOWN]
    QuizEvents(kaodian).stop((quiz.id, 1))
    assert rows.look(shown, shown[0])[ROWS]["visible"] is False


def test_every_open_one_is_shown_and_the_buttons_are_for_the_chosen_one(kaodian, rows):
    quiz_that_runs_short(kaodian)
    (ahead,) = kaodian.making.open()
    shown = rows.make(EVERYTHING, "收敛", [ahead.id], ahead.id)
    mine = shown[CHOSEN]["value"]
    assert [job_id for _, job_id in shown[CHOSEN]["choices"]] == shown[SHOWN] == [ahead.id, mine]
    assert shown[CHOSEN]["visible"] is True
    assert say("jobs.asked_for", scope="收敛") in shown[TOLD]
    assert say("jobs.ahead", scope=say("jobs.everything")) in shown[TOLD]
    rows.pause(shown[SHOWN], ahead.id)
    rows.cancel(shown[SHOWN], mine)
    states = [kaodian.store.jobs.job(job_id).state for job_id in (ahead.id, mine)]
    assert states == [JobState.PAUSED, JobState.CANCELLED]


def test_the_end_of_what_somebody_asked_for_is_told_until_the_page_is_opened_anew(kaodian, rows):
    shown = rows.make(EVERYTHING, "", (), None)
    ended = rows.cancel(shown[SHOWN], shown[CHOSEN]["value"])
    assert say("page.job_cancelled") in ended[TOLD]
    assert (ended[ROWS]["visible"], ended[PAUSE]["visible"], ended[CANCEL]["visible"]) == (True, False, False)
    assert rows.look((), None)[ROWS]["visible"] is False


def test_a_job_tells_what_it_does_as_text():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    job = Job(
        id="j", kind=JobKind.QUESTIONS, state=JobState.RUNNING, done=2, total=6, seconds=10, message="<b>",
        created_at=now, updated_at=now,
    )  # fmt: skip
    told = job_html(job, "<i>")
    assert "2/6" in told
    assert "20" in told
    assert "<b>" not in told
    assert "<i>" not in told
