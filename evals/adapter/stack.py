"""Fit the weights of the two opinions.

python -m evals.adapter.stack --data FOLDER --kept FILE.jsonl --out bot/grading/stack.json

First reads answers that the adapter was not trained on, through the product's own judge, and keeps what it
read in --kept (so that a stopped run goes on). Then fits two stacks (bot.grading.judge_embedded.Stacks): for
key points by cross-entropy on verdicts of the gold set's development half; for parts of a reference the same
one made kinder by one number, which is fitted to people's scores of public sets. Prints how that does on each
set when it is fitted on the others.
"""

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.metrics import cohen_kappa_score

from bot.domain.questions import KeyPoint
from bot.domain.spans import digest
from bot.grading.gate import screen
from bot.grading.judge_embedded import EmbeddedJudge, Stack, Stacks
from bot.grading.judge_features import FeatureJudge
from bot.grading.judging import GradingCase
from bot.grading.verifier import STATUSES
from bot.questions.key_points import key_points_of_reference
from evals.adapter.data import HELD_OUT_SETS, is_held_out, nearest
from evals.adapter.kept import KeptReader

Floats = NDArray[np.float64]
VALUES = np.array([1.0, 0.5, 0.0, 0.0])
GOLD_ANSWERS = 110
"""Of the gold set's development half."""
PUBLIC_ANSWERS = {"asag_zh_mt": 80, "saf_en": 24, "scientsbank_en": 35, "le_zh": 24}
"""Answers of each set that people scored; of a set that the adapter has seen, questions that it has not."""
MOST_OF_A_QUESTION = 6
MOST_CHARS = 600
KINDNESSES = tuple(step / 4 for step in range(13))
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


def gold_dev() -> list[Known]:
    """Answers of the development half of the gold set."""
    lines = files("evals").joinpath("sets", "grade_zh.jsonl").read_text("utf-8").splitlines()
    records = [record for record in map(json.loads, lines) if record["split"] == "dev"]
    records.sort(key=lambda record: sha256(record["id"].encode()).hexdigest())
    return [_gold(record) for record in records[:GOLD_ANSWERS]]


def _gold(record: dict[str, Any]) -> Known:
    points = tuple(
        KeyPoint(text=point["text"], weight=point["weight"], vital=point["vital"], quote=None)
        for point in record["key_points"]
    )
    score = record["score"] / record["max_score"]
    statuses = tuple(record["verdicts"])
    return Known("gold", record["id"], record["question"], record["answer"], points, statuses, score)


def scored(data: Path) -> list[Known]:
    """Answers that people scored, with key points made from their references, the sets taking turns."""
    turns = zip_longest(*(_of_set(data / f"{name}.jsonl", most) for name, most in PUBLIC_ANSWERS.items()))
    return [one for turn in turns for one in turn if one is not None]


def _of_set(file: Path, most: int) -> list[Known]:
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    records.sort(key=lambda record: digest("stack", record["id"]))
    seen: Counter[str] = Counter()
    found: list[Known] = []
    for record in records:
        if _usable(file.stem, record) and len(found) < most:
            seen[record["question_id"]] += 1
            if seen[record["question_id"]] <= MOST_OF_A_QUESTION:
                found.append(_scored(file.stem, record))
    return found


def _usable(source: str, record: dict[str, Any]) -> bool:
    if not record["answer"].strip() or len(record["answer"]) > MOST_CHARS:
        return False
    trained = source.removesuffix("_en") if source == "scientsbank_en" else source
    return source in HELD_OUT_SETS or is_held_out(trained, record["question_id"])


def _scored(source: str, record: dict[str, Any]) -> Known:
    reference = nearest(record["reference"], record["answer"])
    points = key_points_of_reference(record["question"], reference)
    score = record["score"] / record["max_score"]
    return Known(source, record["id"], record["question"], record["answer"], points, None, score)


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


def fit_verdicts(rows: Sequence[_Row]) -> Stack:
    """The stack under which the known verdicts are likeliest."""

    def loss(numbers: Floats) -> float:
        stack = _stack(numbers)
        labelled = [(judged(stack, row), row.labels) for row in rows if row.labels is not None]
        known = np.concatenate([found[np.arange(len(found)), labels] for found, labels in labelled])
        return float(-np.log(known + 1e-9).mean() + 0.01 * (numbers[2:] ** 2).sum())

    return _stack(_least(loss, np.array([0.8, 0.2, 0.0, 0.0, 0.0, 0.0])))


def kinder(stack: Stack, kindness: float) -> Stack:
    """The stack with covered and partial more likely, and contradicted a little less."""
    covered, partial, missing, contradicted = stack.bias
    bias = [covered + kindness, partial + kindness / 2, missing, contradicted - kindness / 5]
    return stack.model_copy(update={"bias": [round(one, 3) for one in bias]})


def fit_kindness(rows: Sequence[_Row], near: Stack) -> float:
    """How much kinder people are: what gives the highest mean of the sets' QWK; each weighs the same."""
    sets = sorted({row.source for row in rows})

    def mean_agreement(kindness: float) -> float:
        stack = kinder(near, kindness)
        return float(
            np.mean([agreement(stack, [row for row in rows if row.source == name]) for name in sets])
        )

    return max(KINDNESSES, key=mean_agreement)


def agreement(stack: Stack, rows: Sequence[_Row]) -> float:
    """QWK in five levels of the scores with people's."""
    given = np.round([4 * score(stack, row) for row in rows]).astype(int)
    people = np.round([4 * row.score for row in rows]).astype(int)
    return float(cohen_kappa_score(people, given, labels=range(5), weights="quadratic"))


def _least(loss: Callable[[Floats], float], start: Floats) -> Floats:
    found = minimize(
        loss, start, method="Nelder-Mead", options={"maxiter": 1500, "xatol": 1e-3, "fatol": 1e-6}
    )
    return np.round(found.x, 3)


def _stack(numbers: Floats) -> Stack:
    return Stack(read=float(numbers[0]), felt=float(numbers[1]), bias=[float(one) for one in numbers[2:]])


def judged(stack: Stack, row: _Row) -> Floats:
    """Probabilities of shape (points, 4)."""
    return np.stack([stack.probabilities(read, felt) for read, felt in zip(row.read, row.felt, strict=True)])


def score(stack: Stack, row: _Row) -> float:
    """Expected score of an answer, 0..1."""
    return min(1.0, float(row.weights @ (judged(stack, row) @ VALUES) / row.weights.sum()))


def transfer(rows: Sequence[_Row], near: Stack) -> str:
    """A line a set: agreement, correlation and bias there with the kindness that fits the other sets."""
    lines: list[str] = []
    for name in sorted({row.source for row in rows}):
        kindness = fit_kindness([row for row in rows if row.source != name], near)
        here = [row for row in rows if row.source == name]
        given = np.array([score(kinder(near, kindness), row) for row in here])
        people = np.array([row.score for row in here])
        r, bias = np.corrcoef(given, people)[0, 1], np.mean(given - people)
        qwk = agreement(kinder(near, kindness), here)
        lines.append(f"{name}: {len(here)} answers, QWK {qwk:.2f}, r {r:.2f}, bias {bias:+.2f}")
    return "\n".join(lines)


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
        verdicts, scores = read(judge, gold_dev()), read(judge, scored(asked.data))
    by_points = fit_verdicts(verdicts)
    by_reference = kinder(by_points, fit_kindness(scores, by_points))
    sys.stdout.write(transfer(scores, by_points) + "\n")
    stacks = Stacks(key_points=by_points, reference=by_reference)
    asked.out.write_text(stacks.model_dump_json(indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
