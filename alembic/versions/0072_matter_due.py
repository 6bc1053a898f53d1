"""A matter that falls due is told once, to whoever owns the desk then."""

import sqlalchemy as sa

from alembic import op

revision = "0072_matter_due"
down_revision = "0071_duty_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("desk_matter", sa.Column("due_told_at", sa.DateTime(timezone=True), nullable=True))
