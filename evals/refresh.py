"""Measures everything that docs/evals.md shows, anew: `python -m evals.refresh [FOLDER [NAME…]]`.

FOLDER holds data/ with the public sets (le_zh.jsonl and so on), seeds/ and corpora/ with notes; without it
only the project's own sets over its own notes are run. Of the public sets, answers to questions that the
examiner was not trained on are graded, at most 300 of each. Of sets with two halves only 'test' is run.
Runs named '…_embedded' are made with the embedded language model, some on fewer rows; NAMEs pick runs. The
attacks are those of the suite, with the embedded language model a sample; key points are measured on their
test half.
Nothing of others' text is kept: only the records go to evals/runs.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.figures import update
from evals.held_out import held_out_lines
from evals.measuring_points import PointsRequest, measure_points
from evals.product import Products
from evals.records import record_path
from evals.running import Request, measure
from evals.wiring import users_products

HERE = Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "evals.md"
OWN = {
    "grade_small": "grade",
    "retrieve_small": "retrieve",
    "refuse_small": "refuse",
    "grade_zh": "grade",
    "retrieve_zh": "retrieve",
    "refuse_zh": "refuse",
}
ELSEWHERE = {"retrieve_seeds": "seeds", "retrieve_corpora": "corpora/DeepLearning-500-questions"}
"""Sets over notes that do not ship, and where these lie below FOLDER."""
PUBLIC = ("le_zh", "asag_zh_mt", "beetle_en", "scientsbank_en", "saf_en")
MOST = 300
"""Rows of a public set."""
EMBEDDED = {"grade_zh": None, "grade_small": None, "refuse_zh": None, "asag_zh_mt": 60, "saf_en": 30}
"""Rows of the runs with the embedded language model, None for all: our own sets, and those of people's grades
that its adapter has not seen."""
ATTACKS = {"none": None, "embedded": 240}
"""Attacks tried on each path, None for all."""
KEY_POINTS = {"none": None, "embedded": 30}
"""Questions that each maker of key points is given, None for all of the test half."""


@dataclass(frozen=True)
class _Run:
    kind: str
    cases: Path | None = None
    corpus: Path | None = None
    most: int | None = None
    llm: str = "none"

    @property
    def name(self) -> str:
        """Of its record."""
        name = self.cases.stem if self.cases else self.kind
        return name if self.llm == "none" else f"{name}_{self.llm}"


def refresh(products: Products, shared: Path | None, names: Collection[str] = ()) -> None:
    """Run all sets, or those named; keep their records, write the document.

    Raises:
        ModelUnavailable: The embedding model cannot be had.
    """
    with tempfile.TemporaryDirectory() as name:
        for run in _runs(Path(name), shared):
            if not names or run.name in names:
                _keep(products, run, Path(name) / "out")
    update(DOCUMENT, HERE / "runs", check=False)


def _runs(folder: Path, shared: Path | None) -> Iterator[_Run]:
    for own, kind in OWN.items():
        yield _Run(kind, _test_half(own, folder))
        if own in EMBEDDED:
            yield _Run(kind, _test_half(own, folder), most=EMBEDDED[own], llm="embedded")
    yield from (_Run("attacks", most=most, llm=llm) for llm, most in ATTACKS.items())
    yield from (_Run("key_points", most=most, llm=llm) for llm, most in KEY_POINTS.items())
    if shared is not None:
        yield from _elsewhere(folder, shared)


def _elsewhere(folder: Path, shared: Path) -> Iterator[_Run]:
    """Over notes and sets that do not ship."""
    for own, notes in ELSEWHERE.items():
        yield _Run("retrieve", _test_half(own, folder), corpus=shared / notes)
    for public in PUBLIC:
        cases = folder / f"{public}.jsonl"
        lines = held_out_lines(shared / "data" / cases.name)
        cases.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        yield _Run("grade", cases, most=MOST)
        if public in EMBEDDED:
            yield _Run("grade", cases, most=EMBEDDED[public], llm="embedded")


def _test_half(name: str, folder: Path) -> Path:
    """The set's rows that are for measuring: all where it has no halves."""
    lines = (HERE / "sets" / f"{name}.jsonl").read_text("utf-8").splitlines()
    kept = [line for line in lines if json.loads(line).get("split", "test") == "test"]
    cases = folder / f"{name}.jsonl"
    cases.write_text("".join(f"{line}\n" for line in kept), "utf-8")
    return cases


def _keep(products: Products, run: _Run, folder: Path) -> None:
    out = folder / f"{run.name}.jsonl"
    if run.kind == "key_points":
        measure_points(
            PointsRequest(out=out, part="test", llm=run.llm, fresh=True, sample=run.most), products, "en"
        )
    else:
        _measure(products, run, out)
    shutil.copy(record_path(out), HERE / "runs" / record_path(out).name)


def _measure(products: Products, run: _Run, out: Path) -> None:
    request = Request(
        run.kind,
        run.cases,
        out,
        run.corpus,
        run.llm,
        fresh=True,
        retry=False,
        feedback=False,
        sample=run.most,
        seed=0,
    )
    measure(request, products, "en")


if __name__ == "__main__":
    refresh(users_products(), Path(sys.argv[1]) if len(sys.argv) > 1 else None, sys.argv[2:])
