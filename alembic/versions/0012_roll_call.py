"""Roll calls over the radio and their answers."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0012_roll_call"
down_revision = "0011_device_watch"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roll_call",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("talk_group", sa.String(), nullable=False),
        sa.Column("region_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "roll_call_open", "roll_call", ["stream"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "roll_call_answer",
        sa.Column("roll_call_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"]),
        sa.ForeignKeyConstraint(["roll_call_id"], ["roll_call.id"]),
        sa.PrimaryKeyConstraint("roll_call_id", "device_id"),
    )
