"""What does a job, and what it is given."""

from typing import Protocol

from bot.domain.jobs import Job


class Report(Protocol):
    """Tells how far a job is; stored at once."""

    def __call__(self, done: int, total: int, message: str) -> None:
        """`done` of `total` units, and what is going on in words for the user."""
        ...


class ShouldStop(Protocol):
    """Tells a job when to stop."""

    def __call__(self) -> bool:
        """True once the job was paused or cancelled, or something more urgent waits."""
        ...


class Handler(Protocol):
    """Does one kind of job, from where `job.done` says it is; what it made must be stored step by step."""

    def __call__(self, job: Job, report: Report, should_stop: ShouldStop) -> None:
        """Work until done, or return early when `should_stop()` says so.

        Raises:
            KaodianError: The job failed; its text becomes the job's message.
        """
        ...
