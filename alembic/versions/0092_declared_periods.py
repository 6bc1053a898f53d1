"""Key periods declared by hand."""

import sqlalchemy as sa

from alembic import op

revision = "0092_declared_periods"
down_revision = "0090_checklists"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "declared_period",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("colour", sa.String(), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("declared_at", INSTANT, nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("(kind = 'response') = (level IS NOT NULL)", name="a_response_has_a_level"),
        sa.CheckConstraint("(kind = 'warning') = (colour IS NOT NULL)", name="a_warning_has_a_colour"),
    )
    op.create_index("declared_period_of_county", "declared_period", ["stream", "first"])
