"""Days the county settles otherwise than the state's calendar."""

import sqlalchemy as sa

from alembic import op

revision = "0281_county_days"
down_revision = "0280_reporting_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = ("kind", "name_zh", "name_en", "reason", "set_by")
    op.create_table(
        "county_day",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("on", sa.Date(), primary_key=True),
        *[sa.Column(name, sa.String(), nullable=False) for name in words],
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("county_day")
