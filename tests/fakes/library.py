"""A few questions with answers, stored, indexed and calibrated in memory."""

from dataclasses import dataclass

from fakes.index import MemoryIndex
from fakes.store import MemoryStore

from bot.domain.notes import Chunk, ChunkKind, Collection, Document, Format, ParsedDocument
from bot.domain.spans import Span, digest
from bot.retrieval import EvidenceGate, Retriever, calibrate
from bot.retrieval.calibration import Calibration
from bot.seams import IndexBuild, Window


@dataclass
class Library:
    store: MemoryStore
    index: MemoryIndex
    retriever: Retriever
    gate: EvidenceGate

    def raw(self, document_id):
        return self.store.notes.document(document_id).raw


def parsed(source, pairs, collection=Collection.OWN):
    """A document of `## question` headings, each followed by its answer."""
    raw, chunks = "", []
    document_id = digest(collection, source)
    for question, answer in pairs.items():
        start = len(raw) + 3
        raw += f"## {question}\n{answer}\n\n"
        spans = (
            Span(start=start, end=start + len(question)),
            Span(start=start + len(question) + 1, end=start + len(question) + 1 + len(answer)),
        )
        chunks.append(
            Chunk(
                id=digest(question, answer),
                document_id=document_id,
                kind=ChunkKind.QA,
                heading_path=(source,),
                question=question,
                question_span=spans[0],
                spans=spans,
                text=f"{question}\n{answer}",
                line=raw[:start].count("\n") + 1,
            )
        )
    document = Document(
        id=document_id,
        source=source,
        collection=collection,
        format=Format.MARKDOWN,
        title=source,
        raw=raw,
        sha256=digest(raw) * 4,
    )
    return ParsedDocument(document=document, chunks=tuple(chunks), open_questions=(), topics=(), cuts=())


def library_of(notes, embedder):
    """A Library of {file: {question: answer}}."""
    store, index = MemoryStore(), MemoryIndex()
    for source, pairs in notes.items():
        store.notes.save(parsed(source, pairs))
    fill_index(store, index, embedder)
    gate = EvidenceGate(lambda: calibration_of(index), index.words)
    return Library(store, index, Retriever(store, index, embedder), gate)


def fill_index(store, index, embedder, build_id="first"):
    chunks = store.notes.chunks()
    windows = tuple(
        Window(
            id=f"{chunk.id}-0",
            chunk_id=chunk.id,
            text=chunk.text,
            start=chunk.spans[0].start,
            end=chunk.spans[-1].end,
        )
        for chunk in chunks
    )
    texts = {chunk.id: chunk.text for chunk in chunks}
    vectors = embedder.embed_passages([window.text for window in windows]) if windows else None
    build = index.start(build_id, embedder.dimension)
    if windows:
        build.add([window.id for window in windows], vectors)
    by_id = {window.id: vectors[i] for i, window in enumerate(windows)}
    calibration = calibrate(chunks, windows, by_id, index.preview_words(texts), embedder)
    index.finish(
        IndexBuild(id=build_id, embedder=embedder.identity, windows=windows, calibration=calibration), texts
    )


def calibration_of(index):
    build = index.current()
    return Calibration(**build.calibration) if build and build.calibration else None
