"""Wall screens: displays that are let in by a token."""

import sqlalchemy as sa

from alembic import op

revision = "0390_walls"
down_revision = "0370_drills"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wall_screen",
        sa.Column(
            "account_id", sa.BigInteger(), sa.ForeignKey("account.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.UniqueConstraint("token_hash", name="wall_screen_token_hash_key"),
    )


def downgrade() -> None:
    op.drop_table("wall_screen")
