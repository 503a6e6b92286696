"""`python -m evals key-points`: a maker held to written key points."""

import json

import numpy as np
import pytest

from bot.domain.errors import BadInput, ModelUnavailable
from bot.domain.spans import Span
from bot.questions.key_points import STRUCTURE
from bot.questions.point_making import Made, MadePoint
from bot.texts import say
from evals.measuring_points import PointsRequest, measure_points
from evals.metrics.points import Closeness, agreement, matched
from evals.pointing import PointsTask
from evals.points_case import PARTS, part_of, shipped_cases
from evals.product import Facts, PointsProduct

NOTE = """# 优化

## 什么是动量？

动量累加历史梯度的方向。它让更新更平稳。

## 为什么要预热学习率？

训练初期梯度不稳定，学习率太大会发散。

## 什么是权重衰减？

权重衰减每一步都把权重缩小一点。
"""
QUOTES = {
    "什么是动量？": ["动量累加历史梯度的方向。", "它让更新更平稳。"],
    "为什么要预热学习率？": ["训练初期梯度不稳定，学习率太大会发散。"],
    "什么是权重衰减？": ["权重衰减每一步都把权重缩小一点。"],
}


def vectors(texts):
    """Words hashed into directions: the same text is the same vector."""
    found = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for char in text:
            found[row, ord(char) % 64] += 1
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def questions(tmp_path):
    (tmp_path / "note.md").write_text(NOTE, "utf-8")
    lines = [
        {"id": f"q{i}", "note": "note.md", "question": question, "kind": "define", "difficulty": 1,
         "key_points": [{"text": quote.rstrip("。"), "quote": quote, "vital": j == 0} for j, quote in enumerate(quotes)]}
        for i, (question, quotes) in enumerate(QUOTES.items())
    ]  # fmt: skip
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return file


def cases_of(questions):
    return [case for part in PARTS for case in shipped_cases(questions, part)]


class Fixed:
    name = "fixed"

    def __init__(self, *points, error=None):
        self._points, self._error = points, error

    def make(self, question, passage):
        if self._error:
            raise self._error
        return Made(points=tuple(MadePoint(text=t, place=place) for t, place in self._points))


def test_every_question_is_in_one_part_with_its_own_passage(questions) -> None:
    cases = cases_of(questions)
    assert sorted(case.id for case in cases) == ["q0", "q1", "q2"]
    assert all(part_of(case.id) in PARTS for case in cases)
    [momentum] = [case for case in cases if case.id == "q0"]
    assert momentum.passage.text.strip() == "".join(QUOTES["什么是动量？"])
    assert len(momentum.others) == 2


def test_a_question_that_is_not_in_the_notes_is_refused(questions) -> None:
    questions.write_text(questions.read_text("utf-8").replace("更平稳。", "更颠簸。"), "utf-8")
    with pytest.raises(BadInput):
        cases_of(questions)


def test_points_are_matched_one_to_one() -> None:
    closeness = Closeness(["甲乙丙丁", "戊己庚辛"], vectors)
    table = closeness.between(["甲乙丙丁", "甲乙丙", "戊己庚辛"], ["甲乙丙丁", "戊己庚辛"])
    assert table[0, 0] == pytest.approx(1) and table[0, 1] == 0
    assert [(r, c) for r, c, _ in matched(table)] == [(0, 0), (2, 1)]
    figures = agreement([[0.9, 0.3], [0.8]], [2, 2], [2, 1], ["a", "b"])
    assert figures["points_precision"].value == 0.5
    assert figures["points_recall"].value == pytest.approx(2 / 3)
    assert figures["points_f1"].value == pytest.approx(4 / 7)


def test_a_row_counts_points_quotes_and_what_was_not_asked(questions) -> None:
    cases = cases_of(questions)
    [case] = [case for case in cases if case.id == "q0"]
    start = case.passage.raw.index("动量累加")
    maker = Fixed(("动量累加历史梯度的方向", Span(start=start, end=start + 12)), ("没有出处的话", None))
    row = PointsTask(PointsProduct(maker, vectors, Facts({})), cases).row(case)
    assert row["made"]["count"] == 2 and row["made"]["quoted"] == 1
    assert row["written"]["count"] == 2 and row["vital_written"] == 1
    assert max(row["made"]["pairs"]) == pytest.approx(1, abs=1e-3)
    assert row["error"] is None


def test_a_model_that_fails_is_a_row_with_its_error_and_counts_as_nothing(questions) -> None:
    cases = cases_of(questions)
    maker = Fixed(error=ModelUnavailable("evals.no_key_points"))
    task = PointsTask(PointsProduct(maker, vectors, Facts({})), cases)
    rows = [task.row(case) for case in cases]
    figures = task.metrics(cases, rows).figures
    assert {row["error"] for row in rows} == {say("evals.no_key_points")}
    assert figures["failure_rate"].value == 1
    assert figures["points_recall"].value == 0 and figures["points_precision"].value is None


class Products:
    def __init__(self):
        self.asked = []

    def pointing(self, llm, progress):
        from contextlib import nullcontext

        self.asked.append(llm)
        return nullcontext(PointsProduct(STRUCTURE, vectors, Facts({"points_by": "structure"})))


def test_a_run_leaves_rows_record_and_report(questions, tmp_path) -> None:
    part = part_of("q0")
    out = tmp_path / "out" / "points.jsonl"
    products = Products()
    shown = measure_points(PointsRequest(out=out, part=part, llm="none", questions=questions), products, "en")
    assert products.asked == ["none"]
    assert "Points: recall" in shown and "Floor: each sentence a point" in shown
    record = json.loads(out.with_name("points.run.json").read_text("utf-8"))
    assert record["settings"] == {"points_by": "structure", "part": part, "sample": None}
    assert record["metrics"]["figures"]["points_quoted"]["value"] == 1
    assert "By the closeness at which two points are the same" in out.with_suffix(".md").read_text("utf-8")


def test_an_unknown_part_is_refused(questions, tmp_path) -> None:
    request = PointsRequest(out=tmp_path / "o.jsonl", part="all", llm="none", questions=questions)
    with pytest.raises(BadInput):
        measure_points(request, Products(), "en")
