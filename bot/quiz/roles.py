"""What the quizmaster needs of others, and what it tells."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.grades import Grade
from bot.domain.questions import KeyPoint, Question
from bot.domain.quizzes import Scope, Turn
from bot.domain.spans import Frozen


class Chooser(Protocol):
    """Picks what is asked next."""

    def __call__(self, scope: Scope, asked: Sequence[str]) -> Question | None:
        """A question in `scope` that is not among the ids `asked`, or None when there is no more."""
        ...


class Examiner(Protocol):
    """Grades one answer."""

    def grade(
        self,
        question_id: str,
        question: str,
        key_points: tuple[KeyPoint, ...],
        answer: str,
        passage: str | None,
    ) -> Grade:
        """A grade, or the record of one that could not be made.

        Args:
            question_id: Of the question.
            question: Its text.
            key_points: What the answer is held to.
            answer: The learner's words.
            passage: What the notes say, to notice copying; None where there are no notes.

        Raises:
            BadInput: The answer cannot be used.
        """
        ...


class Asking(Frozen):
    """A turn with all that is known about it."""

    turn: Turn
    question: Question | None
    """None when the learner deleted it meanwhile."""
    grade: Grade | None


class Summary(Frozen):
    """How a quiz went."""

    asked: int
    graded: int
    skipped: int
    mean: float | None
    """Mean score of the graded turns, 0..1; None without one."""
