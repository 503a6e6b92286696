"""Train a cross-encoder and hold it to the gold set's development half, as evals.adapter.compare does.

python -m evals.cross_encoder --data FOLDER [--seed 0] [--epochs 3] [--minutes M]

The encoder that the manifest pins reads a key point and its question beside the answer; its upper half and a
linear head learn the four statuses from our own training set and from two sets of answers in English. After
each epoch a Markdown table is logged, and the last one printed: agreement with the gold verdicts, and with
people's scores of two sets it has not seen, of the cross-encoder alone, of the verifier alone, and of both
stacked; 95 % bootstrap intervals over questions. The same seed gives the same order and start; sums on
several threads may differ in the last digits, and all may differ where --minutes cuts the training short.
"""

import argparse
import logging
import math
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from bot.adapters.embedding import make_pinned_embedder
from bot.domain.judges import ENCODER
from bot.grading.judge_embedded import Opinion, Stack
from bot.grading.judge_features import FeatureJudge, Finding
from bot.grading.judging import DECIMALS, GradingCase
from bot.models import open_models
from bot.settings import load_settings
from evals.adapter.compare import ALONE, compared, figures, table
from evals.adapter.data import HELD_OUT_SETS
from evals.adapter.reads import Known, Read, gold_dev, read, scored
from evals.adapter.stack import fit_verdicts, score
from evals.cross_encoder.learning import CrossEncoder, examples_of, load, train, training_items
from evals.metrics.agreement import Pairs, agreement, levels_of
from evals.metrics.estimate import Estimate

POINTS = 5
"""Key points of the answers that are timed."""
_log = logging.getLogger("evals.cross_encoder")


class CrossJudge:
    """The cross-encoder's opinions beside those of the feature verifier.

    Args:
        model: What is asked for each key point.
        features: Also finds the sentences of a long answer that speak to a key point.
    """

    def __init__(self, model: CrossEncoder, features: FeatureJudge) -> None:
        self._model = model
        self._features = features

    @torch.no_grad()
    def opinions(self, case: GradingCase) -> tuple[Opinion, ...]:
        """One for each key point, in their order. Raises ModelUnavailable."""
        text = case.screening.text
        findings = self._features.findings(case.question, [point.text for point in case.key_points], text)
        logits = self._model.eval()([self._row(finding, text) for finding in findings])
        rows = np.round(logits.double().log_softmax(-1).numpy(), DECIMALS)
        return tuple(Opinion(place, findings[place], row) for place, row in enumerate(rows))

    def _row(self, finding: Finding, text: str) -> list[int]:
        found = finding.evidence
        return self._model.tokens(found.question, found.point, text, [part.text for part in found.ranked])


def compare(judge: CrossJudge, gold: Sequence[Known], others: Sequence[Known]) -> str:
    """A table of each opinion; on the other sets by the stack that fits the whole of `gold`."""
    verdicts, scores = read(judge, gold), read(judge, others)
    found = {name: figures(one) for name, one in compared(verdicts, "cross-encoder").items()}
    for name, stack in zip(found, (*ALONE, fit_verdicts(verdicts)), strict=True):
        for source in HELD_OUT_SETS:
            agreed = _agreed(stack, [row for row in scores if row.source == source])
            found[name] |= {f"{source} {figure}": estimate for figure, estimate in agreed.items()}
    return table(found)


def _agreed(stack: Stack, rows: Sequence[Read]) -> dict[str, Estimate]:
    people, given = np.array([row.score for row in rows]), np.array([score(stack, row) for row in rows])
    return agreement(Pairs(people, given, [row.group for row in rows], levels_of(people)), ("qwk", "pearson"))


@torch.no_grad()
def milliseconds(model: CrossEncoder, known: Sequence[Known]) -> float:
    """A key point, where those of one answer are read at once: median of answers with as many as POINTS."""
    model.eval()
    spent: list[float] = []
    for one in known:
        if len(one.points) == POINTS:
            started = time.perf_counter()
            model([model.tokens(one.question, point.text, one.answer) for point in one.points])
            spent.append((time.perf_counter() - started) * 1000 / POINTS)
    return statistics.median(spent)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.cross_encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets graded by people")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=math.inf, help="most that the training takes")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    models = open_models(load_settings())
    models.pull(ENCODER)
    torch.manual_seed(asked.seed)
    model = load(models.path(ENCODER))
    judge = CrossJudge(model, FeatureJudge(make_pinned_embedder(models)))
    gold, others = gold_dev(), [one for one in scored(asked.data) if one.source in HELD_OUT_SETS]
    report = ""
    examples = examples_of(model, training_items(asked.data, asked.seed))
    for epoch in train(model, examples, asked.seed, asked.epochs, asked.minutes):
        report = compare(judge, gold, others)
        _log.info("epoch %d\n%s", epoch, report)
    size = f"{model.trained / 1e6:.1f} million numbers trained, {model.trained * 2 / 1e6:.1f} MB as float16"
    sys.stdout.write(f"{report}\n{milliseconds(model, gold):.0f} ms a key point of five; {size}\n")


if __name__ == "__main__":
    main()
