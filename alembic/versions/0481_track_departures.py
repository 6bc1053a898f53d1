"""Which days of positions left the database, and the files they lie in."""

import sqlalchemy as sa

from alembic import op

revision = "0481_track_departures"
down_revision = "0480_track_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "track_departure",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "track_departure_ahead",
        "track_departure",
        ["part"],
        unique=True,
        postgresql_where=sa.text("dropped_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("track_departure")
