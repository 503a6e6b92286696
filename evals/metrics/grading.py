"""All figures of a grading run."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, JsonValue

from bot.domain.grades import Flag, Status
from bot.domain.spans import digest
from evals.cases import GradeCase
from evals.metrics.agreement import Pairs, agreement, binned, levels_of
from evals.metrics.bootstrap import Floats, estimate, mean_of
from evals.metrics.estimate import Estimate, Metrics
from evals.metrics.floors import floors
from evals.metrics.refusal import risk_coverage_of
from evals.metrics.verdicts import Judged, confusion, verdict_figures

FLOOR_FIGURES = ("qwk", "mae", "rmse", "bias", "pearson", "spearman", "exact")

LENGTHS = (20, 60, 150)
"""Characters that part short, middling, long and very long answers."""


class VerdictRow(BaseModel):
    """A verdict as a row holds it."""

    model_config = ConfigDict(frozen=True)

    status: Status
    confidence: float
    quote: str | None


class Row(BaseModel):
    """A line of a grading run."""

    model_config = ConfigDict(frozen=True)

    score: float | None
    key_points: list[dict[str, JsonValue]]
    verdicts: list[VerdictRow]
    flags: list[Flag]
    path: str | None
    seconds: float
    error: str | None


def grading_metrics(rows: Sequence[Row], cases: Sequence[GradeCase]) -> Metrics:
    """Agreement with gold, failures, floors, verdicts, evidence and breakdowns."""
    gold = np.array([case.gold for case in cases])
    score = np.array([np.nan if row.score is None else row.score for row in rows])
    groups = [case.group for case in cases]
    made = ~np.isnan(score)
    levels = levels_of(gold)
    kept = [group for group, there in zip(groups, made, strict=True) if there]
    left_out = agreement(Pairs(gold[made], score[made], kept, levels))
    as_zero = agreement(Pairs(gold, np.nan_to_num(score), groups, levels), only=("qwk", "mae"))
    judged = _judged(rows, cases)
    figures = {
        "failure_rate": estimate(float(1 - made.mean()), mean_of(1.0 - made), groups),
        **left_out,
        "qwk_nulls_as_0": as_zero["qwk"],
        "mae_nulls_as_0": as_zero["mae"],
        **_raters(cases),
        **verdict_figures(judged),
        **_evidence(rows, cases),
        "seconds_per_answer": Estimate(value=float(np.mean([row.seconds for row in rows]))),
    }
    curve = _confidence_curve(rows, gold, made)
    if curve:
        figures["aurc"] = Estimate(value=float(np.mean([risk for _, risk in curve])))
    floor_figures = {
        name: agreement(Pairs(gold, scores, groups, levels), FLOOR_FIGURES)
        for name, scores in floors(cases, gold).items()
    }
    return Metrics(
        figures=figures,
        counts={"answers": len(rows), "questions": len(set(groups)), "failed": int((~made).sum())},
        floors=floor_figures,
        tables=_tables(cases, gold, score, levels) | ({"confusion": confusion(judged)} if judged else {}),
        curves={"risk_coverage": _thinned(curve)} if curve else {},
        notes=[_levels_note(levels), f"key points used: sha256 {_points_hash(rows)}", _paths_note(rows)],
    )


def _levels_note(levels: Floats) -> str:
    return "QWK levels (score / max_score): " + ", ".join(f"{level:.4g}" for level in levels)


def _points_hash(rows: Sequence[Row]) -> str:
    text = "\n".join(sorted({str(row.key_points) for row in rows}))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _paths_note(rows: Sequence[Row]) -> str:
    paths = [row.path or "error" for row in rows]
    return "paths: " + ", ".join(f"{path} {paths.count(path)}" for path in sorted(set(paths)))


def _judged(rows: Sequence[Row], cases: Sequence[GradeCase]) -> list[Judged]:
    return [
        Judged(gold, verdict.status, verdict.confidence, case.group)
        for row, case in zip(rows, cases, strict=True)
        if case.verdicts is not None and row.score is not None
        for gold, verdict in zip(case.verdicts, row.verdicts, strict=True)
        if gold is not None
    ]


def _raters(cases: Sequence[GradeCase]) -> dict[str, Estimate]:
    """Agreement of the first two raters, where every case has them."""
    if not cases or not all(len(case.raters) >= 2 for case in cases):
        return {}
    first, second = (np.array([case.raters[i] / case.max_score for case in cases]) for i in (0, 1))
    pairs = Pairs(first, second, [case.group for case in cases], levels_of(first))
    figures = agreement(pairs)
    return {f"raters_{name}": figures[name] for name in ("qwk", "mae", "pearson")}


def _evidence(rows: Sequence[Row], cases: Sequence[GradeCase]) -> dict[str, Estimate]:
    """Share of claimed statuses whose quote stands in the answer, and of answers with a demoted point."""
    quotes = [
        verdict.quote is not None and verdict.quote in case.answer
        for row, case in zip(rows, cases, strict=True)
        for verdict in row.verdicts
        if verdict.status is not Status.MISSING
    ]
    demoted = np.mean([Flag.UNVERIFIED in row.flags for row in rows])
    return {
        "quotes_verbatim": Estimate(value=float(np.mean(quotes)) if quotes else None),
        "answers_demoted": Estimate(value=float(demoted)),
    }


def _confidence_curve(
    rows: Sequence[Row], gold: Floats, made: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> list[tuple[float, float]]:
    """Points (coverage, mean absolute error of the most confident share)."""
    if not made.any():
        return []
    scored = [(row, g) for row, g, there in zip(rows, gold, made, strict=True) if there]
    confidence = np.array([float(np.mean([v.confidence for v in row.verdicts])) for row, _ in scored])
    errors = np.array([abs((row.score or 0.0) - g) for row, g in scored])
    return risk_coverage_of(confidence, errors)


def _thinned(curve: list[tuple[float, float]], points: int = 50) -> list[tuple[float, float]]:
    step = max(1, len(curve) // points)
    return curve[step - 1 :: step]


def _tables(
    cases: Sequence[GradeCase], gold: Floats, score: Floats, levels: Floats
) -> dict[str, list[dict[str, JsonValue]]]:
    keys: dict[str, Callable[[GradeCase], str]] = {
        "by_band": lambda case: _band(case.gold),
        "by_language": lambda case: case.lang or "?",
        "by_length": lambda case: _length_band(len(case.answer)),
        "by_question": lambda case: case.group if case.question_id is not None else digest(case.question)[:8],
    }
    return {
        name: _breakdown([key(case) for case in cases], gold, score, levels) for name, key in keys.items()
    }


def _band(gold: float) -> str:
    if gold in (0.0, 1.0):
        return f"{gold:.0f}"
    return "0-0.5" if gold < 0.5 else "0.5-1"


def _length_band(length: int) -> str:
    edges = (0, *LENGTHS)
    low = max(edge for edge in edges if edge <= length)
    return f"{low:03d}+"


def _breakdown(
    names: Sequence[str], gold: Floats, score: Floats, levels: Floats
) -> list[dict[str, JsonValue]]:
    rows: list[dict[str, JsonValue]] = []
    for name in sorted(set(names)):
        here = np.array([other == name for other in names]) & ~np.isnan(score)
        row: dict[str, JsonValue] = {"name": name, "n": names.count(name), "scored": int(here.sum())}
        if here.any():
            errors = score[here] - gold[here]
            same = binned(score[here], levels) == binned(gold[here], levels)
            row |= {
                "gold": float(gold[here].mean()),
                "score": float(score[here].mean()),
                "mae": float(np.abs(errors).mean()),
                "bias": float(errors.mean()),
                "exact": float(same.mean()),
            }
        rows.append(row)
    return rows
