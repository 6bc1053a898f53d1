"""A second factor beside the password."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0460_second_factor"
down_revision = "0450_journal_anchor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.BigInteger(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("paper", postgresql.ARRAY(sa.Text()), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("second_factor")
