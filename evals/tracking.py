"""Figures that may not become worse: measured on shipped sets, mostly without a language model.

A figure holds while it is not on the wrong side of its recorded 95 % interval. `python -m evals track`
compares, `--record` records anew; CI does the former, so that a grader that got worse is noticed.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class TrackedRun:
    """A run over a shipped set.

    Attributes:
        kind: What is measured.
        cases: The set's name; None where code makes it.
        part: Of a set with two halves, the one that nothing was chosen on.
        sample: Rows, where a set takes minutes.
        llm: The language model.
    """

    kind: str
    cases: str | None
    part: str | None = None
    sample: int | None = None
    llm: str = "none"

    @property
    def command(self) -> str:
        """What gives it on the command line."""
        words = ["python -m evals", self.kind, f"evals/sets/{self.cases}.jsonl" if self.cases else ""]
        words += [
            f"--part {self.part}" if self.part else "",
            f"--sample {self.sample}" if self.sample else "",
        ]
        return " ".join(word for word in [*words, f"--llm {self.llm} --out OUT.jsonl"] if word)


RUNS = {
    "grade_small": TrackedRun("grade", "grade_small"),
    "grade_zh": TrackedRun("grade", "grade_zh", part="test"),
    "retrieve_small": TrackedRun("retrieve", "retrieve_small"),
    "refuse_small": TrackedRun("refuse", "refuse_small"),
    "attacks": TrackedRun("attacks", None, sample=100),
    "grade_small_embedded": TrackedRun("grade", "grade_small", sample=20, llm="embedded"),
}
"""By name; the last one is the default that users get."""
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


def record(products: Products, file: Path = FILE, runs: Mapping[str, TrackedRun] = RUNS) -> Told:
    """Measure, and record what came out as the figures to hold; says so, and gives what was recorded.

    A figure whose interval reaches down to no skill at all would hold whatever happens, and is left out.

    Raises:
        ModelUnavailable: The embedding model cannot be had.
    """
    found = _measured(products, runs)
    held = found.model_copy(update={"figures": tuple(figure for figure in found.figures if figure.can_fail)})
    write_atomically(file, held.model_dump_json(indent=1) + "\n")
    idle = ", ".join(figure.name for figure in found.figures if not figure.can_fail) or "–"
    words = say("evals.tracked_recorded", count=len(held.figures), file=file.name, idle=idle)
    return Told(words, held.model_dump(mode="json"))


def check(products: Products, file: Path = FILE, runs: Mapping[str, TrackedRun] = RUNS) -> Told:
    """Measure, and compare with what is recorded; gives both.

    Raises:
        BadInput: Nothing is recorded.
        Regressed: A figure has become worse; the message names each.
        ModelUnavailable: The embedding model cannot be had.
    """
    recorded = read_tracked(file)
    now = {figure.name: figure.recorded for figure in _measured(products, runs).figures}
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


def _measured(products: Products, runs: Mapping[str, TrackedRun]) -> TrackedFile:
    with tempfile.TemporaryDirectory() as folder:
        outs = {name: _run(products, run, Path(folder) / f"{name}.jsonl") for name, run in runs.items()}
        records = {name: read_record(record_path(out)) for name, out in outs.items()}
    code = next(iter(records.values())).code
    figures = [one for name, run in runs.items() for one in _figures(name, run, records[name])]
    return TrackedFile(code=code, figures=tuple(figures))


def _figures(name: str, run: TrackedRun, record: RunRecord) -> Iterator[TrackedFigure]:
    measured = record.metrics.figures if record.metrics else {}
    for figure, better in TRACKED[run.kind].items():
        found = measured.get(figure, Estimate(value=None))
        yield TrackedFigure(name=f"{name}/{figure}", better=better, recorded=found, command=run.command)


def _run(products: Products, run: TrackedRun, out: Path) -> Path:
    request = Request(
        kind=run.kind,
        cases=HERE / "sets" / f"{run.cases}.jsonl" if run.cases else None,
        out=out,
        corpus=None,
        llm=run.llm,
        fresh=True,
        retry=False,
        feedback=False,
        sample=run.sample,
        seed=0,
        part=run.part,
    )
    measure(request, products, "en")
    return out


def _line(figure: TrackedFigure, now: Estimate) -> str:
    return say("evals.tracked_line", name=figure.name, now=shown(now), then=shown(figure.recorded))
