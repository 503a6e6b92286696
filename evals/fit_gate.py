"""Fits the weights of the evidence gate: `python -m evals.fit_gate`.

The features are already on one scale for every index (bot.retrieval.calibration), so that the weights
hold for other notes and other embedders without refitting. The probes are of the sample notes and are
kept apart from every set that the evals measure on.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.app import Kaodian, open_kaodian
from bot.retrieval.evidence import Features, features
from bot.seams import no_progress
from bot.settings import load_settings

PROBES = "gate_dev.jsonl"
STRENGTH = 1.0
"""Inverse regularisation of the logistic regression."""

NAMES = ("nearness", "coverage", "lead", "complete")


@dataclass(frozen=True)
class Fit:
    """Weights, and how they do on probes they were not fitted on (leave one out)."""

    bias: float
    weights: dict[str, float]
    auc: float
    kept: float
    """Share of answerable probes that are answered."""
    refused: float
    """Share of the others that are refused."""


def probes() -> list[tuple[str, bool]]:
    """Queries, and whether the sample notes answer them."""
    text = files("evals").joinpath("sets", PROBES).read_text("utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    return [(row["query"], row["answerable"]) for row in rows]


def seen(kaodian: Kaodian, query: str) -> Features:
    """What the gate sees of a query."""
    calibration = kaodian.calibration()
    if calibration is None:
        raise RuntimeError("the sample notes are not indexed")
    return features(query, kaodian.retriever.search(query), calibration, kaodian.index.words())


def fit(rows: Sequence[Features], labels: Sequence[bool]) -> Fit:
    """Logistic regression of `labels` on features."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import LeaveOneOut

    matrix: NDArray[np.float64] = np.array([[float(getattr(row, name)) for name in NAMES] for row in rows])
    truth = np.array(labels, dtype=bool)
    model = LogisticRegression(C=STRENGTH)
    folds = LeaveOneOut().split(matrix)
    held_out = np.zeros(len(truth))
    for rest, one in folds:
        model.fit(matrix[rest], truth[rest])
        held_out[one] = model.predict_proba(matrix[one])[:, 1]
    model.fit(matrix, truth)
    return Fit(
        bias=float(np.ravel(model.intercept_)[0]),
        weights={name: float(weight) for name, weight in zip(NAMES, model.coef_[0], strict=True)},
        auc=float(roc_auc_score(truth, held_out)),
        kept=float(np.mean(held_out[truth] >= 0.5)),
        refused=float(np.mean(held_out[~truth] < 0.5)),
    )


def main() -> None:
    """Index the sample notes, look at every probe, and print the fit as JSON."""
    kaodian = open_kaodian(load_settings(llm="none", sample="on"))
    try:
        kaodian.fetch_encoder(no_progress)
        kaodian.index_notes(no_progress)
        known = probes()
        found = fit([seen(kaodian, query) for query, _ in known], [answerable for _, answerable in known])
    finally:
        kaodian.close()
    sys.stdout.write(json.dumps(vars(found), indent=2) + "\n")


if __name__ == "__main__":
    main()
