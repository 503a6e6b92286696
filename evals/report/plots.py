"""Drawings as SVG text: points, lines and intervals. Colours come from style.css."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

WIDTH, HEIGHT = 560, 340
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 16, 48
ROW = 26
"""Height of a line of an interval plot."""
LABELS = 210
"""Width of the labels of an interval plot."""
MOST_LABEL = 30
"""Characters of such a label; longer ones are cut."""

Point = tuple[float, float]
Range = tuple[float, float]
Shape = Literal["line", "dots", "both", "bars", "guide"]


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together; bars reach from zero."""

    points: Sequence[Point]
    shape: Shape = "line"


@dataclass(frozen=True, slots=True)
class Axes:
    """What is drawn against what."""

    x: str
    y: str
    x_range: Range = (0.0, 1.0)
    y_range: Range = (0.0, 1.0)
    names: Sequence[str] = ()
    """Names at x = 0, 1, 2, … instead of numbers."""

    def place(self, point: Point) -> Point:
        """Where a point lies in the drawing."""
        return (
            _scaled(point[0], self.x_range, (LEFT, WIDTH - RIGHT)),
            _scaled(point[1], self.y_range, (HEIGHT - BOTTOM, TOP)),
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its interval, for a line of an interval plot."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


def plot(axes: Axes, series: Sequence[Series], title: str) -> str:
    """All series on the axes, the first one below."""
    parts = [
        *_frame(axes),
        *(part for number, one in enumerate(series) for part in _drawn(axes, one, number)),
    ]
    return _svg(HEIGHT, title, parts)


def intervals(rows: Sequence[Interval], title: str) -> str:
    """One line for each figure: a dot on its interval, from 0 to 1 or as far as the figures reach."""
    values = [value for row in rows for value in (row.value, row.low, row.high) if value is not None]
    spread = (min([*values, 0.0]), max([*values, 1.0] if min(values, default=0) >= 0 else [*values, 0.0]))
    edges = (LABELS, WIDTH - RIGHT - 8)
    foot = ROW * len(rows) + 8
    parts: list[str] = []
    for tick in _ticks(spread):
        x = _scaled(tick, spread, edges)
        parts += [
            _line("axis" if tick == 0 else "grid", (x, 4), (x, foot)),
            _tick((x, foot + 16), f"{tick:g}"),
        ]
    for number, row in enumerate(rows):
        y = ROW * number + 18
        parts.append(f'<text class="name" x="{LABELS - 12}" y="{y + 4}">{escape(_cut(row.label))}</text>')
        if row.low is not None and row.high is not None:
            ends = (_scaled(value, spread, edges) for value in (row.low, row.high))
            parts.append(_line("whisker", *((x, y) for x in ends)))
        parts.append(_dot("dot s0", (_scaled(row.value, spread, edges), y), 5))
    return _svg(foot + 28, title, parts)


def nice_range(values: Iterable[float]) -> Range:
    """A range that holds all values and zero, with a little air."""
    found = [0.0, *values]
    low, high = min(found), max(found)
    air = (high - low) * 0.06 or 1.0
    return (low - air if low < 0 else 0.0, high + air if high > 0 else 0.0)


def _frame(axes: Axes) -> list[str]:
    parts: list[str] = []
    for tick in _ticks(axes.y_range):
        _, y = axes.place((axes.x_range[0], tick))
        kind = "axis" if tick == 0 else "grid"
        parts += [
            _line(kind, (LEFT, y), (WIDTH - RIGHT, y)),
            f'<text class="tick end" x="{LEFT - 8}" y="{y + 4:.1f}">{tick:g}</text>',
        ]
    named = list(enumerate(axes.names)) or [(tick, f"{tick:g}") for tick in _ticks(axes.x_range)]
    for at, name in named:
        x, _ = axes.place((at, axes.y_range[0]))
        parts.append(_tick((x, HEIGHT - BOTTOM + 18), name))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts += [
        f'<text class="label" x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 8}">{escape(axes.x)}</text>',
        f'<text class="label" x="14" y="{middle:.0f}" transform="rotate(-90 14 {middle:.0f})">'
        f"{escape(axes.y)}</text>",
    ]
    return parts


def _drawn(axes: Axes, series: Series, number: int) -> list[str]:
    places = [axes.place(point) for point in series.points]
    if series.shape == "guide":
        return [_path("guide", places)]
    if series.shape == "bars":
        feet = [axes.place((x, max(0.0, axes.y_range[0]))) for x, _ in series.points]
        return [_line(f"bar s{number}", foot, top) for foot, top in zip(feet, places, strict=True)]
    parts = [_path(f"curve s{number}", places)] if series.shape in ("line", "both") else []
    radius = 5 if series.shape == "both" else 3.5
    return parts + [_dot(f"dot s{number}", place, radius) for place in places if series.shape != "line"]


def _scaled(value: float, spread: Range, edges: tuple[float, float]) -> float:
    share = (value - spread[0]) / ((spread[1] - spread[0]) or 1)
    return edges[0] + share * (edges[1] - edges[0])


def _ticks(spread: Range) -> list[float]:
    """Four to nine round values within the range."""
    size = spread[1] - spread[0]
    steps = [base * 10.0**power for power in range(-4, 6) for base in (1, 2, 5)]
    step = next((step for step in steps if size / step <= 8), size)
    first = int(spread[0] // step)
    found = [round((first + i) * step, 6) for i in range(11)]
    return [tick for tick in found if spread[0] - 1e-9 <= tick <= spread[1] + 1e-9]


def _cut(text: str) -> str:
    return text if len(text) <= MOST_LABEL else text[: MOST_LABEL - 1] + "…"


def _line(kind: str, start: Point, end: Point) -> str:
    return (
        f'<line class="{kind}" x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"/>'
    )


def _path(kind: str, places: Sequence[Point]) -> str:
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>'


def _dot(kind: str, place: Point, radius: float) -> str:
    return f'<circle class="{kind}" cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{radius}"/>'


def _tick(place: Point, text: str) -> str:
    return f'<text class="tick" x="{place[0]:.1f}" y="{place[1]:.1f}">{escape(text)}</text>'


def _svg(height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
