"""Presence: attendance, calls to leaders, gaps; posts know where they are and whether presence is kept."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0033_presence"
down_revision = "0032_swaps"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _of(table: str, name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=False)


def upgrade() -> None:
    op.add_column(
        "duty_post", sa.Column("keeps_presence", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column("duty_post", sa.Column("lon", sa.Float(), nullable=True))
    op.add_column("duty_post", sa.Column("lat", sa.Float(), nullable=True))
    op.add_column(
        "duty_seat",
        sa.Column("deputies", postgresql.ARRAY(sa.BigInteger()), nullable=False, server_default="{}"),
    )
    op.add_column("duty_seat", sa.Column("days", sa.String(), nullable=False, server_default="always"))
    op.create_table(
        "attendance",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        _of("duty_post", "post_id"),
        _of("duty_seat", "seat_id"),
        _of("shift", "shift_id"),
        _of("person", "person_id"),
        sa.Column("arrived_at", INSTANT, nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("away_m", sa.Float(), nullable=True),
        sa.Column("late_min", sa.Integer(), nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("prompted_at", INSTANT, nullable=True),
        sa.Column("left_at", INSTANT, nullable=True),
        sa.Column("before_relief", sa.Boolean(), nullable=False),
        sa.Column("overtime_min", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name="attendance_ends_after_it_began"),
    )
    op.create_index(
        "one_open_attendance",
        "attendance",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_index("attendance_of_shift", "attendance", ["shift_id"])
    op.create_index("attendance_of_post", "attendance", ["post_id", "arrived_at"])
    op.create_table(
        "leader_call",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        _of("duty_post", "post_id"),
        _of("shift", "shift_id"),
        _of("person", "person_id"),
        sa.Column("called_at", INSTANT, nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
    )
    op.create_index("leader_call_of_shift", "leader_call", ["shift_id", "id"])
    op.create_table(
        "coverage_gap",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        _of("duty_post", "post_id"),
        _of("duty_seat", "seat_id"),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("noticed_at", INSTANT, nullable=False),
        sa.Column("filled_at", INSTANT, nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.UniqueConstraint("seat_id", "kind", "starts_at", "person_id", name="a_gap_is_told_once"),
    )
    op.create_index(
        "coverage_gap_open", "coverage_gap", ["stream"], postgresql_where=sa.text("filled_at IS NULL")
    )
