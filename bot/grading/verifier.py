"""The trained part: features of one key point in, calibrated probabilities of the four statuses out.

Weights and their origin: verifier.json, described in MODEL_CARD.md, made by `python -m evals.train`.
"""

import json
from functools import cache
from importlib.resources import files

import numpy as np
from pydantic import Field

from bot.domain.grades import STATUS_VALUE, Status
from bot.domain.spans import Frozen
from bot.grading.features import NAMES, Features

STATUSES = (Status.COVERED, Status.PARTIAL, Status.MISSING, Status.CONTRADICTED)
"""Order of a row of probabilities."""
VALUES: Features = np.array([STATUS_VALUE[status] for status in STATUSES])
EXPECTED_FROM, EXPECTED_TO = 0.1, 0.85
"""An expected value up to the first earns nothing, from the second on everything, between them its share."""

LINE_SHARE = 0.5
"""Share of the line in what a point is worth; the rest is the expected value of its probabilities."""


class Network(Frozen):
    """One hidden layer (tanh) beside a direct way, over standardised features.

    Shapes: mean, scale (features,); into (features, hidden); shift (hidden,); out (hidden, 4); bias (4,);
    direct (features, 4).
    """

    mean: list[float]
    scale: list[float]
    into: list[list[float]]
    shift: list[float]
    out: list[list[float]]
    bias: list[float]
    direct: list[list[float]]

    def logits(self, rows: Features) -> Features:
        """Shape (n, 4) for features of shape (n, features)."""
        inputs = np.clip((rows - np.array(self.mean)) / np.array(self.scale), -4, 4)
        hidden = np.tanh(inputs @ np.array(self.into) + np.array(self.shift))
        return hidden @ np.array(self.out) + np.array(self.bias) + inputs @ np.array(self.direct)


class ValueLine(Frozen):
    """A straight line from features to what people would give: it carries over to other fields better."""

    mean: list[float]
    scale: list[float]
    weights: list[float]
    bias: float

    def values(self, rows: Features) -> Features:
        """Shape (n,), 0..1, for features of shape (n, features)."""
        inputs = np.clip((rows - np.array(self.mean)) / np.array(self.scale), -4, 4)
        return np.clip(inputs @ np.array(self.weights) + self.bias, 0, 1)


class Ensemble(Frozen):
    """Networks whose logits are averaged, cooled by one temperature."""

    networks: list[Network] = Field(min_length=1)
    temperature: float = Field(default=1.0, gt=0)
    """What logits are divided by: fitted on questions that the weights have not seen."""

    def probabilities(self, rows: Features) -> Features:
        """Shape (n, 4) in the order of STATUSES, for features of shape (n, len(NAMES))."""
        logits = np.mean([network.logits(rows) for network in self.networks], axis=0)
        return softmax(logits / self.temperature)


class Verifier(Frozen):
    """What was learned of the two kinds of key points, and how rare words are."""

    version: str
    features: tuple[str, ...]
    key_points: Ensemble
    """For statements that were chosen so that an answer should hold each."""
    general: Ensemble
    """Fitted on all sets, of any field: for parts of a reference answer."""
    line: ValueLine
    """What examiners give for parts of a reference."""
    rarity: dict[str, float] = Field(default_factory=dict)
    """Weight of common content units; others weigh 1."""
    token_rarity: dict[str, float] = Field(default_factory=dict)
    """Weight of the encoder's common tokens, as written; others weigh 1."""

    def probabilities(self, rows: Features, *, by_reference: bool = False) -> Features:
        """Probabilities, shape (n, 4) in the order of STATUSES, of features of shape (n, len(NAMES)).

        Raises:
            ValueError: The weights were made for other features.
        """
        self._check()
        return (self.general if by_reference else self.key_points).probabilities(rows)

    def values(self, rows: Features) -> Features:
        """What people would give for each part of a reference, shape (n,), 0..1, as far as a line can tell.

        Raises:
            ValueError: The weights were made for other features.
        """
        self._check()
        return self.line.values(rows)

    def _check(self) -> None:
        if self.features != NAMES:
            raise ValueError("verifier.json was trained on other features: run python -m evals.train")


def softmax(logits: Features) -> Features:
    """Probabilities of each row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@cache
def shipped_verifier() -> Verifier:
    """The weights that come with the product."""
    return Verifier.model_validate(
        json.loads(files(__package__ or "").joinpath("verifier.json").read_text("utf-8"))
    )
