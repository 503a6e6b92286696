"""The line from features to people's scores: fitted within each set, so that no set's leniency bends it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.grading.features import NAMES
from bot.grading.verifier import ValueLine
from evals.train_features import Array, Table

STRENGTH = 1000.0
"""Of the ridge penalty, for sets that weigh 1,000 each."""
LENIENCY = ("saf_en", "le_zh", "asag_zh_mt", "train_zh")
"""Sets whose mean scores set the height of the line: those with partial credit."""
LENGTHS = frozenset({"al_length", "wanted_length", "length_ratio", "clause_length", "al_asked", "points"})
"""Features that talk alone can move: the line does without them."""


def value_line(table: Table, used: NDArray[np.bool_]) -> ValueLine:
    """A line fitted on the scored rows of `used`, shape (rows,); every set counts alike."""
    mean = table.features[used[table.row_of]].mean(axis=0)
    scale = np.maximum(table.features[used[table.row_of]].std(axis=0), 0.05)
    inputs = _by_row(np.clip((table.features - mean) / scale, -4, 4), table)
    sets = _sets(table, used)
    inputs = inputs * np.array([name not in LENGTHS for name in NAMES])
    weights = _ridge([inputs[rows] for rows in sets.values()], [table.scores[rows] for rows in sets.values()])
    heights = [
        float((table.scores[rows] - inputs[rows] @ weights).mean())
        for source, rows in sets.items()
        if source in LENIENCY
    ]
    return ValueLine(
        mean=np.round(mean, 5).tolist(),
        scale=np.round(scale, 5).tolist(),
        weights=np.round(weights, 5).tolist(),
        bias=round(float(np.mean(heights)), 5),
    )


def _by_row(inputs: Array, table: Table) -> Array:
    """Means over the points of each row, by what they add to its score; shape (rows, features)."""
    found = np.zeros((len(table.rows), inputs.shape[1]))
    np.add.at(found, table.row_of, inputs * table.shares[:, None])
    return found


def _sets(table: Table, used: NDArray[np.bool_]) -> dict[str, NDArray[np.int64]]:
    """Scored and measured rows of each set, the nearest alternative of each answer."""
    usable = used & table.nearest & ~np.isnan(table.scores) & np.array([row.measured for row in table.rows])
    sources = np.array([row.source for row in table.rows])
    return {str(source): np.where(usable & (sources == source))[0] for source in np.unique(sources[usable])}


def _ridge(inputs: Sequence[Array], scores: Sequence[Array]) -> Array:
    size = inputs[0].shape[1]
    left, right = STRENGTH * np.eye(size), np.zeros(size)
    for rows, wanted in zip(inputs, scores, strict=True):
        centred = (rows - rows.mean(axis=0)) * (STRENGTH / len(rows)) ** 0.5
        left += centred.T @ centred
        right += centred.T @ ((wanted - wanted.mean()) * (STRENGTH / len(rows)) ** 0.5)
    return np.asarray(np.linalg.solve(left, right), dtype=np.float64)
