"""Figures that may not become worse: measured on the small shipped sets without a language model.

A figure holds while it is not on the wrong side of its recorded 95 % interval. `python -m evals track`
compares, `--record` records anew; a test does the former, so that a grader that got worse is noticed.
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
    "retrieve_small": "retrieve",
    "refuse_small": "refuse",
    "attacks": "attacks",
}
"""Shipped sets that take seconds, and what is measured on them."""
SAMPLES = {"attacks": 150}
"""Rows, where a set takes minutes."""
Better = Literal["higher", "lower"]
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
    "attacks": {"holds": "higher"},
    "refuse": {"refusal": "higher", "false_refusal": "lower", "balanced_accuracy": "higher"},
}
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


class TrackedFile(Frozen):
    """All of them, with the product's code at that time."""

    code: str
    figures: tuple[TrackedFigure, ...]


def record(products: Products, file: Path = FILE, sets: Mapping[str, str] = SETS) -> Told:
    """Measure, and record what came out as the figures to hold; says so, and gives what was recorded.

    Raises:
        ModelUnavailable: The embedding model cannot be had.
    """
    found = _measured(products, sets)
    write_atomically(file, found.model_dump_json(indent=1) + "\n")
    words = say("evals.tracked_recorded", count=len(found.figures), file=file.name)
    return Told(words, found.model_dump(mode="json"))


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
    return f"--sample {SAMPLES[name]}" if name in SAMPLES else f"evals/sets/{name}.jsonl"


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
    )
    measure(request, products, "en")
    return out


def _line(figure: TrackedFigure, now: Estimate) -> str:
    return say("evals.tracked_line", name=figure.name, now=shown(now), then=shown(figure.recorded))
