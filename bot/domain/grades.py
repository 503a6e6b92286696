"""Verdicts per key point and the grade that follows from them."""

from enum import StrEnum
from math import fsum
from typing import Annotated, Self

from pydantic import Field, computed_field, model_validator

from bot.domain.questions import KeyPoint
from bot.domain.spans import Frozen, Span

Probability = Annotated[float, Field(ge=0, le=1)]

CONTRADICTION_PENALTY = 0.25
"""Share of a contradicted point's weight that is taken off: saying the opposite is worse than saying nothing,
and still worth less than a right point beside it."""

MAX_ANSWER_CHARS = 8000
"""Longer answers are refused with an error, never cut."""


class Status(StrEnum):
    """How an answer stands to one key point."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"
    CONTRADICTED = "contradicted"


STATUS_VALUE: dict[Status, float] = {
    Status.COVERED: 1.0,
    Status.PARTIAL: 0.5,
    Status.MISSING: 0.0,
    Status.CONTRADICTED: 0.0,
}


class Flag(StrEnum):
    """What the learner should know about this grade. A closed list."""

    NO_CONTENT = "no_content"
    GAVE_UP = "gave_up"
    QUESTION_COPIED = "question_copied"
    INJECTION = "injection"
    COPIED = "copied"
    OFF_TOPIC = "off_topic"
    LANGUAGE = "language"
    TOO_LONG = "too_long"
    UNVERIFIED = "unverified"
    CONFLICT = "conflict"


class Trust(StrEnum):
    """How far a grade can be trusted, by what was measured of its judge."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNCHECKED = "unchecked"
    """Nothing was measured."""


class AnswerQuote(Frozen):
    """The learner's own words, verbatim at `span` of the answer as it was given."""

    text: str = Field(min_length=1)
    span: Span


class Verdict(Frozen):
    """How the answer stands to one key point, with its evidence."""

    status: Status
    confidence: Probability
    quote: AnswerQuote | None = None
    """None exactly when the status is missing."""
    value: Probability | None = None
    """Expected value in 0..1 where a judge gives calibrated probabilities; None: the status's own."""
    unverified: bool = False
    """The judge claimed evidence that is not in the answer, so the point counts as missing."""
    retried: bool = False
    """Its evidence was found only when the judge was asked once more."""
    conflict: bool = False
    """The judge holds something else to be true than the key point, by which it judged all the same."""
    reason: str = ""

    @model_validator(mode="after")
    def _evidence(self) -> Self:
        if (self.status is Status.MISSING) != (self.quote is None):
            raise ValueError("a quote belongs to every status but missing")
        return self

    @property
    def points(self) -> float:
        """Share of the key point's weight that is earned, 0..1."""
        return STATUS_VALUE[self.status] if self.value is None else self.value


def score_of(points: tuple[KeyPoint, ...], verdicts: tuple[Verdict, ...]) -> float:
    """Score in 0..1 from verdicts in the order of the key points.

    clip((sum of w*v - 0.25 * sum of w of contradicted points) / sum of w of vital points, 0, 1).
    """
    pairs = list(zip(points, verdicts, strict=True))
    earned = fsum(point.weight * verdict.points for point, verdict in pairs)
    penalty = CONTRADICTION_PENALTY * fsum(
        point.weight for point, verdict in pairs if point.vital and verdict.status is Status.CONTRADICTED
    )
    vital = fsum(point.weight for point in points if point.vital)
    return min(1.0, max(0.0, (earned - penalty) / vital))


class Grade(Frozen):
    """A finished grading, or the record of one that could not be made."""

    id: str
    question_id: str
    question: str
    key_points: tuple[KeyPoint, ...]
    key_points_hash: str
    answer: str
    verdicts: tuple[Verdict, ...] = ()
    """In the order of key_points; empty when `error` is set."""
    flags: tuple[Flag, ...] = ()
    path: str
    """What judged: 'gate', 'features', or 'llm:<model>' and so on."""
    trust: Trust = Trust.UNCHECKED
    """By what was known of its judge when the grade was made."""
    seconds: float = Field(ge=0)
    error: str | None = None
    """Why no grade could be made; then there is no score."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.error is None) != bool(self.verdicts):
            raise ValueError("a grade has verdicts or an error, never both or neither")
        if self.verdicts and len(self.verdicts) != len(self.key_points):
            raise ValueError("one verdict for each key point")
        return self

    @computed_field
    @property
    def score(self) -> float | None:
        """0..1, or None when the grade could not be made."""
        if self.error is not None:
            return None
        return score_of(self.key_points, self.verdicts)
