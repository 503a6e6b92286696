"""A figure, its interval, and all figures of a run."""

from pydantic import Field, JsonValue

from bot.domain.spans import Frozen


class Estimate(Frozen):
    """A figure with its 95 % bootstrap interval; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


METRICS_VERSION = 2
"""Rises when figures are added; a report makes older ones anew from the rows, where these are at hand."""


class Metrics(Frozen):
    """What a run measured; holds no text of the set."""

    figures: dict[str, Estimate]
    """By name; evals/metrics says what each name means."""
    counts: dict[str, int] = Field(default_factory=dict)
    floors: dict[str, dict[str, Estimate]] = Field(default_factory=dict)
    """The same figures for graders that anybody could write, by the floor's name."""
    tables: dict[str, list[dict[str, JsonValue]]] = Field(default_factory=dict)
    """Rows of breakdowns, by the table's name."""
    curves: dict[str, list[tuple[float, float]]] = Field(default_factory=dict)
    """Points (x, y), by the curve's name."""
    notes: list[str] = Field(default_factory=list)
    """How the figures were made, where it depends on the set."""
    version: int = 1
    """Of the code that made the figures."""
