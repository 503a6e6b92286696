"""`kaodian questions --make`: the job that the page has too, watched, paused and taken up again."""

from collections.abc import Callable
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
    from bot.questions.ahead import Order

LIVE = (JobState.WAITING, JobState.RUNNING)
LOOK_SECONDS = 0.3
"""Between two looks at a job."""


def open_job(kaodian: "Kaodian", fits: "Callable[[Order], bool]" = lambda _: True) -> Job | None:
    """The latest job that somebody waited for and that can go on; None where there is none that fits."""
    begun = [
        job
        for state in (*LIVE, JobState.PAUSED, JobState.FAILED)
        for job in kaodian.store.jobs.jobs(state)
        if job.kind is JobKind.QUESTIONS and job.priority >= WAITED_FOR and fits(order_of(job))
    ]
    return max(begun, key=lambda job: job.updated_at, default=None)


def unfinished(kaodian: "Kaodian") -> Job:
    """The same job, which has to be there.

    Raises:
        BadInput: There is none.
    """
    job = open_job(kaodian)
    if job is None:
        raise BadInput("cli.no_open_job")
    return job


def order_of(job: Job) -> "Order":
    """What a job was told to make."""
    from bot.questions.ahead import Order

    return Order.model_validate(job.payload)


def begun(kaodian: "Kaodian", scope: Scope, wanted: int) -> Job:
    """The job that was told the same and has not ended, else a new one."""
    from bot.questions.ahead import payload_for

    same = open_job(kaodian, lambda order: (order.scope, order.wanted) == (scope, wanted))
    payload = payload_for(kaodian.examining.questions(), scope, wanted)
    return same or kaodian.jobs.submit(JobKind.QUESTIONS, payload, priority=WAITED_FOR)


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
