"""Long work that a page watches."""

import queue
import threading
from collections.abc import Callable, Generator
from contextvars import copy_context
from typing import TypeVar

from bot.domain.spans import Frozen
from bot.seams import Progress
from bot.texts import say

T = TypeVar("T")


class Step(Frozen):
    """How far work has come."""

    done: int
    total: int
    """0 when unknown."""
    what: str

    @property
    def text(self) -> str:
        """In words for the user."""
        if not self.total:
            return f"{self.what}…"
        return say("page.step", what=self.what, done=self.done, total=self.total)


def watched(work: Callable[[Progress], T]) -> Generator[Step, None, T]:
    """Steps of `work`, which runs in a thread of its own; returns what it returns and raises what it raises.

    Work goes on to its end when nobody watches any more: it is never left half done.
    """
    steps: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work(lambda done, total, what: steps.put(Step(done=done, total=total, what=what))))
        except BaseException as error:  # raised again where the work is watched
            errors.append(error)
        finally:
            steps.put(None)

    threading.Thread(target=copy_context().run, args=(run,), name="kaodian-work", daemon=True).start()
    while (step := _latest(steps)) is not None:
        yield step
    if errors:
        raise errors[0]
    return results[0]


def _latest(steps: "queue.SimpleQueue[Step | None]") -> Step | None:
    """The newest step that has arrived; a page needs no older one."""
    step = steps.get()
    while step is not None:
        try:
            step = steps.get(timeout=0.2)
        except queue.Empty:
            return step
    return None
