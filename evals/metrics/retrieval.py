"""How high the wanted passage stands among what was retrieved."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics.bootstrap import Floats, estimate, mean_of
from evals.metrics.estimate import Estimate

RANKS = (1, 3, 10)
CHARS = 1500


@dataclass(frozen=True)
class Found:
    """Where the wanted passage was found; both None if it was not among 20 chunks."""

    rank: int | None
    chars: int | None
    """Characters returned up to and including the chunk that holds it."""
    group: Hashable


def retrieval_figures(found: Sequence[Found]) -> dict[str, Estimate]:
    """recall@1, @3, @10, MRR and recall within the first 1,500 characters; a miss counts as 0."""
    groups = [item.group for item in found]
    ranks = np.array([item.rank or np.inf for item in found])
    chars = np.array([np.inf if item.chars is None else item.chars for item in found])
    columns: dict[str, Floats] = {f"recall@{k}": (ranks <= k).astype(float) for k in RANKS}
    columns["mrr"] = 1 / ranks
    columns[f"recall_{CHARS}_chars"] = (chars <= CHARS).astype(float)
    return {
        name: estimate(float(np.mean(values)), mean_of(values), groups) for name, values in columns.items()
    }


def length_figures(lengths: Sequence[int]) -> dict[str, Estimate]:
    """Median and 95th percentile of the characters of a chunk."""
    if not lengths:
        return {}
    median, high = np.percentile(lengths, [50, 95])
    return {
        "chunk_chars_median": Estimate(value=float(median)),
        "chunk_chars_p95": Estimate(value=float(high)),
    }
