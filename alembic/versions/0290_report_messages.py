"""When a message named an overdue report last; how often an unknown field was asked for again."""

import sqlalchemy as sa

from alembic import op

revision = "0290_report_messages"
down_revision = "0281_county_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_due", sa.Column("messaged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("written_report", sa.Column("asked", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "written_report_asks",
        "written_report",
        ["stream", "reask_at"],
        postgresql_where=sa.text("reask_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("written_report_asks", table_name="written_report")
    op.drop_column("written_report", "asked")
    op.drop_column("report_due", "messaged_at")
