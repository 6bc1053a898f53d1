"""The words by which the journal is searched."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0571_archive"
down_revision = "0570_sos"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_line",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq"),
    )
    op.create_index("archive_line_grams", "archive_line", ["grams"], postgresql_using="gin")
    op.create_index("archive_line_at", "archive_line", ["stream", "at"])


def downgrade() -> None:
    op.drop_table("archive_line")
