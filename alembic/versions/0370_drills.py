"""Orders, round-ups and messages of a drill: they are known as such, and leave by the app alone."""

import sqlalchemy as sa

from alembic import op

revision = "0370_drills"
down_revision = "0310_warnings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("dispatch_order", "status_call", "delivery"):
        op.add_column(table, sa.Column("drill", sa.Boolean(), server_default="false", nullable=False))
    op.create_check_constraint("a_drill_is_told_in_the_app_alone", "delivery", "NOT drill OR channel = 'app'")


def downgrade() -> None:
    op.drop_constraint("a_drill_is_told_in_the_app_alone", "delivery", type_="check")
    for table in ("delivery", "status_call", "dispatch_order"):
        op.drop_column(table, "drill")
