"""Kills a program before or after the n-th call through a seam, so that every place to die can be tried."""

from collections.abc import Callable, Generator
from typing import Any

from pydantic import BaseModel


class Killed(BaseException):
    """The program died here; nothing that catches Exception sees it."""


class Fuse:
    """Counts calls through all tripwires that share it, and blows at one of them.

    Args:
        at: Which call, from 1; 0 never.
        after: Whether the call is still carried out.
    """

    def __init__(self, at: int = 0, *, after: bool = False) -> None:
        self.at = at
        self.after = after
        self.calls: list[str] = []
        """Names of the calls so far."""

    def call(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.calls.append(name)
        now = len(self.calls) == self.at
        if now and not self.after:
            raise Killed(name)
        result = function(*args, **kwargs)
        if now:
            raise Killed(name)
        return result


class Tripwire:
    """Stands in for an object and everything that is reached through it.

    Args:
        target: Any object with methods; its parts and what its methods return are wrapped as well,
            unless they are plain values or context managers.
        fuse: Counts the calls.
    """

    def __init__(self, target: object, fuse: Fuse, name: str = "") -> None:
        self._target = target
        self._fuse = fuse
        self._name = name or type(target).__name__

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._target, attribute)
        name = f"{self._name}.{attribute}"
        if not callable(value):
            return wrapped(value, self._fuse, name)
        return lambda *args, **kwargs: wrapped(
            self._fuse.call(name, value, *args, **kwargs), self._fuse, name
        )


def wrapped(value: Any, fuse: Fuse, name: str) -> Any:
    """A tripwire around a part with methods of its own, or what a generator gives; a plain value as it is."""
    if isinstance(value, Generator):
        return pieces(value, fuse, f"{name}.next")
    ours = type(value).__module__.split(".")[0] in ("bot", "fakes")
    plain = isinstance(value, BaseModel) or hasattr(value, "__enter__") or not ours
    return value if plain else Tripwire(value, fuse, name)


def pieces(source: Generator[Any], fuse: Fuse, name: str) -> Generator[Any]:
    """What a generator gives, each piece a call."""
    try:
        while True:
            try:
                piece = fuse.call(name, next, source)
            except StopIteration:
                return
            yield piece
    finally:
        source.close()
