"""`kaodian questions --make`: the job that the page has too, watched, paused and taken up again."""

from typing import TYPE_CHECKING

import typer

from bot.cli.console import FAILED, INTERRUPTED, Console
from bot.cli.progress import Unit
from bot.domain.errors import BadInput
from bot.domain.jobs import Job, JobKind, JobState
from bot.domain.quizzes import Scope
from bot.jobs import WAITED_FOR, seconds_left, time_left
from bot.texts import say

if TYPE_CHECKING:
    from bot.app import Kaodian

LIVE = (JobState.WAITING, JobState.RUNNING)
LOOK_SECONDS = 0.3
"""Between two looks at a job."""


def unfinished(kaodian: "Kaodian", job_id: str = "") -> Job:
    """An open job: the one with that id, else the latest that somebody asked for, else the latest of all.

    Raises:
        BadInput: There is none, or none with that id.
    """
    jobs = kaodian.making.open()
    if job_id:
        jobs = [job for job in jobs if job.id == job_id]
    if not jobs:
        raise BadInput("cli.no_such_job", id=job_id) if job_id else BadInput("cli.no_open_job")
    return max(jobs, key=lambda job: (job.priority, job.updated_at))


def described(kaodian: "Kaodian", job: Job) -> str:
    """A job on one line: its id, what it is for, and how far it is."""
    parts = [f"{job.id}  {kaodian.making.title(job)}", say(f"page.job_{job.state}")]
    return " · ".join([*parts, f"{job.done}/{job.total}"] if job.total else parts)


def recorded(kaodian: "Kaodian", job: Job) -> dict[str, object]:
    """The same for a program."""
    kept = job.model_dump(mode="json", include={"id", "state", "done", "total", "message"})
    return {"title": kaodian.making.title(job), "ahead": job.priority < WAITED_FOR, **kept}


def begun(kaodian: "Kaodian", scope: Scope, wanted: int) -> Job:
    """The job that was told the same and has not ended, else a new one."""
    from bot.questions.ahead import order_of, payload_for

    for job in reversed(kaodian.making.open()):
        order = order_of(job)
        if job.priority >= WAITED_FOR and (order.scope, order.wanted) == (scope, wanted):
            return job
    payload = payload_for(kaodian.examining.questions(), scope, wanted)
    return kaodian.jobs.submit(JobKind.QUESTIONS, payload, priority=WAITED_FOR)


def watched(console: Console, kaodian: "Kaodian", job: Job) -> None:
    """Let a job go on, and tell how far it is until it ends; an interrupt pauses it.

    Raises:
        Exit: It did not come to its end; how to go on has been told.
    """
    kaodian.jobs.resume(job.id)
    kaodian.jobs.start()
    try:
        with console.progress(Unit.STEPS) as progress:
            while (now := kaodian.jobs.wait_for(job.id, LOOK_SECONDS)).state in LIVE:
                progress(now.done, now.total, told(now))
    except KeyboardInterrupt:
        kaodian.jobs.pause(job.id)
        console.note(say("cli.make_paused"))
        raise typer.Exit(INTERRUPTED) from None
    if now.state is JobState.DONE:
        console.note(now.message)
        return
    words = {
        JobState.PAUSED: say("cli.make_paused"),
        JobState.FAILED: say("cli.make_failed", why=now.message),
    }
    console.note(words.get(now.state) or say("cli.make_cancelled"))
    raise typer.Exit(FAILED)


def told(job: Job) -> str:
    """What a job does, and how long it will still take where that can be told."""
    left = seconds_left(job)
    words = job.message or say("cli.make_waiting")
    return f"{words} · {time_left(left)}" if left else words
