"""Jobs of several processes over one home directory."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bot.adapters.sql import open_store
from bot.domain.jobs import JobKind, JobState
from bot.jobs import JobRunner

RUNS_FOR_EVER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from bot.adapters.sql import open_store
from bot.domain.jobs import JobKind
from bot.jobs import JobRunner

runner = JobRunner(open_store(Path(sys.argv[1])).jobs, lambda: datetime.now(UTC))
def handle(job, report, should_stop):
    report(1, 2, "")
    print("running", flush=True)
    time.sleep(600)
runner.register(JobKind.QUESTIONS, handle)
runner.submit(JobKind.QUESTIONS, {})
runner.run_pending()
"""


@pytest.fixture
def other(tmp_path):
    """A process that runs a job over the store in `tmp_path`."""
    command = [sys.executable, "-c", RUNS_FOR_EVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "running\n"
        yield process
        process.kill()


def test_a_job_is_taken_up_once_its_process_is_dead_and_not_before(tmp_path, other):
    store = open_store(tmp_path)
    runner = JobRunner(store.jobs, lambda: datetime.now(UTC))
    begun = []
    runner.register(JobKind.QUESTIONS, lambda job, report, should_stop: begun.append(job.done))
    runner.run_pending()
    (job,) = store.jobs.jobs()
    assert (job.state, begun) == (JobState.RUNNING, [])
    other.kill()
    other.wait()
    runner.run_pending()
    assert (store.jobs.job(job.id).state, begun) == (JobState.DONE, [1])
    assert not list((tmp_path / "run").glob("job-*")), "a job that is over leaves no lock behind"
    store.close()
