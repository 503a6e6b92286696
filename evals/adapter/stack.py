"""Fit the weights of the two opinions.

python -m evals.adapter.stack --data FOLDER --kept FILE.jsonl --out bot/grading/stack.json

Fits two stacks (bot.grading.judge_embedded.Stacks) on what the judge reads (reads.py): for key points by
cross-entropy on verdicts of the gold set's development half; for parts of a reference the same one made
kinder by one number, which is fitted to people's scores of the public sets that give part of the marks.
Prints how that does on each set when it is fitted on the others.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import cohen_kappa_score

from bot.grading.judge_embedded import Stack, Stacks
from bot.models.adapter import adapter_version
from evals.adapter.reads import Floats, Read, gold_dev, kept_judge, read, scored

VALUES = np.array([1.0, 0.5, 0.0, 0.0])
CONTRADICTED = 3
"""Place in bot.grading.verifier.STATUSES."""
PULL = 0.01
"""How strongly the weights of statuses are drawn to zero: with less, fluent words without content earn
something in fields that the adapter has not seen (`kaodian models check embedded`)."""
STEPS = tuple(step / 20 for step in range(21))
"""What is tried to be added to the weight of contradicted."""
KINDNESSES = tuple(step / 4 for step in range(11))
"""What is tried; with more, wrong answers would pass."""


def fit_verdicts(rows: Sequence[Read]) -> Stack:
    """The stack under which the known verdicts are likeliest, and as many contradicted as there are."""
    return evened(likeliest(rows), rows)


def likeliest(rows: Sequence[Read]) -> Stack:
    """The stack under which the known verdicts are likeliest."""

    def loss(numbers: Floats) -> float:
        stack = _stack(numbers)
        labelled = [(judged(stack, row), row.labels) for row in rows if row.labels is not None]
        known = np.concatenate([found[np.arange(len(found)), labels] for found, labels in labelled])
        return float(-np.log(known + 1e-9).mean() + PULL * (numbers[2:] ** 2).sum())

    return _stack(_least(loss, np.array([0.8, 0.2, 0.0, 0.0, 0.0, 0.0])))


def evened(stack: Stack, rows: Sequence[Read]) -> Stack:
    """The stack with the least more weight of contradicted with which no fewer are called so than are.

    The likeliest status leaves out the rare ones that are hard to tell; one that is found as often as
    it is said in error is worth more to a learner than a few more right ones among all.
    """
    known = sum(int((row.labels == CONTRADICTED).sum()) for row in rows if row.labels is not None)
    for step in STEPS:
        bias = [*stack.bias[:CONTRADICTED], round(stack.bias[CONTRADICTED] + step, 3)]
        heavier = stack.model_copy(update={"bias": bias})
        called = sum(
            int((judged(heavier, row).argmax(1) == CONTRADICTED).sum())
            for row in rows
            if row.labels is not None
        )
        if called >= known:
            return heavier
    return stack


def kinder(stack: Stack, kindness: float) -> Stack:
    """The stack with covered and partial more likely, and contradicted a little less."""
    covered, partial, missing, contradicted = stack.bias
    bias = [covered + kindness, partial + kindness / 2, missing, contradicted - kindness / 5]
    return stack.model_copy(update={"bias": [round(one, 3) for one in bias]})


def fit_kindness(rows: Sequence[Read], near: Stack) -> float:
    """How much kinder people are: with it the sets' mean errors cancel out; each set weighs the same.

    Sets whose people only say right or wrong are left out: a half-right answer is wrong there, and tells
    nothing of examiners who give part of the marks. Agreement itself would be no guide: on so few answers
    it jumps from one step to the next.
    """
    sets = sorted({row.source for row in rows if 0 < row.score < 1})

    def mean_error(kindness: float) -> float:
        stack = kinder(near, kindness)
        return abs(
            float(np.mean([error(stack, [row for row in rows if row.source == name]) for name in sets]))
        )

    return min(KINDNESSES, key=mean_error)


def error(stack: Stack, rows: Sequence[Read]) -> float:
    """Mean of the scores given less those of people, -1..1."""
    return float(np.mean([score(stack, row) - row.score for row in rows]))


def agreement(stack: Stack, rows: Sequence[Read]) -> float:
    """QWK in five levels of the scores with people's."""
    given = np.round([4 * score(stack, row) for row in rows]).astype(int)
    people = np.round([4 * row.score for row in rows]).astype(int)
    return float(cohen_kappa_score(people, given, labels=range(5), weights="quadratic"))


def _least(loss: Callable[[Floats], float], start: Floats) -> Floats:
    return np.round(minimize(loss, start, method="L-BFGS-B").x, 3)


def _stack(numbers: Floats) -> Stack:
    return Stack(read=float(numbers[0]), felt=float(numbers[1]), bias=[float(one) for one in numbers[2:]])


def judged(stack: Stack, row: Read) -> Floats:
    """Probabilities of shape (points, 4)."""
    return np.stack([stack.probabilities(read, felt) for read, felt in zip(row.read, row.felt, strict=True)])


def score(stack: Stack, row: Read) -> float:
    """Expected score of an answer, 0..1."""
    return min(1.0, float(row.weights @ (judged(stack, row) @ VALUES) / row.weights.sum()))


def transfer(rows: Sequence[Read], near: Stack) -> str:
    """A line a set: agreement, correlation and bias there with the kindness that fits the other sets."""
    lines: list[str] = []
    for name in sorted({row.source for row in rows}):
        kindness = fit_kindness([row for row in rows if row.source != name], near)
        here = [row for row in rows if row.source == name]
        given = np.array([score(kinder(near, kindness), row) for row in here])
        people = np.array([row.score for row in here])
        r, bias = np.corrcoef(given, people)[0, 1], error(kinder(near, kindness), here)
        qwk = agreement(kinder(near, kindness), here)
        lines.append(f"{name}: {len(here)} answers, QWK {qwk:.2f}, r {r:.2f}, bias {bias:+.2f}")
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.adapter.stack", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets graded by people")
    parser.add_argument("--kept", type=Path, required=True, help="where what was read is kept")
    parser.add_argument("--out", type=Path, required=True, help="where the weights go")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with kept_judge(asked.kept) as judge:
        verdicts, scores = read(judge, gold_dev()), read(judge, scored(asked.data))
    by_points = fit_verdicts(verdicts)
    by_reference = kinder(by_points, fit_kindness(scores, by_points))
    sys.stdout.write(transfer(scores, by_points) + "\n")
    stacks = Stacks(adapter=adapter_version() or "", key_points=by_points, reference=by_reference)
    asked.out.write_text(stacks.model_dump_json(indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
