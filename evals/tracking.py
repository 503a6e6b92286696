"""Figures that may not become worse: measured on shipped sets without a language model.

A figure holds while it is not on the wrong side of its recorded 95 % interval. `python -m evals track`
compares, `--record` records anew; CI does the former, so that a grader that got worse is noticed.
"""

import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from bot.domain.errors import BadInput, KaodianError
from bot.domain.spans import Frozen
from bot.texts import say
from evals.metrics.estimate import Estimate
from evals.product import Products
from evals.records import RunRecord, record_path
from evals.report.words import shown
from evals.running import Request, measure
from evals.runs import read_record, write_atomically
from evals.told import Told

HERE = Path(str(files("evals")))
FILE = HERE / "tracked.json"
SETS = {
    "grade_small": "grade",
    "grade_zh": "grade",
    "retrieve_small": "retrieve",
    "refuse_small": "refuse",
    "attacks": "attacks",
}
"""Shipped sets, and what is measured on them."""
PARTS = {"grade_zh": "test"}
"""Of sets with two halves, the one that nothing was chosen on."""
SAMPLES = {"attacks": 100}
"""Rows, where a set takes minutes."""
Better = Literal["higher", "lower"]
FAMILIES = (
    "master_key",
    "no_content",
    "question_copy",
    "off_topic_fluent",
    "keyword_stuffing",
    "negation",
    "hedging",
    "prompt_injection",
    "length",
    "style",
    "invariance",
    "reference_adherence",
    "sanity",
)
TRACKED: dict[str, dict[str, Better]] = {
    "grade": {
        "failure_rate": "lower",
        "qwk": "higher",
        "mae": "lower",
        "pearson": "higher",
        "spearman": "higher",
        "exact": "higher",
        "verdict_accuracy": "higher",
        "macro_f1": "higher",
        "contradicted_recall": "higher",
        "contradicted_precision": "higher",
        "quotes_verbatim": "higher",
    },
    "retrieve": {"recall@1": "higher", "recall@3": "higher", "recall@10": "higher", "mrr": "higher"},
    "attacks": dict.fromkeys(("holds", *FAMILIES), "higher"),
    "refuse": {"refusal": "higher", "false_refusal": "lower", "balanced_accuracy": "higher"},
}
USELESS: dict[Better, float] = {"higher": 0.0, "lower": 1.0}
"""What a product without any skill reaches."""
ROUNDING = 1e-6
"""What two machines may differ by in a figure that has no interval."""


class Regressed(KaodianError):
    """A tracked figure has become worse than its recorded interval."""


class TrackedFigure(Frozen):
    """A figure as it was recorded."""

    name: str
    """Set and figure, as in 'grade_small/qwk'."""
    better: Better
    recorded: Estimate
    command: str
    """What gives it."""

    def is_worse(self, now: Estimate) -> bool:
        """Whether `now` is on the wrong side of the recorded interval, or not there any more."""
        if self.recorded.value is None:
            return False
        if now.value is None:
            return True
        bound = self.recorded.low if self.better == "higher" else self.recorded.high
        if bound is None:
            bound = self.recorded.value
        loss = bound - now.value if self.better == "higher" else now.value - bound
        return loss > ROUNDING

    @property
    def can_fail(self) -> bool:
        """Whether a product without any skill would be noticed by it."""
        return self.is_worse(Estimate(value=USELESS[self.better]))


class TrackedFile(Frozen):
    """All of them, with the product's code at that time."""

    code: str
    figures: tuple[TrackedFigure, ...]


def record(products: Products, file: Path = FILE, sets: Mapping[str, str] = SETS) -> Told:
    """Measure, and record what came out as the figures to hold; says so, and gives what was recorded.

    A figure whose interval reaches down to no skill at all would hold whatever happens, and is left out.

    Raises:
        ModelUnavailable: The embedding model cannot be had.
    """
    found = _measured(products, sets)
    held = found.model_copy(update={"figures": tuple(figure for figure in found.figures if figure.can_fail)})
    write_atomically(file, held.model_dump_json(indent=1) + "\n")
    idle = ", ".join(figure.name for figure in found.figures if not figure.can_fail) or "–"
    words = say("evals.tracked_recorded", count=len(held.figures), file=file.name, idle=idle)
    return Told(words, held.model_dump(mode="json"))


def check(products: Products, file: Path = FILE, sets: Mapping[str, str] = SETS) -> Told:
    """Measure, and compare with what is recorded; gives both.

    Raises:
        BadInput: Nothing is recorded.
        Regressed: A figure has become worse; the message names each.
        ModelUnavailable: The embedding model cannot be had.
    """
    recorded = read_tracked(file)
    now = {figure.name: figure.recorded for figure in _measured(products, sets).figures}
    pairs = [(figure, now.get(figure.name, Estimate(value=None))) for figure in recorded.figures]
    worse = [_line(figure, found) for figure, found in pairs if figure.is_worse(found)]
    if worse:
        raise Regressed("evals.tracked_worse", count=len(worse), lines="\n".join(worse))
    lines = [_line(figure, found) for figure, found in pairs]
    words = "\n".join([*lines, say("evals.tracked_held", count=len(pairs))])
    value = [
        {**figure.model_dump(mode="json"), "now": found.model_dump(mode="json")} for figure, found in pairs
    ]
    return Told(words, {"code": recorded.code, "figures": value})


def read_tracked(file: Path) -> TrackedFile:
    """What is recorded.

    Raises:
        BadInput: The file is not there or cannot be read.
    """
    try:
        return TrackedFile.model_validate_json(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise BadInput("evals.tracked_missing", file=file.name) from error


def _measured(products: Products, sets: Mapping[str, str]) -> TrackedFile:
    with tempfile.TemporaryDirectory() as folder:
        runs = {name: _run(products, name, sets[name], Path(folder)) for name in sets}
        records = {name: read_record(record_path(out)) for name, out in runs.items()}
    code = next(iter(records.values())).code
    return TrackedFile(code=code, figures=tuple(_figures(records)))


def _figures(records: Mapping[str, RunRecord]) -> Iterator[TrackedFigure]:
    for name, run in records.items():
        measured = run.metrics.figures if run.metrics else {}
        for figure, better in TRACKED[run.kind].items():
            command = f"python -m evals {run.kind} {_arguments(name)} --llm none --out OUT.jsonl"
            found = measured.get(figure, Estimate(value=None))
            yield TrackedFigure(name=f"{name}/{figure}", better=better, recorded=found, command=command)


def _arguments(name: str) -> str:
    cases = [] if name == "attacks" else [f"evals/sets/{name}.jsonl"]
    part = [f"--part {PARTS[name]}"] if name in PARTS else []
    sample = [f"--sample {SAMPLES[name]}"] if name in SAMPLES else []
    return " ".join([*cases, *part, *sample])


def _run(products: Products, name: str, kind: str, folder: Path) -> Path:
    out = folder / f"{name}.jsonl"
    request = Request(
        kind=kind,
        cases=None if kind == "attacks" else HERE / "sets" / f"{name}.jsonl",
        out=out,
        corpus=None,
        llm="none",
        fresh=True,
        retry=False,
        feedback=False,
        sample=SAMPLES.get(name),
        seed=0,
        part=PARTS.get(name),
    )
    measure(request, products, "en")
    return out


def _line(figure: TrackedFigure, now: Estimate) -> str:
    return say("evals.tracked_line", name=figure.name, now=shown(now), then=shown(figure.recorded))
