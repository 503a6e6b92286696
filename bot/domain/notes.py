"""Notes as they were read: documents, chunks, open questions, topics and what was cut."""

from enum import StrEnum

from pydantic import Field

from bot.domain.spans import Frozen, Span, joined, text_span


class Collection(StrEnum):
    """Whose notes these are."""

    OWN = "own"
    SAMPLE = "sample"


class Format(StrEnum):
    """How a file is read."""

    MARKDOWN = "markdown"
    TEXT = "text"


class Document(Frozen):
    """One file of notes, with its raw text as decoded and not otherwise changed."""

    id: str
    """digest(collection, source): stable while the file's place is, whatever its content."""
    source: str
    """Where it came from, as shown to the user: a path, an upload's name, or 'paste: …'."""
    collection: Collection
    format: Format
    title: str
    raw: str
    """The decoded file, byte order mark and line ends kept; every span counts in this text."""
    sha256: str
    """Of the file's bytes, 64 hex digits."""
    front_matter: dict[str, str | list[str]] = Field(default_factory=dict)
    origin: str | None = None
    """Digest of the place that the file stands at: files of one name from two places are two notes.
    None where it is not known."""


class ChunkKind(StrEnum):
    """What a chunk is made of."""

    QA = "qa"
    """One question and its own answer."""
    SECTION = "section"
    """Text under one heading."""


class Chunk(Frozen):
    """A passage that is found, shown and quoted as one."""

    id: str
    """digest of kind, question, heading path and text: equal text keeps its id over re-ingests."""
    document_id: str
    kind: ChunkKind
    heading_path: tuple[str, ...]
    """Headings from the outermost in, without numbering or marks; the question is not repeated."""
    question: str | None
    """Of a QA chunk, the question without its numbering; otherwise None."""
    question_span: Span | None
    spans: tuple[Span, ...] = Field(min_length=1)
    """In order and apart from each other; of a QA chunk the question's line comes first."""
    text: str
    """joined(raw, spans)."""
    line: int = Field(ge=1)
    """Line of the raw file on which the first span starts."""

    def stands_in(self, raw: str) -> bool:
        """Whether the text is verbatim what the spans hold in `raw`."""
        return joined(raw, self.spans) == self.text

    def part(self, span: Span) -> Span | None:
        """Where a range of the raw file stands in the text; None where that is all of it, or nothing."""
        found = text_span(self.spans, span)
        return None if found is None or found.cut(self.text).strip() == self.text.strip() else found


class OpenQuestion(Frozen):
    """A question whose answer is not in the notes: never paired, asked or graded."""

    id: str
    document_id: str
    text: str
    span: Span
    heading_path: tuple[str, ...]
    line: int = Field(ge=1)


class Topic(Frozen):
    """An entry of an outline: named in the notes, not explained there."""

    document_id: str
    text: str
    span: Span
    heading_path: tuple[str, ...]
    line: int = Field(ge=1)


class CutReason(StrEnum):
    """Why a span was left out of every chunk."""

    FRONT_MATTER = "front_matter"
    SHARE = "share"
    """Requests to like, follow or share, and pointers to the author's other posts."""
    RELATED = "related"
    """Teasers of other articles."""
    ADVERT = "advert"
    LEGAL = "legal"
    """Copyright notices, disclaimers, reprint notes."""
    CHAT = "chat"
    """A chat model's own remarks."""
    CLOSING = "closing"
    """Pleasantries at the end."""
    LINK = "link"
    """A bare pointer to a page elsewhere."""
    TRUNCATED = "truncated"
    """A line that announces content which was lost (a picture, a formula)."""


class Cut(Frozen):
    """A span that cleaning left out, and why."""

    document_id: str
    span: Span
    reason: CutReason
    line: int = Field(ge=1)


class ParsedDocument(Frozen):
    """Everything that reading one document gave."""

    document: Document
    chunks: tuple[Chunk, ...]
    open_questions: tuple[OpenQuestion, ...]
    topics: tuple[Topic, ...]
    cuts: tuple[Cut, ...]


class Duplicate(Frozen):
    """A chunk that is stored but not indexed, since another says the same."""

    chunk_id: str
    document_id: str
    kept_chunk_id: str
    kept_document_id: str
    similarity: float = Field(ge=0, le=1)
    """Containment of the poorer chunk's character shingles in the richer one."""


class IngestReport(Frozen):
    """What an ingest found, for people."""

    files: int
    unchanged: int
    removed: int
    chunks: int
    """Active chunks of these files, duplicates not counted."""
    questions: int
    """Questions found: paired and open together."""
    paired: int
    open: int
    topics: int
    duplicate_documents: int
    duplicate_chunks: int
    cuts: dict[CutReason, int]
    """Characters cut, by reason."""
    embedded: int
    """Texts that had to be embedded now; 0 when nothing changed."""
    replaced: tuple[str, ...] = ()
    """Names of the notes whose former content this ingest replaced."""
    renamed: tuple[str, ...] = ()
    """New names of notes whose own name was another note's."""
    problems: tuple[str, ...] = ()
    """Files that could not be read, one message each."""
