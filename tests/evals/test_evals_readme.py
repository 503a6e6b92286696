"""The figures in the READMEs are those of the stored runs."""

from pathlib import Path

import pytest

from evals.runs import read_record

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
TOLD = [
    ("grade_zh_embedded", "qwk", "QWK 0.{:02.0f}", "QWK 是 0.{:02.0f}"),
    ("grade_zh_embedded", "contradicted_recall", "it finds {:.0f} of\n  100", "要点它能找出 {:.0f} 个"),
    ("grade_zh_embedded", "contradicted_precision", "and {:.0f} of 100 that it", "100 个里有 {:.0f} 个"),
    ("grade_zh", "qwk", "clearly weaker: 0.{:02.0f}", "明显更弱：0.{:02.0f}"),
]


@pytest.mark.parametrize(("run", "figure", "english", "chinese"), TOLD)
def test_a_figure_is_the_stored_one(run, figure, english, chinese):
    metrics = read_record(ROOT / "evals" / "runs" / f"{run}.run.json").metrics
    value = metrics.figures[figure].value
    for name, sentence in zip(READMES, (english, chinese), strict=True):
        assert sentence.format(100 * value) in (ROOT / name).read_text("utf-8")


def test_the_floor_is_the_stored_one():
    floors = read_record(ROOT / "evals" / "runs" / "grade_zh_embedded.run.json").metrics.floors
    floor = f"0.{100 * floors['length_and_overlap']['qwk'].value:02.0f}"
    assert f"alone reach {floor};" in (ROOT / "README.md").read_text("utf-8")
    assert f"能到 {floor}；" in (ROOT / "README.zh.md").read_text("utf-8")
