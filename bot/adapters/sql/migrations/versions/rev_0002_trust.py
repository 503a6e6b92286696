"""Grades tell how far they can be trusted.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("grades", sa.Column("trust", sa.String(16), nullable=False, server_default="unchecked"))
