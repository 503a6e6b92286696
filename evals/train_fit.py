"""Fitting: standardise, a small network on soft targets, a temperature on questions it has not seen."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bot.grading.features import NAMES
from bot.grading.verifier import Layer, Verifier
from evals.train_rows import Row

Array = NDArray[np.float64]
HIDDEN = (24,)
PENALTY = 2.0
"""L2 strength of scikit-learn's MLPClassifier (alpha)."""


def fit(
    features: Array,
    rows: Sequence[Row],
    *,
    seed: int,
    hidden: tuple[int, ...] = HIDDEN,
    alpha: float = PENALTY,
) -> Verifier:
    """A verifier of these rows; features of shape (n, len(NAMES)) in the order of rows."""
    from sklearn.neural_network import MLPClassifier

    mean = features.mean(axis=0)
    scale = np.maximum(features.std(axis=0), 0.05)
    where, labels, weights = spread(rows)
    inputs = np.clip((features[where] - mean) / scale, -4, 4)
    model = MLPClassifier(
        hidden,
        activation="tanh",
        alpha=alpha,
        max_iter=60,
        learning_rate_init=3e-3,
        batch_size=256,  # pyright: ignore[reportArgumentType]  # the stub only knows "auto"
        random_state=seed,
    )
    model.fit(inputs, labels, sample_weight=weights)
    layers = [
        Layer(weights=np.round(matrix, 5).tolist(), bias=np.round(bias, 5).tolist())
        for matrix, bias in zip(
            cast(list[Array], model.coefs_), cast(list[Array], model.intercepts_), strict=True
        )
    ]
    return Verifier(
        version="1",
        features=NAMES,
        mean=np.round(mean, 5).tolist(),
        scale=np.round(scale, 5).tolist(),
        layers=layers,
    )


def spread(rows: Sequence[Row]) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """(row, label, weight) for each status that a row's target gives weight to."""
    where: list[int] = []
    labels: list[int] = []
    weights: list[float] = []
    for index, row in enumerate(rows):
        for label, share in enumerate(row.target):
            if share > 0:
                where.append(index)
                labels.append(label)
                weights.append(share * row.weight)
    return np.array(where), np.array(labels), np.array(weights)


def tempered(verifier: Verifier, features: Array, rows: Sequence[Row]) -> Verifier:
    """The same verifier with the temperature that fits unseen rows best."""
    where, labels, weights = spread(rows)

    def loss(temperature: float) -> float:
        judged = verifier.model_copy(update={"temperature": temperature}).probabilities(features)
        return float(-(weights * np.log(judged[where, labels] + 1e-9)).sum() / weights.sum())

    return verifier.model_copy(
        update={"temperature": float(min(np.arange(0.6, 2.55, 0.05), key=loss).round(2))}
    )
