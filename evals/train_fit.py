"""Fitting: one model for answers with verdicts and for answers of which only the score is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.grading.features import NAMES
from bot.grading.verifier import EXPECTED_FROM, EXPECTED_TO, VALUES, Network, Verifier
from evals.train_features import Table

Array = NDArray[np.float32]
HIDDEN = 32
STEPS = 400
RATE = 0.01
PENALTY = 2e-3
"""Of squared weights."""
SCORE_WEIGHT = 6.0
"""Of squared errors of scores beside the cross-entropy of verdicts."""
_WORTH = VALUES.astype(np.float32)
LEAK = 0.1
"""Slope of the value outside of its range while fitting, so that it can come back."""
MADE = 0.1
SOURCES: Mapping[str, tuple[float, float]] = {
    "train_zh": (3.0, 0.6),
    "pairs": (0.3, 0.0),
    "beetle_en": (1.0, 0.5),
    "scientsbank_en": (1.0, 0.5),
    "saf_en": (0.0, 1.0),
    "le_zh": (0.0, 0.7),
    "asag_zh_mt": (0.0, 1.0),
}
"""Weight of a source's verdicts and of its scores, however many rows it has; MADE for each kind code made."""


@dataclass(frozen=True, slots=True)
class Aims:
    """What a fit is held to.

    Attributes:
        verdicts: Shape (points, 4), targets as evals.train_rows.Target; verdict_weights: (points,).
        scores: Shape (answers,); score_weights: (answers,).
    """

    verdicts: Array
    verdict_weights: Array
    scores: Array
    score_weights: Array


@dataclass(frozen=True, slots=True)
class Batch:
    """All points that count, and the answers they belong to.

    Attributes:
        inputs: Shape (points, features), standardised.
        row_of: Shape (points,): index of the answer.
        shares: Shape (points,): what a fully held point adds to the score of its answer.
    """

    inputs: Array
    row_of: NDArray[np.int64]
    shares: Array
    asked: Aims


def aims(table: Table, used: NDArray[np.bool_]) -> Aims:
    """What the rows of `used` ask for; shape (rows,)."""
    chosen = used & table.nearest
    point_weights = np.zeros(len(table.features))
    row_weights = np.zeros(len(table.rows))
    for source in sorted({row.source for row in table.rows}):
        ours = chosen & np.array([row.source == source for row in table.rows])
        verdicts, scores = SOURCES.get(source, (MADE, 0.0))
        points = ours[table.row_of] & (table.targets.sum(axis=1) > 0)
        scored = ours & ~np.isnan(table.scores)
        point_weights[points] = verdicts / max(1, int(points.sum()))
        row_weights[scored] = scores / max(1, int(scored.sum()))
    return Aims(
        table.targets.astype(np.float32),
        point_weights.astype(np.float32),
        np.nan_to_num(table.scores).astype(np.float32),
        row_weights.astype(np.float32),
    )


def fit(table: Table, used: NDArray[np.bool_], seed: int = 0) -> Network:
    """A network fitted on the rows of `used`, shape (rows,); the same seed gives the same weights."""
    asked = aims(table, used)
    points = used[table.row_of]
    mean = table.features[points].mean(axis=0)
    scale = np.maximum(table.features[points].std(axis=0), 0.05)
    kept = np.where((asked.verdict_weights > 0) | (asked.score_weights[table.row_of] > 0))[0]
    batch = Batch(
        inputs=np.clip((table.features[kept] - mean) / scale, -4, 4).astype(np.float32),
        row_of=table.row_of[kept],
        shares=table.shares[kept].astype(np.float32),
        asked=Aims(asked.verdicts[kept], asked.verdict_weights[kept], asked.scores, asked.score_weights),
    )
    weights = _descend(_first_weights(batch.inputs.shape[1], seed), lambda now: _slopes(now, batch))
    rounded = [np.round(part, 5).tolist() for part in (mean, scale, *weights)]
    return Network.model_validate(dict(zip(Network.model_fields, rounded, strict=True)))


def _first_weights(inputs: int, seed: int) -> list[Array]:
    chance = np.random.default_rng(seed)
    parts = [
        chance.normal(0, inputs**-0.5, (inputs, HIDDEN)),
        np.zeros(HIDDEN),
        chance.normal(0, HIDDEN**-0.5, (HIDDEN, 4)),
        np.zeros(4),
        np.zeros((inputs, 4)),
    ]
    return [part.astype(np.float32) for part in parts]


def tempered(network: Network, table: Table, held: NDArray[np.bool_]) -> float:
    """The temperature under which the verdicts of held rows, shape (rows,), are likeliest."""
    asked = aims(table, held)
    points = np.where(asked.verdict_weights > 0)[0]
    weights, targets = asked.verdict_weights[points], asked.verdicts[points]
    verifier = Verifier(version="", features=NAMES, networks=[network])

    def loss(temperature: float) -> float:
        warm = verifier.model_copy(update={"temperature": temperature})
        likely = (warm.probabilities(table.features[points]) * targets).sum(axis=1)
        return -float(weights @ np.log(likely + 1e-9))

    return float(min(np.arange(0.7, 2.05, 0.05), key=loss).round(2))


def _descend(weights: list[Array], slopes_at: Callable[[list[Array]], list[Array]]) -> list[Array]:
    """Adam with a rate that falls to nothing along a cosine."""
    first = [np.zeros_like(part) for part in weights]
    second = [np.zeros_like(part) for part in weights]
    for step in range(1, STEPS + 1):
        rate = RATE * 0.5 * (1 + np.cos(np.pi * step / STEPS))
        for index, slope in enumerate(slopes_at(weights)):
            first[index] = 0.9 * first[index] + 0.1 * slope
            second[index] = 0.999 * second[index] + 0.001 * slope**2
            ahead = first[index] / (1 - 0.9**step)
            spread = np.sqrt(second[index] / (1 - 0.999**step))
            weights[index] = weights[index] - float(rate) * ahead / (spread + 1e-8)
    return weights


def _slopes(weights: list[Array], batch: Batch) -> list[Array]:
    """Gradient of the loss by each part of the weights."""
    into, shift, out, bias, direct = weights
    hidden = np.tanh(batch.inputs @ into + shift)
    likely = _softmax(hidden @ out + bias + batch.inputs @ direct)
    logits = _of_verdicts(likely, batch.asked) + _of_scores(likely, batch)
    behind = (logits @ out.T) * (1 - hidden**2)
    return [
        batch.inputs.T @ behind + 2 * PENALTY * into,
        behind.sum(axis=0),
        hidden.T @ logits + 2 * PENALTY * out,
        logits.sum(axis=0),
        batch.inputs.T @ logits + 2 * PENALTY * direct,
    ]


def _of_verdicts(likely: Array, asked: Aims) -> Array:
    """Slope of the cross-entropy by the logits; an open target weighs its likelier status more."""
    open_ones = asked.verdicts.sum(axis=1, keepdims=True) > 1.01
    chosen = likely * asked.verdicts
    chosen = chosen / np.maximum(chosen.sum(axis=1, keepdims=True), 1e-9)
    wanted = np.where(open_ones, chosen, asked.verdicts)
    return asked.verdict_weights[:, None] * (likely - wanted)


def _of_scores(likely: Array, batch: Batch) -> Array:
    """Slope of the squared errors of whole scores by the logits."""
    expected = likely @ _WORTH
    span = EXPECTED_TO - EXPECTED_FROM
    value = (expected - EXPECTED_FROM) / span
    inside = (value > 0) & (value < 1)
    value = np.where(inside, value, np.clip(value, 0, 1) + LEAK * (value - np.clip(value, 0, 1)))
    scores = np.bincount(batch.row_of, weights=value * batch.shares, minlength=len(batch.asked.scores))
    errors = 2 * SCORE_WEIGHT * batch.asked.score_weights * (scores - batch.asked.scores)
    by_value = errors.astype(np.float32)[batch.row_of] * batch.shares * np.where(inside, 1, LEAK) / span
    return by_value.astype(np.float32)[:, None] * likely * (_WORTH - expected[:, None])


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
