"""The same few figures for parts of a set."""

from collections.abc import Callable, Sequence

import numpy as np
from pydantic import JsonValue

from bot.domain.spans import digest
from evals.cases import GradeCase
from evals.metrics.agreement import binned
from evals.metrics.bootstrap import Floats, estimate, mean_of

LENGTHS = (20, 60, 150)
"""Characters that part short, middling, long and very long answers."""

Table = list[dict[str, JsonValue]]


def breakdowns(cases: Sequence[GradeCase], gold: Floats, score: Floats, levels: Floats) -> dict[str, Table]:
    """By gold score, language, length of the answer and question."""
    keys: dict[str, Callable[[GradeCase], str]] = {
        "by_band": lambda case: _band(case.gold),
        "by_language": lambda case: case.lang or "?",
        "by_length": lambda case: _length_band(len(case.answer)),
        "by_question": lambda case: case.group if case.question_id is not None else digest(case.question)[:8],
    }
    groups = [case.group for case in cases]
    return {
        name: [
            _part(label, [key(case) == label for case in cases], (gold, score, levels), groups)
            for label in sorted({key(case) for case in cases})
        ]
        for name, key in keys.items()
    }


def _band(gold: float) -> str:
    if gold in (0.0, 1.0):
        return f"{gold:.0f}"
    return "0-0.5" if gold < 0.5 else "0.5-1"


def _length_band(length: int) -> str:
    edges = (0, *LENGTHS)
    low = max(edge for edge in edges if edge <= length)
    return f"{low:03d}+"


def _part(
    name: str, member: Sequence[bool], scores: tuple[Floats, Floats, Floats], groups: Sequence[str]
) -> dict[str, JsonValue]:
    gold, score, levels = scores
    here = np.array(member) & ~np.isnan(score)
    row: dict[str, JsonValue] = {"name": name, "n": sum(member), "scored": int(here.sum())}
    if not here.any():
        return row
    errors = score[here] - gold[here]
    same = binned(score[here], levels) == binned(gold[here], levels)
    own = [group for group, there in zip(groups, here, strict=True) if there]
    bias = estimate(float(errors.mean()), mean_of(errors), own)
    return row | {
        "gold": float(gold[here].mean()),
        "score": float(score[here].mean()),
        "mae": float(np.abs(errors).mean()),
        "bias": bias.value,
        "bias_low": bias.low,
        "bias_high": bias.high,
        "exact": float(same.mean()),
    }
