"""One query after another through the product's explainer: answered or refused."""

import time
from collections.abc import Sequence

from pydantic import JsonValue

from bot.domain.answers import Outcome
from bot.domain.errors import KaodianError
from evals.cases import RefuseCase
from evals.metrics.estimate import Metrics
from evals.metrics.refusal import Decision, refusal_figures, risk_coverage
from evals.product import AnsweringProduct


class RefuseTask:
    """Turns a query into the decision whether the notes answer it.

    Args:
        product: What is measured.
    """

    kind = "refuse"

    def __init__(self, product: AnsweringProduct) -> None:
        self._product = product

    def row(self, case: RefuseCase) -> dict[str, JsonValue]:
        """Answered or not, on what evidence, decided by whom; all null with an error."""
        started = time.perf_counter()
        row: dict[str, JsonValue] = {"answered": None, "evidence": None, "decided_by": None, "error": None}
        try:
            explanation = self._product.explain(case.query)
        except KaodianError as error:
            row["error"] = str(error)
        else:
            if explanation.problem:  # the model failed: that is not its decision
                row["error"] = explanation.problem
                return {"id": case.id} | row | {"seconds": round(time.perf_counter() - started, 3)}
            row["answered"] = explanation.outcome is not Outcome.REFUSED
            row["evidence"] = round(explanation.evidence, 6)
            row["decided_by"] = str(explanation.decided_by)
        return {"id": case.id} | row | {"seconds": round(time.perf_counter() - started, 3)}

    def metrics(self, cases: Sequence[RefuseCase], rows: Sequence[dict[str, JsonValue]]) -> Metrics:
        """Figures over the rows that came to a decision; the others are counted."""
        decisions = [
            Decision(case.answerable, bool(row["answered"]), _number(row["evidence"]), case.group)
            for case, row in zip(cases, rows, strict=True)
            if row["error"] is None
        ]
        counts = {
            "queries": len(rows),
            "answerable": sum(case.answerable for case in cases),
            "failed": len(rows) - len(decisions),
        }
        if not decisions:
            return Metrics(figures={}, counts=counts)
        curve = {"risk_coverage": risk_coverage(decisions)}
        return Metrics(figures=refusal_figures(decisions), counts=counts, curves=curve)


def _number(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
