"""The plots of a report, from tables of a run and from its rows where these are at hand."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from bot.texts import say
from evals.cases import GradeCase
from evals.metrics.rows import Row
from evals.report.blocks import Picture, Table
from evals.report.plots import Axes, Point, Series, nice_range, plot
from evals.report.words import number, word

Rows = Sequence[Mapping[str, JsonValue]]
Graded = Sequence[tuple[GradeCase, Row]]

POINTS_IN_TABLE = 10


def bands_plot(bands: Rows, graded: Graded) -> str:
    """Given scores over people's: each answer where rows are at hand, and the mean of each band."""
    answers = [
        (case.gold, row.score) for case, row in graded if row.score is not None and case.score is not None
    ]
    means = [(_float(row["gold"]), _float(row["score"])) for row in bands if row.get("score") is not None]
    series = [
        Series(((0.0, 0.0), (1.0, 1.0)), "guide"),
        Series(_apart(answers), "dots"),
        Series(sorted(means), "both"),
    ]
    axes = Axes(word("axis_gold"), word("axis_score"), (-0.04, 1.04), (-0.04, 1.04))
    return plot(axes, series, say("evals.plot_bands"))


def _apart(points: Sequence[Point]) -> list[Point]:
    """Points that would cover each other, moved a little to the side in a fixed order."""
    seen: dict[Point, int] = {}
    moved: list[Point] = []
    for x, y in points:
        count = seen[x, y] = seen.get((x, y), 0) + 1
        moved.append((x + 0.004 * (count // 2) * (-1 if count % 2 else 1), y))
    return [(min(1.03, max(-0.03, x)), y) for x, y in moved]


def length_plot(rows: Rows, graded: Graded) -> str:
    """The error over the length of the answer: each answer where rows are at hand, else the mean of parts."""
    answers = [
        (float(len(case.answer)), row.score - case.gold)
        for case, row in graded
        if row.score is not None and case.score is not None
    ]
    title = say("evals.plot_length")
    if answers:
        most = max(x for x, _ in answers) or 1.0
        axes = Axes(word("axis_length"), word("axis_error"), (0.0, most * 1.03), (-1.04, 1.04))
        return plot(axes, [Series(answers, "dots")], title)
    known = [row for row in rows if row.get("bias") is not None]
    bars = [(float(i), _float(row["bias"])) for i, row in enumerate(known)]
    axes = Axes(
        word("axis_length"),
        word("axis_error"),
        (-0.5, len(known) - 0.5),
        nice_range(y for _, y in bars),
        [str(row["name"]) for row in known],
    )
    return plot(axes, [Series(bars, "bars")], title)


def reliability_plot(rows: Rows) -> str:
    """The share of right verdicts over the confidence they were given with."""
    points = [(_float(row["confidence"]), _float(row["right"])) for row in rows]
    series = [Series(((0.0, 0.0), (1.0, 1.0)), "guide"), Series(points, "both")]
    return plot(Axes(word("axis_confidence"), word("axis_right")), series, say("evals.plot_reliability"))


def risk_plot(points: Sequence[Point], risk: str) -> Picture:
    """What is wrong among the surest, over how many these are."""
    axes = Axes(word("head_coverage"), risk, (0.0, 1.0), nice_range(y for _, y in points))
    step = max(1, len(points) // POINTS_IN_TABLE)
    rows = [[number(x), number(y)] for x, y in points[step - 1 :: step]]
    caption = say("evals.plot_risk")
    drawing = plot(axes, [Series(points, "line")], caption)
    return Picture(drawing, caption, Table((word("head_coverage"), risk), rows))


def _float(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
