"""All figures of a grading run."""

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from bot.domain.grades import Flag, Status
from evals.cases import GradeCase
from evals.metrics.agreement import Pairs, agreement, levels_of
from evals.metrics.bootstrap import Floats, estimate, mean_of
from evals.metrics.breakdowns import breakdowns
from evals.metrics.estimate import METRICS_VERSION, Estimate, Metrics
from evals.metrics.floors import floors
from evals.metrics.lengths import length_bias
from evals.metrics.refusal import risk_coverage_of
from evals.metrics.rows import Row, judged_of, scores_of
from evals.metrics.verdicts import Judged, confusion, reliability, verdict_figures

AGREEMENT = (
    "qwk",
    "mae",
    "rmse",
    "bias",
    "pearson",
    "spearman",
    "pearson_within",
    "spearman_within",
    "exact",
    "adjacent",
)
"""Figures that have people and floors beside them."""
FEWEST_RATED = 10
"""Answers with two raters from which on their agreement is told."""


def grading_metrics(rows: Sequence[Row], cases: Sequence[GradeCase]) -> Metrics:
    """Agreement with gold, failures, floors, verdicts, evidence and breakdowns.

    Answers that nobody has graded count only in what needs no gold score.
    """
    pairs = [(row, case) for row, case in zip(rows, cases, strict=True) if case.score is not None]
    graded, known = [row for row, _ in pairs], [case for _, case in pairs]
    gold, score = np.array([case.gold for case in known]), scores_of(graded)
    people = _with_people(known, gold, score) if known else Metrics(figures={})
    judged = judged_of(rows, cases)
    curve = _confidence_curve(graded, gold, ~np.isnan(score))
    return Metrics(
        figures={
            **_failed(rows, cases),
            **people.figures,
            **_refused(rows, cases),
            **verdict_figures(judged),
            **_evidence(rows, cases),
            **length_bias(known, gold, score),
            **_cost(rows),
            **({"aurc": Estimate(value=float(np.mean([risk for _, risk in curve])))} if curve else {}),
        },
        counts=_counts(rows, cases),
        floors=people.floors,
        tables=people.tables | _verdict_tables(judged) | _flags(rows),
        curves={"risk_coverage": _thinned(curve)} if curve else {},
        notes=[*people.notes, f"key points used: sha256 {_points_hash(rows)}", _paths_note(rows)],
        version=METRICS_VERSION,
    )


def _with_people(cases: Sequence[GradeCase], gold: Floats, score: Floats) -> Metrics:
    """What compares with the scores that people gave."""
    levels = levels_of(gold)
    return Metrics(
        figures=_scored(gold, score, cases, levels),
        floors=_beside(cases, gold, levels),
        tables=breakdowns(cases, gold, score, levels),
        notes=[_levels_note(levels), *_raters_note(cases)],
    )


def _counts(rows: Sequence[Row], cases: Sequence[GradeCase]) -> dict[str, int]:
    unscored = sum(case.score is None for case in cases)
    return {
        "answers": len(rows),
        "questions": len({case.group for case in cases}),
        "failed": sum(row.score is None for row in rows),
    } | ({"unscored": unscored} if unscored else {})


def _failed(rows: Sequence[Row], cases: Sequence[GradeCase]) -> dict[str, Estimate]:
    failed = np.isnan(scores_of(rows)).astype(float)
    groups = [case.group for case in cases]
    return {"failure_rate": estimate(float(failed.mean()), mean_of(failed), groups)}


def _scored(gold: Floats, score: Floats, cases: Sequence[GradeCase], levels: Floats) -> dict[str, Estimate]:
    groups = [case.group for case in cases]
    made = ~np.isnan(score)
    kept = [group for group, there in zip(groups, made, strict=True) if there]
    as_zero = agreement(Pairs(gold, np.nan_to_num(score), groups, levels), only=("qwk", "mae"))
    return {
        **agreement(Pairs(gold[made], score[made], kept, levels)),
        "qwk_nulls_as_0": as_zero["qwk"],
        "mae_nulls_as_0": as_zero["mae"],
    }


def _refused(rows: Sequence[Row], cases: Sequence[GradeCase]) -> dict[str, Estimate]:
    abstained = np.array([row.abstained for row in rows], dtype=float)
    groups = [case.group for case in cases]
    return {"abstention_rate": estimate(float(abstained.mean()), mean_of(abstained), groups)}


def _cost(rows: Sequence[Row]) -> dict[str, Estimate]:
    """Seconds and calls of a language model for each answer; calls only where every row tells."""
    calls = [row.calls_made for row in rows if row.score is not None]
    known = [count for count in calls if count is not None]
    figures = {"seconds_per_answer": Estimate(value=float(np.mean([row.seconds for row in rows])))}
    if known and len(known) == len(calls):
        figures["calls_per_answer"] = Estimate(value=float(np.mean(known)))
    return figures


def _beside(cases: Sequence[GradeCase], gold: Floats, levels: Floats) -> dict[str, dict[str, Estimate]]:
    """Agreement of people with each other, where there are two raters, and of the floors."""
    groups = [case.group for case in cases]
    found: dict[str, dict[str, Estimate]] = {}
    if rated := _rated(cases):
        first, second = (
            np.array([min(1.0, case.raters[i] / case.max_score) for case in rated]) for i in (0, 1)
        )
        found["raters"] = agreement(Pairs(first, second, [case.group for case in rated], levels), AGREEMENT)
    for name, scores in floors(cases, gold).items():
        found[name] = agreement(Pairs(gold, scores, groups, levels), AGREEMENT)
    return found


def _rated(cases: Sequence[GradeCase]) -> list[GradeCase]:
    """Those that two people have graded; none where they are a few of many, which says nothing."""
    rated = [case for case in cases if len(case.raters) >= 2]
    return rated if len(rated) >= min(FEWEST_RATED, len(cases)) else []


def _raters_note(cases: Sequence[GradeCase]) -> list[str]:
    rated = len(_rated(cases))
    return [f"two raters: {rated}/{len(cases)}"] if rated else []


def _verdict_tables(judged: Sequence[Judged]) -> dict[str, list[dict[str, JsonValue]]]:
    return {"confusion": confusion(judged), "reliability": reliability(judged)} if judged else {}


def _flags(rows: Sequence[Row]) -> dict[str, list[dict[str, JsonValue]]]:
    counts = Counter(flag for row in rows for flag in row.flags)
    return {"flags": [{"name": str(flag), "n": counts[flag]} for flag in sorted(counts)]} if counts else {}


def _levels_note(levels: Floats) -> str:
    return "QWK levels (score / max_score): " + ", ".join(f"{level:.4g}" for level in levels)


def _points_hash(rows: Sequence[Row]) -> str:
    text = "\n".join(sorted({str(row.key_points) for row in rows}))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _paths_note(rows: Sequence[Row]) -> str:
    paths = [row.path or "error" for row in rows]
    return "paths: " + ", ".join(f"{path} {paths.count(path)}" for path in sorted(set(paths)))


def _evidence(rows: Sequence[Row], cases: Sequence[GradeCase]) -> dict[str, Estimate]:
    """Shares of claimed statuses whose quote stood in the answer at once, or when asked again; demotions."""
    claims = [
        (verdict, not verdict.retried and verdict.quote is not None and verdict.quote in case.answer)
        for row, case in zip(rows, cases, strict=True)
        for verdict in row.verdicts
        if verdict.status is not Status.MISSING or verdict.unverified
    ]
    demoted = [
        verdict.unverified or (None if Flag.UNVERIFIED in row.flags and not row.names_demoted else False)
        for row in rows
        for verdict in row.verdicts
    ]
    return {
        "quotes_verbatim": _share([found for _, found in claims]),
        "quotes_after_retry": _share([verdict.retried for verdict, _ in claims]),
        "points_demoted": _share(demoted),
        "answers_demoted": _share([Flag.UNVERIFIED in row.flags for row in rows]),
    }


def _share(found: Sequence[bool | None]) -> Estimate:
    """None where nothing was counted or one of them does not tell."""
    known = [value for value in found if value is not None]
    return Estimate(value=float(np.mean(known)) if known and len(known) == len(found) else None)


def _confidence_curve(
    rows: Sequence[Row], gold: Floats, made: NDArray[np.bool_]
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
