"""A result of the command line: in words, and as a program reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.texts import say


@dataclass(frozen=True)
class Told:
    """What a command found."""

    words: str
    value: object
    """What JSON can hold."""


@dataclass(frozen=True)
class Timing:
    """One line of what was timed."""

    name: str
    """Of the words in the catalogue, without "evals."."""
    figures: Mapping[str, float | str]
    """What the words are filled with; also all that a program gets."""


def timings_told(timings: Sequence[Timing]) -> Told:
    """Timings, one a line."""
    words = "\n".join(say(f"evals.{timing.name}", lang=None, **timing.figures) for timing in timings)
    return Told(words, [{"name": timing.name, **timing.figures} for timing in timings])
