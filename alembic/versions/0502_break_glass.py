"""The sealed emergency login."""

import sqlalchemy as sa

from alembic import op

revision = "0502_break_glass"
down_revision = "0501_known_browsers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "break_glass",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False, unique=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_from", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("session_hash", sa.String(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
    )
    op.create_index("ix_break_glass_session_hash", "break_glass", ["session_hash"])
    op.create_index(
        "break_glass_is_sealed_once",
        "break_glass",
        ["stream"],
        unique=True,
        postgresql_where=sa.text("opened_at IS NULL AND void_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("break_glass")
