"""A quiz has a mode, and keeps what was typed and not submitted."""

import sqlalchemy as sa
from alembic import op

from bot.adapters.sql.migrations.columns import key, number, reference, text

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.add_column("quizzes", sa.Column("mode", sa.String(16), nullable=False, server_default="practice"))
    op.create_table(
        "drafts",
        text("quiz_id"),
        number("turn"),
        text("text"),
        reference("drafts", "quiz_id", "quizzes"),
        key("drafts", "quiz_id", "turn"),
    )
