"""What the HTTP API takes and gives."""

from pydantic import BaseModel, ConfigDict, Field

from bot.app import Loading
from bot.domain.grades import Grade
from bot.domain.questions import Question
from bot.domain.quizzes import Quiz, QuizMode, Scope
from bot.grading import Feedback


class Body(BaseModel):
    """A request; an unknown field is an error, not a silent nothing."""

    model_config = ConfigDict(extra="forbid")


class PasteBody(Body):
    """A note as text."""

    title: str = ""
    """Blank: the text's first words."""
    text: str


class AskBody(Body):
    """A question to the notes."""

    question: str
    conversation: str | None = None
    """Id of a conversation to go on with; None begins a new one."""


class GradeBody(Body):
    """An answer to one stored question."""

    question_id: str
    answer: str


class QuizBody(Body):
    """A quiz to begin."""

    scope: Scope = Field(default_factory=Scope)
    length: int = 5
    mode: QuizMode = QuizMode.PRACTICE
    """'interview' keeps ideal answers and missing key points back until the quiz is over."""


class SubmitBody(Body):
    """An answer to one turn; the same turn is never graded twice."""

    turn: int
    answer: str


class DraftBody(Body):
    """What was typed for a turn and not submitted."""

    turn: int
    text: str


class DraftReply(BaseModel):
    """What became of a draft."""

    kept: bool
    """False when the turn waits for no answer any more."""


class TurnBody(Body):
    """A turn."""

    turn: int


class StatusReply(BaseModel):
    """How far the start has come."""

    ready: bool
    """Whether the notes are indexed."""
    language_model: str | None
    """None while there is none."""
    stages: list[Loading]


class NoteReply(BaseModel):
    """One document."""

    id: str
    source: str
    title: str
    collection: str
    in_use: bool


class ErrorReply(BaseModel):
    """What went wrong, and what to do next."""

    error: str


class QuizReply(BaseModel):
    """A quiz, the question that is open, and the grade of the last turn."""

    quiz: Quiz
    question: str | None
    """Text of the open question; None when the quiz is finished."""
    draft: str
    """What was typed for the open question and not submitted."""
    feedback: Feedback | None
    """On the last turn, once it is graded; an interview's without what it must not show yet."""
    grade: Grade | None
    """Of the last turn, once it has one; null while an interview goes on."""
    questions: list[Question] = Field(default_factory=list[Question])
    """The questions that are done, with their key points; empty while an interview goes on."""
    grades: list[Grade] = Field(default_factory=list[Grade])
    """All grades, in the order of the turns; empty while an interview goes on."""
