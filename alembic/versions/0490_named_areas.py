"""Areas drawn on the map are kept under a name."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0490_named_areas"
down_revision = "0470_widened_rounds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "named_area",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("ring", postgresql.JSONB(), nullable=False),
        sa.Column("towns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("stream", "name", name="area_name_is_unique"),
    )


def downgrade() -> None:
    op.drop_table("named_area")
