"""Intervals by resampling questions, then the answers to each (cluster bootstrap).

A resample is a vector of how often each row is drawn, so that a statistic of weighted rows gives
all resamples at once; answers to one question are not independent, hence the clusters.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.metrics.estimate import Estimate

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
"""From weights of shape (resamples, rows) to one value per resample; NaN where undefined."""

Measured = tuple[float | None, Statistic]
"""A figure, and what gives it for resampled rows."""

RESAMPLES = 1000
SEED = 20260101
CHUNK = 100
"""Resamples that are computed at once, which bounds memory."""


def draws(groups: Sequence[Hashable], resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Floats]:
    """Weights of shape (at most 100, rows), together `resamples` rows of them."""
    generator = np.random.default_rng(seed)
    members: dict[Hashable, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    for first in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - first)
        weights = np.zeros((size, len(groups)))
        counts = generator.multinomial(len(members), np.full(len(members), 1 / len(members)), size=size)
        for column, rows in enumerate(members.values()):
            share = np.full(len(rows), 1 / len(rows))
            weights[:, rows] = generator.multinomial(counts[:, column] * len(rows), share)
        yield weights


def estimate(
    value: float | None, statistic: Statistic, groups: Sequence[Hashable], *, resamples: int = RESAMPLES
) -> Estimate:
    """`value` with the 2.5th and 97.5th percentile of `statistic` over resampled questions.

    No interval where there are fewer than two questions or the value is undefined.
    """
    if value is None or not np.isfinite(value):
        return Estimate(value=None)
    if len(set(groups)) < 2:
        return Estimate(value=float(value))
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.concatenate([statistic(weights) for weights in draws(groups, resamples)])
    values = values[np.isfinite(values)]
    if not len(values):
        return Estimate(value=float(value))
    low, high = np.percentile(values, [2.5, 97.5])
    return Estimate(value=float(value), low=float(low), high=float(high))


def estimate_all(measured: Mapping[str, Measured], groups: Sequence[Hashable]) -> dict[str, Estimate]:
    """Each figure with its interval; all see the same resamples."""
    return {name: estimate(value, statistic, groups) for name, (value, statistic) in measured.items()}


def mean_of(values: Floats) -> Statistic:
    """The weighted mean of one value per row."""
    return lambda weights: (weights @ values) / weights.sum(axis=1)
