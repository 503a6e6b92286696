"""How well key points that were made agree with those that people wrote.

Closeness of two points is the mean of two numbers in 0..1: the Dice coefficient of their content words, each
weighed by its rarity among the written points, and the cosine of their embeddings, stretched from 0.8..1 to
0..1 (below 0.8 the shipped encoder tells nothing). Points are matched one to one so that the sum of closeness
is highest; a pair counts as the same point from THRESHOLD on. A point that two written ones were merged into
matches one of them at most.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from bot.questions.words import content_words
from bot.seams import Vectors
from evals.metrics.bootstrap import Floats, estimate
from evals.metrics.estimate import Estimate

THRESHOLD = 0.55
"""From this closeness on two points are the same."""
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
LOWEST_COSINE = 0.8


class Closeness:
    """Compares key points.

    Args:
        written: Every written point, which tells how rare a word is.
        vectors: Of texts, of length 1, in order.
    """

    def __init__(self, written: Sequence[str], vectors: Callable[[Sequence[str]], Vectors]) -> None:
        counts = Counter(word for text in written for word in content_words(text))
        self._rarity = {word: math.log((1 + len(written)) / (1 + n)) + 0.1 for word, n in counts.items()}
        self._unseen = math.log(1 + len(written)) + 0.1
        self._vectors = vectors

    def between(self, made: Sequence[str], written: Sequence[str]) -> NDArray[np.float64]:
        """Closeness 0..1, of shape (made, written)."""
        if not made or not written:
            return np.zeros((len(made), len(written)))
        vectors = self._vectors([*made, *written])
        cosine = (vectors[: len(made)] @ vectors[len(made) :].T).astype(np.float64)
        stretched = np.clip((cosine - LOWEST_COSINE) / (1 - LOWEST_COSINE), 0, 1)
        words = np.array([[self._overlap(one, other) for other in written] for one in made])
        return (stretched + words) / 2

    def _overlap(self, one: str, other: str) -> float:
        words, others = content_words(one), content_words(other)
        total = self._weight(words) + self._weight(others)
        return 2 * self._weight(words & others) / total if total else 0.0

    def _weight(self, words: frozenset[str]) -> float:
        return sum(self._rarity.get(word, self._unseen) for word in words)


def matched(closeness: NDArray[np.float64]) -> list[tuple[int, int, float]]:
    """The one-to-one match with the highest sum: row, column and closeness of each pair."""
    if not closeness.size:
        return []
    rows, columns = linear_sum_assignment(-closeness)
    return [(int(r), int(c), float(closeness[r, c])) for r, c in zip(rows, columns, strict=True)]


def ratio(tops: Sequence[float], bottoms: Sequence[float], groups: Sequence[str]) -> Estimate:
    """Sum of `tops` over sum of `bottoms`, with its interval over questions."""
    top, bottom = np.array(tops, dtype=float), np.array(bottoms, dtype=float)
    value = float(top.sum() / bottom.sum()) if bottom.sum() else None
    return estimate(value, lambda weights: (weights @ top) / (weights @ bottom), groups)


def agreement(
    pairs: Sequence[Sequence[float]], made: Sequence[int], written: Sequence[int], groups: Sequence[str]
) -> dict[str, Estimate]:
    """Precision, recall and F1 of points at THRESHOLD.

    Args:
        pairs: Closeness of each matched pair, by question.
        made: Points that were made, by question.
        written: Points that people wrote, by question.
        groups: Question ids.
    """
    hits = np.array(hits_at(pairs, THRESHOLD), dtype=float)
    made_, written_ = np.array(made, dtype=float), np.array(written, dtype=float)
    both = made_ + written_

    def f1(weights: Floats) -> Floats:
        return 2 * (weights @ hits) / (weights @ both)

    value = float(2 * hits.sum() / both.sum()) if both.sum() else None
    return {
        "points_precision": ratio(list(hits), made, groups),
        "points_recall": ratio(list(hits), written, groups),
        "points_f1": estimate(value, f1, groups),
    }


def hits_at(pairs: Sequence[Sequence[float]], threshold: float) -> list[int]:
    """How many pairs of each question are the same point."""
    return [sum(value >= threshold for value in values) for values in pairs]
