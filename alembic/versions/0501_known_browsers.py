"""Browsers from which an account has logged in before."""

import sqlalchemy as sa

from alembic import op

revision = "0501_known_browsers"
down_revision = "0500_api_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_browser",
        sa.Column("token_hash", sa.String(), primary_key=True),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_known_browser_account_id", "known_browser", ["account_id"])


def downgrade() -> None:
    op.drop_table("known_browser")
