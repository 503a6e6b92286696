"""How far scores agree with gold scores: one function for the figure, one for its resamples."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.metrics.bootstrap import Floats, Measured, estimate_all, mean_of
from evals.metrics.estimate import Estimate

Ints = NDArray[np.int64]

MAX_OWN_LEVELS = 11


def levels_of(gold: Floats) -> Floats:
    """The levels that QWK counts in: the gold's own if at most 11, else 0, 0.1, … 1."""
    own = np.unique(np.round(gold, 9))
    return own if len(own) <= MAX_OWN_LEVELS else np.linspace(0, 1, MAX_OWN_LEVELS)


def binned(scores: Floats, levels: Floats) -> Ints:
    """Index of the nearest level for each score; the lower of two that are equally near."""
    distances = np.round(np.abs(scores[:, None] - levels[None, :]), 9)
    return distances.argmin(axis=1)


@dataclass(frozen=True)
class Pairs:
    """Gold and given scores, both in 0..1, with the question each belongs to."""

    gold: Floats
    given: Floats
    groups: Sequence[Hashable]
    levels: Floats

    @property
    def gold_bins(self) -> Ints:
        """Level of each gold score."""
        return binned(self.gold, self.levels)

    @property
    def given_bins(self) -> Ints:
        """Level of each given score."""
        return binned(self.given, self.levels)


def agreement(pairs: Pairs, only: Collection[str] = ()) -> dict[str, Estimate]:
    """QWK, MAE, RMSE, bias, correlations, exact and adjacent agreement, each with its interval.

    `only` names the figures that are wanted; empty for all.
    """
    return estimate_all(measured_agreement(pairs, only), pairs.groups)


def measured_agreement(pairs: Pairs, only: Collection[str] = ()) -> dict[str, Measured]:
    """The same before resampling: each figure with what gives it for resampled rows."""
    if not len(pairs.gold):
        return {}
    makers: dict[str, Callable[[Pairs], Measured]] = {
        "qwk": _qwk,
        "mae": _mae,
        "rmse": _rmse,
        "bias": _bias,
        "pearson": lambda p: _pooled(p, ranks=False),
        "spearman": lambda p: _pooled(p, ranks=True),
        "pearson_within": lambda p: _within(p, ranks=False),
        "spearman_within": lambda p: _within(p, ranks=True),
        "exact": lambda p: _close(p, 0),
        "adjacent": lambda p: _close(p, 1),
    }
    return {name: make(pairs) for name, make in makers.items() if not only or name in only}


def _qwk(pairs: Pairs) -> Measured:
    from sklearn.metrics import cohen_kappa_score

    size = len(pairs.levels)
    gold, given = pairs.gold_bins, pairs.given_bins
    if size < 2:
        return None, mean_of(pairs.gold)
    value = float(cohen_kappa_score(gold, given, weights="quadratic", labels=list(range(size))))
    cells = np.zeros((len(gold), size * size))
    cells[np.arange(len(gold)), gold * size + given] = 1
    return value, lambda weights: weighted_kappa((weights @ cells).reshape(-1, size, size))


def weighted_kappa(tables: Floats) -> Floats:
    """Quadratic weighted kappa of each confusion table; shape (tables, levels, levels) to (tables,)."""
    size = tables.shape[-1]
    steps = np.arange(size)
    penalty = (steps[:, None] - steps[None, :]) ** 2
    total = tables.sum(axis=(1, 2))
    expected = tables.sum(axis=2)[:, :, None] * tables.sum(axis=1)[:, None, :] / total[:, None, None]
    return 1 - (penalty * tables).sum(axis=(1, 2)) / (penalty * expected).sum(axis=(1, 2))


def _mae(pairs: Pairs) -> Measured:
    from sklearn.metrics import mean_absolute_error

    value = float(mean_absolute_error(pairs.gold, pairs.given))
    return value, mean_of(np.abs(pairs.given - pairs.gold))


def _rmse(pairs: Pairs) -> Measured:
    from sklearn.metrics import root_mean_squared_error

    squares = mean_of((pairs.given - pairs.gold) ** 2)
    return float(root_mean_squared_error(pairs.gold, pairs.given)), lambda weights: np.sqrt(squares(weights))


def _bias(pairs: Pairs) -> Measured:
    errors = pairs.given - pairs.gold
    return float(errors.mean()), mean_of(errors)


def _close(pairs: Pairs, steps: int) -> Measured:
    near = (np.abs(pairs.gold_bins - pairs.given_bins) <= steps).astype(float)
    # With two levels everything is adjacent, which says nothing.
    value = float(near.mean()) if len(pairs.levels) > steps + 1 else None
    return value, mean_of(near)


def weighted_correlation(weights: Floats, x: Floats, y: Floats) -> Floats:
    """Pearson's r of weighted rows; x and y of shape (rows,) or (resamples, rows)."""
    total = weights.sum(axis=1, keepdims=True)
    dx = x - (weights * x).sum(axis=1, keepdims=True) / total
    dy = y - (weights * y).sum(axis=1, keepdims=True) / total
    covariance = (weights * dx * dy).sum(axis=1)
    spread = (weights * dx * dx).sum(axis=1) * (weights * dy * dy).sum(axis=1)
    spread = np.where(spread > 1e-18 * total[:, 0] ** 2, spread, np.nan)
    return covariance / np.sqrt(spread)


def weighted_ranks(weights: Floats, values: Floats) -> Floats:
    """Rank of each row among the rows drawn, ties averaged; shape (resamples, rows)."""
    order = np.argsort(values, kind="stable")
    _, first, inverse = np.unique(values[order], return_index=True, return_inverse=True)
    size = np.add.reduceat(weights[:, order], first, axis=1)
    middle = np.cumsum(size, axis=1) - size / 2
    ranks = np.empty_like(weights)
    ranks[:, order] = middle[:, inverse]
    return ranks


def correlation(weights: Floats, x: Floats, y: Floats, *, ranks: bool) -> Floats:
    """Pearson's r of weighted rows, or Spearman's if `ranks`; one value per resample."""
    if ranks:
        return weighted_correlation(weights, weighted_ranks(weights, x), weighted_ranks(weights, y))
    return weighted_correlation(weights, x, y)


def _pooled(pairs: Pairs, *, ranks: bool) -> Measured:
    def statistic(weights: Floats) -> Floats:
        return correlation(weights, pairs.gold, pairs.given, ranks=ranks)

    value = float(statistic(np.ones((1, len(pairs.gold))))[0])
    return (value if np.isfinite(value) else None), statistic


def _within(pairs: Pairs, *, ranks: bool) -> Measured:
    """Mean over questions whose gold varies; equal scores for all answers count as 0."""
    members: dict[Hashable, list[int]] = {}
    for row, group in enumerate(pairs.groups):
        members.setdefault(group, []).append(row)
    varied = [rows for rows in members.values() if np.ptp(pairs.gold[rows]) > 1e-9]

    def statistic(weights: Floats) -> Floats:
        total, drawn = np.zeros(len(weights)), np.zeros(len(weights))
        for rows in varied:
            part = weights[:, rows]
            r = np.nan_to_num(correlation(part, pairs.gold[rows], pairs.given[rows], ranks=ranks))
            times = part.sum(axis=1) / len(rows)
            total += times * r
            drawn += times
        return total / drawn

    if not varied:
        return None, statistic
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(statistic(np.ones((1, len(pairs.gold))))[0]), statistic
