"""Entries of shelters and headquarters have versions, so that two editors notice each other."""

import sqlalchemy as sa

from alembic import op

revision = "0230_register_versions"
down_revision = "0211_ladder_holds"
branch_labels = None
depends_on = None

TABLES = ("shelter", "command_body")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "version")
