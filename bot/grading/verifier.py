"""The trained part: features of one key point in, calibrated probabilities of the four statuses out.

Weights and their origin: verifier.json, described in MODEL_CARD.md, made by `python -m evals.train`.
"""

import json
from functools import cache
from importlib.resources import files

import numpy as np
from pydantic import Field

from bot.domain.grades import Status
from bot.domain.spans import Frozen
from bot.grading.features import NAMES, Features

STATUSES = (Status.COVERED, Status.PARTIAL, Status.MISSING, Status.CONTRADICTED)
"""Order of a row of probabilities."""


class Layer(Frozen):
    """One layer: x @ weights + bias."""

    weights: list[list[float]]
    """Shape (inputs, outputs)."""
    bias: list[float]


class Verifier(Frozen):
    """A small feed-forward network over standardised features (tanh between layers, softmax at the end)."""

    version: str
    features: tuple[str, ...]
    mean: list[float]
    scale: list[float]
    layers: list[Layer] = Field(min_length=1)
    temperature: float = Field(default=1.0, gt=0)
    """What logits are divided by: fitted on questions that the weights have not seen."""
    rarity: dict[str, float] = Field(default_factory=dict)
    """Weight of common content units; others weigh 1."""

    def probabilities(self, rows: Features) -> Features:
        """Probabilities, shape (n, 4) in the order of STATUSES, of features of shape (n, len(NAMES)).

        Raises:
            ValueError: The weights were made for other features.
        """
        if self.features != NAMES:
            raise ValueError("verifier.json was trained on other features: run python -m evals.train")
        hidden = np.clip((rows - np.array(self.mean)) / np.array(self.scale), -4, 4)
        for layer in self.layers[:-1]:
            hidden = np.tanh(hidden @ np.array(layer.weights) + np.array(layer.bias))
        logits = (
            hidden @ np.array(self.layers[-1].weights) + np.array(self.layers[-1].bias)
        ) / self.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


@cache
def shipped_verifier() -> Verifier:
    """The weights that come with the product."""
    return Verifier.model_validate(
        json.loads(files(__package__ or "").joinpath("verifier.json").read_text("utf-8"))
    )
