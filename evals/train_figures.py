"""Figures of the verifier on sets it has not seen, beside what anybody could do in ten minutes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.grades import CONTRADICTION_PENALTY
from bot.grading.judge_features import LIKELY_AGAINST, SURELY_AGAINST, likeliest, values_of
from bot.grading.judging import DECIMALS
from bot.grading.safeguards import CONTRADICTED, temper
from bot.grading.verifier import Verifier
from evals.cases import GradeCase
from evals.metrics.agreement import binned, levels_of
from evals.metrics.floors import floors, length_and_overlap
from evals.train_features import Table
from evals.train_human import PUBLIC

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]
Figures = dict[str, float | int]


@dataclass(frozen=True, slots=True)
class Judged:
    """Every point of a table as the product judges it.

    Attributes:
        likely: Shape (points, 4), after the safeguards.
        values: Shape (points,): share of the point's weight that is earned.
    """

    likely: Array
    values: Array


def judged(verifier: Verifier, table: Table) -> Judged:
    """All points of a table."""
    of_references = np.array([row.source in PUBLIC for row in table.rows])
    raw = np.where(
        of_references[table.row_of][:, None],
        verifier.probabilities(table.features, by_reference=True),
        verifier.probabilities(table.features),
    )
    lines = verifier.values(table.features)
    rows = zip(raw, table.features, table.shapes, strict=True)
    likely = np.stack(
        [temper(row, seen, verbatim=bool(shape[0]), listed=bool(shape[1])) for row, seen, shape in rows]
    ).round(DECIMALS)
    ends = np.cumsum(np.bincount(table.row_of, minlength=len(table.rows)))
    parts = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    values = [
        values_of(raw[part], likely[part], lines[part] if of_reference else None, table.features[part])
        for part, of_reference in zip(parts, of_references, strict=True)
    ]
    return Judged(likely, np.concatenate(values))


def scores_of(found: Judged, table: Table, against: float = SURELY_AGAINST) -> Array:
    """What each row is worth, as the product counts it; shape (rows,).

    Args:
        found: Every point of the table.
        table: All rows.
        against: Probability from which a part of a reference counts as contradicted.
    """
    status = statuses(found.likely, table, against)
    value = found.values - CONTRADICTION_PENALTY * (status == CONTRADICTED)
    worth = np.bincount(table.row_of, weights=value * table.shares, minlength=len(table.rows))
    return np.asarray(np.clip(worth, 0, 1), dtype=np.float64)


def statuses(likely: Array, table: Table, against: float = SURELY_AGAINST) -> NDArray[np.int64]:
    """Place of each point's status, as the product decides it; shape (points,). Arguments as scores_of."""
    of_references = np.array([row.source in PUBLIC for row in table.rows])[table.row_of]
    given = np.where(table.shapes[:, 2], 0.0, LIKELY_AGAINST)
    return likeliest(likely, np.where(of_references, against, given))


def figures(found: Judged, table: Table, shown: Rows, others: Rows) -> Figures:
    """Agreement on the measured rows of `shown`, beside the floor within the set and that from `others`.

    Args:
        found: Every point of the table.
        table: All rows.
        shown: Which rows the figures are about, shape (rows,).
        others: Which rows the ridge of other sets is fitted on.
    """
    groups = answers(table, shown)
    gold = np.array([table.scores[group[0]] for group in groups])
    scores = scores_of(found, table)
    ours = np.array([scores[group].max() for group in groups])
    cases = [_case(table, group) for group in groups]
    result: Figures = {"answers": len(groups), "questions": len({case.group for case in cases})}
    result |= agreement(gold, ours)
    floor = floors(cases, gold).get("length_and_overlap")
    if floor is not None:
        result |= {f"floor_{name}": value for name, value in agreement(gold, floor).items()}
    ridge = _ridge(table, others, cases)
    result |= {f"ridge_{name}": value for name, value in agreement(gold, ridge).items()}
    return result | verdicts(found.likely, table, shown)


def agreement(gold: Array, given: Array) -> Figures:
    """QWK on the gold's own levels, Pearson, bias and mean absolute error."""
    from sklearn.metrics import cohen_kappa_score

    levels = levels_of(gold)
    kappa = cohen_kappa_score(
        binned(gold, levels), binned(given, levels), weights="quadratic", labels=list(range(len(levels)))
    )
    varied = float(np.std(given)) > 0
    return {
        "qwk": round(float(kappa), 3),
        "pearson": round(float(np.corrcoef(gold, given)[0, 1]), 3) if varied else 0.0,
        "bias": round(float((given - gold).mean()), 3),
        "mae": round(float(np.abs(given - gold).mean()), 3),
    }


def verdicts(likely: Array, table: Table, shown: Rows) -> Figures:
    """Macro-F1 of the statuses and what is found of the contradicted, where each point's status is known."""
    from sklearn.metrics import f1_score, precision_score, recall_score

    known = (table.targets.max(axis=1) == 1) & (table.targets.sum(axis=1) == 1)
    points = known & (shown & table.nearest)[table.row_of]
    if not points.any():
        return {}
    wanted, given = table.targets[points].argmax(axis=1), statuses(likely, table)[points]
    only = [CONTRADICTED]
    return {
        "points": int(points.sum()),
        "accuracy": round(float((wanted == given).mean()), 3),
        "macro_f1": round(float(f1_score(wanted, given, average="macro", labels=np.unique(wanted))), 3),
        "contradicted_recall": round(float(recall_score(wanted, given, labels=only, average="macro")), 3),
        "contradicted_precision": round(
            float(
                precision_score(wanted, given, labels=only, average="macro", zero_division=0)  # pyright: ignore[reportArgumentType]  # the stub knows only "warn"
            ),
            3,
        ),
    }


def answers(table: Table, shown: Rows) -> list[list[int]]:
    """Rows of each measured answer in `shown`, shape (rows,): its alternatives."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(table.rows):
        if shown[index] and row.measured and not np.isnan(table.scores[index]):
            groups[row.source, row.answer_id].append(index)
    return list(groups.values())


def _case(table: Table, group: Sequence[int]) -> GradeCase:
    first = table.rows[group[0]]
    return GradeCase(
        id=first.answer_id,
        question=first.question,
        answer=first.answer,
        score=float(table.scores[group[0]]),
        max_score=1.0,
        reference=tuple(" ".join(point.text for point in table.rows[index].points) for index in group),
        question_id=first.group,
    )


def _ridge(table: Table, others: Rows, cases: Sequence[GradeCase]) -> Array:
    """Length and overlap, fitted on other sets, which all count alike."""
    from sklearn.linear_model import Ridge

    groups = answers(table, others)
    trained = [_case(table, group) for group in groups]
    sources = [table.rows[group[0]].source for group in groups]
    weights = np.array([1 / sources.count(source) for source in sources])
    model = Ridge().fit(
        np.array([length_and_overlap(case) for case in trained]),
        np.array([case.score for case in trained]),
        sample_weight=weights * len(weights),
    )
    return np.clip(model.predict(np.array([length_and_overlap(case) for case in cases])), 0, 1)
