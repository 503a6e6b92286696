"""A note tells which file it was read from."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    op.add_column("documents", sa.Column("origin", sa.String(), nullable=True))
