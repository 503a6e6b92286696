"""The first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from bot.adapters.sql.migrations.columns import (
    flag,
    index,
    json,
    key,
    moment,
    number,
    real,
    reference,
    text,
    unique,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    documents()
    parts_of_documents()
    duplicates()
    questions()
    parts_of_questions()
    grades()
    quizzes()
    conversations()
    jobs()


def documents() -> None:
    op.create_table(
        "documents",
        text("id"),
        text("source"),
        text("collection", 16),
        text("format", 16),
        text("title"),
        text("raw"),
        text("sha256", 64),
        json("front_matter"),
        key("documents", "id"),
    )
    index("documents", "collection")
    op.create_table(
        "embeddings",
        text("embedder"),
        text("key"),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        key("embeddings", "embedder", "key"),
    )


def parts_of_documents() -> None:
    columns: dict[str, list[sa.Column[object] | sa.Column[str]]] = {
        "chunks": [
            text("id"),
            text("kind", 16),
            json("heading_path"),
            text("question", nullable=True),
            json("question_span", nullable=True),
            json("spans"),
            text("text"),
        ],
        "open_questions": [text("id"), text("text"), json("span"), json("heading_path")],
        "topics": [text("text"), json("span"), json("heading_path")],
        "cuts": [json("span"), text("reason", 32)],
    }
    for table, own in columns.items():
        op.create_table(
            table,
            text("document_id"),
            number("place"),
            *own,
            number("line"),
            reference(table, "document_id", "documents"),
            key(table, "document_id", "place"),
        )
    index("chunks", "id")


def duplicates() -> None:
    op.create_table(
        "duplicates",
        number("place"),
        text("chunk_id"),
        text("document_id"),
        text("kept_chunk_id"),
        text("kept_document_id"),
        real("similarity"),
        reference("duplicates", "document_id", "documents"),
        reference("duplicates", "kept_document_id", "documents"),
        key("duplicates", "place"),
    )
    index("duplicates", "document_id", "chunk_id")
    index("duplicates", "kept_chunk_id")


def questions() -> None:
    op.create_table(
        "questions",
        number("number"),
        text("id"),
        text("text"),
        text("kind", 16),
        number("difficulty"),
        text("origin", 16),
        json("heading_path"),
        flag("stale"),
        key("questions", "number"),
        unique("questions"),
    )
    op.create_table("deleted_questions", text("question_id"), key("deleted_questions", "question_id"))
    op.create_table(
        "rejections",
        number("number"),
        text("chunk_id"),
        text("proposal"),
        text("reason", 32),
        text("detail"),
        key("rejections", "number"),
    )


def parts_of_questions() -> None:
    op.create_table(
        "key_points",
        text("question_id"),
        number("place"),
        text("text"),
        real("weight"),
        flag("vital"),
        json("quote", nullable=True),
        reference("key_points", "question_id", "questions"),
        key("key_points", "question_id", "place"),
    )
    op.create_table(
        "question_chunks",
        text("question_id"),
        number("place"),
        text("chunk_id"),
        reference("question_chunks", "question_id", "questions"),
        key("question_chunks", "question_id", "place"),
    )
    index("question_chunks", "chunk_id")


def grades() -> None:
    op.create_table(
        "grades",
        number("number"),
        text("id"),
        text("question_id"),
        text("question"),
        json("key_points"),
        text("key_points_hash"),
        text("answer"),
        json("verdicts"),
        json("flags"),
        text("path"),
        real("seconds"),
        text("error", nullable=True),
        real("score", nullable=True),
        sa.Column("saved_at", sa.String(32), server_default=sa.func.current_timestamp(), nullable=False),
        key("grades", "number"),
        unique("grades"),
    )
    index("grades", "question_id")


def quizzes() -> None:
    op.create_table(
        "quizzes",
        number("number"),
        text("id"),
        moment("created_at"),
        json("scope"),
        number("length"),
        json("turns"),
        flag("finished"),
        number("version"),
        key("quizzes", "number"),
        unique("quizzes"),
    )


def conversations() -> None:
    op.create_table(
        "conversations",
        number("number"),
        text("id"),
        text("title"),
        moment("created_at"),
        key("conversations", "number"),
        unique("conversations"),
    )
    op.create_table(
        "turns",
        number("number"),
        number("conversation_number"),
        text("query"),
        json("explanation", nullable=True),
        text("error", nullable=True),
        moment("asked_at"),
        reference("turns", "conversation_number", "conversations", "number"),
        key("turns", "number"),
    )
    index("turns", "conversation_number")


def jobs() -> None:
    op.create_table(
        "jobs",
        number("number"),
        text("id"),
        text("kind", 32),
        text("state", 16),
        number("priority"),
        json("payload"),
        number("done"),
        number("total"),
        text("message"),
        moment("created_at"),
        moment("updated_at"),
        real("seconds"),
        key("jobs", "number"),
        unique("jobs"),
    )
    index("jobs", "state")
