"""Writes the figures of docs/evals.md from stored runs, so that no number is typed by hand.

`<!-- figures NAME -->` … `<!-- end -->` in the document holds the table of evals/runs/NAME.run.json;
`<!-- overview -->` … `<!-- end -->` one line for each grading run that the document shows;
`<!-- printed NAME -->` … `<!-- end -->` what a command printed, as it stands in evals/runs/NAME.txt.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from bot.domain.errors import BadInput
from evals.metrics.estimate import Metrics
from evals.records import RunRecord
from evals.report import breakdowns, figures_table
from evals.report.words import shown
from evals.runs import read_record, write_atomically

_BLOCK = re.compile(r"(<!-- figures (?P<name>[\w.-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_PRINTED = re.compile(r"(<!-- printed (?P<name>[\w.-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_OVERVIEW = re.compile(r"(<!-- overview -->\n).*?(<!-- end -->)", re.DOTALL)
_HEADS = (
    ("QWK", "qwk"),
    ("Pearson", "pearson"),
    ("Bias", "bias"),
    ("Macro-F1", "macro_f1"),
    ("Recall of contradicted", "contradicted_recall"),
    ("Precision of contradicted", "contradicted_precision"),
    ("Seconds per answer", "seconds_per_answer"),
)
"""Columns of the overview: head, and name of the figure."""

TOLD = ("path", "llm", "embedding", "sample", "sample_seed")


def update(document: Path, runs: Path, *, check: bool) -> None:
    """Write the figures of the runs in the folder `runs` into the document; only compare if `check`.

    Raises:
        BadInput: The document or a run it names is not there, or the figures differ and `check` is set.
    """
    try:
        before = document.read_text("utf-8")
    except OSError as error:
        raise BadInput("evals.document_missing", file=document) from error
    after = with_figures(before, runs)
    if check and after != before:
        raise BadInput("evals.figures_stale", file=document)
    if after != before:
        write_atomically(document, after)


def with_figures(document: str, runs: Path) -> str:
    """The document with every block filled from the runs in the folder `runs`.

    Raises:
        BadInput: A run that the document names is not stored.
    """
    names = named_runs(document)
    filled = _BLOCK.sub(lambda block: block[1] + _block(block["name"], runs) + block[3], document)
    filled = _PRINTED.sub(lambda block: block[1] + _printed(block["name"], runs) + block[3], filled)
    return _OVERVIEW.sub(lambda block: block[1] + _overview(names, runs) + block[2], filled)


def named_runs(document: str) -> list[str]:
    """Names of the runs that the document shows, in order."""
    return [block["name"] for block in _BLOCK.finditer(document)]


def named_prints(document: str) -> list[str]:
    """Names of what the document shows as it was printed, in order."""
    return [block["name"] for block in _PRINTED.finditer(document)]


def _block(name: str, runs: Path) -> str:
    record = read_record(_stored(runs / f"{name}.run.json"))
    metrics = record.metrics or Metrics(figures={})
    parts = [_about(record), figures_table(metrics, "en")]
    if record.kind == "grade":
        parts.append(breakdowns(metrics, "en"))
    return "\n" + "".join(f"{part}\n\n" for part in parts if part)


def _printed(name: str, runs: Path) -> str:
    return f"\n```\n{_stored(runs / f'{name}.txt').read_text('utf-8').rstrip()}\n```\n\n"


def _stored(path: Path) -> Path:
    if not path.exists():
        raise BadInput("evals.run_missing", file=path.name)
    return path


def _overview(names: Sequence[str], runs: Path) -> str:
    records = [(name, read_record(runs / f"{name}.run.json")) for name in names]
    heads = ["Run", "Answers, questions", "Floor QWK", *(head for head, _ in _HEADS)]
    rows = [heads, ["---"] * len(heads)]
    rows += [_line(name, record) for name, record in records if record.kind == "grade"]
    return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows) + "\n"


def _line(name: str, record: RunRecord) -> list[str]:
    metrics = record.metrics or Metrics(figures={})
    floor = metrics.floors.get("length_and_overlap", {})
    counts = f"{metrics.counts.get('answers', 0)}, {metrics.counts.get('questions', 0)}"
    return [name, counts, shown(floor.get("qwk")), *(shown(metrics.figures.get(key)) for _, key in _HEADS)]


def _about(record: RunRecord) -> str:
    counts = record.metrics.counts if record.metrics else {}
    facts = [f"{number} {name}" for name, number in counts.items()]
    facts += [f"{key} {record.settings[key]}" for key in TOLD if record.settings.get(key) is not None]
    facts.append(f"set sha256 {record.set.sha256[:12]}")
    if record.corpus:
        facts.append(f"corpus {record.corpus.name}, sha256 {record.corpus.sha256[:12]}")
    facts.append(f"{record.started_at[:10]}, product code {record.code}")
    return "; ".join(facts) + "."
