"""Device tests: one row a test, at most one of a device that waits or runs."""

import sqlalchemy as sa

from alembic import op

revision = "0010_device_tests"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "device_test",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "one_open_test_per_device", "device_test", ["device_id"], unique=True, postgresql_where=OPEN
    )
    op.create_index("device_test_of_device", "device_test", ["device_id", "id"], unique=False)
    op.create_index(
        "device_test_open", "device_test", ["stream", "state"], unique=False, postgresql_where=OPEN
    )
