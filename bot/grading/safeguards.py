"""What no training example can change: rules that move probability where the shape of an answer demands it.

Each rule has a reason that a learner would accept. They act after the verifier and only on what they name.
"""

import numpy as np

from bot.grading.features import NAMES, Features

COVERED, PARTIAL, MISSING, CONTRADICTED = range(4)
UNRELATED, UNSHARED = 0.42, 0.1
"""Likeness and share of pairs of letters below which an answer has nothing to do with a key point."""
_AT = {name: index for index, name in enumerate(NAMES)}


def temper(probabilities: Features, features: Features, *, verbatim: bool, listed: bool) -> Features:
    """Probabilities of one key point after the rules; shapes (4,) and (len(NAMES),).

    Args:
        probabilities: From the verifier.
        features: What it saw.
        verbatim: Whether the point stands in the answer word for word.
        listed: Whether its words are only strung together there.
    """
    seen = {name: float(features[index]) for name, index in _AT.items()}
    result = probabilities.copy()
    if verbatim and not _doubtful(seen):
        return np.array([0.97, 0.01, 0.01, 0.01])
    if seen["al_recall"] < UNRELATED and seen["letter_pairs"] < UNSHARED:
        result = _move(_move(result, COVERED, MISSING, 0.95), PARTIAL, MISSING, 0.95)
    if seen["negation"] > 0.3 and seen["recall_best"] > 0.6:
        result = _move(result, COVERED, CONTRADICTED, 0.9)
    if seen["contradicts_itself"] > 0.3 or seen["shotgun"]:
        result = _move(result, COVERED, MISSING, 0.8)
    if seen["hedged"]:
        result = _move(result, COVERED, PARTIAL, 0.8)
    if listed:
        result = _move(_move(result, COVERED, MISSING, 0.9), PARTIAL, MISSING, 0.6)
    return result


def _doubtful(seen: dict[str, float]) -> bool:
    stances = ("negation", "opposition", "contradicts_itself", "hedged", "shotgun", "numbers_wrong")
    return any(seen[name] > 0 for name in stances)


def _move(probabilities: Features, source: int, target: int, share: float) -> Features:
    moved = probabilities.copy()
    moved[target] += share * moved[source]
    moved[source] *= 1 - share
    return moved
