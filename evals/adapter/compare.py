"""Holds each opinion of the embedded judge, and their stack, to the gold set's development half.

python -m evals.adapter.compare --kept FILE.jsonl [--plain MODEL]

With --plain, a model of the manifest is read without an adapter, by the same four words.
The stack is fitted anew for each quarter of the questions on the other three, so that no question judges
itself. Prints a Markdown table with 95 % bootstrap intervals over questions.
"""

import argparse
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.domain.grades import Status
from bot.grading.judge_embedded import Stack
from bot.grading.verifier import STATUSES
from evals.adapter.reads import Floats, Read, gold_dev, kept_judge, read
from evals.adapter.stack import fit_verdicts, judged
from evals.metrics.estimate import Estimate
from evals.metrics.verdicts import Judged, verdict_figures
from evals.report.words import shown

FOLDS = 4
ALONE = Stack(read=1.0, felt=0.0, bias=[0.0] * 4), Stack(read=0.0, felt=1.0, bias=[0.0] * 4)
"""The adapter's opinion alone, and the verifier's."""
FIGURES = ("verdict_accuracy", "macro_f1", "contradicted_recall", "contradicted_precision", "confidence_ece")


def compared(rows: Sequence[Read], reader: str = "language model") -> dict[str, list[Judged]]:
    """Each key point as each opinion judges it, and the stack: weights of both and of each status.

    Args:
        rows: As they were read.
        reader: What has read them.
    """
    by_read, by_felt = ([judged(stack, row) for row in rows] for stack in ALONE)
    return {
        f"{reader} alone": _statuses(rows, by_read),
        "verifier alone": _statuses(rows, by_felt),
        "stack, cross-fitted": _statuses(rows, _cross_fitted(rows)),
    }


def _cross_fitted(rows: Sequence[Read]) -> list[Floats]:
    fold = {group: place % FOLDS for place, group in enumerate(sorted({row.group for row in rows}))}
    stacks = [fit_verdicts([row for row in rows if fold[row.group] != number]) for number in range(FOLDS)]
    return [judged(stacks[fold[row.group]], row) for row in rows]


def _statuses(rows: Sequence[Read], found: Sequence[Floats]) -> list[Judged]:
    return [
        Judged(Status(STATUSES[label]), STATUSES[int(np.argmax(chances))], float(chances.max()), row.group)
        for row, points in zip(rows, found, strict=True)
        if row.labels is not None
        for label, chances in zip(row.labels, points, strict=True)
    ]


def figures(verdicts: Sequence[Judged]) -> dict[str, Estimate]:
    """Those of FIGURES."""
    found = verdict_figures(verdicts)
    return {name: found[name] for name in FIGURES}


def table(found: Mapping[str, Mapping[str, Estimate]]) -> str:
    """The same figures of each opinion, in Markdown."""
    columns = list(next(iter(found.values())))
    rows = [["opinion", *columns], ["---"] * (1 + len(columns))]
    rows += [[name, *(shown(one[column]) for column in columns)] for name, one in found.items()]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.adapter.compare", description=__doc__)
    parser.add_argument("--kept", type=Path, required=True, help="where what was read is kept")
    parser.add_argument("--plain", help="a model of the manifest, read as it is")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with kept_judge(asked.kept, asked.plain) as judge:
        rows = read(judge, gold_dev())
    sys.stdout.write(table({name: figures(found) for name, found in compared(rows).items()}))


if __name__ == "__main__":
    main()
