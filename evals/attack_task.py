"""One attack after another through the product's grader."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from bot.domain.errors import KaodianError
from bot.domain.grades import Grade
from bot.domain.questions import KeyPoint
from evals.attack_rules import holds, run
from evals.attacks import AttackCase
from evals.grading import row_of
from evals.metrics.attacks import AttackRow, within_limits
from evals.metrics.bootstrap import estimate, mean_of
from evals.metrics.estimate import Estimate, Metrics
from evals.product import GradeFn

_SHOWN = 20
"""Cases that the report names which did not hold."""


class AttackTask:
    """Turns an attack into a row: what it earned, and whether what must hold does.

    Args:
        grade: The product's grader.
    """

    kind = "attacks"

    def __init__(self, grade: GradeFn) -> None:
        self._grade = _Remembering(grade)

    def row(self, case: AttackCase) -> dict[str, JsonValue]:
        """The row of `case`; what cannot be graded has not held."""
        started = time.perf_counter()
        row: dict[str, JsonValue]
        try:
            trial = run(case, self._grade)
        except KaodianError as error:
            row = {"holds": False, "score": None, "error": str(error)}
        else:
            row = {"holds": holds(trial), "base": trial.base.score if trial.base else None}
            row |= {key: value for key, value in row_of(trial.grade).items() if key != "key_points"}
        known: dict[str, JsonValue] = {"id": case.id, "family": case.family, "rule": case.rule}
        return {**known, **row, "answer": case.answer, "seconds": round(time.perf_counter() - started, 3)}

    def metrics(self, cases: Sequence[AttackCase], rows: Sequence[dict[str, JsonValue]]) -> Metrics:
        """Pass rate of each family with its interval over questions, its limit, and what did not hold."""
        held = np.array([bool(row["holds"]) for row in rows], dtype=float)
        families = sorted({case.family for case in cases})
        figures = {"holds": _rate(held, [case.item.id for case in cases])}
        kept = within_limits([AttackRow.model_validate(row) for row in rows])
        table: list[dict[str, JsonValue]] = []
        for family in families:
            places = [i for i, case in enumerate(cases) if case.family == family]
            figures[family] = _rate(held[places], [cases[i].item.id for i in places])
            found = {"cases": len(places), "held": int(held[places].sum()), "within_limit": kept[family]}
            table.append({"family": family, **found})
        figures["within_limits"] = Estimate(value=sum(kept.values()) / max(1, len(kept)))
        failed = [case for case, row in zip(cases, rows, strict=True) if not row["holds"]]
        return Metrics(
            figures=figures,
            counts={"cases": len(cases), "failed": sum(bool(row.get("error")) for row in rows)},
            tables={"families": table, "fooled": _by_rule(failed)},
        )


def _by_rule(failed: Sequence[AttackCase]) -> list[dict[str, JsonValue]]:
    """How often each rule of each family did not hold, most often first."""
    counts: dict[tuple[str, str], int] = {}
    for case in failed:
        counts[case.family, case.rule] = counts.get((case.family, case.rule), 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"family": family, "rule": rule, "fooled": count} for (family, rule), count in ordered[:_SHOWN]]


def _rate(held: np.ndarray[tuple[int], np.dtype[np.float64]], groups: Sequence[str]) -> Estimate:
    return estimate(float(held.mean()), mean_of(held), groups)


@dataclass(frozen=True)
class _Asked:
    question: str
    points: tuple[KeyPoint, ...]
    answer: str
    passage: str | None


class _Remembering:
    """A grader that is asked once for the same answer: many attacks share a base."""

    def __init__(self, grade: GradeFn) -> None:
        self._grade = grade
        self._known: dict[_Asked, Grade] = {}

    def __call__(
        self,
        question_id: str,
        question: str,
        key_points: tuple[KeyPoint, ...],
        answer: str,
        passage: str | None = None,
    ) -> Grade:
        asked = _Asked(question, key_points, answer, passage)
        if asked not in self._known:
            self._known[asked] = self._grade(question_id, question, key_points, answer, passage)
        return self._known[asked]
