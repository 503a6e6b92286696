"""The probability from which a part of a reference counts as contradicted, fitted on sets not seen."""

from collections.abc import Mapping

import numpy as np

from evals.train_features import Table
from evals.train_figures import Figures, Judged, Rows, agreement, answers, scores_of

TRIED = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Probabilities that contradicted may need; the first is none."""
Tried = Mapping[float, float]
"""QWK with each of them."""


def tried(found: Judged, table: Table, shown: Rows) -> Tried:
    """Agreement on rows of `shown`, shape (rows,), by weights that have seen nothing of their set."""
    groups = answers(table, shown)
    gold = np.array([table.scores[group[0]] for group in groups])
    result: dict[float, float] = {}
    for against in TRIED:
        scores = scores_of(found, table, against)
        result[against] = float(agreement(gold, np.array([scores[group].max() for group in groups]))["qwk"])
    return result


def fitted(sets: Mapping[str, Tried]) -> float:
    """What gives the highest mean QWK; each set weighs the same."""
    return max(TRIED, key=lambda against: float(np.mean([qwk[against] for qwk in sets.values()])))


def transferred(sets: Mapping[str, Tried]) -> dict[str, Figures]:
    """What is fitted on all sets, and how each does with what was fitted on the others."""
    found: dict[str, Figures] = {"surely against, fitted on all": {"against": fitted(sets)}}
    for name, here in sets.items():
        against = fitted({other: qwk for other, qwk in sets.items() if other != name})
        found[f"surely against, without {name}"] = {
            "against": against,
            "qwk": here[against],
            "qwk_before": here[TRIED[0]],
        }
    return found
