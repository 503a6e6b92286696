"""Time, and somebody who watches long work."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time, so that tests own it."""

    def __call__(self) -> datetime:
        """Now, in UTC and aware of it."""
        ...


class Progress(Protocol):
    """Somebody who watches long work."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """`done` of `total` units (0 when unknown) of `what`, which is words for the user."""
        ...


def no_progress(done: int, total: int, what: str) -> None:
    """Nobody watches."""
