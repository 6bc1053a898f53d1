"""A team sent in place of one that was diverted: which assignment it replaces."""

import sqlalchemy as sa

from alembic import op

revision = "0210_replacement"
down_revision = "0240_duty_told"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "assignment",
        sa.Column("replaces_id", sa.BigInteger(), sa.ForeignKey("assignment.id"), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("assignment", "replaces_id")
