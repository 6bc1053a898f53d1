"""Swaps of shifts."""

import sqlalchemy as sa

from alembic import op

revision = "0032_swaps"
down_revision = "0031_leave"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _of(table: str, name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "swap",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        _of("duty_post", "post_id"),
        _of("shift", "shift_id"),
        _of("person", "asker_id"),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        _of("person", "taker_id", nullable=True),
        _of("shift", "return_shift_id", nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("flagged_at", INSTANT, nullable=True),
        sa.Column("filed_as", sa.String(), nullable=True),
        sa.Column("filed_by", sa.String(), nullable=True),
        sa.Column("filed_at", INSTANT, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="swap_has_a_length"),
        sa.CheckConstraint("asker_id IS DISTINCT FROM taker_id", name="nobody_swaps_with_himself"),
    )
    op.create_index(
        "one_live_swap_per_shift",
        "swap",
        ["shift_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'taken')"),
    )
    op.create_index("swap_state", "swap", ["stream", "state"])
