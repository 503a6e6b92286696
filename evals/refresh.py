"""Measures everything that docs/evals.md shows, anew: `python -m evals.refresh [FOLDER]`.

FOLDER holds the public sets (le_zh.jsonl and so on); without it only the project's own sets are run.
Of the public sets, answers to questions that the examiner was not trained on are graded, at most 300
of each. Nothing of their text is kept: only the records go to evals/runs.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from evals.figures import update
from evals.held_out import held_out_lines
from evals.product import Products
from evals.records import record_path
from evals.running import Request, measure
from evals.wiring import users_products

HERE = Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "evals.md"
OWN = {"grade_small": "grade", "retrieve_small": "retrieve", "refuse_small": "refuse"}
PUBLIC = ("le_zh", "asag_zh_mt", "beetle_en", "scientsbank_en", "saf_en")
MOST = 300
"""Rows of a public set."""


def refresh(products: Products, public: Path | None) -> None:
    """Run all sets without a language model, keep their records, write the document.

    Raises:
        ModelUnavailable: The embedding model cannot be had.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for own, kind in OWN.items():
            _keep(products, kind, HERE / "sets" / f"{own}.jsonl", folder, None)
        for set_name in PUBLIC if public else ():
            cases = folder / f"{set_name}.jsonl"
            lines = held_out_lines(Path(str(public)) / cases.name)
            cases.write_text("".join(f"{line}\n" for line in lines), "utf-8")
            _keep(products, "grade", cases, folder, MOST)
    update(DOCUMENT, HERE / "runs", check=False)


def _keep(products: Products, kind: str, cases: Path, folder: Path, size: int | None) -> None:
    out = folder / "out" / cases.name
    request = Request(
        kind, cases, out, None, "none", fresh=True, retry=False, feedback=False, sample=size, seed=0
    )
    measure(request, products, "en")
    shutil.copy(record_path(out), HERE / "runs" / record_path(out).name)


if __name__ == "__main__":
    refresh(users_products(), Path(sys.argv[1]) if len(sys.argv) > 1 else None)
