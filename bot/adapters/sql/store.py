"""All of SQL behind one door."""

from contextlib import AbstractContextManager
from pathlib import Path

from bot.adapters.sql.conversations import SqlConversations, utc_now
from bot.adapters.sql.database import Database
from bot.adapters.sql.embeddings import SqlEmbeddings
from bot.adapters.sql.failures import told_plainly
from bot.adapters.sql.learning import SqlGrades, SqlJobs, SqlQuizzes
from bot.adapters.sql.lock import WriterLock
from bot.adapters.sql.notes import SqlNotes
from bot.adapters.sql.questions import SqlQuestions
from bot.adapters.sql.schema import upgrade
from bot.seams import (
    Clock,
    ConversationStore,
    EmbeddingCache,
    GradeStore,
    JobStore,
    NoteStore,
    QuestionStore,
    QuizStore,
)

DATABASE_NAME = "kaodian.db"


class SqlStore:
    """seams.Store in one SQLite file; several threads and processes may use it at once."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._database = Database(home / DATABASE_NAME)
        self._lock = WriterLock(home)
        self.notes: NoteStore = SqlNotes(self._database)
        self.embeddings: EmbeddingCache = SqlEmbeddings(self._database)
        self.questions: QuestionStore = SqlQuestions(self._database)
        self.grades: GradeStore = SqlGrades(self._database)
        self.quizzes: QuizStore = SqlQuizzes(self._database)
        self.conversations: ConversationStore = SqlConversations(self._database, clock)
        self.jobs: JobStore = SqlJobs(self._database, home / "run")

    def writing(self, timeout: float = 0.0) -> AbstractContextManager[None]:
        """The one writer's lock over notes and index, across processes; re-entrant within a thread.

        Raises:
            Busy: Another process or thread holds it after `timeout` seconds.
        """
        return self._lock.held(timeout)

    def close(self) -> None:
        """Let go of files."""
        self._database.close()


def open_store(home: Path, clock: Clock = utc_now) -> SqlStore:
    """The store in the directory `home`, made or brought up to date where needed.

    Args:
        home: Directory of all that is kept; made if it is not there.
        clock: Tells when a conversation began.

    Raises:
        StorageFull: The disk took no more, or the directory may not be written.
        StorageBroken: The database cannot be read, or a newer program wrote it.
    """
    file = home / DATABASE_NAME
    with told_plainly(file):
        home.mkdir(parents=True, exist_ok=True)
    upgrade(file)
    return SqlStore(home, clock)
