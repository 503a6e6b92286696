"""The outside world as this project sees it: small protocols, passed in, faked in tests.

Adapters in bot.adapters implement them; nothing above knows which one it got.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from bot.domain.conversations import Conversation, ConversationTurn
from bot.domain.grades import Grade
from bot.domain.jobs import Job, JobState
from bot.domain.notes import Chunk, Collection, Document, Duplicate, OpenQuestion, ParsedDocument, Topic
from bot.domain.questions import Question, Rejection
from bot.domain.quizzes import Quiz
from bot.domain.spans import Frozen

Vectors = NDArray[np.float32]
"""Shape (n, dimension), float32, each row of length 1."""


class Embedder(Protocol):
    """Turns text into vectors."""

    @property
    def identity(self) -> str:
        """Hash of weights, prompts and pooling: vectors of two identities are never mixed."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def window(self) -> int:
        """Most tokens that are read of one text, special tokens and prompt included."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text with prompt and special tokens, not cut off."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of passages.

        Raises:
            ModelUnavailable: The model cannot be loaded.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of queries.

        Raises:
            ModelUnavailable: The model cannot be loaded.
        """
        ...


class Message(Frozen):
    """One message to a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Reply(Frozen):
    """What a language model sent back, whole or cut off."""

    text: str
    finished: bool
    """False when the model stopped at the token limit."""
    model: str
    prompt_tokens: int | None = None
    reply_tokens: int | None = None


class LanguageModel(Protocol):
    """Any chat model."""

    @property
    def name(self) -> str:
        """provider:model, as settings name it; never holds a key."""
        ...

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """One whole reply, as JSON text of `schema` if one is given (not yet validated).

        Raises:
            ModelUnavailable: No answer after the retries that the settings allow.
        """
        ...

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        """Pieces of a reply as they arrive; closing the iterator stops the model.

        Raises:
            ModelUnavailable: The model does not answer, or breaks off.
        """
        ...


EMBEDDED_MODEL_PREFIX = "embedded:"
"""Begins the name of a language model that ships with the product: too small to judge or to rewrite."""


class VectorHit(Frozen):
    """A vector that was found."""

    id: str
    similarity: float
    """Cosine, -1..1."""


class VectorIndex(Protocol):
    """Nearest neighbours of one build; read-only once finished."""

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Store vectors (n, dimension) under ids; an id that is there is replaced.

        Raises:
            StorageFull: The disk took no more.
        """
        ...

    def count(self) -> int:
        """Vectors stored."""
        ...

    def nearest(self, vector: Vectors, k: int) -> list[VectorHit]:
        """At most `k` hits of a query of shape (1, dimension), closest first."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class LexicalHit(Frozen):
    """A text that shares words with a query."""

    id: str
    score: float
    """BM25, above 0."""


class LexicalIndex(Protocol):
    """Words of one build; read-only."""

    def search(self, query: str, k: int) -> list[LexicalHit]:
        """At most `k` hits, best first; none where no word matches."""
        ...

    def coverage(self, query: str, text: str) -> float:
        """Share of the query's words, weighted by rarity in this build, that `text` holds; 0..1."""
        ...


class Window(Frozen):
    """What one vector stands for: a part of a chunk, or all of it."""

    id: str
    chunk_id: str
    text: str
    """What is embedded: the question, if any, then the window's own text."""
    start: int
    """Of the raw file."""
    end: int


class IndexBuild(Frozen):
    """One finished, switchable pair of vector and lexical index."""

    id: str
    embedder: str
    """Embedder.identity of its vectors."""
    windows: tuple[Window, ...]
    calibration: dict[str, float]
    """Coefficients of the evidence gate, fitted on this build."""


class Index(Protocol):
    """Derived from the store; can be thrown away and built again at any time."""

    def current(self) -> IndexBuild | None:
        """The build that readers use, or None before the first."""
        ...

    def vectors(self) -> VectorIndex:
        """Of the current build. Raises NotFound before the first one."""
        ...

    def words(self) -> LexicalIndex:
        """Of the current build. Raises NotFound before the first one."""
        ...

    def start(self, build_id: str, dimension: int) -> VectorIndex:
        """An empty vector index for a new build that no reader sees yet."""
        ...

    def finish(self, build: IndexBuild, texts: Mapping[str, str]) -> None:
        """Write the lexical index of `texts` (chunk id to text) and switch to `build` atomically.

        Raises:
            StorageFull: The disk took no more; readers keep the old build.
        """
        ...

    def preview_words(self, texts: Mapping[str, str]) -> LexicalIndex:
        """A lexical index in memory, for calibrating a build before it is finished."""
        ...


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

    def delete(self, quiz_id: str) -> None:
        """Forget a quiz; its grades stay. Raises NotFound."""
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


class Clock(Protocol):
    """Time, so that tests own it."""

    def __call__(self) -> datetime:
        """Now, in UTC and aware of it."""
        ...


class Progress(Protocol):
    """Somebody who watches long work."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """`done` of `total` units (0 when unknown) of `what`, which is words for the user."""
        ...


def no_progress(done: int, total: int, what: str) -> None:
    """Nobody watches."""
