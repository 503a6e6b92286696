"""Writes the figures of docs/evals.md from stored runs, so that no number is typed by hand.

`<!-- figures NAME -->` … `<!-- end -->` in the document holds the table of evals/runs/NAME.run.json.
"""

import re
from pathlib import Path

from bot.domain.errors import BadInput
from evals.metrics.estimate import Metrics
from evals.records import RunRecord
from evals.report import figures_table
from evals.runs import read_record, write_atomically

_BLOCK = re.compile(r"(<!-- figures (?P<name>[\w.-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

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
    return _BLOCK.sub(lambda block: block[1] + _block(block["name"], runs) + block[3], document)


def named_runs(document: str) -> list[str]:
    """Names of the runs that the document shows, in order."""
    return [block["name"] for block in _BLOCK.finditer(document)]


def _block(name: str, runs: Path) -> str:
    path = runs / f"{name}.run.json"
    if not path.exists():
        raise BadInput("evals.run_missing", file=path.name)
    record = read_record(path)
    metrics = record.metrics or Metrics(figures={})
    return f"\n{_about(record)}\n\n{figures_table(metrics, 'en')}\n\n"


def _about(record: RunRecord) -> str:
    counts = record.metrics.counts if record.metrics else {}
    facts = [f"{number} {name}" for name, number in counts.items()]
    facts += [f"{key} {record.settings[key]}" for key in TOLD if record.settings.get(key) is not None]
    facts.append(f"set sha256 {record.set.sha256[:12]}")
    if record.corpus:
        facts.append(f"corpus {record.corpus.name}, sha256 {record.corpus.sha256[:12]}")
    facts.append(f"{record.started_at[:10]}, product code {record.code}")
    return "; ".join(facts) + "."
