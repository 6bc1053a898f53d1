"""Who opened which list of personal data in which quarter of an hour, so that the journal says it once."""

import sqlalchemy as sa

from alembic import op

revision = "0601_personal_reading"
down_revision = "0600_journal_algorithm"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personal_reading",
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("source", sa.String(), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("personal_reading")
