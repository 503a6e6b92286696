"""A quiz: which questions, in which order, and how far it has come. Owned by code."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bot.domain.spans import Frozen


class Scope(Frozen):
    """Which part of the notes a quiz is about; all empty means everything."""

    topic: str = ""
    """Free words; the sections nearest to them."""
    document_id: str = ""
    heading_path: tuple[str, ...] = ()
    """A section and all below it."""


class QuizMode(StrEnum):
    """What a learner sees between the turns."""

    PRACTICE = "practice"
    """After each answer the whole grade and the ideal answer."""
    INTERVIEW = "interview"
    """What the answer lacks, and the ideal answer, only once the quiz is over; no hints."""


class TurnState(StrEnum):
    """Life of one turn."""

    ASKED = "asked"
    ANSWERED = "answered"
    """The answer is stored; a grade is not there yet (or the grading was cut short)."""
    GRADED = "graded"
    SKIPPED = "skipped"


class Turn(Frozen):
    """One question of a quiz and what became of it."""

    number: int = Field(ge=1)
    question_id: str
    state: TurnState = TurnState.ASKED
    answer: str = ""
    """The learner's words as submitted; stored before anything is judged."""
    grade_id: str | None = None
    hints: int = Field(default=0, ge=0)
    """Hints given so far."""


class Quiz(Frozen):
    """A quiz and its state."""

    id: str
    created_at: datetime
    scope: Scope
    length: int = Field(ge=1, le=100)
    """Turns planned."""
    mode: QuizMode = QuizMode.PRACTICE
    turns: tuple[Turn, ...] = ()
    finished: bool = False
    version: int = 0
    """Raised by the store at each save."""

    @property
    def reveals(self) -> bool:
        """Whether ideal answers and key points that an answer lacks may be shown now."""
        return self.finished or self.mode is QuizMode.PRACTICE

    @property
    def current(self) -> Turn | None:
        """The turn that waits for the learner or for its grade."""
        if self.finished or not self.turns:
            return None
        last = self.turns[-1]
        return last if last.state in (TurnState.ASKED, TurnState.ANSWERED) else None
