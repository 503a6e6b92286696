"""What is true, and who keeps it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from bot.domain.conversations import Conversation, ConversationTurn
from bot.domain.grades import Grade
from bot.domain.jobs import Job, JobState
from bot.domain.notes import Chunk, Collection, Document, Duplicate, OpenQuestion, ParsedDocument, Topic
from bot.domain.questions import Question, Rejection
from bot.domain.quizzes import Quiz
from bot.seams.embedding import Vectors


class NoteStore(Protocol):
    """Documents and all that was read from them: the truth."""

    def save(self, parsed: ParsedDocument) -> None:
        """Store one document, replacing what stood under its id, in one transaction."""
        ...

    def delete(self, document_id: str) -> None:
        """Forget a document and all that was read from it. Raises NotFound."""
        ...

    def documents(self, collection: Collection | None = None) -> list[Document]:
        """All documents, or those of one collection, by source."""
        ...

    def document(self, document_id: str) -> Document:
        """One document. Raises NotFound."""
        ...

    def parsed(self, document_id: str) -> ParsedDocument:
        """One document with everything read from it. Raises NotFound."""
        ...

    def chunks(self, collection: Collection | None = None, *, active_only: bool = True) -> list[Chunk]:
        """Chunks by document and place; without duplicates if `active_only`."""
        ...

    def chunk(self, chunk_id: str) -> Chunk:
        """One chunk, from the document that is kept for it. Raises NotFound."""
        ...

    def sources(self, chunk_id: str) -> list[str]:
        """Document.source of every document that holds this chunk or a duplicate of it, kept one first."""
        ...

    def open_questions(self, collection: Collection | None = None) -> list[OpenQuestion]:
        """Questions without an answer, by document and place."""
        ...

    def topics(self, collection: Collection | None = None) -> list[Topic]:
        """Outline entries, by document and place."""
        ...

    def set_duplicates(self, duplicates: Sequence[Duplicate]) -> None:
        """Replace the list of duplicates, in one transaction."""
        ...

    def duplicates(self) -> list[Duplicate]:
        """All known duplicates."""
        ...


class EmbeddingCache(Protocol):
    """Vectors by hash of the embedded text and embedder."""

    def get(self, embedder: str, keys: Sequence[str]) -> dict[str, Vectors]:
        """Known vectors, each of shape (dimension,), by key."""
        ...

    def put(self, embedder: str, vectors: Mapping[str, Vectors]) -> None:
        """Remember vectors, in one transaction."""
        ...

    def prune(self, embedder: str, keep: Sequence[str]) -> None:
        """Forget the vectors of this embedder that are not in `keep`."""
        ...


class QuestionStore(Protocol):
    """Questions, key points and what was turned down."""

    def save(self, question: Question) -> None:
        """Store or replace a question, in one transaction."""
        ...

    def question(self, question_id: str) -> Question:
        """One question. Raises NotFound."""
        ...

    def questions(self, chunk_ids: Sequence[str] | None = None) -> list[Question]:
        """All questions that were not deleted, or those made from any of `chunk_ids`, oldest first."""
        ...

    def delete(self, question_id: str) -> None:
        """Take a question out of every quiz for good; its grades stay. Raises NotFound."""
        ...

    def deleted_ids(self) -> set[str]:
        """Ids that the learner deleted: never made again."""
        ...

    def reject(self, rejection: Rejection) -> None:
        """Keep a proposal that was turned down, with its reason."""
        ...

    def rejections(self) -> list[Rejection]:
        """Everything that was turned down, oldest first."""
        ...


class GradeStore(Protocol):
    """Grades are added, never changed."""

    def save(self, grade: Grade) -> None:
        """Store a grade, in one transaction; the same id twice is stored once."""
        ...

    def grade(self, grade_id: str) -> Grade:
        """One grade. Raises NotFound."""
        ...

    def grades(self, question_id: str | None = None) -> list[Grade]:
        """All grades, or those of one question, oldest first."""
        ...


class QuizStore(Protocol):
    """Quizzes; a version number keeps a second tab from overwriting the first."""

    def save(self, quiz: Quiz) -> Quiz:
        """Store a quiz if its version is the stored one plus nothing; returns it with the next version.

        Raises:
            Busy: Somebody else stored a newer version.
        """
        ...

    def quiz(self, quiz_id: str) -> Quiz:
        """One quiz. Raises NotFound."""
        ...

    def quizzes(self) -> list[Quiz]:
        """All quizzes, newest first."""
        ...

    def save_draft(self, quiz_id: str, turn: int, text: str) -> None:
        """Keep what was typed for a turn and not submitted; it goes with its quiz. Raises NotFound."""
        ...

    def draft(self, quiz_id: str, turn: int) -> str | None:
        """What was typed for a turn last, None when nothing was kept."""
        ...

    def delete(self, quiz_id: str) -> None:
        """Forget a quiz and its drafts; its grades stay. Raises NotFound."""
        ...


class ConversationStore(Protocol):
    """Conversations with the notes, stored by us and not by the browser."""

    def start(self, title: str) -> Conversation:
        """A new, empty conversation."""
        ...

    def append(self, conversation_id: str, turn: ConversationTurn) -> None:
        """Add one turn, in one transaction. Raises NotFound."""
        ...

    def conversation(self, conversation_id: str) -> Conversation:
        """One conversation with its turns. Raises NotFound."""
        ...

    def conversations(self) -> list[Conversation]:
        """All conversations, newest first, with their turns."""
        ...

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title. Raises NotFound."""
        ...

    def delete(self, conversation_id: str) -> None:
        """Forget a conversation. Raises NotFound."""
        ...


class JobStore(Protocol):
    """Long work with stored state."""

    def save(self, job: Job) -> None:
        """Store or replace a job."""
        ...

    def job(self, job_id: str) -> Job:
        """One job. Raises NotFound."""
        ...

    def jobs(self, state: JobState | None = None) -> list[Job]:
        """All jobs, or those in one state, oldest first."""
        ...

    def hold(self, job_id: str) -> Callable[[], None] | None:
        """Hold a job until what is returned is called or the process ends; None while it is held already."""
        ...


class Store(Protocol):
    """All of SQL behind one door."""

    notes: NoteStore
    embeddings: EmbeddingCache
    questions: QuestionStore
    grades: GradeStore
    quizzes: QuizStore
    conversations: ConversationStore
    jobs: JobStore

    def writing(self, timeout: float = 0.0) -> AbstractContextManager[None]:
        """The one writer's lock over notes and index, across processes; re-entrant within a thread.

        Raises:
            Busy: Another process holds it after `timeout` seconds.
        """
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
