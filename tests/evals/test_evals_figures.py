"""docs/evals.md shows what the stored runs say, and nothing typed by hand."""

from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from evals.figures import named_prints, named_runs, update, with_figures
from evals.metrics.estimate import Estimate, Metrics
from evals.records import RunRecord, Source

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "evals.md"
RUNS = ROOT / "evals" / "runs"
BLOCK = "before\n<!-- figures tiny -->\nold\n<!-- end -->\nafter\n"


def store(folder, value=0.5):
    record = RunRecord(
        kind="refuse",
        set=Source(name="set.jsonl", sha256="ab" * 32, size=4),
        corpus=None,
        settings={"llm": "none", "sample": None},
        code="cd" * 8,
        versions={},
        started_at="2026-01-02T03:04:05+00:00",
        total=4,
        metrics=Metrics(
            figures={"refusal": Estimate(value=value, low=0.25, high=0.75)}, counts={"queries": 4}
        ),
    )
    (folder / "tiny.run.json").write_text(record.model_dump_json(), "utf-8")


def test_a_block_holds_the_figures_of_its_run(tmp_path):
    store(tmp_path)
    filled = with_figures(BLOCK, tmp_path)
    assert "0.500 [0.250, 0.750]" in filled
    assert "4 queries; llm none; set sha256 abababababab; 2026-01-02" in filled
    assert "old" not in filled
    assert filled.startswith("before\n")
    assert filled.endswith("after\n")
    assert with_figures(filled, tmp_path) == filled


def test_a_check_finds_a_figure_that_was_changed_by_hand(tmp_path):
    store(tmp_path)
    document = tmp_path / "evals.md"
    document.write_text(BLOCK, "utf-8")
    update(document, tmp_path, check=False)
    update(document, tmp_path, check=True)
    document.write_text(document.read_text("utf-8").replace("0.500", "0.900"), "utf-8")
    with pytest.raises(BadInput, match="figures"):
        update(document, tmp_path, check=True)
    store(tmp_path, value=0.6)
    update(document, tmp_path, check=False)
    assert "0.600" in document.read_text("utf-8")


def test_a_run_that_is_not_stored_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"tiny\.run\.json"):
        with_figures(BLOCK, tmp_path)


def test_the_document_shows_the_stored_runs():
    document = DOCUMENT.read_text("utf-8")
    assert with_figures(document, RUNS) == document


def test_what_a_command_printed_is_shown_as_it_stands(tmp_path):
    (tmp_path / "bench.txt").write_text("Peak memory: 1 MB\n", "utf-8")
    filled = with_figures("<!-- printed bench -->\nold\n<!-- end -->\n", tmp_path)
    assert filled == "<!-- printed bench -->\n\n```\nPeak memory: 1 MB\n```\n\n<!-- end -->\n"
    with pytest.raises(BadInput, match=r"other\.txt"):
        with_figures("<!-- printed other -->\n<!-- end -->\n", tmp_path)


def test_everything_stored_is_shown():
    document = DOCUMENT.read_text("utf-8")
    runs = {f"{name}.run.json" for name in named_runs(document)}
    prints = {f"{name}.txt" for name in named_prints(document)}
    assert {path.name for path in RUNS.iterdir()} == runs | prints


def test_stored_runs_are_small_and_finished():
    for path in RUNS.glob("*.run.json"):
        assert path.stat().st_size < 40_000
        record = RunRecord.model_validate_json(path.read_text("utf-8"))
        assert record.metrics is not None
        assert record.done == record.total
