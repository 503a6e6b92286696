"""What anybody could write in ten minutes: a judge is worth what it is above this."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.checking.probes import Probe
from bot.grading.normal import plain
from bot.grading.words import unit_set

_RIDGE = 1.0


def floor_scores(probes: Sequence[Probe]) -> NDArray[np.float64]:
    """Scores in 0..1 by length and shared words, each question scored by a fit on the others."""
    gold = np.array([probe.gold for probe in probes])
    rows = np.array([_features(probe) for probe in probes])
    rows = (rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), 1e-9)
    scores = np.zeros(len(probes))
    for question in {probe.question for probe in probes}:
        held = np.array([probe.question == question for probe in probes])
        scores[held] = _predicted(rows[~held], gold[~held], rows[held])
    return np.clip(scores, 0, 1)


def _predicted(
    rows: NDArray[np.float64], gold: NDArray[np.float64], wanted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Ridge regression with an intercept that is not shrunk."""
    middle = rows.mean(axis=0)
    centred = rows - middle
    square = centred.T @ centred + _RIDGE * np.eye(rows.shape[1])
    weights = np.linalg.solve(square, centred.T @ (gold - gold.mean()))
    return gold.mean() + (wanted - middle) @ weights


def _features(probe: Probe) -> list[float]:
    answer = unit_set(plain(probe.answer))
    wanted = unit_set(plain(" ".join(probe.points)))
    shared = answer & wanted
    return [
        float(np.log1p(len(probe.answer))),
        len(answer) / max(1, len(wanted)),
        len(shared) / max(1, len(wanted)),
        len(shared) / max(1, len(answer)),
    ]
