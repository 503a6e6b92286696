"""Jobs: urgent first, stored at each step, paused, cancelled, taken up again."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from fakes.store import MemoryStore

from bot.domain.errors import ModelUnavailable, NotFound
from bot.domain.jobs import Job, JobKind, JobState
from bot.jobs import WAITED_FOR, JobRunner, seconds_left
from bot.texts import say

START = datetime(2026, 3, 1, tzinfo=UTC)


class Ticking:
    """A clock and a timer that go one second further at each look."""

    def __init__(self):
        self.seconds = 0

    def __call__(self):
        self.seconds += 1
        return START + timedelta(seconds=self.seconds)

    def timer(self):
        self.seconds += 1
        return float(self.seconds)


@pytest.fixture
def jobs():
    return MemoryStore().jobs


@pytest.fixture
def runner(jobs):
    clock = Ticking()
    runner = JobRunner(jobs, clock, clock.timer)
    yield runner
    runner.close()


def counting(log, steps=3):
    """A handler of `steps` steps that notes each one."""

    def handle(job, report, should_stop):
        for done in range(job.done, steps):
            if should_stop():
                return
            log.append((job.payload.get("name"), done))
            report(done + 1, steps, f"step {done + 1}")

    return handle


def test_a_job_runs_to_its_end_and_every_step_is_stored(runner, jobs) -> None:
    seen = []

    def handle(job, report, should_stop):
        for done in (1, 2):
            report(done, 2, f"step {done}")
            seen.append((jobs.job(job.id).done, jobs.job(job.id).state, seconds_left(jobs.job(job.id))))

    runner.register(JobKind.QUESTIONS, handle)
    job = runner.submit(JobKind.QUESTIONS, {})
    assert jobs.job(job.id).state is JobState.WAITING
    runner.run_pending()
    assert [(done, state) for done, state, _ in seen] == [(1, JobState.RUNNING), (2, JobState.RUNNING)]
    assert seen[0][2] > 0 and seen[1][2] == 0
    assert jobs.job(job.id).state is JobState.DONE
    assert jobs.job(job.id).seconds > 0


def test_what_a_person_waits_for_goes_first_then_the_oldest(runner) -> None:
    log = []
    runner.register(JobKind.QUESTIONS, counting(log, steps=1))
    for name, priority in (("old", 0), ("new", 0), ("urgent", WAITED_FOR)):
        runner.submit(JobKind.QUESTIONS, {"name": name}, priority)
    runner.run_pending()
    assert [name for name, _ in log] == ["urgent", "old", "new"]


def test_an_urgent_job_interrupts_and_the_other_goes_on_where_it_was(runner) -> None:
    log = []
    inner = counting(log)

    def handle(job, report, should_stop):
        if not log:
            log.append(("slow", 0))
            report(1, 3, "")
            runner.submit(JobKind.QUESTIONS, {"name": "urgent"}, WAITED_FOR)
            assert should_stop()
            return
        inner(job, report, should_stop)

    runner.register(JobKind.QUESTIONS, handle)
    runner.submit(JobKind.QUESTIONS, {"name": "slow"})
    runner.run_pending()
    assert log == [("slow", 0), ("urgent", 0), ("urgent", 1), ("urgent", 2), ("slow", 1), ("slow", 2)]


@pytest.mark.parametrize(("act", "state"), [("pause", JobState.PAUSED), ("cancel", JobState.CANCELLED)])
def test_a_running_job_stops_after_its_step(runner, jobs, act, state) -> None:
    log = []

    def handle(job, report, should_stop):
        report(1, 3, "")
        log.append(job.done)
        if len(log) == 1:
            getattr(runner, act)(job.id)
            assert should_stop()
            return
        report(3, 3, "")

    runner.register(JobKind.QUESTIONS, handle)
    job = runner.submit(JobKind.QUESTIONS, {})
    runner.run_pending()
    assert (jobs.job(job.id).state, jobs.job(job.id).done) == (state, 1)
    resumed = runner.resume(job.id)
    assert resumed.state is (JobState.WAITING if act == "pause" else JobState.CANCELLED)
    runner.run_pending()
    assert log == ([0, 1] if act == "pause" else [0])


def test_a_failed_job_says_why_and_can_be_resumed(runner, jobs) -> None:
    errors = [ModelUnavailable("jobs.failed"), RuntimeError("a bug"), None]

    def handle(job, report, should_stop):
        if error := errors.pop(0):
            raise error

    runner.register(JobKind.QUESTIONS, handle)
    job = runner.submit(JobKind.QUESTIONS, {})
    for _ in range(2):
        runner.run_pending()
        assert (jobs.job(job.id).state, jobs.job(job.id).message) == (JobState.FAILED, say("jobs.failed"))
        runner.resume(job.id)
    runner.run_pending()
    assert jobs.job(job.id).state is JobState.DONE


def test_a_failed_job_can_be_cancelled_and_one_that_is_done_stays_done(runner, jobs) -> None:
    def handle(job, report, should_stop):
        if job.payload:
            raise ModelUnavailable("jobs.failed")

    runner.register(JobKind.QUESTIONS, handle)
    failed, done = (runner.submit(JobKind.QUESTIONS, payload) for payload in ({"fail": True}, {}))
    runner.run_pending()
    assert runner.cancel(failed.id).state is JobState.CANCELLED
    assert runner.cancel(done.id).state is JobState.DONE


def test_a_job_that_a_killed_process_left_running_is_taken_up(jobs, runner) -> None:
    left = Job(
        id="left",
        kind=JobKind.QUESTIONS,
        state=JobState.RUNNING,
        done=2,
        total=3,
        created_at=START,
        updated_at=START,
    )
    jobs.save(left)
    log = []
    runner.register(JobKind.QUESTIONS, counting(log))
    runner.start()
    assert runner.wait_for("left", 5).state is JobState.DONE
    assert log == [(None, 2)]


def test_a_second_runner_leaves_alone_what_a_living_one_runs(jobs, runner) -> None:
    inside, go = threading.Event(), threading.Event()
    log = []

    def handle(job, report, should_stop):
        log.append(job.id)
        inside.set()
        go.wait(5)

    clock = Ticking()
    other = JobRunner(jobs, clock, clock.timer)
    for each in (runner, other):
        each.register(JobKind.QUESTIONS, handle)
    job = runner.submit(JobKind.QUESTIONS, {})
    runner.start()
    assert inside.wait(5)
    other.run_pending()
    assert (jobs.job(job.id).state, log) == (JobState.RUNNING, [job.id])
    go.set()
    assert runner.wait_for(job.id, 5).state is JobState.DONE
    assert log == [job.id]


def test_a_waiting_job_that_another_runner_holds_is_not_taken(jobs, runner) -> None:
    log = []
    runner.register(JobKind.QUESTIONS, counting(log, steps=1))
    first, second = (runner.submit(JobKind.QUESTIONS, {"name": name}) for name in ("held", "free"))
    release = jobs.hold(first.id)
    runner.run_pending()
    assert (log, jobs.job(first.id).state) == ([("free", 0)], JobState.WAITING)
    release()
    runner.run_pending()
    assert jobs.job(first.id).state is jobs.job(second.id).state is JobState.DONE


def test_the_worker_sleeps_until_something_comes_and_ends_when_closed(runner, jobs) -> None:
    others = set(threading.enumerate())
    runner.start()
    runner.start()
    done = threading.Event()
    runner.register(JobKind.QUESTIONS, lambda job, report, should_stop: done.set())
    job = runner.submit(JobKind.QUESTIONS, {})
    assert done.wait(5)
    assert runner.wait_for(job.id, 5).state is JobState.DONE
    runner.close()
    assert [t for t in set(threading.enumerate()) - others if t.name == "jobs"] == []


def test_closing_lets_a_running_job_wait_for_the_next_start(runner, jobs) -> None:
    inside, go = threading.Event(), threading.Event()

    def handle(job, report, should_stop):
        report(1, 2, "")
        inside.set()
        go.wait(5)
        assert should_stop()

    runner.register(JobKind.QUESTIONS, handle)
    job = runner.submit(JobKind.QUESTIONS, {})
    runner.start()
    assert inside.wait(5)
    threading.Timer(0.05, go.set).start()
    runner.close()
    assert jobs.job(job.id).state is JobState.WAITING


def test_jobs_without_a_handler_wait(runner, jobs) -> None:
    job = runner.submit(JobKind.QUESTIONS, {})
    runner.run_pending()
    assert jobs.job(job.id).state is JobState.WAITING
    with pytest.raises(NotFound):
        runner.pause("nothing")


def test_the_estimate_is_honest_about_what_it_does_not_know() -> None:
    job = Job(id="a", kind=JobKind.QUESTIONS, created_at=START, updated_at=START)
    assert seconds_left(job) is None
    half = job.model_copy(update={"done": 2, "total": 8, "seconds": 10.0})
    assert seconds_left(half) == 30
    assert seconds_left(half.model_copy(update={"state": JobState.DONE})) == 0
