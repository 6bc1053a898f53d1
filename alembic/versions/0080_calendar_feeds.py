"""Calendar feeds: addresses that calendar programs read, stored as hashes."""

import sqlalchemy as sa

from alembic import op

revision = "0080_calendar_feeds"
down_revision = "0072_matter_due"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("post_id", sa.BigInteger(), sa.ForeignKey("duty_post.id"), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=False, unique=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
    )
    op.create_index("ix_calendar_feed_account_id", "calendar_feed", ["account_id"])
