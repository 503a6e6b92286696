"""Small notes in our own words, parsed without the ingest room."""

from bot.domain.notes import Chunk, ChunkKind, Collection, Document, Format, ParsedDocument
from bot.domain.spans import Span, digest, joined


def note(source, raw, collection=Collection.OWN):
    """A parsed Markdown note: '## …？' starts a question, any other heading a section."""
    document = Document(
        id=digest(collection, source), source=source, collection=collection, format=Format.MARKDOWN,
        title=source, raw=raw, sha256="0" * 64,
    )  # fmt: skip
    chunks, place, path = [], 0, ()
    for block in raw.split("\n\n"):
        if block.startswith("# "):
            path = (block.splitlines()[0][2:],)
        elif block.startswith("## "):
            chunks.append(chunk_of(document.id, raw, place, block, path))
        place += len(block) + 2
    return ParsedDocument(document=document, chunks=tuple(chunks), open_questions=(), topics=(), cuts=())


def chunk_of(document_id, raw, start, block, path=()):
    """A chunk of one block of `raw`: its first line is a heading or a question."""
    title = block.splitlines()[0].removeprefix("## ")
    asks = title.endswith(("?", "？"))
    spans = (Span(start=start, end=start + len(block)),)
    asked = Span(start=start, end=start + len(block.splitlines()[0])) if asks else None
    headings = path if asks else (*path, title)
    return Chunk(
        id=digest(title, *headings, block), document_id=document_id, text=joined(raw, spans), spans=spans,
        kind=ChunkKind.QA if asks else ChunkKind.SECTION, heading_path=headings,
        question=title if asks else None, question_span=asked, line=raw[:start].count("\n") + 1,
    )  # fmt: skip


def answer(question, text):
    """A chunk with one question and its answer, and the raw text it stands in."""
    block = f"## {question}\n{text}"
    return chunk_of("note", block, 0, block), block
