"""How far long work is, on stderr: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

from rich.console import Console as RichConsole
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from bot.domain.grades import Verdict
from bot.jobs import is_telling, time_left
from bot.seams import Progress as Watcher
from bot.texts import say

if TYPE_CHECKING:
    from bot.grading import Watch

LINE_SECONDS = 5.0
"""Between two lines, and before the first: quick work says nothing."""
MEGABYTE = 1_000_000


class Unit(Enum):
    """What is counted."""

    THINGS = "things"
    BYTES = "bytes"
    STEPS = "steps"
    """Of a job, which tells itself how long it will still take."""

    def columns(self) -> tuple[ProgressColumn, ...]:
        """Columns of a bar."""
        amount = (DownloadColumn(), TransferSpeedColumn()) if self is Unit.BYTES else (MofNCompleteColumn(),)
        left = () if self is Unit.STEPS else (TimeRemainingColumn(),)
        return (TextColumn("{task.description}", markup=False), BarColumn(), *amount, *left)

    def words(self, done: int, total: int, what: str) -> str:
        """One line of text."""
        if not total:
            return f"{what}…"
        if self is Unit.BYTES:
            return say("cli.step_mb", what=what, done=done // MEGABYTE, total=total // MEGABYTE)
        return say("cli.step", what=what, done=done, total=total)


class SparseLines:
    """Progress as lines of text, one every few seconds at most.

    Args:
        tell: Told each line.
        unit: What is counted.
        timer: Seconds that only go forward.
    """

    def __init__(
        self, tell: Callable[[str], None], unit: Unit, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell = tell
        self._unit = unit
        self._timer = timer
        self._last = timer()
        self._began: tuple[float, int] | None = None
        """When this stage was first told of, and how far it was then."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """seams.Progress."""
        now = self._timer()
        if self._began is None or done < self._began[1]:  # the next stage has begun
            self._began = (now, done)
        if now - self._last >= LINE_SECONDS:
            self._last = now
            self._tell(self._unit.words(done, total, what) + self._left(now, done, total, *self._began))

    def _left(self, now: float, done: int, total: int, began: float, before: int) -> str:
        """How long the stage will still take, where that can be told and is not told already."""
        if self._unit is Unit.STEPS or not is_telling(done - before, total) or now <= began:
            return ""
        return f" · {time_left((total - done) * (now - began) / (done - before))}"


@contextmanager
def bar(console: RichConsole, unit: Unit) -> Generator[Watcher]:
    """A bar that goes away with the work."""
    shown = Progress(*unit.columns(), console=console, transient=True)
    with shown:
        task = shown.add_task("", total=None)
        last = 0

        def watch(done: int, total: int, what: str) -> None:
            nonlocal last
            if done < last:  # the next stage has begun
                shown.reset(task)
            last = done
            shown.update(task, completed=done, total=total or None, description=what)

        yield watch


def verdicts_counted(progress: Watcher, total: int, *, reveal: bool) -> "Watch":
    """A grader's watcher that tells `progress` how many key points are judged.

    Args:
        progress: Told at once, and of each verdict.
        total: Key points of the question.
        reveal: Whether the verdicts themselves may be told.
    """
    judged: set[int] = set()
    progress(0, total, say("cli.judging"))

    def watch(place: int, verdict: Verdict) -> None:
        judged.add(place)
        status = say(f"grading.status_{verdict.status}")
        told = say("cli.judged", number=place + 1, status=status) if reveal else say("cli.judging")
        progress(len(judged), total, told)

    return watch
