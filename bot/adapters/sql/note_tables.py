"""Tables of notes and of all that was read from them.

A change of a table needs a migration beside it (tests/adapters/test_sql_migrations.py says so).
"""

from sqlalchemy import ForeignKey, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.adapters.sql.columns import Json, Vector
from bot.seams import Vectors

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

JsonValue = list[object] | dict[str, object]


class Table(DeclarativeBase):
    """What all tables share: names of constraints that a migration can address."""

    metadata = MetaData(naming_convention=NAMES)


def of_document() -> Mapped[str]:
    """A column that names the document a row was read from and goes with it."""
    return mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)


class DocumentRow(Table):
    """One file of notes, raw text included."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    collection: Mapped[str] = mapped_column(String(16), index=True)
    format: Mapped[str] = mapped_column(String(16))
    title: Mapped[str]
    raw: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    front_matter: Mapped[JsonValue] = mapped_column(Json)
    origin: Mapped[str | None]


class ChunkRow(Table):
    """A chunk at its place in a document; one document may hold equal chunks, so `id` is not unique."""

    __tablename__ = "chunks"

    document_id: Mapped[str] = of_document()
    place: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))
    heading_path: Mapped[JsonValue] = mapped_column(Json)
    question: Mapped[str | None]
    question_span: Mapped[JsonValue | None] = mapped_column(Json)
    spans: Mapped[JsonValue] = mapped_column(Json)
    text: Mapped[str]
    line: Mapped[int]


class OpenQuestionRow(Table):
    """A question without an answer."""

    __tablename__ = "open_questions"

    document_id: Mapped[str] = of_document()
    place: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str]
    text: Mapped[str]
    span: Mapped[JsonValue] = mapped_column(Json)
    heading_path: Mapped[JsonValue] = mapped_column(Json)
    line: Mapped[int]


class TopicRow(Table):
    """An entry of an outline."""

    __tablename__ = "topics"

    document_id: Mapped[str] = of_document()
    place: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    span: Mapped[JsonValue] = mapped_column(Json)
    heading_path: Mapped[JsonValue] = mapped_column(Json)
    line: Mapped[int]


class CutRow(Table):
    """A span that cleaning left out."""

    __tablename__ = "cuts"

    document_id: Mapped[str] = of_document()
    place: Mapped[int] = mapped_column(primary_key=True)
    span: Mapped[JsonValue] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(32))
    line: Mapped[int]


class DuplicateRow(Table):
    """A chunk that another one stands for."""

    __tablename__ = "duplicates"
    __table_args__ = (Index(None, "document_id", "chunk_id"),)

    place: Mapped[int] = mapped_column(primary_key=True)
    chunk_id: Mapped[str]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    kept_chunk_id: Mapped[str] = mapped_column(index=True)
    kept_document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    similarity: Mapped[float]


class EmbeddingRow(Table):
    """A vector that need not be computed again."""

    __tablename__ = "embeddings"

    embedder: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[Vectors] = mapped_column(Vector)
