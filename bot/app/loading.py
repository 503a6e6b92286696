"""What is being fetched or indexed right now, for anyone who watches."""

import threading
import time
from collections import deque
from enum import StrEnum

from bot.domain.spans import Frozen
from bot.jobs import is_telling
from bot.seams import Progress


class Stage(StrEnum):
    """What the program has to do before it can be used in full."""

    ENCODER = "encoder"
    """Fetching the embedding model that the search uses."""
    NOTES = "notes"
    """Indexing notes."""
    READER = "reader"
    """Fetching the model that grading reads answers with, where the search uses another."""
    MODEL = "model"
    """Fetching the language model."""


class Loading(Frozen):
    """One stage of the warm-up."""

    stage: Stage
    state: str
    """'waiting', 'running', 'done', 'failed' or 'off'."""
    done: int = 0
    total: int = 0
    """Bytes of a model, texts of an index; 0 when unknown."""
    speed: float = 0.0
    """Units a second over the last ten seconds."""
    message: str = ""
    """What it is doing, or why it failed, in words for the user."""

    @property
    def seconds_left(self) -> float | None:
        """Estimate, None while there is none."""
        if self.state != "running" or self.speed <= 0 or not is_telling(self.done, self.total):
            return None
        return max(0.0, (self.total - self.done) / self.speed)


SPEED_WINDOW = 10.0
"""Seconds over which speed is measured."""


class LoadingBoard:
    """Where the warm-up writes what it does and the page reads it; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stages = {stage: Loading(stage=stage, state="waiting") for stage in Stage}
        self._marks: dict[Stage, deque[tuple[float, int]]] = {stage: deque() for stage in Stage}

    def read(self) -> tuple[Loading, ...]:
        """All stages, in the order in which they run."""
        with self._lock:
            return tuple(self._stages.values())

    def stage(self, stage: Stage) -> Loading:
        """One stage."""
        with self._lock:
            return self._stages[stage]

    def set(self, stage: Stage, state: str, message: str = "") -> None:
        """Say that a stage waits, runs, is done, failed or is off."""
        with self._lock:
            known = self._stages[stage]
            self._stages[stage] = known.model_copy(update={"state": state, "message": message, "speed": 0.0})

    def watch(self, stage: Stage) -> Progress:
        """Progress that writes to this board."""

        def progress(done: int, total: int, what: str) -> None:
            with self._lock:
                speed = self._speed(stage, done)
                self._stages[stage] = Loading(
                    stage=stage, state="running", done=done, total=total, speed=speed, message=what
                )

        return progress

    def _speed(self, stage: Stage, done: int) -> float:
        marks = self._marks[stage]
        now = time.monotonic()
        if marks and done < marks[-1][1]:  # the next step counts other things
            marks.clear()
        marks.append((now, done))
        while now - marks[0][0] > SPEED_WINDOW:
            marks.popleft()
        elapsed = now - marks[0][0]
        return max(0.0, (done - marks[0][1]) / elapsed) if elapsed > 0 else 0.0
