"""Notes in SQL."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import Select, delete, exists, insert, or_, select
from sqlalchemy.orm import Session

from bot.adapters.sql.columns import to_domain, to_row, to_values
from bot.adapters.sql.database import Database
from bot.adapters.sql.note_tables import (
    ChunkRow,
    CutRow,
    DocumentRow,
    DuplicateRow,
    OpenQuestionRow,
    Table,
    TopicRow,
)
from bot.domain.errors import NotFound
from bot.domain.notes import Chunk, Collection, Cut, Document, Duplicate, OpenQuestion, ParsedDocument, Topic

Part = type[ChunkRow] | type[OpenQuestionRow] | type[TopicRow] | type[CutRow]
PARTS: tuple[Part, ...] = (ChunkRow, OpenQuestionRow, TopicRow, CutRow)

D = TypeVar("D", bound=BaseModel)
R = TypeVar("R", bound=Table)


_IS_DUPLICATE = exists().where(
    DuplicateRow.document_id == ChunkRow.document_id,
    DuplicateRow.chunk_id == ChunkRow.id,
    or_(
        DuplicateRow.kept_document_id != DuplicateRow.document_id,
        DuplicateRow.kept_chunk_id != DuplicateRow.chunk_id,
    ),
)


class SqlNotes:
    """seams.NoteStore over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, parsed: ParsedDocument) -> None:
        """Store one document, replacing what stood under its id, in one transaction."""
        with self._database.changing() as session:
            session.merge(to_row(parsed.document, DocumentRow))
            session.flush()
            _forget_parts(session, parsed.document.id)
            _add_parts(session, ChunkRow, parsed.chunks)
            _add_parts(session, OpenQuestionRow, parsed.open_questions)
            _add_parts(session, TopicRow, parsed.topics)
            _add_parts(session, CutRow, parsed.cuts)
            session.flush()
            _forget_dangling(session)

    def delete(self, document_id: str) -> None:
        """Forget a document and all that was read from it. Raises NotFound."""
        with self._database.changing() as session:
            session.delete(_document(session, document_id))
            session.flush()
            _forget_dangling(session)

    def documents(self, collection: Collection | None = None) -> list[Document]:
        """All documents, or those of one collection, by source."""
        query = select(DocumentRow).order_by(DocumentRow.source, DocumentRow.id)
        with self._database.reading() as session:
            return [to_domain(row, Document) for row in session.scalars(_within(query, collection))]

    def document(self, document_id: str) -> Document:
        """One document. Raises NotFound."""
        with self._database.reading() as session:
            return to_domain(_document(session, document_id), Document)

    def parsed(self, document_id: str) -> ParsedDocument:
        """One document with everything read from it. Raises NotFound."""
        with self._database.reading() as session:
            return ParsedDocument(
                document=to_domain(_document(session, document_id), Document),
                chunks=_parts(session, ChunkRow, Chunk, document_id),
                open_questions=_parts(session, OpenQuestionRow, OpenQuestion, document_id),
                topics=_parts(session, TopicRow, Topic, document_id),
                cuts=_parts(session, CutRow, Cut, document_id),
            )

    def chunks(self, collection: Collection | None = None, *, active_only: bool = True) -> list[Chunk]:
        """Chunks by document and place; without duplicates, and equal ones once, if `active_only`."""
        query = _in_order(select(ChunkRow), ChunkRow, collection)
        if active_only:
            query = query.where(~_IS_DUPLICATE)
        with self._database.reading() as session:
            chunks = [to_domain(row, Chunk) for row in session.scalars(query)]
        return _once(chunks) if active_only else chunks

    def chunk(self, chunk_id: str) -> Chunk:
        """One chunk, from the document that is kept for it. Raises NotFound."""
        with self._database.reading() as session:
            return to_domain(_kept(session, chunk_id), Chunk)

    def sources(self, chunk_id: str) -> list[str]:
        """Document.source of every document that holds this chunk or a duplicate of it, kept one first.

        Raises:
            NotFound: No document holds the chunk.
        """
        with self._database.reading() as session:
            kept = _kept(session, chunk_id)
            first = session.get_one(DocumentRow, kept.document_id).source
            alike = select(DuplicateRow.document_id).where(DuplicateRow.kept_chunk_id == chunk_id)
            stands_for = select(DuplicateRow.kept_document_id).where(DuplicateRow.chunk_id == chunk_id)
            equal = select(ChunkRow.document_id).where(ChunkRow.id == chunk_id)
            others = select(DocumentRow.source).where(
                or_(*(DocumentRow.id.in_(ids) for ids in (alike, stands_for, equal)))
            )
            sources = session.scalars(others.order_by(DocumentRow.source)).all()
        return list(dict.fromkeys([first, *sources]))

    def open_questions(self, collection: Collection | None = None) -> list[OpenQuestion]:
        """Questions without an answer, by document and place."""
        query = _in_order(select(OpenQuestionRow), OpenQuestionRow, collection)
        with self._database.reading() as session:
            return [to_domain(row, OpenQuestion) for row in session.scalars(query)]

    def topics(self, collection: Collection | None = None) -> list[Topic]:
        """Outline entries, by document and place."""
        query = _in_order(select(TopicRow), TopicRow, collection)
        with self._database.reading() as session:
            return [to_domain(row, Topic) for row in session.scalars(query)]

    def set_duplicates(self, duplicates: Sequence[Duplicate]) -> None:
        """Replace the list of duplicates, in one transaction."""
        with self._database.changing() as session:
            session.execute(delete(DuplicateRow))
            session.add_all(to_row(entry, DuplicateRow, place=i) for i, entry in enumerate(duplicates))

    def duplicates(self) -> list[Duplicate]:
        """All known duplicates."""
        query = select(DuplicateRow).order_by(DuplicateRow.place)
        with self._database.reading() as session:
            return [to_domain(row, Duplicate) for row in session.scalars(query)]


def _document(session: Session, document_id: str) -> DocumentRow:
    row = session.get(DocumentRow, document_id)
    if row is None:
        raise NotFound("store.no_document", id=document_id)
    return row


def _forget_parts(session: Session, document_id: str) -> None:
    for part in PARTS:
        session.execute(delete(part).where(part.document_id == document_id))


def _add_parts(session: Session, part: Part, values: Iterable[BaseModel]) -> None:
    rows = [{**to_values(value, part), "place": place} for place, value in enumerate(values)]
    if rows:
        session.execute(insert(part), rows)


def _parts(session: Session, part: Part, domain: type[D], document_id: str) -> tuple[D, ...]:
    query = select(part).where(part.document_id == document_id).order_by(part.place)
    return tuple(to_domain(row, domain) for row in session.scalars(query))


def _forget_dangling(session: Session) -> None:
    """Forget duplicates of which one side is gone, so that the other side is found again at once."""
    here = exists().where(
        ChunkRow.document_id == DuplicateRow.document_id, ChunkRow.id == DuplicateRow.chunk_id
    )
    kept = exists().where(
        ChunkRow.document_id == DuplicateRow.kept_document_id, ChunkRow.id == DuplicateRow.kept_chunk_id
    )
    session.execute(delete(DuplicateRow).where(or_(~here, ~kept)))


def _within(query: Select[R], collection: Collection | None) -> Select[R]:
    return query if collection is None else query.where(DocumentRow.collection == collection)


def _in_order(query: Select[R], part: Part, collection: Collection | None) -> Select[R]:
    joined = query.join(DocumentRow, DocumentRow.id == part.document_id)
    return _within(joined, collection).order_by(DocumentRow.source, DocumentRow.id, part.place)


def _once(chunks: Iterable[Chunk]) -> list[Chunk]:
    seen: dict[str, Chunk] = {}
    for chunk in chunks:
        seen.setdefault(chunk.id, chunk)
    return list(seen.values())


def _kept(session: Session, chunk_id: str) -> ChunkRow:
    query = select(ChunkRow).where(ChunkRow.id == chunk_id).join(DocumentRow)
    ordered = query.order_by(_IS_DUPLICATE, DocumentRow.source, DocumentRow.id, ChunkRow.place)
    row = session.scalars(ordered.limit(1)).first()
    if row is None:
        raise NotFound("store.no_chunk", id=chunk_id)
    return row
