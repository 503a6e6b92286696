"""What no training example can change: rules that move probability where the shape of an answer demands it.

They act after the verifier, and each has a reason that a learner would accept:

- who writes the point word for word, and nothing against it, has said it;
- what shares neither words nor meaning with a point, nor with its neighbours, has not said it;
- a sentence with most of the point's words that denies them is no evidence for it;
- who says a thing and its opposite, or offers candidates, has not chosen;
- who doubts where the point does not has said half of it;
- words in a row are no statement.
"""

import numpy as np

from bot.grading.evidence import Evidence
from bot.grading.features import NAMES, Features, strung_together, verbatim
from bot.grading.judging import DECIMALS
from bot.grading.verifier import VALUES

COVERED, PARTIAL, MISSING, CONTRADICTED = range(4)
UNRELATED, UNSHARED, ELSEWHERE = 0.32, 0.1, 0.27
"""Likeness to a key point, share of its pairs of letters, and mean likeness to all key points, below all of
which an answer has nothing to do with the point."""
DISTANT, DOUBTED = 0.33, 0.6
"""Mean likeness to all key points below which a point is worth less than the line says, where it is missing
with more than the second probability."""
FOREIGN, SHARED, LIKELY = 0.42, 0.15, 0.5
"""An answer is worth nothing where, over all key points, likeness, share of pairs of letters and probability
of not missing all stay below these."""
_AT = {name: index for index, name in enumerate(NAMES)}


def safeguarded(evidence: Evidence, features: Features, likely: Features) -> Features:
    """Probabilities of one key point, shape (4,), after the rules and rounded: what a status is read from."""
    after = temper(likely, features, verbatim=verbatim(evidence), listed=strung_together(evidence))
    return np.round(after, DECIMALS)


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
    if _unrelated(seen):
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


def worth(line: float, before: Features, after: Features, features: Features) -> float:
    """What the verifier's line says, 0..1, less what the safeguards found.

    Args:
        line: From Verifier.values.
        before: Probabilities before the safeguards, shape (4,).
        after: After them.
        features: What the verifier saw.
    """
    kept = float(after @ VALUES) / max(float(before @ VALUES), 1e-6)
    if kept > 1:
        return max(line, float(after @ VALUES))
    far = float(features[_AT["al_context"]]) < DISTANT
    sure = min(1.0, (1 - float(after[MISSING])) / (1 - DOUBTED)) if far else 1.0
    return line * kept * sure


def speaks_to_none(features: Features, after: Features) -> bool:
    """Whether an answer has nothing to do with any of its key points.

    Args:
        features: Of every key point, shape (points, len(NAMES)).
        after: Their probabilities after the safeguards, shape (points, 4).
    """
    return bool(
        features[:, _AT["al_recall"]].max() < FOREIGN
        and features[:, _AT["letter_pairs"]].max() < SHARED
        and (1 - after[:, MISSING]).max() < LIKELY
    )


def _unrelated(seen: dict[str, float]) -> bool:
    return (
        seen["letter_pairs"] < UNSHARED and seen["al_recall"] < UNRELATED and seen["al_context"] < ELSEWHERE
    )


def _doubtful(seen: dict[str, float]) -> bool:
    stances = ("negation", "opposition", "contradicts_itself", "hedged", "shotgun", "numbers_wrong")
    return any(seen[name] > 0 for name in stances)


def _move(probabilities: Features, source: int, target: int, share: float) -> Features:
    moved = probabilities.copy()
    moved[target] += share * moved[source]
    moved[source] *= 1 - share
    return moved
