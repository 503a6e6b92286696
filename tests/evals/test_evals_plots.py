"""Drawings are well-formed, lie within their frame, and hold no markup of others."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.report.plots import HEIGHT, WIDTH, Axes, Interval, Series, intervals, nice_range, plot

figures = st.floats(-1e6, 1e6, allow_nan=False)


def parsed(svg):
    return ElementTree.fromstring(svg)


@settings(deadline=None)
@given(st.lists(st.tuples(figures, figures), min_size=1, max_size=20))
def test_every_point_lies_within_the_frame(points):
    xs, ys = zip(*points, strict=True)
    drawing = parsed(plot(Axes("x", "y", nice_range(xs), nice_range(ys)), [Series(points, "dots")], "t"))
    for dot in drawing.iter("circle"):
        assert 0 <= float(dot.get("cx")) <= WIDTH
        assert 0 <= float(dot.get("cy")) <= HEIGHT


@settings(deadline=None)
@given(st.lists(figures, min_size=1, max_size=8))
def test_intervals_of_any_size_can_be_drawn(values):
    rows = [Interval(str(value), value, value - 1, value + 1) for value in values]
    drawing = parsed(intervals(rows, "t"))
    assert len(list(drawing.iter("circle"))) == len(values)
    assert all(0 <= float(dot.get("cx")) <= WIDTH for dot in drawing.iter("circle"))


def test_a_higher_value_lies_higher():
    low, high = parsed(plot(Axes("x", "y"), [Series([(0, 0.2), (1, 0.9)], "dots")], "t")).iter("circle")
    assert float(high.get("cy")) < float(low.get("cy"))
    assert float(high.get("cx")) > float(low.get("cx"))


@pytest.mark.parametrize("text", ["<script>x</script>", "a & b", '" onload="x'])
def test_text_by_others_stays_text(text):
    drawing = plot(Axes(text, text, names=[text], x_range=(-0.5, 0.5)), [Series([(0, 1)], "bars")], text)
    assert "<script" not in drawing
    assert parsed(drawing).get("aria-label") == text
    assert text in [found.text for found in parsed(intervals([Interval(text, 0.5)], text)).iter("text")]


def test_shapes():
    series = [Series([(0, 0), (1, 1)], shape) for shape in ("guide", "line", "both", "bars")]
    drawing = parsed(plot(Axes("x", "y"), series, "t"))
    assert len(list(drawing.iter("polyline"))) == 3
    assert len(list(drawing.iter("circle"))) == 2
    assert len([line for line in drawing.iter("line") if "bar" in line.get("class")]) == 2
