"""Grades, quizzes and jobs in SQL."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import CursorResult, delete, exists, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.adapters.sql.columns import to_domain, to_row, to_values
from bot.adapters.sql.database import Database
from bot.adapters.sql.failures import told_plainly
from bot.adapters.sql.learning_tables import DraftRow, GradeRow, JobRow, QuizRow
from bot.domain.errors import Busy, NotFound
from bot.domain.grades import Grade
from bot.domain.jobs import Job, JobState
from bot.domain.quizzes import Quiz
from bot.domain.spans import digest


class SqlGrades:
    """seams.GradeStore over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, grade: Grade) -> None:
        """Store a grade, in one transaction; the same id twice is stored once."""
        values = to_values(grade, GradeRow)
        with self._database.changing() as session:
            session.execute(insert(GradeRow).values(values).on_conflict_do_nothing(index_elements=["id"]))

    def grade(self, grade_id: str) -> Grade:
        """One grade. Raises NotFound."""
        with self._database.reading() as session:
            row = session.scalar(select(GradeRow).where(GradeRow.id == grade_id))
            if row is None:
                raise NotFound("store.no_grade", id=grade_id)
            return to_domain(row, Grade)

    def grades(self, question_id: str | None = None) -> list[Grade]:
        """All grades, or those of one question, oldest first."""
        query = select(GradeRow).order_by(GradeRow.number)
        if question_id is not None:
            query = query.where(GradeRow.question_id == question_id)
        with self._database.reading() as session:
            return [to_domain(row, Grade) for row in session.scalars(query)]


class SqlQuizzes:
    """seams.QuizStore over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, quiz: Quiz) -> Quiz:
        """Store a quiz if nobody has stored it since it was read; returns it with the next version.

        Raises:
            Busy: Somebody else stored a newer version.
            NotFound: Somebody else deleted it.
        """
        saved = quiz.model_copy(update={"version": quiz.version + 1})
        newer = update(QuizRow).where(QuizRow.id == quiz.id, QuizRow.version == quiz.version)
        with self._database.changing() as session:
            known = session.scalar(select(exists().where(QuizRow.id == quiz.id)))
            if not known and quiz.version == 0:
                session.add(to_row(saved, QuizRow))
            elif not known:
                raise NotFound("store.no_quiz", id=quiz.id)
            elif not _changed(session.execute(newer.values(to_values(saved, QuizRow)))):
                raise Busy("store.quiz_changed")
        return saved

    def quiz(self, quiz_id: str) -> Quiz:
        """One quiz. Raises NotFound."""
        with self._database.reading() as session:
            row = session.scalar(select(QuizRow).where(QuizRow.id == quiz_id))
            if row is None:
                raise NotFound("store.no_quiz", id=quiz_id)
            return to_domain(row, Quiz)

    def quizzes(self) -> list[Quiz]:
        """All quizzes, newest first."""
        query = select(QuizRow).order_by(QuizRow.created_at.desc(), QuizRow.number.desc())
        with self._database.reading() as session:
            return [to_domain(row, Quiz) for row in session.scalars(query)]

    def save_draft(self, quiz_id: str, turn: int, text: str) -> None:
        """Keep what was typed for a turn; it goes with its quiz. Raises NotFound."""
        values = {"quiz_id": quiz_id, "turn": turn, "text": text}
        stored = insert(DraftRow).values(values)
        stored = stored.on_conflict_do_update(index_elements=["quiz_id", "turn"], set_={"text": text})
        with self._database.changing() as session:
            if not session.scalar(select(exists().where(QuizRow.id == quiz_id))):
                raise NotFound("store.no_quiz", id=quiz_id)
            session.execute(stored)

    def draft(self, quiz_id: str, turn: int) -> str | None:
        """What was typed for a turn last, None when nothing was kept."""
        query = select(DraftRow.text).where(DraftRow.quiz_id == quiz_id, DraftRow.turn == turn)
        with self._database.reading() as session:
            return session.scalar(query)

    def delete(self, quiz_id: str) -> None:
        """Forget a quiz; its grades stay. Raises NotFound."""
        with self._database.changing() as session:
            if not _changed(session.execute(delete(QuizRow).where(QuizRow.id == quiz_id))):
                raise NotFound("store.no_quiz", id=quiz_id)


class SqlJobs:
    """seams.JobStore over a database.

    Args:
        database: Holds the jobs.
        locks: Folder of the files that are locked while a job is held; made when it is needed.
    """

    def __init__(self, database: Database, locks: Path) -> None:
        self._database = database
        self._locks = locks

    def save(self, job: Job) -> None:
        """Store or replace a job."""
        values = to_values(job, JobRow)
        stored = insert(JobRow).values(values).on_conflict_do_update(index_elements=["id"], set_=values)
        with self._database.changing() as session:
            session.execute(stored)

    def job(self, job_id: str) -> Job:
        """One job. Raises NotFound."""
        with self._database.reading() as session:
            row = session.scalar(select(JobRow).where(JobRow.id == job_id))
            if row is None:
                raise NotFound("store.no_job", id=job_id)
            return to_domain(row, Job)

    def jobs(self, state: JobState | None = None) -> list[Job]:
        """All jobs, or those in one state, oldest first."""
        query = select(JobRow).order_by(JobRow.created_at, JobRow.number)
        if state is not None:
            query = query.where(JobRow.state == state)
        with self._database.reading() as session:
            return [to_domain(row, Job) for row in session.scalars(query)]

    def hold(self, job_id: str) -> Callable[[], None] | None:
        """Hold a job until what is returned is called or the process ends; None while it is held already.

        Raises:
            StorageFull: The lock's file cannot be written.
        """
        lock = FileLock(self._locks / f"job-{digest(job_id)}.lock", mode=0o600, thread_local=False)
        with told_plainly(self._locks):
            self._locks.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                return None

        def release() -> None:
            if self._is_over(job_id):
                with suppress(OSError):  # Windows removes no file that is open
                    Path(lock.lock_file).unlink(missing_ok=True)
            lock.release()

        return release

    def _is_over(self, job_id: str) -> bool:
        query = select(JobRow.state).where(JobRow.id == job_id)
        with self._database.reading() as session:
            return session.scalar(query) in (JobState.DONE, JobState.CANCELLED)


def _changed(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount > 0
