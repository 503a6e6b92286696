"""A store in memory, complete for every protocol behind seams.Store."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.domain.conversations import Conversation, ConversationTurn
from bot.domain.errors import Busy, NotFound
from bot.domain.grades import Grade
from bot.domain.jobs import Job, JobState
from bot.domain.notes import Chunk, Collection, Document, Duplicate, OpenQuestion, ParsedDocument, Topic
from bot.domain.questions import Question, Rejection
from bot.domain.quizzes import Quiz
from bot.seams import Vectors

V = TypeVar("V")


def found(entries: Mapping[str, V], key: str) -> V:
    """The entry, or NotFound as a real store raises it."""
    if key not in entries:
        raise NotFound("ingest.not_found", what=key)
    return entries[key]


class MemoryNotes:
    def __init__(self) -> None:
        self._parsed: dict[str, ParsedDocument] = {}
        self._duplicates: list[Duplicate] = []

    def save(self, parsed: ParsedDocument) -> None:
        self._parsed[parsed.document.id] = parsed

    def delete(self, document_id: str) -> None:
        found(self._parsed, document_id)
        del self._parsed[document_id]
        self._duplicates = [
            d for d in self._duplicates if document_id not in (d.document_id, d.kept_document_id)
        ]

    def _all(self, collection: Collection | None = None) -> list[ParsedDocument]:
        chosen = [p for p in self._parsed.values() if collection in (None, p.document.collection)]
        return sorted(chosen, key=lambda p: (p.document.source, p.document.id))

    def documents(self, collection: Collection | None = None) -> list[Document]:
        return [p.document for p in self._all(collection)]

    def document(self, document_id: str) -> Document:
        return found(self._parsed, document_id).document

    def parsed(self, document_id: str) -> ParsedDocument:
        return found(self._parsed, document_id)

    def chunks(self, collection: Collection | None = None, *, active_only: bool = True) -> list[Chunk]:
        hidden = {(d.document_id, d.chunk_id) for d in self._duplicates} if active_only else set()
        return [c for p in self._all(collection) for c in p.chunks if (c.document_id, c.id) not in hidden]

    def chunk(self, chunk_id: str) -> Chunk:
        for chunk in [*self.chunks(), *self.chunks(active_only=False)]:
            if chunk.id == chunk_id:
                return chunk
        raise NotFound("ingest.not_found", what=chunk_id)

    def sources(self, chunk_id: str) -> list[str]:
        kept = self.chunk(chunk_id)
        ids = [kept.document_id]
        ids += [c.document_id for c in self.chunks(active_only=False) if c.id == chunk_id]
        ids += [d.document_id for d in self._duplicates if d.kept_chunk_id == chunk_id]
        return [self.document(i).source for i in dict.fromkeys(ids)]

    def open_questions(self, collection: Collection | None = None) -> list[OpenQuestion]:
        return [q for p in self._all(collection) for q in p.open_questions]

    def topics(self, collection: Collection | None = None) -> list[Topic]:
        return [t for p in self._all(collection) for t in p.topics]

    def set_duplicates(self, duplicates: Sequence[Duplicate]) -> None:
        self._duplicates = list(duplicates)

    def duplicates(self) -> list[Duplicate]:
        return list(self._duplicates)


class MemoryEmbeddings:
    def __init__(self) -> None:
        self._vectors: dict[tuple[str, str], Vectors] = {}

    def get(self, embedder: str, keys: Sequence[str]) -> dict[str, Vectors]:
        return {key: self._vectors[embedder, key] for key in keys if (embedder, key) in self._vectors}

    def put(self, embedder: str, vectors: Mapping[str, Vectors]) -> None:
        self._vectors |= {(embedder, key): vector for key, vector in vectors.items()}

    def prune(self, embedder: str, keep: Sequence[str]) -> None:
        kept = set(keep)
        self._vectors = {k: v for k, v in self._vectors.items() if k[0] != embedder or k[1] in kept}


class MemoryQuestions:
    def __init__(self) -> None:
        self._questions: dict[str, Question] = {}
        self._deleted: set[str] = set()
        self._rejections: list[Rejection] = []

    def save(self, question: Question) -> None:
        self._questions[question.id] = question

    def question(self, question_id: str) -> Question:
        return found(self._questions, question_id)

    def questions(self, chunk_ids: Sequence[str] | None = None) -> list[Question]:
        kept = [q for q in self._questions.values() if q.id not in self._deleted]
        return kept if chunk_ids is None else [q for q in kept if set(q.chunk_ids) & set(chunk_ids)]

    def delete(self, question_id: str) -> None:
        found(self._questions, question_id)
        self._deleted.add(question_id)

    def deleted_ids(self) -> set[str]:
        return set(self._deleted)

    def reject(self, rejection: Rejection) -> None:
        self._rejections.append(rejection)

    def rejections(self) -> list[Rejection]:
        return list(self._rejections)


class MemoryGrades:
    def __init__(self) -> None:
        self._grades: dict[str, Grade] = {}

    def save(self, grade: Grade) -> None:
        self._grades.setdefault(grade.id, grade)

    def grade(self, grade_id: str) -> Grade:
        return found(self._grades, grade_id)

    def grades(self, question_id: str | None = None) -> list[Grade]:
        return [g for g in self._grades.values() if question_id in (None, g.question_id)]


class MemoryQuizzes:
    def __init__(self) -> None:
        self._quizzes: dict[str, Quiz] = {}
        self._drafts: dict[tuple[str, int], str] = {}

    def save(self, quiz: Quiz) -> Quiz:
        stored = self._quizzes.get(quiz.id)
        if quiz.version != (stored.version if stored else 0):
            raise Busy("ingest.busy")
        saved = quiz.model_copy(update={"version": quiz.version + 1})
        self._quizzes[quiz.id] = saved
        return saved

    def quiz(self, quiz_id: str) -> Quiz:
        return found(self._quizzes, quiz_id)

    def quizzes(self) -> list[Quiz]:
        return sorted(self._quizzes.values(), key=lambda quiz: quiz.created_at, reverse=True)

    def delete(self, quiz_id: str) -> None:
        found(self._quizzes, quiz_id)
        del self._quizzes[quiz_id]
        self._drafts = {place: text for place, text in self._drafts.items() if place[0] != quiz_id}

    def save_draft(self, quiz_id: str, turn: int, text: str) -> None:
        found(self._quizzes, quiz_id)
        self._drafts[quiz_id, turn] = text

    def draft(self, quiz_id: str, turn: int) -> str | None:
        return self._drafts.get((quiz_id, turn))


class MemoryConversations:
    def __init__(self) -> None:
        self._conversations: dict[str, Conversation] = {}

    def start(self, title: str) -> Conversation:
        number = len(self._conversations) + 1
        created = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
        conversation = Conversation(id=f"conversation-{number}", title=title, created_at=created)
        self._conversations[conversation.id] = conversation
        return conversation

    def _change(self, conversation_id: str, **changes: object) -> None:
        old = found(self._conversations, conversation_id)
        self._conversations[conversation_id] = old.model_copy(update=changes)

    def append(self, conversation_id: str, turn: ConversationTurn) -> None:
        self._change(conversation_id, turns=(*self.conversation(conversation_id).turns, turn))

    def conversation(self, conversation_id: str) -> Conversation:
        return found(self._conversations, conversation_id)

    def conversations(self) -> list[Conversation]:
        return sorted(self._conversations.values(), key=lambda c: c.created_at, reverse=True)

    def rename(self, conversation_id: str, title: str) -> None:
        self._change(conversation_id, title=title)

    def delete(self, conversation_id: str) -> None:
        found(self._conversations, conversation_id)
        del self._conversations[conversation_id]


class MemoryJobs:
    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._held: set[str] = set()

    def save(self, job: Job) -> None:
        self._jobs[job.id] = job

    def job(self, job_id: str) -> Job:
        return found(self._jobs, job_id)

    def jobs(self, state: JobState | None = None) -> list[Job]:
        chosen = [job for job in self._jobs.values() if state in (None, job.state)]
        return sorted(chosen, key=lambda job: job.created_at)

    def hold(self, job_id: str) -> Callable[[], None] | None:
        if job_id in self._held:
            return None
        self._held.add(job_id)
        return lambda: self._held.discard(job_id)

    def owner_died(self) -> None:
        """What a killed process held is free again."""
        self._held.clear()


class MemoryStore:
    """Forgets everything with the process; behaves like a seams.Store otherwise."""

    def __init__(self) -> None:
        self.notes = MemoryNotes()
        self.embeddings = MemoryEmbeddings()
        self.questions = MemoryQuestions()
        self.grades = MemoryGrades()
        self.quizzes = MemoryQuizzes()
        self.conversations = MemoryConversations()
        self.jobs = MemoryJobs()
        self._lock = threading.RLock()

    @contextmanager
    def writing(self, timeout: float = 0.0) -> Iterator[None]:
        if not self._lock.acquire(timeout=max(timeout, 0.0)):
            raise Busy("ingest.busy")
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        """Nothing to let go of."""
