"""Figures of a verifier on questions that it has not seen."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.grading.judge_features import earned
from bot.grading.normal import plain
from bot.grading.verifier import STATUSES
from bot.grading.words import tokens, unit_set
from evals.train_rows import Row

_VALUES = np.array([1.0, 0.5, 0.0, 0.0])


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and the probabilities it got, shape (4,)."""

    row: Row
    probabilities: NDArray[np.float64]

    @property
    def status(self) -> int:
        """Index of the likeliest status."""
        return int(self.probabilities.argmax())

    @property
    def value(self) -> float:
        """What it earns, as the judge counts it."""
        return earned(STATUSES[self.status], float(self.probabilities @ _VALUES))


def figures(found: Sequence[Judged], trained: Sequence[Row]) -> dict[str, object]:
    """Figures by source."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in found:
        groups[one.row.source].append(one)
    return {
        source: _made(items)
        if source.startswith("made:")
        else _people(items, [row for row in trained if row.source == source])
        for source, items in sorted(groups.items())
    }


def _made(items: list[Judged]) -> dict[str, object]:
    """Share of rows whose likeliest status is the one meant, and how the others fell."""
    by_wanted: dict[str, dict[str, float]] = {}
    names = ("covered", "partial", "missing", "contradicted")
    for wanted in range(4):
        rows = [one for one in items if int(np.argmax(one.row.target)) == wanted]
        if rows:
            by_wanted[names[wanted]] = {"n": len(rows)} | {
                names[status]: round(sum(one.status == status for one in rows) / len(rows), 3)
                for status in range(4)
            }
    return {"wanted": by_wanted}


def _people(items: list[Judged], trained: list[Row]) -> dict[str, object]:
    from sklearn.metrics import cohen_kappa_score, confusion_matrix, f1_score, recall_score

    result: dict[str, object] = {"rows": len(items), "questions": len({one.row.group for one in items})}
    if all(max(one.row.target) == 1.0 for one in items):
        wanted = [int(np.argmax(one.row.target)) for one in items]
        given = [one.status for one in items]
        result |= {
            "macro_f1": round(float(f1_score(wanted, given, average="macro")), 3),
            "contradicted_recall": round(float(recall_score(wanted, given, labels=[3], average="macro")), 3),
            "confusion": confusion_matrix(wanted, given, labels=[0, 1, 2, 3]).tolist(),
        }
    gold, ours = _by_answer(items)
    levels = np.linspace(0, 1, 11 if len(set(gold)) > 3 else len(set(gold)))

    def binned(values: NDArray[np.float64]) -> list[int]:
        return [int(np.abs(levels - value).argmin()) for value in values]

    floor = _floor(items, trained)
    result |= {
        "answers": len(gold),
        "qwk": round(float(cohen_kappa_score(binned(gold), binned(ours), weights="quadratic")), 3),
        "pearson": round(float(np.corrcoef(gold, ours)[0, 1]), 3),
        "mae": round(float(np.abs(gold - ours).mean()), 3),
        "bias": round(float((ours - gold).mean()), 3),
        "floor_qwk": round(float(cohen_kappa_score(binned(gold), binned(floor), weights="quadratic")), 3),
        "floor_pearson": round(float(np.corrcoef(gold, floor)[0, 1]), 3),
    }
    return result


def _by_answer(items: Sequence[Judged]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in items:
        groups[one.row.answer_id].append(one)
    gold = np.array([group[0].row.score or 0.0 for group in groups.values()])
    ours = np.array([float(np.mean([one.value for one in group])) for group in groups.values()])
    return gold, ours


def _floor(items: Sequence[Judged], trained: list[Row]) -> NDArray[np.float64]:
    """Ridge on length and word overlap, fitted on the same set's training questions."""
    from sklearn.linear_model import Ridge

    rows, gold = _plain_features(trained)
    tested, _ = _plain_features([one.row for one in items])
    return np.clip(Ridge().fit(rows, gold).predict(tested), 0, 1)


def _plain_features(rows: Sequence[Row]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.answer_id].append(row)
    found: list[list[float]] = []
    for group in groups.values():
        said = unit_set(plain(group[0].answer))
        wanted = unit_set(plain(" ".join(row.point for row in group)))
        shared = len(said & wanted)
        found.append(
            [
                np.log1p(len(tokens(plain(group[0].answer)))),
                shared / max(1, len(wanted)),
                shared / max(1, len(said)),
            ]
        )
    return np.array(found), np.array([group[0].score or 0.0 for group in groups.values()])
