"""docs/evals.md shows what the stored runs say, and nothing typed by hand."""

from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from evals.figures import named_runs, update, with_figures
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


def test_every_stored_run_is_shown():
    stored = {path.name.removesuffix(".run.json") for path in RUNS.glob("*.run.json")}
    assert stored == set(named_runs(DOCUMENT.read_text("utf-8")))


def test_stored_runs_are_small_and_finished():
    for path in RUNS.iterdir():
        assert path.name.endswith(".run.json")
        assert path.stat().st_size < 40_000
        record = RunRecord.model_validate_json(path.read_text("utf-8"))
        assert record.metrics is not None
        assert record.done == record.total
