"""One graded answer after another through the product's grader."""

import time
from collections.abc import Sequence

from pydantic import JsonValue

from bot.adapters.llm.metered import Spent, tally
from bot.domain.errors import AnswerTooLong, BadInput, KaodianError
from bot.domain.grades import Flag, Grade, Verdict
from bot.domain.judges import GATE
from bot.domain.questions import KeyPoint
from bot.domain.spans import digest
from evals.cases import GradeCase
from evals.metrics.estimate import Metrics
from evals.metrics.grading import grading_metrics
from evals.metrics.rows import Row
from evals.product import GradingProduct


class GradeTask:
    """Turns a case into a row: score, verdicts, flags, path.

    Args:
        product: What is measured.
    """

    kind = "grade"

    def __init__(self, product: GradingProduct) -> None:
        self._product = product
        self._made: dict[tuple[str, str], tuple[KeyPoint, ...]] = {}

    def row(self, case: GradeCase) -> dict[str, JsonValue]:
        """The row of `case`; a failure is a row with its error and no score."""
        started = time.perf_counter()
        with tally() as spending:
            row = self._graded(case)
        if spending.spent.calls or spending.spent.hits:
            row["usage"] = usage_of(spending.spent)
        seconds = round(time.perf_counter() - started, 3)
        return {"id": case.id, "seconds": seconds} | row

    def _graded(self, case: GradeCase) -> dict[str, JsonValue]:
        try:
            grade = self._best(case)
        except AnswerTooLong as error:
            row = failure(str(error))
            row |= {"flags": [str(Flag.TOO_LONG)], "path": GATE}
        except KaodianError as error:
            row = failure(str(error))
        except Exception as error:
            row = failure(f"{type(error).__name__}: {error}")
        else:
            row = row_of(grade, [point.quote for point in case.key_points])
            if self._product.feedback is not None:
                row["feedback"] = None if grade.error else self._product.feedback(grade)
        return row

    def metrics(self, cases: Sequence[GradeCase], rows: Sequence[dict[str, JsonValue]]) -> Metrics:
        """Figures over all rows, in the order of the cases."""
        return grading_metrics([Row.model_validate(row) for row in rows], cases)

    def _best(self, case: GradeCase) -> Grade:
        grades = [self._grade(case, points) for points in self._alternatives(case)]
        scored = [grade for grade in grades if grade.score is not None]
        return max(scored, key=lambda grade: grade.score or 0.0) if scored else grades[0]

    def _grade(self, case: GradeCase, points: tuple[KeyPoint, ...]) -> Grade:
        name = str(case.question_id) if case.question_id is not None else digest(case.question)
        grade = self._product.grade
        if not case.key_points:
            grade = self._product.grade_by_reference or grade
        return grade(name, case.question, points, case.answer, _passage(case))

    def _alternatives(self, case: GradeCase) -> list[tuple[KeyPoint, ...]]:
        if case.key_points:
            return [_given(case)]
        made = [self._of_reference(case.question, reference) for reference in case.reference]
        usable = [points for points in made if points]
        if not usable:
            raise BadInput("evals.no_key_points")
        return usable

    def _of_reference(self, question: str, reference: str) -> tuple[KeyPoint, ...]:
        key = (question, reference)
        if key not in self._made:
            self._made[key] = self._product.key_points(question, reference)
        return self._made[key]


def _passage(case: GradeCase) -> str | None:
    """The notes behind the question; where only quotes are given, these, as in a quiz."""
    quotes = [point.quote for point in case.key_points if point.quote]
    return case.passage or ("\n".join(quotes) if quotes else None)


def _given(case: GradeCase) -> tuple[KeyPoint, ...]:
    return tuple(
        KeyPoint(text=point.text, weight=point.effective_weight, vital=point.vital, quote=None)
        for point in case.key_points
    )


def usage_of(spent: Spent) -> dict[str, JsonValue]:
    """What a row cost; `cost` only where the settings have prices."""
    fields: dict[str, JsonValue] = {
        "calls": spent.calls,
        "hits": spent.hits,
        "prompt_tokens": spent.prompt_tokens,
        "reply_tokens": spent.reply_tokens,
    }
    return fields | ({"cost": round(spent.cost, 6)} if spent.cost else {})


def failure(error: str) -> dict[str, JsonValue]:
    """Fields of a row that has no grade."""
    return {"score": None, "key_points": [], "verdicts": [], "flags": [], "path": None, "error": error}


def row_of(grade: Grade, quotes: Sequence[str | None] = ()) -> dict[str, JsonValue]:
    """Fields of a row that has one, or of a grade that could not be made.

    Args:
        grade: What the product said.
        quotes: Of key points that the set gave; empty where the product made them.
    """
    quotes = quotes or [point.quote.text if point.quote else None for point in grade.key_points]
    points: list[JsonValue] = [
        {
            "text": point.text,
            "weight": point.weight,
            "vital": point.vital,
            "quote": quote,
        }
        for point, quote in zip(grade.key_points, quotes, strict=True)
    ]
    verdicts: list[JsonValue] = [_verdict(verdict) for verdict in grade.verdicts]
    return {
        "score": None if grade.score is None else round(grade.score, 6),
        "key_points": points,
        "verdicts": verdicts,
        "flags": [str(flag) for flag in grade.flags],
        "path": grade.path,
        "error": grade.error,
    }


def _verdict(verdict: Verdict) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = {
        "status": str(verdict.status),
        "confidence": round(verdict.confidence, 4),
        "quote": verdict.quote.text if verdict.quote else None,
    }
    told = {"unverified": verdict.unverified, "retried": verdict.retried}
    return fields | {name: True for name, is_so in told.items() if is_so}
