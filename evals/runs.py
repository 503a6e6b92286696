"""Runs a set through a task: line by line on disk, resumable, refused where something changed."""

import json
import os
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from filelock import FileLock, Timeout
from pydantic import JsonValue, ValidationError

from bot.domain.errors import BadInput, Busy, Refused
from bot.domain.spans import digest
from bot.seams import Progress
from bot.texts import say
from evals.at_once import made_at_once
from evals.metrics.estimate import Metrics
from evals.product import Facts
from evals.records import RunRecord, Source, code_hash, record_path, versions


class Identified(Protocol):
    """Whatever has an id that is unique in its set."""

    @property
    def id(self) -> str | int:
        """The id that its row carries."""
        ...


C = TypeVar("C", bound=Identified, contravariant=True)
RowFields = dict[str, JsonValue]


class Task(Protocol[C]):
    """One kind of measurement."""

    kind: str

    def row(self, case: C) -> RowFields:
        """What the product makes of one case; never raises an error of ours."""
        ...

    def metrics(self, cases: Sequence[C], rows: Sequence[RowFields]) -> Metrics:
        """Figures over all rows, in the order of the cases."""
        ...


@dataclass(frozen=True)
class Plan:
    """What a run is about, apart from its cases."""

    out: Path
    set: Source
    corpus: Source | None
    facts: Facts
    cases: Path | None = None
    """Where the set lies."""
    fresh: bool = False
    """Throw away what is stored under this name."""
    retry: bool = False
    """Do rows again that ended with an error."""
    parallel: int = 1
    """Rows that are made at once."""


def run(task: Task[C], cases: Sequence[C], plan: Plan, progress: Progress) -> RunRecord:
    """Do what is left of a run and return its record, which then holds the metrics.

    Raises:
        Refused: A stored run of this name is of another set or other settings.
        BadInput: The stored rows are broken other than by a cut last line.
        Busy: Another process writes this run.
    """
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(plan.out):
        record = _begin(task.kind, len(cases), plan)
        rows = _stored(plan, cases)
        _append_missing(task, cases, rows, plan, progress)
        return _finish(task, cases, rows, plan.out, record)


@contextmanager
def _only_one(out: Path) -> Generator[None]:
    lock = FileLock(Path(tempfile.gettempdir()) / f"kaodian-evals-{digest(str(out.resolve()))}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Busy("evals.busy", file=out.name) from error
    try:
        yield
    finally:
        lock.release()


def _begin(kind: str, total: int, plan: Plan) -> RunRecord:
    record = RunRecord(
        kind=kind,
        set=plan.set,
        corpus=plan.corpus,
        settings=dict(plan.facts.settings),
        code=code_hash(),
        grader=code_hash("grading"),
        prompts=code_hash("prompts"),
        set_path=_seen_from(plan.out.parent, plan.cases),
        notes=dict(plan.facts.notes),
        versions=versions(),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        total=total,
    )
    path = record_path(plan.out)
    if plan.fresh:
        plan.out.unlink(missing_ok=True)
    elif path.exists():
        before = read_record(path)
        changed = before.differences(record)
        if changed:
            raise Refused("evals.changed", file=plan.out.name, what=", ".join(changed))
        record = record.model_copy(update={"started_at": before.started_at})
    elif plan.out.exists():
        raise Refused("evals.no_record", file=plan.out.name, record=path.name)
    write_atomically(path, record.model_dump_json(indent=1) + "\n")
    return record


def _seen_from(folder: Path, file: Path | None) -> str | None:
    return None if file is None else Path(os.path.relpath(file, folder)).as_posix()


def read_record(path: Path) -> RunRecord:
    """The record of a run.

    Raises:
        BadInput: The file cannot be read as one.
    """
    try:
        return RunRecord.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise BadInput("evals.record_broken", file=path.name) from error


def _stored(plan: Plan, cases: Sequence[Identified]) -> dict[str, RowFields]:
    """Finished rows by id, after a line that a kill cut off was taken away."""
    if not plan.out.exists():
        return {}
    rows = _repaired(plan.out)
    known = {str(case.id) for case in cases}
    if any(str(row.get("id")) not in known for row in rows):
        raise BadInput("evals.rows_broken", file=plan.out.name, line="?")
    kept = [row for row in rows if not (plan.retry and row.get("error"))]
    if len(kept) < len(rows):
        _write_rows(plan.out, kept)
    return {str(row["id"]): row for row in kept}


def _repaired(out: Path) -> list[RowFields]:
    data = out.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with out.open("r+b") as file:
            file.truncate(whole)
    rows: list[RowFields] = []
    for number, line in enumerate(data[:whole].splitlines(), start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadInput("evals.rows_broken", file=out.name, line=number) from error
        rows.append(row)
    return rows


def _append_missing(
    task: Task[C], cases: Sequence[C], rows: dict[str, RowFields], plan: Plan, progress: Progress
) -> None:
    """Make the rows that are not there, each on disk before it counts; in any order, put right at the end."""
    what = say(f"evals.doing_{task.kind}")
    left = [case for case in cases if str(case.id) not in rows]
    for number in range(1, len(rows) + 1):
        progress(number, len(cases), what)
    with (
        plan.out.open("a", encoding="utf-8", newline="\n") as file,
        closing(made_at_once(task.row, left, plan.parallel)) as made,
    ):
        for row in made:
            file.write(_line(row))
            file.flush()
            rows[str(row["id"])] = row
            progress(len(rows), len(cases), what)


def _finish(
    task: Task[C], cases: Sequence[C], rows: Mapping[str, RowFields], out: Path, record: RunRecord
) -> RunRecord:
    ordered = [rows[str(case.id)] for case in cases]
    if list(rows.values()) != ordered:
        _write_rows(out, ordered)
    seconds = sum(value for row in ordered if isinstance(value := row.get("seconds"), int | float))
    done = record.model_copy(
        update={
            "usage": _usage(ordered),
            "done": len(ordered),
            "seconds": round(float(seconds), 3),
            "metrics": task.metrics(cases, ordered),
        }
    )
    write_atomically(record_path(out), done.model_dump_json(indent=1) + "\n")
    return done


def _usage(rows: Sequence[RowFields]) -> dict[str, int | float]:
    total: dict[str, int | float] = {}
    for row in rows:
        spent = row.get("usage")
        for name, value in spent.items() if isinstance(spent, dict) else ():
            total[name] = round(total.get(name, 0) + value, 6) if isinstance(value, int | float) else 0
    return total


def _line(row: RowFields) -> str:
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a set may hold half a surrogate pair, which no file takes as it is
        text = json.dumps(row)
    return text + "\n"


def _write_rows(out: Path, rows: Sequence[RowFields]) -> None:
    write_atomically(out, "".join(map(_line, rows)))


def write_atomically(path: Path, text: str) -> None:
    """Replace a file's text so that a reader sees the old or the new, never half."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
