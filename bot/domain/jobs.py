"""Long work with stored state, so that page and command line only watch it."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field, JsonValue

from bot.domain.spans import Frozen


class JobKind(StrEnum):
    """What a job does."""

    QUESTIONS = "questions"


class JobState(StrEnum):
    """Life of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Frozen):
    """One piece of long work."""

    id: str
    kind: JobKind
    state: JobState = JobState.WAITING
    priority: int = 0
    """Higher goes first; 10 when a person waits for it."""
    payload: dict[str, JsonValue] = Field(default_factory=dict)
    done: int = 0
    total: int = 0
    """Units of work, 0 when unknown."""
    message: str = ""
    """What it is doing, or the error it ended with, in words for the user."""
    created_at: datetime
    updated_at: datetime
    seconds: float = 0.0
    """Time spent running, for the estimate of what is left."""
