"""Leave: who is away, where, and who approved it."""

import sqlalchemy as sa

from alembic import op

revision = "0031_leave"
down_revision = "0030_roster"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "leave",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("in_area", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="leave_has_a_length"),
    )
    op.execute(
        """
        ALTER TABLE leave ADD CONSTRAINT leave_once_at_a_time EXCLUDE USING gist (
          int8range(person_id, person_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (state IN ('asked', 'approved'))
        """
    )
