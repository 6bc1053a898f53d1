"""The watch over devices: which troubles stand."""

import sqlalchemy as sa

from alembic import op

revision = "0011_device_watch"
down_revision = "0010_device_tests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_trouble",
        sa.Column("device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"]),
        sa.PrimaryKeyConstraint("device_id", "kind"),
    )
