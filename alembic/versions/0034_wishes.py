"""Wishes for days of duty; whom an escalation called."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0034_wishes"
down_revision = "0033_presence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_wish",
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 10", name="duty_wish_weight_is_sane"),
    )
    op.add_column("assignment", sa.Column("called", postgresql.JSONB(), nullable=False, server_default="[]"))
