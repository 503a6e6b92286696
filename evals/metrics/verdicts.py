"""Statuses per key point against gold statuses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from bot.domain.grades import Status
from evals.metrics.bootstrap import Floats, estimate, mean_of
from evals.metrics.estimate import Estimate

STATUSES = tuple(Status)


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
    if not judged:
        return {}
    from sklearn.metrics import accuracy_score, f1_score

    gold = np.array([STATUSES.index(item.gold) for item in judged])
    given = np.array([STATUSES.index(item.given) for item in judged])
    groups = [item.group for item in judged]
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
        "verdict_accuracy": estimate(float(accuracy_score(gold, given)), mean_of(right), groups),
        "macro_f1": estimate(macro, lambda w: macro_f1(tables(w)), groups),
        "contradicted_recall": estimate(float(recall[0]), lambda w: _share(tables(w), index, axis=2), groups),
        "contradicted_precision": estimate(
            float(precision[0]), lambda w: _share(tables(w), index, axis=1), groups
        ),
        "confidence_ece": Estimate(value=calibration_error(confidence, right)),
        "confidence_auc": Estimate(value=auc(right, confidence)),
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


def calibration_error(confidence: Floats, right: Floats, bins: int = 10) -> float:
    """Expected calibration error over equally wide bins of confidence, 0..1."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[place == b].mean() - right[place == b].mean()) * (place == b).sum() for b in set(place)
    ]
    return float(sum(gaps) / len(right))


def auc(positive: Floats, scores: Floats) -> float | None:
    """Area under the ROC curve; None unless both classes occur."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(positive, scores)) if len(set(positive.tolist())) == 2 else None
