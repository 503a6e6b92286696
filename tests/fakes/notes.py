"""Notes for tests, from text."""

from bot.domain.notes import Chunk, ChunkKind, Collection, Document, ParsedDocument
from bot.ingest import NoteFile, parse, read_document


def note_file(text: str, source: str = "note.md", collection: Collection = Collection.OWN) -> NoteFile:
    return NoteFile(data=text.encode(), source=source, collection=collection)


def note(text: str, source: str = "note.txt", collection: Collection = Collection.OWN) -> Document:
    return read_document(text.encode(), source, collection)


def read(text: str, source: str = "note.txt", collection: Collection = Collection.OWN) -> ParsedDocument:
    return parse(note(text, source, collection))


def pairs(parsed: ParsedDocument) -> dict[str, str]:
    """Answers by question."""
    return {c.question: answer_of(c) for c in parsed.chunks if c.question is not None}


def answer_of(chunk: Chunk) -> str:
    """Text of a QA chunk after its question's line."""
    return chunk.text[len(chunk.question_span) :].strip() if chunk.question_span else chunk.text


def sections(parsed: ParsedDocument) -> dict[str, str]:
    """Text of section chunks by innermost heading."""
    return {" > ".join(c.heading_path): c.text for c in parsed.chunks if c.kind is ChunkKind.SECTION}


def opened(parsed: ParsedDocument) -> list[str]:
    return [question.text for question in parsed.open_questions]


def named(parsed: ParsedDocument) -> list[str]:
    return [topic.text for topic in parsed.topics]


def cut_text(parsed: ParsedDocument) -> dict[str, str]:
    """Text that was cut, by reason."""
    found: dict[str, str] = {}
    for cut in parsed.cuts:
        found[cut.reason] = found.get(cut.reason, "") + cut.span.cut(parsed.document.raw)
    return found
