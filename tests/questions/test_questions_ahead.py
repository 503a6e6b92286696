"""Questions made ahead: a job that survives being killed anywhere."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from fakes.embedder import FakeEmbedder
from fakes.llm import ScriptedModel
from fakes.notes_text import note
from fakes.store import MemoryStore
from fakes.tripwire import Fuse, Killed, Tripwire

from bot.domain.jobs import JobKind, JobState
from bot.domain.questions import Origin
from bot.domain.quizzes import Scope
from bot.jobs import JobRunner
from bot.questions.ahead import QuestionsAhead, payload_for, payload_of
from bot.questions.maker import QuestionMaker

RAW = "# 优化\n\n## 什么是动量？\n动量累加历史梯度的方向。\n\n## 什么是批？\n一批是一次更新所用的样本。"


def examiner(messages):
    """Asks about whichever passage it is shown."""
    momentum = "动量累加" in messages[-1].content
    quote = "动量累加历史梯度的方向。" if momentum else "一批是一次更新所用的样本。"
    question = "动量法怎样利用以前的梯度？" if momentum else "更新参数时取多少样本？"
    point = {"quote": quote, "point": quote}
    body = {"kind": "how", "question": question, "difficulty": "easy", "key_points": [point]}
    return json.dumps({"questions": [body]}, ensure_ascii=False)


def clock():
    return datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def store():
    store = MemoryStore()
    store.notes.save(note("a.md", RAW))
    return store


def runner_over(store, model):
    runner = JobRunner(store.jobs, clock, lambda: 0.0)
    runner.register(JobKind.QUESTIONS, QuestionsAhead(lambda: QuestionMaker(store, FakeEmbedder(), model)))
    return runner


def made(store):
    return sorted(q.text for q in store.questions.questions() if q.origin is Origin.MODEL)


def test_each_chunk_gets_its_question_and_a_second_job_makes_none(store) -> None:
    model = ScriptedModel(examiner)
    runner = runner_over(store, model)
    jobs = [runner.submit(JobKind.QUESTIONS, payload_of(Scope())) for _ in range(2)]
    runner.run_pending()
    assert made(store) == ["动量法怎样利用以前的梯度？", "更新参数时取多少样本？"]
    assert len(model.calls) == 2
    for job in jobs:
        assert (store.jobs.job(job.id).state, store.jobs.job(job.id).done) == (JobState.DONE, 2)
    assert "2" in store.jobs.job(jobs[0].id).message


def test_pausing_keeps_what_was_made(store) -> None:
    def pausing(messages):
        runner.pause(job.id)
        return examiner(messages)

    runner = runner_over(store, ScriptedModel(pausing))
    job = runner.submit(JobKind.QUESTIONS, payload_of(Scope()))
    runner.run_pending()
    assert (store.jobs.job(job.id).state, len(made(store))) == (JobState.PAUSED, 1)
    runner_over(store, ScriptedModel(examiner)).resume(job.id)
    runner_over(store, ScriptedModel(examiner)).run_pending()
    assert (store.jobs.job(job.id).state, len(made(store))) == (JobState.DONE, 2)


def maker_over(store):
    return QuestionMaker(store, FakeEmbedder(), ScriptedModel(examiner))


def test_only_as_many_as_wanted_are_made_and_a_second_job_makes_further_ones(store) -> None:
    runner = runner_over(store, ScriptedModel(examiner))
    for count in (1, 2):
        job = runner.submit(JobKind.QUESTIONS, payload_for(maker_over(store), Scope(), 1))
        runner.run_pending()
        done = store.jobs.job(job.id)
        assert (len(made(store)), done.state, done.done, done.total) == (count, JobState.DONE, 1, 1)


def test_what_cannot_be_made_is_not_counted_and_comes_last_the_next_time(store) -> None:
    def failing(messages):
        return examiner(messages) if "动量累加" not in messages[-1].content else "{}"

    runner = runner_over(store, ScriptedModel(failing))
    job = runner.submit(JobKind.QUESTIONS, payload_for(maker_over(store), Scope(), 9))
    runner.run_pending()
    assert (store.jobs.job(job.id).done, store.jobs.job(job.id).total) == (1, 9)
    first, second = maker_over(store).chunks_for(Scope())
    assert maker_over(store).neediest(Scope()) == [first, second], "it has no question at all yet"
    store.questions.delete(next(q.id for q in store.questions.questions() if q.origin is Origin.MODEL))
    assert maker_over(store).neediest(Scope()) == [second, first]


@pytest.mark.parametrize("wanted", [None, 1, 2], ids=["everywhere", "one", "two"])
def test_killed_anywhere_it_ends_with_the_same_questions(wanted) -> None:
    at = 0
    while True:
        at += 1
        blown = [kill_and_restart(at, wanted, after=after) for after in (False, True)]
        if not any(blown):
            break
    assert at > 20


def kill_and_restart(at, wanted, *, after):
    """Whether the fuse blew; after a restart the job is done and nothing is doubled or lost."""
    store = MemoryStore()
    store.notes.save(note("a.md", RAW))
    payload = payload_for(maker_over(store), Scope(), wanted) if wanted else payload_of(Scope())
    job = JobRunner(store.jobs, clock).submit(JobKind.QUESTIONS, payload)
    fuse = Fuse(at, after=after)
    with suppress(Killed):
        runner_over(Tripwire(store, fuse), Tripwire(ScriptedModel(examiner), fuse)).run_pending()
    store.jobs.owner_died()
    runner_over(store, ScriptedModel(examiner)).run_pending()
    assert store.jobs.job(job.id).state is JobState.DONE
    assert made(store) == ["动量法怎样利用以前的梯度？", "更新参数时取多少样本？"][:wanted]
    return len(fuse.calls) >= at
