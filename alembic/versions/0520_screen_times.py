"""When whose screen was open."""

import sqlalchemy as sa

from alembic import op

revision = "0520_screen_times"
down_revision = "0481_track_departures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screen_time",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("to_seq", sa.BigInteger(), nullable=False),
    )
    op.create_index("screen_time_of_stream", "screen_time", ["stream", "opened_at"])
    op.create_index(
        "screen_time_open", "screen_time", ["stream"], postgresql_where=sa.text("closed_at IS NULL")
    )


def downgrade() -> None:
    op.drop_table("screen_time")
