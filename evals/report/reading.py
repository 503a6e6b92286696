"""A finished run as a report needs it: record, rows and set, as far as they can still be found."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from bot.domain.errors import BadInput
from bot.texts import say
from evals.cases import AnyCase, GradeCase, RefuseCase, RetrieveCase, read_set
from evals.metrics.attacks import AttackRow
from evals.metrics.estimate import METRICS_VERSION, Metrics
from evals.metrics.grading import grading_metrics
from evals.metrics.rows import Row
from evals.records import RunRecord, record_path
from evals.runs import RowFields, read_record

_LINES = TypeAdapter(list[dict[str, JsonValue]])
_CHECKS: dict[str, TypeAdapter[list[Row]] | TypeAdapter[list[AttackRow]]] = {
    "grade": TypeAdapter(list[Row]),
    "attacks": TypeAdapter(list[AttackRow]),
}
_KINDS: dict[str, type[GradeCase] | type[RetrieveCase] | type[RefuseCase]] = {
    "grade": GradeCase,
    "retrieve": RetrieveCase,
    "refuse": RefuseCase,
}
SHIPPED = Path(str(files("evals"))) / "sets"


@dataclass(frozen=True)
class Run:
    """A run with what is left of it."""

    name: str
    record: RunRecord
    rows: Sequence[RowFields] = ()
    """In the order of the run; empty where they are not at hand."""
    cases: dict[str, AnyCase] = field(default_factory=dict)
    """By str(id); empty where the set is not at hand."""
    gaps: Sequence[str] = ()
    """What is not at hand, in words."""

    @property
    def kind(self) -> str:
        """'grade', 'retrieve', 'refuse', 'attacks' or 'key_points'."""
        return self.record.kind

    @property
    def is_whole(self) -> bool:
        """Whether rows and cases are at hand."""
        return bool(self.rows and self.cases)

    def graded(self) -> list[tuple[GradeCase, Row]]:
        """Cases with their rows; empty unless both are at hand and it is a grading run."""
        pairs = ((self.cases.get(str(fields.get("id"))), fields) for fields in self.rows)
        return [(case, Row.model_validate(fields)) for case, fields in pairs if isinstance(case, GradeCase)]

    def metrics(self) -> Metrics:
        """The record's figures; those of older code are made anew where rows and set are at hand."""
        stored = self.record.metrics or Metrics(figures={})
        if self.kind != "grade" or stored.version >= METRICS_VERSION or not self.is_whole:
            return stored
        cases, rows = zip(*self.graded(), strict=True)
        return grading_metrics(rows, cases)


def read_run(path: Path, sets: Sequence[Path] = ()) -> Run:
    """The run behind OUT.jsonl or OUT.run.json.

    Args:
        path: Either file; only the record must be there.
        sets: Where the set may lie besides where the record says, beside the run, and among the shipped ones.

    Raises:
        BadInput: There is no record that can be read.
    """
    out = path.with_name(path.name.removesuffix(".run.json") + ".jsonl")
    if path.suffix == ".jsonl":
        out = path
    if not record_path(out).exists():
        raise BadInput("evals.no_run", file=record_path(out))
    record = read_record(record_path(out))
    gaps: list[str] = []
    rows = _rows(out, record.kind, gaps)
    cases = _cases(record, rows, _places(record, out, sets), gaps)
    return Run(out.stem, record, rows, cases, gaps)


def _rows(out: Path, kind: str, gaps: list[str]) -> list[RowFields]:
    try:
        lines = out.read_text("utf-8").split("\n")
        rows = _LINES.validate_python([json.loads(line) for line in lines if line.strip()])
        if kind in _CHECKS:
            _CHECKS[kind].validate_python(rows)
    except FileNotFoundError:
        gaps.append(say("evals.gap_rows", file=out.name))
        return []
    except (OSError, ValueError):
        gaps.append(say("evals.gap_rows_broken", file=out.name))
        return []
    return rows


def _places(record: RunRecord, out: Path, sets: Sequence[Path]) -> list[Path]:
    recorded = [out.parent / record.set_path] if record.set_path else []
    return [*sets, *recorded, out.parent / record.set.name, SHIPPED / record.set.name]


def _cases(
    record: RunRecord, rows: Sequence[RowFields], places: Sequence[Path], gaps: list[str]
) -> dict[str, AnyCase]:
    if not rows or record.kind not in _KINDS:
        return {}
    found = next((place for place in places if _is_set(place, record.set.sha256)), None)
    try:
        if found is not None:
            return {str(case.id): case for case in read_set(found, _KINDS[record.kind]).cases}
    except BadInput:
        pass  # the bytes are right, but this version reads the format no more
    gaps.append(say("evals.gap_set", file=record.set.name, sha256=record.set.sha256[:16]))
    return {}


def _is_set(path: Path, sha256: str) -> bool:
    """Whether these are the bytes that were run, as a whole or as the half of them that is for measuring."""
    try:
        data = path.read_bytes()
        lines = data.decode("utf-8").splitlines() if path.is_file() else []
    except (OSError, UnicodeDecodeError):
        return False
    return sha256 in (hashlib.sha256(data).hexdigest(), _half(lines))


def _half(lines: Sequence[str]) -> str:
    try:
        kept = [line for line in lines if json.loads(line).get("split", "test") == "test"]
    except (ValueError, AttributeError):
        return ""
    return hashlib.sha256("".join(f"{line}\n" for line in kept).encode()).hexdigest()
