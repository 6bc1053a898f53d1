"""A running round of calls is extended by places, which have their own beginning."""

import sqlalchemy as sa

from alembic import op

revision = "0470_widened_rounds"
down_revision = "0460_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("callout_round", sa.Column("widened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("callout_target", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE callout_target t SET begun_at = r.started_at FROM callout_round r WHERE r.id = t.round_id"
    )
    op.alter_column("callout_target", "begun_at", nullable=False)


def downgrade() -> None:
    op.drop_column("callout_target", "begun_at")
    op.drop_column("callout_round", "widened_at")
