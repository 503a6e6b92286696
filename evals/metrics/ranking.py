"""How well a number tells two classes apart."""

import numpy as np

from evals.metrics.agreement import weighted_ranks
from evals.metrics.bootstrap import Floats


def auc(positive: Floats, scores: Floats) -> float | None:
    """Area under the ROC curve; None unless both classes occur."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(positive, scores)) if len(set(positive.tolist())) == 2 else None


def weighted_auc(weights: Floats, positive: Floats, scores: Floats) -> Floats:
    """The same of each weighted sample; NaN where a class is not drawn.

    The rank sum of the positives counts what lies below them; what of that is positive itself, half its
    weight squared, is taken off again.
    """
    ups = weights * positive
    total_up, total = ups.sum(axis=1), weights.sum(axis=1)
    below = (ups * weighted_ranks(weights, scores)).sum(axis=1) - total_up**2 / 2
    pairs = total_up * (total - total_up)
    return np.where(pairs > 0, below / np.where(pairs > 0, pairs, 1), np.nan)
