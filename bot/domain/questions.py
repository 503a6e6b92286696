"""Interview questions and the key points an answer is held to."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.domain.spans import Frozen, Span, digest

Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Difficulty = Annotated[int, Field(ge=1, le=3)]

MOST_CHARS = 1000
"""Characters of a key point's text."""
VITAL_WEIGHT = 1.0
BONUS_WEIGHT = 0.5


class QuestionKind(StrEnum):
    """What a question asks of the learner."""

    DEFINE = "define"
    WHY = "why"
    COMPARE = "compare"
    HOW = "how"
    DERIVE = "derive"
    APPLY = "apply"
    LIST = "list"


class Origin(StrEnum):
    """Who wrote a question."""

    NOTES = "notes"
    """Stands verbatim in the notes."""
    HEADING = "heading"
    """Made from a heading by code."""
    MODEL = "model"
    SHIPPED = "shipped"
    """Comes with the sample corpus."""
    LEARNER = "learner"
    """Corrected or written by the learner."""


class Quote(Frozen):
    """Characters that stand verbatim in a document."""

    text: str = Field(min_length=1)
    document_id: str
    chunk_id: str
    span: Span


class KeyPoint(Frozen):
    """One atomic statement that an answer should make."""

    text: str = Field(min_length=1, max_length=MOST_CHARS)
    weight: Weight = VITAL_WEIGHT
    vital: bool = True
    """False for a bonus point, which can lift a score and never lower it."""
    quote: Quote | None
    """Where the notes say it; None only for key points of an eval case."""


class Question(Frozen):
    """A question with its key points, fixed before anyone answers."""

    id: str
    text: str = Field(min_length=1)
    kind: QuestionKind
    difficulty: Difficulty
    origin: Origin
    chunk_ids: tuple[str, ...]
    heading_path: tuple[str, ...] = ()
    key_points: tuple[KeyPoint, ...] = Field(min_length=1, max_length=7)
    stale: bool = False
    """Whether a note it was made from has changed since."""

    @property
    def key_points_hash(self) -> str:
        """Identity of what an answer is graded against."""
        return key_points_hash(self.text, self.key_points)

    @model_validator(mode="after")
    def _some_vital(self) -> Self:
        if not any(point.vital for point in self.key_points):
            raise ValueError("a question needs at least one vital key point")
        return self


def key_points_hash(question: str, points: tuple[KeyPoint, ...]) -> str:
    """16 hex digits over the question and each point's text, weight and vital flag, in order."""
    fields = [f"{p.text}\x1f{p.weight}\x1f{p.vital}" for p in points]
    return digest(question, *fields)


class RejectionReason(StrEnum):
    """Why a proposed question or key point was not taken."""

    INVENTED_QUOTE = "invented_quote"
    FOREIGN_QUOTE = "foreign_quote"
    NOT_ASKED = "not_asked"
    LEAKS_ANSWER = "leaks_answer"
    NEAR_DUPLICATE = "near_duplicate"
    MALFORMED = "malformed"
    NO_KEY_POINT = "no_key_point"


class Rejection(Frozen):
    """A proposal that code turned down, kept so that it can be looked at."""

    chunk_id: str
    proposal: str
    reason: RejectionReason
    detail: str = ""
