"""Statuses per key point against gold statuses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from bot.domain.grades import Status
from evals.metrics.bootstrap import Floats, Measured, Statistic, estimate_all, mean_of
from evals.metrics.estimate import Estimate
from evals.metrics.ranking import auc, weighted_auc

STATUSES = tuple(Status)
BINS = 10
"""Equally wide bins of confidence."""


@dataclass(frozen=True)
class Judged:
    """One key point of one answer."""

    gold: Status
    given: Status
    confidence: float
    group: str


def confusion(judged: Sequence[Judged]) -> list[dict[str, JsonValue]]:
    """One row per gold status, one column per given status."""
    from sklearn.metrics import confusion_matrix

    gold, given = [item.gold for item in judged], [item.given for item in judged]
    table = confusion_matrix(gold, given, labels=list(STATUSES))
    rows: list[dict[str, JsonValue]] = []
    for status, counts in zip(STATUSES, table.tolist(), strict=True):
        rows.append({"gold": str(status)} | dict(zip(map(str, STATUSES), counts, strict=True)))
    return rows


def verdict_figures(judged: Sequence[Judged]) -> dict[str, Estimate]:
    """Accuracy, macro-F1, recall and precision of contradicted, calibration of the confidence."""
    return estimate_all(measured_verdicts(judged), [item.group for item in judged])


def measured_verdicts(judged: Sequence[Judged]) -> dict[str, Measured]:
    """The same before resampling: each figure with what gives it for resampled verdicts."""
    if not judged:
        return {}
    from sklearn.metrics import accuracy_score, f1_score

    gold = np.array([STATUSES.index(item.gold) for item in judged])
    given = np.array([STATUSES.index(item.given) for item in judged])
    cells = np.zeros((len(judged), len(STATUSES) ** 2))
    cells[np.arange(len(judged)), gold * len(STATUSES) + given] = 1
    right = (gold == given).astype(float)

    def tables(weights: Floats) -> Floats:
        return (weights @ cells).reshape(-1, len(STATUSES), len(STATUSES))

    index = STATUSES.index(Status.CONTRADICTED)
    whole = tables(np.ones((1, len(judged))))
    recall, precision = _share(whole, index, axis=2), _share(whole, index, axis=1)
    macro = float(f1_score(gold, given, average="macro"))
    confidence = np.array([item.confidence for item in judged])
    return {
        "verdict_accuracy": (float(accuracy_score(gold, given)), mean_of(right)),
        "macro_f1": (macro, lambda w: macro_f1(tables(w))),
        "contradicted_recall": (float(recall[0]), lambda w: _share(tables(w), index, axis=2)),
        "contradicted_precision": (float(precision[0]), lambda w: _share(tables(w), index, axis=1)),
        "confidence_ece": (calibration_error(confidence, right), _calibration(confidence, right)),
        "confidence_auc": (auc(right, confidence), lambda w: weighted_auc(w, right, confidence)),
    }


def macro_f1(tables: Floats) -> Floats:
    """Mean F1 over the statuses that occur in gold or given; shape (tables, 4, 4) to (tables,)."""
    hits = np.diagonal(tables, axis1=1, axis2=2)
    size = tables.sum(axis=1) + tables.sum(axis=2)
    occurs = size > 0
    f1 = np.where(occurs, 2 * hits / np.where(occurs, size, 1), 0)
    return f1.sum(axis=1) / occurs.sum(axis=1)


def _share(tables: Floats, index: int, *, axis: int) -> Floats:
    """Diagonal over row sum (axis 2: recall) or column sum (axis 1: precision) of one status."""
    total = tables.sum(axis=axis)[:, index]
    return np.where(total > 0, tables[:, index, index] / np.where(total > 0, total, 1), np.nan)


def calibration_error(confidence: Floats, right: Floats) -> float:
    """Expected calibration error over ten equally wide bins of confidence, 0..1."""
    return float(_calibration(confidence, right)(np.ones((1, len(right))))[0])


def _calibration(confidence: Floats, right: Floats) -> Statistic:
    gaps = np.zeros((len(right), BINS))
    gaps[np.arange(len(right)), _bins(confidence)] = confidence - right
    return lambda weights: np.abs(weights @ gaps).sum(axis=1) / weights.sum(axis=1)


def reliability(judged: Sequence[Judged]) -> list[dict[str, JsonValue]]:
    """For each bin of confidence that occurs: its mean, the share of right verdicts, how many."""
    confidence = np.array([item.confidence for item in judged])
    right = np.array([item.gold is item.given for item in judged], dtype=float)
    place = _bins(confidence)
    return [
        {
            "confidence": float(confidence[place == b].mean()),
            "right": float(right[place == b].mean()),
            "n": int((place == b).sum()),
        }
        for b in sorted(set(place.tolist()))
    ]


def _bins(confidence: Floats) -> NDArray[np.int64]:
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
