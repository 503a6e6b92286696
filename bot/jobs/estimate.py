"""How long work will still take."""

from bot.domain.jobs import Job, JobState
from bot.texts import say

_ENDED = {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
FEWEST_DONE = 0.02
"""Share of the work from which its speed says something; the first piece may wait for a model to load."""


def seconds_left(job: Job) -> float | None:
    """Seconds of work left, from the mean of the units done; None while that cannot be told."""
    if job.state in _ENDED:
        return 0.0
    if not is_telling(job.done, job.total) or job.seconds <= 0:
        return None
    return max(0, job.total - job.done) * job.seconds / job.done


def is_telling(done: int, total: int) -> bool:
    """Whether so much of the work is done that an estimate of the rest means something."""
    return total > 0 and done > 0 and done >= FEWEST_DONE * total


def time_left(seconds: float) -> str:
    """A time that is still to be waited, in words, never 0."""
    if seconds < 90:
        return say("jobs.left", time=say("jobs.seconds", count=max(1, round(seconds))))
    return say("jobs.left", time=say("jobs.minutes", count=round(seconds / 60)))
