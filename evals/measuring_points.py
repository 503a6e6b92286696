"""From a request on the command line to a finished run over the questions that ship."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import BadInput
from bot.texts import Language, say
from evals.corpora import source_of
from evals.pointing import PointsTask
from evals.points_case import PARTS, shipped_cases
from evals.product import Facts, Products
from evals.records import Source
from evals.report import figures_table, write_report
from evals.running import progress_bar
from evals.runs import Plan, run
from evals.sampling import sample


@dataclass(frozen=True)
class PointsRequest:
    """What was asked for on the command line."""

    out: Path
    part: str
    llm: str
    fresh: bool = False
    sample: int | None = None
    """None: every question of the part."""
    questions: Path | None = None
    """None: the file that ships."""


def measure_points(request: PointsRequest, products: Products, lang: Language) -> str:
    """Run what is left to run, write record and report; returns the figures as text.

    Raises:
        BadInput: There is no such part, or the questions cannot be used.
        Refused: A stored run under this name is of other questions or settings.
        ModelUnavailable: A model cannot be had.
    """
    if request.part not in PARTS:
        raise BadInput("evals.bad_part", part=request.part)
    questions = request.questions or _shipped()
    cases = shipped_cases(questions, request.part)
    if request.sample is not None:
        cases = sample(cases, request.sample, 0)
    with progress_bar() as progress, products.pointing(request.llm, progress) as product:
        settings = {**product.facts.settings, "part": request.part, "sample": request.sample}
        plan = Plan(
            out=request.out,
            set=Source(name=questions.name, sha256=_sha256(questions), size=len(cases)),
            corpus=source_of(questions.parent),
            facts=Facts(settings, product.facts.notes),
            fresh=request.fresh,
        )
        record = run(PointsTask(product, cases), cases, plan, progress)
    if record.metrics is None:
        return ""
    path = write_report(request.out, questions, lang)
    return f"{figures_table(record.metrics, lang)}\n\n{say('evals.written', report=path)}"


def _shipped() -> Path:
    from bot.app.sample import QUESTIONS, sample_directory  # draws in the whole product

    return sample_directory() / QUESTIONS


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
