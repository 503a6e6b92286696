"""Questions in SQL."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.adapters.sql.columns import to_domain, to_row, to_values
from bot.adapters.sql.database import Database
from bot.adapters.sql.learning_tables import (
    DeletedQuestionRow,
    KeyPointRow,
    QuestionChunkRow,
    QuestionRow,
    RejectionRow,
)
from bot.domain.errors import NotFound
from bot.domain.questions import KeyPoint, Question, Rejection


class SqlQuestions:
    """seams.QuestionStore over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, question: Question) -> None:
        """Store or replace a question, in one transaction; a replaced one keeps its age."""
        with self._database.changing() as session:
            row = session.scalar(select(QuestionRow).where(QuestionRow.id == question.id))
            if row is None:
                row = to_row(question, QuestionRow)
                session.add(row)
            for name, value in to_values(question, QuestionRow).items():
                setattr(row, name, value)
            row.points.clear()
            row.chunks.clear()
            session.flush()
            row.points.extend(to_row(p, KeyPointRow, place=i) for i, p in enumerate(question.key_points))
            row.chunks.extend(
                QuestionChunkRow(place=i, chunk_id=chunk_id) for i, chunk_id in enumerate(question.chunk_ids)
            )

    def question(self, question_id: str) -> Question:
        """One question, deleted ones included: a stored quiz may still show it. Raises NotFound."""
        with self._database.reading() as session:
            return _question(_row(session, question_id))

    def questions(self, chunk_ids: Sequence[str] | None = None) -> list[Question]:
        """All questions that were not deleted, or those made from any of `chunk_ids`, oldest first."""
        deleted = select(DeletedQuestionRow.question_id)
        query = select(QuestionRow).where(QuestionRow.id.not_in(deleted)).order_by(QuestionRow.number)
        with self._database.reading() as session:
            questions = [_question(row) for row in session.scalars(query)]
        if chunk_ids is None:
            return questions
        wanted = set(chunk_ids)
        return [question for question in questions if not wanted.isdisjoint(question.chunk_ids)]

    def delete(self, question_id: str) -> None:
        """Take a question out of every quiz for good; its grades stay. Raises NotFound."""
        with self._database.changing() as session:
            _row(session, question_id)
            session.merge(DeletedQuestionRow(question_id=question_id))

    def deleted_ids(self) -> set[str]:
        """Ids that the learner deleted: never made again."""
        with self._database.reading() as session:
            return set(session.scalars(select(DeletedQuestionRow.question_id)))

    def reject(self, rejection: Rejection) -> None:
        """Keep a proposal that was turned down, with its reason."""
        with self._database.changing() as session:
            session.add(to_row(rejection, RejectionRow))

    def rejections(self) -> list[Rejection]:
        """Everything that was turned down, oldest first."""
        query = select(RejectionRow).order_by(RejectionRow.number)
        with self._database.reading() as session:
            return [to_domain(row, Rejection) for row in session.scalars(query)]


def _row(session: Session, question_id: str) -> QuestionRow:
    row = session.scalar(select(QuestionRow).where(QuestionRow.id == question_id))
    if row is None:
        raise NotFound("store.no_question", id=question_id)
    return row


def _question(row: QuestionRow) -> Question:
    points = tuple(to_domain(point, KeyPoint) for point in row.points)
    chunk_ids = tuple(entry.chunk_id for entry in row.chunks)
    return to_domain(row, Question, {"key_points": points, "chunk_ids": chunk_ids})
