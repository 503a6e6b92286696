"""Fitting the networks: verdicts in, weights out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.grading.verifier import Network, softmax
from evals.train_features import Table

Array = NDArray[np.floating[Any]]
HIDDEN = 64
STEPS = 300
RATE = 0.01
PENALTY = 5e-3
"""Of squared weights."""
MADE = 0.1


@dataclass(frozen=True, slots=True)
class Mix:
    """What the verdicts of each source count in a fit, however many rows it has.

    Attributes:
        sources: Weight of each; what is not named counts nothing.
        without: Kinds made by code that count nothing; each of the others counts MADE.
    """

    sources: Mapping[str, float]
    without: frozenset[str] = frozenset()

    def weight(self, source: str) -> float:
        """Of all verdicts of a source together."""
        kind = source.removeprefix("made:")
        made = 0.0 if kind == source or kind in self.without else MADE
        return self.sources.get(source, made)


_OWN = {"train_zh": 3.0, "train_styles": 0.7, "train_styles_b": 0.7, "train_fields": 0.4}
"""About as many verdicts as they have."""
_SAID_OTHERWISE = dict.fromkeys(("made:typos", "made:mixed", "made:paraphrased", "made:short"), 2 * MADE)
OF_KEY_POINTS = Mix({**_OWN, "pairs": 0.3, **_SAID_OTHERWISE}, without=frozenset({"off_topic", "shotgun"}))
"""Of statements that were chosen. What is left out teaches that everyday words are no answer, and costs
agreement on the gold set's development half; the safeguards see to both kinds."""
OF_ALL_SETS = Mix({"train_zh": 3.0, "pairs": 0.3, "beetle_en": 0.5, "scientsbank_en": 0.25})
"""Of parts of a reference, of any field, too. The sets written in candidates' styles are judged more strictly
than examiners judge, and made this agree less with sets left out."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The points that a fit is held to.

    Attributes:
        inputs: Shape (points, features), standardised.
        targets: Shape (points, 4), as evals.train_rows.Target.
        weights: Shape (points,), above 0.
    """

    inputs: Array
    targets: Array
    weights: Array


def weights_of(table: Table, used: NDArray[np.bool_], mix: Mix) -> Array:
    """What each point of the rows of `used`, shape (rows,), counts; 0 where nothing is known of it."""
    chosen = used & table.nearest
    known = table.targets.sum(axis=1) > 0
    sources = np.array([row.source for row in table.rows])
    weights = np.zeros(len(table.features), dtype=np.float32)
    for source in np.unique(sources):
        points = (chosen & (sources == source))[table.row_of] & known
        weights[points] = mix.weight(str(source)) / max(1, int(points.sum()))
    return weights


def fit(table: Table, used: NDArray[np.bool_], mix: Mix, seed: int = 0) -> Network:
    """A network fitted on the rows of `used`, shape (rows,); the same seed gives the same weights."""
    asked = weights_of(table, used, mix)
    kept = np.where(asked > 0)[0]
    mean = table.features[kept].mean(axis=0)
    scale = np.maximum(table.features[kept].std(axis=0), 0.05)
    batch = Batch(
        inputs=np.clip((table.features[kept] - mean) / scale, -4, 4).astype(np.float32),
        targets=table.targets[kept].astype(np.float32),
        weights=asked[kept],
    )
    weights = _descend(_first_weights(batch.inputs.shape[1], seed), lambda now: _slopes(now, batch))
    rounded = [np.round(part.astype(np.float64), 4).tolist() for part in (mean, scale, *weights)]
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


def tempered(network: Network, table: Table, held: NDArray[np.bool_], mix: Mix) -> float:
    """The temperature under which the verdicts of held rows, shape (rows,), are likeliest."""
    asked = weights_of(table, held, mix)
    points = np.where(asked > 0)[0]
    logits = network.logits(table.features[points])

    def loss(temperature: float) -> float:
        likely = (softmax(logits / temperature) * table.targets[points]).sum(axis=1)
        return -float(asked[points] @ np.log(likely + 1e-9))

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
    likely = softmax(hidden @ out + bias + batch.inputs @ direct)
    logits = _by_logits(likely, batch)
    behind = (logits @ out.T) * (1 - hidden**2)
    return [
        batch.inputs.T @ behind + 2 * PENALTY * into,
        behind.sum(axis=0),
        hidden.T @ logits + 2 * PENALTY * out,
        logits.sum(axis=0),
        batch.inputs.T @ logits + 2 * PENALTY * direct,
    ]


def _by_logits(likely: Array, batch: Batch) -> Array:
    """Slope of the cross-entropy by the logits; an open target weighs its likelier status more."""
    open_ones = batch.targets.sum(axis=1, keepdims=True) > 1.01
    chosen = likely * batch.targets
    chosen = chosen / np.maximum(chosen.sum(axis=1, keepdims=True), 1e-9)
    wanted = np.where(open_ones, chosen, batch.targets)
    return batch.weights[:, None] * (likely - wanted)
