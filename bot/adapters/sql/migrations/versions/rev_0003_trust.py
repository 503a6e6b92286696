"""Grades tell how far they can be trusted."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    op.add_column("grades", sa.Column("trust", sa.String(16), nullable=False, server_default="unchecked"))
