"""Whether a grader pays for length: rank correlations with the characters of the answer."""

from collections.abc import Sequence

import numpy as np

from evals.cases import GradeCase
from evals.metrics.agreement import correlation
from evals.metrics.bootstrap import Floats, Measured, estimate_all
from evals.metrics.estimate import Estimate


def length_bias(cases: Sequence[GradeCase], gold: Floats, score: Floats) -> dict[str, Estimate]:
    """Spearman of length with the error (given minus gold), with given scores, with people's scores.

    A grader that is fair to length has an error that hangs together with it no more than people's
    scores do.
    """
    there = ~np.isnan(score)
    if not there.any():
        return {}
    length = np.array([len(case.answer) for case in cases], dtype=float)[there]
    groups = [case.group for case, made in zip(cases, there, strict=True) if made]
    columns = {
        "length_error": score[there] - gold[there],
        "length_score": score[there],
        "length_gold": gold[there],
    }
    return estimate_all({name: _ranked(length, values) for name, values in columns.items()}, groups)


def _ranked(length: Floats, values: Floats) -> Measured:
    def statistic(weights: Floats) -> Floats:
        return correlation(weights, length, values, ranks=True)

    return float(statistic(np.ones((1, len(length))))[0]), statistic
