"""Fit the weights of the two opinions.

python -m evals.adapter.stack --data FOLDER --kept FILE.jsonl --out bot/grading/stack.json

First reads answers that neither the adapter nor the features were trained on, through the product's own
judge, and keeps what it read in --kept (so that a stopped run goes on); then fits six numbers
(bot.grading.judge_embedded.Stack) to them: cross-entropy where there is a verdict for each key point,
squared error of the score where there is only one score for the answer.
"""

import argparse
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.domain.questions import KeyPoint
from bot.domain.spans import digest
from bot.grading.gate import screen
from bot.grading.judge_embedded import EmbeddedJudge, Stack
from bot.grading.judge_features import FeatureJudge
from bot.grading.judging import GradingCase
from bot.grading.verifier import STATUSES
from bot.questions.key_points import key_points_of_reference
from evals.adapter.data import HELD_OUT_SETS
from evals.adapter.kept import KeptReader

Floats = NDArray[np.float64]
VALUES = np.array([1.0, 0.5, 0.0, 0.0])
SCORED_ANSWERS = 120
"""Of each set with one score an answer."""
SCORE_WEIGHT = 4.0
"""Of a squared error beside a cross-entropy."""
_log = logging.getLogger("evals.adapter")


@dataclass(frozen=True, slots=True)
class Known:
    """One answer and what people, or the authors of the gold set, say of it."""

    source: str
    id: str
    question: str
    answer: str
    points: tuple[KeyPoint, ...]
    statuses: tuple[str, ...] | None
    score: float


def gold_dev() -> Iterator[Known]:
    """The development half of the gold set."""
    for line in files("evals").joinpath("sets", "grade_zh.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        if record["split"] == "dev":
            points = tuple(
                KeyPoint(text=p["text"], weight=p["weight"], vital=p["vital"], quote=None)
                for p in record["key_points"]
            )
            yield Known(
                "gold",
                record["id"],
                record["question"],
                record["answer"],
                points,
                tuple(record["verdicts"]),
                record["score"] / record["max_score"],
            )


def scored(data: Path) -> Iterator[Known]:
    """Answers of the sets that the adapter has not seen, with key points made from their references."""
    for name in HELD_OUT_SETS:
        records = [json.loads(line) for line in (data / f"{name}.jsonl").read_text("utf-8").splitlines()]
        records.sort(key=lambda record: digest("stack", record["id"]))
        usable = [record for record in records if record["answer"].strip() and len(record["answer"]) <= 600]
        for record in usable[:SCORED_ANSWERS]:
            points = key_points_of_reference(record["question"], record["reference"])
            yield Known(
                name,
                record["id"],
                record["question"],
                record["answer"],
                points,
                None,
                record["score"] / record["max_score"],
            )


@dataclass(frozen=True, slots=True)
class _Row:
    """One answer as it was read: log-probabilities of shape (points, 4), weights of shape (points,)."""

    source: str
    read: Floats
    felt: Floats
    weights: Floats
    labels: NDArray[np.int64] | None
    score: float


def read(judge: EmbeddedJudge, known: Sequence[Known]) -> list[_Row]:
    """What the judge reads of each answer that the gate lets through."""
    order = [str(status) for status in STATUSES]
    found: list[_Row] = []
    for count, one in enumerate(known):
        screening = screen(one.question, one.answer)
        if screening.stopped:
            continue
        opinions = judge.opinions(GradingCase(one.question, one.points, screening))
        found.append(
            _Row(
                one.source,
                np.stack([opinion.read for opinion in opinions]),
                np.stack([opinion.felt for opinion in opinions]),
                np.array([point.weight for point in one.points]),
                np.array([order.index(status) for status in one.statuses]) if one.statuses else None,
                one.score,
            )
        )
        _log.info("%d/%d %s %s", count + 1, len(known), one.source, one.id)
    return found


def fit(rows: Sequence[_Row]) -> Stack:
    """The stack that fits best; every source weighs the same."""
    counts = {source: sum(row.source == source for row in rows) for source in {row.source for row in rows}}

    def loss(numbers: Floats) -> float:
        stack = _stack(numbers)
        return sum(_loss(stack, row) / counts[row.source] for row in rows) + 0.01 * float(
            (numbers[2:] ** 2).sum()
        )

    found = minimize(
        loss, np.array([0.8, 0.2, 0.0, 0.0, 0.0, 0.0]), method="Nelder-Mead", options={"maxiter": 2000}
    )
    return _stack(np.round(found.x, 3))


def _stack(numbers: Floats) -> Stack:
    return Stack(read=float(numbers[0]), felt=float(numbers[1]), bias=[float(one) for one in numbers[2:]])


def _loss(stack: Stack, row: _Row) -> float:
    judged = np.stack(
        [stack.probabilities(read, felt) for read, felt in zip(row.read, row.felt, strict=True)]
    )
    if row.labels is not None:
        return float(-np.log(judged[np.arange(len(judged)), row.labels] + 1e-9).mean())
    expected = float(row.weights @ (judged @ VALUES) / row.weights.sum())
    return SCORE_WEIGHT * (min(1.0, expected) - row.score) ** 2


def main() -> None:
    """Command line."""
    from bot.settings import load_settings
    from evals.wiring import opened_reader

    parser = argparse.ArgumentParser(prog="python -m evals.adapter.stack", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets graded by people")
    parser.add_argument("--kept", type=Path, required=True, help="where what was read is kept")
    parser.add_argument("--out", type=Path, required=True, help="where the weights go")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with opened_reader(load_settings()) as (reader, embedder):
        judge = EmbeddedJudge(KeptReader(reader, asked.kept), FeatureJudge(embedder))
        stack = fit(read(judge, [*gold_dev(), *scored(asked.data)]))
    asked.out.write_text(stack.model_dump_json() + "\n", "utf-8")


if __name__ == "__main__":
    main()
