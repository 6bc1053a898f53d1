"""What the house itself tells persons stands beside its English."""

import sqlalchemy as sa

from alembic import op

revision = "0580_notice_in_english"
down_revision = "0571_archive"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("text_en", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("notice", "text_en")
