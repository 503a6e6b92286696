"""What a retriever returns, and what a question to the notes is answered with."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.domain.notes import Chunk, Topic
from bot.domain.spans import Frozen, Span

Similarity = Annotated[float, Field(ge=-1, le=1)]
"""Cosine; higher is closer."""


class Hit(Frozen):
    """A chunk that was found."""

    chunk: Chunk
    source: str
    """Document.source of the chunk."""
    fused: float = Field(ge=0)
    """Reciprocal-rank fusion score; comparable only within one search."""
    similarity: Similarity | None
    """Of the closest window, made comparable across languages; None when only words found the chunk."""
    lexical: float = Field(ge=0)
    """BM25 score, 0 when no word matched."""
    passage: Span
    """The window of the raw file that matched best, inside the chunk."""


class Citation(Frozen):
    """Where a sentence of an answer is said in the notes."""

    number: int = Field(ge=1)
    chunk_id: str
    document_id: str
    source: str
    heading_path: tuple[str, ...]
    span: Span
    quote: str
    """Verbatim characters of the raw file at `span`."""


class CitedSentence(Frozen):
    """A sentence that code has checked against the chunks it cites."""

    text: str
    citations: tuple[int, ...]
    """Numbers of Citation; empty only for words that claim nothing (a heading, a connecting phrase)."""


class Outcome(StrEnum):
    """How a question to the notes ended."""

    ANSWERED = "answered"
    PASSAGES = "passages"
    """Answered with the passages themselves, without a language model."""
    REFUSED = "refused"


class Decider(StrEnum):
    """Who decided that the notes hold an answer or not."""

    EVIDENCE = "evidence"
    MODEL = "model"
    CHECK = "check"
    """No sentence of the model's survived the check."""
    EMPTY = "empty"
    """There are no notes."""


class Explanation(Frozen):
    """The answer to a question to the notes."""

    query: str
    standalone: str
    """The query as understood from the conversation; equal to `query` without one."""
    outcome: Outcome
    decided_by: Decider
    evidence: float = Field(ge=0, le=1)
    sentences: tuple[CitedSentence, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...]
    """Best hits, shown below an answer and in place of one when refused."""
    topics: tuple[Topic, ...] = ()
    """Outline entries that name the matter without explaining it."""
    conflicts: tuple[tuple[int, int], ...] = ()
    """Pairs of citation numbers whose passages seem to contradict each other."""
    dropped: tuple[str, ...] = ()
    """Sentences of the model's that the check did not let through."""
    problem: str = ""
    """Why the language model's answer is missing or incomplete, in words for the user; blank: nothing is."""
