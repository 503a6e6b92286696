"""Tables of what is asked and answered: questions, grades, quizzes, conversations and jobs."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.adapters.sql.columns import Json, Moment
from bot.adapters.sql.note_tables import JsonValue, Table


class KeyPointRow(Table):
    """A key point at its place in a question."""

    __tablename__ = "key_points"

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    weight: Mapped[float]
    vital: Mapped[bool]
    quote: Mapped[JsonValue | None] = mapped_column(Json)


class QuestionChunkRow(Table):
    """Which chunks a question was made from; they may be gone by now."""

    __tablename__ = "question_chunks"

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    chunk_id: Mapped[str] = mapped_column(index=True)


class QuestionRow(Table):
    """A question; `number` counts up, so that the oldest comes first."""

    __tablename__ = "questions"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    difficulty: Mapped[int]
    origin: Mapped[str] = mapped_column(String(16))
    heading_path: Mapped[JsonValue] = mapped_column(Json)
    stale: Mapped[bool]

    points: Mapped[list[KeyPointRow]] = relationship(
        order_by=KeyPointRow.place, cascade="all, delete-orphan", lazy="selectin"
    )
    chunks: Mapped[list[QuestionChunkRow]] = relationship(
        order_by=QuestionChunkRow.place, cascade="all, delete-orphan", lazy="selectin"
    )


class DeletedQuestionRow(Table):
    """A question that the learner never wants to see again."""

    __tablename__ = "deleted_questions"

    question_id: Mapped[str] = mapped_column(primary_key=True)


class RejectionRow(Table):
    """A proposal that code turned down."""

    __tablename__ = "rejections"

    number: Mapped[int] = mapped_column(primary_key=True)
    chunk_id: Mapped[str]
    proposal: Mapped[str]
    reason: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str]


class GradeRow(Table):
    """A grade; it holds its own copy of question and key points, so no change reaches it."""

    __tablename__ = "grades"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    question_id: Mapped[str] = mapped_column(index=True)
    question: Mapped[str]
    key_points: Mapped[JsonValue] = mapped_column(Json)
    key_points_hash: Mapped[str]
    answer: Mapped[str]
    verdicts: Mapped[JsonValue] = mapped_column(Json)
    flags: Mapped[JsonValue] = mapped_column(Json)
    path: Mapped[str]
    trust: Mapped[str] = mapped_column(String(16), server_default="unchecked")
    seconds: Mapped[float]
    error: Mapped[str | None]
    score: Mapped[float | None]
    """For queries by hand; a loaded grade computes its own."""
    saved_at: Mapped[str] = mapped_column(String(32), server_default=func.current_timestamp())
    """UTC, as SQLite writes it."""


class QuizRow(Table):
    """A quiz; `version` is the optimistic lock."""

    __tablename__ = "quizzes"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    scope: Mapped[JsonValue] = mapped_column(Json)
    length: Mapped[int]
    mode: Mapped[str] = mapped_column(String(16), server_default="practice")
    turns: Mapped[JsonValue] = mapped_column(Json)
    finished: Mapped[bool]
    version: Mapped[int]


class DraftRow(Table):
    """What a learner has typed for a turn and not submitted."""

    __tablename__ = "drafts"

    quiz_id: Mapped[str] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class TurnRow(Table):
    """One turn of a conversation."""

    __tablename__ = "turns"

    number: Mapped[int] = mapped_column(primary_key=True)
    conversation_number: Mapped[int] = mapped_column(
        ForeignKey("conversations.number", ondelete="CASCADE"), index=True
    )
    query: Mapped[str]
    explanation: Mapped[JsonValue | None] = mapped_column(Json)
    error: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(Moment)


class ConversationRow(Table):
    """A conversation with the notes."""

    __tablename__ = "conversations"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)

    turns: Mapped[list[TurnRow]] = relationship(
        order_by=TurnRow.number, cascade="all, delete-orphan", lazy="selectin"
    )


class JobRow(Table):
    """One piece of long work."""

    __tablename__ = "jobs"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), index=True)
    priority: Mapped[int]
    payload: Mapped[JsonValue] = mapped_column(Json)
    done: Mapped[int]
    total: Mapped[int]
    message: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    seconds: Mapped[float]
