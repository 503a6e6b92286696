"""Graders that anybody could write in ten minutes: a figure is only worth what it is above these."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from evals.cases import GradeCase
from evals.metrics.bootstrap import Floats

_WORD = re.compile(r"[a-z0-9]+|[^\W\d_a-z]", re.IGNORECASE)
FOLDS = 10


def floors(cases: Sequence[GradeCase], gold: Floats) -> dict[str, Floats]:
    """Scores of each floor: length and overlap (fitted on other questions), the mean, full marks."""
    makers: dict[str, Callable[[], Floats | None]] = {
        "length_and_overlap": lambda: _cross_fitted(cases, gold),
        "constant_mean": lambda: np.full(len(cases), gold.mean()),
        "always_full_marks": lambda: np.ones(len(cases)),
    }
    made = {name: make() for name, make in makers.items()}
    return {name: scores for name, scores in made.items() if scores is not None}


def _cross_fitted(cases: Sequence[GradeCase], gold: Floats) -> Floats | None:
    """Ridge regression, each question scored by a fit on the others; None below three questions."""
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    groups = [case.group for case in cases]
    count = len(set(groups))
    if count < 3:
        return None
    features = np.array([length_and_overlap(case) for case in cases])
    model = make_pipeline(StandardScaler(), Ridge(alpha=1.0))
    folds = GroupKFold(min(FOLDS, count))
    scores = cross_val_predict(model, features, gold, groups=groups, cv=folds)
    return np.clip(np.asarray(scores, dtype=np.float64), 0, 1)


def length_and_overlap(case: GradeCase) -> list[float]:
    """What this floor knows of an answer: its length, and the words it shares with question and reference."""
    answer = _words(case.answer)
    wanted = _words(" ".join(p.text for p in case.key_points) or " ".join(case.reference))
    shared, asked = answer & wanted, answer & _words(case.question)
    return [
        np.log1p(len(case.answer)),
        np.log1p(len(answer)),
        len(answer) / (len(wanted) or 1),
        len(shared) / (len(wanted) or 1),
        len(shared) / (len(answer) or 1),
        len(asked) / (len(answer) or 1),
    ]


def _words(text: str) -> set[str]:
    """Latin words and numbers, and pairs of neighbouring other letters."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    pairs = {a + b for a, b in pairwise(found) if len(a) == len(b) == 1}
    return pairs | {word for word in found if len(word) > 1} | set(found[:1] if len(found) == 1 else [])
