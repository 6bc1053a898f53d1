"""The reply to a call for help, its dismissal by two people, the search for a caller who fell silent."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0570_sos"
down_revision = "0562_releases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alarm", sa.Column("dismissal", postgresql.JSONB(), nullable=True))
    op.add_column("alarm", sa.Column("reply", sa.String(), server_default="", nullable=False))
    op.add_column("alarm", sa.Column("search", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("alarm", "search")
    op.drop_column("alarm", "reply")
    op.drop_column("alarm", "dismissal")
