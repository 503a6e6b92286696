"""Two or more grading runs over the same answers: differences, and how far repeats lie apart."""

from collections.abc import Mapping, Sequence

import numpy as np

from evals.cases import GradeCase
from evals.metrics.agreement import Pairs, levels_of, measured_agreement
from evals.metrics.bootstrap import Floats, Measured, estimate_all
from evals.metrics.estimate import Estimate
from evals.metrics.rows import Row, judged_of, scores_of
from evals.metrics.verdicts import measured_verdicts


def differences(
    first: Sequence[Row], second: Sequence[Row], cases: Sequence[GradeCase]
) -> dict[str, Estimate]:
    """Each figure of the second run minus the first's, over answers that both have scored.

    Both see the same resamples, so that what the answers have in common falls out of the interval.
    """
    both = [
        (one, other, case)
        for one, other, case in zip(first, second, cases, strict=True)
        if one.score is not None and other.score is not None and case.score is not None
    ]
    if not both:
        return {}
    ones, others, shared = (list(column) for column in zip(*both, strict=True))
    groups = [case.group for case in shared]
    gold = np.array([case.gold for case in shared])
    levels = levels_of(np.array([case.gold for case in cases if case.score is not None]))
    agreements = [measured_agreement(Pairs(gold, scores_of(rows), groups, levels)) for rows in (ones, others)]
    judged = [judged_of(rows, shared) for rows in (ones, others)]
    verdicts = [measured_verdicts(found) for found in judged]
    return estimate_all(_minus(*agreements), groups) | estimate_all(
        _minus(*verdicts), [item.group for item in judged[0]]
    )


def _minus(first: Mapping[str, Measured], second: Mapping[str, Measured]) -> dict[str, Measured]:
    return {name: _difference(first[name], second[name]) for name in first}


def _difference(first: Measured, second: Measured) -> Measured:
    if first[0] is None or second[0] is None:
        return None, first[1]

    def statistic(weights: Floats) -> Floats:
        return second[1](weights) - first[1](weights)

    return second[0] - first[0], statistic


def spread(runs: Sequence[Sequence[Row]]) -> dict[str, Estimate]:
    """How far the scores of one answer lie apart over the runs: share identical, mean, largest."""
    scores = np.stack([scores_of(rows) for rows in runs])
    scores = scores[:, ~np.isnan(scores).any(axis=0)]
    if not scores.size:
        return {}
    apart = np.ptp(scores, axis=0)
    return {
        "identical": Estimate(value=float((apart == 0).mean())),
        "spread_mean": Estimate(value=float(apart.mean())),
        "spread_most": Estimate(value=float(apart.max())),
    }
